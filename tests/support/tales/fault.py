"""A relay that fails for good, and a contact that comes and goes all day."""

from collections.abc import Iterable

from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Edge
from tests.support.facts import DAY_S, PARKED, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, moment, rides


def loose(word: Word, day: int) -> Iterable[Fact]:
    """Return a day on which an edge comes and goes while nobody rides."""
    for number in range(14):
        at_s = moment(day, 11 + number / 2)
        yield word.fault(at_s, "carriage_up_edge", Edge.RAISED, PARKED)
        yield word.fault(at_s + 4, "carriage_up_edge", Edge.CLEARED, PARKED)


def tales() -> list[Tale]:
    broken, flapping = Word(), Word()
    return [
        Tale(
            name="fault",
            aid=aid_of("stairlift"),
            facts=[
                *days(3, rides(10.5, 18), word=broken),
                broken.fault(moment(3, 11), "relay", Edge.RAISED, PARKED),
            ],
            until=4 * DAY_S,
            finds=frozenset({"fault"}),
        ),
        Tale(
            name="flapping",
            aid=aid_of("stairlift"),
            facts=[
                *days(20, rides(10.5, 18), word=flapping),
                *days(2, rides(10.5), loose, word=flapping, first=20),
            ],
            until=23 * DAY_S,
            finds=frozenset({"flapping"}),
        ),
    ]
