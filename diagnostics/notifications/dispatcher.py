"""Sends what is due on one channel, until stopped. Any number may run side by side."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from diagnostics.notifications.message import Outgoing, Sender, SendError
from diagnostics.notifications.retry import next_attempt_at
from diagnostics.queries import load
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

_SQL = load("diagnostics.notifications")
CHANNEL: Final = b"liftwacht_notification"
POLL_INTERVAL_S: Final = 1.0
BATCH: Final = 20
# How long a claim lasts: what a dead sender had claimed is sent by another then. A slow one may
# see a message sent twice, which every receiver recognises.
LEASE: Final = {"lift": timedelta(seconds=15), "webhook": timedelta(seconds=60)}


class Dispatcher:
    """Claims, sends after the claim's commit, and writes down what came of it.

    Args:
        database_url: where the messages are rows.
        sender: the way out.
        now: the platform's clock.
        random: from 0 to 1, to spread retries.
    """

    def __init__(
        self,
        database_url: str,
        sender: Sender,
        *,
        now: Callable[[], datetime],
        random: Callable[[], float],
    ) -> None:
        self._database_url = database_url
        self._sender = sender
        self._now = now
        self._random = random
        self._trouble = Trouble(logger, f"channel {sender.channel}")

    async def run(self) -> None:
        """Run until cancelled. A database that goes away is waited for."""
        trouble = Trouble(logger, "database")
        try:
            while True:
                try:
                    name = f"liftwacht-{self._sender.channel}"
                    async with await connect_async(self._database_url, application=name) as conn:
                        await conn.execute(b"LISTEN " + CHANNEL)
                        trouble.over()
                        await self._serve(conn)
                except psycopg.Error as error:
                    await asyncio.sleep(trouble.failed(error))
        finally:
            await self._sender.close()

    async def send_due(self, conn: AsyncConnection[Any]) -> int:
        """Send what is due now; return how many were tried."""
        claimed = await self._claim(conn)
        # One after the other: a lift must not hear "answered" before "help is coming".
        for message in claimed:
            await self._send(conn, message)
        return len(claimed)

    async def _serve(self, conn: AsyncConnection[Any]) -> None:
        while True:
            if await self.send_due(conn) < BATCH:
                async for _ in conn.notifies(timeout=POLL_INTERVAL_S, stop_after=1):
                    pass

    async def _claim(self, conn: AsyncConnection[Any]) -> list[Outgoing]:
        now = self._now()
        parameters = {
            "channel": self._sender.channel,
            "now": now,
            "lease_until": now + LEASE[self._sender.channel],
            "limit": BATCH,
        }
        async with conn.transaction(), conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(_SQL["supersede"], parameters)
            await cursor.execute(_SQL["claim"], parameters)
            rows = await cursor.fetchall()
        claimed = [msgspec.convert(row, Outgoing) for row in rows]
        return sorted(claimed, key=lambda message: message.notification_id)

    async def _send(self, conn: AsyncConnection[Any], message: Outgoing) -> None:
        try:
            await self._sender.send(message, self._now())
        except SendError as error:
            await self._failed(conn, message, error)
            return
        self._trouble.over()
        await conn.execute(
            _SQL["delivered"], {"notification_id": message.notification_id, "now": self._now()}
        )

    async def _failed(
        self, conn: AsyncConnection[Any], message: Outgoing, error: SendError
    ) -> None:
        now = self._now()
        again_at = None
        if not error.needless:
            self._trouble.failed(error)
            again_at = next_attempt_at(
                message, self._sender.channel, now=now, fraction=self._random()
            )
            if again_at is None:
                logger.error("message %s is given up: %s", message.dedup_key, error)
        await conn.execute(
            _SQL["failed"],
            {
                "notification_id": message.notification_id,
                "next_attempt_at": again_at,
                "error": str(error),
                "needless": error.needless,
                "now": now,
            },
        )
