"""Working days and what is due by them, against a table worked out by hand."""

from datetime import date, datetime

import pytest

from diagnostics.tickets.calendar import after_working_days, is_working_day
from diagnostics.tickets.model import TicketKind
from diagnostics.tickets.sla import repair_priority, reported_priority


@pytest.mark.parametrize(
    ("day", "works"),
    [
        # 2026: New Year's Day on a Thursday, and the decree's Friday after it.
        ("2026-01-01", False),
        ("2026-01-02", False),
        ("2026-01-03", False),  # Saturday
        ("2026-01-04", False),  # Sunday
        ("2026-01-05", True),
        ("2026-04-02", True),  # Maundy Thursday
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),  # Easter Monday
        ("2026-04-07", True),
        ("2026-04-27", False),  # King's Day
        ("2026-05-04", True),  # remembrance, and a working day
        ("2026-05-05", False),  # every year, not only every fifth
        ("2027-05-05", False),
        ("2026-05-14", False),  # Ascension
        ("2026-05-15", False),  # by decree
        ("2026-05-25", False),  # Whit Monday
        ("2026-12-24", True),
        ("2026-12-25", False),
        ("2026-12-28", True),  # the 26th was a Saturday: no day in its place
        ("2026-12-31", True),
        ("2025-04-26", False),  # King's Day on a Saturday, since the 27th is a Sunday
        ("2025-04-28", True),
        ("2024-12-27", False),  # by decree
        ("2027-05-07", False),  # by decree
    ],
)
def test_working_days(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("reported", "second_day", "fifth_day"),
    [
        # A plain Monday: Tuesday and Wednesday; the fifth is the next Monday.
        ("2026-11-16T09:00+01:00", "2026-11-18", "2026-11-23"),
        # Friday evening: Monday and Tuesday; the fifth is Friday.
        ("2026-11-20T22:00+01:00", "2026-11-24", "2026-11-27"),
        # Saturday and Sunday count as little as the day of the report.
        ("2026-11-21T10:00+01:00", "2026-11-24", "2026-11-27"),
        ("2026-11-22T23:59+01:00", "2026-11-24", "2026-11-27"),
        # Just after midnight in the Netherlands, still the day before in UTC: it is Tuesday.
        ("2026-11-16T23:30+00:00", "2026-11-19", "2026-11-24"),
        # Over Easter: 1 April is a Wednesday; 2 and 7, then 8, 9, 10.
        ("2026-04-01T12:00+02:00", "2026-04-07", "2026-04-10"),
        # 30 April 2026 is a Thursday; 1 and 4 May; then 6, 7, 8, for the 5th does not count.
        ("2026-04-30T08:00+02:00", "2026-05-04", "2026-05-08"),
        # Ascension and its decreed Friday: 13 May is a Wednesday; 18 and 19, then 20, 21, 22.
        ("2026-05-13T17:00+02:00", "2026-05-19", "2026-05-22"),
        # Christmas: 23 December 2026 is a Wednesday; 24, 28, then 29, 30, 31.
        ("2026-12-23T10:00+01:00", "2026-12-28", "2026-12-31"),
        # Over the end of the year: 30 December 2025 is a Tuesday; 31, 5 January, then 6, 7, 8.
        ("2025-12-30T10:00+01:00", "2026-01-05", "2026-01-08"),
        # Over the change of the clocks on Sunday 29 March: midnight is by the new time.
        ("2026-03-27T10:00+01:00", "2026-03-31", "2026-04-07"),
    ],
)
def test_due_when_the_last_of_full_working_days_is_over(
    reported: str, second_day: str, fifth_day: str
) -> None:
    at = datetime.fromisoformat(reported)
    for days, day in ((2, second_day), (5, fifth_day)):
        due = after_working_days(at, days)
        assert due.strftime("%H:%M") == "00:00"
        assert (due.date() - date.fromisoformat(day)).days == 1


def test_midnight_is_by_dutch_time() -> None:
    summer = after_working_days(datetime.fromisoformat("2026-07-01T10:00+02:00"), 2)
    assert summer == datetime.fromisoformat("2026-07-04T00:00+02:00")
    winter = after_working_days(datetime.fromisoformat("2026-11-16T10:00+01:00"), 2)
    assert winter == datetime.fromisoformat("2026-11-19T00:00+01:00")


def test_an_aid_that_cannot_be_used_is_urgent_as_far_as_its_client_depends_on_it() -> None:
    assert repair_priority(usable=True, wholly_dependent=True) == 3
    assert repair_priority(usable=False, wholly_dependent=False) == 2
    assert repair_priority(usable=False, wholly_dependent=True) == 1


@pytest.mark.parametrize(
    ("kind", "usable", "found_in_service", "priority"),
    [
        (TicketKind.EMERGENCY, None, False, 1),
        (TicketKind.REPAIR, True, False, 3),
        (TicketKind.REPAIR, False, False, 1),
        (TicketKind.REPAIR, None, True, 3),
        (TicketKind.REPAIR, False, True, 1),  # the mechanic says that it cannot be used
        (TicketKind.SERVICE, None, False, None),
        (TicketKind.REQUEST, None, False, None),
    ],
)
def test_the_priority_of_what_people_report(
    kind: TicketKind, usable: bool | None, found_in_service: bool, priority: int | None
) -> None:
    found = reported_priority(
        kind, usable=usable, wholly_dependent=True, found_in_service=found_in_service
    )
    assert found == priority


def test_of_a_repair_it_is_said_whether_the_aid_can_be_used() -> None:
    with pytest.raises(ValueError, match="used safely"):
        reported_priority(
            TicketKind.REPAIR, usable=None, wholly_dependent=True, found_in_service=False
        )
