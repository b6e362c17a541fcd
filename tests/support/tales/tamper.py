"""A scooter whose settings become others, and nobody was there who may."""

from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, evening


def tales() -> list[Tale]:
    word = Word()
    return [
        Tale(
            name="modified",
            aid=aid_of("scooter"),
            facts=[
                *days(10, evening(parameters="a1", hardware="h1"), word=word),
                *days(1, evening(parameters="b2", hardware="h1", openings=1), word=word, first=10),
                *days(20, evening(parameters="b2", hardware="h1"), word=word, first=11),
            ],
            until=32 * DAY_S,
            finds=frozenset({"modified"}),
        )
    ]
