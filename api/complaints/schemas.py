"""Complaints as the interface shows and takes them."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.deliveries.schemas import DeviceName, Moment, Reference, Text
from api.schema import Document, Input, Time


class Nature(StrEnum):
    """What a complaint is about (*aard*)."""

    DELIVERY_TIME = "delivery_time"
    DELIVERY_QUALITY = "delivery_quality"
    REPAIR_TIME = "repair_time"
    REPAIR_QUALITY = "repair_quality"
    AID = "aid"
    APPOINTMENT = "appointment"
    TREATMENT = "treatment"
    REACHABILITY = "reachability"
    INFORMATION = "information"
    PRIVACY = "privacy"
    OTHER = "other"


class Via(StrEnum):
    """How it became known; what is spoken is put into writing."""

    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "email"
    IN_PERSON = "in_person"
    MUNICIPALITY = "municipality"


class ComplaintOutcome(StrEnum):
    """How it ended."""

    FOUNDED = "founded"
    PARTLY_FOUNDED = "partly_founded"
    UNFOUNDED = "unfounded"
    WITHDRAWN = "withdrawn"


class NewComplaint(Input):
    """A complaint, also a spoken one."""

    client_number: Annotated[str, Field(pattern=r"^[A-Z0-9-]{3,32}$")]
    nature: Nature
    via: Via
    text: Annotated[Text, Field(min_length=1)]
    received_at: Moment | None = Field(default=None, description="When it became known.")
    device: DeviceName | None = None
    commission: Reference | None = None
    ticket: Reference | None = None
    request_id: UUID | None = None


class TakeUp(Input):
    """Somebody looks into it."""

    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    happened_at: Moment | None = None
    note: Text = ""


class Handling(Input):
    """The outcome, as it is told in writing to client and municipality."""

    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    outcome: ComplaintOutcome
    text: Annotated[Text, Field(min_length=1, description="What was found, for the client.")]
    measures: Text = ""


class ComplaintItem(Document):
    """A complaint in a list."""

    number: int
    municipality: str
    client_number: str
    device: str | None
    nature: Nature
    via: Via
    stage: str
    received_at: Time
    take_up_due_at: Time
    handle_due_at: Time
    taken_up_at: Time | None
    handled_at: Time | None
    outcome: ComplaintOutcome | None
    breaches: int
    version: int


class ComplaintPage(Document):
    """A page of the list."""

    items: list[ComplaintItem]
    next_cursor: str | None


class ComplaintEvent(Document):
    """An entry of its log."""

    kind: str
    at: Time
    actor: str
    detail: dict[str, Any]


class ComplaintDetail(ComplaintItem):
    """A complaint with its log."""

    text: str
    outcome_text: str | None
    measures: str | None
    commission: int | None
    ticket: int | None
    events: list[ComplaintEvent]
    letters: list[int]


class ComplaintMonth(Document):
    """What a municipality's complaints of a month came to."""

    municipality: str
    month: str
    nature: Nature
    complaints: int
    handled: int
    founded: int
    taken_up_late: int
    handled_late: int
    mean_days: float | None


class ComplaintFigures(Document):
    """Figures by month, municipality and nature."""

    items: list[ComplaintMonth]
