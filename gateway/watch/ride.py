"""One ride at a time: when it begins and ends, and what it came to."""

from gateway.protocol.messages import Usage
from gateway.protocol.vocabulary import Demand, Direction, Landing, LoadClass, Seat
from gateway.watch.settings import RideSettings
from gateway.watch.situation import Place, Situation
from gateway.watch.unnumbered import UNNUMBERED

# Where nobody can tell a landing, standing for so long with the rider aboard counts as arrived.
ARRIVED_UNKNOWN_MS = 150_000
# A lift that creeps to its charge point, or is nudged at its landing, has made no ride.
NUDGE_MM = 100
NUDGE_MS = 5_000


class _Ride:
    """The ride under way."""

    def __init__(self, start: Situation, landing: Landing, battery_mv: int | None) -> None:
        self.started_ms = start.now_ms
        self.start_landing = landing
        self.battery_before_mv = battery_mv
        self.demand = Demand.NONE
        self.seat = Seat.UNKNOWN
        self.stops = 0
        self.stood_since_ms: int | None = None
        self.distance_mm = 0.0
        self.net_mm = 0.0
        self.current_ma_ms = 0
        self.current_for_ms = 0
        self.peak_current_ma: int | None = None
        self.last = start

    def add(self, situation: Situation) -> None:
        """Take in the next reading."""
        reading, last = situation.reading, self.last
        elapsed_ms = situation.now_ms - last.now_ms
        if self.demand is Demand.NONE:
            self.demand = reading.demand
        if self.seat is not Seat.OCCUPIED and reading.seat is not Seat.UNKNOWN:
            self.seat = reading.seat
        step_mm = 0.0
        if reading.position_mm is not None and last.reading.position_mm is not None:
            step_mm = reading.position_mm - last.reading.position_mm
        elif reading.speed_mm_s is not None:
            step_mm = reading.speed_mm_s * elapsed_ms / 1000
        self.net_mm += step_mm
        self.distance_mm += abs(step_mm)
        if situation.moving and reading.current_ma is not None:
            self.current_ma_ms += reading.current_ma * elapsed_ms
            self.current_for_ms += elapsed_ms
            if self.peak_current_ma is None or abs(reading.current_ma) > abs(self.peak_current_ma):
                self.peak_current_ma = reading.current_ma
        if situation.moving:
            self.stood_since_ms = None
        elif self.stood_since_ms is None:
            self.stood_since_ms = situation.now_ms
            self.stops += situation.place is not Place.LANDING
        self.last = situation

    @property
    def direction(self) -> Direction:
        """Which way it went: by distance, else by the joystick, else by where it began."""
        if self.net_mm:
            return Direction.UP if self.net_mm > 0 else Direction.DOWN
        if self.demand is not Demand.NONE:
            return Direction.UP if self.demand is Demand.UP else Direction.DOWN
        return Direction.DOWN if self.start_landing is Landing.TOP else Direction.UP


class Rides:
    """Follows the lift from ride to ride."""

    def __init__(self, settings: RideSettings) -> None:
        self._settings = settings
        self._ride: _Ride | None = None
        self._landing = Landing.UNKNOWN
        self._battery_mv: int | None = None

    @property
    def riding(self) -> bool:
        """Whether a ride is under way, moving or interrupted."""
        return self._ride is not None

    def step(self, situation: Situation) -> Usage | None:
        """Take in a reading. Returns the summary when a ride has ended."""
        usage = None
        if self._ride is None:
            if situation.moving and not situation.attended:
                self._ride = _Ride(situation, self._landing, self._battery_mv)
        else:
            self._ride.add(situation)
            if self._ended(self._ride, situation):
                usage = self._summary(self._ride, situation)
                self._ride = None
        if not situation.moving:
            self._landing = situation.reading.landing
            self._battery_mv = situation.reading.battery_mv
        return usage

    def _ended(self, ride: _Ride, situation: Situation) -> bool:
        if situation.attended:
            return True
        if ride.stood_since_ms is None:
            return False
        stood_ms = situation.now_ms - ride.stood_since_ms
        if situation.place is Place.LANDING:
            return stood_ms >= self._settings.settle_ms
        if situation.place is Place.UNKNOWN:
            left = situation.reading.seat is Seat.EMPTY and stood_ms >= self._settings.settle_ms
            return left or stood_ms >= ARRIVED_UNKNOWN_MS
        return stood_ms >= self._settings.give_up_ms

    def _summary(self, ride: _Ride, end: Situation) -> Usage | None:
        ended_ms = end.now_ms if ride.stood_since_ms is None else ride.stood_since_ms
        duration_ms = ended_ms - ride.started_ms
        back = end.reading.landing is ride.start_landing and end.place is Place.LANDING
        if back and ride.distance_mm < NUDGE_MM and duration_ms < NUDGE_MS:
            return None
        mean_ma = None
        if ride.current_for_ms:
            mean_ma = round(ride.current_ma_ms / ride.current_for_ms)
        return Usage(
            **UNNUMBERED,
            time_ms=max(end.wall_ms - (end.now_ms - ended_ms), 0),
            duration_ms=min(duration_ms, 86_400_000),
            distance_mm=min(round(ride.distance_mm), 10_000_000),
            direction=ride.direction,
            start_landing=ride.start_landing,
            end_landing=end.reading.landing,
            mean_current_ma=mean_ma,
            peak_current_ma=ride.peak_current_ma,
            load_class=self._load_class(ride, mean_ma),
            seat=ride.seat,
            stops=min(ride.stops, 10_000),
            battery_before_mv=ride.battery_before_mv,
            battery_after_mv=end.reading.battery_mv,
        )

    def _load_class(self, ride: _Ride, mean_ma: int | None) -> LoadClass:
        if ride.seat is Seat.EMPTY:
            return LoadClass.EMPTY
        if mean_ma is None or ride.direction is Direction.DOWN:
            return LoadClass.UNKNOWN  # downwards the motor hardly feels who sits there
        if mean_ma > self._settings.heavy_above_ma:
            return LoadClass.HEAVY
        if mean_ma < self._settings.empty_below_ma and ride.seat is Seat.UNKNOWN:
            return LoadClass.EMPTY
        return LoadClass.NORMAL
