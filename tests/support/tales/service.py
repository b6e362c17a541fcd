"""A hoist whose yearly inspection falls due, and a stairlift that never rests."""

from collections.abc import Iterable
from datetime import date, timedelta

from diagnostics.facts import Fact
from tests.support.facts import DAY_S, START, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, evening, moment

NEVER_RESTS = 400  # starts a day


def restless(word: Word, day: int) -> Iterable[Fact]:
    return [word.condition(moment(day, 23.5), cycles=50_000 + NEVER_RESTS * day)]


def tales() -> list[Tale]:
    long_ago: date = (START - timedelta(days=360)).date()
    lately: date = (START - timedelta(days=20)).date()
    return [
        Tale(
            name="due_by_date",
            aid=aid_of("hoist", serviced_on=long_ago, built_on=date(2020, 5, 1)),
            facts=days(8, evening(cycles=100)),
            until=10 * DAY_S,
            finds=frozenset({"service_due"}),
        ),
        Tale(
            name="due_by_count",
            aid=aid_of("stairlift", serviced_on=lately),
            facts=days(40, restless),
            until=41 * DAY_S,
            finds=frozenset({"service_due"}),
        ),
    ]
