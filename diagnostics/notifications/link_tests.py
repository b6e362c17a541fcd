"""Tests the link to every alarm receiving centre, at the interval agreed on with it."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from diagnostics.notifications import dc09
from diagnostics.notifications.alarm_centre import Centre, exchange
from diagnostics.notifications.message import SendError
from diagnostics.notifications.running import keep_running
from diagnostics.queries import load

logger = logging.getLogger(__name__)

_SQL = load("diagnostics.notifications", "link_tests.sql")
POLL_INTERVAL_S: Final = 5.0


class LinkTests:
    """Sends NULL messages, until stopped. Any number may run side by side.

    Args:
        database_url: where the centres are rows.
        now: the platform's clock.
        random: below a bound, for padding; not to be foreseen.
    """

    def __init__(
        self, database_url: str, *, now: Callable[[], datetime], random: Callable[[int], int]
    ) -> None:
        self._database_url = database_url
        self._now = now
        self._random = random

    async def run(self) -> None:
        """Run until cancelled. A database that goes away is waited for."""
        await keep_running(self._database_url, "link-tests", self._serve)

    async def _serve(self, conn: AsyncConnection[Any]) -> None:
        while True:
            await self.test_due(conn)
            await asyncio.sleep(POLL_INTERVAL_S)

    async def test_due(self, conn: AsyncConnection[Any]) -> int:
        """Test every link that is due, all at once; return how many."""
        async with conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(_SQL["claim"], {"now": self._now()})
            due = await cursor.fetchall()
        await asyncio.gather(*(self._test(conn, row) for row in due))
        return len(due)

    async def _test(self, conn: AsyncConnection[Any], row: dict[str, Any]) -> None:
        centre, now = msgspec.convert(row, Centre), self._now()
        frame = dc09.link_test(centre.ours, sequence=row["sequence"], at=now, random=self._random)
        outcome: dict[str, Any] = {"centre_id": row["centre_id"], "now": now}
        try:
            await exchange(centre, frame, row["sequence"], now)
        except SendError as error:
            logger.warning("alarm centre %s: %s", row["name"], error)
            await conn.execute(_SQL["failed"], outcome | {"error": str(error)})
        else:
            await conn.execute(_SQL["passed"], outcome)
