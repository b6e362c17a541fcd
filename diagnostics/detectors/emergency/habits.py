"""How long this aid's own rides are, and how long its people pause: a few numbers, robust.

Learnt ride by ride in the device's own order, so that it does not depend on how facts arrive.
"""

from datetime import timedelta
from typing import Final

from msgspec import Struct

# So many rides are remembered: about three days, so that a new habit is soon known…
_KEPT: Final = 24
# …and so few are not a habit yet.
_ENOUGH: Final = 8


class Habits(Struct, frozen=True, array_like=True, kw_only=True):
    """Of the last rides, oldest first: seconds each lasted, and of its longest chosen pause."""

    rides_s: tuple[int, ...] = ()
    pauses_s: tuple[int, ...] = ()

    def after(self, ride: timedelta, pause: timedelta) -> "Habits":
        """Return the habits with one ride more."""
        return Habits(
            rides_s=(*self.rides_s[1 - _KEPT :], round(ride.total_seconds())),
            pauses_s=(*self.pauses_s[1 - _KEPT :], round(pause.total_seconds())),
        )

    @property
    def pause(self) -> timedelta | None:
        """The longest usual pause; None: not known yet."""
        return _usual_longest(self.pauses_s)

    @property
    def ride(self) -> timedelta | None:
        """The longest usual ride; None: not known yet."""
        return _usual_longest(self.rides_s)


def _usual_longest(values_s: tuple[int, ...]) -> timedelta | None:
    """Return the longest but one: what happened only once is no habit."""
    if len(values_s) < _ENOUGH:
        return None
    return timedelta(seconds=sorted(values_s)[-2])


def within(value: timedelta, least: timedelta, most: timedelta) -> timedelta:
    """Return ``value``, kept between bounds."""
    return min(max(value, least), most)
