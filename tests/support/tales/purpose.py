"""Goods on the chair, goods behind a scooter, and the lift as a toy, empty and ridden."""

from collections.abc import Iterable
from typing import Any

from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Seat
from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import Habit, at_intervals, days, ride, rides

EMPTY: dict[str, Any] = {"seat": Seat.EMPTY, "mean_current_ma": 4_500, "boarding_ms": None}


def goods(word: Word, day: int) -> Iterable[Fact]:
    """Three loads up, and straight back empty after each."""
    return [
        each
        for number in range(3)
        for each in (
            ride(word, day, 16 + number / 12, mean_current_ma=6_500, boarding_ms=12_000),
            ride(word, day, 16 + number / 12 + 1 / 24, up=False, **EMPTY),
        )
    ]


def many(count: int, **more: Any) -> Habit:
    """Return a habit of so many rides on end."""
    return lambda word, day: [
        ride(word, day, 16 + n / 40, up=n % 2 == 0, **more) for n in range(count)
    ]


def outings(current_ma: int, stops: int, *hours: float) -> Habit:
    return rides(
        *hours, distance_mm=1_500_000, duration_ms=600_000, mean_current_ma=current_ma, stops=stops
    )


def tales() -> list[Tale]:
    lift, usual = aid_of("stairlift"), rides(8, 12, 21)
    word = Word()
    towing = [
        *days(25, outings(8_000, 1, 10, 11), word=word),
        *days(30, outings(8_000, 1, 10), outings(14_000, 8, 14, 15), word=word, first=25),
    ]
    told = {
        "goods": (lift, days(30, usual, at_intervals(3, goods)), "goods_transport"),
        "towing": (aid_of("scooter"), towing, "goods_transport"),
        "empty_rides": (lift, days(30, usual, at_intervals(4, many(8, **EMPTY))), "play"),
        "a_child_rides": (
            lift,
            days(30, usual, at_intervals(4, many(8, boarding_ms=2_000, mean_current_ma=5_500))),
            "play",
        ),
    }
    return [
        Tale(name=name, aid=aid, facts=facts, until=60 * DAY_S, finds=frozenset({word_}))
        for name, (aid, facts, word_) in told.items()
    ]
