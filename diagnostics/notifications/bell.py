"""Wakes who has something to send: one listening connection for all."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection

from diagnostics import queries
from diagnostics.notifications.running import keep_running

_SQL = queries.load("diagnostics.notifications")
_CHANNEL: Final = b"liftwacht_notification"


class Bell:
    """Rings whoever has something to send at every word of new messages.

    Without it they look every second. To look at all channels at once costs less than to have each
    look for itself.
    """

    def __init__(self, database_url: str, *, now: Callable[[], datetime]) -> None:
        self._database_url = database_url
        self._now = now
        self._hung_up: dict[str, list[asyncio.Event]] = {}

    def hung_up(self, *channels: str) -> asyncio.Event:
        """Return an event that is set from now on when there is something on these channels."""
        event = asyncio.Event()
        for channel in channels:
            self._hung_up.setdefault(channel, []).append(event)
        return event

    async def run(self) -> None:
        """Listen until cancelled."""
        await keep_running(self._database_url, "bell", self._serve)

    async def _serve(self, conn: AsyncConnection[Any]) -> None:
        await conn.execute(b"LISTEN " + _CHANNEL)
        self._ring(self._hung_up)  # what came before is seen now
        while True:
            async for _ in conn.notifies(stop_after=1):
                pass
            asked = {"channels": list(self._hung_up), "now": self._now()}
            self._ring(row["channel"] for row in await queries.rows(conn, _SQL["due"], asked))

    def _ring(self, channels: Iterable[str]) -> None:
        for channel in channels:
            for event in self._hung_up[channel]:
                event.set()
