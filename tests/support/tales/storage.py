"""A scooter that stands out of doors: in winter, and in a spring without frost."""

from collections.abc import Iterable

from diagnostics.facts import Fact
from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, evening, moment


def mild(word: Word, day: int) -> Iterable[Fact]:
    low_dc = 25 + 30 * (day % 3 - 1)
    return [
        word.condition(
            moment(day, 23.5),
            temperature_min_dc=low_dc,
            temperature_max_dc=low_dc + 95,
            away_ms=0,
        )
    ]


def tales() -> list[Tale]:
    winter = days(40, evening(temperature_min_dc=-45, temperature_max_dc=30, away_ms=0))
    told = {"frost": winter, "mild": days(40, mild)}
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
