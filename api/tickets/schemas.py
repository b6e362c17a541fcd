"""Tickets as told to the outside."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from api.devices.schemas import Municipality, Reading
from api.schema import Document, Input, Time


class TicketKind(StrEnum):
    """What a ticket asks for."""

    EMERGENCY = "emergency"
    REPAIR = "repair"
    SERVICE = "service"
    INSPECTION = "inspection"
    COMPLAINT_VISIT = "complaint_visit"
    REQUEST = "request"


class TicketStatus(StrEnum):
    """Open until somebody has confirmed the release, or that the repair is done."""

    OPEN = "open"
    CLOSED = "closed"


class Stage(StrEnum):
    """How far it is."""

    REPORTED = "reported"  # nobody has it, or it was forgotten
    ACKNOWLEDGED = "acknowledged"
    UNDER_WAY = "under_way"
    ON_SITE = "on_site"
    RELEASED = "released"  # the rider is safe; the aid does not work yet
    CLOSED = "closed"


class Source(StrEnum):
    """Where a person's report comes from."""

    PHONE = "phone"
    MECHANIC = "mechanic"
    DESK = "desk"
    MUNICIPALITY = "municipality"


class Outcome(StrEnum):
    """How a ticket ends that is no repair done."""

    DONE = "done"
    NO_DEFECT = "no_defect"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class DelayReason(StrEnum):
    """Why work waits."""

    CLIENT_WISH = "client_wish"
    FORCE_MAJEURE = "force_majeure"
    MUNICIPALITY = "municipality"
    PARTS = "parts"
    CAPACITY = "capacity"
    UNKNOWN = "unknown"


class How(StrEnum):
    """How somebody made sure that the rider is free."""

    MECHANIC_ON_SITE = "mechanic_on_site"
    CLIENT_BY_PHONE = "client_by_phone"


class Reason(Document):
    """Why: a code with what goes into it, and the sentence that it makes."""

    code: str
    parameters: dict[str, Any]
    text: dict[str, str] = Field(description="The sentence by language: nl, en.")


class Assignee(Document):
    """Who has it."""

    account: int
    login: str
    name: str


class Window(Document):
    """When somebody comes."""

    begin: Time
    end: Time


class Ticket(Document):
    """A ticket in short."""

    ticket_id: int = Field(alias="id")
    version: int = Field(description="Counts changes; send it along with a decision.")
    kind: TicketKind
    what: str | None = Field(description="Of a repair: what is found. Null in emergencies.")
    priority: int | None = Field(description="1, 2 or 3; null: of this kind none has one.")
    status: TicketStatus
    stage: Stage
    unanswered: bool = Field(description="Nobody has it, or it was forgotten.")
    device: str
    device_kind: str
    municipality: Municipality
    postcode4: int
    wholly_dependent: bool | None = Field(description="Whether the client depends on the aid.")
    since: Time = Field(description="Since when the trouble lasts, as far as known.")
    opened_at: Time
    reported_at: Time | None = Field(description="From when the terms run.")
    assigned_to: Assignee | None
    under_way_at: Time | None
    arrives_at: Time | None
    on_site_at: Time | None
    appointment: Window | None = Field(description="The visit agreed last.")
    breach_at: Time | None = Field(description="The next term that is broken if nothing happens.")
    breaches: int = Field(description="How many terms were broken.")
    on_site_due_at: Time | None = Field(
        description="Null: no term (repairs), or exempt (Wadden islands)."
    )
    repaired_due_at: Time | None = Field(description="Null: nothing is promised for this kind.")
    released_at: Time | None = Field(description="Of an emergency: when the rider was safe.")
    acknowledged_at: Time | None
    acknowledged_by: str | None
    lift_heard_at: Time | None = Field(description="When the lift heard that help is coming.")
    all_clear_at: Time | None = Field(
        description="When the lift said that all is well again. A hint, never an end."
    )
    repaired_at: Time | None
    closed_at: Time | None
    text: str | None = Field(description="What the first person who told of it said.")
    reasons: list[Reason]
    doubtful: bool = Field(
        default=False,
        description="Something is odd about who the aid is (docs/security.md): ask, but go.",
    )


class TicketEvent(Document):
    """What happened to a ticket."""

    event_no: int
    at: Time = Field(description="When it was written down.")
    happened_at: Time | None = Field(description="When it was, if that was before.")
    actor: str
    actor_name: str | None = Field(description="Null: a part of the platform.")
    kind: str
    detail: dict[str, Any]


