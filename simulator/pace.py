"""Time that passes faster than the clock on the wall, by a factor that may change."""

from simulator.clock import TimeSource

SLOWEST, FASTEST = 1.0, 1_000.0


class PacedTime:
    """The run's time, ``factor`` times as fast as ``source``. It starts in step with it.

    At any factor but 1 its wall clock runs ahead, and stays ahead.
    """

    def __init__(self, source: TimeSource) -> None:
        self._source = source
        self._factor = SLOWEST
        self._from_ms = source.monotonic_ms()
        self._at_ms = float(self._from_ms)
        self._ahead_ms = source.wall_ms() - self._from_ms

    @property
    def factor(self) -> float:
        """How many times as fast as life."""
        return self._factor

    def set_factor(self, factor: float) -> None:
        """Go on at another pace. Raises ValueError: not between 1 and 1000."""
        if not SLOWEST <= factor <= FASTEST:
            raise ValueError(f"a speed is {SLOWEST:g} to {FASTEST:g}, not {factor:g}")
        self._at_ms = self._now()
        self._from_ms = self._source.monotonic_ms()
        self._factor = factor

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        return self.monotonic_ms() + self._ahead_ms

    def monotonic_ms(self) -> int:
        """Milliseconds since some start."""
        return int(self._now())

    def source_ms(self, at_ms: int) -> int:
        """Return when it will be ``at_ms``, by the source's monotonic clock."""
        return self._source.monotonic_ms() + max(0, round((at_ms - self._now()) / self._factor))

    def _now(self) -> float:
        return self._at_ms + (self._source.monotonic_ms() - self._from_ms) * self._factor
