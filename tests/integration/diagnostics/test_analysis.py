"""The slow lane: from words in the log to findings, repairs and incidents."""

import asyncio
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from diagnostics import repairs
from diagnostics.analysis import analyse
from diagnostics.cycle import cycle
from diagnostics.detectors.contract import Ask, Outcome
from diagnostics.facts import ConditionReported, FaultChanged, LastHeard, RideEnded
from diagnostics.replay import replay
from diagnostics.tickets import service
from gateway.protocol.messages import Message, Usage
from gateway.protocol.vocabulary import Edge, LoadClass
from ingest.storage.pool import connect_async
from tests.integration.diagnostics.conftest import Connection
from tests.support.database import register_devices
from tests.support.facts import PARKED, RIDING, STOPPED
from tests.support.lift_log import Lift, listen, rows, store
from tests.support.watcher import SILENCE, Watcher

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday
SHARDS = range(64)
TICKETS = "SELECT kind, what, priority, closed_at IS NULL FROM ticket ORDER BY ticket_id"


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


async def analysed(
    conn: Any, seconds: float, watcher: Watcher | None = None, **options: Any
) -> Any:
    await listen(conn, at(seconds))
    detectors = options.pop("detectors", [watcher or Watcher()])
    report = await analyse(conn, SHARDS, now=at(seconds), detectors=detectors, **options)
    await repairs.follow_up(conn, now=at(seconds))
    return report


@pytest.fixture
def lift() -> Lift:
    return Lift()


def fault(lift: Lift, seconds: float, code: str = "charger", edge: Edge = Edge.RAISED) -> Message:
    return lift.fault(at(seconds), code, edge, PARKED)


async def test_words_come_in_full_and_readings_not_at_all(conn: Connection, lift: Lift) -> None:
    ride = lift.usage(
        at(1),
        duration_ms=41_000,
        load_class=LoadClass.NORMAL,
        max_speed_mm_s=120,
        presses=2,
        away=False,
        profile_ma=(8_000, None, 9_000),
    )
    day = lift.condition(at(2), battery_rest_mv=26_100, cell="u1k0x", cycles=9, hardware="H1")
    await store(conn, [lift.status(at(0), RIDING, STOPPED), ride, day], at(3))
    watcher = Watcher()
    assert (await analysed(conn, 4, watcher)).facts == 2
    rode, lived = watcher.heard
    assert isinstance(rode, RideEnded)
    assert isinstance(lived, ConditionReported)
    for name in Usage.__struct_fields__:
        if name not in {"device", "outbox", "seq", "time_ms"}:
            assert getattr(rode, name) == getattr(ride, name), name
    assert (rode.measured_at, lived.measured_at) == (at(1), at(2))
    assert (lived.battery_rest_mv, lived.cell, lived.cycles, lived.hardware) == (
        *(26_100, "u1k0x", 9),
        "H1",
    )
    assert (lived.battery_min_mv, lived.parameters, lived.restarts) == (None, "", 0)
    assert (await analysed(conn, 5, watcher)).facts == 0


async def test_a_detector_knows_what_the_register_knows(
    conn: Connection, lift: Lift, device_id: int
) -> None:
    await conn.execute(
        "UPDATE device SET built_on = '2020-05-01', lent_on = '2021-01-02', max_load_kg = 140"
    )
    await store(conn, [fault(lift, 0)], at(0))
    asked: list[Any] = []

    class Curious(Watcher):
        def step(self, *arguments: Any, **named: Any) -> Outcome:
            asked.append(named["aid"])
            return super().step(*arguments, **named)

    await analysed(conn, 1, Curious())
    (aid,) = asked
    assert (aid.device_id, aid.built_on, aid.serviced_on) == (device_id, date(2020, 5, 1), None)
    assert (aid.lent_on, aid.max_load_kg) == (date(2021, 1, 2), 140)