class Asks(StrEnum):
    """What a finding asks for, once it is certain."""

    EMERGENCY = "emergency"
    REPAIR = "repair"
    ADVICE = "advice"
    SIGNAL = "signal"
    NOTICE = "notice"


class Forecast(Document):
    """When something will fail: days from `at`, the median and an interval of 80 %; null: never."""

    at: Time
    days_low: float | None
    days_median: float | None
    days_high: float | None


class Finding(Document):
    """What a detector found."""

    detector: str
    detector_version: int
    what: str = Field(description="What is found, one word of the detectors' catalogue.")
    asks: Asks
    level: str
    usable: bool = Field(description="Of a repair: whether the aid can still be used safely.")
    confidence: float | None = Field(description="That it is so, 0 to 1; null: no figure.")
    otherwise: list[Reason] = Field(description="What else could explain it.")
    forecast: Forecast | None
    since: Time
    found_at: Time
    ended_at: Time | None
    reasons: list[Reason]
    evidence: dict[str, Any] = Field(description="Where in the log it stands.")


class Clock(Document):
    """How one term stands, reckoned from the report."""

    target: str
    state: str
    due_at: Time | None = Field(description="Null: nothing is promised.")
    due_without_delay_at: Time | None = Field(description="Had nothing been paused or agreed.")
    done_at: Time | None


class Breach(Document):
    """A term that was broken, or would have been without an evidenced delay."""

    target: str
    priority: int
    due_at: Time
    breached_at: Time
    late: timedelta
    by_change: bool = Field(description="Past already when the priority became this one.")


class Risk(Document):
    """A breach that can still be prevented."""

    target: str
    why: str
    due_at: Time


class Delay(Document):
    """Work waited; whether that postpones a term, or what it lacks."""

    pause: str
    reason: str
    evidence: list[str]
    begin: Time
    end: Time
    open: bool
    verdict: str


class Visit(Document):
    """An appointment, and what became of it."""

    agreed_at: Time
    window: Window
    too_wide: bool
    outcome: str


class Clocks(Document):
    """The contract's terms: derived from the log at the moment of asking."""

    priority: int
    on_site: Clock
    repaired: Clock
    breaches: list[Breach]
    excused: list[Breach] = Field(description="Broken, but for evidenced delays.")
    warnings: list[Risk]
    delays: list[Delay]


class Attachment(Document):
    """A photograph or a letter."""

    attachment_id: int = Field(alias="id")
    name: str
    media_type: str
    sha256: str
    bytes: int


class Related(Document):
    """Another ticket that belongs with it."""

    ticket_id: int = Field(alias="id")
    relation: str = Field(description="linked, merged or split")
    kind: TicketKind
    what: str | None
    priority: int | None
    stage: Stage
    status: TicketStatus


class TicketDetail(Ticket):
    """A ticket with all that belongs to it."""

    related: list[Related] = Field(description="Newest first.")
    clocks: Clocks | None = Field(description="Null: nothing is promised for this kind.")
    appointments: list[Visit]
    attachments: list[Attachment]
    events: list[TicketEvent]
    findings: list[Finding]
    samples: list[Reading] = Field(description="What the aid measured around the evidence.")


class TicketPage(Document):
    """Tickets, newest first."""

    items: list[Ticket]
    next_cursor: str | None = Field(description="For the next page; null on the last.")


class Suspicion(Document):
    """A finding that is not certain yet."""

    device: str
    municipality: Municipality
    postcode4: int
    since: Time
    found_at: Time
    reasons: list[Reason]


Version = Annotated[int, Field(ge=1, description="The version on which the decision rests.")]
Text = Annotated[str, Field(min_length=1, max_length=4_000)]


class Acknowledgement(Input):
    """Somebody takes it on."""

    version: Version


class Note(Input):
    """Something worth knowing."""

    text: Text


class Repair(Input):
    """Somebody has repaired the aid."""

    version: Version
    repaired_by: Annotated[
        str, Field(min_length=1, max_length=64, description="Who did it: a mechanic's name.")
    ]
    repaired_at: Annotated[
        AwareDatetime | None, Field(description="When it was done; null: now.")
    ] = None
    note: Annotated[str, Field(max_length=4_000)] = ""


class Release(Input):
    """Somebody has made sure that the rider is free."""

    version: Version
    how: How
    aid_works: bool = Field(
        description="Whether the aid works again; if not, its ticket stays, as a repair."
    )
    note: Annotated[str, Field(max_length=4_000)] = ""
