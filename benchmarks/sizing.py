"""What a fleet of some size asks of the platform: messages, bytes, cores, disk. Pure.

The model is a straight line for each part: what it takes as soon as messages come one by one, each
a transaction of its own, and more for each message. What goes in is measured by
``benchmarks.capacity``, which holds what comes out against measurements.
"""

from collections.abc import Mapping
from math import ceil
from typing import Final

from msgspec import Struct

DAY_S: Final = 86_400.0
# How full a core may be in the busiest quarter of an hour.
BUSY: Final = 0.5
# Bytes of a reading as a row with its indexes, and packed (docs/timescale.md); for how many days it
# is a row, and kept at all (docs/privacy).
ROW_B: Final = 177.0
PACKED_B: Final = 14.3
ROW_DAYS: Final = 8
KEPT_DAYS: Final = 120
# README (`benchmarks.simulator --lifts 10000`): of mosquitto, for an aid's TLS connection.
CONNECTION_KIB: Final = 27.9


class Talk(Struct, frozen=True):
    """What one aid says.

    Attributes:
        messages: a day.
        readings: within them.
        payload_b: bytes of them.
        peak: its busiest quarter of an hour, against the mean.
    """

    messages: float
    readings: float
    payload_b: float
    peak: float

    def messages_per_s(self, aids: float) -> float:
        """Return the mean of a day."""
        return aids * self.messages / DAY_S

    def peak_per_s(self, aids: float) -> float:
        """Return messages a second in the busiest quarter of an hour."""
        return self.messages_per_s(aids) * self.peak


class Line(Struct, frozen=True):
    """What a part takes: cores once it is busy, and processor time in seconds for each message."""

    busy: float
    each: float

    def at(self, per_s: float) -> float:
        """Return the cores that it takes at a rate."""
        return self.busy + self.each * per_s


def through(low: tuple[float, float], high: tuple[float, float]) -> Line:
    """Return the line through two points (rate, cores); no message costs less than nothing."""
    each = max(0.0, (high[1] - low[1]) / (high[0] - low[0]))
    return Line(max(0.0, low[1] - each * low[0]), each)


Costs = Mapping[str, Line]  # of parts, in cores


class Need(Struct, frozen=True):
    """What a fleet needs.

    Attributes:
        mean_per_s: messages a second, over a day.
        peak_per_s: in the busiest quarter of an hour.
        readings: a day.
        payload_gb: a day.
        cores: at the peak, half full.
        connections_gib: of the brokers' memory.
        disk_gib: of readings, once the oldest are as old as they may become.
        log_gib: that the database writes a day.
    """

    mean_per_s: float
    peak_per_s: float
    readings: float
    payload_gb: float
    cores: int
    connections_gib: float
    disk_gib: float
    log_gib: float


def need_of(aids: int, talk: Talk, costs: Costs, *, log_b: float) -> Need:
    """Return what ``aids`` need; ``log_b``: bytes of the database's log for each reading."""
    peak = talk.peak_per_s(aids)
    readings = aids * talk.readings
    kept_b = readings * (ROW_DAYS * ROW_B + (KEPT_DAYS - ROW_DAYS) * PACKED_B)
    return Need(
        mean_per_s=talk.messages_per_s(aids),
        peak_per_s=peak,
        readings=readings,
        payload_gb=aids * talk.payload_b / 1e9,
        cores=ceil(sum(line.at(peak) for line in costs.values()) / BUSY),
        connections_gib=aids * CONNECTION_KIB / 2**20,
        disk_gib=kept_b / 2**30,
        log_gib=readings * log_b / 2**30,
    )
