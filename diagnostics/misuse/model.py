"""What a case is: frozen values, no behaviour that needs a clock or a database.

A case is a signal that people weigh: at the desk first, then at the municipality, which alone
decides. Nothing in it follows from a detector by itself.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from diagnostics.misuse.items import Item
from diagnostics.misuse.terms import MisuseTerms
from diagnostics.tickets.model import Notice


class Source(StrEnum):
    """Where a signal came from."""

    DETECTOR = "detector"
    MECHANIC = "mechanic"  # saw it on a visit
    DESK = "desk"


class Stage(StrEnum):
    """How far a case is."""

    SIGNALLED = "signalled"  # to be reviewed at the desk
    VISIT = "visit"  # …which wants somebody to look first
    REPORTED = "reported"  # to the municipality, which has not decided yet
    DECIDED = "decided"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended."""

    REJECTED = "rejected"  # by the desk: it was nothing
    UNFOUNDED = "unfounded"  # withdrawn by the municipality: it was nothing
    DECIDED = "decided"


# A signal that should not have been.
FALSE: Final = frozenset({Outcome.REJECTED, Outcome.UNFOUNDED})


class RejectReason(StrEnum):
    """Why the desk does not pass a signal on."""

    EXPLAINED = "explained"  # there is another explanation
    WEAR = "wear"  # normal wear: expressly excluded
    MEASUREMENT = "measurement"  # a sensor is off
    PERMITTED = "permitted"  # the municipality allowed it
    NOT_CONFIRMED = "not_confirmed"  # a visit did not show it
    OTHER = "other"


class Decision(StrEnum):
    """What the municipality decides."""

    TALK = "talk"
    WARNING = "warning"
    RECOVER = "recover"
    NO_ACTION = "no_action"
    WITHDRAW_AID = "withdraw_aid"
    UNFOUNDED = "unfounded"


class EventKind(StrEnum):
    """What can happen to a case; its log is append-only. See docs/misuse.md."""

    SIGNALLED = "signalled"
    SIGNAL_OVER = "signal_over"  # it is not found any more
    VISIT_ASKED = "visit_asked"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REPORTED = "reported"
    REMINDED = "reminded"
    CLIENT_SAID = "client_said"
    NOTED = "noted"
    ATTACHED = "attached"
    QUOTED = "quoted"
    DECIDED = "decided"
    CLOSED = "closed"


# Worth knowing, but no reason to decide anew. What the client says is one, and so is another
# signal: who decides must have seen those.
SILENT: Final = frozenset({EventKind.REMINDED, EventKind.NOTED, EventKind.ATTACHED})


class Event(Struct, frozen=True):
    """Something that happened to a case. ``actor`` is an account or ``system:<part>``.

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


class Head(Struct, frozen=True, kw_only=True):
    """What does not follow from a case's log.

    Attributes:
        client_number: who had the aid when the case was opened: a pseudonym.
        municipality_code: whose matter it is, also when the aid moves.
        kind: a word of ``items.KINDS``.
        version: the one that people were shown.
    """

    case_id: int
    device_id: int
    device_name: str
    client_number: str | None
    municipality_code: str
    kind: str
    opened_at: datetime
    version: int = 1


class File(Struct, frozen=True, kw_only=True):
    """All that is written about a case. ``terms``: of the municipality, of all times."""

    head: Head
    events: tuple[Event, ...] = ()
    terms: tuple[MisuseTerms, ...] = ()


class Signal(Struct, frozen=True, kw_only=True):
    """One signal of a case; ``over``: it is not found any more."""

    source: Source
    what: str
    since: datetime
    at: datetime
    detector: str | None = None
    version: int | None = None
    finding: int | None = None
    confidence: float | None = None
    over: bool = False


class Case(Struct, frozen=True, kw_only=True):
    """How a case stands: derived from its log (``life.case_of``).

    Attributes:
        item: of requirement 61 under which it falls, as far as anybody has said.
        since: since when it has been so, as far as known.
        visit: the ticket of the visit that the desk asked for last.
        unreviewed: whether it was reported without a review, as the municipality wanted.
        decide_by: until when the municipality means to decide.
        remind_at: when to remind it next; None: there is nothing to remind of.
        quotes: the numbers of the events with repair quotes, oldest first.
        client_heard: whether the client's side is in the file.
        version: grows with all that who decides must have seen.
    """

    case_id: int
    device_id: int
    device_name: str
    client_number: str | None
    municipality_code: str
    kind: str
    item: Item
    opened_at: datetime
    since: datetime
    signals: tuple[Signal, ...] = ()
    stage: Stage = Stage.SIGNALLED
    visit: int | None = None
    unreviewed: bool = False
    reported_at: datetime | None = None
    decide_by: datetime | None = None
    remind_at: datetime | None = None
    reminders: int = 0
    quotes: tuple[int, ...] = ()
    client_heard: bool = False
    decision: Decision | None = None
    decided_at: datetime | None = None
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    version: int = 1

    @property
    def open(self) -> bool:
        """Whether it is not closed."""
        return self.closed_at is None

    def overdue(self, now: datetime) -> bool:
        """Return whether the municipality is later than it meant to be."""
        return self.stage is Stage.REPORTED and self.decide_by is not None and self.decide_by < now


class Change(Struct, frozen=True, kw_only=True):
    """What was decided, to be written."""

    case: Case
    events: tuple[Event, ...]
    notices: tuple[Notice, ...] = ()
