"""What a ticket is: frozen values, no behaviour that needs a clock or a database.

An alarm is active or ended, and acknowledged or not, independently: a person who acknowledges
does not end it, and the lift that says all is well neither. Only a confirmed release ends an
emergency; its ticket stays until the aid works again.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from diagnostics.tickets.entries import Window

EMERGENCY_KEY: Final = "emergency"  # the dedup key: at most one open emergency per device
REPORTED_DEFECT: Final = "reported"  # what is to be repaired when people say so, and not a detector


class TicketKind(StrEnum):
    """What a ticket asks people to do."""

    EMERGENCY = "emergency"  # somebody needs help now
    REPAIR = "repair"  # a mechanic has to come
    SERVICE = "service"  # preventive maintenance
    INSPECTION = "inspection"
    COMPLAINT_VISIT = "complaint_visit"
    REQUEST = "request"


# The contract promises times for these; the others have appointments only.
WITH_PRIORITY: Final = frozenset({TicketKind.EMERGENCY, TicketKind.REPAIR})
# With these done, the next service of the aid is due a year later.
PREVENTIVE: Final = frozenset({TicketKind.SERVICE, TicketKind.INSPECTION})


def repair_key(what: str) -> str:
    """Return the dedup key of repairs: at most one open per device and thing to repair."""
    return f"repair:{what}"


class EventKind(StrEnum):
    """What can happen to a ticket; its event log is append-only. See docs/tickets/README.md."""

    OPENED = "opened"  # a detector's first event; people's is REPORTED
    EVIDENCE_ADDED = "evidence_added"
    CALLED = "called"  # the lift called, or called again
    REPORTED = "reported"  # a person tells of it
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    UNDER_WAY = "under_way"
    ON_SITE = "on_site"
    NOBODY_NEAR = "nobody_near"
    FORGOTTEN = "forgotten"  # somebody had taken it on, and no more was heard
    ESCALATED = "escalated"
    NOTED = "noted"
    ALL_CLEAR = "all_clear"  # the lift says that it is over: shown, never trusted
    ALARM_AGAIN = "alarm_again"  # …and then it was not
    LIFT_HEARD = "lift_heard"  # the lift told its rider what we asked it to tell
    LIFT_REFUSED = "lift_refused"
    RELEASED = "released"  # the rider is safe
    PRIORITY_RAISED = "priority_raised"  # a detector: the aid cannot be used any more
    PRIORITY_CHANGED = "priority_changed"  # a person, with a reason
    REPAIRED = "repaired"
    CLOSED = "closed"
    APPOINTMENT_MADE = "appointment_made"
    APPOINTMENT_MOVED = "appointment_moved"
    AGREED_LATER = "agreed_later"
    PAUSE_BEGUN = "pause_begun"
    PAUSE_ENDED = "pause_ended"
    PART_USED = "part_used"
    ATTACHED = "attached"
    SIGNED = "signed"
    LINKED = "linked"
    MERGED = "merged"
    SPLIT = "split"
    SWAP_OFFERED = "swap_offered"
    SWAP_ANSWERED = "swap_answered"
    CALAMITY_REPORTED = "calamity_reported"
    WARNED = "warned"  # a term may be broken soon
    BREACHED = "breached"  # …and is


# Worth knowing, but no reason to decide anew: these leave the version, and make no click fail.
SILENT: Final = frozenset(
    {
        *(EventKind.CALLED, EventKind.NOTED, EventKind.LIFT_HEARD, EventKind.LIFT_REFUSED),
        *(EventKind.ESCALATED, EventKind.WARNED, EventKind.BREACHED, EventKind.LINKED),
        *(EventKind.PART_USED, EventKind.ATTACHED, EventKind.SIGNED, EventKind.CALAMITY_REPORTED),
    }
)


class Source(StrEnum):
    """Where a report came from."""

    DETECTOR = "detector"
    PHONE = "phone"
    MECHANIC = "mechanic"
    DESK = "desk"
    MUNICIPALITY = "municipality"


class ReleaseHow(StrEnum):
    """Who confirmed that the rider is free."""

    MECHANIC_ON_SITE = "mechanic_on_site"
    CLIENT_BY_PHONE = "client_by_phone"
    SELF_TEST = "self_test"  # there was none: the test lift called


class Outcome(StrEnum):
    """How a ticket ended."""

    REPAIRED = "repaired"
    DONE = "done"  # of what is no repair: the visit was made, the request met
    NO_DEFECT = "no_defect"  # nothing was found
    REPLACED = "replaced"  # by another aid
    WITHDRAWN = "withdrawn"  # by whoever asked
    MERGED = "merged"  # goes on as another ticket


class CallState(StrEnum):
    """What the lift tells its rider; the states of the wire's ``call_status``."""

    HELP_COMING = "help_coming"
    ANSWERED = "answered"
    RELEASED = "released"


