"""From rows in the log to tickets, findings and words to the lift."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from diagnostics.cycle import cycle
from diagnostics.detectors.contract import Outcome
from diagnostics.detectors.stuck import Stuck
from diagnostics.replay import replay
from diagnostics.tickets import service
from gateway.protocol.topics import shard_of
from gateway.protocol.vocabulary import CallPhase, Edge, Signals
from tests.integration.diagnostics.conftest import Connection
from tests.support.database import register_devices
from tests.support.facts import ARRIVED, PARKED, RIDING, STOPPED
from tests.support.lift_log import Lift, listen, rows, store

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SHARDS = range(64)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


async def judge(conn: Any, seconds: float, **options: Any) -> Any:
    await listen(conn, at(seconds))
    return await cycle(conn, SHARDS, now=at(seconds), **options)


async def ride(conn: Any, lift: Lift, start: float, end: float) -> None:
    for second in range(round(start), round(end)):
        samples = [
            replace(RIDING, offset_ms=500 * n, position_mm=500 + 120 * second + 60 * n)
            for n in range(2)
        ]
        await store(conn, [lift.status(at(second), *samples)], at(second + 1))


@pytest.fixture
def lift() -> Lift:
    return Lift()


async def test_a_call_becomes_a_ticket_and_an_answer(conn: Connection, lift: Lift) -> None:
    await store(conn, [lift.call(at(0), STOPPED)], at(0.1))
    report = await judge(conn, 0.2)
    assert report.opened == 1
    ((ticket, key, due, evidence_at),) = await rows(
        conn, "SELECT ticket_id, dedup_key, on_site_due_at, evidence_at FROM ticket"
    )
    assert (key, due, evidence_at) == ("emergency", at(0.2) + timedelta(hours=2), at(0.1))
    events = await rows(conn, "SELECT kind FROM ticket_event ORDER BY event_no")
    assert [kind for (kind,) in events] == ["opened", "called"]
    notices = await rows(
        conn, "SELECT channel, recipient, payload ->> 'state' FROM notification ORDER BY 1"
    )
    assert notices == [("lift", "sl-000001", "help_coming"), ("webhook", "default", None)]
    ((reasons, linked),) = await rows(conn, "SELECT reasons, ticket_id FROM finding")
    assert reasons == [{"code": "call_sos"}]
    assert linked == ticket


async def test_a_second_cycle_finds_nothing_new(conn: Connection, lift: Lift) -> None:
    await store(conn, [lift.call(at(0), STOPPED)], at(0.1))
    await judge(conn, 0.2)
    report = await judge(conn, 0.4)
    assert (report.facts, report.opened) == (0, 0)
    assert await rows(conn, "SELECT count(*) FROM ticket") == [(1,)]


async def test_reading_the_log_again_opens_nothing_new(conn: Connection, lift: Lift) -> None:
    await store(conn, [lift.call(at(0), STOPPED)], at(0.1))
    await judge(conn, 0.2)
    ((ticket, version),) = await rows(conn, "SELECT ticket_id, version FROM ticket")
    await service.confirm_release(
        conn, ticket, "desk", "client_by_phone", "", at(60), version, aid_works=True
    )
    await conn.execute("UPDATE diagnosis_cursor SET log_no = 0")
    await conn.execute("DELETE FROM diagnosis_state")
    report = await judge(conn, 61)
    assert report.facts == 1
    assert await rows(conn, "SELECT count(*) FROM ticket") == [(1,)]


async def test_after_the_release_the_same_call_hears_so_and_a_new_one_is_new(
    conn: Connection, lift: Lift
) -> None:
    await store(conn, [lift.call(at(0), STOPPED)], at(0.1))
    await judge(conn, 0.2)
    ((ticket, version),) = await rows(conn, "SELECT ticket_id, version FROM ticket")
    await service.confirm_release(
        conn, ticket, "desk", "mechanic_on_site", "", at(60), version, aid_works=True
    )
    again = lift.call(at(70), STOPPED, phase=CallPhase.REPEATED, attempt=2)
    await store(conn, [again], at(70))
    await judge(conn, 70.1)
    assert await rows(conn, "SELECT count(*) FROM ticket") == [(1,)]
    states = await rows(
        conn,
        "SELECT payload ->> 'state' FROM notification WHERE channel = 'lift'"
        " ORDER BY notification_id",
    )
    assert [state for (state,) in states] == ["help_coming", "released", "released"]
    await store(conn, [lift.call(at(80), STOPPED, call_id="d" * 32)], at(80))
    await judge(conn, 80.1)
    assert await rows(conn, "SELECT count(*) FROM ticket") == [(2,)]


async def test_every_repetition_is_answered(conn: Connection, lift: Lift) -> None:
    await store(conn, [lift.call(at(0), STOPPED)], at(0))
    await judge(conn, 0.1)
    for attempt in (2, 3):
        call = lift.call(at(attempt), STOPPED, phase=CallPhase.REPEATED, attempt=attempt)
        await store(conn, [call], at(attempt))
        await judge(conn, attempt + 0.1)
    assert await rows(conn, "SELECT count(*) FROM notification WHERE channel = 'lift'") == [(3,)]
    assert await rows(conn, "SELECT count(*) FROM ticket_event WHERE kind = 'called'") == [(1,)]


async def test_the_lifts_reply_is_on_the_ticket(conn: Connection, lift: Lift) -> None:
    await store(conn, [lift.call(at(0), STOPPED)], at(0))
    await judge(conn, 0.1)
    ((command,),) = await rows(
        conn, "SELECT payload ->> 'command_id' FROM notification WHERE channel = 'lift'"
    )
    await store(conn, [lift.reply(at(1), command)], at(1))
    await judge(conn, 1.1)
    ((detail,),) = await rows(conn, "SELECT detail FROM ticket_event WHERE kind = 'lift_heard'")
    assert detail["state"] == "help_coming"


async def test_a_stop_grows_from_suspected_to_certain_by_timers(
    conn: Connection, lift: Lift
) -> None:
    await ride(conn, lift, 0, 10)
    await store(conn, [lift.status(at(10), STOPPED)], at(11))
    await judge(conn, 11)
    assert await rows(conn, "SELECT level FROM finding") == []
    await judge(conn, 25)
    assert await rows(conn, "SELECT level, ended_at FROM finding") == [("suspected", None)]
    await judge(conn, 80)
    assert await rows(conn, "SELECT level FROM finding") == [("certain",)]
    assert await rows(conn, "SELECT count(*) FROM ticket") == [(1,)]


@pytest.mark.parametrize("call_at", [12, 30])
@pytest.mark.parametrize("released", [False, True])
async def test_a_suspicion_belongs_to_the_open_ticket_until_it_is_certain(
    conn: Connection, lift: Lift, call_at: int, *, released: bool
) -> None:
    await ride(conn, lift, 0, 10)
    await store(conn, [lift.status(at(10), STOPPED)], at(11))
    for second in range(11, 40):
        if second == call_at:
            await store(conn, [lift.call(at(second), STOPPED)], at(second))
        await judge(conn, second)
    found = "SELECT level, ticket_id FROM finding WHERE dedup_key LIKE 'stop:%'"
    assert await rows(conn, found) == [("suspected", 1)]
    if released:
        await service.confirm_release(
            conn, 1, "desk", "client_by_phone", "", at(40), 1, aid_works=True
        )
        await store(conn, [lift.status(at(45), STOPPED)], at(46))
    for second in range(46, 90, 2):
        await judge(conn, second)
    assert await rows(conn, found) == [("certain", 2 if released else 1)]
    kinds = await rows(conn, "SELECT kind FROM ticket_event WHERE detail ? 'finding'")
    assert [kind for (kind,) in kinds] == ["opened", "opened" if released else "evidence_added"]


async def test_a_ride_in_one_batch_with_its_arrival_is_over(conn: Connection, lift: Lift) -> None:
    messages = [
        lift.status(at(0), replace(RIDING, position_mm=2_000)),
        lift.status(at(1), replace(RIDING, position_mm=2_120)),
        lift.status(at(20), ARRIVED),
    ]
    await store(conn, messages, at(21))
    report = await judge(conn, 21)
    assert report.facts == 3
    await judge(conn, 500)
    assert await rows(conn, "SELECT level FROM finding") == []


async def test_parked_lifts_are_not_even_read(conn: Connection, lift: Lift) -> None:
    await store(conn, [lift.status(at(0), PARKED)], at(0))
    report = await judge(conn, 1)
    assert report.facts == 0
    assert await rows(conn, "SELECT count(*) FROM diagnosis_state") == [(0,)]


async def test_an_all_clear_is_shown_and_closes_nothing(conn: Connection, lift: Lift) -> None:
    await ride(conn, lift, 0, 5)
    fault = replace(STOPPED, fault="relay")
    await store(conn, [lift.fault(at(5), "relay", Edge.RAISED, fault)], at(5))
    await judge(conn, 5.5)
    await judge(conn, 30)
    await store(conn, [lift.status(at(31), RIDING), lift.status(at(40), ARRIVED)], at(40))
    await judge(conn, 40)
    await judge(conn, 50)
    ((all_clear, closed),) = await rows(conn, "SELECT all_clear_at, closed_at FROM ticket")
    assert all_clear is not None
    assert closed is None
    ((level, ended_at),) = await rows(conn, "SELECT level, ended_at FROM finding")
    assert (level, ended_at) == ("certain", at(31))


async def test_a_timer_does_not_outrun_a_log_not_read_yet(conn: Connection, lift: Lift) -> None:
    await ride(conn, lift, 0, 5)
    await store(conn, [lift.status(at(5), STOPPED)], at(6))
    await store(conn, [lift.status(at(40), RIDING)], at(41))
    await store(conn, [lift.status(at(50), ARRIVED), lift.usage(at(50))], at(51))
    for _ in range(9):
        await judge(conn, 3_600, max_numbers=1)
    await judge(conn, 3_600)
    await judge(conn, 3_700)
    assert await rows(conn, "SELECT level FROM finding") == [("passed",)]


@pytest.mark.parametrize("said_more", [False, True])
async def test_in_a_shard_that_is_never_drained_timers_fire_for_those_who_were_read(
    conn: Connection, url: str, lift: Lift, *, said_more: bool
) -> None:
    names = (f"sl-{number:06d}" for number in range(2, 2_000))
    neighbour = next(name for name in names if shard_of(name) == shard_of(lift.name))
    register_devices(url, [neighbour])
    await ride(conn, lift, 0, 5)
    await store(conn, [lift.status(at(5), STOPPED)], at(6))
    await judge(conn, 6)
    await ride(conn, Lift(neighbour), 6, 80)
    if said_more:
        await store(conn, [lift.status(at(80), ARRIVED)], at(81))
    report = await judge(conn, 90, max_numbers=1)
    assert report.behind
    assert report.unread >= 70
    levels = [] if said_more else [("certain",)]
    assert await rows(conn, "SELECT level FROM finding WHERE device_id = 1") == levels


async def test_shards_with_a_backlog_take_turns(conn: Connection, url: str) -> None:
    names = {shard_of(name): name for name in (f"sl-{number:06d}" for number in range(2, 40))}
    few = sorted(names.items())[:4]
    register_devices(url, [name for _, name in few])
    for _, name in few:
        await ride(conn, Lift(name), 0, 40)
    for second in range(4):
        await judge(conn, 60 + 2 * second, max_numbers=10)
    read = "SELECT shard, log_no FROM diagnosis_cursor WHERE log_no > 0 ORDER BY shard"
    assert await rows(conn, read) == [(shard, 10) for shard, _ in few]


async def test_a_message_of_many_readings_makes_a_cycle_take_fewer(
    conn: Connection, lift: Lift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diagnostics.cycle.MAX_SAMPLES", 4)
    monkeypatch.setattr("diagnostics.cycle.MIN_SAMPLES", 4)
    await ride(conn, lift, 0, 10)
    taken = []
    for _ in range(10):
        report = await judge(conn, 10)
        taken.append(report.facts)
        if not report.behind:
            break
    assert sum(taken) == 20
    assert max(taken) <= 4


class Broken(Stuck):
    name = "stuck"

    def step(self, *_: Any, **__: Any) -> Outcome:
        raise RuntimeError("broken")


async def test_a_broken_detector_hides_no_call(conn: Connection, lift: Lift) -> None:
    await store(conn, [lift.call(at(0), STOPPED), lift.status(at(0), STOPPED)], at(0.1))
    report = await judge(conn, 0.2, detectors=[Broken()])
    assert len(report.failed) == 1
    assert await rows(conn, "SELECT count(*) FROM ticket") == [(1,)]
    ((state,),) = await rows(
        conn, "SELECT payload ->> 'state' FROM notification WHERE channel = 'lift'"
    )
    assert state == "help_coming"


async def test_replay_finds_what_live_found_and_writes_nothing(
    conn: Connection, lift: Lift
) -> None:
    await store(conn, [lift.presence(at(-1), 1, PARKED)], at(-1))
    await ride(conn, lift, 0, 10)
    await store(conn, [lift.status(at(10), STOPPED, replace(STOPPED, offset_ms=500))], at(11))
    sos = replace(STOPPED, signals=Signals.SOS)
    await store(conn, [lift.status(at(20), sos), lift.call(at(20), sos)], at(20.2))
    for second in range(12, 100):
        await judge(conn, second)
    query = "SELECT dedup_key, level, since, reasons FROM finding ORDER BY dedup_key"
    live = await rows(conn, query)
    before = await rows(conn, "SELECT count(*), max(updated_at) FROM diagnosis_state")
    last: dict[str, Any] = {}
    async for found in replay(conn, since=at(-60), until=at(99), device="sl-000001"):
        last[found.finding.key] = found.finding
    assert [
        (
            key,
            finding.level.value,
            finding.since,
            [{"code": r.code, **r.parameters} for r in finding.reasons],
        )
        for key, finding in sorted(last.items())
    ] == live
    assert len(live) == 3
    assert await rows(conn, "SELECT count(*), max(updated_at) FROM diagnosis_state") == before


async def test_its_own_role_is_enough(conn: Connection, lift: Lift) -> None:
    await ride(conn, lift, 0, 5)
    await store(conn, [lift.call(at(5), STOPPED), lift.status(at(5), STOPPED)], at(5))
    await listen(conn, at(100))
    await conn.execute("SET ROLE liftwacht_diagnostics")
    try:
        assert (await cycle(conn, SHARDS, now=at(6))).opened == 1
        assert (await cycle(conn, SHARDS, now=at(100))).facts == 0
    finally:
        await conn.execute("RESET ROLE")
    assert await rows(conn, "SELECT count(*) FROM finding WHERE level = 'certain'") == [(2,)]


async def test_the_desks_role_is_enough_for_its_decisions(conn: Connection, lift: Lift) -> None:
    await store(conn, [lift.call(at(0), STOPPED)], at(0))
    await judge(conn, 0.1)
    ((ticket, version),) = await rows(conn, "SELECT ticket_id, version FROM ticket")
    await conn.execute("SET ROLE liftwacht_api")
    try:
        async with conn.transaction():
            seen = await service.acknowledge(conn, ticket, "desk", at(1), version)
            await service.add_note(conn, ticket, "desk", "called", at(2))
            await service.confirm_release(
                conn, ticket, "desk", "client_by_phone", "", at(3), seen.version, aid_works=True
            )
    finally:
        await conn.execute("RESET ROLE")
    assert await rows(conn, "SELECT closed_at, dedup_key FROM ticket") == [(at(3), None)]
    assert await rows(conn, "SELECT ended_at FROM finding") == [(at(3),)]
