"""Whoever has something to send is woken, and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import AsyncConnection

from diagnostics.notifications.bell import Bell
from diagnostics.notifications.channel import EMAIL, LIFT, PERSON, WEBHOOK
from ingest.storage.pool import connect_async

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
DEADLINE_S = 10.0
Connection = AsyncConnection[Any]


@pytest.fixture
def bell(database: str) -> Bell:
    return Bell(database, now=lambda: NOW)


@asynccontextmanager
async def listening(bell: Bell, *events: asyncio.Event) -> AsyncIterator[None]:
    """Run it, past the ring with which it begins."""
    task = asyncio.create_task(bell.run())
    for event in events:
        async with asyncio.timeout(DEADLINE_S):
            await event.wait()
        event.clear()
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def write(conn: Connection, channel: str, due_at: datetime) -> None:
    async with conn.transaction():
        await conn.execute(
            "INSERT INTO notification (dedup_key, channel, recipient, payload,"
            " created_at, next_attempt_at) VALUES (%s, %s, 'x', '{}', %s, %s)",
            (f"{channel} {due_at}", channel, NOW, due_at),
        )
        await conn.execute(b"SELECT pg_notify('liftwacht_notification', '')")


async def test_who_has_something_to_send_is_woken(database: str, bell: Bell) -> None:
    lift, email, both = bell.hung_up(LIFT), bell.hung_up(EMAIL), bell.hung_up(PERSON, WEBHOOK)
    async with await connect_async(database, application="test") as conn:
        for channel, woken, others in (
            (LIFT, lift, (email, both)),
            (EMAIL, email, (both,)),
            (WEBHOOK, both, ()),
        ):
            async with listening(bell, lift, email, both):
                await write(conn, channel, NOW)
                async with asyncio.timeout(DEADLINE_S):
                    await woken.wait()
                assert not any(other.is_set() for other in others)


async def test_what_is_due_later_wakes_nobody(database: str, bell: Bell) -> None:
    lift, email = bell.hung_up(LIFT), bell.hung_up(EMAIL)
    async with (
        await connect_async(database, application="test") as conn,
        listening(bell, lift, email),
    ):
        await write(conn, EMAIL, NOW + timedelta(seconds=1))
        await write(conn, LIFT, NOW)
        async with asyncio.timeout(DEADLINE_S):
            await lift.wait()
        assert not email.is_set()


async def test_it_hears_what_is_said_while_it_looks(database: str, bell: Bell) -> None:
    lift, email = bell.hung_up(LIFT), bell.hung_up(EMAIL)
    async with (
        await connect_async(database, application="test") as conn,
        listening(bell, lift, email),
    ):
        for number in range(50):
            for channel in (LIFT, EMAIL):
                await write(conn, channel, NOW - timedelta(seconds=number))
            for event in (lift, email):
                async with asyncio.timeout(DEADLINE_S):
                    await event.wait()
                event.clear()
            await conn.execute(
                b"UPDATE notification SET next_attempt_at = NULL, superseded_at = created_at"
            )
