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

_COLUMN_COUNT: Final = len(COLUMNS)

# Each value follows its length in bytes; -1 is null.
_HEAD = struct.Struct(">h ih iq ii ii iq iq")
_OWN_FORMAT = ">iq iq ih i? ih ih ih ih ii ii"
_OWN = struct.Struct(_OWN_FORMAT)
_WHOLE = struct.Struct(_OWN_FORMAT + "ii ih ii ii i")  # with all measures, and the fault's length
_LENGTH = struct.Struct(">i")
_INT2 = struct.Struct(">ih")
_INT4 = struct.Struct(">ii")
_NULL = _LENGTH.pack(-1)


def status_rows(
    message: Status,
    *,
    shard: int,
    log_no: int,
    device_id: int,
    outbox_no: int,
    skew_ms: int | None,
    received_us: int,
) -> tuple[bytes, bool]:
    """Return the rows of all samples, each with its own times, and whether all are at rest.

    Args:
        message: the message.
        shard: of its device.
        log_no: its number in the shard's log.
        device_id: whose it is.
        outbox_no: through which of its outboxes it came.
        skew_ms: by how much the device's clock runs ahead of ours, if known.
        received_us: when the message came, in microseconds since 2000.
    """
    beginning = _HEAD.pack(
        _COLUMN_COUNT, 2, shard, 8, log_no, 4, device_id, 4, outbox_no,
        8, message.seq, 8, received_us,
    )  # fmt: skip
    rows: list[bytes] = []
    all_at_rest = True
    time_ms = message.time_ms
    skew_us = (skew_ms or 0) * 1000
    oldest_us = received_us - OLDEST_BACKLOG_US
    for number, sample in enumerate(message.samples):
        # As ``timing.device_us`` and ``timing.measured_us``, without the calls.
        device_ms = time_ms + sample.offset_ms
        if device_ms > LATEST_MS:  # noqa: PLR1730 - as min() is a call
            device_ms = LATEST_MS
        device_us = (device_ms - EPOCH_2000_MS) * 1000
        measured_us = device_us - skew_us
        if not oldest_us <= measured_us <= received_us:
            measured_us = received_us
        position, speed = sample.position_mm, sample.speed_mm_s
        current, battery = sample.current_ma, sample.battery_mv
        at_rest = not speed and sample.at_rest  # quick to tell for a ride
        if not at_rest:
            all_at_rest = False
        text = b"" if sample.fault is None else sample.fault.encode()
        if position is None or speed is None or current is None or battery is None:
            own = _OWN.pack(
                8, device_us, 8, measured_us, 2, number, 1, at_rest,
                2, sample.seat, 2, sample.demand, 2, sample.mode, 2, sample.landing,
                4, sample.contacts, 4, sample.signals,
            ) + _with_gaps(sample, text)  # fmt: skip
        else:
            own = _WHOLE.pack(
                8, device_us, 8, measured_us, 2, number, 1, at_rest,
                2, sample.seat, 2, sample.demand, 2, sample.mode, 2, sample.landing,
                4, sample.contacts, 4, sample.signals,
                4, position, 2, speed, 4, current, 4, battery, len(text) or -1,
            )  # fmt: skip
        rows += (beginning, own, text)
    return b"".join(rows), all_at_rest


def _with_gaps(sample: Sample, fault: bytes) -> bytes:
    return (
        _int(_INT4, sample.position_mm)
        + _int(_INT2, sample.speed_mm_s)
        + _int(_INT4, sample.current_ma)
        + _int(_INT4, sample.battery_mv)
        + _LENGTH.pack(len(fault) or -1)
    )


def _int(format_: struct.Struct, value: int | None) -> bytes:
    return _NULL if value is None else format_.pack(format_.size - 4, value)
