"""Clocks: the run's own time, and what a modem believes the time to be."""

import time
from typing import Protocol

from simulator.home import Surroundings


class TimeSource(Protocol):
    """The run's time: true wall time, and a monotonic clock in step with it."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""

    def monotonic_ms(self) -> int:
        """Milliseconds since some start."""


class VirtualTime:
    """Time that stands still until it is moved."""

    def __init__(self, *, start_wall_ms: int) -> None:
        self._start_wall_ms = start_wall_ms
        self._elapsed_ms = 0

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        return self._start_wall_ms + self._elapsed_ms

    def monotonic_ms(self) -> int:
        """Milliseconds since the start of the run."""
        return self._elapsed_ms

    def move_to(self, monotonic_ms: int) -> None:
        """Go on to ``monotonic_ms``; never back."""
        self._elapsed_ms = max(self._elapsed_ms, monotonic_ms)


class RealTime:
    """The computer's own clocks."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Milliseconds since some start."""
        return time.monotonic_ns() // 1_000_000


class ModemClock:
    """A modem's two clocks, its wall clock right or wrong (``gateway.hal.Clock``)."""

    def __init__(self, source: TimeSource, surroundings: Surroundings) -> None:
        self._source = source
        self._surroundings = surroundings

    def wall_ms(self) -> int:
        """Milliseconds since 1970 as this modem believes."""
        if self._surroundings.clock_stopped_at_1970:
            return self._source.monotonic_ms()
        return max(0, self._source.wall_ms() + self._surroundings.clock_offset_ms)

    def monotonic_ms(self) -> int:
        """Milliseconds since some start."""
        return self._source.monotonic_ms()
