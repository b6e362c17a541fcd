"""What a ticket is: frozen values, no behaviour that needs a clock or a database.

An alarm is active or ended, and acknowledged or not, independently: a person who acknowledges
does not end it, and the lift that says all is well neither. Only a confirmed release ends an
emergency, and only the word that it was done ends a repair.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

EMERGENCY_KEY: Final = "emergency"  # the dedup key: at most one open emergency per device


class TicketKind(StrEnum):
    """What a ticket asks people to do."""

    EMERGENCY = "emergency"  # somebody needs help now
    REPAIR = "repair"  # a mechanic has to come


def repair_key(what: str) -> str:
    """Return the dedup key of repairs: at most one open per device and thing to repair."""
    return f"repair:{what}"


class EventKind(StrEnum):
    """What can happen to a ticket; its event log is append-only."""

    OPENED = "opened"
    EVIDENCE_ADDED = "evidence_added"
    CALLED = "called"  # the lift called, or called again
    ACKNOWLEDGED = "acknowledged"
    NOTED = "noted"
    ALL_CLEAR = "all_clear"  # the lift says that it is over: shown, never trusted
    ALARM_AGAIN = "alarm_again"  # …and then it was not
    LIFT_HEARD = "lift_heard"  # the lift told its rider what we asked it to tell
    LIFT_REFUSED = "lift_refused"
    RELEASED = "released"
    PRIORITY_RAISED = "priority_raised"  # the aid cannot be used any more
    REPAIRED = "repaired"
    FORGOTTEN = "forgotten"
    ESCALATED = "escalated"


class ReleaseHow(StrEnum):
    """Who confirmed that the rider is free."""

    MECHANIC_ON_SITE = "mechanic_on_site"
    CLIENT_BY_PHONE = "client_by_phone"
    SELF_TEST = "self_test"  # there was none: the test lift called


class CallState(StrEnum):
    """What the lift tells its rider; the states of the wire's ``call_status``."""

    HELP_COMING = "help_coming"
    ANSWERED = "answered"
    RELEASED = "released"


class Ticket(Struct, frozen=True, kw_only=True):
    """One emergency or repair of one device.

    Attributes:
        what: of a repair: what is to be repaired, a word of the detectors' catalogue.
        since: since when the trouble lasts, as far as known.
        evidence_at: when the first evidence reached the platform.
        on_site_due_at: None where the guarantee does not hold (Wadden islands).
        all_clear_at: when the lift said that it is over; None if it has not, or not any more.
        call_ids: the lift's calls that belong to it, oldest first.
        version: grows with everything that a person who decides must have seen. A note, or the
            lift's confirmation that it spoke, is not such a thing and makes nobody's click fail.
    """

    ticket_id: int
    device_id: int
    device_name: str
    priority: int
    opened_at: datetime
    evidence_at: datetime
    since: datetime
    on_site_due_at: datetime | None
    repaired_due_at: datetime
    acknowledged_at: datetime | None = None
    all_clear_at: datetime | None = None
    closed_at: datetime | None = None
    call_ids: tuple[str, ...] = ()
    version: int = 1
    kind: TicketKind = TicketKind.EMERGENCY
    what: str | None = None

    @property
    def active(self) -> bool:
        """Whether it is open: nobody has confirmed the release, or the repair."""
        return self.closed_at is None

    @property
    def acknowledged(self) -> bool:
        """Whether a person has said to take care of it."""
        return self.acknowledged_at is not None

    @property
    def call_state(self) -> CallState:
        """What a lift that calls for this ticket has to tell its rider now."""
        if not self.active:
            return CallState.RELEASED
        return CallState.ANSWERED if self.acknowledged else CallState.HELP_COMING


class Event(Struct, frozen=True):
    """Something that happened to a ticket. ``actor`` is an account or ``system:<part>``."""

    kind: EventKind
    at: datetime
    actor: str
    detail: dict[str, Any] = {}


class Notice(Struct, frozen=True, kw_only=True):
    """A message to send after commit. The same ``dedup_key`` is stored and sent once."""

    dedup_key: str
    channel: str
    recipient: str
    payload: dict[str, Any]


class Change(Struct, frozen=True, kw_only=True):
    """What a decision comes to: the ticket as it is now, what happened, whom to tell."""

    ticket: Ticket
    events: tuple[Event, ...] = ()
    notices: tuple[Notice, ...] = ()