class Head(Struct, frozen=True, kw_only=True):
    """What does not follow from a ticket's log.

    Attributes:
        what: of a repair: what is to be repaired, a word of the detectors' catalogue.
        opened_at: when it was opened here.
        evidence_at: when the first evidence reached the platform.
        since: since when the trouble lasts, as far as known.
        postcode4: of the aid; for old logs, in which the report does not say it.
        municipality_code: likewise.
        version: the one that people were shown: as stored, whatever is counted by now.
    """

    ticket_id: int
    device_id: int
    device_name: str
    kind: TicketKind
    what: str | None
    opened_at: datetime
    evidence_at: datetime
    since: datetime
    postcode4: int
    municipality_code: str
    version: int = 1


class Event(Struct, frozen=True):
    """Something that happened to a ticket. ``actor`` is an account or ``system:<part>``.

    Attributes:
        at: when it was written down.
        happened_at: when it was; None: then.
        request_id: of whoever wrote it, so that what is sent again is not written again.
        number: its place in the log, from 1; 0 as long as it is not written.
    """

    kind: EventKind
    at: datetime
    actor: str
    detail: dict[str, Any] = {}
    happened_at: datetime | None = None
    request_id: str | None = None
    number: int = 0

    @property
    def moment(self) -> datetime:
        """When it was."""
        return self.happened_at or self.at


class Ticket(Struct, frozen=True, kw_only=True):
    """How a ticket stands: derived from its log (``life.ticket_of``).

    Attributes:
        what, evidence_at, since: as in ``Head``.
        reported_at: from when the terms run.
        on_site_due_at: None where nothing is promised (Wadden islands; priorities 2 and 3).
        unanswered: whether nobody has it, or it was forgotten.
        all_clear_at: when the lift said that it is over; None if it has not, or not any more.
        alarm_at: when it was last heard that somebody needs help.
        released_at: of an emergency: when the rider was safe.
        appointment: the visit agreed last.
        pauses: those that have not ended.
        swap_offered: whether an offer of another aid waits for its answer.
        breach_at: the next term that will be broken if nothing happens.
        breaches: how many terms were broken.
        on_site_outcome, repaired_outcome: what became of these terms, and when that was certain
            (``attainment.standing``). None: nothing is promised for tickets of this kind.
        next_clock_at: when to look at its clocks again; None: nothing changes by itself.
        call_ids: the lift's calls that belong to it, oldest first.
        version: grows with everything that a person who decides must have seen. A note, or the
            lift's confirmation that it spoke, is not such a thing and makes nobody's click fail.
    """

    ticket_id: int
    device_id: int
    device_name: str
    kind: TicketKind
    what: str | None
    priority: int | None
    opened_at: datetime
    evidence_at: datetime
    since: datetime
    reported_at: datetime
    on_site_due_at: datetime | None = None
    repaired_due_at: datetime | None = None
    acknowledged_at: datetime | None = None
    unanswered: bool = True
    assigned_to: int | None = None
    under_way_at: datetime | None = None
    arrives_at: datetime | None = None
    on_site_at: datetime | None = None
    all_clear_at: datetime | None = None
    alarm_at: datetime | None = None
    released_at: datetime | None = None
    repaired_at: datetime | None = None
    closed_at: datetime | None = None
    appointment: Window | None = None
    pauses: tuple[str, ...] = ()
    swap_offered: bool = False
    breach_at: datetime | None = None
    breaches: int = 0
    on_site_outcome: str | None = None
    on_site_certain_at: datetime | None = None
    repaired_outcome: str | None = None
    repaired_certain_at: datetime | None = None
    next_clock_at: datetime | None = None
    call_ids: tuple[str, ...] = ()
    version: int = 1

    @property
    def open(self) -> bool:
        """Whether there is still something to do."""
        return self.closed_at is None

    @property
    def active(self) -> bool:
        """Whether somebody may still be in need; of what is no emergency: whether it is open."""
        if self.kind is TicketKind.EMERGENCY:
            return self.released_at is None
        return self.open

    @property
    def acknowledged(self) -> bool:
        """Whether a person has said to take care of it, be it long ago."""
        return self.acknowledged_at is not None

    @property
    def call_state(self) -> CallState:
        """What a lift that calls for this ticket has to tell its rider now."""
        if not self.active:
            return CallState.RELEASED
        return CallState.ANSWERED if self.acknowledged else CallState.HELP_COMING


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
