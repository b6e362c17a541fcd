"""What comes of a command: how the ticket stands + command + who, and when → events. Pure.

``change`` then makes the ticket of the longer log, with the messages that go out with it.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from diagnostics.tickets import life
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
    Escalated,
    Forget,
    NobodyNear,
    Note,
    OfferSwap,
    Pause,
    Repair,
    ReportCalamity,
    Resume,
    Sign,
    UnderWay,
    UsePart,
)
from diagnostics.tickets.dossier import Dossier
from diagnostics.tickets.errors import (
    NewerAlarm,
    NotNow,
    NotReleased,
    TicketClosed,
    VersionConflict,
    WrongKind,
)
from diagnostics.tickets.model import (
    WITH_PRIORITY,
    Change,
    Event,
    EventKind,
    Head,
    Notice,
    Outcome,
    ReleaseHow,
    Ticket,
    TicketKind,
)
from diagnostics.tickets.notices import call_status, notices_of


def check_version(head: Head, expected: int | None) -> None:
    """Refuse to act on a ticket that changed since the actor saw it; None: whatever it became.

    Raises:
        VersionConflict: its version is not ``expected``.
    """
    if expected is not None and head.version != expected:
        raise VersionConflict(head.ticket_id, expected=expected, actual=head.version)


def change(
    dossier: Dossier, events: Iterable[Event], *, now: datetime, notices: Iterable[Notice] = ()
) -> Change:
    """Return what ``events`` make of the ticket, with the warnings and breaches due by ``now``."""
    before = life.ticket_of(dossier, now) if dossier.events else None
    after = dossier.plus(events)
    after = after.plus(life.clock_events(after, now))
    new = after.events[len(dossier.events) :]
    ticket = life.ticket_of(after, now)
    return Change(ticket=ticket, events=new, notices=(*notices_of(before, ticket, new), *notices))


def decide(ticket: Ticket, command: AnyCommand, by: By) -> tuple[Event, ...]:
    """Return what happens; nothing, if it is so already.

    Raises:
        TicketClosed, WrongKind, NotReleased, NewerAlarm, NotNow: it cannot be, as things stand.
        ValueError: a moment or a value makes no sense.
    """
    decision: _Decision = _DECISIONS[type(command)]
    return tuple(decision(ticket, command, by.checked()))


def opened(*, detail: dict[str, Any], by: By) -> Event:
    """Return the first event of a ticket that a detector opens."""
    return Event(EventKind.OPENED, by.now, by.actor, {"source": "detector", **detail})


def reported(*, detail: dict[str, Any], by: By) -> Event:
    """Return the event of a person's report: a ticket's first, or a further one."""
    return _event(EventKind.REPORTED, by.checked(), detail)


def add_evidence(ticket: Ticket, *, detail: dict[str, Any], by: By) -> tuple[Event, ...]:
    """Add a further finding. An all-clear before it is withdrawn: the trouble is back."""
    added = Event(EventKind.EVIDENCE_ADDED, by.now, by.actor, detail)
    return (added, *alarm_again(ticket, by))


def alarm_again(ticket: Ticket, by: By) -> tuple[Event, ...]:
    """Withdraw an all-clear."""
    if ticket.all_clear_at is None:
        return ()
    return (Event(EventKind.ALARM_AGAIN, by.now, by.actor),)


def raise_priority(ticket: Ticket, *, priority: int, now: datetime) -> tuple[Event, ...]:
    """The aid cannot be used any more: its term is reckoned anew, from the report."""
    if not ticket.open or ticket.priority is None or ticket.priority <= priority:
        return ()
    detail = {"priority": priority, "reason": "unusable"}
    return (Event(EventKind.PRIORITY_RAISED, now, "system:diagnostics", detail),)


def hear_call(
    ticket: Ticket, call_id: str, *, repetition: str, detail: dict[str, Any], now: datetime
) -> tuple[tuple[Event, ...], Notice]:
    """The lift calls (again): tell it how things stand.

    Every repetition is answered, since a lift that repeats has not heard, or has forgotten.
    ``repetition`` names this one, so that the same message is not answered twice.
    """
    notice = call_status(ticket, call_id, ticket.call_state, answer_id(call_id, repetition))
    if call_id in ticket.call_ids:
        # A repetition is no news for people: a call may repeat for hours.
        return (), notice
    event = Event(EventKind.CALLED, now, "system:lift", {"call_id": call_id, **detail})
    return (event,), notice


def answer_id(call_id: str, repetition: str) -> str:
    """Return the id of the command that answers this repetition of a call, whatever it will say."""
    return hashlib.sha256(f"{call_id}:{repetition}".encode()).hexdigest()[:32]


def all_clear(ticket: Ticket, *, now: datetime) -> tuple[Event, ...]:
    """The lift says that it is over. Shown, never trusted: the ticket stays open."""
    if not ticket.active or ticket.all_clear_at is not None:
        return ()
    return (Event(EventKind.ALL_CLEAR, now, "system:diagnostics"),)


def lift_replied(*, detail: dict[str, Any], done: bool, now: datetime) -> tuple[Event, ...]:
    """The lift answered our word to its rider: heard, or refused."""
    kind = EventKind.LIFT_HEARD if done else EventKind.LIFT_REFUSED
    return (Event(kind, now, "system:lift", detail),)


def linked(kind: EventKind, other: int, by: By, **detail: Any) -> Event:
    """Return the event by which a ticket knows of ``other``: linked, merged or split."""
    return _event(kind, by, {"ticket": other, **detail})


def merged_into(ticket: Ticket, other: int, by: By) -> tuple[Event, ...]:
    """The ticket goes on as ``other``.

    Raises:
        NotReleased: somebody may still be in need: that is never merged away.
        TicketClosed, NotNow: it is over, or would be merged with itself.
    """
    _require_open(ticket)
    _require_safe(ticket)
    if other == ticket.ticket_id:
        raise NotNow(other, "cannot be merged with itself")
    return (
        linked(EventKind.MERGED, other, by, into=other),
        Event(EventKind.CLOSED, by.now, by.actor, {"outcome": Outcome.MERGED.value}),
    )


# From here on: one function for each command.


def _acknowledge(ticket: Ticket, _: Acknowledge, by: By) -> Iterable[Event]:
    _require_open(ticket)
    if ticket.unanswered or not ticket.acknowledged:
        yield _event(EventKind.ACKNOWLEDGED, by)


def _assign(ticket: Ticket, command: Assign, by: By) -> Iterable[Event]:
    _require_open(ticket)
    if ticket.assigned_to != command.account:
        yield _event(EventKind.ASSIGNED, by, {"account": command.account})


def _under_way(ticket: Ticket, command: UnderWay, by: By) -> Iterable[Event]:
    _require_open(ticket)
    yield _event(EventKind.UNDER_WAY, by, {"arrives_at": _iso(command.arrives_at)})


def _arrive(_: Ticket, __: Arrive, by: By) -> Iterable[Event]:
    # Also if it is closed meanwhile: that somebody was there in time is worth knowing.
    yield _event(EventKind.ON_SITE, by)


def _nobody_near(ticket: Ticket, command: NobodyNear, by: By) -> Iterable[Event]:
    _require_open(ticket)
    yield _event(EventKind.NOBODY_NEAR, by, {"text": command.text})


def _forget(ticket: Ticket, _: Forget, by: By) -> Iterable[Event]:
    if ticket.open and not ticket.unanswered:
        yield _event(EventKind.FORGOTTEN, by)


def _escalated(_: Ticket, command: Escalated, by: By) -> Iterable[Event]:
    detail: dict[str, Any] = {"step": command.step, "layer": command.layer}
    detail |= {"people": list(command.people)} if command.people else {"nobody": True}
    yield _event(EventKind.ESCALATED, by, detail)


def _note(_: Ticket, command: Note, by: By) -> Iterable[Event]:
    yield _event(EventKind.NOTED, by, {"text": command.text})


def _release(ticket: Ticket, command: ConfirmRelease, by: By) -> Iterable[Event]:
    if ticket.kind is not TicketKind.EMERGENCY:
        raise WrongKind(ticket.ticket_id, kind=ticket.kind.value)
    if not ticket.active:
        raise TicketClosed(ticket.ticket_id)
    if by.happened_at and ticket.alarm_at and ticket.alarm_at > by.happened_at:
        raise NewerAlarm(ticket.ticket_id)
    if command.how is ReleaseHow.MECHANIC_ON_SITE and ticket.on_site_at is None:
        yield _event(EventKind.ON_SITE, by)  # at the latest now, whoever forgot to say so
    detail = {"how": command.how.value, "aid_works": command.aid_works, "note": command.note}
    yield _event(EventKind.RELEASED, by, detail)
    if command.aid_works:
        yield _event(EventKind.REPAIRED, by, {"note": ""})
        yield _closed(Outcome.REPAIRED, by)


def _repair(ticket: Ticket, command: Repair, by: By) -> Iterable[Event]:
    _require_clocked(ticket)
    _require_open(ticket)
    _require_safe(ticket)
    detail = {"by": command.by, "note": command.note}
    yield _event(EventKind.REPAIRED, by, detail)
    yield _closed(Outcome.REPAIRED, by)


def _close(ticket: Ticket, command: Close, by: By) -> Iterable[Event]:
    _require_open(ticket)
    _require_safe(ticket)
    if command.outcome in {Outcome.REPAIRED, Outcome.MERGED}:
        raise ValueError(f"not closed as {command.outcome} by itself: say so")
    yield _closed(command.outcome, by, note=command.note)


def _change_priority(ticket: Ticket, command: ChangePriority, by: By) -> Iterable[Event]:
    _require_clocked(ticket)
    _require_open(ticket)
    _require_safe(ticket)  # an emergency has the highest until somebody is safe
    if not 1 <= command.priority <= 3:
        raise ValueError(f"there is no priority {command.priority}")
    if not command.reason.strip():
        raise ValueError("a change of priority needs its reason")
    if ticket.priority != command.priority:
        detail = {"priority": command.priority, "reason": command.reason}
        yield _event(EventKind.PRIORITY_CHANGED, by, detail)


def _appoint(ticket: Ticket, command: Appoint, by: By) -> Iterable[Event]:
    _require_open(ticket)
    if command.end <= command.begin:
        raise ValueError("a visit's window ends after it begins")
    kind = EventKind.APPOINTMENT_MOVED if ticket.appointment else EventKind.APPOINTMENT_MADE
    yield _event(kind, by, {"begin": _iso(command.begin), "end": _iso(command.end)})


def _agree_later(ticket: Ticket, command: AgreeLater, by: By) -> Iterable[Event]:
    _require_clocked(ticket)
    _require_open(ticket)
    detail = {"due_at": _iso(command.due_at), "evidence": command.evidence}
    yield _event(EventKind.AGREED_LATER, by, detail)


def _pause(ticket: Ticket, command: Pause, by: By) -> Iterable[Event]:
    _require_clocked(ticket)
    _require_open(ticket)
    if command.pause not in ticket.pauses:
        detail = {
            "pause": command.pause,
            "reason": command.reason.value,
            "evidence": command.evidence,
            "attributable": command.attributable,
        }
        yield _event(EventKind.PAUSE_BEGUN, by, detail)


def _resume(ticket: Ticket, command: Resume, by: By) -> Iterable[Event]:
    _require_open(ticket)
    if command.pause not in ticket.pauses:
        raise NotNow(ticket.ticket_id, f"no pause {command.pause} lasts")
    detail = {
        "pause": command.pause,
        "evidence": command.evidence,
        "attributable": command.attributable,
    }
    yield _event(EventKind.PAUSE_ENDED, by, detail)


def _use_part(_: Ticket, command: UsePart, by: By) -> Iterable[Event]:
    if command.number < 1:
        raise ValueError("of a part at least one is used")
    yield _event(EventKind.PART_USED, by, {"part": command.part, "number": command.number})


def _sign(_: Ticket, command: Sign, by: By) -> Iterable[Event]:
    detail: dict[str, Any] = {"by": command.by, "text": command.statement}
    if command.attachment is not None:
        detail["attachment"] = command.attachment
    yield _event(EventKind.SIGNED, by, detail)


def _offer_swap(ticket: Ticket, command: OfferSwap, by: By) -> Iterable[Event]:
    _require_open(ticket)
    yield _event(EventKind.SWAP_OFFERED, by, {"device": command.device, "text": command.text})


def _answer_swap(ticket: Ticket, command: AnswerSwap, by: By) -> Iterable[Event]:
    if not ticket.swap_offered:
        raise NotNow(ticket.ticket_id, "no other aid was offered")
    detail = {"accepted": command.accepted, "text": command.text}
    yield _event(EventKind.SWAP_ANSWERED, by, detail)


def _report_calamity(_: Ticket, command: ReportCalamity, by: By) -> Iterable[Event]:
    yield _event(EventKind.CALAMITY_REPORTED, by, {"text": command.text})


_Decision = Callable[[Ticket, Any, By], Iterable[Event]]
_DECISIONS: Final[dict[type, _Decision]] = {
    Acknowledge: _acknowledge,
    Assign: _assign,
    UnderWay: _under_way,
    Arrive: _arrive,
    NobodyNear: _nobody_near,
    Forget: _forget,
    Escalated: _escalated,
    Note: _note,
    ConfirmRelease: _release,
    Repair: _repair,
    Close: _close,
    ChangePriority: _change_priority,
    Appoint: _appoint,
    AgreeLater: _agree_later,
    Pause: _pause,
    Resume: _resume,
    UsePart: _use_part,
    Sign: _sign,
    OfferSwap: _offer_swap,
    AnswerSwap: _answer_swap,
    ReportCalamity: _report_calamity,
}


def _event(kind: EventKind, by: By, detail: dict[str, Any] | None = None) -> Event:
    return Event(kind, by.now, by.actor, detail or {}, by.happened_at, by.request_id)


def _closed(outcome: Outcome, by: By, note: str = "") -> Event:
    detail = {"outcome": outcome.value, **({"note": note} if note else {})}
    return Event(EventKind.CLOSED, by.now, by.actor, detail, request_id=by.request_id)


def _require_open(ticket: Ticket) -> None:
    if not ticket.open:
        raise TicketClosed(ticket.ticket_id)


def _require_safe(ticket: Ticket) -> None:
    if ticket.kind is TicketKind.EMERGENCY and ticket.active:
        raise NotReleased(ticket.ticket_id)


def _require_clocked(ticket: Ticket) -> None:
    if ticket.kind not in WITH_PRIORITY:
        raise WrongKind(ticket.ticket_id, kind=ticket.kind.value)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
