"""A lift under a ``Watch``, played by hand: time passes only when a test says so."""

from collections.abc import Iterator
from typing import Any

from msgspec import structs

from gateway.hal import ActiveFault, Notice, Reading
from gateway.protocol.messages import Call, FaultEdge, Status, Usage
from gateway.protocol.vocabulary import Demand, Landing, Seat, Signals
from gateway.watch import Memory, Outcome, Said, Watch, WatchSettings
from gateway.watch.calls import OpenCall

START_WALL_MS = 1_780_000_000_000
RAIL_MM = 4_700
PARKED = Reading(
    position_mm=0,
    speed_mm_s=0,
    current_ma=0,
    battery_mv=26_400,
    seat=Seat.EMPTY,
    landing=Landing.BOTTOM,
    signals=Signals.MAINS | Signals.CHARGING,
)
EDGE = (ActiveFault("footrest_up_edge", "7"),)


def identifiers() -> Iterator[str]:
    """Make identifiers that look random and are not."""
    number = 0
    while True:
        number += 1
        yield f"{number:032x}"


class WatchedLift:
    """Plays readings to a watch at its own rate and keeps all that it says."""

    def __init__(
        self, settings: WatchSettings | None = None, reading: Reading = PARKED, **changes: Any
    ) -> None:
        self.settings = settings or WatchSettings()
        self.reading = structs.replace(reading, **changes)
        self.now_ms = 1_000
        self.line_clear = True
        self.messages: list[Said] = []
        self.notices: list[Notice] = []
        self.fallbacks: list[OpenCall] = []
        self._ids = identifiers()
        self.watch = self._new_watch(None)
        self.read()

    @property
    def wall_ms(self) -> int:
        return START_WALL_MS + self.now_ms

    def restart(self) -> None:
        """Have the modem start again with what it remembers."""
        self.watch = self._new_watch(self.watch.memory)

    def read(self) -> Outcome:
        outcome = self.watch.step(
            self.reading, wall_ms=self.wall_ms, now_ms=self.now_ms, line_clear=self.line_clear
        )
        self.messages += outcome.messages
        self.notices += outcome.notices
        if outcome.fallback is not None:
            self.fallbacks.append(outcome.fallback)
        return outcome

    def stay(self, ms: int, **changes: Any) -> None:
        """Let ``ms`` pass with the reading changed like this; a moving lift moves."""
        self.reading = structs.replace(self.reading, **changes)
        end_ms = self.now_ms + ms
        self.read()
        while self.now_ms < end_ms:
            step_ms = min(self.watch.read_interval_ms, end_ms - self.now_ms)
            self.now_ms += step_ms
            if self.reading.position_mm is not None and self.reading.speed_mm_s:
                moved = self.reading.speed_mm_s * step_ms // 1000
                self.reading = structs.replace(
                    self.reading, position_mm=self.reading.position_mm + moved
                )
            self.read()

    def board(self) -> None:
        """Somebody sits down at the bottom."""
        self.stay(5_000, seat=Seat.OCCUPIED)

    def ride(self, ms: int = 10_000) -> None:
        """Ride upwards, away from the bottom."""
        self.stay(
            ms,
            speed_mm_s=120,
            current_ma=10_000,
            battery_mv=24_800,
            demand=Demand.UP,
            landing=Landing.BETWEEN,
            signals=Signals.NONE,
        )

    def stand(self, ms: int, **changes: Any) -> None:
        """Stand still where it is, with nobody at the joystick."""
        self.stay(ms, **{"speed_mm_s": 0, "current_ma": 0, "demand": Demand.NONE} | changes)

    def arrive(self, ms: int = 5_000) -> None:
        """Stand at the top."""
        self.stand(ms, landing=Landing.TOP, position_mm=RAIL_MM, battery_mv=26_000)

    @property
    def calls(self) -> list[Call]:
        return [message for message in self.messages if isinstance(message, Call)]

    @property
    def edges(self) -> list[FaultEdge]:
        return [message for message in self.messages if isinstance(message, FaultEdge)]

    @property
    def usages(self) -> list[Usage]:
        return [message for message in self.messages if isinstance(message, Usage)]

    @property
    def statuses(self) -> list[Status]:
        return [message for message in self.messages if isinstance(message, Status)]

    @property
    def reasons(self) -> list[str]:
        return [call.reason for call in self.calls]

    def _new_watch(self, memory: Memory | None) -> Watch:
        return Watch(self.settings, new_id=self._ids.__next__, memory=memory)
