"""The estimate of when something was true."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.timing import clock_skew_ms, device_time, measured_at

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
HOUR_MS = 3_600_000


@pytest.mark.parametrize("skew_ms", [0, HOUR_MS, -HOUR_MS, -NOW_MS + 1_000_000])
def test_a_known_skew_is_taken_off(skew_ms: int) -> None:
    ten_minutes_ago_ms = NOW_MS - 600_000 + skew_ms
    assert measured_at(ten_minutes_ago_ms, skew_ms, NOW) == NOW - timedelta(minutes=10)


def test_an_unknown_skew_is_taken_as_none() -> None:
    assert measured_at(NOW_MS - HOUR_MS, None, NOW) == NOW - timedelta(hours=1)


@pytest.mark.parametrize("time_ms", [0, NOW_MS + 1, NOW_MS - 61 * 24 * HOUR_MS, 2**53])
def test_what_cannot_be_is_taken_as_now(time_ms: int) -> None:
    assert measured_at(time_ms, None, NOW) == NOW


def test_skew_is_device_minus_platform() -> None:
    assert clock_skew_ms(NOW_MS + 1_500, NOW) == 1_500


def test_every_time_of_the_wire_is_a_date() -> None:
    assert device_time(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert device_time(2**53).year == 9999
