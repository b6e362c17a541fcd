"""What the evaluation hears of a device is what the platform would read from its log."""

from datetime import UTC, datetime
from random import Random

import msgspec
import pytest

from diagnostics import log
from diagnostics.facts import Fact, PresenceChanged
from diagnostics.log import Span
from evaluation.ear import Ear
from gateway.protocol.topics import Kind, shard_of, topic_of
from ingest.decode import Delivery, decode
from ingest.storage.pool import connect_async
from ingest.writer import Job
from simulator.network import BAD
from simulator.said import Said
from simulator.scenarios.loader import library
from simulator.scenarios.player import home_for, play
from simulator.solo import listen, run_home
from simulator.trace import START_WALL_MS
from tests.support.database import new_database, register_devices

DEVICE = "sl-000001"


def _spoken(name: str) -> list[tuple[int, Kind, bytes]]:
    """What a lift said over a bad line, as it arrived."""
    scenario = library()[name]
    home = home_for(scenario)
    home.begin(play(scenario, home))
    spoken: list[tuple[int, Kind, bytes]] = []
    run_home(
        home,
        device=DEVICE,
        until_ms=scenario.duration_ms,
        rng=Random(7),  # noqa: S311
        take=lambda at_ms, kind, payload: spoken.append((at_ms, kind, payload)),
        start_wall_ms=START_WALL_MS,
        quality=BAD,
    )
    return spoken


def _unplaced(fact: Fact) -> Fact:
    """Leave out what only says where a row lies: its outbox's and its own number."""
    order = fact.order._replace(outbox_no=min(fact.order.outbox_no, 1))
    return msgspec.structs.replace(fact, order=order, log_no=0)


@pytest.mark.parametrize("name", ["jam_in_bend", "sos_at_1970", "modem_reboots_while_stuck"])
async def test_the_same_facts(name: str, postgres_url: str, template_database: str) -> None:
    spoken = _spoken(name)
    ear, heard = Ear(), list[Fact]()

    def hear(said: Said) -> None:
        heard.extend(_unplaced(fact) for fact in ear.hear(said))

    for spoken_at in spoken:
        listen(DEVICE, hear)(*spoken_at)
    with new_database(postgres_url, template_database) as url:
        register_devices(url, [DEVICE])
        async with await connect_async(url, application="test") as conn:
            for at_ms, kind, payload in spoken:
                at = datetime.fromtimestamp(at_ms / 1000, UTC)
                delivery = Delivery(topic_of(DEVICE, kind), payload, at, live=True)
                await Job([decode(delivery)]).run(conn)
            cursor = await conn.execute("SELECT device_id FROM device")
            (device_id,) = await cursor.fetchone() or (0,)
            span = Span(shard_of(DEVICE), 0, 1_000_000, datetime.fromtimestamp(0, UTC))
            read = (await log.read(conn, [span], [device_id]))[device_id]
    stored = [_unplaced(fact) for fact in read]
    assert sorted(heard, key=_key) == sorted(stored, key=_key)
    assert any(isinstance(fact, PresenceChanged) for fact in heard)


def _key(fact: Fact) -> tuple[str, datetime, tuple[int, ...]]:
    return type(fact).__name__, fact.received_at, tuple(fact.order)
