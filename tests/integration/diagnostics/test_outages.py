"""From connections lost together to one incident, and back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from diagnostics.outages import watch
from ingest.storage.pool import connect_async
from tests.integration.diagnostics.conftest import Connection
from tests.support.database import register_devices
from tests.support.lift_log import Lift, listen, rows, store

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NAMES = [f"sl-{number:06d}" for number in range(1, 9)]
INCIDENTS = "SELECT area, since, aids, ended_at FROM incident ORDER BY incident_id"
AWAY = "SELECT count(*) FILTER (WHERE back_at IS NULL), count(*) FROM incident_device"


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


@pytest.fixture
async def street(url: str) -> list[Lift]:
    """Eight lifts of one street, connected."""
    register_devices(url, NAMES, postcode4=1621)
    lifts = [Lift(name) for name in NAMES]
    async with await connect_async(url, application="test") as conn:
        await listen(conn, at(0))
        await store(conn, [lift.presence(at(0), 1, None) for lift in lifts], at(0))
    return lifts


@pytest.fixture
async def conn(url: str, street: list[Lift]) -> Any:
    assert street
    async with await connect_async(url, application="test") as connection:
        yield connection


async def say(conn: Connection, lifts: list[Lift], seconds: float, *, online: bool) -> None:
    session = 2 if online else 1
    words = [lift.presence(at(seconds), session, None, online=online) for lift in lifts]
    await store(conn, words, at(seconds))


async def look(conn: Connection, seconds: float) -> None:
    await listen(conn, at(seconds))
    await watch(conn, now=at(seconds))


async def test_a_street_without_power_is_one_incident(conn: Connection, street: list[Lift]) -> None:
    await say(conn, street[:5], 100, online=False)
    await look(conn, 120)
    assert await rows(conn, INCIDENTS) == []  # a flicker, so far
    await look(conn, 170)
    await look(conn, 180)
    assert await rows(conn, INCIDENTS) == [(1621, at(100), 8, None)]
    assert await rows(conn, AWAY) == [(5, 5)]
    await say(conn, street[5:6], 200, online=False)
    await look(conn, 210)
    assert await rows(conn, AWAY) == [(6, 6)]
    await say(conn, street[:2], 900, online=True)
    await look(conn, 910)
    assert await rows(conn, AWAY) == [(4, 6)]
    await say(conn, street[2:6], 1_000, online=True)
    await look(conn, 1_010)
    assert await rows(conn, INCIDENTS) == [(1621, at(100), 8, at(1_000))]
    assert await rows(conn, AWAY) == [(0, 6)]


async def test_one_who_is_lost_again_is_away_again(conn: Connection, street: list[Lift]) -> None:
    await say(conn, street[:5], 100, online=False)
    await look(conn, 170)
    await say(conn, street[:1], 180, online=True)
    await look(conn, 190)
    await store(conn, [street[0].presence(at(200), 2, None, online=False)], at(200))
    await look(conn, 210)
    assert await rows(conn, AWAY) == [(5, 5)]
    found = await rows(conn, "SELECT lost_at FROM incident_device WHERE device_id = 1")
    assert found == [(at(200),)]


async def test_a_single_loss_is_no_incident(conn: Connection, street: list[Lift]) -> None:
    await say(conn, street[:1], 100, online=False)
    await look(conn, 1_000)
    assert await rows(conn, INCIDENTS) == []


async def test_what_the_platform_did_not_see_is_no_incident(
    conn: Connection, street: list[Lift]
) -> None:
    await say(conn, street, 100, online=False)
    await listen(conn, at(170))
    await conn.execute("UPDATE listener SET listening_since = %s", (at(150),))
    await watch(conn, now=at(170))
    assert await rows(conn, INCIDENTS) == []


async def test_one_engine_at_a_time(database: str) -> None:
    async with (
        await connect_async(database, application="one") as one,
        await connect_async(database, application="two") as two,
    ):
        register_devices(database, NAMES, postcode4=1621)
        lifts = [Lift(name) for name in NAMES]
        await store(one, [lift.presence(at(0), 1, None) for lift in lifts], at(0))
        await say(one, lifts[:5], 100, online=False)
        await listen(one, at(170))
        async with one.transaction():
            assert (await watch(one, now=at(170))).opened == 1
            assert (await watch(two, now=at(170))).opened == 0
        assert (await watch(two, now=at(171))).opened == 0
        assert len(await rows(two, INCIDENTS)) == 1
