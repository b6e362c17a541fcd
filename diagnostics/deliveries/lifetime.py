"""How much of its life an aid has left. Pure."""

from datetime import date

from diagnostics.deliveries.model import Source
from diagnostics.tickets.terms import Terms

_MONTHS = 12


def months_between(earlier: date, later: date) -> int:
    """Return the full months from one day to another; never negative."""
    months = (later.year - earlier.year) * _MONTHS + later.month - earlier.month
    return max(0, months - (later.day < earlier.day))


def months_left(terms: Terms, aid_kind: str, first_used_on: date | None, on: date) -> int:
    """Return how many months of its technical lifetime an aid has left; below zero: it is older.

    Args:
        terms: of the municipality.
        aid_kind: as of devices.
        first_used_on: None: it is new.
        on: the day of the question.
    """
    lifetime = terms.lifetime(aid_kind).months
    return lifetime - (0 if first_used_on is None else months_between(first_used_on, on))


def enough_left(terms: Terms, aid_kind: str, source: Source, left_months: int) -> bool:
    """Tell whether an aid may be handed over: of what was used before enough life must be left."""
    if source is Source.NEW:
        return True
    return left_months >= terms.lifetime(aid_kind).reissued_at_least_months
