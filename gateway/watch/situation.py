"""What a reading means: where the carriage is, whether it moves, whether somebody is aboard."""

import re
from enum import Enum
from typing import Final

from msgspec import Struct, structs

from gateway.hal import ActiveFault, Reading
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import Demand, Landing, Mode, Seat, Signals, fault_of
from gateway.watch.settings import RideSettings


class Place(Enum):
    """Where the carriage is, as far as anybody can tell."""

    LANDING = "landing"
    BETWEEN = "between"
    UNKNOWN = "unknown"


class Situation(Struct, frozen=True, kw_only=True):
    """One reading, understood. ``wall_ms`` may jump; ``now_ms`` is monotonic."""

    reading: Reading
    wall_ms: int
    now_ms: int
    place: Place
    moving: bool

    @property
    def demanded(self) -> bool:
        """Whether somebody holds the joystick or a remote."""
        return self.reading.demand is not Demand.NONE

    @property
    def attended(self) -> bool:
        """Whether a mechanic or whoever turns the hand wheel is in charge."""
        return self.reading.mode is not Mode.NORMAL

    @property
    def sos(self) -> bool:
        """Whether the emergency button is held."""
        return Signals.SOS in self.reading.signals

    @property
    def refused(self) -> bool:
        """Whether the controller says that it refuses the drive."""
        return Signals.REFUSED in self.reading.signals

    @property
    def stopped_by_fault(self) -> bool:
        """Whether a fault or an open safety contact keeps the drive from running."""
        reading = self.reading
        return bool(reading.contacts) or any(fault_of(f.code).stops_drive for f in reading.faults)


class Understanding:
    """Turns readings into situations; remembers the last position to see motion by."""

    def __init__(self, settings: RideSettings) -> None:
        self._settings = settings
        self._last_position_mm: int | None = None

    def of(self, reading: Reading, *, wall_ms: int, now_ms: int) -> Situation:
        """Return what ``reading`` means."""
        reading = _sane(reading)
        moving = self._moving(reading)
        self._last_position_mm = reading.position_mm
        return Situation(
            reading=reading,
            wall_ms=max(wall_ms, 0),
            now_ms=now_ms,
            place=self._place(reading),
            moving=moving,
        )

    def _place(self, reading: Reading) -> Place:
        if reading.landing is Landing.BETWEEN:
            return Place.BETWEEN
        if reading.landing is not Landing.UNKNOWN:
            return Place.LANDING
        length_mm, near_mm = self._settings.rail_length_mm, self._settings.landing_tolerance_mm
        if reading.position_mm is not None and length_mm is not None:
            inner = near_mm < reading.position_mm < length_mm - near_mm
            return Place.BETWEEN if inner else Place.LANDING
        if Signals.CHARGING in reading.signals:
            return Place.LANDING  # charge contacts are at the ends of the rail
        return Place.UNKNOWN

    def _moving(self, reading: Reading) -> bool:
        if reading.speed_mm_s is not None:
            return reading.speed_mm_s != 0
        if reading.position_mm is not None:
            last = self._last_position_mm
            return last is not None and last != reading.position_mm
        if reading.current_ma is not None:
            return abs(reading.current_ma) >= self._settings.moving_current_ma
        # The poorest controllers only know the joystick.
        return reading.demand is not Demand.NONE and Signals.REFUSED not in reading.signals


def sample_of(reading: Reading, offset_ms: int = 0) -> Sample:
    """Return ``reading`` as it goes on the wire."""
    return Sample(
        offset_ms=offset_ms,
        position_mm=reading.position_mm,
        speed_mm_s=reading.speed_mm_s,
        current_ma=reading.current_ma,
        battery_mv=reading.battery_mv,
        seat=reading.seat,
        demand=reading.demand,
        mode=reading.mode,
        landing=reading.landing,
        contacts=int(reading.contacts),
        signals=int(reading.signals),
        fault=reading.faults[0].code if reading.faults else None,
    )


def aboard(seat: Seat) -> bool:
    """Whether somebody sits on the lift: without a seat sensor nobody may assume an empty one."""
    return seat is not Seat.EMPTY


_BOUNDS: Final = {
    "position_mm": (-10_000, 1_000_000),
    "speed_mm_s": (-10_000, 10_000),
    "current_ma": (-200_000, 200_000),
    "battery_mv": (0, 100_000),
}
_CODE: Final = re.compile(r"[a-z0-9_]{1,48}")


def _sane(reading: Reading) -> Reading:
    """Replace what no sensor can mean: one mad value must not cost the whole message."""
    changes: dict[str, object] = {}
    for name, (low, high) in _BOUNDS.items():
        value = getattr(reading, name)
        if value is not None and not low <= value <= high:
            changes[name] = None
    if any(not _CODE.fullmatch(f.code) or len(f.maker_code) > 32 for f in reading.faults):
        changes["faults"] = tuple(
            ActiveFault(f.code if _CODE.fullmatch(f.code) else "unknown", f.maker_code[:32])
            for f in reading.faults
        )
    return structs.replace(reading, **changes) if changes else reading