async def test_a_repair_becomes_a_ticket_that_counts_working_days(
    conn: Connection, lift: Lift
) -> None:
    await store(conn, [fault(lift, 0)], at(0.1))
    await analysed(conn, 1)
    await analysed(conn, 2)
    assert await rows(conn, TICKETS) == [("repair", "fault", 3, True)]
    ((key, opened, evidence, since, on_site, due),) = await rows(
        conn,
        "SELECT dedup_key, opened_at, evidence_at, since, on_site_due_at, repaired_due_at"
        " FROM ticket",
    )
    assert (key, opened, evidence, since, on_site) == ("repair:fault", at(1), at(1), at(0), None)
    assert due == datetime(2026, 11, 27, 23, 0, tzinfo=UTC)  # the next Friday is over
    assert await rows(conn, "SELECT what, asks, ticket_id IS NULL FROM finding") == [
        ("fault", "repair", False)
    ]
    told = await rows(conn, "SELECT channel, payload -> 'data' ->> 'kind' FROM notification")
    assert told == [("webhook", "repair")]


@pytest.mark.parametrize(
    ("dependent", "priority", "due"),
    [
        (False, 2, datetime(2026, 11, 24, 23, 0, tzinfo=UTC)),  # Tuesday is over
        (True, 1, datetime(2026, 11, 21, 23, 0, tzinfo=UTC)),  # the next day is over
    ],
)
async def test_more_of_the_same_is_evidence_and_what_is_unsafe_is_more_urgent(
    conn: Connection,
    lift: Lift,
    dependent: bool,
    priority: int,
    due: datetime,
) -> None:
    await conn.execute("UPDATE client SET wholly_dependent = %s", [dependent])
    await store(conn, [fault(lift, 0)], at(0))
    await analysed(conn, 1)
    await store(conn, [fault(lift, 2, "brake")], at(2))
    await analysed(conn, 3)
    assert await rows(conn, TICKETS) == [("repair", "fault", priority, True)]
    assert await rows(conn, "SELECT repaired_due_at FROM ticket") == [(due,)]
    kinds = await rows(conn, "SELECT kind FROM ticket_event ORDER BY event_no")
    assert [kind for (kind,) in kinds] == ["opened", "evidence_added", "priority_raised"]


async def test_what_asks_for_no_mechanic_gets_no_ticket(conn: Connection, lift: Lift) -> None:
    words: list[Message] = [
        lift.condition(at(0), battery_min_mv=21_000),
        lift.usage(at(1), load_kg=180),
    ]
    await store(conn, words, at(2))
    await analysed(conn, 3)
    await analysed(conn, 3 + SILENCE.total_seconds())
    found = await rows(
        conn,
        "SELECT what, asks, confidence, otherwise, forecast ->> 'days_high' FROM finding"
        " ORDER BY finding_id",
    )
    assert found == [
        ("battery_worn", "advice", pytest.approx(0.8), [], "40.5"),
        ("overload", "signal", None, [{"code": "seat_empty"}], None),
        ("offline", "notice", None, [], None),
    ]
    assert await rows(conn, TICKETS) == []
    assert await rows(conn, "SELECT * FROM notification") == []


async def test_a_cleared_fault_is_shown_and_ends_no_repair(conn: Connection, lift: Lift) -> None:
    await store(conn, [fault(lift, 0)], at(0))
    await analysed(conn, 1)
    await store(conn, [fault(lift, 2, edge=Edge.CLEARED)], at(2))
    await analysed(conn, 3)
    assert await rows(conn, "SELECT ended_at FROM finding") == [(at(2),)]
    shown = "SELECT all_clear_at, closed_at FROM ticket"
    assert await rows(conn, shown) == [(at(3), None)]
    await store(conn, [fault(lift, 4)], at(4))
    await analysed(conn, 5)
    assert await rows(conn, shown) == [(None, None)]
    assert await rows(conn, "SELECT count(*) FROM finding WHERE ended_at IS NULL") == [(1,)]


