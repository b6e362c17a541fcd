"""When what is due by the contract, against tables worked out by hand with a calendar on paper."""

from datetime import UTC

import pytest

from diagnostics.tickets.calendar import Span, union
from diagnostics.tickets.entries import AnyEntry
from tests.support.tickets import EARLIER, local, paused, read, report

ON_SITE = [
    ("2026-03-10 10:00", "2026-03-10 12:00"),
    ("2026-03-10 23:30", "2026-03-11 01:30"),  # across midnight
    ("2026-03-14 22:15", "2026-03-15 00:15"),  # in a weekend
    ("2026-12-31 23:00", "2027-01-01 01:00"),  # into New Year's Day
    ("2026-03-29 01:30", "2026-03-29 04:30"),  # the hour from 2 to 3 does not exist
    ("2026-10-25 01:30+02:00", "2026-10-25 02:30+01:00"),  # the hour from 2 to 3 comes twice
    ("2026-10-25 02:30+02:00", "2026-10-25 03:30+01:00"),  # in the first of them
    ("2026-10-25 02:30+01:00", "2026-10-25 04:30+01:00"),  # in the second
]


@pytest.mark.parametrize(("reported", "due"), ON_SITE)
def test_somebody_is_on_site_two_hours_on_the_clock_after_the_report(
    reported: str, due: str
) -> None:
    clocks = read([report(reported, priority=1)], reported)
    assert clocks.on_site.due_at == local(due).astimezone(UTC)


REPAIRED = [
    # Priority 1: the next calendar day, whatever day that is and however long.
    (1, "2026-03-10 10:00", "2026-03-12 00:00"),
    (1, "2026-03-10 23:59:59", "2026-03-12 00:00"),
    (1, "2026-03-11 00:00", "2026-03-13 00:00"),  # a second later, a day more
    (1, "2026-03-28 12:00", "2026-03-30 00:00"),  # a day of 23 hours
    (1, "2026-10-24 12:00", "2026-10-26 00:00"),  # a day of 25 hours
    (1, "2026-10-25 02:30+02:00", "2026-10-27 00:00"),
    (1, "2026-12-24 20:00", "2026-12-26 00:00"),  # Christmas counts
    (1, "2026-07-06T22:30+00:00", "2026-07-09 00:00"),  # the 7th already in the Netherlands
    # Priority 2: two full working days.
    (2, "2026-03-09 10:00", "2026-03-12 00:00"),  # Monday: Tuesday, Wednesday
    (2, "2026-03-12 10:00", "2026-03-17 00:00"),  # Thursday: Friday, Monday
    (2, "2026-03-13 23:59", "2026-03-18 00:00"),  # Friday: Monday, Tuesday
    (2, "2026-03-14 00:00", "2026-03-18 00:00"),  # Saturday
    (2, "2026-03-15 23:59", "2026-03-18 00:00"),  # Sunday
    (2, "2026-03-16 00:00", "2026-03-19 00:00"),  # Monday's first moment: Tuesday, Wednesday
    (2, "2026-03-27 10:00", "2026-04-01 00:00"),  # clock put forward in between
    (2, "2026-10-23 10:00", "2026-10-28 00:00"),  # clock put back in between
    (2, "2026-04-02 10:00", "2026-04-09 00:00"),  # Good Friday, Easter: Tuesday, Wednesday
    (2, "2026-05-04 10:00", "2026-05-08 00:00"),  # 5 May is a Tuesday: Wednesday, Thursday
    (2, "2026-05-13 10:00", "2026-05-20 00:00"),  # Ascension, the decree's Friday, weekend
    (2, "2026-05-22 10:00", "2026-05-28 00:00"),  # Whit Monday
    (2, "2026-12-24 10:00", "2026-12-30 00:00"),  # Christmas on Friday and Saturday
    (2, "2025-12-31 10:00", "2026-01-07 00:00"),  # New Year's Day, and a decree's Friday
    (2, "2026-07-06T22:30+00:00", "2026-07-10 00:00"),  # Tuesday the 7th: Wednesday, Thursday
    # Priority 3: five.
    (3, "2026-03-09 10:00", "2026-03-17 00:00"),
    (3, "2026-04-02 10:00", "2026-04-14 00:00"),  # 7, 8, 9, 10, 13 April
    (3, "2026-04-24 10:00", "2026-05-05 00:00"),  # King's Day: 28, 29, 30 April, 1, 4 May
    (3, "2026-04-30 10:00", "2026-05-09 00:00"),  # 1, 4, 6, 7, 8 May
    (3, "2027-05-05 10:00", "2027-05-15 00:00"),  # Ascension and a decree: 10 to 14 May
]


