"""A scooter that stands out of doors: in winter, and in a spring without frost."""

from collections.abc import Iterable

from diagnostics.facts import Fact
from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import Habit, days, evening


def mild(word: Word, day: int) -> Iterable[Fact]:
    low_dc = 25 + 30 * (day % 3 - 1)
    return outside(low_dc, low_dc + 95)(word, day)


def frosty(word: Word, day: int) -> Iterable[Fact]:
    low_dc = -30 if day % 5 < 2 else 30
    return outside(low_dc, low_dc + 75)(word, day)


def outside(low_dc: int, high_dc: int) -> Habit:
    return evening(temperature_min_dc=low_dc, temperature_max_dc=high_dc, away_ms=0)


def tales() -> list[Tale]:
    told = {"frost": days(40, frosty), "mild": days(40, mild)}
    return [
        Tale(
            name=name,
            aid=aid_of("scooter"),
            facts=facts,
            until=41 * DAY_S,
            finds=frozenset({"unsheltered"}),
        )
        for name, facts in told.items()
    ]
