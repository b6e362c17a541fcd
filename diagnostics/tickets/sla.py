"""When a priority-1 ticket is due, by the contract: pure calendar arithmetic.

On site within two hours, day and night, except on the Wadden islands. Repaired within one full
calendar day: the day of the report does not count, so it is due when the next day ends, in
Dutch time, whatever the clock change does to that day's length.
"""

from datetime import datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Europe/Amsterdam")
ON_SITE_WITHIN: Final = timedelta(hours=2)


class Due(NamedTuple):
    """When help must be there (None: not guaranteed) and when the lift must run again."""

    on_site_at: datetime | None
    repaired_at: datetime


def emergency_due(reported_at: datetime, *, exempt: bool) -> Due:
    """Return the due times of an emergency reported at ``reported_at`` (aware).

    ``exempt`` tells that the address is outside the two-hour guarantee.
    """
    report_day = reported_at.astimezone(ZONE).date()
    end_of_next_day = datetime.combine(report_day + timedelta(days=2), time(), tzinfo=ZONE)
    return Due(None if exempt else reported_at + ON_SITE_WITHIN, end_of_next_day)
