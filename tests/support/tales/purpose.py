"""Goods on the chair, and children at the remote control."""

from collections.abc import Iterable

from diagnostics.facts import Fact
from gateway.protocol.vocabulary import Seat
from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import at_intervals, days, ride, rides

CALLS = rides(8.5, 12.5, seat=Seat.EMPTY, mean_current_ma=4_500, boarding_ms=None)
GOODS = rides(16, 17, 18, seat=Seat.EMPTY, mean_current_ma=9_500, boarding_ms=None)


def play(word: Word, day: int) -> Iterable[Fact]:
    empty = {"seat": Seat.EMPTY, "mean_current_ma": 4_500, "boarding_ms": None}
    return [ride(word, day, 16 + n / 40, up=n % 2 == 0, **empty) for n in range(10)]


def tales() -> list[Tale]:
    return [
        Tale(
            name="goods",
            aid=aid_of("stairlift"),
            facts=days(26, rides(8, 12, 21), CALLS, at_intervals(2, GOODS)),
            until=27 * DAY_S,
            finds=frozenset({"goods_transport"}),
        ),
        Tale(
            name="play",
            aid=aid_of("stairlift"),
            facts=days(26, rides(8, 12, 21), at_intervals(3, play)),
            until=27 * DAY_S,
            finds=frozenset({"play"}),
        ),
    ]
