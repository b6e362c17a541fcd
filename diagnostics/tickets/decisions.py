"""What a ticket becomes when something happens to it: ticket + command + now → change. Pure."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from diagnostics.tickets.errors import TicketClosed, VersionConflict, WrongKind
from diagnostics.tickets.model import (
    CallState,
    Change,
    Event,
    EventKind,
    Notice,
    ReleaseHow,
    Ticket,
    TicketKind,
)
from diagnostics.tickets.sla import Due

WEBHOOK: Final = "webhook"
LIFT: Final = "lift"
_EVENT_TYPE: Final = "nl.liftwacht.ticket."
_EVENT_SOURCE: Final = "urn:liftwacht:diagnostics"


def check_version(ticket: Ticket, expected: int) -> None:
    """Refuse to act on a ticket that changed since the actor saw it.

    Raises:
        VersionConflict: its version is not ``expected``.
    """
    if ticket.version != expected:
        raise VersionConflict(ticket.ticket_id, expected=expected, actual=ticket.version)


def opened(ticket: Ticket, *, actor: str, detail: dict[str, Any], now: datetime) -> Change:
    """Open ``ticket``: tell everybody who wants to hear of tickets."""
    event = Event(EventKind.OPENED, now, actor, detail)
    return Change(ticket=ticket, events=(event,), notices=(_webhook(ticket, event),))


def add_evidence(ticket: Ticket, *, actor: str, detail: dict[str, Any], now: datetime) -> Change:
    """Add a further finding. An all-clear before it is withdrawn: the trouble is back."""
    events = [Event(EventKind.EVIDENCE_ADDED, now, actor, detail)]
    if ticket.all_clear_at is not None:
        events.append(Event(EventKind.ALARM_AGAIN, now, actor))
    return Change(ticket=_next(ticket, all_clear_at=None), events=tuple(events))


def raise_priority(ticket: Ticket, *, priority: int, due: Due, now: datetime) -> Change:
    """The aid cannot be used any more: the repair is due earlier, never later."""
    if not ticket.active or ticket.priority <= priority:
        return Change(ticket=ticket)
    after = _next(
        ticket,
        priority=priority,
        repaired_due_at=min(ticket.repaired_due_at, due.repaired_at),
    )
    detail = {"priority": priority}
    event = Event(EventKind.PRIORITY_RAISED, now, "system:diagnostics", detail)
    return Change(ticket=after, events=(event,), notices=(_webhook(after, event),))


def hear_call(
    ticket: Ticket, call_id: str, *, repetition: str, detail: dict[str, Any], now: datetime
) -> Change:
    """The lift calls (again): tell it how things stand.

    Every repetition is answered, since a lift that repeats has not heard, or has forgotten.
    ``repetition`` names this one, so that the same message is not answered twice.
    """
    known = call_id in ticket.call_ids
    calls = ticket.call_ids if known else (*ticket.call_ids, call_id)
    notice = _call_status(ticket, call_id, ticket.call_state, answer_id(call_id, repetition))
    if known:
        # A repetition is no news for people: a call may repeat for hours.
        return Change(ticket=ticket, notices=(notice,))
    event = Event(EventKind.CALLED, now, "system:lift", {"call_id": call_id, **detail})
    return Change(ticket=replace(ticket, call_ids=calls), events=(event,), notices=(notice,))


def answer_id(call_id: str, repetition: str) -> str:
    """Return the id of the command that answers this repetition of a call, whatever it will say."""
    return _digest(f"{call_id}:{repetition}")


def acknowledge(ticket: Ticket, *, actor: str, now: datetime) -> Change:
    """A person takes care of it; the lift may tell its rider so. A second time changes nothing.

    Raises:
        TicketClosed: it is over already.
    """
    _require_open(ticket)
    if ticket.acknowledged:
        return Change(ticket=ticket)
    after = _next(ticket, acknowledged_at=now)
    event = Event(EventKind.ACKNOWLEDGED, now, actor)
    return Change(
        ticket=after, events=(event,), notices=(_webhook(after, event), *_tell_lift(after))
    )


def add_note(ticket: Ticket, *, text: str, actor: str, now: datetime) -> Change:
    """Write something down, also after the release."""
    return Change(ticket=ticket, events=(Event(EventKind.NOTED, now, actor, {"text": text}),))


def all_clear(ticket: Ticket, *, now: datetime) -> Change:
    """The lift says that it is over. Shown, never trusted: the ticket stays open."""
    if not ticket.active or ticket.all_clear_at is not None:
        return Change(ticket=ticket)
    event = Event(EventKind.ALL_CLEAR, now, "system:diagnostics")
    return Change(ticket=_next(ticket, all_clear_at=now), events=(event,))


def lift_replied(ticket: Ticket, *, detail: dict[str, Any], done: bool, now: datetime) -> Change:
    """The lift answered our word to its rider: heard, or refused."""
    kind = EventKind.LIFT_HEARD if done else EventKind.LIFT_REFUSED
    return Change(ticket=ticket, events=(Event(kind, now, "system:lift", detail),))


def confirm_release(
    ticket: Ticket, *, how: ReleaseHow, note: str, actor: str, now: datetime
) -> Change:
    """A person confirms that the rider is free: the only thing that ends an emergency.

    Whoever confirms has seen the ticket, so a release of an unacknowledged one acknowledges it.

    Raises:
        TicketClosed: it was released already.
        WrongKind: it is no emergency.
    """
    _require(ticket, TicketKind.EMERGENCY)
    after = _next(ticket, acknowledged_at=ticket.acknowledged_at or now, closed_at=now)
    event = Event(EventKind.RELEASED, now, actor, {"how": how.value, "note": note})
    return Change(
        ticket=after, events=(event,), notices=(_webhook(after, event), *_tell_lift(after))
    )


def repaired(
    ticket: Ticket, *, by: str, at: datetime, note: str, actor: str, now: datetime
) -> Change:
    """A person says that the repair is done: by whom, and when it was.

    Raises:
        TicketClosed: somebody said so already.
        WrongKind: it is no repair.
        ValueError: ``at`` is still to come.
    """
    _require(ticket, TicketKind.REPAIR)
    if at > now:
        raise ValueError("a repair is done in the past")
    after = _next(ticket, acknowledged_at=ticket.acknowledged_at or now, closed_at=now)
    event = Event(
        EventKind.REPAIRED, now, actor, {"by": by, "repaired_at": at.isoformat(), "note": note}
    )
    return Change(ticket=after, events=(event,), notices=(_webhook(after, event),))


def _require(ticket: Ticket, kind: TicketKind) -> None:
    if ticket.kind is not kind:
        raise WrongKind(ticket.ticket_id, kind=ticket.kind.value)
    _require_open(ticket)


def _require_open(ticket: Ticket) -> None:
    if not ticket.active:
        raise TicketClosed(ticket.ticket_id)


def _next(ticket: Ticket, **changes: Any) -> Ticket:
    return replace(ticket, version=ticket.version + 1, **changes)


def _tell_lift(ticket: Ticket) -> Sequence[Notice]:
    state = ticket.call_state
    return tuple(
        _call_status(ticket, call, state, _digest(f"{ticket.ticket_id}:{call}:{state}"))
        for call in ticket.call_ids
    )


def _digest(name: str) -> str:
    """Return the id of a command: a digest, so that a retry is the same command."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _call_status(ticket: Ticket, call_id: str, state: CallState, command_id: str) -> Notice:
    return Notice(
        dedup_key=f"{LIFT}:{command_id}",
        channel=LIFT,
        recipient=ticket.device_name,
        payload={"command_id": command_id, "call_id": call_id, "state": state.value},
    )


def _webhook(ticket: Ticket, event: Event) -> Notice:
    """Return the event as CloudEvents 1.0 structured JSON."""
    name = f"ticket-{ticket.ticket_id}-{ticket.version}-{event.kind}"
    return Notice(
        dedup_key=f"{WEBHOOK}:{name}",
        channel=WEBHOOK,
        recipient="default",
        payload={
            "specversion": "1.0",
            "id": name,
            "source": _EVENT_SOURCE,
            "type": _EVENT_TYPE + event.kind.value,
            "subject": str(ticket.ticket_id),
            "time": event.at.isoformat(),
            "datacontenttype": "application/json",
            "data": {
                "ticket": ticket.ticket_id,
                "device": ticket.device_name,
                "kind": ticket.kind.value,
                "what": ticket.what,
                "priority": ticket.priority,
                "active": ticket.active,
                "acknowledged": ticket.acknowledged,
                "since": ticket.since.isoformat(),
                "on_site_due": _iso(ticket.on_site_due_at),
                "repaired_due": _iso(ticket.repaired_due_at),
                **event.detail,
            },
        },
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
