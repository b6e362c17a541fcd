"""What stuck learns of a lift and its people, and how far that goes."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from diagnostics.detectors.contract import Level
from diagnostics.detectors.emergency.habits import Habits
from diagnostics.detectors.stuck import Parameters, Stuck
from diagnostics.detectors.stuck.track import longest_ride, longest_stop
from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Demand, Signals
from tests.support.desk import Desk
from tests.support.facts import ARRIVED, RIDING, STOPPED, Word

LIMITS = Parameters()


def ride(word: Word, start: float, pause: float = 0) -> list[Fact]:
    """A ride of 20 s up, with a pause half-way."""
    half = start + 10
    return [
        *word.samples(start, half, RIDING),
        *word.samples(half, half + pause, STOPPED, every=1.0),
        *word.samples(half + pause, half + pause + 10, RIDING),
        word.sample(half + pause + 10, ARRIVED),
        word.ride_ended(half + pause + 11),
    ]


def desk_after(pauses: Sequence[float]) -> tuple[Desk, Word, float]:
    """Return a desk that has seen a ride with each of these pauses, and the time after them."""
    desk, word, now = Desk(Stuck()), Word(), 0.0
    for pause in pauses:
        desk.live(ride(word, now, pause))
        now += 600
    return desk, word, now


def stop(desk: Desk, word: Word, start: float) -> float:
    """Stop in mid-ride for good; return how long after the stop that was certain."""
    desk.live(
        [*word.samples(start, start + 10, RIDING), *word.samples(start + 10, start + 15, STOPPED)]
    )
    desk.wait(start + 300)
    return min(at for at in desk.certain_at.values() if at >= start) - (start + 10)


def test_a_lift_not_met_before() -> None:
    desk, word, now = desk_after([])
    assert stop(desk, word, now) == 58


def test_where_nobody_pauses_a_stop_is_certain_sooner() -> None:
    desk, word, now = desk_after([0] * 10)
    assert stop(desk, word, now) == 48


def test_who_often_pauses_is_given_time() -> None:
    desk, word, now = desk_after([40] * 10)
    assert desk.certain() == []
    assert stop(desk, word, now) == 40 * 1.5 + 15 + 8


def test_one_long_pause_is_no_habit() -> None:
    desk, word, now = desk_after([5] * 9 + [45])
    assert stop(desk, word, now) == 48


def test_who_often_pauses_is_suspected_later_but_before_long() -> None:
    desk, word, now = desk_after([20] * 10)
    desk.findings.clear()
    desk.live([*word.samples(now, now + 10, RIDING), *word.samples(now + 10, now + 15, STOPPED)])
    desk.wait(now + 10 + 24)
    assert desk.findings == {}
    desk.wait(now + 10 + 26)
    assert desk.codes(Level.SUSPECTED) >= {"stopped"}


def test_habits_delay_no_cause() -> None:
    desk, word, now = desk_after([45] * 10)
    refused = replace(STOPPED, demand=Demand.UP, signals=Signals.REFUSED)
    desk.live(word.samples(now, now + 10, RIDING))
    desk.live([word.sample(now + 10, refused), *word.samples(now + 11, now + 31, STOPPED)])
    desk.wait(now + 10 + 12 + 8)
    assert desk.codes() >= {"refused"}


def test_being_stuck_is_no_habit() -> None:
    """Nobody is taught patience by emergencies: only what ended by itself, and well, counts."""
    desk, word, now = desk_after([0] * 8)
    for number in range(8):
        start = now + number * 600
        half = start + 10
        blocked = replace(STOPPED, fault="footrest_up_edge")
        desk.live(word.samples(start, half, RIDING))
        desk.live([word.sample(half + s, blocked) for s in range(60)])
        desk.live([*word.samples(half + 60, half + 70, RIDING), word.sample(half + 70, ARRIVED)])
    assert longest_stop(desk.state.settled.habits, LIMITS) == LIMITS.certain_stop_least


@pytest.mark.parametrize("pause_s", [0, 10, 30, 60, 600, 86_400])
@pytest.mark.parametrize("ride_s", [0, 10, 60, 3_600, 86_400])
def test_no_habit_goes_beyond_the_bounds(pause_s: int, ride_s: int) -> None:
    habits = Habits(rides_s=(ride_s,) * 24, pauses_s=(pause_s,) * 24)
    stop = longest_stop(habits, LIMITS)
    assert LIMITS.certain_stop_least <= stop <= LIMITS.certain_stop_most
    ride = longest_ride(habits, LIMITS)
    assert LIMITS.overlong_least <= ride <= LIMITS.overlong_most


def test_memory_of_habits_is_small() -> None:
    habits = Habits()
    for number in range(1_000):
        habits = habits.after(timedelta(seconds=number), timedelta(seconds=1))
    assert len(habits.rides_s) == len(habits.pauses_s) == 24


def crawl(word: Word, start: float, end: float) -> list[Fact]:
    """A rider who gets on by fits and starts, and to no landing."""
    facts: list[Fact] = []
    moment = start
    while moment < end:
        facts += word.samples(moment, moment + 5, RIDING, every=1.0)
        facts += word.samples(moment + 5, moment + 20, STOPPED, every=1.0)
        moment += 20
    return facts


def test_a_ride_far_longer_than_its_own_is_an_emergency() -> None:
    desk, word, now = desk_after([5] * 10)  # rides of 25 s
    desk.live(crawl(word, now, now + 300))
    assert desk.codes() >= {"ride_overlong", "ride_usual", "rider_aboard"}
    assert min(desk.certain_at.values()) - now <= LIMITS.overlong_least.total_seconds() + 30


def test_a_lift_not_known_may_take_longer() -> None:
    desk, word, now = desk_after([])
    desk.live(crawl(word, now, now + 500))
    assert desk.certain() == []
    desk.live(crawl(word, now + 500, now + 700))
    assert desk.codes() >= {"ride_overlong"}


def test_an_overlong_ride_that_ends_has_ended() -> None:
    desk, word, now = desk_after([5] * 10)
    desk.live(crawl(word, now, now + 300))
    desk.live([word.sample(now + 301, ARRIVED), word.ride_ended(now + 302)])
    desk.wait(now + 400)
    (finding,) = desk.certain()
    assert finding.ended_at is not None


def test_rides_with_readings_lost_in_between_are_not_one_long_ride() -> None:
    desk, word, now = desk_after([0] * 10)
    desk.listening_since = None  # so that silence says nothing either
    for number in range(20):
        start = now + number * 100
        desk.live(word.samples(start, start + 10, RIDING))
    assert not any(key.startswith("ride:") for key in desk.findings)
