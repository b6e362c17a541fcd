"""A lift that was used, and is not any more."""

from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, evening, rides


def tales() -> list[Tale]:
    word = Word()
    return [
        Tale(
            name="unused",
            aid=aid_of("stairlift"),
            facts=[
                *days(10, rides(8, 20), evening(), word=word),
                *days(75, evening(), word=word, first=10),
            ],
            until=86 * DAY_S,
            finds=frozenset({"unused"}),
        )
    ]
