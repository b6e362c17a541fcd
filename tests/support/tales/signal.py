"""A modem that hears its network ever less, and one that starts again and again."""

from collections.abc import Iterable

from diagnostics.facts import Fact
from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, evening, moment


def weaker(word: Word, day: int) -> Iterable[Fact]:
    """Return a day's report: half a decibel less each day from the thirtieth on."""
    dbm = -80 - day % 3 - round(0.8 * max(0, day - 30))
    return [word.condition(moment(day, 23.5), signal_dbm=dbm)]


def tales() -> list[Tale]:
    restarting = Word()
    return [
        Tale(
            name="signal_weak",
            aid=aid_of("scooter"),
            facts=days(75, weaker),
            until=76 * DAY_S,
            finds=frozenset({"signal_weak"}),
        ),
        Tale(
            name="restarts",
            aid=aid_of("hoist"),
            facts=[
                *days(40, evening(restarts=0, signal_dbm=-80), word=restarting),
                *days(9, evening(restarts=3, signal_dbm=-80), word=restarting, first=40),
            ],
            until=50 * DAY_S,
            finds=frozenset({"signal_weak"}),
        ),
    ]
