"""Readings as PostgreSQL's binary COPY takes them. Pure.

They are nearly all of the load, so each row is one ``struct.pack``; the other tables leave this to
psycopg. Source: PostgreSQL manual, COPY, "Binary Format"; times are microseconds since 2000.
"""

import struct
from typing import Final

from gateway.protocol.messages import Sample

SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"

# The columns in the order of their values: what all samples of a message share, then each sample's
# own, those that may be null last.
COLUMNS: Final = (
    *("shard", "log_no", "device_id", "outbox_no", "seq", "received_at"),
    *("device_time", "measured_at", "sample_no", "at_rest"),
    *("seat", "demand", "mode", "landing", "contacts", "signals"),
    *("position_mm", "speed_mm_s", "current_ma", "battery_mv", "fault"),
)

# Each value follows its length in bytes; -1 is null.
_HEAD = struct.Struct(">h ih iq ii ii iq iq")
_SAMPLE = struct.Struct(">iq iq ih i? ih ih ih ih ii ii")
_MEASURES = struct.Struct(">ii ih ii ii")
_LENGTH = struct.Struct(">i")
_INT2 = struct.Struct(">ih")
_INT4 = struct.Struct(">ii")
_NULL = _LENGTH.pack(-1)


def head(
    shard: int, log_no: int, device_id: int, outbox_no: int, *, seq: int, received_us: int
) -> bytes:
    """Return the beginning of the row of each sample of a message."""
    return _HEAD.pack(
        len(COLUMNS), 2, shard, 8, log_no, 4, device_id, 4, outbox_no, 8, seq, 8, received_us
    )


def tail(sample: Sample, number: int, at_rest: bool, device_us: int, measured_us: int) -> bytes:  # noqa: FBT001 (called for each sample)
    """Return the rest of the row."""
    own = _SAMPLE.pack(
        8, device_us, 8, measured_us, 2, number, 1, at_rest, 2, sample.seat, 2, sample.demand,
        2, sample.mode, 2, sample.landing, 4, sample.contacts, 4, sample.signals,
    )  # fmt: skip
    position, speed = sample.position_mm, sample.speed_mm_s
    current, battery = sample.current_ma, sample.battery_mv
    if position is None or speed is None or current is None or battery is None:
        measures = b"".join(
            (_int(_INT4, position), _int(_INT2, speed), _int(_INT4, current), _int(_INT4, battery))
        )
    else:
        measures = _MEASURES.pack(4, position, 2, speed, 4, current, 4, battery)
    if sample.fault is None:
        return own + measures + _NULL
    fault = sample.fault.encode()
    return own + measures + _LENGTH.pack(len(fault)) + fault


def _int(format_: struct.Struct, value: int | None) -> bytes:
    return _NULL if value is None else format_.pack(format_.size - 4, value)
