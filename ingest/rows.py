"""From a message to the row of its table: the columns, their types, and the values. Pure.

Rows go in by binary COPY, so each column's type is named; readings come packed already.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from gateway.protocol.messages import (
    Call,
    Condition,
    FaultEdge,
    Numbered,
    Presence,
    Reply,
    Sample,
    Usage,
)
from ingest.timing import device_time, measured_at

Row = tuple[Any, ...]

# A presence message tells how things stand after all that its outbox holds.
PRESENCE_SAMPLE_NO: Final = 32_767


class Place(Struct, frozen=True, gc=False):
    """Where a message belongs: its log number, whose it is, and how its clock ran."""

    shard: int
    log_no: int
    device_id: int
    outbox_no: int | None
    skew_ms: int | None
    received_at: datetime
    received_us: int

    def head(self, message: Numbered) -> Row:
        """Return the columns that every numbered message begins with."""
        return (
            *(self.shard, self.log_no, self.device_id, self.outbox_no, message.seq),
            device_time(message.time_ms),
            measured_at(message.time_ms, self.skew_ms, self.received_at),
            self.received_at,
        )


class Table(Struct, frozen=True):
    """A table that is filled by COPY: its name, and its columns with their types."""

    name: str
    columns: dict[str, str]


_HEAD = {
    "shard": "int2",
    "log_no": "int8",
    "device_id": "int4",
    "outbox_no": "int4",
    "seq": "int8",
    "device_time": "timestamptz",
    "measured_at": "timestamptz",
    "received_at": "timestamptz",
}
FAULT = Table(
    "fault", {**_HEAD, "code": "text", "maker_code": "text", "edge": "text", "sample": "jsonb"}
)
USAGE = Table(
    "usage",
    {
        **_HEAD,
        "duration_ms": "int4",
        "distance_mm": "int4",
        "direction": "text",
        "start_landing": "int2",
        "end_landing": "int2",
        "mean_current_ma": "int4",
        "peak_current_ma": "int4",
        "load_class": "text",
        "seat": "int2",
        "stops": "int4",
        "battery_before_mv": "int4",
        "battery_after_mv": "int4",
        "min_battery_mv": "int4",
        "max_speed_mm_s": "int2",
        "max_incline_deg": "int2",
        "load_kg": "int2",
        "boarding_ms": "int4",
        "presses": "int4",
        "trips": "int4",
        "away": "bool",
        "profile_ma": "int4[]",
    },
)
CONDITION = Table(
    "condition",
    {
        **_HEAD,
        "period_ms": "int8",
        "battery_rest_mv": "int4",
        "battery_min_mv": "int4",
        "battery_max_mv": "int4",
        "charging_ms": "int8",
        "mains_ms": "int8",
        "off_charge_ms": "int8",
        "seat_ms": "int8",
        "away_ms": "int8",
        "cell": "text",
        "temperature_min_dc": "int2",
        "temperature_max_dc": "int2",
        "restarts": "int4",
        "openings": "int4",
        "trips": "int4",
        "cycles": "int4",
        "odometer_m": "int4",
        "parameters": "text",
        "hardware": "text",
        "signal_dbm": "int2",
    },
)
CALL = Table(
    "call",
    {
        **_HEAD,
        "call_id": "text",
        "reason": "text",
        "phase": "text",
        "attempt": "int4",
        "since": "timestamptz",
        "sample": "jsonb",
    },
)
REPLY = Table(
    "reply",
    {
        "shard": "int2",
        "log_no": "int8",
        "device_id": "int4",
        "outbox_no": "int4",
        "seq": "int8",
        "received_at": "timestamptz",
        "command_id": "text",
        "outcome": "text",
        "detail": "text",
        "stage": "text",
    },
)
PRESENCE = Table(
    "presence",
    {
        "shard": "int2",
        "log_no": "int8",
        "device_id": "int4",
        "session": "int8",
        "online": "bool",
        "reason": "text",
        "device_time": "timestamptz",
        "received_at": "timestamptz",
        "clock_skew_ms": "int8",
        "outbox_no": "int4",
        "head_seq": "int8",
        "call_id": "text",
        "firmware": "text",
        "sample": "jsonb",
    },
)


def fault_row(place: Place, message: FaultEdge) -> Row:
    """Return the row of a fault that came or went."""
    return (
        *place.head(message),
        *(message.code, message.maker_code, message.edge.value, _json(message.sample)),
    )


def usage_row(place: Place, message: Usage) -> Row:
    """Return the row of a ride."""
    return (
        *place.head(message),
        *(message.duration_ms, message.distance_mm, message.direction.value),
        *(message.start_landing, message.end_landing),
        *(message.mean_current_ma, message.peak_current_ma),
        *(message.load_class.value, message.seat, message.stops),
        *(message.battery_before_mv, message.battery_after_mv, message.min_battery_mv),
        *(message.max_speed_mm_s, message.max_incline_deg, message.load_kg),
        *(message.boarding_ms, message.presses, message.trips, message.away),
        list(message.profile_ma) or None,
    )


def condition_row(place: Place, message: Condition) -> Row:
    """Return the row of a period that an aid lived through."""
    return (
        *place.head(message),
        *(message.period_ms, message.battery_rest_mv, message.battery_min_mv),
        *(message.battery_max_mv, message.charging_ms, message.mains_ms, message.off_charge_ms),
        *(message.seat_ms, message.away_ms, message.cell),
        *(message.temperature_min_dc, message.temperature_max_dc),
        *(message.restarts, message.openings, message.trips, message.cycles, message.odometer_m),
        *(message.parameters, message.hardware, message.signal_dbm),
    )


def call_row(place: Place, message: Call) -> Row:
    """Return the row of a call for help."""
    since = measured_at(message.since_ms, place.skew_ms, place.received_at)
    return (
        *place.head(message),
        *(message.call_id, str(message.reason), message.phase.value, message.attempt),
        *(since, _json(message.sample)),
    )


def reply_row(place: Place, message: Reply) -> Row:
    """Return the row of a reply to a command."""
    return (
        *(place.shard, place.log_no, place.device_id, place.outbox_no, message.seq),
        *(place.received_at, message.command_id, message.outcome, message.detail),
        message.stage,
    )


def presence_row(place: Place, message: Presence, *, live: bool) -> Row:
    """Return the row of a connection made or lost."""
    return (
        *(place.shard, place.log_no, place.device_id, message.session, message.online),
        *(message.reason, device_time(message.time_ms), place.received_at),
        place.skew_ms if live and message.online else None,
        *(place.outbox_no, message.head_seq, message.call_id, message.firmware),
        None if message.sample is None else _json(message.sample),
    )


def sample_values(sample: Sample) -> Row:
    """Return a sample in the order of its columns."""
    return (
        sample.position_mm,
        sample.speed_mm_s,
        sample.current_ma,
        sample.battery_mv,
        sample.seat,
        sample.demand,
        sample.mode,
        sample.landing,
        sample.contacts,
        sample.signals,
        sample.fault,
    )


_encode: Callable[[Any], bytes] = msgspec.json.encode


def _json(sample: Sample) -> Jsonb:
    return Jsonb(sample, dumps=_encode)
