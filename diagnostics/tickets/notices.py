"""What goes out with a change: to the lift, and to whoever wants to hear of tickets. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from diagnostics.tickets.model import CallState, Event, EventKind, Notice, Ticket

WEBHOOK: Final = "webhook"
LIFT: Final = "lift"
_EVENT_TYPE: Final = "nl.liftwacht.ticket."
_EVENT_SOURCE: Final = "urn:liftwacht:diagnostics"
# Steps in a ticket's life. The rest is for those who look at it.
_TOLD: Final = frozenset(
    {
        *(EventKind.OPENED, EventKind.REPORTED, EventKind.ACKNOWLEDGED, EventKind.UNDER_WAY),
        *(EventKind.ON_SITE, EventKind.FORGOTTEN, EventKind.NOBODY_NEAR, EventKind.RELEASED),
        *(EventKind.REPAIRED, EventKind.CLOSED, EventKind.CALAMITY_REPORTED),
        *(EventKind.PRIORITY_RAISED, EventKind.PRIORITY_CHANGED, EventKind.APPOINTMENT_MADE),
        *(EventKind.APPOINTMENT_MOVED, EventKind.WARNED, EventKind.BREACHED),
    }
)
# What a subscription may ask for.
EVENT_TYPES: Final = tuple(sorted(_EVENT_TYPE + kind.value for kind in _TOLD))
# What is in these is written by people, perhaps about people: it does not leave with the event.
_PRIVATE: Final = frozenset({"text", "note", "caller", "evidence"})


def notices_of(before: Ticket | None, after: Ticket, events: Sequence[Event]) -> Iterable[Notice]:
    """Yield the messages that go out with a change; ``before`` None: it is a new ticket."""
    for event in events:
        if event.kind in _TOLD:
            yield _webhook(after, event)
    if before is not None and before.call_state is not after.call_state:
        yield from _tell_lift(after)


def call_status(ticket: Ticket, call_id: str, state: CallState, command_id: str) -> Notice:
    """Return the word to a lift about its call."""
    return Notice(
        dedup_key=f"{LIFT}:{command_id}",
        channel=LIFT,
        recipient=ticket.device_name,
        payload={"command_id": command_id, "call_id": call_id, "state": state.value},
    )


def _tell_lift(ticket: Ticket) -> Iterator[Notice]:
    state = ticket.call_state
    for call in ticket.call_ids:
        # A digest, so that a retry is the same command.
        name = f"{ticket.ticket_id}:{call}:{state}"
        command_id = hashlib.sha256(name.encode()).hexdigest()[:32]
        yield call_status(ticket, call, state, command_id)


def _webhook(ticket: Ticket, event: Event) -> Notice:
    """Return the event as CloudEvents 1.0 structured JSON."""
    name = f"ticket-{ticket.ticket_id}-{event.number}-{event.kind}"
    detail = {name: value for name, value in event.detail.items() if name not in _PRIVATE}
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
                "open": ticket.open,
                "acknowledged": ticket.acknowledged,
                "since": ticket.since.isoformat(),
                "on_site_due": _iso(ticket.on_site_due_at),
                "repaired_due": _iso(ticket.repaired_due_at),
                **detail,
            },
        },
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
