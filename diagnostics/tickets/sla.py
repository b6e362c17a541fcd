"""When a ticket is due, by the contract: pure calendar arithmetic.

An emergency: on site within two hours, day and night, except on the Wadden islands; repaired within
one full calendar day: the day of the report does not count, so it is due when the next day ends,
in Dutch time, whatever the clock change does to that day's length.

A repair: within two full working days if the aid cannot be used meanwhile, else within five.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from diagnostics.tickets.calendar import (
    ZONE,
    Span,
    after_working_days,
    any_day,
    counted_time,
    dutch_day,
    end_of_day,
    is_working_day,
    run_out,
)
from diagnostics.tickets.terms import Term, Unit

ON_SITE_WITHIN: Final = timedelta(hours=2)
EMERGENCY_PRIORITY: Final = 1
UNUSABLE_PRIORITY: Final = 2
USABLE_PRIORITY: Final = 3
WORKING_DAYS: Final = {UNUSABLE_PRIORITY: 2, USABLE_PRIORITY: 5}


class Due(NamedTuple):
    """When help must be there (None: not guaranteed) and when the aid must work again."""

    on_site_at: datetime | None
    repaired_at: datetime


def emergency_due(reported_at: datetime, *, exempt: bool) -> Due:
    """Return the due times of an emergency reported at ``reported_at`` (aware).

    ``exempt`` tells that the address is outside the two-hour guarantee.
    """
    next_day = reported_at.astimezone(ZONE).date() + timedelta(days=1)
    # In UTC, since a sum in a zone is one of its wall clock, also where that is changed.
    on_site_at = None if exempt else reported_at.astimezone(UTC) + ON_SITE_WITHIN
    return Due(on_site_at, end_of_day(next_day))


def repair_priority(*, usable: bool) -> int:
    """Return the priority of a repair of an aid that can still be used safely, or cannot."""
    return USABLE_PRIORITY if usable else UNUSABLE_PRIORITY


def repair_due(reported_at: datetime, priority: int) -> Due:
    """Return the due times of a repair of ``priority`` 2 or 3 reported at ``reported_at``."""
    return Due(None, after_working_days(reported_at, WORKING_DAYS[priority]))


def due_at(term: Term, reported_at: datetime, *, paused: Iterable[Span] = ()) -> datetime:
    """Return by when, in UTC, ``term`` has to be kept for what was reported then (aware).

    Full days run from the midnight after the report. A pause postpones by as much of the term's
    own time as it takes away: an hour of a pause on a Saturday is no hour of a working day.
    """
    if term.unit is Unit.HOURS:
        length = timedelta(hours=term.amount)
        return run_out(reported_at.astimezone(UTC), length, counts=any_day, paused=paused)
    today = dutch_day(reported_at)
    begin = end_of_day(today).astimezone(UTC)
    counts: Callable[[date], bool] = any_day
    until = end_of_day(today + timedelta(days=term.amount))
    if term.unit is Unit.WORKING_DAYS:
        counts, until = is_working_day, after_working_days(reported_at, term.amount)
    length = counted_time(Span(begin, until.astimezone(UTC)), counts)
    return run_out(begin, length, counts=counts, paused=paused)
