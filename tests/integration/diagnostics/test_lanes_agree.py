"""All registered detectors over months of some aids: the slow lane and replay come to the same."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from diagnostics.analysis import analyse
from diagnostics.cycle import cycle
from diagnostics.detectors.registry import ANALYSIS
from diagnostics.replay import AFTERMATH, replay
from gateway.protocol.codec import encode
from gateway.protocol.topics import topic_of
from ingest.decode import Delivery, decode
from ingest.senders import Senders
from ingest.storage.pool import connect_async
from ingest.writer import Job
from simulator.said import Said
from simulator.years.fleet import Fleet, YearsAid
from tests.support.database import register_device
from tests.support.lift_log import listen, rows

AIDS = 4
DAYS = 45
STEP = timedelta(hours=4)
SHARDS = range(64)
# The engine looks every two seconds, this test every four hours: what is learnt from the moments at
# which it looked differs.
BY_THE_MOMENT = "mute"


def fleet() -> Iterator[YearsAid]:
    """Aids with something to be found, and with what only looks like it."""
    yield from Fleet(size=AIDS, days=DAYS, seed=23, troubled=1.0, look_alikes=1.5)


def register(url: str, aid: YearsAid) -> int:
    """Register an aid as it is at the beginning."""
    known = aid.record
    return register_device(
        url,
        aid.device,
        kind=known.kind.value,
        postcode4=known.postcode4,
        rail_length_mm=known.rail_length_mm,
    )


async def describe(conn: Any, aid: YearsAid) -> None:
    known = aid.record
    await conn.execute(
        "UPDATE device SET built_on = %s, serviced_on = %s, lent_on = %s, max_load_kg = %s,"
        " max_speed_mm_s = %s, max_incline_deg = %s, empty_ma = %s, tested_ma = %s, tested_kg = %s"
        " WHERE name = %s",
        (
            *(known.built_on, known.serviced_on, known.lent_on, known.max_load_kg),
            *(known.max_speed_mm_s, known.max_incline_deg),
            *(known.empty_ma, known.tested_ma, known.tested_kg, aid.device),
        ),
    )


def received(said: Said) -> datetime:
    return datetime.fromtimestamp(said.received_ms / 1000, UTC)


def delivered(said: Sequence[Said]) -> list[Any]:
    return [
        decode(
            Delivery(
                topic_of(each.device, each.kind), encode(each.message), received(each), live=True
            )
        )
        for each in said
    ]


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_months_live_and_in_replay(database: str) -> None:
    aids = list(fleet())
    said = sorted((each for aid in aids for each in aid.said()), key=lambda each: each.received_ms)
    start, end = received(said[0]) - timedelta(hours=1), received(said[-1])
    for aid in aids:
        register(database, aid)
    async with await connect_async(database, application="test") as conn:
        for aid in aids:
            await describe(conn, aid)
        await listen(conn, start + timedelta(hours=1))
        senders, position, now = Senders(), 0, start
        while position < len(said) or now < end + AFTERMATH:
            now = min(now + STEP, end + AFTERMATH)
            upto = position
            while upto < len(said) and received(said[upto]) <= now:
                upto += 1
            if upto > position:
                outcome = await Job(delivered(said[position:upto]), senders).run(conn)
                assert outcome.quarantined == 0
            position = upto
            await listen(conn, now)
            behind = True
            while behind:
                behind = (await analyse(conn, SHARDS, now=now, max_words=200)).behind
        while (await cycle(conn, SHARDS, now=now)).behind:
            pass
        names = [detector.name for detector in ANALYSIS]
        live = {
            (device, key): (what, asks, level, ended_at is None)
            for device, key, what, asks, level, ended_at in await rows(
                conn,
                "SELECT device.name, dedup_key, what, asks, level, ended_at FROM finding"
                " JOIN device USING (device_id) WHERE detector = ANY(%s) AND what <> %s",
                [names, BY_THE_MOMENT],
            )
        }
        replayed: dict[tuple[str, str], tuple[str, str, str, bool]] = {}
        async with conn.transaction():
            async for found in replay(conn, since=start, until=end):
                if found.detector in names and found.finding.what != BY_THE_MOMENT:
                    finding = found.finding
                    replayed[found.device, finding.key] = (
                        finding.what,
                        finding.asks.value,
                        finding.level.value,
                        finding.ended_at is None,
                    )
    assert live == replayed
    assert len(live) >= AIDS
