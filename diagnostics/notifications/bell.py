"""Wakes all who send when there is something to send: one listening connection for all."""

import asyncio
import logging
from typing import Final

import psycopg

from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

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
        trouble = Trouble(logger, "database")
        while True:
            try:
                async with await connect_async(
                    self._database_url, application="liftwacht-bell"
                ) as conn:
                    await conn.execute(b"LISTEN " + _CHANNEL)
                    trouble.over()
                    self._ring()  # what came before is seen now
                    async for _ in conn.notifies():
                        self._ring()
            except psycopg.Error as error:
                await asyncio.sleep(trouble.failed(error))

    def _ring(self) -> None:
        for event in self._rung:
            event.set()
