"""What is kept of the rides of a day."""

from collections.abc import Sequence
from typing import NamedTuple

from diagnostics.detectors.habits.load import Felt
from diagnostics.detectors.habits.memory import Day


class Ride(NamedTuple):
    """What is kept of a ride. -1: unknown."""

    at_s: int  # its end, since the day began
    lasts_s: int
    up: int
    seat: int
    boarding_ds: int
    log_no: int
    legs: int = 1  # how often the length of its rail: it may turn on the way and end only then
    felt: int = -1  # what the drive felt; on a rail or lifting upwards, or in hectograms


class Play(NamedTuple):
    """By what a day shows play, in how many rides, and where the first of them lies."""

    code: str
    rides: int
    log_no: int


class Ways(NamedTuple):
    """Ways there and back in a day, and of how many the way there, or that back, was laden."""

    pairs: int = 0
    there: int = 0
    back: int = 0


class PurposeDay(Day, frozen=True, array_like=True, kw_only=True):
    """The rides of a day, by their time, and what the drive felt of some.

    Of a day longer ago only ``play`` is kept, if it showed any, and ``ways`` on wheels.
    """

    rides: tuple[Ride, ...] = ()
    felt: tuple[Felt, ...] = ()
    play: Play | None = None
    ways: Ways | None = None


Run = Sequence[Ride]
