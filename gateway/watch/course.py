"""What a ride under way has come to so far."""

from gateway.protocol.messages import PROFILE_PARTS
from gateway.protocol.vocabulary import Demand, Direction, Landing, Seat
from gateway.watch.hanging import SOMEBODY_KG
from gateway.watch.situation import Place, Situation


class Course:
    """Sums over the readings of one ride.

    Args:
        start: the first reading in motion.
        landing: where it stood before.
        battery_mv: the voltage before.
        seated_ms: when the rider sat down (monotonic), if that was seen.
        rail_length_mm: for the current by place; None: unknown.
    """

    def __init__(
        self,
        start: Situation,
        *,
        landing: Landing,
        battery_mv: int | None,
        seated_ms: int | None,
        rail_length_mm: int | None,
    ) -> None:
        reading = start.reading
        self.started_ms = start.now_ms
        self.start_landing = landing
        self.battery_before_mv = battery_mv
        self.boarding_ms = None if seated_ms is None else start.now_ms - seated_ms
        self.demand = reading.demand
        self.seat = reading.seat
        self.stops = 0
        self.presses = int(start.demanded)
        self.trips = start.trips
        self.stood_since_ms: int | None = None
        self.distance_mm = 0.0
        self.peak_current_ma: int | None = None
        self.min_battery_mv = reading.battery_mv
        self.max_speed_mm_s = None if reading.speed_mm_s is None else abs(reading.speed_mm_s)
        self.max_incline_deg: int | None = None
        self.away = start.away
        self._net_mm = 0.0
        self._current_ma_ms = 0
        self._current_for_ms = 0
        self._loads = ([0, 0], [0, 0])  # less than somebody, somebody: by time, and time
        self._rail_length_mm = rail_length_mm
        self._parts: list[list[int]] = []  # of the rail: current by time, and time
        if rail_length_mm and reading.position_mm is not None:
            self._parts = [[0, 0] for _ in range(PROFILE_PARTS)]
        self._last = start

    def add(self, situation: Situation) -> None:
        """Take in the next reading."""
        reading, last = situation.reading, self._last
        elapsed_ms = situation.now_ms - last.now_ms
        if self.demand is Demand.NONE:
            self.demand = reading.demand
        position_mm, speed_mm_s = reading.position_mm, reading.speed_mm_s
        step_mm = 0.0
        if position_mm is not None and last.reading.position_mm is not None:
            step_mm = position_mm - last.reading.position_mm
        elif speed_mm_s is not None:
            step_mm = speed_mm_s * elapsed_ms / 1000
        elif reading.odometer_m is not None and last.reading.odometer_m is not None:
            step_mm = max(reading.odometer_m - last.reading.odometer_m, 0) * 1000.0
        self._net_mm += step_mm
        self.distance_mm += abs(step_mm)
        self.presses += situation.pressed
        self.trips += situation.trips
        battery_mv = reading.battery_mv
        if battery_mv is not None and (
            self.min_battery_mv is None or battery_mv < self.min_battery_mv
        ):
            self.min_battery_mv = battery_mv
        if situation.moving:
            self.stood_since_ms = None
            self._add_motion(situation, elapsed_ms)
        elif self.stood_since_ms is None:
            self.stood_since_ms = situation.now_ms
            self.stops += situation.place is not Place.LANDING
        self._last = situation

    def _add_motion(self, situation: Situation, elapsed_ms: int) -> None:
        reading = situation.reading
        speed_mm_s, current_ma = reading.speed_mm_s, reading.current_ma
        # Who sits down once it has come has not ridden on it.
        if self.seat is not Seat.OCCUPIED and reading.seat is not Seat.UNKNOWN:
            self.seat = reading.seat
        if speed_mm_s is not None:
            self.max_speed_mm_s = max(self.max_speed_mm_s or 0, abs(speed_mm_s))
        if current_ma is not None:
            self._current_ma_ms += current_ma * elapsed_ms
            self._current_for_ms += elapsed_ms
            if self.peak_current_ma is None or abs(current_ma) > abs(self.peak_current_ma):
                self.peak_current_ma = current_ma
            if self._parts and reading.position_mm is not None and self._rail_length_mm:
                part = reading.position_mm * PROFILE_PARTS // self._rail_length_mm
                sums = self._parts[min(max(part, 0), PROFILE_PARTS - 1)]
                sums[0] += current_ma * elapsed_ms
                sums[1] += elapsed_ms
        if reading.incline_deg is not None:
            self.max_incline_deg = max(self.max_incline_deg or 0, abs(reading.incline_deg))
        if reading.load_kg is not None:
            hangs = reading.load_kg >= SOMEBODY_KG
            self._loads[hangs][0] += reading.load_kg * elapsed_ms
            self._loads[hangs][1] += elapsed_ms
        self.away = self.away or situation.away

    def turned(self, situation: Situation) -> bool:
        """Whether ``situation``, the newest reading, goes against the way so far."""
        speed_mm_s = situation.reading.speed_mm_s
        return bool(speed_mm_s) and bool(self._net_mm) and (speed_mm_s or 0) * self._net_mm < 0

    @property
    def mean_current_ma(self) -> int | None:
        """While moving."""
        return round(self._current_ma_ms / self._current_for_ms) if self._current_for_ms else None

    @property
    def load_kg(self) -> int | None:
        """What hung in the sling while it moved, of hoists that weigh.

        As long as bed or chair still carry somebody, nothing hangs: that is left out.
        """
        nobody, somebody = self._loads
        total_kg_ms, for_ms = somebody if somebody[1] else nobody
        return round(total_kg_ms / for_ms) if for_ms else None

    @property
    def direction(self) -> Direction:
        """Which way it went: by distance, else by the joystick, else by where it began."""
        if self._net_mm:
            return Direction.UP if self._net_mm > 0 else Direction.DOWN
        if self.demand is not Demand.NONE:
            return Direction.UP if self.demand is Demand.UP else Direction.DOWN
        return Direction.DOWN if self.start_landing is Landing.TOP else Direction.UP

    @property
    def profile_ma(self) -> tuple[int | None, ...]:
        """The mean current over each part of the rail; empty if it is not known at all."""
        if not any(for_ms for _, for_ms in self._parts):
            return ()
        return tuple(round(sum_ / for_ms) if for_ms else None for sum_, for_ms in self._parts)
