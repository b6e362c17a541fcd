"""Cases as told to the outside, and what people send."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from api.devices.schemas import Municipality
from api.schema import Document, Time
from api.tickets.inputs import MaybeText, Short, Text, Told
from api.tickets.schemas import Reason
from diagnostics.misuse.commands import Teller, Way
from diagnostics.misuse.items import KINDS, Item
from diagnostics.misuse.model import Decision, Outcome, RejectReason, Stage
from diagnostics.misuse.quote import LineKind

Kind = StrEnum("Kind", {each.upper(): each for each in KINDS})  # type: ignore[misc]
Kind.__doc__ = "What kind of use it is about: a word of the detectors, or of people."


class MisuseItem(Document):
    """An item of the list of requirement 61, in its own words."""

    code: Item
    text: str = Field(description="The wording of the requirement, in Dutch.")
    article: str | None = Field(
        description="Of the municipality's loan agreement, as far as that is on record."
    )


class MisuseCase(Document):
    """A signal that people weigh. It is no proof, and accuses nobody."""

    case_id: int = Field(alias="id")
    device: str
    device_kind: str
    client_number: str | None = Field(description="A pseudonym of whoever had the aid then.")
    municipality: Municipality
    kind: Kind
    item: Item
    stage: Stage
    outcome: Outcome | None
    decision: Decision | None
    unreviewed: bool = Field(description="Reported without a review, as the municipality wants.")
    client_heard: bool = Field(description="Whether the client's side is in the file.")
    since: Time = Field(description="Since when it has been so, as far as known.")
    opened_at: Time
    reported_at: Time | None
    decide_by: Time | None
    overdue: bool
    decided_at: Time | None
    closed_at: Time | None
    version: int


class CasePage(Document):
    """Cases, newest first."""

    items: list[MisuseCase]
    next_cursor: str | None = Field(description="For the next page; null on the last.")


class UseSignal(Document):
    """One signal of a case."""

    at: Time
    source: str
    what: str
    since: Time
    detector: str | None
    detector_version: int | None
    confidence: float | None = Field(description="How sure the detector is, 0 to 1.")
    reasons: list[Reason]
    otherwise: list[Reason] = Field(description="What else could explain it.")
    text: str
    ticket: int | None
    over: bool = Field(description="Whether it is not found any more.")


class UseCurve(Document):
    """A quantity by day; null where nothing is known."""

    name: str
    values: list[float | None]


class UseEvidence(Document):
    """What the aid told, by Dutch day: the first of them, one value a day follows."""

    first: date
    curves: list[UseCurve]


class CaseEvent(Document):
    """Something that happened to a case."""

    number: int
    at: Time
    happened_at: Time | None
    actor: str
    kind: str
    detail: dict[str, Any]


class CaseFile(Document):
    """A file of a case, without its content."""

    file_id: int = Field(alias="id")
    name: str
    media_type: str
    bytes: int
    sha256: str


class CaseDetail(MisuseCase):
    """A case with its file."""

    requirement: MisuseItem
    signals: list[UseSignal]
    evidence: UseEvidence | None
    visit: int | None = Field(description="Ticket of the visit that was asked for.")
    events: list[CaseEvent]
    files: list[CaseFile]


class Signalled(Told):
    """What somebody noticed about the use of an aid."""

    device: Annotated[str, Field(min_length=1, max_length=32, description="Name of the aid.")]
    kind: Kind
    text: Text
    ticket: Annotated[
        int | None, Field(ge=1, le=2**63 - 1, description="The visit on which it was seen.")
    ] = None


class _OnCase(Told):
    version: Annotated[int, Field(ge=1, description="The version on which it rests.")]


class Acceptance(_OnCase):
    """A person has looked at it: it is reported to the municipality at once."""

    item: Annotated[Item, Field(description="Of the list of requirement 61.")]
    text: MaybeText = ""


class Rejection(_OnCase):
    """It is nothing: the municipality does not hear of it."""

    reason: RejectReason
    text: Text


class VisitRequest(_OnCase):
    """Somebody is to look first."""

    text: Annotated[Text, Field(description="What the mechanic is to look at.")]


class ClientSide(Told):
    """What the client says."""

    text: Text
    teller: Teller = Teller.CLIENT
    way: Way = Way.PHONE


class CaseNote(Told):
    """Something worth knowing."""

    text: Text


class MunicipalDecision(_OnCase):
    """What the municipality decides, and why."""

    decision: Decision
    reason: Text
    person: Annotated[Short, Field(description="Who decides there.")]


class Completion(Told):
    """What was decided is done."""

    text: MaybeText = ""


Money = Annotated[Decimal, Field(ge=0, le=100_000, decimal_places=2)]


class QuoteLine(Document):
    """A part, or labour in hours. ``price``: of one, in euro without VAT."""

    kind: LineKind
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    amount: Annotated[Decimal, Field(gt=0, le=1_000, decimal_places=2)]
    price: Money
    vat: Annotated[
        Decimal | None,
        Field(ge=0, le=100, decimal_places=2, description="Percent; null: by the terms on record."),
    ] = None


class RepairQuote(Told):
    """What a repair costs that improper use made necessary."""

    lines: Annotated[list[QuoteLine], Field(min_length=1, max_length=50)]
    explanation: Text
    advice: MaybeText = ""


class SignalFigures(Document):
    """What became of signals of one detector and kind of use; or of people."""

    source: str = Field(description="A detector; `mechanic` or `desk`.")
    what: str
    detected: bool = Field(description="Whether a detector gave them.")
    cases: int
    waiting: int = Field(description="For a review.")
    undecided: int = Field(description="Before the municipality.")
    rejected: int = Field(description="By the desk: it was nothing.")
    unfounded: int = Field(description="Withdrawn by the municipality: it was nothing.")
    upheld: int
    false_share: float | None = Field(
        description="Rejected and unfounded, of those that were judged; null: none was."
    )


class FigureList(Document):
    """What became of signals."""

    items: list[SignalFigures]
