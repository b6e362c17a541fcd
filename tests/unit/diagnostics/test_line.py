"""What is learnt of an aid's own line, and how long it may then be silent in mid-ride."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from diagnostics.detectors.contract import Level
from diagnostics.detectors.emergency.limits import Limits
from diagnostics.detectors.emergency.line import Line
from diagnostics.detectors.stuck import Stuck
from gateway.protocol.vocabulary import CallPhase, Landing, Seat
from tests.support.desk import Desk
from tests.support.facts import ARRIVED, DAY_S, PARKED, RIDING, STOPPED, Word, at

LIMITS = Limits()


def line(days: float, *, interrupted: int, over_days: float | None = None) -> Line:
    """A line heard for ``days`` that was interrupted so often, evenly, in the first of them."""
    known = Line().heard(at(0), interrupted=False)
    step = (over_days or days) * DAY_S / (interrupted + 1)
    for number in range(interrupted):
        known = known.heard(at(step * (number + 1)), interrupted=True)
    return known


@pytest.mark.parametrize(
    ("known", "days", "seconds"),
    [
        (line(0, interrupted=0), 0.1, 50),  # not known yet
        (line(1, interrupted=0), 1, 40),  # never failed in a day
        (line(10, interrupted=1), 10, 50),  # as usual
        (line(10, interrupted=5), 10, 108),
        (line(3, interrupted=9), 3, 180),
        (line(10, interrupted=5), 60, 40),  # it was bad, long ago
    ],
)
def test_patience_grows_with_what_the_line_is_like(
    known: Line, days: float, seconds: float
) -> None:
    patience = known.patience(at(days * DAY_S), LIMITS)
    assert patience.total_seconds() == pytest.approx(seconds, abs=1)


def test_what_comes_together_is_one_interruption() -> None:
    known = line(1, interrupted=0)
    for second in range(0, 60, 5):
        known = known.heard(at(second), interrupted=True)
    assert len(known.interrupted) == 1


def test_it_remembers_a_few_interruptions_only() -> None:
    known = line(8, interrupted=200)
    assert len(known.interrupted) == 16
    assert known.per_day(at(8 * DAY_S)) == pytest.approx(16, rel=0.5)


def certain_after(desk: Desk, word: Word, start: float) -> float:
    """Fall silent after ten seconds of a ride; return how long after the last word that counts."""
    desk.live(word.samples(start, start + 10, RIDING))
    desk.wait(start + 600)
    return min(at for at in desk.certain_at.values() if at >= start) - (start + 9.5)


def test_silence_over_a_good_line_is_certain_sooner() -> None:
    desk, word = Desk(Stuck()), Word()
    desk.live([word.connected(0, 1), word.sample(1, PARKED)])
    assert certain_after(desk, word, 2 * DAY_S) == 40 + 8


def test_silence_over_a_line_that_often_comes_back_is_certain_later() -> None:
    desk, word = Desk(Stuck()), Word()
    desk.live([word.connected(number * DAY_S / 3, number + 1) for number in range(7)])
    assert certain_after(desk, word, 2 * DAY_S) == 180 + 8


def test_a_line_that_has_just_stood_is_given_longer() -> None:
    desk, word = Desk(Stuck()), Word()
    desk.live(word.samples(0, 10, PARKED, every=1.0, delay=12))
    assert certain_after(desk, word, 60) > 150


def test_a_battery_about_to_give_out_takes_the_modem_along() -> None:
    desk, word = Desk(Stuck()), Word()
    desk.live([word.sample(0, replace(RIDING, battery_mv=16_800))])
    assert certain_after(desk, word, 1) == 25 + 8


def test_a_stop_with_a_cause_is_not_certain_while_the_line_may_stand() -> None:
    """An edge from which the rider reverses, over a line that brings it half a minute later."""
    edge = replace(STOPPED, fault="footrest_up_edge")
    back = replace(RIDING, speed_mm_s=-120)
    desk, word = Desk(Stuck()), Word()
    desk.live([*word.samples(0, 10, RIDING), *word.samples(10, 13, edge)])
    reversed_out = [
        *word.samples(13, 16, edge),
        *word.samples(16, 30, back),
        word.sample(30, ARRIVED, landing=Landing.BOTTOM, position_mm=0),
    ]
    stalled = [replace(fact, received_at=at(40 + n / 100)) for n, fact in enumerate(reversed_out)]
    desk.live(stalled)
    desk.wait(600)
    assert [finding.level for finding in desk.findings.values()] == [Level.PASSED]


def test_a_call_made_over_this_connection_is_news_whatever_its_clock_says() -> None:
    """The clock jumped back while the lift was stuck."""
    desk, word = Desk(Stuck()), Word()
    desk.live([word.connected(0, 1, PARKED), *word.samples(1, 10, RIDING)])
    desk.hear([word.call(100 - 40 * DAY_S, sample=STOPPED, delay=40 * DAY_S)], now=100.1)
    assert desk.codes() >= {"call_sos"}


def test_an_old_call_is_certain_at_once_where_the_lift_does_not_rest_as_it_connects() -> None:
    desk, word = Desk(Stuck()), Word()
    call = word.call(0, sample=STOPPED, delay=600)
    desk.hear([word.connected(600, 2, STOPPED)], now=600)
    desk.hear([call], now=600.1)
    assert desk.codes() >= {"call_sos"}


def test_an_old_call_waits_where_it_rests_until_the_rest_of_the_backlog_is_there() -> None:
    """A call in the afternoon over a dead line that comes back at night, when all is well."""
    desk, word = Desk(Stuck()), Word()
    call = word.call(0, sample=STOPPED, delay=12 * 3_600)
    cleared = word.call(90, phase=CallPhase.CLEARED, sample=ARRIVED, delay=12 * 3_600 - 85)
    desk.live([word.connected(12 * 3_600 - 1, 2, PARKED), call, cleared])
    desk.wait(13 * 3_600)
    assert desk.certain() == []


def test_interruptions_are_those_that_the_platform_saw() -> None:
    known = line(4, interrupted=4)
    before, after = known.patience(at(0.1 * DAY_S), LIMITS), known.patience(at(4 * DAY_S), LIMITS)
    assert before == timedelta(seconds=50)
    assert after > before


def test_who_sat_down_before_the_line_was_lost_for_long_may_be_stuck() -> None:
    """The line died before anything of the ride had arrived: the will is all there is."""
    desk, word = Desk(Stuck()), Word()
    desk.live([word.connected(-5, 1), word.sample(0, PARKED)])
    desk.live([word.sample(3, PARKED, seat=Seat.OCCUPIED), word.lost(100, 1)])
    desk.wait(190)
    assert desk.certain() == []
    desk.wait(192)
    assert desk.codes() >= {"lost_as_boarded", "rider_aboard"}


@pytest.mark.parametrize(
    ("sat_since", "lost_at", "back_at"),
    [(3, 100, 150), (-100, 100, None), (3, 300, None)],
)
def test_who_sits_at_the_landing_is_not_stuck_because_a_line_is_lost(
    sat_since: float, lost_at: float, back_at: float | None
) -> None:
    """It came back; he has sat there for longer; it was lost long after that."""
    desk, word = Desk(Stuck()), Word()
    sitting = replace(PARKED, seat=Seat.OCCUPIED)
    desk.live([word.connected(-300, 1), word.sample(-200, PARKED), word.sample(sat_since, sitting)])
    desk.live([word.sample(max(sat_since, 3), sitting), word.lost(lost_at, 1)])
    if back_at is not None:
        desk.live([word.connected(back_at, 2, sitting)])
    desk.wait(2_000)
    assert desk.certain() == []
