"""By when a complaint is taken up and handled. Pure.

Taken up within five working days after it became known, handled within a month (Z 9). The day on
which it became known does not count; a month ends with the day of the same number, or its last.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import NamedTuple

from diagnostics.tickets import sla
from diagnostics.tickets.calendar import dutch_day, end_of_day
from diagnostics.tickets.terms import Terms

_MONTHS = 12
_A_MOMENT = timedelta(seconds=1)


class Due(NamedTuple):
    """Both due moments."""

    taken_up: datetime
    handled: datetime


def due_of(received_at: datetime, terms: Terms) -> Due:
    """Return by when a complaint that became known then (aware) is taken up and handled."""
    last = months_later(dutch_day(received_at), terms.complaint_handled_months)
    return Due(sla.due_at(terms.complaint_taken_up, received_at), end_of_day(last))


def months_later(day: date, months: int) -> date:
    """Return the day so many months later; of a shorter month its last."""
    month = day.month - 1 + months
    year, month = day.year + month // _MONTHS, month % _MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


class Stands(NamedTuple):
    """How far a complaint is."""

    due: Due
    taken_up_at: datetime | None
    handled_at: datetime | None


class Word(NamedTuple):
    """A warning or a breach that is due; ``kind``: warned or breached."""

    kind: str
    target: str
    due_at: datetime


def words_due(stands: Stands, terms: Terms, now: datetime) -> list[Word]:
    """Return what is to be said by now, whether it was said or not."""
    found = []
    for target, due, reached in (
        # What is handled was taken up, whatever was written down.
        ("taken_up", stands.due.taken_up, stands.taken_up_at or stands.handled_at),
        ("handled", stands.due.handled, stands.handled_at),
    ):
        if (reached or now) > due:
            found.append(Word("breached", target, due))
        elif reached is None and now >= due - terms.complaint_warning:
            found.append(Word("warned", target, due))
    return found


def next_look(stands: Stands, terms: Terms, now: datetime) -> datetime | None:
    """Return when something changes by itself; None: nothing does any more."""
    if stands.handled_at is not None:
        return None
    awaited = [stands.due.handled, *([] if stands.taken_up_at else [stands.due.taken_up])]
    moments = [
        at for due in awaited for at in (due - terms.complaint_warning, due + _A_MOMENT) if now < at
    ]
    return min(moments, default=None)
