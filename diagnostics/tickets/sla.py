"""When a ticket is due, by the contract: pure calendar arithmetic.

An emergency: on site within two hours, day and night, except on the Wadden islands; repaired within
one full calendar day: the day of the report does not count, so it is due when the next day ends,
in Dutch time, whatever the clock change does to that day's length.

A repair: within two full working days if the aid cannot be used meanwhile, else within five.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from diagnostics.tickets.calendar import ZONE, after_working_days, end_of_day

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
    return Due(None if exempt else reported_at + ON_SITE_WITHIN, end_of_day(next_day))


def repair_priority(*, usable: bool) -> int:
    """Return the priority of a repair of an aid that can still be used safely, or cannot."""
    return USABLE_PRIORITY if usable else UNUSABLE_PRIORITY


def repair_due(reported_at: datetime, priority: int) -> Due:
    """Return the due times of a repair of ``priority`` 2 or 3 reported at ``reported_at``."""
    return Due(None, after_working_days(reported_at, WORKING_DAYS[priority]))
