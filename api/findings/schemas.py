"""Findings as told to the outside."""

from enum import StrEnum

from pydantic import Field

from api.devices.schemas import Municipality
from api.schema import Document
from api.tickets.schemas import Finding


class FindingStatus(StrEnum):
    """Open until what was found is over."""

    OPEN = "open"
    ENDED = "ended"


class FoundInDevice(Finding):
    """A finding with the aid that it is about."""

    finding_id: int = Field(alias="id")
    device: str
    device_kind: str
    municipality: Municipality
    postcode4: int
    ticket: int | None = Field(description="Number of the ticket that it belongs to, if any.")


class FindingPage(Document):
    """Findings, newest first."""

    items: list[FoundInDevice]
    next_cursor: str | None = Field(description="For the next page; null on the last.")
