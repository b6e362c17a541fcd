"""The ticket's life, as values in and values out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from diagnostics.tickets import decisions, life
from diagnostics.tickets.commands import (
    Acknowledge,
    AnswerSwap,
    AnyCommand,
    Appoint,
    Arrive,
    By,
    ChangePriority,
    Close,
    ConfirmRelease,
    Forget,
    NobodyNear,
    Note,
    OfferSwap,
    Pause,
    Repair,
    Resume,
    UnderWay,
)
from diagnostics.tickets.dossier import Dossier
from diagnostics.tickets.entries import DelayReason, Window
from diagnostics.tickets.errors import (
    NewerAlarm,
    NotNow,
    NotReleased,
    TicketClosed,
    VersionConflict,
    WrongKind,
)
from diagnostics.tickets.model import (
    Change,
    Event,
    EventKind,
    Head,
    Outcome,
    ReleaseHow,
    Ticket,
    TicketKind,
)

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday
CALLS = ("a" * 32, "b" * 32)


def after(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def dossier(kind: TicketKind = TicketKind.EMERGENCY, priority: int | None = 1) -> Dossier:
    """A ticket that was opened at ``T0``."""
    head = Head(
        ticket_id=7,
        device_id=1,
        device_name="sl-000001",
        kind=kind,
        what="fault" if kind is TicketKind.REPAIR else None,
        opened_at=T0,
        evidence_at=T0,
        since=T0,
        postcode4=1621,
        municipality_code="GM0405",
    )
    detail = {"postcode4": 1621, "municipality": "GM0405"} | (
        {} if priority is None else {"priority": priority}
    )
    first = decisions.opened(detail=detail, by=By(actor="system:stuck", now=T0))
    return Dossier(head=head).plus([first])


EMERGENCY = dossier().plus(
    Event(EventKind.CALLED, T0, "system:lift", {"call_id": call}) for call in CALLS
)
REPAIR = dossier(TicketKind.REPAIR, 3)
WORKS = ConfirmRelease(how=ReleaseHow.CLIENT_BY_PHONE, aid_works=True)
STANDS = ConfirmRelease(how=ReleaseHow.CLIENT_BY_PHONE, aid_works=False)


def at(minutes: float, happened: float | None = None, actor: str = "desk") -> By:
    happened_at = None if happened is None else after(happened)
    return By(actor=actor, now=after(minutes), happened_at=happened_at)


def do(log: Dossier, command: AnyCommand, by: By) -> tuple[Dossier, Change]:
    """Carry out a command, as the service does."""
    ticket = life.ticket_of(log, by.now)
    change = decisions.change(log, decisions.decide(ticket, command, by), now=by.now)
    return replace(log, events=(*log.events, *change.events)), change


def lived(log: Dossier, *commands: AnyCommand) -> tuple[Dossier, Ticket]:
    """Carry out commands, one a minute."""
    ticket = life.ticket_of(log, T0)
    for number, command in enumerate(commands, start=1):
        log, change = do(log, command, at(number))
        ticket = change.ticket
    return log, ticket


def kinds(events: tuple[Event, ...]) -> list[str]:
    return [event.kind.value for event in events]


def told_lift(change: Change) -> list[tuple[str, str]]:
    lifts = [notice.payload for notice in change.notices if notice.channel == "lift"]
    return [(word["call_id"], word["state"]) for word in lifts]


def test_acknowledging_tells_the_lift_and_ends_nothing() -> None:
    _, change = do(EMERGENCY, Acknowledge(), at(1))
    assert change.ticket.acknowledged
    assert not change.ticket.unanswered
    assert change.ticket.active
    assert kinds(change.events) == ["acknowledged"]
    assert told_lift(change) == [(call, "answered") for call in CALLS]


def test_acknowledging_twice_changes_nothing() -> None:
    log, once = do(EMERGENCY, Acknowledge(), at(1))
    _, twice = do(log, Acknowledge(), at(2, actor="other"))
    assert (twice.ticket, twice.events, twice.notices) == (once.ticket, (), ())


@pytest.mark.parametrize("command", [UnderWay(arrives_at=after(40)), Arrive()])
def test_whoever_goes_there_has_taken_it_on(command: AnyCommand) -> None:
    _, change = do(EMERGENCY, command, at(1))
    assert change.ticket.acknowledged_at == after(1)
    assert told_lift(change) == [(call, "answered") for call in CALLS]


def test_what_was_forgotten_is_nobodys_again_but_the_rider_is_told_nothing_else() -> None:
    log, _ = lived(EMERGENCY, Acknowledge(), UnderWay(arrives_at=after(30)))
    log, forgotten = do(log, Forget(), at(60, actor="system:escalation"))
    assert forgotten.ticket.unanswered
    assert (forgotten.ticket.under_way_at, forgotten.ticket.arrives_at) == (None, None)
    assert told_lift(forgotten) == []
    assert do(log, Forget(), at(61))[1].events == ()
    _, again = do(log, Acknowledge(), at(62))
    assert (again.ticket.unanswered, again.ticket.acknowledged_at) == (False, after(62))


def test_nobody_near_means_nobody_under_way() -> None:
    log, _ = lived(EMERGENCY, UnderWay(arrives_at=after(30)), NobodyNear(text="file"))
    ticket = life.ticket_of(log, after(3))
    assert (ticket.under_way_at, ticket.unanswered) == (None, False)


def test_after_a_release_the_aid_that_works_needs_nobody() -> None:
    _, change = do(EMERGENCY, WORKS, at(30))
    assert kinds(change.events) == ["released", "repaired", "closed"]
    assert change.ticket.closed_at == change.ticket.repaired_at == after(30)
    assert change.ticket.acknowledged
    assert told_lift(change) == [(call, "released") for call in CALLS]


def test_an_aid_that_does_not_work_stays_a_repair_of_the_highest_priority() -> None:
    log, change = do(EMERGENCY, STANDS, at(30))
    ticket = change.ticket
    assert (ticket.active, ticket.open, ticket.priority) == (False, True, 1)
    assert told_lift(change) == [(call, "released") for call in CALLS]
    # The client by phone is no mechanic on site: that term runs on.
    assert ticket.breach_at == ticket.on_site_due_at == after(120)
    with pytest.raises(TicketClosed):
        do(log, STANDS, at(31))
    _, done = do(log, Repair(by="M. Teur"), at(90))
    assert kinds(done.events) == ["repaired", "closed"]
    assert told_lift(done) == []
    assert done.events[-1].detail["outcome"] == "repaired"


def test_a_mechanic_who_confirms_the_release_was_on_site() -> None:
    command = ConfirmRelease(how=ReleaseHow.MECHANIC_ON_SITE, aid_works=False)
    log, change = do(EMERGENCY, command, at(30))
    assert kinds(change.events) == ["on_site", "released"]
    clocks = life.clocks_at(log, after(30))
    assert clocks is not None
    assert (clocks.on_site.state, clocks.durations.safe) == ("met", timedelta(minutes=30))


@pytest.mark.parametrize(
    "command",
    [
        Repair(by="x"),
        Close(outcome=Outcome.WITHDRAWN),
        ChangePriority(priority=3, reason="seems well"),
    ],
)
def test_only_a_confirmed_release_ends_an_emergency(command: AnyCommand) -> None:
    with pytest.raises(NotReleased):
        do(EMERGENCY, command, at(1))
    ticket = life.ticket_of(EMERGENCY, T0)
    clear = decisions.change(EMERGENCY, decisions.all_clear(ticket, now=T0), now=T0).ticket
    assert clear.active
    assert clear.all_clear_at == T0
    with pytest.raises(NotReleased):
        decisions.merged_into(ticket, 8, at(1))


def test_a_release_that_was_does_not_end_a_newer_call_for_help() -> None:
    by = By(actor="system:stuck", now=after(20))
    ticket = life.ticket_of(EMERGENCY, by.now)
    log = EMERGENCY.plus(decisions.add_evidence(ticket, detail={}, by=by))
    with pytest.raises(NewerAlarm):
        do(log, WORKS, at(40, happened=10))
    assert not do(log, WORKS, at(40, happened=21))[1].ticket.active
    assert not do(log, WORKS, at(40))[1].ticket.active


def test_new_evidence_withdraws_the_all_clear() -> None:
    ticket = life.ticket_of(EMERGENCY, T0)
    log = EMERGENCY.plus(decisions.all_clear(ticket, now=T0))
    by = By(actor="system:stuck", now=T0)
    events = decisions.add_evidence(life.ticket_of(log, T0), detail={}, by=by)
    change = decisions.change(log, events, now=T0)
    assert change.ticket.all_clear_at is None
    assert kinds(change.events) == ["evidence_added", "alarm_again"]


def test_a_closed_ticket_takes_what_is_worth_knowing_and_nothing_else() -> None:
    log, _ = lived(EMERGENCY, WORKS)
    assert do(log, Note(text="called back"), at(2))[1].events
    assert do(log, Arrive(), at(2, happened=0.5))[1].ticket.on_site_at == after(0.5)
    for command in (Acknowledge(), WORKS, UnderWay(), Pause(pause="a", reason=DelayReason.PARTS)):
        with pytest.raises(TicketClosed):
            do(log, command, at(2))


def test_a_stale_view_is_refused_but_a_note_makes_none_stale() -> None:
    log, noted = do(EMERGENCY, Note(text="x"), at(1))
    _, taken = do(log, Acknowledge(), at(2))
    assert (noted.ticket.version, taken.ticket.version) == (1, 2)
    shown = replace(log.head, version=2)
    decisions.check_version(shown, 2)
    decisions.check_version(shown, None)
    with pytest.raises(VersionConflict):
        decisions.check_version(shown, 1)


@pytest.mark.parametrize(
    ("commands", "state"),
    [((), "help_coming"), ((Acknowledge(),), "answered"), ((WORKS,), "released")],
)
@pytest.mark.parametrize("more", [(), (STANDS,)])
def test_a_repeated_call_hears_how_things_stand(
    commands: tuple[AnyCommand, ...], state: str, more: tuple[AnyCommand, ...]
) -> None:
    if commands != (WORKS,) and more:
        commands, state = (*commands, *more), "released"
    _, ticket = lived(EMERGENCY, *commands)
    events, notice = decisions.hear_call(ticket, CALLS[0], repetition="1:9", detail={}, now=T0)
    assert (notice.payload["state"], events) == (state, ())


def test_the_same_repetition_is_the_same_command() -> None:
    ticket = life.ticket_of(EMERGENCY, T0)
    first, second, other = (
        decisions.hear_call(ticket, CALLS[0], repetition=each, detail={}, now=T0)[1]
        for each in ("1:9", "1:9", "1:10")
    )
    assert first.dedup_key == second.dedup_key
    assert first.dedup_key != other.dedup_key


def test_a_repair_is_done_by_somebody_at_some_time() -> None:
    log, _ = do(REPAIR, Acknowledge(), at(1))
    _, change = do(log, Repair(by="M. Teur"), at(2880, happened=1440))
    ticket = change.ticket
    assert (ticket.repaired_at, ticket.closed_at) == (after(1440), after(2880))
    repaired, closed = change.events
    assert (repaired.detail, repaired.at) == ({"by": "M. Teur", "note": ""}, after(2880))
    (first, second) = change.notices
    assert first.payload["data"]["what"] == "fault"
    assert second.payload["type"] == "nl.liftwacht.ticket.closed"
    assert closed.actor == "desk"


def test_what_happened_is_not_in_the_future_but_a_clock_may_be_a_little_ahead() -> None:
    with pytest.raises(ValueError, match="future"):
        do(REPAIR, Repair(by="x"), at(1, happened=7))
    _, change = do(REPAIR, Repair(by="x"), at(1, happened=3))
    assert change.ticket.repaired_at == after(1)


def test_repairs_are_not_released() -> None:
    with pytest.raises(WrongKind):
        do(REPAIR, WORKS, at(1))


def test_a_repair_that_becomes_more_urgent_is_due_from_its_report_on() -> None:
    now = after(60 * 24)
    ticket = life.ticket_of(REPAIR, now)
    assert ticket.repaired_due_at == datetime(2026, 11, 27, 23, tzinfo=UTC)
    events = decisions.raise_priority(ticket, priority=2, now=now)
    change = decisions.change(REPAIR, events, now=now)
    assert change.ticket.repaired_due_at == datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert change.ticket.priority == 2
    assert decisions.raise_priority(change.ticket, priority=2, now=now) == ()
    # Two weeks later that is over already, and told to be so by the change.
    late = T0 + timedelta(days=14)
    events = decisions.raise_priority(life.ticket_of(REPAIR, late), priority=2, now=late)
    breached = decisions.change(REPAIR, events, now=late).events[1:]
    assert [event.detail["by_change"] for event in breached] == [False, True]


def test_warned_and_breached_once_each() -> None:
    log = EMERGENCY
    seen: list[tuple[int, str, str]] = []
    for minutes in (74, 75, 76, 120, 121, 121, 300, 60 * 24 * 3):
        change = decisions.change(log, (), now=after(minutes))
        log = replace(log, events=(*log.events, *change.events))
        seen += [(minutes, e.kind.value, e.detail["target"]) for e in change.events]
    # The repair is due at the end of the next day, Dutch time.
    assert seen == [
        (75, "warned", "on_site"),
        (121, "breached", "on_site"),
        (60 * 24 * 3, "breached", "repaired"),
    ]
    assert life.ticket_of(log, after(60 * 24 * 3)).breaches == 2
    assert life.ticket_of(log, after(60 * 24 * 3)).next_clock_at is None


def test_a_clock_that_leaps_a_year_ahead_and_back_hides_no_breach() -> None:
    ahead = decisions.change(EMERGENCY, (), now=T0 + timedelta(days=365))
    assert kinds(ahead.events) == ["breached", "breached"]
    log = replace(EMERGENCY, events=(*EMERGENCY.events, *ahead.events))
    assert life.ticket_of(log, after(30)).breaches == 0
    assert life.ticket_of(log, after(30)).next_clock_at == after(75)
    back = decisions.change(log, (), now=after(121))
    assert [event.detail["target"] for event in back.events] == ["on_site"]
    # …and before the report it is as at the report.
    before = decisions.change(EMERGENCY, (), now=T0 - timedelta(hours=5))
    assert (before.events, before.ticket.on_site_due_at) == ((), after(120))


def test_a_visit_is_agreed_and_then_moved() -> None:
    first = Window(after(60), after(240))
    log, made = do(REPAIR, Appoint(begin=first.begin, end=first.end), at(1))
    assert (kinds(made.events), made.ticket.appointment) == (["appointment_made"], first)
    _, moved = do(log, Appoint(begin=after(300), end=after(400)), at(2))
    assert kinds(moved.events) == ["appointment_moved"]
    assert moved.ticket.repaired_due_at == made.ticket.repaired_due_at
    with pytest.raises(ValueError, match="window"):
        do(log, Appoint(begin=after(2), end=after(2)), at(2))


def test_a_pause_with_reason_evidence_and_word_postpones() -> None:
    wish: dict[str, Any] = {"reason": DelayReason.CLIENT_WISH, "attributable": False}
    monday = 60 * 24 * 3
    log, _ = do(REPAIR, Pause(pause="p", evidence="call", **wish), at(monday))
    assert life.ticket_of(log, after(monday)).pauses == ("p",)
    assert do(log, Pause(pause="p", **wish), at(monday + 1))[1].events == ()
    _, ended = do(log, Resume(pause="p"), at(monday + 180))
    assert ended.ticket.pauses == ()
    assert ended.ticket.repaired_due_at == datetime(2026, 11, 28 + 2, 2, tzinfo=UTC)
    with pytest.raises(NotNow):
        do(REPAIR, Resume(pause="p"), at(1))


def test_an_answer_needs_an_offer() -> None:
    with pytest.raises(NotNow):
        do(REPAIR, AnswerSwap(accepted=True), at(1))
    _, ticket = lived(REPAIR, OfferSwap(device="sl-2"), AnswerSwap(accepted=True))
    assert not ticket.swap_offered


def test_what_has_no_priority_has_no_terms_but_appointments() -> None:
    service = dossier(TicketKind.SERVICE, None)
    log, change = do(service, Appoint(begin=after(60), end=after(120)), at(1))
    assert (change.ticket.repaired_due_at, change.ticket.priority) == (None, None)
    for command in (Repair(by="x"), ChangePriority(priority=1, reason="x")):
        with pytest.raises(WrongKind):
            do(log, command, at(2))
    _, done = do(log, Close(outcome=Outcome.DONE), at(90))
    assert not done.ticket.open
