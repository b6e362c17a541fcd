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
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

INTERVAL_S: Final = 5.0
AT_ONCE: Final = 100
Tick = Callable[[Connection, datetime], Awaitable[int]]
# One ticket that cannot be read must not stop the others, nor be tried without end.
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
                async with await connect_async(self._database_url, application=application) as conn:
                    while True:
                        looked_at = sum([await each(conn, self._now()) for each in self._ticks])
                        trouble.over()
                        if looked_at < AT_ONCE:
                            await asyncio.sleep(INTERVAL_S)
            except psycopg.Error as error:
                await asyncio.sleep(trouble.failed(error))


async def tick(conn: Connection, now: datetime) -> int:
    """Write the warnings and breaches that are due; return how many tickets were looked at."""
    looked_at = 0
    while looked_at < AT_ONCE and await _look(conn, now):
        looked_at += 1
    return looked_at


async def _look(conn: Connection, now: datetime) -> bool:
    """Look at the clocks that are due first; return whether there were any."""
    # A transaction each: who works with a ticket waits for no other.
    async with conn.transaction():
        ticket_id = await repository.claim_clock(conn, now)
        if ticket_id is None:
            return False
        try:
            async with conn.transaction():
                await repository.write(conn, await repository.read(conn, ticket_id), (), now)
        except psycopg.OperationalError:
            raise  # the database itself is away
        except Exception:
            # Whatever is in one ticket's log: the others' terms run on.
            logger.exception("ticket %d: its clocks cannot be read", ticket_id)
            await repository.postpone_clock(conn, ticket_id, now + _LATER, now=now)
    return True
