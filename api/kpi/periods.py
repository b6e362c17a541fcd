"""Months, quarters and years of the contract, in Dutch time. Pure."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from diagnostics.tickets.calendar import ZONE, dutch_day


class Length(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Length.MONTH: 1, Length.QUARTER: 3, Length.YEAR: 12}


class Period(NamedTuple):
    """From a day until another, which is not included."""

    length: Length
    begin: date
    end: date

    @property
    def name(self) -> str:
        """As people write it: 2026, 2026-Q3, 2026-09."""
        year, month = self.begin.year, self.begin.month
        if self.length is Length.YEAR:
            return str(year)
        return (
            f"{year}-Q{(month + 2) // 3}"
            if self.length is Length.QUARTER
            else f"{year}-{month:02d}"
        )

    @property
    def begins_at(self) -> datetime:
        """Its first moment."""
        return _midnight(self.begin)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return _midnight(self.end)

    def __contains__(self, moment: object) -> bool:
        """Return whether a moment (aware) or a day lies in it."""
        if isinstance(moment, datetime):
            return self.begins_at <= moment < self.ends_at
        return isinstance(moment, date) and self.begin <= moment < self.end

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.begin).days

    def before(self, count: int = 1) -> "Period":
        """Return the period so many before it."""
        return period_from(_shift(self.begin, -count * _MONTHS[self.length]), self.length)


def period_of(day: date, length: Length) -> Period:
    """Return the period in which ``day`` lies."""
    months = _MONTHS[length]
    return period_from(date(day.year, (day.month - 1) // months * months + 1, 1), length)


def period_at(now: datetime, length: Length) -> Period:
    """Return the period in which ``now`` (aware) lies in the Netherlands."""
    return period_of(dutch_day(now), length)


def period_from(begin: date, length: Length) -> Period:
    """Return the period that begins on a day."""
    return Period(length, begin, _shift(begin, _MONTHS[length]))


def named(name: str) -> Period:
    """Read ``2026``, ``2026-Q3`` or ``2026-09``.

    Raises:
        ValueError: it is none of these.
    """
    year, _, rest = name.partition("-")
    try:
        if not rest:
            return period_from(date(int(year), 1, 1), Length.YEAR)
        if rest.startswith("Q"):
            return period_from(date(int(year), int(rest[1:]) * 3 - 2, 1), Length.QUARTER)
        return period_from(date(int(year), int(rest), 1), Length.MONTH)
    except ValueError:
        raise ValueError(f"{name!r} is no period: 2026, 2026-Q3 or 2026-09") from None


def last_day_of_month(year: int, month: int) -> date:
    """Return the last day of a month."""
    return _shift(date(year, month, 1), 1) - timedelta(days=1)


def _shift(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, day.day)


@cache
def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZONE)
