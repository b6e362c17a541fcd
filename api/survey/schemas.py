"""The survey as the interface shows and takes it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.deliveries.schemas import AidKind, Day, Reference
from api.schema import Document, Input, Time

Score = Annotated[int, Field(ge=1, le=5)]


class Occasion(StrEnum):
    """What an answer is about."""

    DELIVERY = "delivery"
    REPAIR = "repair"
    SERVICE = "service"
    COLLECTION = "collection"
    COMPLAINT = "complaint"
    PERIODIC = "periodic"


class NewInvitation(Input):
    """A client to be asked."""

    client_number: Annotated[str, Field(pattern=r"^[A-Z0-9-]{3,32}$")]
    occasion: Occasion
    aid_kind: AidKind
    commission: Reference | None = None
    ticket: Reference | None = None


class Invitation(Document):
    """The personal link, told this once."""

    path: str
    expires_at: Time


class Answers(Input):
    """What somebody answers; only the mark has to be given."""

    overall: Annotated[int, Field(ge=1, le=10)]
    aid: Score | None = None
    people: Score | None = None
    speed: Score | None = None
    information: Score | None = None
    remark: Annotated[str, Field(max_length=1_000, pattern=r"^[^\x00]*$")] = ""


class PaperAnswers(Answers):
    """The same from paper, entered by the desk: of a municipality and a day."""

    municipality: Annotated[str, Field(pattern=r"^GM[0-9]{4}$")]
    occasion: Occasion
    aid_kind: AidKind
    answered_on: Day
    client_number: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Z0-9-]{3,32}$",
            description="Only if the client has signed that it may be in the file.",
        ),
    ] = None


class SurveyMonth(Document):
    """What was answered in a month. Means are left out where fewer than three answered."""

    municipality: str
    month: str
    answers: int
    overall: float | None
    satisfied: float | None = Field(description="Share of marks of 7 and more.")
    aid: float | None
    people: float | None
    speed: float | None
    information: float | None


class SurveyFigures(Document):
    """Figures by month and municipality."""

    items: list[SurveyMonth]
