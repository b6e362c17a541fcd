"""Warnings and breaches when their time comes: tickets whose clocks are due, one after the other.

Rows, so a restart loses none; locked one by one and skipped by others; and what is in the log
already is not written again, so that any number of engines may do it, as often as they like.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import psycopg

from diagnostics.tickets import repository
from diagnostics.tickets.repository import Connection
from diagnostics.turns import in_turn
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

INTERVAL_S: Final = 5.0
AT_ONCE: Final = 100
Tick = Callable[[Connection, datetime], Awaitable[int]]
# When one that could not be read is tried again.
_LATER: Final = timedelta(minutes=5)


class Clockwork:
    """Looks at the clocks that are due, until cancelled.

    Args:
        database_url: where the tickets are.
        name: of this process.
        now: the platform's clock.
        others: ticks of other things with terms, such as commissions; as ``tick``.
    """

    def __init__(
        self,
        database_url: str,
        *,
        name: str,
        now: Callable[[], datetime],
        others: Sequence[Tick] = (),
    ) -> None:
        self._database_url = database_url
        self._name = name
        self._now = now
        self._ticks = (tick, *others)

    async def run(self) -> None:
        """Run until cancelled. A database that goes away is waited for."""
        trouble = Trouble(logger, "database")
        while True:
            try:
                application = f"{self._name}-clocks"
                async with await connect_async(
                    self._database_url, application=application, lapses=True
                ) as conn:
                    while True:
                        looked_at = sum([await each(conn, self._now()) for each in self._ticks])
                        trouble.over()
                        if looked_at < AT_ONCE:
                            await asyncio.sleep(INTERVAL_S)
            except psycopg.Error as error:
                await asyncio.sleep(trouble.failed(error))


async def tick(conn: Connection, now: datetime) -> int:
    """Write the warnings and breaches that are due; return how many tickets were looked at."""

    async def look(ticket_id: int) -> None:
        await repository.write(conn, await repository.read(conn, ticket_id), (), now)

    return await in_turn(
        conn,
        claim=lambda: repository.claim_clock(conn, now),
        work=look,
        postpone=lambda number: repository.postpone_clock(conn, number, now + _LATER, now=now),
        at_most=AT_ONCE,
        logger=logger,
        failed="ticket %d: its clocks cannot be read",
    )
