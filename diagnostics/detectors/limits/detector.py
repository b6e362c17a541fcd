"""Use outside the specification: too heavy, too long at a stretch, too steep, too fast.

See docs/detectors/limits.md. One excess is an accident; only what comes back on several days is
told of, and never on the word of a sensor that contradicts itself.
"""

from collections.abc import Sequence
from typing import ClassVar, Final

from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.calendar import HOME
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.load import WHEELS, felt_load, minute_of, with_felt
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.detectors.limits.loads import FIRST_DAYS, Loads, case_of, lasts
from diagnostics.detectors.limits.memory import LimitsDay
from diagnostics.detectors.limits.parameters import Parameters
from diagnostics.facts import Fact, FaultChanged, RideEnded
from gateway.protocol.vocabulary import Direction, Edge, Seat

# The first weeks of a loan are kept for good (see ``loads``), and the last months.
LAST_DAYS: Final = 84
MOST_ENDS: Final = 60  # of a day: more tell nothing new


class Limits(Daily[LimitsDay]):
    """Finds use beyond the specification."""

    name = "limits"
    version = 5
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[LimitsDay]
    heeds: ClassVar = (RideEnded, FaultChanged)
    day_type = LimitsDay
    keeps = FIRST_DAYS + LAST_DAYS
    every = 7

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()
        self._loads = Loads(self._limits)

    def fold(self, day: LimitsDay, fact: Fact, aid: Aid) -> LimitsDay:
        """Count what goes beyond the specification of ``aid``."""
        if isinstance(fact, FaultChanged):
            if fact.edge is not Edge.RAISED or fact.code not in {"overload", "drive_hot"}:
                return day
            if fact.code == "overload":
                return replace(
                    day, overload_faults=day.overload_faults + 1, log_no=_least(day, fact)
                )
            return replace(day, hot_faults=day.hot_faults + 1, log_no=_least(day, fact))
        if not isinstance(fact, RideEnded):
            return day
        limits = self._limits
        heavy = _beyond(fact.load_kg, aid.max_load_kg, 1 + limits.load_margin)
        fast = _beyond(fact.max_speed_mm_s, aid.max_speed_mm_s, 1 + limits.speed_margin)
        steep = (
            fact.max_incline_deg is not None
            and aid.max_incline_deg is not None
            and fact.max_incline_deg > aid.max_incline_deg + limits.incline_margin_deg
        )
        hour = fact.measured_at.astimezone(HOME).hour
        rides, driven_ms = day.hours.get(hour, (0, 0))
        return replace(
            day,
            rides=day.rides + 1,
            heavy=day.heavy + heavy,
            fast=day.fast + fast,
            steep=day.steep + steep,
            most_kg=max(day.most_kg, fact.load_kg or 0),
            least_kg=_lower(day.least_kg, fact.load_kg),
            top_mm_s=max(day.top_mm_s, fact.max_speed_mm_s or 0),
            contradicted=day.contradicted + (fast and _contradicts(fact)),
            most_deg=max(day.most_deg, fact.max_incline_deg or 0),
            least_deg=_lower(day.least_deg, fact.max_incline_deg),
            hours={**day.hours, hour: (rides + 1, driven_ms + fact.duration_ms)},
            # Faster than it is made for, the wind tells more than the load does.
            felt=day.felt
            if fact.load_kg is not None or (fast and aid.kind in WHEELS)
            else with_felt(day.felt, fact, aid),
            empty=_empty(day, fact, aid),
            down=_down(day, fact, aid),
            ends=tuple(sorted((*day.ends, minute_of(fact))))[:MOST_ENDS],
            log_no=_least(day, fact) if heavy or fast or steep else day.log_no,
        )

    def kept(self, days: tuple[LimitsDay, ...]) -> tuple[LimitsDay, ...]:
        """Return the first weeks, which show what is usual, and the last months."""
        if len(days) > self.keeps:
            days = (*days[:FIRST_DAYS], *days[-LAST_DAYS:])
        recent = days[-1].on - self._limits.in_days - self.every
        return tuple(
            replace(day, hours={}, ends=()) if day.ends and day.on < recent else day for day in days
        )

    def judge(self, days: tuple[LimitsDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge each kind of excess."""
        newest = days[-1].on
        before = [day for day in days if day.on <= newest - self._limits.before_days]
        days = tuple(day for day in days if day.on > newest - self._limits.in_days)
        cases = [
            self._overload(days, aid) or self._loads.judge(before, days, aid),
            self._fast(days, aid),
            self._steep(days, aid),
        ]
        if aid.kind in {"stairlift", "hoist"}:
            cases.append(self._duty(days, aid))
        return [case for case in cases if case is not None]

    def _overload(self, days: Sequence[LimitsDay], aid: Aid) -> Case | None:
        found = [day for day in days if day.heavy or day.overload_faults]
        weighed = [day.least_kg for day in days if day.least_kg is not None]
        if weighed and min(weighed) > self._limits.empty_kg + (aid.max_load_kg or 0):
            return None  # even the lightest lift is too heavy: it is the scale
        heavy = sum(day.heavy for day in found)
        refused = sum(day.overload_faults for day in found)
        if len(found) < self._limits.days or self._sensor(days, heavy):
            return None
        reasons = []
        if heavy:
            reasons.append(
                Reason(
                    "overload_weighed",
                    {
                        "times": heavy,
                        "days": len(found),
                        "most_kg": max(day.most_kg for day in found),
                        "max_kg": aid.max_load_kg,
                    },
                )
            )
        if refused:
            reasons.append(Reason("overload_refused", {"times": refused, "days": len(found)}))
        return case_of("overload", found, reasons, ("other_scale_off", "other_two_persons"))

    def _fast(self, days: Sequence[LimitsDay], aid: Aid) -> Case | None:
        found = [day for day in days if day.fast > day.contradicted]
        fast = sum(day.fast - day.contradicted for day in found)
        if len(found) < self._limits.days or sum(day.contradicted for day in days) > fast:
            return None
        reason = Reason(
            "too_fast",
            {
                "times": fast,
                "days": len(found),
                "top_kmh": _kmh(max(day.top_mm_s for day in found)),
                "max_kmh": _kmh(aid.max_speed_mm_s or 0),
            },
        )
        return case_of("too_fast", found, [reason], ("other_speed_sensor", "other_serviced_wrong"))

    def _steep(self, days: Sequence[LimitsDay], aid: Aid) -> Case | None:
        found = [day for day in days if day.steep]
        steep = sum(day.steep for day in found)
        flattest = [day.least_deg for day in days if day.least_deg is not None]
        if len(found) < self._limits.days:
            return None
        if min(flattest) > self._limits.usual_deg:
            return None  # nowhere is it flat: the sensor leans, not the road
        reason = Reason(
            "too_steep",
            {
                "times": steep,
                "days": len(found),
                "most_deg": max(day.most_deg for day in found),
                "max_deg": aid.max_incline_deg,
            },
        )
        return case_of("too_steep", found, [reason], ("other_tilt_sensor", "other_no_other_way"))

    def _duty(self, days: Sequence[LimitsDay], aid: Aid) -> Case | None:
        """Judge how hard it is worked: without rest for hours, or all day long."""
        limits = self._limits
        busiest = [(day, *_busiest(day)) for day in days]
        restless = [
            day
            for day, rides, driven_ms in busiest
            if rides >= limits.duty_rides and driven_ms >= limits.duty_ms
        ]
        often = [day for day in days if day.rides >= limits.day_rides[aid.kind]]
        hard = {day.on for day in (*restless, *often)}
        found = [day for day in days if day.on in hard or day.hot_faults]
        if not lasts(self._limits, found):
            return None
        reasons = []
        if restless or not often:
            _, rides, driven_ms = max(busiest, key=lambda each: each[1:])
            minutes = round(driven_ms / 60_000)
            known = {"rides": rides, "minutes": minutes, "days": len(restless) or len(found)}
            reasons.append(Reason("duty_cycle", known))
        if often:
            most = max(day.rides for day in often)
            reasons.append(Reason("rides_all_day", {"rides": most, "days": len(often)}))
        hot = sum(day.hot_faults for day in found)
        if hot:
            reasons.append(Reason("drive_was_hot", {"times": hot}))
        return case_of("duty_cycle", found, reasons, ("other_busy_time", "other_drive_heavy"))

    def _sensor(self, days: Sequence[LimitsDay], times: int) -> bool:
        """Return whether so many rides are beyond the limit that the sensor must be off."""
        return times > self._limits.share * max(sum(day.rides for day in days), 1)


def _contradicts(ride: RideEnded) -> bool:
    """Return whether so fast a ride would have gone farther: its highest speed was a spike."""
    if ride.duration_ms <= 0 or not ride.max_speed_mm_s or not ride.distance_mm:
        return False
    mean_mm_s = ride.distance_mm * 1000 / ride.duration_ms
    return mean_mm_s < 0.25 * ride.max_speed_mm_s


def _beyond(value: int | None, limit: int | None, margin: float) -> bool:
    return value is not None and limit is not None and value > limit * margin


def _busiest(day: LimitsDay) -> tuple[int, int]:
    """Return rides and driving within the two hours of the clock that had most."""
    none = (0, 0)
    pairs = ((day.hours[hour], day.hours.get(hour + 1, none)) for hour in day.hours)
    return max(((one[0] + two[0], one[1] + two[1]) for one, two in pairs), default=none)


def _empty(day: LimitsDay, ride: RideEnded, aid: Aid) -> int:
    felt = felt_load(ride, aid) if ride.seat is Seat.EMPTY else None
    return day.empty if felt is None else _least_known(day.empty, felt)


def _down(day: LimitsDay, ride: RideEnded, aid: Aid) -> int:
    current_ma = ride.mean_current_ma
    goes = aid.kind not in WHEELS and ride.direction is Direction.DOWN
    if not goes or ride.seat is Seat.EMPTY or not current_ma or current_ma <= 0:
        return day.down
    return _least_known(day.down, round(current_ma / 10))


def _least_known(known: int, value: int) -> int:
    """Return the lesser of two values, 0 standing for none known: what was felt is 1 or more."""
    value = max(value, 1)
    return min(known or value, value)


def _lower(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)


def _least(day: Day, fact: Fact) -> int:
    return min(day.log_no or fact.log_no, fact.log_no)


def _kmh(speed_mm_s: int) -> float:
    return round(speed_mm_s * 0.0036, 1)
