"""What a detector of habits remembers of one aid: its recent days, and what it has told."""

from datetime import date
from typing import Generic, TypeVar

from msgspec import Struct

# The newest orders kept to know a fact that is handed over twice. Facts come twice only after a
# crash, right away; of a day there are some twenty.
KEPT_ORDERS = 48


class Day(Struct, frozen=True, array_like=True, kw_only=True):
    """One day of an aid; detectors add what they count. ``on`` is its ordinal."""

    on: int
    log_no: int = 0  # of the fact that told most


DayT = TypeVar("DayT", bound=Day)


class Told(Struct, frozen=True, array_like=True):
    """An episode that has been told of, while it goes on.

    Attributes:
        what: its word in the catalogue.
        key: its name.
        since: day it began.
        told_on: day it was last told of.
        seen_on: day of which it last held.
        confidence: as last told.
    """

    what: str
    key: str
    since: int
    told_on: int
    seen_on: int
    confidence: float


class Memory(Struct, Generic[DayT], frozen=True, kw_only=True, omit_defaults=True):
    """All that is kept.

    Attributes:
        lent_on: since when the present client has the aid; another one starts from nothing.
        judged_on: the day, by reception, up to which the days have been judged.
        days: the recent ones that anything was heard of, oldest first.
        orders: of the facts last taken in, oldest first: (outbox, number).
        told: episodes that go on.
        ended: word and day of the last end of each kind of episode.
    """

    lent_on: date | None = None
    judged_on: int = 0
    days: tuple[DayT, ...] = ()
    orders: tuple[tuple[int, int], ...] = ()
    told: tuple[Told, ...] = ()
    ended: dict[str, int] = {}
