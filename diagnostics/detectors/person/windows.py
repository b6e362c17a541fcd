"""Recent weeks beside earlier ones: what is compared, as of a day."""

from collections.abc import Sequence

from diagnostics.detectors.person.memory import PersonDay
from diagnostics.models import features
from diagnostics.models.features import Floats, Ridden
from diagnostics.models.scoring import WEEKS

# The first weeks are kept for good: who was the client then is known best.
FIRST_DAYS = 56
KEPT_DAYS = features.BEFORE_DAYS + features.GAP_DAYS + features.RECENT_DAYS + 7 * WEEKS


def kept(days: tuple[PersonDay, ...]) -> tuple[PersonDay, ...]:
    """Return the first weeks and the last months."""
    first, newest = days[0].on + FIRST_DAYS, days[-1].on - KEPT_DAYS
    if len(days) <= FIRST_DAYS + KEPT_DAYS:
        return days
    return tuple(day for day in days if day.on < first or day.on > newest)


def rows(days: Sequence[PersonDay], end: int) -> list[Floats]:
    """Compare the weeks up to day ``end`` with the months before, and with the first weeks.

    Both must differ before anything is told: who comes back after months is no stranger, nor is
    who slowly grew heavier. Empty: too little is known.
    """
    recent_from = end - features.RECENT_DAYS + 1
    before_until = recent_from - features.GAP_DAYS
    recent = _rides(days, recent_from, end)
    before_from = before_until - features.BEFORE_DAYS
    compared = [features.row(_rides(days, before_from, before_until - 1), recent)]
    if days[0].on < before_from:
        first = _rides(days, days[0].on, min(days[0].on + FIRST_DAYS, before_until) - 1)
        compared.append(features.row(first, recent))
    found = [row for row in compared if row is not None]
    return found if len(found) == len(compared) else []


def _rides(days: Sequence[PersonDay], first: int, last: int) -> list[Ridden]:
    return [ride.ridden(day.on) for day in days if first <= day.on <= last for ride in day.rides]
