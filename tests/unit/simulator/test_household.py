from random import Random

import pytest

from gateway.protocol.vocabulary import Landing
from simulator.hardware.rail import Rail
from simulator.hardware.stairlift import Stairlift
from simulator.home import Home
from simulator.household import DAY_MS, HOUR_MS, Habits, Household


def household(seed: int = 1, *, tempo: float = 1.0, position_m: float = 4.7) -> Household:
    rng = Random(seed)
    home = Home(Stairlift(Rail.straight(), rng=Random(seed), position_m=position_m), rng=rng)
    made = Household(home, Habits.drawn(rng), day_ms=0, tempo=tempo, rng=rng)
    home.begin(made.live())
    return made


def rides(family: Household, *, until_ms: int, from_ms: int = 0, every_ms: int = 10_000) -> int:
    """Count how often the lift comes to another landing."""
    home, count, last = family.home, 0, family.home.lift.landing
    for now_ms in range(from_ms, until_ms, every_ms):
        home.advance_to(now_ms)
        here = home.lift.landing
        if here in (Landing.BOTTOM, Landing.TOP) and here is not last:
            last, count = here, count + 1
    return count


@pytest.mark.parametrize("seed", range(8))
def test_a_day_has_a_believable_number_of_rides_and_ends_upstairs(seed: int) -> None:
    family = household(seed)
    assert 4 <= rides(family, until_ms=DAY_MS) <= 14
    assert family.home.lift.landing is Landing.TOP
    assert family.home.lift.seat_load_kg == 0


def test_nobody_rides_at_night() -> None:
    family = household()
    assert rides(family, until_ms=5 * HOUR_MS) == 0


def test_tempo_brings_more_rides_in_the_same_time() -> None:
    slow, fast = household(3), household(3, tempo=10)
    assert rides(fast, until_ms=DAY_MS) > 4 * rides(slow, until_ms=DAY_MS)


def test_every_ride_arrives_within_minutes() -> None:
    family = household(5, tempo=20)
    home, away_since = family.home, None
    for now_ms in range(0, DAY_MS, 5_000):
        home.advance_to(now_ms)
        if home.lift.landing is not Landing.BETWEEN:
            away_since = None
            continue
        away_since = now_ms if away_since is None else away_since
        assert now_ms - away_since < 180_000


def test_the_same_seed_lives_the_same_life() -> None:
    first, second = household(9, tempo=5), household(9, tempo=5)
    for now_ms in range(0, DAY_MS // 4, 60_000):
        first.home.advance_to(now_ms)
        second.home.advance_to(now_ms)
        assert first.home.read() == second.home.read()


def test_habits_stay_within_what_lifts_carry() -> None:
    rng = Random(4)
    for _ in range(500):
        habits = Habits.drawn(rng)
        assert 42 <= habits.weight_kg <= 130
        assert habits.wakes_at_h < habits.sleeps_at_h


def test_a_tempo_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="tempo"):
        household(tempo=0)
