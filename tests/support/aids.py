"""Aids on wheels and hoists under a ``Watch``, played by hand."""

from typing import Any

from gateway.hal import Reading
from gateway.protocol.vocabulary import AidKind, Demand, Seat, Signals
from gateway.watch import WatchSettings
from tests.support.lift import WatchedLift

AT_HOME = Reading(
    speed_mm_s=0,
    current_ma=0,
    battery_mv=25_600,
    seat=Seat.EMPTY,
    signals=Signals.MAINS | Signals.CHARGING,
    odometer_m=1_000,
)
DOWN_AND_EMPTY = Reading(
    position_mm=0, speed_mm_s=0, current_ma=0, battery_mv=25_600, seat=Seat.EMPTY, load_kg=0
)


class WatchedScooter(WatchedLift):
    """A scooter: at home, on charge and empty, until a test says otherwise."""

    def __init__(self, settings: WatchSettings | None = None, **changes: Any) -> None:
        super().__init__(settings or WatchSettings(kind=AidKind.SCOOTER), AT_HOME, **changes)

    def drive(self, ms: int = 60_000, **changes: Any) -> None:
        """Drive forward, away from home unless said otherwise."""
        driving = {
            "speed_mm_s": 2_000,
            "current_ma": 9_000,
            "battery_mv": 24_900,
            "seat": Seat.OCCUPIED,
            "demand": Demand.UP,
            "signals": Signals.AWAY,
            "faults": (),
        }
        self.stay(ms, **driving | changes)

    def halt(self, ms: int, **changes: Any) -> None:
        """Stand still with the hands off the controls."""
        self.stand(ms, battery_mv=25_300, **changes)

    def out(self) -> "WatchedScooter":
        """Go out and halt there, with the client."""
        self.drive()
        self.halt(5_000)
        return self


class WatchedHoist(WatchedLift):
    """A hoist: down and empty, until a test says otherwise."""

    def __init__(self, settings: WatchSettings | None = None, **changes: Any) -> None:
        super().__init__(settings or WatchSettings(kind=AidKind.HOIST), DOWN_AND_EMPTY, **changes)

    def lift_up(self, ms: int = 15_000, **changes: Any) -> None:
        """Lift somebody."""
        lifting = {
            "speed_mm_s": 40,
            "current_ma": 6_000,
            "seat": Seat.OCCUPIED,
            "load_kg": 78,
            "demand": Demand.UP,
        }
        self.stay(ms, **lifting | changes)

    def let_down(self, ms: int = 15_000, **changes: Any) -> None:
        """Let somebody down."""
        self.stay(ms, speed_mm_s=-40, current_ma=1_500, demand=Demand.DOWN, **changes)

    def hang(self, ms: int, **changes: Any) -> None:
        """Let whoever hangs there hang, with no button pressed."""
        self.stand(ms, **changes)

    def put_down(self) -> None:
        """Take the load out."""
        self.stand(5_000, seat=Seat.EMPTY, load_kg=0)
