"""The ticket's life, as values in and values out."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from diagnostics.tickets import decisions
from diagnostics.tickets.errors import TicketClosed, VersionConflict, WrongKind
from diagnostics.tickets.model import EventKind, ReleaseHow, Ticket, TicketKind
from diagnostics.tickets.sla import ON_SITE_WITHIN, emergency_due, repair_due

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TICKET = Ticket(
    ticket_id=7,
    device_id=1,
    device_name="sl-000001",
    priority=1,
    opened_at=T0,
    evidence_at=T0,
    since=T0,
    on_site_due_at=T0 + ON_SITE_WITHIN,
    repaired_due_at=T0 + timedelta(days=2),
    call_ids=("a" * 32, "b" * 32),
)


@pytest.mark.parametrize(
    ("reported", "repaired"),
    [
        # In winter and summer, at the edges of a Dutch day, and over both clock changes.
        ("2026-11-20T09:00+01:00", "2026-11-22T00:00+01:00"),
        ("2026-07-01T00:00+02:00", "2026-07-03T00:00+02:00"),
        ("2026-06-30T22:30+00:00", "2026-07-03T00:00+02:00"),
        ("2026-11-20T23:59+01:00", "2026-11-22T00:00+01:00"),
        ("2026-03-28T12:00+01:00", "2026-03-30T00:00+02:00"),
        ("2026-10-24T12:00+02:00", "2026-10-26T00:00+01:00"),
        ("2026-12-31T12:00+01:00", "2027-01-02T00:00+01:00"),
    ],
)
def test_repaired_within_one_full_calendar_day(reported: str, repaired: str) -> None:
    due = emergency_due(datetime.fromisoformat(reported), exempt=False)
    assert due.repaired_at == datetime.fromisoformat(repaired)


def test_on_site_within_two_hours_by_the_clock_also_when_it_changes() -> None:
    night = datetime.fromisoformat("2026-03-29T01:30+01:00")
    due = emergency_due(night, exempt=False)
    assert due.on_site_at == datetime.fromisoformat("2026-03-29T04:30+02:00")


def test_the_wadden_islands_have_no_two_hours_but_the_repair() -> None:
    due = emergency_due(T0, exempt=True)
    assert due.on_site_at is None
    assert due.repaired_at == emergency_due(T0, exempt=False).repaired_at


def test_acknowledging_tells_the_lift_and_ends_nothing() -> None:
    change = decisions.acknowledge(TICKET, actor="desk", now=T0)
    assert change.ticket.acknowledged
    assert change.ticket.active
    assert [event.kind for event in change.events] == [EventKind.ACKNOWLEDGED]
    lifts = [notice for notice in change.notices if notice.channel == "lift"]
    assert [notice.payload["state"] for notice in lifts] == ["answered", "answered"]
    assert {notice.payload["call_id"] for notice in lifts} == set(TICKET.call_ids)


def test_acknowledging_twice_changes_nothing() -> None:
    once = decisions.acknowledge(TICKET, actor="desk", now=T0).ticket
    twice = decisions.acknowledge(once, actor="other", now=T0 + timedelta(minutes=1))
    assert (twice.ticket, twice.events, twice.notices) == (once, (), ())


def test_only_a_confirmed_release_ends_it() -> None:
    clear = decisions.all_clear(TICKET, now=T0).ticket
    assert clear.active
    assert clear.all_clear_at == T0
    released = decisions.confirm_release(
        clear, how=ReleaseHow.CLIENT_BY_PHONE, note="", actor="desk", now=T0
    )
    assert not released.ticket.active
    assert released.ticket.acknowledged
    assert released.events[0].detail["how"] == "client_by_phone"


def test_new_evidence_withdraws_the_all_clear() -> None:
    clear = decisions.all_clear(TICKET, now=T0).ticket
    change = decisions.add_evidence(clear, actor="system:stuck", detail={}, now=T0)
    assert change.ticket.all_clear_at is None
    assert [e.kind for e in change.events] == [EventKind.EVIDENCE_ADDED, EventKind.ALARM_AGAIN]


def test_a_closed_ticket_takes_notes_and_nothing_else() -> None:
    closed = replace(TICKET, closed_at=T0)
    assert decisions.add_note(closed, text="called back", actor="desk", now=T0).events
    with pytest.raises(TicketClosed):
        decisions.acknowledge(closed, actor="desk", now=T0)
    with pytest.raises(TicketClosed):
        decisions.confirm_release(
            closed, how=ReleaseHow.MECHANIC_ON_SITE, note="", actor="desk", now=T0
        )


def test_a_stale_view_is_refused() -> None:
    with pytest.raises(VersionConflict):
        decisions.check_version(TICKET, TICKET.version + 1)


@pytest.mark.parametrize(
    ("ticket", "state"),
    [
        (TICKET, "help_coming"),
        (replace(TICKET, acknowledged_at=T0), "answered"),
        (replace(TICKET, acknowledged_at=T0, closed_at=T0), "released"),
    ],
)
def test_a_repeated_call_hears_how_things_stand(ticket: Ticket, state: str) -> None:
    change = decisions.hear_call(ticket, "a" * 32, repetition="1:9", detail={}, now=T0)
    assert [notice.payload["state"] for notice in change.notices] == [state]
    assert change.events == ()


def test_the_same_repetition_is_the_same_command() -> None:
    first, second, other = (
        decisions.hear_call(TICKET, "a" * 32, repetition=each, detail={}, now=T0).notices[0]
        for each in ("1:9", "1:9", "1:10")
    )
    assert first.dedup_key == second.dedup_key
    assert first.dedup_key != other.dedup_key


REPAIR = replace(
    TICKET,
    kind=TicketKind.REPAIR,
    what="fault",
    priority=3,
    on_site_due_at=None,
    repaired_due_at=T0 + timedelta(days=7),
    call_ids=(),
)


def test_a_repair_is_done_by_somebody_at_some_time() -> None:
    done_at, now = T0 + timedelta(days=1), T0 + timedelta(days=2)
    change = decisions.repaired(REPAIR, by="M. Teur", at=done_at, note="", actor="desk", now=now)
    assert (change.ticket.active, change.ticket.closed_at) == (False, now)
    assert change.ticket.acknowledged_at == now
    (event,) = change.events
    assert (event.kind, event.actor) == (EventKind.REPAIRED, "desk")
    assert event.detail == {"by": "M. Teur", "repaired_at": done_at.isoformat(), "note": ""}
    (notice,) = change.notices
    assert notice.payload["data"]["kind"] == "repair"
    assert notice.payload["data"]["what"] == "fault"


def test_a_repair_is_done_once_and_not_in_the_future() -> None:
    done = {"by": "x", "note": "", "actor": "desk"}
    closed = replace(REPAIR, closed_at=T0)
    with pytest.raises(TicketClosed):
        decisions.repaired(closed, at=T0, now=T0, **done)
    with pytest.raises(ValueError, match="past"):
        decisions.repaired(REPAIR, at=T0 + timedelta(seconds=1), now=T0, **done)


def test_repairs_are_not_released_and_emergencies_not_repaired() -> None:
    with pytest.raises(WrongKind):
        decisions.repaired(TICKET, by="x", at=T0, note="", actor="desk", now=T0)
    with pytest.raises(WrongKind):
        decisions.confirm_release(
            REPAIR, how=ReleaseHow.CLIENT_BY_PHONE, note="", actor="desk", now=T0
        )


def test_a_repair_becomes_more_urgent_and_never_due_later() -> None:
    now = T0 + timedelta(days=1)
    due = repair_due(now, 2)
    worse = decisions.raise_priority(REPAIR, priority=2, due=due, now=now)
    assert (worse.ticket.priority, worse.ticket.repaired_due_at) == (2, due.repaired_at)
    assert [event.kind for event in worse.events] == [EventKind.PRIORITY_RAISED]
    late = replace(REPAIR, repaired_due_at=now)
    assert decisions.raise_priority(late, priority=2, due=due, now=now).ticket.repaired_due_at == (
        now
    )
    again = decisions.raise_priority(worse.ticket, priority=2, due=due, now=now)
    assert (again.ticket, again.events) == (worse.ticket, ())
