"""A brake that lets the chair run on, farther with every day."""

from collections.abc import Iterable

from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Landing
from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, ride


def slipping(word: Word, day: int) -> Iterable[Fact]:
    """Return a day's rides: to the centimetre for twenty days, then ever farther downwards."""
    slip_mm = 6 * max(0, day - 20)
    for number, hour in enumerate((10.5, 12, 15, 18)):
        up = number % 2 == 0
        yield ride(
            word,
            day,
            hour,
            up=up,
            start_landing=Landing.BOTTOM if up else Landing.TOP,
            distance_mm=4_700 + day * 7 % 5 + (0 if up else slip_mm),
            max_speed_mm_s=120 + day % 2 + (0 if up else slip_mm // 4),
        )


def tales() -> list[Tale]:
    return [
        Tale(
            name="brake_slipping",
            aid=aid_of("stairlift"),
            facts=days(34, slipping),
            until=35 * DAY_S,
            finds=frozenset({"brake_slipping"}),
        )
    ]
