"""A scooter that is used daily and plugged in once in a fortnight."""

from collections.abc import Iterable

from diagnostics.facts import Fact
from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import HOUR_MS, days, moment, rides


def reports(word: Word, day: int) -> Iterable[Fact]:
    charged = day % 14 == 1
    low_mv = 25_200 - 130 * ((day - 1) % 14)
    return [
        word.condition(
            moment(day, 23.5),
            battery_rest_mv=low_mv,
            battery_min_mv=low_mv,
            battery_max_mv=28_000 if charged else None,
            charging_ms=8 * HOUR_MS if charged else 0,
            mains_ms=8 * HOUR_MS if charged else 0,
        )
    ]


def tales() -> list[Tale]:
    return [
        Tale(
            name="not_charged",
            aid=aid_of("scooter"),
            facts=days(32, rides(10, 11), reports),
            until=33 * DAY_S,
            finds=frozenset({"not_charged"}),
        )
    ]
