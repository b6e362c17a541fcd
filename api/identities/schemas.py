"""Security events, as machines read them."""

from typing import Annotated, Any

from pydantic import Field

from api.schema import Document, Time


class SecurityEvent(Document):
    """One thing that is odd about who a modem is."""

    event_id: int = Field(alias="id")
    at: Time
    kind: str = Field(description="A word of docs/security.md; more may come.")
    device: str | None
    makes_doubtful: bool = Field(description="Until it is reviewed, calls of the aid are marked.")
    detail: dict[str, Any]
    reviewed_at: Time | None
    reviewed_by: str | None
    note: str | None


class SecurityEvents(Document):
    """The newest, doubts that nobody reviewed first."""

    items: list[SecurityEvent]


class NewReview(Document):
    """What somebody found who looked into it."""

    note: Annotated[str, Field(min_length=3, max_length=500)]
