"""Aids as told to the outside. Units stand in the names; null: the aid cannot tell."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from api.schema import Document, Time


class ConnectionState(StrEnum):
    """Whether we are in touch; ``unknown``: never been."""

    ONLINE = "online"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class Municipality(Document):
    """A municipality by its CBS code."""

    code: str
    name: str


class Link(Document):
    """The connection with the modem."""

    state: ConnectionState
    since: Time | None
    reason: str | None
    firmware: str | None


class ActiveFault(Document):
    """A fault that was raised and not cleared since."""

    code: str
    maker_code: str
    since: Time


class Reading(Document):
    """One sample."""

    measured_at: Time
    received_at: Time
    position_mm: int | None
    speed_mm_s: int | None
    current_ma: int | None
    battery_mv: int | None
    seat: str
    demand: str
    mode: str
    landing: str
    contacts: list[str] = Field(description="Open safety contacts.")
    signals: list[str]
    fault: str | None


class Device(Document):
    """An aid, and how it is now."""

    name: str
    kind: str
    municipality: Municipality
    postcode4: int
    link: Link
    faults: list[ActiveFault]
    latest: Reading | None
    open_ticket: int | None = Field(description="Number of the open emergency, if any.")


class DeviceDetail(Device):
    """An aid in full."""

    maker: str
    model: str
    serial_number: str
    rail_length_mm: int | None
    built_on: date | None
    serviced_on: date | None = Field(description="Last serviced or inspected.")
    lent_on: date | None = Field(description="Since when the present client has it.")
    max_load_kg: int | None
    max_speed_mm_s: int | None
    max_incline_deg: int | None
    client_number: str | None
    wholly_dependent: bool | None
    registered_at: Time


class DevicePage(Document):
    """Aids in order of registration."""

    items: list[Device]
    next_cursor: str | None = Field(description="For the next page; null on the last.")


class Telemetry(Document):
    """Samples in order of measurement."""

    device: str
    from_: Time | None = Field(
        serialization_alias="from", description="Null: there is no ride yet."
    )
    until: Time | None
    truncated: bool = Field(description="Whether there is more; read on from the last time.")


class TelemetryRows(Telemetry):
    """One object per sample."""

    samples: list[Reading]


class TelemetryColumns(Telemetry):
    """One array per quantity, all of the same length: a third of the size."""

    columns: dict[str, list[str | int | list[str] | None]]


class Layout(StrEnum):
    """How samples are laid out."""

    ROWS = "rows"
    COLUMNS = "columns"
