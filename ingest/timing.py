"""When it really was: an estimate from the device's clock, which may be wrong, and from ours."""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

# A modem keeps its backlog for weeks at most: what claims to be older comes from a clock that was
# never set, and what claims to be later than its arrival from one that runs ahead.
OLDEST_BACKLOG: Final = timedelta(days=60)
# The last second of year 9999, where Python's calendar ends; the wire allows later ones.
LATEST_MS: Final = 253_402_300_799_000
# PostgreSQL counts microseconds from 2000.
EPOCH_2000_MS: Final = 946_684_800_000
_MICROSECOND: Final = timedelta(microseconds=1)
OLDEST_BACKLOG_US: Final = OLDEST_BACKLOG // _MICROSECOND


def device_time(time_ms: int) -> datetime:
    """Return what a device's clock said, from milliseconds since 1970.

    Later than the year 9999 becomes its last second.
    """
    return datetime.fromtimestamp(min(time_ms, LATEST_MS) / 1000, UTC)


def clock_skew_ms(time_ms: int, received_at: datetime) -> int:
    """Return by how many milliseconds a device's clock runs ahead of ours.

    Args:
        time_ms: the device's time in a message that was sent just now.
        received_at: when that message reached us.
    """
    return time_ms - (received_at - EPOCH) // timedelta(milliseconds=1)


def measured_at(time_ms: int, skew_ms: int | None, received_at: datetime) -> datetime:
    """Estimate when something was true.

    Args:
        time_ms: the device's time, milliseconds since 1970.
        skew_ms: by how much that clock runs ahead of ours; None if not known, taken as right.
        received_at: when it reached us; the estimate is never later, and is this if nothing better
            can be said.
    """
    return EPOCH + timedelta(
        milliseconds=EPOCH_2000_MS,
        microseconds=measured_us(time_ms, skew_ms, microseconds(received_at)),
    )


def microseconds(moment: datetime) -> int:
    """Return a moment as PostgreSQL counts: microseconds since 2000."""
    return (moment - EPOCH) // _MICROSECOND - EPOCH_2000_MS * 1000


def device_us(time_ms: int) -> int:
    """Return ``device_time`` in microseconds since 2000."""
    return (min(time_ms, LATEST_MS) - EPOCH_2000_MS) * 1000


def measured_us(time_ms: int, skew_ms: int | None, received_us: int) -> int:
    """Return ``measured_at`` in microseconds since 2000, as is ``received_us``."""
    estimate_us = (time_ms - (skew_ms or 0) - EPOCH_2000_MS) * 1000
    if received_us - OLDEST_BACKLOG_US <= estimate_us <= received_us:
        return estimate_us
    return received_us