async def test_a_repair_that_is_done_closes_its_ticket_and_its_findings(
    conn: Connection, lift: Lift
) -> None:
    await store(conn, [fault(lift, 0)], at(0))
    await analysed(conn, 1)
    ((ticket, version),) = await rows(conn, "SELECT ticket_id, version FROM ticket")
    await service.confirm_repaired(
        conn,
        ticket,
        actor="desk",
        by="M. Teur",
        at=at(60),
        note="nieuwe lader",
        now=at(90),
        expected_version=version,
    )
    assert await rows(conn, TICKETS) == [("repair", "fault", 3, False)]
    assert await rows(conn, "SELECT ended_at FROM finding") == [(at(90),)]
    ((detail,),) = await rows(conn, "SELECT detail FROM ticket_event WHERE kind = 'repaired'")
    assert detail == {"by": "M. Teur", "note": "nieuwe lader"}
    happened = "SELECT repaired_at FROM ticket"
    assert await rows(conn, happened) == [(at(60),)]
    # Reading the log again finds the same, and opens nothing new.
    await conn.execute("UPDATE analysis_cursor SET log_no = 0")
    await conn.execute("DELETE FROM analysis_state")
    await analysed(conn, 100)
    assert await rows(conn, TICKETS) == [("repair", "fault", 3, False)]
    # Another one is new.
    await store(conn, [fault(lift, 110, "relay")], at(110))
    await analysed(conn, 111)
    assert await rows(conn, TICKETS) == [
        ("repair", "fault", 3, False),
        ("repair", "fault", 3, True),
    ]


async def test_an_emergency_takes_the_repair_along_and_leaves_what_is_left(
    conn: Connection, lift: Lift
) -> None:
    call = lift.call(at(0), STOPPED)
    await store(conn, [call, fault(lift, 0)], at(0.1))
    await listen(conn, at(1))
    await cycle(conn, SHARDS, now=at(1))
    await analysed(conn, 2)
    await analysed(conn, 3)
    assert await rows(conn, TICKETS) == [("emergency", None, 1, True)]
    linked = (
        "SELECT finding.what, ticket.kind, ended_at IS NULL FROM finding"
        " JOIN ticket USING (ticket_id)"
    )
    assert sorted(await rows(conn, linked)) == [
        ("fault", "emergency", True),
        ("stuck", "emergency", True),
    ]
    ((ticket, version),) = await rows(conn, "SELECT ticket_id, version FROM ticket")
    await service.confirm_release(
        conn, ticket, "desk", "mechanic_on_site", "", at(60), version, aid_works=True
    )
    await analysed(conn, 61)
    assert await rows(conn, TICKETS) == [
        ("emergency", None, 1, False),
        ("repair", "fault", 3, True),
    ]
    assert sorted(await rows(conn, linked)) == [
        ("fault", "repair", True),
        ("stuck", "emergency", False),
    ]
    # A call after that is an emergency of its own, and the repair does not keep it away.
    await store(conn, [lift.call(at(70), STOPPED, call_id="d" * 32)], at(70))
    await cycle(conn, SHARDS, now=at(71))
    assert ("emergency", None, 1, True) in await rows(conn, TICKETS)


async def test_a_closed_repair_says_nothing_about_emergencies(conn: Connection, lift: Lift) -> None:
    await store(conn, [fault(lift, 0)], at(0))
    await analysed(conn, 1)
    call = lift.call(at(2), STOPPED)
    await store(conn, [call], at(2))
    ((ticket, version),) = await rows(conn, "SELECT ticket_id, version FROM ticket")
    done: dict[str, Any] = {"actor": "desk", "by": "x", "note": "", "at": at(50), "now": at(50)}
    await service.confirm_repaired(conn, ticket, expected_version=version, **done)
    await listen(conn, at(51))
    await cycle(conn, SHARDS, now=at(51))
    assert ("emergency", None, 1, True) in await rows(conn, TICKETS)


async def test_a_timer_brings_when_the_aid_was_last_heard(conn: Connection, lift: Lift) -> None:
    await store(conn, [lift.usage(at(0))], at(0))
    watcher = Watcher()
    await analysed(conn, 1, watcher)
    # It rests and says so: the slow lane reads none of it, but it is not silence.
    await store(conn, [lift.status(at(1_000), PARKED)], at(1_000))
    due = SILENCE.total_seconds()
    await analysed(conn, due + 1, watcher)
    heard = watcher.heard[-1]
    assert isinstance(heard, LastHeard)
    assert heard.received_at == at(1_000)
    assert await rows(conn, "SELECT count(*) FROM finding") == [(0,)]
    await analysed(conn, 1_000 + due, watcher)
    assert await rows(conn, "SELECT what FROM finding") == [("offline",)]
    told = len(watcher.heard)
    await analysed(conn, 1_000 + due + 10, watcher)
    assert len(watcher.heard) == told


