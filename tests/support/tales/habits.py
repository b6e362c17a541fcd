"""Days of use, for tales of detectors that look at habits: what every day has, and what differs."""

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Direction, Landing, Seat
from tests.support.facts import DAY_S, Word

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
Habit = Callable[[Word, int], Iterable[Fact]]


def days(count: int, *habits: Habit, word: Word | None = None, first: int = 0) -> list[Fact]:
    """Return ``count`` days from day ``first`` on, each with what the habits say of it."""
    word = word or Word()
    return [
        fact for day in range(first, first + count) for habit in habits for fact in habit(word, day)
    ]


def moment(day: int, hour: float) -> float:
    """Return seconds since the start, which is at ten in the morning of day 0."""
    return day * DAY_S + (hour - 10) * 3600


def ride(word: Word, day: int, hour: float, *, up: bool = True, **more: Any) -> Fact:
    """Return one ride; the client's, unless told otherwise."""
    usual = {
        "direction": Direction.UP if up else Direction.DOWN,
        "start_landing": Landing.BOTTOM if up else Landing.TOP,
        "duration_ms": 45_000,
        "distance_mm": 4_700,
        "mean_current_ma": (9_000 if up else 3_000) + 40 * (day * 7 % 5),
        "seat": Seat.OCCUPIED,
        "boarding_ms": 20_000 + 900 * (day * 3 % 7),
        "presses": 1,
    }
    landing = Landing.TOP if up else Landing.BOTTOM
    return word.ride_ended(moment(day, hour), landing, **(usual | more))


def rides(*hours: float, **more: Any) -> Habit:
    """Return a habit of rides, up and down in turn."""

    def habit(word: Word, day: int) -> Iterable[Fact]:
        return [
            ride(word, day, hour, up=number % 2 == 0, **more) for number, hour in enumerate(hours)
        ]

    return habit


def heavier(*hours: float, **more: Any) -> Habit:
    """Return rides of somebody much heavier, up and down in turn: downwards less of it shows."""
    return lambda word, day: [
        ride(word, day, hour, up=up, mean_current_ma=12_500 if up else 3_900, **more)
        for hour, up in zip(hours, itertools.cycle((True, False)), strict=False)
    ]


def evening(**more: Any) -> Habit:
    """Return a habit of reporting the day's condition late in the evening."""
    return lambda word, day: [word.condition(moment(day, 23.5), **more)]


def at_intervals(every: int, habit: Habit) -> Habit:
    """Return ``habit`` on each ``every``-th day only."""
    return lambda word, day: habit(word, day) if day % every == 0 else ()
