"""Any life of a ticket: what follows from its log is the same, however and how often it is told."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from diagnostics.tickets import decisions, life
from diagnostics.tickets.attainment import Outcome as Became
from diagnostics.tickets.attainment import Standing, outcome
from diagnostics.tickets.clocks import Target
from diagnostics.tickets.commands import (
    Acknowledge,
    AgreeLater,
    AnswerSwap,
    AnyCommand,
    Appoint,
    Arrive,
    Assign,
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
from diagnostics.tickets.entries import DelayReason
from diagnostics.tickets.errors import TicketError
from diagnostics.tickets.model import (
    CallState,
    Event,
    EventKind,
    Head,
    Outcome,
    ReleaseHow,
    Ticket,
    TicketKind,
)

BEGIN = datetime(2026, 12, 23, 20, tzinfo=UTC)  # the evening before Christmas Eve
CLOCK_EVENTS = {EventKind.WARNED, EventKind.BREACHED}

Step = tuple[datetime, AnyCommand | None, datetime | None]


@st.composite
def commands(draw: st.DrawFn, at: datetime) -> AnyCommand:
    """Draw anything that people may ask for."""
    hours = timedelta(hours=draw(st.integers(1, 200)))
    flag = draw(st.booleans())
    makers: list[Callable[[], AnyCommand]] = [
        Acknowledge,
        Arrive,
        Forget,
        NobodyNear,
        OfferSwap,
        lambda: Assign(account=1 if flag else None),
        lambda: UnderWay(arrives_at=at + hours if flag else None),
        lambda: Note(text="x"),
        lambda: ConfirmRelease(how=draw(st.sampled_from(list(ReleaseHow))), aid_works=flag),
        lambda: Repair(by="x"),
        lambda: Close(outcome=draw(st.sampled_from(list(Outcome)))),
        lambda: ChangePriority(priority=draw(st.integers(1, 3)), reason="seen"),
        lambda: Appoint(begin=at + hours, end=at + hours + timedelta(hours=2)),
        lambda: AgreeLater(due_at=at + hours, evidence="letter" if flag else ""),
        lambda: Pause(
            pause=draw(st.sampled_from("ab")),
            reason=draw(st.sampled_from(list(DelayReason))),
            evidence="call",
            attributable=not flag,
        ),
        lambda: Resume(pause=draw(st.sampled_from("ab"))),
        lambda: AnswerSwap(accepted=flag),
    ]
    return draw(st.sampled_from(makers))()


@st.composite
def lives(draw: st.DrawFn) -> tuple[Dossier, list[Step]]:
    """Draw a ticket and what is asked of it; None: only time has passed."""
    kind = draw(st.sampled_from([TicketKind.EMERGENCY, TicketKind.EMERGENCY, TicketKind.REPAIR]))
    priority = 1 if kind is TicketKind.EMERGENCY else draw(st.integers(1, 3))
    head = Head(
        ticket_id=1,
        device_id=1,
        device_name="sl-000001",
        kind=kind,
        what=None,
        opened_at=BEGIN,
        evidence_at=BEGIN,
        since=BEGIN,
        postcode4=draw(st.sampled_from([1621, 1791])),
        municipality_code="GM0405",
    )
    by = By(actor="system:stuck", now=BEGIN)
    first = decisions.opened(detail={"priority": priority}, by=by)
    call = Event(EventKind.CALLED, BEGIN, "system:lift", {"call_id": "c"})
    at, steps = BEGIN, list[Step]()
    for _ in range(draw(st.integers(1, 12))):
        at += timedelta(minutes=draw(st.sampled_from([0, 1, 15, 50, 70, 300, 1_000, 3_000])))
        asked = draw(st.one_of(st.none(), commands(at)))
        earlier = draw(st.sampled_from([None, None, timedelta(minutes=40)]))
        steps.append((at, asked, None if earlier is None else at - earlier))
    return Dossier(head=head).plus([first, call]), steps


def live(log: Dossier, steps: list[Step], *, ticks: bool) -> tuple[Dossier, list[Ticket]]:
    """Do all that is possible, one after the other; also let the clocks be looked at, or not."""
    seen = [life.ticket_of(log, BEGIN)]
    for at, command, happened_at in steps:
        events: tuple[Event, ...] = ()
        if command is not None:
            by = By(actor="anna", now=at, happened_at=happened_at)
            with suppress(TicketError, ValueError):  # whatever else fails is a mistake of ours
                events = decisions.decide(life.ticket_of(log, at), command, by)
        if events or ticks:
            change = decisions.change(log, events, now=at)
            log = replace(log, events=(*log.events, *change.events))
            assert change.ticket == life.ticket_of(log, at)
            seen.append(change.ticket)
    return log, seen


@given(lives())
def test_how_often_the_clocks_are_looked_at_makes_no_difference(
    lived: tuple[Dossier, list[Step]],
) -> None:
    log, steps = lived
    often, seldom = (live(log, steps, ticks=ticks)[0] for ticks in (True, False))
    at = steps[-1][0]
    assert life.ticket_of(often, at) == life.ticket_of(seldom, at)
    assert life.clocks_at(often, at) is not None
    # Whatever nobody looked at in time is told in the end; whatever was told is not told again.
    last = decisions.change(often, (), now=at)
    again = replace(often, events=(*often.events, *last.events))
    assert decisions.change(again, (), now=at).events == ()


@given(lives(), st.data())
def test_any_grouping_of_the_same_log_is_the_same_ticket(
    lived: tuple[Dossier, list[Step]], data: st.DataObject
) -> None:
    log, _ = live(*lived, ticks=True)
    at = lived[1][-1][0]
    pieces = replace(log, events=())
    rest = log.events
    while rest:
        cut = data.draw(st.integers(1, len(rest)))
        pieces, rest = pieces.plus(rest[:cut]), rest[cut:]
    assert life.ticket_of(pieces, at) == life.ticket_of(log, at)
    assert life.clocks_at(pieces, at) == life.clocks_at(log, at)


@given(lives())
def test_a_term_is_told_broken_once_and_no_warning_follows(
    lived: tuple[Dossier, list[Step]],
) -> None:
    log, _ = live(*lived, ticks=True)
    told = [
        (e.kind, e.detail["target"], e.detail["priority"], e.detail.get("why"), e.detail["due_at"])
        for e in log.events
        if e.kind in CLOCK_EVENTS
    ]
    assert len(told) == len(set(told))


@given(lives())
def test_a_rider_is_told_less_and_less_trouble(lived: tuple[Dossier, list[Step]]) -> None:
    _, seen = live(*lived, ticks=False)
    if seen[0].kind is not TicketKind.EMERGENCY:
        return
    order = [CallState.HELP_COMING, CallState.ANSWERED, CallState.RELEASED]
    told = [order.index(ticket.call_state) for ticket in seen]
    assert told == sorted(told)
    for ticket in seen:
        assert ticket.released_at or (ticket.active and ticket.open and ticket.priority == 1)
    versions = [ticket.version for ticket in seen]
    assert versions == sorted(versions)


@given(lives(), st.booleans(), st.integers(0, 20_000))
def test_what_is_kept_of_a_term_is_what_the_log_says_at_any_later_moment(
    lived: tuple[Dossier, list[Step]], ticks: bool, minutes: int
) -> None:
    """Also after late entries, delays granted afterwards and changes of priority."""
    log, seen = live(*lived, ticks=ticks)
    ticket = seen[-1]
    later = lived[1][-1][0] + timedelta(minutes=minutes)
    clocks = life.clocks_at(log, later)
    assert clocks is not None
    for target, what, certain_at in (
        (Target.ON_SITE, ticket.on_site_outcome, ticket.on_site_certain_at),
        (Target.REPAIRED, ticket.repaired_outcome, ticket.repaired_certain_at),
    ):
        assert what is not None
        kept = Standing(Became(what), certain_at).at(later)
        assert kept.outcome is outcome(clocks, target)
        again = life.ticket_of(log, later)
        at = again.on_site_certain_at if target is Target.ON_SITE else again.repaired_certain_at
        assert kept.certain_at == at
        # What is decided is decided by then, and never again moves.
        if kept.outcome not in (Became.OPEN, Became.NOT_PROMISED):
            assert kept.certain_at is not None
            assert kept.certain_at <= later
