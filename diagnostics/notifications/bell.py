"""Wakes all who send when there is something to send: one listening connection for all."""

import asyncio
from typing import Any, Final

from psycopg import AsyncConnection

from diagnostics.notifications.running import keep_running

_CHANNEL: Final = b"liftwacht_notification"


class Bell:
    """Rings everybody at every word of new messages. Without it they look every second."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._rung: list[asyncio.Event] = []

    def hung_up(self) -> asyncio.Event:
        """Return an event that is set from now on whenever there may be something to send."""
        event = asyncio.Event()
        self._rung.append(event)
        return event

    async def run(self) -> None:
        """Listen until cancelled."""
        await keep_running(self._database_url, "bell", self._serve)

    async def _serve(self, conn: AsyncConnection[Any]) -> None:
        await conn.execute(b"LISTEN " + _CHANNEL)
        self._ring()  # what came before is seen now
        async for _ in conn.notifies():
            self._ring()

    def _ring(self) -> None:
        for event in self._rung:
            event.set()