async def test_no_timer_rings_before_all_is_read(conn: Connection, lift: Lift) -> None:
    await store(conn, [lift.usage(at(0))], at(0))
    watcher = Watcher()
    await analysed(conn, 1, watcher)
    due = SILENCE.total_seconds()
    for number in range(40):
        await store(conn, [lift.usage(at(due - 50 + number))], at(due - 50 + number))
    report = await analysed(conn, due + 1, watcher, max_words=15)
    assert report.behind
    assert not any(isinstance(fact, LastHeard) for fact in watcher.heard)
    while report.behind:
        report = await analysed(conn, due + 1, watcher, max_words=15)
    assert sum(isinstance(fact, RideEnded) for fact in watcher.heard) == 41
    assert not any(isinstance(fact, LastHeard) for fact in watcher.heard)


async def test_a_detector_that_fails_stops_no_other_and_is_asked_later(
    conn: Connection, lift: Lift
) -> None:
    class Broken(Watcher):
        name = "broken"

        def step(self, state: Any, facts: Any, **named: Any) -> Outcome:
            if any(isinstance(fact, LastHeard) for fact in facts):
                raise ZeroDivisionError
            return super().step(state, facts, **named)

    both: list[Any] = [Broken(), Watcher()]
    await store(conn, [fault(lift, 0)], at(0))
    await analysed(conn, 1, detectors=both)
    late = SILENCE.total_seconds() + 1
    report = await analysed(conn, late, detectors=both)
    assert report.failed == (1,)
    assert await rows(conn, "SELECT what FROM finding WHERE asks = 'notice'") == [("offline",)]
    report = await analysed(conn, late + 2, detectors=both)
    assert report.failed == ()
    due = "SELECT due_at FROM analysis_state WHERE detector = 'broken'"
    assert await rows(conn, due) == [(at(late) + timedelta(hours=1),)]


async def test_a_call_is_left_to_the_others(conn: Connection, lift: Lift) -> None:
    class Broken(Watcher):
        def step(self, *_: Any, **__: Any) -> Outcome:
            raise ZeroDivisionError

    await store(conn, [lift.call(at(0), STOPPED)], at(0))
    report = await analysed(conn, 1, Broken())
    assert (report.failed, report.opened) == ((1,), 0)
    for table in ("ticket", "notification", "finding"):
        assert await rows(conn, f"SELECT count(*) FROM {table}") == [(0,)]


async def test_several_engines_share_the_work(database: str) -> None:
    names = [f"sl-{number:06d}" for number in range(1, 31)]
    register_devices(database, names)
    async with (
        await connect_async(database, application="one") as one,
        await connect_async(database, application="two") as two,
    ):
        lifts = [Lift(name) for name in names]
        for lift in lifts:
            await store(one, [fault(lift, 0), fault(lift, 1, "brake")], at(2))
        await listen(one, at(3))
        watchers = [Watcher(), Watcher()]
        for round_ in range(3):
            await asyncio.gather(
                *(
                    analyse(conn, SHARDS, now=at(3 + round_), detectors=[watcher])
                    for conn, watcher in zip((one, two), watchers, strict=True)
                )
            )
            await asyncio.gather(
                *(repairs.follow_up(conn, now=at(4 + round_)) for conn in (one, two))
            )
        assert sum(len(watcher.heard) for watcher in watchers) == 60
        assert await rows(one, "SELECT count(*), min(priority), max(priority) FROM ticket") == [
            (30, 1, 1)
        ]
        assert await rows(one, "SELECT count(*) FROM finding WHERE ticket_id IS NULL") == [(0,)]


