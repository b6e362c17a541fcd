"""A warning that nobody heeds."""

from gateway.protocol.vocabulary import Edge
from tests.support.facts import DAY_S, PARKED, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, evening, moment, rides


def tales() -> list[Tale]:
    word = Word()
    return [
        Tale(
            name="warning_left",
            aid=aid_of("scooter"),
            facts=[
                *days(5, rides(10, 11), evening(), word=word),
                word.fault(moment(5, 9), "charger", Edge.RAISED, PARKED),
                *days(35, rides(10, 11), evening(), word=word, first=5),
            ],
            until=42 * DAY_S,
            finds=frozenset({"neglected"}),
        )
    ]
