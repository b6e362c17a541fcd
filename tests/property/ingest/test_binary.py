"""Packed readings hold what the readings say, whatever is missing in them."""

import struct
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import Demand, Landing, Mode, Seat
from ingest import binary
from ingest.rows import sample_values
from ingest.timing import LATEST_MS, device_us, measured_us, microseconds
from tests.support import telemetry as say

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NOW_US = microseconds(NOW)
NOW_MS = int(NOW.timestamp() * 1000)
FORMATS = {1: ">?", 2: ">h", 4: ">i", 8: ">q"}

samples = st.builds(
    Sample,
    offset_ms=st.integers(0, 86_400_000),
    position_mm=st.none() | st.integers(-10_000, 1_000_000),
    speed_mm_s=st.none() | st.integers(-10_000, 10_000),
    current_ma=st.none() | st.integers(-200_000, 200_000),
    battery_mv=st.none() | st.integers(0, 100_000),
    seat=st.sampled_from(Seat),
    demand=st.sampled_from(Demand),
    mode=st.sampled_from(Mode),
    landing=st.sampled_from(Landing),
    contacts=st.integers(0, 2**31 - 1),
    signals=st.integers(0, 2**31 - 1),
    fault=st.none() | st.from_regex(r"\A[a-z0-9_]{1,48}\Z"),
)


def unpack(packed: bytes) -> list[dict[str, object]]:
    """Return the rows as the manual says that they are to be read."""
    rows = []
    at = 0
    while at < len(packed):
        (count,) = struct.unpack_from(">h", packed, at)
        at += 2
        assert count == len(binary.COLUMNS)
        row: dict[str, object] = {}
        for column in binary.COLUMNS:
            (length,) = struct.unpack_from(">i", packed, at)
            value = packed[at + 4 : at + 4 + max(length, 0)]
            at += 4 + max(length, 0)
            if length < 0:
                row[column] = None
            elif column == "fault":
                row[column] = value.decode()
            else:
                (row[column],) = struct.unpack(FORMATS[length], value)
        rows.append(row)
    return rows


@given(
    readings=st.lists(samples, min_size=1, max_size=4),
    time_ms=st.integers(0, 2**53) | st.integers(NOW_MS - 10**10, NOW_MS + 1_000),
    skew_ms=st.none() | st.integers(-(2**40), 2**40),
)
def test_rows_hold_what_the_readings_say(
    readings: list[Sample], time_ms: int, skew_ms: int | None
) -> None:
    message = say.status(9, *readings, time_ms=time_ms)
    packed, at_rest = binary.status_rows(
        message,
        shard=5,
        log_no=6,
        device_id=7,
        outbox_no=8,
        skew_ms=skew_ms,
        received_us=NOW_US,
    )
    assert at_rest == all(sample.at_rest for sample in readings)
    rows = unpack(packed)
    assert len(rows) == len(readings)
    for number, (row, sample) in enumerate(zip(rows, readings, strict=True)):
        moment_ms = time_ms + sample.offset_ms
        assert list(row.values())[:6] == [5, 6, 7, 8, 9, NOW_US]
        assert row["device_time"] == device_us(moment_ms)
        if moment_ms <= LATEST_MS:
            assert row["measured_at"] == measured_us(moment_ms, skew_ms, NOW_US)
        assert (row["sample_no"], row["at_rest"]) == (number, sample.at_rest)
        names = (
            *("position_mm", "speed_mm_s", "current_ma", "battery_mv", "seat", "demand"),
            *("mode", "landing", "contacts", "signals", "fault"),
        )
        assert tuple(row[name] for name in names) == sample_values(sample)
