"""Which month may be declared of what, and by when. Pure; Z 70 and 71."""

from datetime import date, timedelta

from msgspec import Struct

from api.kpi.periods import Length, Period, period_of

# After the end of the month.
WITHIN = timedelta(days=30)


class Assignment(Struct, frozen=True, kw_only=True):
    """What the municipality assigned; a row of ``billing_assignment``."""

    assignment_id: int
    client_id: int
    client_number: str
    kind: str
    number: str
    product_category: str
    product_code: str
    unit: str
    tariff_cents: int
    begins_on: date
    ends_on: date | None


def month_of(day: date) -> Period:
    """Return the month in which ``day`` lies."""
    return period_of(day, Length.MONTH)


def first_month(begins_on: date) -> Period:
    """Return the first month that may be declared: the next one; of the 1st of a month its own."""
    month = month_of(begins_on)
    return month if begins_on.day == 1 else period_of(month.end, Length.MONTH)


def due_by(month: Period) -> date:
    """Return by which day a month has to be declared."""
    return month.end - timedelta(days=1) + WITHIN


def span(assignment: Assignment, month: Period) -> tuple[date, date] | None:
    """Return from when to when ``month`` is declared of an assignment; None: not at all.

    Maintenance: every month from the first that may be declared to the one in which it ends, each
    as a whole. A delivery: once, in the first month that may be declared.
    """
    first = first_month(assignment.begins_on)
    if assignment.kind == "delivery":
        return (assignment.begins_on, assignment.begins_on) if month == first else None
    if month.begin < first.begin:
        return None
    if assignment.ends_on is not None and assignment.ends_on < month.begin:
        return None
    last = month.end - timedelta(days=1)
    return month.begin, min(last, assignment.ends_on or last)
