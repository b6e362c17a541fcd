"""Incidents as told to the outside."""

from enum import StrEnum

from pydantic import Field

from api.devices.schemas import Municipality
from api.schema import Document, Time


class IncidentStatus(StrEnum):
    """Open until nearly all aids are back."""

    OPEN = "open"
    ENDED = "ended"


class AffectedDevice(Document):
    """An aid that an incident touches, or touched."""

    device: str
    lost_at: Time
    back_at: Time | None


class Incident(Document):
    """Many aids of one area without connection."""

    incident_id: int = Field(alias="id")
    kind: str
    area: int = Field(description="The four digits of the postcode.")
    municipality: Municipality | None
    since: Time
    found_at: Time
    ended_at: Time | None
    aids: int = Field(description="How many aids with a connection the area has.")
    offline: int = Field(description="How many of its aids are not back.")
    devices: list[AffectedDevice]


class IncidentPage(Document):
    """Incidents, newest first."""

    items: list[Incident]
    next_cursor: str | None = Field(description="For the next page; null on the last.")
