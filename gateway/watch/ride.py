"""One ride at a time: when it begins and ends, and what it came to.

A stairlift's ride ends at a landing (or is given up), an outing on wheels when it has stood still
for long or the rider got off, a hoist's lift with the stroke, which goes one way.
"""

from gateway.protocol.messages import Usage
from gateway.protocol.vocabulary import AidKind, Demand, Direction, Landing, LoadClass, Seat
from gateway.watch.course import Course
from gateway.watch.settings import WatchSettings
from gateway.watch.situation import WHEELS, Place, Situation
from gateway.watch.unnumbered import UNNUMBERED

# Where nobody can tell a landing, standing for so long with the rider aboard counts as arrived.
ARRIVED_UNKNOWN_MS = 150_000
# A lift that creeps to its charge point, or is nudged at its landing, has made no ride; nor has a
# scooter that is turned in the hall, or a hoist whose button is tipped.
NUDGE_MM = 100
NUDGE_WHEELS_MM = 3_000
NUDGE_STROKE_MM = 20
NUDGE_MS = 5_000
DAY_MS = 86_400_000


class Rides:
    """Follows the aid from ride to ride."""

    def __init__(self, settings: WatchSettings) -> None:
        self._settings = settings
        self._kind = settings.kind
        self._wheels = settings.kind in WHEELS
        rail = settings.kind is AidKind.STAIRLIFT
        self._rail_length_mm = settings.ride.rail_length_mm if rail else None
        self._course: Course | None = None
        self._landing = Landing.UNKNOWN
        self._battery_mv: int | None = None
        self._seat = Seat.UNKNOWN
        self._seated_ms: int | None = None

    @property
    def riding(self) -> bool:
        """Whether a ride is under way, moving or interrupted."""
        return self._course is not None

    def step(self, situation: Situation) -> Usage | None:
        """Take in a reading. Returns the summary when a ride has ended."""
        reading = situation.reading
        if reading.seat is not self._seat:
            # Who sat there when the modem started did so at a time that nobody knows.
            sat_down = reading.seat is Seat.OCCUPIED and self._seat is Seat.EMPTY
            self._seated_ms = situation.now_ms if sat_down else None
            self._seat = reading.seat
        usage = None
        if self._course is not None:
            self._course.add(situation)
            if self._ended(self._course, situation):
                usage = self._summary(self._course, situation)
                self._course = None
        if self._course is None and situation.moving and not situation.attended:
            self._begin(situation)
        if not situation.moving:
            self._landing = reading.landing
            self._battery_mv = reading.battery_mv
        return usage

    def _begin(self, situation: Situation) -> None:
        self._course = Course(
            situation,
            landing=self._landing,
            battery_mv=self._battery_mv,
            seated_ms=self._seated_ms,
            rail_length_mm=self._rail_length_mm,
        )
        self._seated_ms = None  # of the next ride from this seat nobody boards

    def _ended(self, course: Course, situation: Situation) -> bool:
        if situation.attended:
            return True
        if course.stood_since_ms is None:
            return self._kind is AidKind.HOIST and course.turned(situation)
        return situation.now_ms - course.stood_since_ms >= self._stand_ms(situation)

    def _stand_ms(self, situation: Situation) -> int:
        """Return how long it must stand still, as it does now, for a ride to have ended."""
        settings = self._settings
        left = situation.reading.seat is Seat.EMPTY
        if self._wheels:
            return settings.wheels.left_ms if left else settings.wheels.pause_ms
        if self._kind is AidKind.HOIST:
            return settings.hoist.settle_ms
        if situation.place is Place.BETWEEN:
            return settings.ride.give_up_ms
        if situation.place is Place.UNKNOWN and not left:
            return ARRIVED_UNKNOWN_MS
        return settings.ride.settle_ms

    def _summary(self, course: Course, end: Situation) -> Usage | None:
        ended_ms = end.now_ms if course.stood_since_ms is None else course.stood_since_ms
        duration_ms = ended_ms - course.started_ms
        if duration_ms < NUDGE_MS and self._nudged(course, end):
            return None
        mean_ma = course.mean_current_ma
        return Usage(
            **UNNUMBERED,
            time_ms=max(end.wall_ms - (end.now_ms - ended_ms), 0),
            duration_ms=min(duration_ms, DAY_MS),
            distance_mm=min(round(course.distance_mm), 10_000_000),
            direction=course.direction,
            start_landing=course.start_landing,
            end_landing=end.reading.landing,
            mean_current_ma=mean_ma,
            peak_current_ma=course.peak_current_ma,
            load_class=self._load_class(course, mean_ma),
            seat=course.seat,
            stops=min(course.stops, 10_000),
            battery_before_mv=course.battery_before_mv,
            battery_after_mv=end.reading.battery_mv,
            min_battery_mv=course.min_battery_mv,
            max_speed_mm_s=course.max_speed_mm_s,
            max_incline_deg=course.max_incline_deg,
            load_kg=course.load_kg,
            boarding_ms=None if course.boarding_ms is None else min(course.boarding_ms, DAY_MS),
            presses=min(course.presses, 10_000) if course.demand is not Demand.NONE else None,
            trips=min(course.trips, 10_000),
            away=course.away if self._wheels else None,
            profile_ma=course.profile_ma,
        )

    def _nudged(self, course: Course, end: Situation) -> bool:
        if self._wheels:
            return course.distance_mm < NUDGE_WHEELS_MM
        if self._kind is AidKind.HOIST:
            return course.distance_mm < NUDGE_STROKE_MM
        back = end.reading.landing is course.start_landing and end.place is Place.LANDING
        return back and course.distance_mm < NUDGE_MM

    def _load_class(self, course: Course, mean_ma: int | None) -> LoadClass:
        if course.seat is Seat.EMPTY:
            return LoadClass.EMPTY
        if self._kind is not AidKind.STAIRLIFT:
            return LoadClass.UNKNOWN  # its limits are a stairlift's
        if mean_ma is None or course.direction is Direction.DOWN:
            return LoadClass.UNKNOWN  # downwards the motor hardly feels who sits there
        if mean_ma > self._settings.ride.heavy_above_ma:
            return LoadClass.HEAVY
        if mean_ma < self._settings.ride.empty_below_ma and course.seat is Seat.UNKNOWN:
            return LoadClass.EMPTY
        return LoadClass.NORMAL