async def test_an_analysis_under_way_holds_up_no_emergency(database: str) -> None:
    register_devices(database, ["sl-000001"])
    lift = Lift()
    async with (
        await connect_async(database, application="slow") as slow,
        await connect_async(database, application="fast") as fast,
    ):
        await store(fast, [fault(lift, 0)], at(0))
        await analysed(slow, 1)
        await store(fast, [fault(lift, 2, "brake"), lift.call(at(2), STOPPED)], at(2))

        async def call_for_help() -> None:
            report = await cycle(fast, SHARDS, now=at(3))
            assert report.opened == 1

        async with asyncio.timeout(5), slow.transaction():
            # With all that the slow lane locks held until it commits.
            await analyse(slow, SHARDS, now=at(3), detectors=[Watcher()])
            await repairs.follow_up(slow, now=at(3))
            await call_for_help()
        assert sorted(await rows(fast, TICKETS)) == [
            ("emergency", None, 1, True),
            ("repair", "fault", 1, True),
        ]


def year(lift: Lift, dice: random.Random) -> Iterable[tuple[float, Message]]:
    """Some weeks of words, in order, with pauses of any length."""
    moment = 0.0
    for _ in range(120):
        moment += dice.choice((60, 3_600, 40_000, 200_000))
        said = dice.randrange(6)
        if said < 2:
            edge = dice.choice(list(Edge))
            yield moment, lift.fault(at(moment), dice.choice(["charger", "brake"]), edge, PARKED)
        elif said == 2:
            yield moment, lift.condition(at(moment), battery_min_mv=dice.choice((21_000, None)))
        elif said == 3:
            yield moment, lift.usage(at(moment), load_kg=dice.choice((80, 180)))
        else:
            yield moment, lift.status(at(moment), replace(PARKED, battery_mv=26_000))


async def test_replay_finds_what_was_found_live(conn: Connection, lift: Lift) -> None:
    dice = random.Random(11)  # noqa: S311 - one seed, one history
    end = 0.0
    for moment, message in year(lift, dice):
        # The clock passes, and the engine looks at it, between any two words.
        while end + 43_200 < moment:
            end += 43_200
            await analysed(conn, end)
        end = moment
        await analysed(conn, moment - 1)
        await store(conn, [message], at(moment))
        if dice.random() < 0.7:
            await analysed(conn, moment + 1)
    await analysed(conn, end + 30)
    live = await rows(
        conn,
        "SELECT dedup_key, what, asks, level, since, ended_at, reasons, evidence FROM finding"
        " WHERE since <= %s ORDER BY dedup_key",
        [at(end)],
    )
    async with conn.transaction():
        found = [
            each
            async for each in replay(conn, since=T0, until=at(end), analysis=[Watcher()])
            if each.at <= at(end + 30)
        ]
    last = {each.finding.key: each.finding for each in found}
    replayed = [
        (
            *(key, finding.what, finding.asks.value, finding.level.value),
            *(finding.since, finding.ended_at),
            [{"code": reason.code, **reason.parameters} for reason in finding.reasons],
            list(finding.evidence.log_nos),
        )
        for key, finding in sorted(last.items())
    ]
    assert [(*row[:7], row[7]["log_nos"]) for row in live] == replayed
    assert {finding.asks for finding in last.values()} == {
        *(Ask.REPAIR, Ask.ADVICE, Ask.SIGNAL, Ask.NOTICE)
    }
    assert len(replayed) > 20
    assert any(finding.ended_at for finding in last.values())


async def test_what_is_heard_is_only_what_the_device_said_itself(
    conn: Connection, lift: Lift
) -> None:
    await store(conn, [lift.presence(at(0), 1, PARKED)], at(0))
    await store(conn, [lift.presence(at(0), 1, None, online=False)], at(500))
    watcher = Watcher()
    await analysed(conn, 501, watcher)
    await analysed(conn, SILENCE.total_seconds() + 501, watcher)
    heard = [fact for fact in watcher.heard if isinstance(fact, LastHeard)]
    assert [fact.received_at for fact in heard] == [at(0)]
    assert not any(isinstance(fact, FaultChanged) for fact in watcher.heard)
