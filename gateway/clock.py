"""The modem's clocks, and what the platform's clock corrects in them."""

import time
from typing import Final

from gateway.hal import Clock

# A clock that stands before this was never set: no modem is older.
PLAUSIBLE_FROM_MS: Final = 1_577_836_800_000  # 2020-01-01


class SystemClock:
    """The clocks of the machine this runs on."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Milliseconds since some start."""
        return time.monotonic_ns() // 1_000_000


class CorrectedClock:
    """A clock set right by the platform's time, where its own is plainly wrong.

    A clock that is merely some minutes off is left alone: the platform measures its skew, and a
    time that jumps in the middle of a ride helps nobody. So ``hear`` only learns, and whoever
    knows that nothing is under way says ``set_right``.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._correction_ms = 0
        self._platform_ahead_ms: int | None = None
        self._due_ms: int | None = None

    @property
    def is_due(self) -> bool:
        """Whether it is to be set right."""
        return self._due_ms is not None

    def wall_ms(self) -> int:
        """Milliseconds since 1970, corrected if need be."""
        own_ms = self._clock.wall_ms()
        return own_ms + self._correction_ms if own_ms < PLAUSIBLE_FROM_MS else own_ms

    def monotonic_ms(self) -> int:
        """Milliseconds since some start."""
        return self._clock.monotonic_ms()

    def platform_ms(self) -> int:
        """The platform's time as far as known, else our own."""
        return self._clock.wall_ms() + (self._platform_ahead_ms or self._correction_ms)

    def hear(self, platform_ms: int) -> None:
        """Learn the platform's time.

        Word from the platform may have waited for us, so it is a lower bound: the largest counts.
        """
        own_ms = self._clock.wall_ms()
        ahead_ms = platform_ms - own_ms
        if self._platform_ahead_ms is None or ahead_ms > self._platform_ahead_ms:
            self._platform_ahead_ms = ahead_ms
        if own_ms >= PLAUSIBLE_FROM_MS or platform_ms < PLAUSIBLE_FROM_MS:
            return
        if ahead_ms > max(self._correction_ms, self._due_ms or 0) + 2_000:
            self._due_ms = ahead_ms

    def set_right(self) -> None:
        """Go by what was learnt from now on."""
        if self._due_ms is not None:
            self._correction_ms, self._due_ms = self._due_ms, None
