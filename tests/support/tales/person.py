"""Somebody heavier and quicker rides as well, and goes on doing so."""

from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, heavier, rides


def tales() -> list[Tale]:
    word = Word()
    client = rides(8, 13, 20, 21)
    other = heavier(10, 12, 16, 17, boarding_ms=4_000)
    return [
        Tale(
            name="joins",
            aid=aid_of("stairlift"),
            facts=[
                *days(56, client, word=word),
                *days(63, client, other, word=word, first=56),
            ],
            until=120 * DAY_S,
            finds=frozenset({"other_person"}),
        )
    ]
