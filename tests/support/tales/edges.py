"""A bent footrest: it touches something in every third ride."""

from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, evening, rides


def tales() -> list[Tale]:
    word = Word()
    return [
        Tale(
            name="edges_tripping",
            aid=aid_of("stairlift"),
            facts=[
                *days(40, rides(10.5, 14, 16, 18), evening(trips=0), word=word),
                *days(16, rides(10.5, 14, 16, 18), evening(trips=2), word=word, first=40),
            ],
            until=57 * DAY_S,
            finds=frozenset({"edges_tripping"}),
        )
    ]
