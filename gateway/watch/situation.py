"""What a reading means: where the aid is, whether it moves, what somebody wants of it."""

from enum import Enum
from typing import Final

from msgspec import Struct

from gateway.hal import Reading
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import (
    AidKind,
    Contacts,
    Demand,
    Landing,
    Mode,
    Seat,
    Signals,
    fault_of,
)
from gateway.watch.sane import sane
from gateway.watch.settings import RideSettings

# As plain numbers: an ``IntFlag`` operation costs as much as all the rest of a look at a reading.
_SOS: Final = int(Signals.SOS)
_CHARGING: Final = int(Signals.CHARGING)
_REFUSED: Final = int(Signals.REFUSED)
_AWAY: Final = int(Signals.AWAY)
_TILTED: Final = int(Signals.TILTED)
_EDGES: Final = int(
    Contacts.FOOTREST_UP | Contacts.FOOTREST_DOWN | Contacts.CARRIAGE_UP | Contacts.CARRIAGE_DOWN
)
# Some controllers tell of an edge by its fault alone.
_EDGE_FAULTS: Final = {
    "footrest_up_edge": int(Contacts.FOOTREST_UP),
    "footrest_down_edge": int(Contacts.FOOTREST_DOWN),
    "carriage_up_edge": int(Contacts.CARRIAGE_UP),
    "carriage_down_edge": int(Contacts.CARRIAGE_DOWN),
}
WHEELS: Final = frozenset({AidKind.SCOOTER, AidKind.WHEELCHAIR})


class Place(Enum):
    """Where the carriage of a stairlift is, as far as anybody can tell; other aids: UNKNOWN."""

    LANDING = "landing"
    BETWEEN = "between"
    UNKNOWN = "unknown"


class Situation(Struct, frozen=True, gc=False):
    """One reading, understood. ``wall_ms`` may jump; ``now_ms`` is monotonic.

    Attributes:
        moving: whether it moves, by speed, position, current or, at worst, the joystick.
        demanded: somebody holds the joystick, a remote or a button.
        pressed: since the reading before.
        attended: a mechanic, or whoever moves it by hand, is in charge.
        signals: as in the reading.
        sos: the emergency button is held.
        stopped_by_fault: a fault or an open safety contact keeps the drive from running.
        trips: how many safety edges have tripped since the reading before.
    """

    reading: Reading
    wall_ms: int
    now_ms: int
    place: Place
    moving: bool
    demanded: bool
    pressed: bool
    attended: bool
    signals: int
    sos: bool
    stopped_by_fault: bool
    trips: int

    @property
    def refused(self) -> bool:
        """Whether the controller says that it refuses the drive."""
        return bool(self.signals & _REFUSED)

    @property
    def charging(self) -> bool:
        """Whether the battery is being charged."""
        return bool(self.signals & _CHARGING)

    @property
    def away(self) -> bool:
        """Whether it is away from home."""
        return bool(self.signals & _AWAY)

    @property
    def tilted(self) -> bool:
        """Whether it leans over farther than it can stand."""
        return bool(self.signals & _TILTED)


class Understanding:
    """Turns readings into situations; remembers the last to see changes by."""

    def __init__(self, settings: RideSettings, kind: AidKind) -> None:
        self._settings = settings
        self._rail = kind is AidKind.STAIRLIFT
        self._last_position_mm: int | None = None
        self._last_demand = Demand.NONE
        self._last_edges = 0

    def of(self, reading: Reading, *, wall_ms: int, now_ms: int) -> Situation:
        """Return what ``reading`` means."""
        reading = sane(reading)
        demand, signals, contacts = reading.demand, int(reading.signals), int(reading.contacts)
        edges = contacts & _EDGES
        stopped = contacts != 0
        for fault in reading.faults:
            stopped = stopped or fault_of(fault.code).stops_drive
            edges |= _EDGE_FAULTS.get(fault.code, 0)
        speed_mm_s = reading.speed_mm_s
        situation = Situation(
            reading,
            max(wall_ms, 0),
            now_ms,
            self._place(reading, signals) if self._rail else Place.UNKNOWN,
            self._moving(reading, signals) if speed_mm_s is None else speed_mm_s != 0,
            demand is not Demand.NONE,
            demand is not self._last_demand and demand is not Demand.NONE,
            reading.mode is not Mode.NORMAL,
            signals,
            signals & _SOS != 0,
            stopped,
            (edges & ~self._last_edges).bit_count(),
        )
        self._last_position_mm = reading.position_mm
        self._last_demand = demand
        self._last_edges = edges
        return situation

    def _place(self, reading: Reading, signals: int) -> Place:
        if reading.landing is Landing.BETWEEN:
            return Place.BETWEEN
        if reading.landing is not Landing.UNKNOWN:
            return Place.LANDING
        length_mm, near_mm = self._settings.rail_length_mm, self._settings.landing_tolerance_mm
        if reading.position_mm is not None and length_mm is not None:
            inner = near_mm < reading.position_mm < length_mm - near_mm
            return Place.BETWEEN if inner else Place.LANDING
        if signals & _CHARGING:
            return Place.LANDING  # charge contacts are at the ends of the rail
        return Place.UNKNOWN

    def _moving(self, reading: Reading, signals: int) -> bool:
        """Tell, where no speed is known."""
        if reading.position_mm is not None:
            last = self._last_position_mm
            return last is not None and last != reading.position_mm
        if reading.current_ma is not None:
            return abs(reading.current_ma) >= self._settings.moving_current_ma
        # The poorest controllers only know the joystick.
        return reading.demand is not Demand.NONE and not signals & _REFUSED


def sample_of(reading: Reading, offset_ms: int = 0) -> Sample:
    """Return ``reading`` as it goes on the wire."""
    return Sample(
        offset_ms,
        reading.position_mm,
        reading.speed_mm_s,
        reading.current_ma,
        reading.battery_mv,
        reading.seat,
        reading.demand,
        reading.mode,
        reading.landing,
        int(reading.contacts),
        int(reading.signals),
        reading.faults[0].code if reading.faults else None,
    )


def aboard(seat: Seat) -> bool:
    """Whether somebody sits on the lift: without a seat sensor nobody may assume an empty one."""
    return seat is not Seat.EMPTY
