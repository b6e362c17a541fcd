"""Dutch working days: pure calendar arithmetic.

A working day is Monday to Friday, except the days of article 3 of the *Algemene termijnenwet*: New
Year's Day, Good Friday, Easter Monday, King's Day, 5 May (every year), Ascension Day, Whit Monday,
both days of Christmas, and single days that a royal decree puts on a par with them.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from holidays import country_holidays

ZONE: Final = ZoneInfo("Europe/Amsterdam")

# By the decrees of 2022 ("28 april 2023, 19 mei 2023, 10 mei 2024, 27 december 2024 en 30 mei
# 2025") and of 2025 ("2 januari 2026, 15 mei 2026, 7 mei 2027, 28 april 2028 en 26 mei 2028"). One
# comes about every three years: add its days here.
DECREED: Final = frozenset(
    {
        *(date(2023, 4, 28), date(2023, 5, 19), date(2024, 5, 10), date(2024, 12, 27)),
        *(date(2025, 5, 30), date(2026, 1, 2), date(2026, 5, 15), date(2027, 5, 7)),
        *(date(2028, 4, 28), date(2028, 5, 26)),
    }
)
_SATURDAY: Final = 5


def is_working_day(day: date) -> bool:
    """Return whether ``day`` counts as a working day."""
    return day.weekday() < _SATURDAY and day not in DECREED and day not in _holidays(day.year)


def end_of_day(day: date) -> datetime:
    """Return the moment at which ``day`` is over, in Dutch time."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZONE)


def after_working_days(reported_at: datetime, days: int) -> datetime:
    """Return when ``days`` full working days have passed.

    Args:
        reported_at: aware; the day it falls on in the Netherlands does not count.
        days: one or more.
    """
    day = reported_at.astimezone(ZONE).date()
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return end_of_day(day)


@lru_cache(maxsize=32)
def _holidays(year: int) -> frozenset[date]:
    # The package has Good Friday, and 5 May of most years, among the optional ones.
    named = country_holidays("NL", years=year, categories=("public", "optional"))
    return frozenset({*named, date(year, 5, 5)})