@pytest.mark.parametrize(("priority", "reported", "due"), REPAIRED)
def test_the_repair_is_due_when_its_full_days_are_over(
    priority: int, reported: str, due: str
) -> None:
    clocks = read([report(reported, priority)], reported)
    assert clocks.repaired.due_at == local(due).astimezone(UTC)


DELAYED = [
    # A working afternoon of three hours: three hours more.
    (2, EARLIER, [("2026-03-10 12:00", "2026-03-10 15:00")], "2026-03-12 03:00"),
    # The day of the report does not count, so nothing of the term is lost on it.
    (2, EARLIER, [("2026-03-09 11:00", "2026-03-09 20:00")], "2026-03-12 00:00"),
    # From the evening before: only the part after midnight.
    (2, EARLIER, [("2026-03-09 18:00", "2026-03-10 06:00")], "2026-03-12 06:00"),
    # Overlapping pauses count once: 10 to 16 o'clock.
    (
        2,
        EARLIER,
        [("2026-03-10 10:00", "2026-03-10 14:00"), ("2026-03-10 12:00", "2026-03-10 16:00")],
        "2026-03-12 06:00",
    ),
    # A weekend takes no working day away.
    (2, "2026-03-12 10:00", [("2026-03-14 10:00", "2026-03-15 18:00")], "2026-03-17 00:00"),
    # Six hours of Friday and six of Monday.
    (2, "2026-03-12 10:00", [("2026-03-13 18:00", "2026-03-16 06:00")], "2026-03-17 12:00"),
    # Ascension takes none away either.
    (2, "2026-05-13 10:00", [("2026-05-14 00:00", "2026-05-15 00:00")], "2026-05-20 00:00"),
    # Paused when it would have been due: the four hours left run after the pause.
    (2, EARLIER, [("2026-03-11 20:00", "2026-03-13 10:00")], "2026-03-13 14:00"),
    # …and if that is in a weekend, on Monday.
    (2, "2026-03-11 10:00", [("2026-03-13 20:00", "2026-03-14 12:00")], "2026-03-16 04:00"),
    # After the due moment there is nothing to postpone.
    (2, EARLIER, [("2026-03-12 00:00", "2026-03-13 10:00")], "2026-03-12 00:00"),
    # Five working days of holidays in May: 3 hours on the 6th.
    (3, "2026-04-30 10:00", [("2026-05-05 10:00", "2026-05-06 03:00")], "2026-05-11 03:00"),
    # A calendar day runs on Sundays: from 1 to 5 o'clock are three hours in March …
    (1, "2026-03-28 12:00", [("2026-03-29 01:00", "2026-03-29 05:00")], "2026-03-30 03:00"),
    # … and five in October.
    (1, "2026-10-24 12:00", [("2026-10-25 01:00", "2026-10-25 05:00")], "2026-10-26 05:00"),
]


@pytest.mark.parametrize(("priority", "reported", "pauses", "due"), DELAYED)
def test_a_pause_postpones_by_what_it_takes_of_the_term(
    priority: int, reported: str, pauses: list[tuple[str, str]], due: str
) -> None:
    log: list[AnyEntry] = [report(reported, priority)]
    for index, (begin, end) in enumerate(pauses):
        log += paused(begin, end, number=10 + 2 * index)
    clocks = read(log)
    assert clocks.repaired.due_at == local(due).astimezone(UTC)
    plain = read([report(reported, priority)]).repaired.due_at
    assert clocks.repaired.due_without_delay_at == plain


def test_spans_join_where_they_touch() -> None:
    a, b, c, d = (local(f"2026-03-10 {hour}:00").astimezone(UTC) for hour in (10, 11, 12, 13))
    assert union([Span(c, d), Span(a, b), Span(b, b)]) == (Span(a, b), Span(c, d))
    assert union([Span(b, c), Span(a, b)]) == (Span(a, c),)
