"""One home: a lift, whoever uses it, and the surroundings of its modem.

What people do is an *activity*: a generator that acts on the home and yields the milliseconds to
wait before it goes on. Time only passes in ``advance_to``, so that a home costs nothing between
two looks at it, and the same activities from the same seed give the same history.
"""

import heapq
from collections.abc import Iterator
from itertools import count
from random import Random

from gateway.hal import Notice, Reading
from simulator.hardware.profile import T498, Profile, Quirk, reading_of
from simulator.hardware.stairlift import Stairlift

Activity = Iterator[int]


class Surroundings:
    """What the modem depends on and the lift does not."""

    def __init__(self) -> None:
        self.line_up = True
        self.modem_on = True
        self.clock_offset_ms = 0  # how far the modem's wall clock is ahead
        self.clock_stopped_at_1970 = False


class Home:
    """A lift in a house. Times are milliseconds on the monotonic clock of the run."""

    def __init__(
        self,
        lift: Stairlift,
        *,
        rng: Random,
        start_ms: int = 0,
        profile: Profile = T498,
        quirks: frozenset[Quirk] = frozenset(),
    ) -> None:
        self.lift = lift
        self.rng = rng
        self.surroundings = Surroundings()
        self.time_ms = start_ms
        self.notices: list[tuple[int, Notice]] = []
        self.fallbacks: list[tuple[int, str]] = []
        self._profile = profile
        self._quirks = quirks
        self._order = count()
        self._waiting: list[tuple[int, int, Activity]] = []

    def begin(self, activity: Activity) -> None:
        """Start ``activity`` now, beside those that already go on."""
        heapq.heappush(self._waiting, (self.time_ms, next(self._order), activity))

    def stop_all(self) -> None:
        """End every activity where it is."""
        for _, _, activity in self._waiting:
            if (close := getattr(activity, "close", None)) is not None:
                close()
        self._waiting.clear()

    @property
    def idle(self) -> bool:
        """Whether no activity goes on or waits."""
        return not self._waiting

    @property
    def next_act_ms(self) -> int | None:
        """When somebody does something next, or None."""
        return self._waiting[0][0] if self._waiting else None

    def advance_to(self, now_ms: int) -> None:
        """Let time pass until ``now_ms``; a moment already passed changes nothing."""
        while self._waiting and self._waiting[0][0] <= now_ms:
            wake_ms, order, activity = heapq.heappop(self._waiting)
            self._pass(wake_ms)
            wait_ms = next(activity, None)
            if wait_ms is not None:
                heapq.heappush(self._waiting, (wake_ms + max(1, wait_ms), order, activity))
        self._pass(now_ms)

    def _pass(self, until_ms: int) -> None:
        if until_ms > self.time_ms:
            self.lift.step((until_ms - self.time_ms) / 1000)
            self.time_ms = until_ms

    def read(self) -> Reading:
        """Return what the controller says at the home's present time. Raises OSError."""
        return reading_of(self.lift, profile=self._profile, quirks=self._quirks)

    def hear(self, notice: Notice) -> None:
        """Let the people in the house hear what the lift announces."""
        self.notices.append((self.time_ms, notice))
        del self.notices[:-50]  # a fleet runs for weeks

    def fall_back(self, text: str) -> None:
        """Note that the modem used the telephone."""
        self.fallbacks.append((self.time_ms, text))
        del self.fallbacks[:-50]
