"""Commissions as the interface shows and takes them."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.schema import Document, Input, Time
from diagnostics.deliveries.model import EventKind, Kind, Outcome, Source
from diagnostics.tickets.entries import DelayReason
from gateway.protocol.topics import DEVICE_NAME_PATTERN

Text = Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")]
Line = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]
# Calendars and contracts reach no further.
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
]
Day = Annotated[date, Field(ge=date(1990, 1, 1), lt=date(2100, 1, 1))]
Mail = Annotated[str, Field(max_length=120, pattern=r"^[^\s@\x00]+@[^\s@\x00]+$")]
Reference = Annotated[int, Field(ge=1, le=2**63 - 1)]
AidKind = Literal["stairlift", "scooter", "wheelchair", "hoist"]
DeviceName = Annotated[str, Field(pattern=DEVICE_NAME_PATTERN, max_length=32)]


class FileKind(StrEnum):
    """What a file of a commission is."""

    LOAN_AGREEMENT = "loan_agreement"
    CONFIRMATION = "confirmation"
    REJECTION_REPORT = "rejection_report"
    QUOTE = "quote"
    EVIDENCE = "evidence"
    OTHER = "other"


class NewCommission(Input):
    """A commission as a municipality gives it."""

    kind: Kind
    client_number: Annotated[str, Field(pattern=r"^[A-Z0-9-]{3,32}$")]
    aid_kind: AidKind
    postcode4: Annotated[int, Field(ge=1000, le=9999)]
    received_at: Moment | None = Field(
        default=None, description="From which the terms run; else now."
    )
    reference: Annotated[str | None, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")] = (
        None
    )
    aid_type: Line = ""
    description: Text = ""
    consultant: Line = ""
    consultant_mail: Mail | None = None
    exchange_of: Reference | None = None
    price_cents: Annotated[int | None, Field(ge=0, le=100_000_000)] = None
    all_in: bool = True
    device: DeviceName | None = Field(
        default=None, description="The aid to be collected, adapted or dismantled."
    )
    request_id: UUID | None = None


class StepKind(StrEnum):
    """What people may write into a commission's log."""

    CONTACTED = "contacted"
    FITTED = "fitted"
    CONFIRMED = "confirmed"
    SUPPLIED = "supplied"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    EXPECTED = "expected"
    AGREED_LATER = "agreed_later"
    PAUSE_BEGUN = "pause_begun"
    PAUSE_ENDED = "pause_ended"
    NOTED = "noted"


class Step(Input):
    """Something that happened to a commission. Which fields it needs depends on its kind."""

    kind: StepKind
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    happened_at: Moment | None = None
    request_id: UUID | None = None
    text: Text = ""
    reason: Text = Field(default="", description="Of a withdrawal, a delay, or another date.")
    evidence: Text = Field(default="", description="Of a delay, or of what was agreed.")
    attributable: bool | None = Field(
        default=None, description="Whether the contractor answers for the delay."
    )
    on: Day | None = Field(default=None, description="`expected`: the new date.")
    due_at: Moment | None = Field(default=None, description="`agreed_later`: by when.")
    device: DeviceName | None = Field(default=None, description="`supplied`, `done`: which aid.")
    source: Source | None = None
    first_used_on: Day | None = None
    instruction: bool | None = Field(default=None, description="`done`: given with the aid.")
    exception: Text = Field(
        default="", description="`done`: why an aid with too little life left is handed over."
    )

    def detail(self) -> dict[str, Any]:
        """Return what goes into the log."""
        said = self.model_dump(
            mode="json",
            by_alias=False,
            exclude={"kind", "version", "happened_at", "request_id", "device"},
            exclude_none=True,
        )
        kept = {name: value for name, value in said.items() if value != ""}
        if self.device is not None:
            kept["device_name"] = self.device
        if self.kind is StepKind.PAUSE_BEGUN and self.reason not in set(DelayReason):
            raise ValueError(f"a delay's reason is one of {', '.join(DelayReason)}")
        return kept


class CommissionItem(Document):
    """A commission in a list."""

    number: int
    kind: Kind
    reference: str | None
    municipality: str = Field(description="CBS code.")
    client_number: str
    aid_kind: AidKind
    aid_type: str
    device: str | None
    source: Source | None
    stage: str
    received_at: Time
    contacted_at: Time | None
    fitted_at: Time | None
    confirmed_at: Time | None
    supplied_at: Time | None
    loan_signed_at: Time | None
    done_at: Time | None
    ended_at: Time | None
    outcome: Outcome | None
    paused: bool
    expected_on: date | None
    due_at: Time | None = Field(description="By when, with the delays that count; null: no term.")
    due_without_delay_at: Time | None
    breaches: int
    lifetime_left_months: int | None
    version: int


class CommissionPage(Document):
    """A page of the list."""

    items: list[CommissionItem]
    next_cursor: str | None


class Event(Document):
    """An entry of the log."""

    kind: EventKind
    at: Time
    happened_at: Time | None
    actor: str
    detail: dict[str, Any]


class TermClock(Document):
    """How a term stands."""

    target: str
    due_at: Time | None
    due_without_delay_at: Time | None
    done_at: Time | None
    late: bool
    excused: bool
    running: bool


class Delay(Document):
    """A delay, and whether it postpones the terms."""

    reason: str
    evidence: list[str]
    begin: Time
    end: Time
    open: bool
    verdict: str


class File(Document):
    """A file, without its content."""

    number: int
    kind: FileKind
    name: str
    media_type: str
    sha256: str
    bytes: int


class CommissionDetail(CommissionItem):
    """A commission with its log, terms, delays and files."""

    description: str
    consultant: str
    postcode4: int
    price_cents: int | None
    all_in: bool
    exchange_of: int | None
    clocks: list[TermClock]
    delays: list[Delay]
    events: list[Event]
    files: list[File]
    letters: list[int]


class MixYear(Document):
    """How many aids of a delivery year were new, and how many used before (Z 39, 40)."""

    municipality: str
    year: int
    new: int
    reissued: int
    share_reissued: float | None


class FailingType(Document):
    """A type of aid that is often repaired or complained about (Z 26)."""

    maker: str
    model: str
    aids: int
    repairs: int
    complaints: int
    repairs_per_aid: float


class MixFigures(Document):
    """The mix by year and municipality."""

    items: list[MixYear]


class FailingTypes(Document):
    """Types of aids, those with the most repairs an aid first."""

    items: list[FailingType]


class NewRejection(Input):
    """An aid that is not used any further (*afkeuring*), with the report on why."""

    device: DeviceName
    rejected_on: Day
    reason: Literal[
        "unsafe", "not_repairable", "not_economical", "intensive_use", "damage", "outdated"
    ]
    report: Annotated[Text, Field(min_length=1)]
    first_used_on: Day
    commission: Reference | None = None


class Rejection(Document):
    """The same, on record."""

    number: int
    device: str
    municipality: str
    rejected_on: date
    reason: str
    report: str
    first_used_on: date
    lifetime_left_months: int = Field(description="Above 0: before its time (*voortijdig*).")


class Rejections(Document):
    """Rejections, newest first."""

    items: list[Rejection]
