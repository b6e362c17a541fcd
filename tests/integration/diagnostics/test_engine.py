"""The engine as it runs: woken by the log, several at once, killed at any moment."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from diagnostics.engine import Engine
from gateway.protocol.messages import Message
from gateway.protocol.vocabulary import Edge
from ingest.storage.pool import connect, connect_async
from tests.integration.diagnostics.conftest import Connection
from tests.support.broker import Broker
from tests.support.database import register_devices
from tests.support.engine import engine_process
from tests.support.facts import STOPPED
from tests.support.lift_log import Lift, listen, rows, store
from tests.support.platform import REPOSITORY, eventually


def now() -> datetime:
    return datetime.now(UTC)


async def until(check: Any, *, timeout_s: float = 15) -> None:
    async with asyncio.timeout(timeout_s):
        while not await check():  # noqa: ASYNC110 - another process's doing, not an event
            await asyncio.sleep(0.005)


async def stop(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def fleet(database: str) -> dict[str, int]:
    return register_devices(database, [f"sl-{number:06d}" for number in range(1, 41)])


async def calls(fleet: dict[str, int]) -> list[Message]:
    return [Lift(name).call(now(), STOPPED) for name in fleet]


async def test_a_call_is_a_ticket_long_before_the_next_poll(
    conn: Connection, url: str, device_id: int
) -> None:
    engine = Engine(url, name="engine", now=now, poll_interval_s=30)
    running = asyncio.create_task(engine.run())

    async def beating() -> bool:
        return bool(await rows(conn, "SELECT FROM heartbeat WHERE part = 'diagnostics'"))

    async def ticket() -> bool:
        return bool(await rows(conn, "SELECT FROM ticket WHERE device_id = %s", [device_id]))

    await until(beating)
    await store(conn, [Lift().call(now(), STOPPED)], now())
    await until(ticket, timeout_s=15)
    await stop(running)


async def test_many_engines_open_one_ticket_each(database: str, fleet: dict[str, int]) -> None:
    engines = [
        asyncio.create_task(Engine(database, name=f"engine-{n}", now=now).run()) for n in range(3)
    ]
    async with await connect_async(database, application="test") as conn:
        await listen(conn, now())
        for _ in range(5):
            await store(conn, await calls(fleet), now())

        async def all_open() -> bool:
            return await rows(conn, "SELECT count(*) FROM ticket") == [(len(fleet),)]

        await until(all_open)
        behind = (
            "SELECT FROM diagnosis_cursor JOIN shard USING (shard)"
            " WHERE shard.log_no <> diagnosis_cursor.log_no"
        )

        async def drained() -> bool:
            return not await rows(conn, behind)

        await until(drained)
        assert await rows(conn, "SELECT count(*) FROM ticket") == [(len(fleet),)]
        assert await rows(conn, "SELECT count(*) FROM ticket_event WHERE kind = 'opened'") == [
            (len(fleet),)
        ]
    await stop(*engines)


async def test_an_engine_waits_for_a_database_that_breaks_its_connections(
    database: str, fleet: dict[str, int]
) -> None:
    running = asyncio.create_task(Engine(database, name="engine", now=now).run())
    async with await connect_async(database, application="test") as conn:

        async def connected() -> bool:
            query = "SELECT FROM pg_stat_activity WHERE application_name LIKE 'engine%'"
            return len(await rows(conn, query)) == 3

        await until(connected)
        await rows(
            conn,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'engine%'",
        )
        await store(conn, await calls(fleet), now())

        async def all_open() -> bool:
            return await rows(conn, "SELECT count(*) FROM ticket") == [(len(fleet),)]

        await until(all_open)
    await stop(running)


async def test_a_row_that_cannot_be_read_stops_nothing(
    database: str, fleet: dict[str, int]
) -> None:
    async with await connect_async(database, application="test") as conn:
        await store(conn, await calls(fleet), now())
        for name in fleet:
            await store(conn, [Lift(name).fault(now(), "relay", Edge.RAISED, STOPPED)], now())
        await conn.execute("UPDATE call SET measured_at = 'infinity', since = '-infinity'")
        await conn.execute("UPDATE call SET sample = '[]' WHERE device_id = 2")
        await conn.execute("UPDATE fault SET measured_at = 'infinity' WHERE device_id < 20")
        running = asyncio.create_task(Engine(database, name="engine", now=now).run())

        async def all_open() -> bool:
            return await rows(conn, "SELECT count(*) FROM ticket") == [(len(fleet),)]

        async def all_read() -> bool:
            unread = "SELECT FROM diagnosis_cursor JOIN shard USING (shard, log_no)"
            return len(await rows(conn, unread)) == 64

        await until(all_open)
        await until(all_read)
        await stop(running)


async def test_killed_again_and_again_it_misses_and_doubles_nothing(
    database: str, fleet: dict[str, int], tmp_path: Path
) -> None:
    opened = "SELECT count(*) FROM ticket"
    with Broker(tmp_path) as broker, connect(database, application="test") as watcher:
        async with await connect_async(database, application="test") as conn:
            for name in fleet:
                await store(conn, [Lift(name).call(now(), STOPPED)], now())
        # Slow enough for a kill to meet a transaction half-way.
        watcher.execute(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END $$"
        )
        watcher.execute(
            "CREATE TRIGGER slow BEFORE INSERT ON ticket FOR EACH ROW EXECUTE FUNCTION slow()"
        )
        busy = (
            "SELECT FROM pg_stat_activity WHERE application_name LIKE 'diagnostics%%'"
            " AND state = 'active' AND query LIKE %s"
        )
        for _ in range(2):
            with engine_process(database, broker) as running:
                eventually(
                    lambda: watcher.execute(busy, ["%INSERT INTO ticket%"]).fetchall(),
                    what="in the middle of a transaction",
                )
                running.kill()
            eventually(
                lambda: not watcher.execute(busy, ["%"]).fetchall(), what="the transaction is gone"
            )
            alone = "SELECT count(*) FROM ticket WHERE NOT EXISTS (SELECT FROM finding WHERE"
            alone += (
                " finding.ticket_id = ticket.ticket_id) OR NOT EXISTS (SELECT FROM notification"
            )
            alone += " WHERE notification.ticket_id = ticket.ticket_id AND channel = 'lift')"
            assert watcher.execute(alone.encode()).fetchone() == (0,)
        with engine_process(database, broker) as running:
            eventually(
                lambda: watcher.execute(opened).fetchone() == (len(fleet),), what="all tickets"
            )
            told = "SELECT count(*) FROM notification WHERE channel = 'lift' AND delivered_at > %s"
            eventually(
                lambda: (
                    watcher.execute(told, [now() - timedelta(hours=1)]).fetchone() == (len(fleet),)
                ),
                what="every lift is told",
            )
            running.send_signal(signal.SIGTERM)
            assert running.wait(timeout=20) == 0
        assert watcher.execute(opened).fetchone() == (len(fleet),)


def test_replay_on_the_command_line(database: str, fleet: dict[str, int]) -> None:
    async def prepare() -> None:
        async with await connect_async(database, application="test") as conn:
            await store(conn, await calls(fleet), datetime(2026, 11, 20, 9, tzinfo=UTC))

    asyncio.run(prepare())
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "diagnostics",
            "replay",
            "--from",
            "2026-11-20T08:00+00:00",
            "--until",
            "2026-11-20T10:00+00:00",
            "--device",
            "sl-000007",
        ],
        cwd=REPOSITORY,
        env={**os.environ, "LIFTWACHT_DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"call_sos"' in done.stdout.splitlines()[0]
    with psycopg.connect(database) as conn:
        assert conn.execute("SELECT count(*) FROM finding").fetchone() == (0,)
