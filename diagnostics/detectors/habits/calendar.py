"""Which day a fact belongs to: the day as the household lives it."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from diagnostics.facts import ConditionReported, Fact

HOME: Final = ZoneInfo("Europe/Amsterdam")


def day_of(fact: Fact) -> int:
    """Return the day as a proleptic Gregorian ordinal (``date.fromordinal`` reads it).

    A condition tells of the time before it was sent, so it belongs to the middle of its period: a
    report of five past midnight is about the day before.
    """
    moment = fact.measured_at
    if isinstance(fact, ConditionReported):
        moment -= timedelta(milliseconds=fact.period_ms / 2)
    return moment.astimezone(HOME).toordinal()


def heard_on(fact: Fact) -> int:
    """Return the day on which it reached us, as an ordinal."""
    return fact.received_at.astimezone(HOME).toordinal()


def begin_of(day: int) -> datetime:
    """Return when a day begins, in UTC."""
    on = date.fromordinal(day)
    return datetime(on.year, on.month, on.day, tzinfo=HOME).astimezone(UTC)
