"""One home: an aid, whoever uses it, and the surroundings of its modem.

What people do is an *activity*: a generator that acts on the home and yields the milliseconds to
wait before it goes on. Time only passes in ``advance_to``, so that a home costs nothing between
two looks at it, and the same activities from the same seed give the same history.
"""

import heapq
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import TypeVar

from gateway.hal import Notice, Reading
from simulator.hardware.aid import Aid
from simulator.hardware.board import Board
from simulator.hardware.hoist import Hoist
from simulator.hardware.profile import WRONG_CLOCK_MS, Profile, Quirk
from simulator.hardware.stairlift import Stairlift
from simulator.hardware.vehicle import Vehicle
from simulator.misuse import Misuse

GOOD_SIGNAL_DBM = -85  # assumed: LTE-M indoors

Activity = Iterator[int]
Sort = TypeVar("Sort", Stairlift, Vehicle, Hoist)


class Surroundings:
    """What the modem depends on and the aid does not."""

    def __init__(self, *, clock_ahead_ms: int = 0) -> None:
        self.line_up = True
        self.modem_on = True
        self.clock_offset_ms = clock_ahead_ms  # how far the modem's wall clock is ahead
        self.clock_stopped_at_1970 = False
        self.signal_dbm = GOOD_SIGNAL_DBM
        self._clock_ahead_ms = clock_ahead_ms

    def set_right(self) -> None:
        """Make everything as it usually is here."""
        self.line_up = self.modem_on = True
        self.clock_stopped_at_1970 = False
        self.clock_offset_ms = self._clock_ahead_ms


class Home:
    """An aid in a house. Times are milliseconds on the monotonic clock of the run.

    Attributes:
        aid: the aid; ``lift``, ``vehicle`` and ``hoist`` are the same, for those who know which.
        misuse: what its people do with it that they should not.
        left_alone: nobody but its own activities touches anything here. Then a parked aid is not
            looked at again until something can have changed: runs of days are faster for it, and
            what is heard is the same.
    """

    def __init__(
        self,
        aid: Aid,
        *,
        rng: Random,
        start_ms: int = 0,
        profile: Profile | None = None,
        quirks: frozenset[Quirk] = frozenset(),
    ) -> None:
        self.aid = aid
        self.rng = rng
        self.board = Board(aid, profile=profile, quirks=quirks)
        wrong_clock = Quirk.WRONG_CLOCK in self.board.quirks
        self.surroundings = Surroundings(clock_ahead_ms=WRONG_CLOCK_MS if wrong_clock else 0)
        self.misuse: set[Misuse] = set()
        self.time_ms = start_ms
        self.left_alone = False
        self._aid_ms = start_ms  # until when the aid has been worked out
        self._same_until_ms = start_ms
        self._last_reading: Reading | None = None
        self.notices: list[tuple[int, Notice]] = []
        self.fallbacks: list[tuple[int, str]] = []
        self._order = count()
        self._waiting: list[tuple[int, int, Activity]] = []

    @property
    def lift(self) -> Stairlift:
        """The stairlift. Raises TypeError where there is none."""
        return self._of(Stairlift)

    @property
    def vehicle(self) -> Vehicle:
        """The scooter or wheelchair. Raises TypeError where there is none."""
        return self._of(Vehicle)

    @property
    def hoist(self) -> Hoist:
        """The hoist. Raises TypeError where there is none."""
        return self._of(Hoist)

    def _of(self, sort: type[Sort]) -> Sort:
        if not isinstance(self.aid, sort):
            raise TypeError(f"a {self.aid.kind} is no {sort.__name__.lower()}")
        return self.aid

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
        somebody_acts = self._waiting and self._waiting[0][0] <= now_ms
        if not somebody_acts and (now_ms < self._same_until_ms or now_ms <= self._aid_ms):
            self.time_ms = max(self.time_ms, now_ms)
            return
        while self._waiting and self._waiting[0][0] <= now_ms:
            wake_ms, order, activity = heapq.heappop(self._waiting)
            self._pass(wake_ms)
            wait_ms = next(activity, None)
            if wait_ms is not None:
                heapq.heappush(self._waiting, (wake_ms + max(1, wait_ms), order, activity))
        self._pass(now_ms)

    def _pass(self, until_ms: int) -> None:
        self._same_until_ms = 0
        if until_ms > self._aid_ms:
            self.aid.step((until_ms - self._aid_ms) / 1000)
            self._aid_ms = until_ms
        self.time_ms = max(self.time_ms, until_ms)

    def read(self) -> Reading:
        """Return what the controller says at the home's present time. Raises OSError."""
        last = self._last_reading
        if last is not None and self.time_ms < self._same_until_ms:
            return last
        reading = self.board.read(self.time_ms, signal_dbm=self.surroundings.signal_dbm)
        if self.left_alone:
            if reading == last:
                self._same_until_ms = self.time_ms + int(self.aid.unchanging_s * 1000)
            self._last_reading = reading
        return reading

    def hear(self, notice: Notice) -> None:
        """Let the people in the house hear what the aid announces."""
        self.notices.append((self.time_ms, notice))
        del self.notices[:-50]  # a fleet runs for weeks

    def fall_back(self, text: str) -> None:
        """Note that the modem used the telephone."""
        self.fallbacks.append((self.time_ms, text))
        del self.fallbacks[:-50]
