"""Which faults ask for a mechanic, and when."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from diagnostics.detectors.contract import Finding, Level
from diagnostics.detectors.fault import POSTURE, Fault
from diagnostics.facts import Fact, FaultChanged
from gateway.protocol.vocabulary import CallReason, Edge, Landing, Mode, Seat
from tests.support.facts import DAY_S, PARKED, STOPPED, Word, aid_of, at
from tests.support.playing import play
from tests.support.tales import Tale
from tests.support.tales.habits import days, moment, rides

HOUR = 3_600


def found(
    facts: Sequence[Fact], *, kind: str = "stairlift", until: float = 3 * DAY_S
) -> dict[str, Finding]:
    tale = Tale(name="fault", aid=aid_of(kind), facts=facts, until=until)
    return play(Fault(), tale).findings


def certain(
    facts: Sequence[Fact], *, kind: str = "stairlift", until: float = 3 * DAY_S
) -> set[str]:
    findings = found(facts, kind=kind, until=until).values()
    return {finding.what for finding in findings if finding.level is Level.CERTAIN}


@pytest.mark.parametrize(
    ("code", "usable"), [("relay", False), ("brake", False), ("seat_sensor", True), ("x_77", False)]
)
def test_a_fault_that_stays_needs_a_mechanic(code: str, usable: bool) -> None:
    fault = Word().fault(0, code, Edge.RAISED, PARKED)
    assert isinstance(fault, FaultChanged)
    (finding,) = found([replace(fault, maker_code="F1")]).values()
    assert finding.level is Level.CERTAIN
    assert finding.usable is usable
    assert finding.since == at(0)
    assert ("maker_code", {"code": "F1"}) in [(r.code, r.parameters) for r in finding.reasons]


@pytest.mark.parametrize("code", ["relay", "battery_flat", "controller"])
def test_what_clears_soon_by_itself_needs_nobody(code: str) -> None:
    word = Word()
    raised = word.fault(0, code, Edge.RAISED, PARKED)
    assert found([raised, word.fault(200, code, Edge.CLEARED, PARKED)]) == {}


@pytest.mark.parametrize("code", sorted({*POSTURE, "no_charge", "battery_low"}))
def test_how_an_aid_is_left_is_no_fault(code: str) -> None:
    assert found([Word().fault(0, code, Edge.RAISED, PARKED)], until=30 * DAY_S) == {}


def test_what_should_clear_by_itself_has_half_a_day() -> None:
    facts = [Word().fault(0, "carriage_up_edge", Edge.RAISED, PARKED)]
    assert found(facts, until=11 * HOUR) == {}
    assert certain(facts, until=13 * HOUR) == {"fault"}


def test_a_flat_battery_may_charge_first() -> None:
    facts = [Word().fault(0, "battery_flat", Edge.RAISED, PARKED)]
    assert found(facts, until=2 * HOUR) == {}
    assert certain(facts, until=4 * HOUR) == {"fault"}
    assert found(facts, kind="scooter", until=12 * HOUR) == {}
    assert certain(facts, kind="scooter", until=15 * HOUR) == {"fault"}


def test_while_the_mechanic_is_there_faults_are_his() -> None:
    facts = [Word().fault(0, "relay", Edge.RAISED, replace(PARKED, mode=Mode.SERVICE))]
    assert found(facts, until=3 * HOUR) == {}
    assert certain(facts, until=5 * HOUR) == {"fault"}


def test_an_emergency_covers_its_fault() -> None:
    word = Word()
    fault = word.fault(0, "relay", Edge.RAISED, STOPPED)
    call = word.call(20, CallReason.FAULT)
    assert certain([fault]) == {"fault"}
    assert found([fault, call]) == {}


def test_a_test_call_covers_nothing() -> None:
    word = Word()
    facts = [word.fault(0, "relay", Edge.RAISED, STOPPED), word.call(20, CallReason.TEST)]
    assert certain(facts) == {"fault"}


def test_nobody_on_it_is_no_emergency() -> None:
    empty = replace(STOPPED, seat=Seat.EMPTY, landing=Landing.BETWEEN)
    assert certain([Word().fault(0, "relay", Edge.RAISED, empty)], until=600) == {"fault"}


def test_a_cleared_fault_has_passed() -> None:
    word = Word()
    facts = [
        word.fault(0, "relay", Edge.RAISED, PARKED),
        word.fault(5_000, "relay", Edge.CLEARED, PARKED),
    ]
    (finding,) = found(facts).values()
    assert finding.level is Level.PASSED
    assert finding.ended_at == at(5_000)


def test_a_clearing_that_overtakes_its_fault_still_clears_it() -> None:
    word = Word()
    raised = word.fault(0, "relay", Edge.RAISED, PARKED)
    cleared = word.fault(10, "relay", Edge.CLEARED, PARKED)
    late = replace(raised, received_at=cleared.received_at + timedelta(seconds=2))
    assert found([cleared, late]) == {}


def test_a_backlog_is_judged_when_it_is_read_to_its_end() -> None:
    word = Word()
    facts = [
        word.fault(0, "relay", Edge.RAISED, PARKED, delay=50_000),
        word.fault(900, "relay", Edge.CLEARED, PARKED, delay=49_110),
    ]
    assert found(facts) == {}


def flaps(word: Word, day: int, code: str, times: int) -> list[Fact]:
    facts = []
    for number in range(times):
        at_s = moment(day, 11 + number / 4)
        facts.append(word.fault(at_s, code, Edge.RAISED, PARKED))
        facts.append(word.fault(at_s + 5, code, Edge.CLEARED, PARKED))
    return facts


def test_a_fault_that_comes_back_flaps() -> None:
    word = Word()
    facts = [*days(20, rides(10.5), word=word), *flaps(word, 20, "relay", 2)]
    assert certain(facts, until=40 * DAY_S) == set()
    facts += flaps(word, 22, "relay", 3)
    assert certain(facts, until=40 * DAY_S) == {"flapping"}


def test_what_has_always_been_so_is_a_habit() -> None:
    word = Word()
    facts = days(60, lambda word, day: flaps(word, day, "carriage_up_edge", 6), word=word)
    assert certain(facts, until=70 * DAY_S) == set()
    facts += [fact for day in range(60, 63) for fact in flaps(word, day, "carriage_up_edge", 50)]
    assert certain(facts, until=70 * DAY_S) == {"flapping"}


def test_a_plug_may_have_been_loose_since_it_came() -> None:
    """Ten times a day and more is nobody's habit; of seats and belts it may be."""
    word = Word()
    loose = days(30, lambda word, day: flaps(word, day, "carriage_up_edge", 14), word=word)
    assert certain(loose, until=40 * DAY_S) == {"flapping"}
    posture = days(30, lambda word, day: flaps(word, day, "seat_turned", 14), word=word)
    assert certain(posture, until=40 * DAY_S) == set()


@pytest.mark.parametrize(("on_days", "expected"), [(3, set()), (6, {"flapping"})])
def test_a_child_stays_for_a_weekend_a_loose_contact_stays(
    on_days: int, expected: set[str]
) -> None:
    word = Word()
    facts = days(20, rides(10.5), word=word)
    for day in range(20, 20 + on_days):
        facts += flaps(word, day, "carriage_up_edge", 4)
    assert certain(facts, until=40 * DAY_S) == expected


def test_turning_the_seat_at_every_ride_is_no_fault() -> None:
    word = Word()
    few, many = rides(10.5, 17), rides(*(10 + number / 2 for number in range(24)))
    facts = days(30, few, lambda word, day: flaps(word, day, "seat_turned", 1), word=word)
    facts += days(
        5, many, lambda word, day: flaps(word, day, "seat_turned", 12), word=word, first=30
    )
    assert certain(facts, until=40 * DAY_S) == set()
