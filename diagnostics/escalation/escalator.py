"""The lane of escalation, by itself: its own connection, its own troubles.

It wakes when a ticket changes, when the next timer is due, and in any case every second: clocks
jump, and a notification may be lost with its connection.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from diagnostics.escalation import gaps, repository, service
from diagnostics.queries import load
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

_SQL = load("diagnostics")
CHANNEL: Final = b"liftwacht_escalation"
POLL_INTERVAL_S: Final = 1.0
# Something is due that another engine works on: it will be done when we look again.
SOON_S: Final = 0.05
BEAT_EVERY: Final = timedelta(seconds=2)
CHECK_ROTA_EVERY: Final = timedelta(minutes=1)


class Escalator:
    """Any number may run side by side.

    Args:
        database_url: where the timers are rows.
        name: of this process, for its heartbeat.
        now: the platform's clock.
        poll_interval_s: how long to sleep at most.
    """

    def __init__(
        self,
        database_url: str,
        *,
        name: str,
        now: Callable[[], datetime],
        poll_interval_s: float = POLL_INTERVAL_S,
    ) -> None:
        self._database_url = database_url
        self._name = f"{name}-escalation"
        self._now = now
        self._poll_interval_s = poll_interval_s
        self._decided = 0
        self._beat_at: datetime | None = None
        self._checked_at: datetime | None = None

    async def run(self) -> None:
        """Run until cancelled. A database that goes away is waited for."""
        trouble = Trouble(logger, "database (escalation)")
        while True:
            try:
                async with await connect_async(
                    self._database_url, application=self._name, lapses=True
                ) as conn:
                    await conn.execute(b"LISTEN " + CHANNEL)
                    while True:
                        await self.step(conn)
                        trouble.over()
                        async for _ in conn.notifies(
                            timeout=await self._rest_s(conn), stop_after=1
                        ):
                            pass
            except psycopg.Error as error:
                # It is away; or its schema is not there yet, and comes with the migration.
                await asyncio.sleep(trouble.failed(error))
            except Exception as error:
                # Odd values in the rota, say: the lanes of this process that hear calls go on.
                logger.exception("escalation fails; trying again")
                await asyncio.sleep(trouble.failed(error))

    async def step(self, conn: Connection) -> None:
        """Decide all that is due now."""
        while await service.escalate(conn, now=self._now()):
            self._decided += 1
        await self._beat(conn)

    async def _rest_s(self, conn: Connection) -> float:
        due = await repository.earliest(conn)
        if due is None:
            return self._poll_interval_s
        return min(max((due - self._now()).total_seconds(), SOON_S), self._poll_interval_s)

    async def _beat(self, conn: Connection) -> None:
        now = self._now()
        if _past(self._checked_at, now, CHECK_ROTA_EVERY):
            self._checked_at = now
            await gaps.announce(conn, now=now)
        if _past(self._beat_at, now, BEAT_EVERY):
            self._beat_at = now
            detail = Jsonb({"decided": self._decided})
            beat = {"process": self._name, "part": "escalation", "now": now, "detail": detail}
            await conn.execute(_SQL["beat"], beat)


def _past(last: datetime | None, now: datetime, every: timedelta) -> bool:
    """Tell whether it is time again; a clock that went back is no reason to wait."""
    return last is None or not timedelta(0) <= now - last < every
