"""Sends what is due on one channel, until stopped. Any number may run side by side."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from diagnostics.notifications.channel import CHANNELS, LIFT, WEBHOOK
from diagnostics.notifications.message import Outgoing, Proof, Sender, SendError
from diagnostics.notifications.retry import next_attempt_at
from diagnostics.notifications.running import keep_running
from diagnostics.queries import load
from diagnostics.tracks import Tracks
from gateway import logs
from gateway.metrics import Family, Tally, tally
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

_SQL = load("diagnostics.notifications")
POLL_INTERVAL_S: Final = 1.0
# When it ends, what is on its way may arrive; else it would be sent again by the next process.
GRACE_S: Final = 5.0
OUTCOMES: Final = ("delivered", "failed", "refused", "needless")


class Dispatcher:
    """Claims, sends after the claim's commit, and writes down what came of it.

    At most one message is on its way to each recipient, in order: a lift must not hear "answered"
    before "help is coming". Recipients do not wait for each other, and some of the channel's slots
    are for emergencies only.

    Args:
        database_url: where the messages are rows.
        sender: the way out.
        now: the platform's clock.
        random: from 0 to 1, to spread retries.
        wake: set by others when there may be something to send.
        tracks: is told of attempts; None: nobody is.
    """

    def __init__(
        self,
        database_url: str,
        sender: Sender,
        *,
        now: Callable[[], datetime],
        random: Callable[[], float],
        wake: asyncio.Event | None = None,
        tracks: Tracks | None = None,
    ) -> None:
        self._database_url = database_url
        self._sender = sender
        self._channel = CHANNELS[sender.channel]
        self._now = now
        self._random = random
        self._wake = wake or asyncio.Event()
        self._tracks = tracks
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._trouble = Trouble(logger, f"channel {sender.channel}")
        self._outcomes: dict[str, int] = dict.fromkeys(OUTCOMES, 0)
        self._took = Tally()
        self._delay = Tally()

    async def run(self) -> None:
        """Run until cancelled. A database that goes away is waited for."""
        try:
            await keep_running(self._database_url, self._sender.channel, self._serve)
        finally:
            await self._sender.close()

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        channel = {"channel": self._sender.channel}
        yield Family(
            "notification_attempts",
            "Attempts to send a message, by how they ended.",
            [(channel | {"outcome": name}, count) for name, count in self._outcomes.items()],
            "counter",
        )
        yield tally("notification_seconds", "How long an attempt took.", self._took, channel)
        yield tally(
            "notification_delay_seconds",
            "From the writing of a message until it arrived.",
            self._delay,
            channel,
        )

    async def send_due(self, conn: AsyncConnection[Any]) -> int:
        """Send all that is due now, wait for it, and return how many were tried."""
        tried = 0
        while started := await self._start(conn):
            tried += started
            await asyncio.gather(*self._under_way.values())
        return tried

    async def _serve(self, conn: AsyncConnection[Any]) -> None:
        try:
            while True:
                self._wake.clear()
                await self._start(conn)
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_INTERVAL_S):
                        await self._wake.wait()
                for task in [task for task in self._under_way.values() if task.done()]:
                    task.result()  # the database went away while it wrote down the outcome
        finally:
            await self._finish()

    async def _start(self, conn: AsyncConnection[Any]) -> int:
        """Set as many messages on their way as there are slots; return how many."""
        for recipient in [name for name, task in self._under_way.items() if task.done()]:
            self._under_way.pop(recipient).result()
        before = len(self._under_way)
        if self._sender.channel == LIFT:
            await conn.execute(_SQL["supersede"], {"now": self._now()})
        for urgent, limit in (
            (True, self._channel.slots),
            (False, self._channel.slots - self._channel.reserved),
        ):
            free = limit - len(self._under_way)
            for message in await self._claim(conn, free, urgent=urgent) if free > 0 else ():
                task = asyncio.create_task(self._send(conn, message))
                task.add_done_callback(lambda _: self._wake.set())
                self._under_way[message.recipient] = task
        return len(self._under_way) - before

    async def _finish(self) -> None:
        """Let what is on its way arrive, for a moment."""
        tasks = list(self._under_way.values())
        self._under_way.clear()
        if not tasks:
            return
        with suppress(asyncio.CancelledError):
            await asyncio.wait(tasks, timeout=GRACE_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _claim(
        self, conn: AsyncConnection[Any], limit: int, *, urgent: bool
    ) -> list[Outgoing]:
        # One statement, outside of a transaction: others write outcomes on this connection.
        now = self._now()
        parameters = {
            "channel": self._sender.channel,
            "now": now,
            "lease_until": now + self._channel.lease,
            "limit": limit,
            "urgent": urgent,
            "busy": list(self._under_way),
        }
        async with conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(_SQL["claim"], parameters)
            rows = await cursor.fetchall()
        claimed = []
        for row in sorted(rows, key=lambda row: int(row["notification_id"])):
            try:
                claimed.append(msgspec.convert(row, Outgoing))
            except msgspec.ValidationError as error:
                logger.exception("message %s cannot be read", row["dedup_key"])
                outcome = {
                    "notification_id": row["notification_id"],
                    "attempt": row["attempts"],
                    "next_attempt_at": None,
                    "error": str(error),
                    "outcome": "refused",
                    "now": now,
                    "took_ms": 0,
                }
                await conn.execute(_SQL["failed"], outcome)
        return claimed

    async def _send(self, conn: AsyncConnection[Any], message: Outgoing) -> None:
        about = message.subject.ticket_id if message.subject else None
        with logs.bound(
            channel=self._sender.channel, notification=message.notification_id, ticket=about
        ):
            began_at = self._now()
            await self._attempt(conn, message)
            if self._tracks is not None and about is not None:
                await self._tracks.sent(
                    *(conn, about, self._sender.channel, began_at, self._now()),
                    notification=message.notification_id,
                    attempt=message.attempts,
                )

    async def _attempt(self, conn: AsyncConnection[Any], message: Outgoing) -> None:
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            async with asyncio.timeout(self._channel.timeout.total_seconds()):
                proof: Proof = await self._sender.send(message, self._now())
        except SendError as error:
            await self._failed(conn, message, error, clock() - began)
        except TimeoutError:
            timeout = SendError(f"no answer within {self._channel.timeout.total_seconds():.0f} s")
            await self._failed(conn, message, timeout, clock() - began)
        except Exception as error:
            # Whatever is in one message: the others must go out, and this one stays a row.
            logger.exception("message %s cannot be sent", message.dedup_key)
            unknown = SendError(f"{type(error).__name__}: {error}")
            await self._failed(conn, message, unknown, clock() - began)
        else:
            self._trouble.over()
            self._count("delivered", clock() - began)
            self._delay.add((self._now() - message.created_at).total_seconds())
            outcome = {"proof": Jsonb(dict(proof))}
            await conn.execute(_SQL["delivered"], self._outcome(message, clock() - began) | outcome)

    async def _failed(
        self, conn: AsyncConnection[Any], message: Outgoing, error: SendError, took_s: float
    ) -> None:
        again_at = None
        if not error.needless and not error.refused:
            self._trouble.failed(error)
            again_at = next_attempt_at(
                message,
                self._channel,
                now=self._now(),
                fraction=self._random(),
                asked=error.again_after,
            )
        if again_at is None and not error.needless:
            logger.error("message %s is given up: %s", message.dedup_key, error)
        ended = _outcome(error)
        self._count(ended, took_s)
        outcome = {"next_attempt_at": again_at, "error": str(error), "outcome": ended}
        await conn.execute(_SQL["failed"], self._outcome(message, took_s) | outcome)
        if error.gone:
            gone = "subscription_gone" if self._sender.channel == WEBHOOK else "way_gone"
            await conn.execute(
                _SQL[gone], {"notification_id": message.notification_id, "error": str(error)}
            )

    def _count(self, outcome: str, took_s: float) -> None:
        self._outcomes[outcome] += 1
        self._took.add(took_s)

    def _outcome(self, message: Outgoing, took_s: float) -> dict[str, Any]:
        return {
            "notification_id": message.notification_id,
            "attempt": message.attempts,
            "now": self._now(),
            "took_ms": round(took_s * 1000),
        }


def _outcome(error: SendError) -> str:
    if error.needless:
        return "needless"
    return "refused" if error.refused else "failed"
