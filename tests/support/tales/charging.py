"""A scooter that is plugged in once in a fortnight; a lift whose socket is switched off."""

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


def switched(word: Word, day: int) -> Iterable[Fact]:
    """A stairlift's charger, whose socket is switched off for days on end."""
    mains_ms = 0 if day % 6 < 4 else 24 * HOUR_MS
    return [word.condition(moment(day, 23.5), mains_ms=mains_ms, charging_ms=mains_ms)]


def tales() -> list[Tale]:
    return [
        Tale(
            name="switched_off",
            aid=aid_of("stairlift"),
            facts=days(40, rides(8, 21), switched),
            until=41 * DAY_S,
            finds=frozenset({"not_charged"}),
        ),
        Tale(
            name="not_charged",
            aid=aid_of("scooter"),
            facts=days(40, rides(10, 11), reports),
            until=41 * DAY_S,
            finds=frozenset({"not_charged"}),
        ),
    ]
