"""Times on the clock on the wall, in the Netherlands, and the moments that they stand for.

Moments are kept in UTC: arithmetic on aware local times counts the hour of a change of the clocks
twice, or not at all.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from msgspec import Struct

from diagnostics.tickets.calendar import ZONE

_DAY: Final = timedelta(days=1)
EVERY_DAY: Final = frozenset(range(7))


def moment(day: date, at: time) -> datetime:
    """Return when the clock on the wall shows ``at`` on ``day``, in UTC.

    Of an hour that comes twice it is the first; a time that is skipped is the moment of the skip.
    So later times on the wall are never earlier moments.
    """
    at = at.replace(fold=0)  # a wall does not tell the second of two
    local = datetime.combine(day, at, tzinfo=ZONE)
    found = local.astimezone(UTC)
    if found.astimezone(ZONE).time() != at:
        # European clocks change on a full hour of UTC.
        return found.replace(minute=0, second=0, microsecond=0)
    return found


def local_day(at: datetime) -> date:
    """Return the day it is in the Netherlands."""
    return at.astimezone(ZONE).date()


class Hours(Struct, frozen=True, kw_only=True):
    """A part of some days: ``22:00`` to ``07:00`` belongs to the day on which it begins.

    Attributes:
        begin: on the wall; the same as ``end`` means around the clock.
        end: on the wall, the first moment after; on the next day unless it is after ``begin``.
        weekdays: on which it begins; Monday is 0.
    """

    begin: time
    end: time
    weekdays: frozenset[int] = EVERY_DAY

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """Return from when until when it is, if it begins on ``day``; in UTC."""
        if day.weekday() not in self.weekdays:
            return None
        last = day if self.begin < self.end else day + _DAY
        return moment(day, self.begin), moment(last, self.end)

    def covering(self, at: datetime) -> tuple[datetime, datetime] | None:
        """Return the stretch in which ``at`` lies, if any; in UTC."""
        today = local_day(at)
        for day in (today - _DAY, today):
            stretch = self.on(day)
            if stretch and stretch[0] <= at < stretch[1]:
                return stretch
        return None
