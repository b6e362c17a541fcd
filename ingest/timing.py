"""When it really was: an estimate from the device's clock, which may be wrong, and from ours."""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

# A modem keeps its backlog for weeks at most: what claims to be older comes from a clock that was
# never set, and what claims to be later than its arrival from one that runs ahead.
OLDEST_BACKLOG: Final = timedelta(days=60)
_OLDEST_BACKLOG_S: Final = OLDEST_BACKLOG.total_seconds()
# The last second of year 9999, where Python's calendar ends; the wire allows later ones.
_LATEST_MS: Final = 253_402_300_799_000


def device_time(time_ms: int) -> datetime:
    """Return what a device's clock said, from milliseconds since 1970.

    Later than the year 9999 becomes its last second.
    """
    return datetime.fromtimestamp(min(time_ms, _LATEST_MS) / 1000, UTC)


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
    return plausible(time_ms - (skew_ms or 0), received_at, received_at.timestamp())


def plausible(estimate_ms: int, received_at: datetime, received_s: float) -> datetime:
    """Return an estimate as a moment, or ``received_at`` where it cannot be right.

    Args:
        estimate_ms: milliseconds since 1970, by our clock.
        received_at: when it reached us.
        received_s: the same in seconds since 1970, which a caller with many estimates has at hand.
    """
    estimate_s = estimate_ms / 1000
    if not received_s - _OLDEST_BACKLOG_S <= estimate_s <= received_s:
        return received_at
    return datetime.fromtimestamp(estimate_s, UTC)
