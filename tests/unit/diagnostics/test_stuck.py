"""Each stuck and not-stuck case of a stairlift, as facts in and findings out."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from diagnostics.detectors.contract import Level
from diagnostics.detectors.stuck import Stuck
from diagnostics.facts import Fact
from gateway.protocol.vocabulary import (
    CallPhase,
    CallReason,
    Contacts,
    Demand,
    Edge,
    Landing,
    Mode,
    Seat,
    Signals,
)
from tests.support.desk import Desk
from tests.support.facts import ARRIVED, EMPTY, PARKED, RIDING, STOPPED, Word, at


@pytest.fixture
def desk() -> Desk:
    return Desk(Stuck())


@pytest.fixture
def word() -> Word:
    return Word()


def departure(word: Word) -> list[Fact]:
    return [word.sample(-1, PARKED, seat=Seat.OCCUPIED), *word.samples(0, 10, RIDING)]


def test_a_plain_ride_is_nothing(desk: Desk, word: Word) -> None:
    facts = [*departure(word), word.sample(10, ARRIVED), word.ride_ended(10)]
    desk.hear(facts, now=10)
    desk.wait(600)
    assert desk.findings == {}
    assert not desk.attentive
    assert desk.due_at is None


def test_sos_is_certain_at_once(desk: Desk, word: Word) -> None:
    desk.hear([*departure(word), word.sample(10, STOPPED, signals=Signals.SOS)], now=10.1)
    assert desk.codes() >= {"sos_pressed", "rider_aboard", "position"}


def test_sos_counts_at_a_landing_too(desk: Desk, word: Word) -> None:
    desk.hear([word.sample(0, PARKED, signals=Signals.SOS)], now=0)
    assert len(desk.certain()) == 1


def test_one_long_press_is_one_finding_and_a_later_press_another(desk: Desk, word: Word) -> None:
    pressed = replace(STOPPED, signals=Signals.SOS)
    desk.hear([*departure(word), *word.samples(10, 20, pressed)], now=20)
    assert sum(f.key.startswith("sos:") for f in desk.certain()) == 1
    desk.hear([*word.samples(20, 60, STOPPED), word.sample(60, pressed)], now=60)
    assert sum(f.key.startswith("sos:") for f in desk.certain()) == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fault": "footrest_up_edge"}, "blocked"),
        ({"contacts": Contacts.CARRIAGE_UP}, "blocked"),
        ({"fault": "a_code_we_do_not_know"}, "blocked"),
        ({"demand": Demand.UP, "signals": Signals.REFUSED}, "refused"),
        ({"battery_mv": 16_800}, "power_low"),
        ({"fault": "battery_flat"}, "power_low"),
        ({"seat": Seat.EMPTY}, "rider_gone"),
    ],
)
def test_a_cause_is_certain_after_a_few_seconds(
    desk: Desk, word: Word, changes: dict[str, Any], code: str
) -> None:
    facts = [*departure(word), *word.samples(10, 31, replace(STOPPED, **changes))]
    desk.hear([f for f in facts if f.received_at < at(11)], now=11)
    assert desk.certain() == []
    assert code in desk.codes(Level.SUSPECTED)
    desk.live([f for f in facts if f.received_at >= at(11)])
    assert code in desk.codes()
    assert len(desk.findings) == 1


def test_a_cause_is_certain_even_when_nothing_more_is_heard(desk: Desk, word: Word) -> None:
    desk.hear([*departure(word), word.fault(10, "over_current", Edge.RAISED, STOPPED)], now=10)
    desk.wait(42)
    assert desk.certain() == []  # the line may stand, and somebody reverse meanwhile
    desk.wait(43)
    assert "blocked" in desk.codes()


def test_an_edge_that_clears_is_recorded_and_nothing_more(desk: Desk, word: Word) -> None:
    touched = replace(STOPPED, contacts=Contacts.FOOTREST_UP, fault="footrest_up_edge")
    back = replace(RIDING, speed_mm_s=-120, demand=Demand.DOWN)
    facts = [
        *departure(word),
        *word.samples(10, 13, touched),
        *word.samples(13, 25, back),
        word.sample(26, PARKED, seat=Seat.OCCUPIED),
    ]
    desk.hear(facts, now=26)
    desk.wait(300)
    (finding,) = desk.findings.values()
    assert finding.level is Level.PASSED
    assert {"blocked", "went_on"} <= {r.code for r in finding.reasons}
    assert finding.ended_at == at(13)


def test_a_stop_without_reason_is_suspected_then_certain(desk: Desk, word: Word) -> None:
    desk.hear([*departure(word), *word.samples(10, 15, STOPPED)], now=15)
    desk.wait(25)
    assert "stopped" in desk.codes(Level.SUSPECTED)
    desk.wait(67)
    assert desk.certain() == []
    desk.wait(69)
    assert desk.codes() >= {"stopped", "rider_aboard"}


def test_a_chosen_pause_that_resumes_is_passed(desk: Desk, word: Word) -> None:
    facts = [
        *departure(word),
        *word.samples(10, 50, STOPPED),
        *word.samples(50, 60, RIDING),
        word.sample(60, ARRIVED),
    ]
    for fact in facts:
        desk.wait((fact.received_at - at(0)).total_seconds())
        desk.hear([fact], now=(fact.received_at - at(0)).total_seconds())
    desk.wait(300)
    assert [f.level for f in desk.findings.values()] == [Level.PASSED]


def test_an_empty_chair_in_mid_rail_is_nothing(desk: Desk, word: Word) -> None:
    sent = replace(RIDING, seat=Seat.EMPTY)
    desk.hear([*word.samples(0, 10, sent), *word.samples(10, 20, EMPTY)], now=20)
    desk.wait(3_600)
    assert desk.findings == {}


@pytest.mark.parametrize("mode", [Mode.SERVICE, Mode.HAND_WOUND])
def test_a_lift_that_somebody_attends_is_nothing(desk: Desk, word: Word, mode: Mode) -> None:
    attended = replace(STOPPED, mode=mode, signals=Signals.SOS, fault="relay")
    desk.hear([*departure(word), *word.samples(10, 20, attended)], now=20)
    desk.wait(3_600)
    assert desk.findings == {}


def test_a_rider_still_aboard_when_the_key_is_taken_out_counts_again(
    desk: Desk, word: Word
) -> None:
    attended = replace(STOPPED, mode=Mode.SERVICE)
    desk.hear([*word.samples(0, 20, attended), *word.samples(20, 30, STOPPED)], now=30)
    desk.wait(90)
    assert "stopped" in desk.codes()


def test_silence_in_mid_ride(desk: Desk, word: Word) -> None:
    desk.hear(departure(word), now=10)
    desk.wait(30)
    assert "silent" in desk.codes(Level.SUSPECTED)
    desk.wait(67)
    assert desk.certain() == []
    desk.wait(68)
    assert "silent" in desk.codes()


def test_a_will_in_mid_ride_is_suspected_at_once(desk: Desk, word: Word) -> None:
    desk.hear([word.connected(-5, 3), *departure(word), word.lost(11, 3)], now=11)
    assert "connection_lost" in desk.codes(Level.SUSPECTED)
    desk.wait(200)
    assert "connection_lost" in desk.codes()


def test_a_late_will_of_an_earlier_session_says_nothing(desk: Desk, word: Word) -> None:
    desk.hear([word.connected(-5, 4), *departure(word), word.lost(11, 3)], now=11)
    assert desk.findings == {}


def test_silence_means_nothing_while_we_do_not_listen(word: Word) -> None:
    desk = Desk(Stuck(), listening_since=None)
    desk.hear(departure(word), now=10)
    desk.wait(400)
    assert desk.findings == {}
    assert desk.due_at is not None
    desk.listening_since = at(400)
    desk.wait(420)
    assert "silent" in desk.codes(Level.SUSPECTED)
    desk.wait(500)
    assert "silent" in desk.codes()


def test_silence_that_ends_well_is_passed(desk: Desk, word: Word) -> None:
    desk.hear(departure(word), now=10)
    desk.wait(50)
    desk.hear([word.sample(51, ARRIVED), word.ride_ended(51)], now=51)
    desk.wait(300)
    assert [f.level for f in desk.findings.values()] == [Level.PASSED]


@pytest.mark.parametrize("phase", [CallPhase.RAISED, CallPhase.REPEATED])
@pytest.mark.parametrize("reason", [r for r in CallReason if r is not CallReason.TEST])
def test_every_call_is_certain_at_once(
    desk: Desk, word: Word, reason: CallReason, phase: CallPhase
) -> None:
    desk.hear([word.call(0, reason, phase, sample=PARKED)], now=0.01)
    assert f"call_{reason}" in desk.codes()


def test_a_test_call_is_nothing(desk: Desk, word: Word) -> None:
    desk.hear([word.call(0, CallReason.TEST, sample=PARKED)], now=0)
    desk.wait(3_600)
    assert desk.findings == {}


def test_a_test_call_that_becomes_serious_is_certain(desk: Desk, word: Word) -> None:
    desk.hear([word.call(0, CallReason.TEST), word.call(1, CallReason.SOS)], now=1)
    assert "call_sos" in desk.codes()


def test_an_old_call_that_the_lift_cleared_and_rests_after_is_passed(
    desk: Desk, word: Word
) -> None:
    facts = [
        word.call(0, delay=600),
        word.call(60, phase=CallPhase.CLEARED, sample=ARRIVED, delay=541),
    ]
    desk.hear([word.connected(600, 2, ARRIVED)], now=600)
    desk.hear(facts, now=601)
    desk.wait(900)
    assert desk.findings["call:" + "a" * 32].level is Level.PASSED
    assert desk.certain() == []


def test_an_old_call_that_nobody_cleared_is_certain(desk: Desk, word: Word) -> None:
    facts = [word.call(0, delay=600)]
    desk.hear([word.connected(600, 2, ARRIVED), *facts], now=600)
    desk.wait(611)
    assert "call_sos" in desk.codes()


def test_an_old_call_that_was_cleared_is_certain_if_the_lift_does_not_rest(
    desk: Desk, word: Word
) -> None:
    facts = [word.call(0, delay=600), word.call(60, phase=CallPhase.CLEARED, delay=541)]
    desk.hear([word.connected(600, 2, STOPPED), *facts], now=601)
    desk.wait(620)
    assert "call_sos" in desk.codes()


def test_an_old_call_that_is_still_open_is_certain_at_once(desk: Desk, word: Word) -> None:
    call = word.call(0, delay=600)
    desk.hear([word.connected(600, 2, ARRIVED, call_id="a" * 32)], now=600)
    desk.hear([call], now=600)
    assert "call_sos" in desk.codes()


def test_a_call_that_presence_names_is_certain_though_its_message_is_not_here(
    desk: Desk, word: Word
) -> None:
    desk.hear([word.connected(0, 2, ARRIVED, call_id="b" * 32)], now=0)
    assert desk.codes() == {"call_open"}
    desk.hear([word.call(-300, call_id="b" * 32, delay=307)], now=7)
    (finding,) = desk.certain()
    assert [reason.code for reason in finding.reasons] == ["call_sos"]
    assert finding.since == at(-300)


def test_a_clock_gone_wild_does_not_hide_a_call(desk: Desk, word: Word) -> None:
    desk.hear([word.call(-(10**9), delay=10**9)], now=0)
    desk.wait(11)
    assert "call_sos" in desk.codes()


def test_a_backlog_of_a_ride_that_ended_is_not_stuck(desk: Desk, word: Word) -> None:
    history = [
        *departure(word),
        *word.samples(10, 200, STOPPED, every=5),
        *word.samples(200, 210, RIDING),
        word.sample(210, ARRIVED),
    ]
    late = [replace(f, received_at=at(1_000 + i // 50)) for i, f in enumerate(history)]
    desk.hear([word.connected(1_000, 2, ARRIVED)], now=1_000)
    desk.hear(late, now=1_010)
    desk.wait(2_000)
    assert desk.certain() == []


def test_a_backlog_whose_last_word_is_stuck_is_an_emergency(desk: Desk, word: Word) -> None:
    history = [*departure(word), *word.samples(10, 200, STOPPED, every=5)]
    late = [replace(f, received_at=at(1_000)) for f in history]
    desk.hear([word.connected(1_000, 2, None, head=0), *late], now=1_000)
    assert desk.certain() == []
    desk.wait(1_011)
    assert {"stopped", "from_backlog"} <= desk.codes()


def test_found_stranded_as_it_connects(desk: Desk, word: Word) -> None:
    desk.hear([word.connected(0, 1, STOPPED)], now=0)
    desk.wait(69)
    assert "stopped" in desk.codes()


def test_without_sensors_a_ride_that_does_not_end_is_an_emergency(desk: Desk, word: Word) -> None:
    blind = replace(
        RIDING, position_mm=None, speed_mm_s=None, seat=Seat.UNKNOWN, landing=Landing.UNKNOWN
    )
    halted = replace(blind, demand=Demand.NONE)
    desk.hear([*word.samples(0, 5, blind), *word.samples(5, 10, halted)], now=10)
    desk.wait(130)
    assert desk.certain() == []
    desk.wait(135)
    assert {"stopped", "rider_unknown", "position_unknown"} <= desk.codes()


def test_without_sensors_a_ride_that_ended_is_nothing(desk: Desk, word: Word) -> None:
    blind = replace(
        RIDING, position_mm=None, speed_mm_s=None, seat=Seat.UNKNOWN, landing=Landing.UNKNOWN
    )
    halted = replace(blind, demand=Demand.NONE)
    facts = [
        *word.samples(0, 5, blind),
        *word.samples(5, 10, halted),
        word.ride_ended(10, Landing.UNKNOWN),
    ]
    desk.hear(facts, now=10)
    desk.wait(600)
    assert desk.certain() == []


def test_the_rail_tells_the_landing_when_the_switches_do_not(desk: Desk, word: Word) -> None:
    stopped = replace(STOPPED, landing=Landing.UNKNOWN)
    desk.hear([*departure(word), word.sample(10, stopped, position_mm=4_690)], now=10)
    desk.wait(600)
    assert desk.findings == {}


def test_a_broken_speed_sensor_does_not_make_a_ride_a_stop(desk: Desk, word: Word) -> None:
    facts = [word.sample(t / 2, RIDING, speed_mm_s=0, position_mm=500 + 20 * t) for t in range(200)]
    desk.hear([*facts, word.sample(100, ARRIVED)], now=100)
    desk.wait(300)
    assert desk.certain() == []


def test_all_clear_is_said_once_the_lift_rests(desk: Desk, word: Word) -> None:
    facts = [*departure(word), *word.samples(10, 30, replace(STOPPED, fault="relay"))]
    desk.hear(facts, now=30)
    assert desk.certain()
    assert [desk.all_clear] == [False]
    desk.hear([*word.samples(31, 35, RIDING), word.sample(40, ARRIVED)], now=40)
    desk.wait(60)
    assert desk.all_clear
    (finding,) = desk.certain()
    assert finding.ended_at == at(31)


def test_a_second_stop_is_a_new_episode(desk: Desk, word: Word) -> None:
    blocked = replace(STOPPED, fault="relay")
    facts = [
        *departure(word),
        *word.samples(10, 30, blocked),
        *word.samples(30, 40, RIDING),
        *word.samples(40, 60, blocked),
    ]
    desk.hear(facts, now=60)
    assert len(desk.certain()) == 2


def test_state_survives_storage(desk: Desk, word: Word) -> None:
    desk.hear([*departure(word), word.call(10), word.sample(11, STOPPED)], now=11)
    stored = msgspec.json.encode(desk.state)
    assert msgspec.json.decode(stored, type=Stuck().state_type) == desk.state
