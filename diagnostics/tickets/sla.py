"""How urgent a report is, and when a term is over: pure arithmetic of the contract."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from diagnostics.tickets.calendar import (
    Span,
    after_working_days,
    any_day,
    counted_time,
    dutch_day,
    end_of_day,
    is_working_day,
    run_out,
)
from diagnostics.tickets.model import TicketKind
from diagnostics.tickets.terms import Term, Unit

EMERGENCY_PRIORITY: Final = 1
UNUSABLE_PRIORITY: Final = 2
USABLE_PRIORITY: Final = 3


def repair_priority(*, usable: bool, wholly_dependent: bool) -> int:
    """Return the priority of a repair.

    The highest is for an aid that cannot be used safely of a client who wholly depends on it.
    """
    if usable:
        return USABLE_PRIORITY
    return EMERGENCY_PRIORITY if wholly_dependent else UNUSABLE_PRIORITY


def reported_priority(
    kind: TicketKind, *, usable: bool | None, wholly_dependent: bool, found_in_service: bool
) -> int | None:
    """Return the priority of what a person reports; None: tickets of this kind have none.

    A defect found in preventive service is of the lowest at once: whoever found it is there, and
    says so if the aid cannot be used.

    Raises:
        ValueError: of a repair it is not said whether the aid can still be used.
    """
    if kind is TicketKind.EMERGENCY:
        return EMERGENCY_PRIORITY
    if kind is not TicketKind.REPAIR:
        return None
    if found_in_service and usable is not False:
        return USABLE_PRIORITY
    if usable is None:
        raise ValueError("of a repair it is to be said whether the aid can still be used safely")
    return repair_priority(usable=usable, wholly_dependent=wholly_dependent)


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
