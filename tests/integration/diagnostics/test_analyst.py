"""The slow lane as it runs: by itself, with its own heartbeat, through the database's absence."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from diagnostics.analyst import Analyst
from gateway.protocol.vocabulary import Edge
from ingest.storage.pool import connect, connect_async
from tests.support.database import register_device
from tests.support.facts import PARKED
from tests.support.lift_log import Lift, listen, store
from tests.support.watcher import Watcher


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.timeout(90)
async def test_it_opens_repairs_and_goes_on_after_its_connection_is_cut(database: str) -> None:
    register_device(database)
    lift = Lift()
    analyst = Analyst(database, name="test", now=now, detectors=[Watcher()], poll_interval_s=0.05)

    async def opened(count: int) -> None:
        while True:
            with connect(database, application="test") as conn:
                found = conn.execute("SELECT count(*) FROM ticket_event").fetchone()
            if found == (count,):
                return
            await asyncio.sleep(0.1)

    running = asyncio.create_task(analyst.run())
    try:
        async with await connect_async(database, application="log") as conn:
            await listen(conn, now())
            await store(conn, [lift.fault(now(), "charger", Edge.RAISED, PARKED)], now())
            await asyncio.wait_for(opened(1), 30)
            await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'test-analysis'"
            )
            await store(conn, [lift.fault(now(), "relay", Edge.RAISED, PARKED)], now())
            await asyncio.wait_for(opened(2), 30)
            cursor = await conn.execute("SELECT process, part, detail ? 'lag_s' FROM heartbeat")
            assert await cursor.fetchall() == [("test-analysis", "analysis", True)]
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
