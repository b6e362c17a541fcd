"""How good this aid's own data line is: how often it was interrupted and came back.

Silence means more over a line that never fails than over one that does so every day. Learnt from
what is heard: a connection made anew, and words that came late although they were live.
"""

from datetime import datetime, timedelta
from math import sqrt
from typing import Final

from msgspec import Struct

from diagnostics.detectors.emergency.habits import within
from diagnostics.detectors.emergency.limits import Limits

_KEPT: Final = 16
_MEMORY: Final = timedelta(days=14)
# What comes together is one interruption: a new connection, and the backlog behind it.
_APART: Final = timedelta(minutes=2)
# What is known of a line that was never heard: as if of one day, so many interruptions.
_DAYS_ASSUMED: Final = 1.0
_USUAL_PER_DAY: Final = 0.1


class Line(Struct, frozen=True, array_like=True, kw_only=True):
    """Since when this line is heard, and when it was interrupted, oldest first."""

    since: datetime | None = None
    interrupted: tuple[datetime, ...] = ()

    def heard(self, at: datetime, *, interrupted: bool) -> "Line":
        """Return what is known of the line after something came over it at ``at``."""
        if self.since is None:
            return Line(since=at)
        if not interrupted or any(abs(at - known) < _APART for known in self.interrupted):
            return self
        return Line(since=self.since, interrupted=tuple(sorted((*self.interrupted, at))[-_KEPT:]))

    def per_day(self, now: datetime) -> float:
        """Return how often it is interrupted, as far as that can be told by ``now``."""
        recent = [at for at in self.interrupted if at <= now <= at + _MEMORY]
        begin = max(self.since or now, now - _MEMORY)
        if len(recent) == _KEPT:
            begin = recent[0]
        # In whole days, so that it is the same whenever within a day it is asked.
        days = max((now - begin).days, 0)
        return (len(recent) + _USUAL_PER_DAY * _DAYS_ASSUMED) / (days + _DAYS_ASSUMED)

    def patience(self, now: datetime, limits: Limits) -> timedelta:
        """Return how long it may be silent until that can no more be the line's own doing.

        The cost of a false alarm falls with the rate of interruptions that last for longer, the
        cost of waiting grows with time: the best grows with the square root of the rate.
        """
        ratio = sqrt(self.per_day(now) / _USUAL_PER_DAY)
        return within(ratio * limits.silence, limits.silence_least, limits.silence_most)
