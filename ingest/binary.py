"""Readings as PostgreSQL's binary COPY takes them. Pure.

They are nearly all of the load, so a row is one ``struct.pack``, and times stay integers; the other
tables leave this to psycopg. Source: PostgreSQL manual, COPY, "Binary Format".
"""

import struct
from typing import Final

from gateway.protocol.messages import Sample, Status
from ingest.timing import EPOCH_2000_MS, LATEST_MS, OLDEST_BACKLOG_US

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
_OWN = struct.Struct(">iq iq ih i? ih ih ih ih ii ii")
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


def status_rows(
    beginning: bytes, message: Status, *, skew_ms: int | None, received_us: int
) -> tuple[bytes, bool]:
    """Return the rows of all samples, each with its own times, and whether all are at rest.

    Args:
        beginning: what ``head`` gave for this message.
        message: the message.
        skew_ms: by how much the device's clock runs ahead of ours, if known.
        received_us: when the message came, in microseconds since 2000.
    """
    rows: list[bytes] = []
    all_at_rest = True
    skew_us = (skew_ms or 0) * 1000
    oldest_us = received_us - OLDEST_BACKLOG_US
    for number, sample in enumerate(message.samples):
        # As ``timing.device_us`` and ``timing.measured_us``, without the calls.
        device_us = (min(message.time_ms + sample.offset_ms, LATEST_MS) - EPOCH_2000_MS) * 1000
        measured_us = device_us - skew_us
        if not oldest_us <= measured_us <= received_us:
            measured_us = received_us
        at_rest = not sample.speed_mm_s and sample.at_rest  # quick to tell for a ride
        all_at_rest = all_at_rest and at_rest
        own = _OWN.pack(
            8, device_us, 8, measured_us, 2, number, 1, at_rest,
            2, sample.seat, 2, sample.demand, 2, sample.mode, 2, sample.landing,
            4, sample.contacts, 4, sample.signals,
        )  # fmt: skip
        position, speed = sample.position_mm, sample.speed_mm_s
        current, battery = sample.current_ma, sample.battery_mv
        if position is None or speed is None or current is None or battery is None:
            measures = _with_gaps(sample)
        else:
            measures = _MEASURES.pack(4, position, 2, speed, 4, current, 4, battery)
        rows += (beginning, own, measures, _NULL if sample.fault is None else _text(sample.fault))
    return b"".join(rows), all_at_rest


def _with_gaps(sample: Sample) -> bytes:
    return (
        _int(_INT4, sample.position_mm)
        + _int(_INT2, sample.speed_mm_s)
        + _int(_INT4, sample.current_ma)
        + _int(_INT4, sample.battery_mv)
    )


def _int(format_: struct.Struct, value: int | None) -> bytes:
    return _NULL if value is None else format_.pack(format_.size - 4, value)


def _text(value: str) -> bytes:
    encoded = value.encode()
    return _LENGTH.pack(len(encoded)) + encoded
