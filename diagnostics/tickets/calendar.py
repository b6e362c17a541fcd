"""Dutch working days: pure calendar arithmetic.

A working day is Monday to Friday, except the days of article 3 of the *Algemene termijnenwet*: New
Year's Day, Good Friday, Easter Monday, King's Day, 5 May (every year), Ascension Day, Whit Monday,
both days of Christmas, and single days that a royal decree puts on a par with them.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

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


class Span(NamedTuple):
    """From a moment until another, which is not included. Both in UTC."""

    begin: datetime
    end: datetime


def is_working_day(day: date) -> bool:
    """Return whether ``day`` counts as a working day."""
    return day.weekday() < _SATURDAY and day not in DECREED and day not in _holidays(day.year)


def any_day(_: date) -> bool:
    """Return True: every day counts, as a rule beside ``is_working_day``."""
    return True


def dutch_day(moment: datetime) -> date:
    """Return the day on which ``moment`` (aware) falls in the Netherlands."""
    return moment.astimezone(ZONE).date()


def end_of_day(day: date) -> datetime:
    """Return the moment at which ``day`` is over, in Dutch time."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZONE)


def after_working_days(reported_at: datetime, days: int) -> datetime:
    """Return when ``days`` full working days have passed.

    Args:
        reported_at: aware; the day it falls on in the Netherlands does not count.
        days: one or more.
    """
    day = dutch_day(reported_at)
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return end_of_day(day)


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same time as ``spans`` in order and without overlap; empty ones are left out."""
    joined: list[Span] = []
    for span in sorted(span for span in spans if span.begin < span.end):
        if joined and span.begin <= joined[-1].end:
            joined[-1] = Span(joined[-1].begin, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def counted_time(span: Span, counts: Callable[[date], bool]) -> timedelta:
    """Return how much of ``span`` lies on Dutch days that count, on the clock."""
    total = timedelta()
    day = dutch_day(span.begin)
    while (whole := _whole(day)).begin < span.end:
        if counts(day):
            total += min(span.end, whole.end) - max(span.begin, whole.begin)
        day += timedelta(days=1)
    return total


def run_out(
    begin: datetime, length: timedelta, *, counts: Callable[[date], bool], paused: Iterable[Span]
) -> datetime:
    """Return when a clock that starts at ``begin`` has run for ``length``.

    It runs on the Dutch days that count, except while it is paused. What is paused after that
    moment makes no difference, so that time that has run out has run out for good.

    Args:
        begin: in UTC.
        length: more than nothing, on the clock.
        counts: whether it runs on a day.
        paused: in any order, and they may overlap.
    """
    pauses = union(paused)
    left = length
    day = dutch_day(begin)
    while True:
        if counts(day):
            whole = _whole(day)
            for free in _without(Span(max(begin, whole.begin), whole.end), pauses):
                if left <= free.end - free.begin:
                    return free.begin + left
                left -= free.end - free.begin
        day += timedelta(days=1)


def _whole(day: date) -> Span:
    # 23 or 25 hours long when the clock changes.
    begin = end_of_day(day - timedelta(days=1))
    return Span(begin.astimezone(UTC), end_of_day(day).astimezone(UTC))


def _without(span: Span, holes: Iterable[Span]) -> Iterator[Span]:
    begin = span.begin
    for hole in holes:
        if begin < min(hole.begin, span.end):
            yield Span(begin, min(hole.begin, span.end))
        begin = max(begin, hole.end)
    if begin < span.end:
        yield Span(begin, span.end)


@lru_cache(maxsize=32)
def _holidays(year: int) -> frozenset[date]:
    # It knows the calendars of the whole world: who never asks for a term need not wait for it.
    from holidays import country_holidays  # noqa: PLC0415

    # The package has Good Friday, and 5 May of most years, among the optional ones.
    named = country_holidays("NL", years=year, categories=("public", "optional"))
    return frozenset({*named, date(year, 5, 5)})
