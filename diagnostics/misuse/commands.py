"""What can be asked of a case: one frozen value each. Pure. ``service.carry_out`` does them all."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from diagnostics.misuse.items import Item
from diagnostics.misuse.model import Decision, RejectReason, Source
from diagnostics.misuse.quote import Line


class Teller(StrEnum):
    """Whose words they are."""

    CLIENT = "client"
    REPRESENTATIVE = "representative"


class Way(StrEnum):
    """How they reached us."""

    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    MAIL = "mail"
    TALK = "talk"  # with the municipality


class Command(Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True):
    """Something to do with a case."""


class AddSignal(Command, frozen=True, kw_only=True, tag="signal"):
    """Another signal, or the first.

    Attributes:
        detail: of a finding: detector, detector_version, finding, confidence, reasons, otherwise,
            evidence; of people: text, and the ticket of the visit.
    """

    source: Source
    what: str
    since: datetime
    detail: dict[str, Any] = {}


class EndSignal(Command, frozen=True, kw_only=True, tag="signal_over"):
    """What a finding said is not found any more."""

    finding: int


class AskVisit(Command, frozen=True, kw_only=True, tag="visit"):
    """Somebody is to look first: ``ticket`` is the visit."""

    ticket: int
    text: str


class Accept(Command, frozen=True, kw_only=True, tag="accept"):
    """A person at the desk has looked at it and passes it on: it is reported at once."""

    item: Item
    text: str = ""


class Reject(Command, frozen=True, kw_only=True, tag="reject"):
    """It was nothing: the municipality does not hear of it."""

    reason: RejectReason
    text: str


class Remind(Command, frozen=True, kw_only=True, tag="remind"):
    """The municipality has not decided yet."""


class TellSide(Command, frozen=True, kw_only=True, tag="client"):
    """The client's side of the story, at any time."""

    text: str
    teller: Teller = Teller.CLIENT
    way: Way = Way.PHONE


class Note(Command, frozen=True, kw_only=True, tag="note"):
    """Something worth knowing."""

    text: str


class Quote(Command, frozen=True, kw_only=True, tag="quote"):
    """What the repair costs. ``file``: the quote as it was sent, with its digest."""

    lines: tuple[Line, ...]
    explanation: str
    advice: str
    file: int
    sha256: str


class Decide(Command, frozen=True, kw_only=True, tag="decide"):
    """What the municipality decides; who there, and why. It may decide again until it closes."""

    decision: Decision
    reason: str
    person: str


class Close(Command, frozen=True, kw_only=True, tag="close"):
    """What was decided is done."""

    text: str = ""


AnyCommand = (
    AddSignal
    | EndSignal
    | AskVisit
    | Accept
    | Reject
    | Remind
    | TellSide
    | Note
    | Quote
    | Decide
    | Close
)
