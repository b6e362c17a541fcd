"""The platform's eye on itself: people are woken, and silence wakes the outside."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from diagnostics.objectives.surroundings import Surroundings
from diagnostics.vigil.watch import Vigil
from tests.integration.diagnostics.conftest import Connection
from tests.support.lift_log import rows
from tests.support.rota import add_account, on_call

PAGES = (
    "SELECT recipient, payload ->> 'part', payload ->> 'state' FROM notification"
    " WHERE payload ->> 'kind' = 'platform' ORDER BY notification_id"
)


class Clock:
    """Real time and some more: the database's clock is compared with it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def watchdog() -> Iterator[tuple[str, list[str]]]:
    """Somebody outside who waits for a call each minute."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/ping/liftwacht", heard
    server.shutdown()
    thread.join()
    server.server_close()


async def all_well(conn: Connection, now: datetime) -> None:
    await conn.execute("UPDATE diagnosis_cursor SET cycled_at = %s", [now])
    await conn.execute(
        "INSERT INTO listener (worker, first_shard, last_shard, listening_since, beat_at)"
        " VALUES ('ingest', 0, 63, %(now)s, %(now)s)"
        " ON CONFLICT (worker) DO UPDATE SET beat_at = excluded.beat_at",
        {"now": now},
    )


async def look(vigil: Vigil, conn: Connection, clock: Clock, seconds: float) -> None:
    """Let ``seconds`` pass, in which the database's own clock does not."""
    clock.ahead += timedelta(seconds=seconds)
    await vigil.judge(conn)


async def test_a_deaf_platform_wakes_managers_and_administrators_and_falls_silent_outside(
    conn: Connection, url: str, device_id: int, watchdog: tuple[str, list[str]]
) -> None:
    assert device_id
    on_call(url)
    add_account(url, "beheer", "administrator")
    clock, (address, heard) = Clock(), watchdog
    vigil = Vigil(url, name="engine", now=clock, watchdog_url=address)
    other = Vigil(url, name="other", now=clock, watchdog_url=address)
    async with httpx.AsyncClient() as outside:
        await vigil.ping(outside)
        assert heard == []  # nobody has looked yet
        await all_well(conn, clock())
        await look(vigil, conn, clock, 0)
        await vigil.ping(outside)
        await vigil.ping(outside)
        assert heard == ["/ping/liftwacht"]  # once a minute

        await conn.execute("UPDATE listener SET listening_since = NULL")
        await look(vigil, conn, clock, 10)
        await look(other, conn, clock, 5)
        assert await rows(conn, PAGES) == []  # it may pass
        await look(vigil, conn, clock, 12)
        clock.ahead = timedelta(0)
        await conn.execute("UPDATE platform_trouble SET since = since - interval '1 minute'")
        for each in (vigil, other):
            await look(each, conn, clock, 0)
        told: list[Any] = [("dirk", "ingest", "ill"), ("beheer", "ingest", "ill")]
        assert await rows(conn, PAGES) == told
        clock.ahead = timedelta(minutes=2)
        await vigil.ping(outside)
        assert heard == ["/ping/liftwacht"]

        clock.ahead = timedelta(0)
        await conn.execute("UPDATE listener SET listening_since = now()")
        await all_well(conn, clock())
        await look(vigil, conn, clock, 0)
        told += [("dirk", "ingest", "over"), ("beheer", "ingest", "over")]
        assert await rows(conn, PAGES) == told
        await look(other, conn, clock, 0)
        await other.ping(outside)
        assert len(heard) == 2


async def test_who_cannot_look_any_more_does_not_say_that_all_is_well(
    conn: Connection, url: str, device_id: int, watchdog: tuple[str, list[str]]
) -> None:
    assert device_id
    clock, (address, heard) = Clock(), watchdog
    vigil = Vigil(url, name="engine", now=clock, watchdog_url=address)
    await all_well(conn, clock())
    await look(vigil, conn, clock, 0)
    clock.ahead = timedelta(minutes=5)  # the database has hung since
    async with httpx.AsyncClient() as outside:
        await vigil.ping(outside)
    assert heard == []


async def test_books_that_do_not_balance_and_a_full_disk_wake_people(
    conn: Connection, url: str, device_id: int, tmp_path: Path
) -> None:
    assert device_id
    add_account(url, "beheer", "administrator")
    clock = Clock()
    gone = Surroundings(disks=[tmp_path / "gone"])
    vigil = Vigil(url, name="engine", now=clock, surroundings=gone)
    await all_well(conn, clock())
    await vigil.measure(conn)
    await vigil.judge(conn)
    await conn.execute("UPDATE shard SET log_no = log_no + 1 WHERE shard = 7")
    await vigil.measure(conn)
    await vigil.judge(conn)
    await conn.execute("UPDATE platform_trouble SET since = since - interval '1 minute'")
    await vigil.judge(conn)
    told: list[Any] = [("beheer", "accounts", "ill"), ("beheer", "disk", "ill")]
    assert sorted(await rows(conn, PAGES)) == told
    figures = {family.name: family for family in vigil.figures()}
    missing = {
        labels["stage"]: value
        for labels, value in figures["account_messages"].values
        if labels["side"] == "missing" and value
    }
    assert missing == {"stored": 1}
