"""Use outside the specification: too heavy, too long at a stretch, too steep, too fast.

See docs/detectors/limits.md. One excess is an accident; only what comes back on several days is
told of, and never on the word of a sensor that contradicts itself.
"""

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct, field
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.calendar import HOME
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.facts import Fact, FaultChanged, RideEnded
from gateway.protocol.vocabulary import Edge


class Parameters(Struct, frozen=True, kw_only=True):
    """How much is too much; why stands in docs/detectors/limits.md.

    Attributes:
        load_margin: share of the rated load that a scale may be off.
        speed_margin: likewise of the rated speed, wear of tyres and a slope down included.
        incline_margin_deg: what a tilt sensor may be off.
        days: so many days with an excess…
        in_days: …within so many.
        share: of rides, above which it is the sensor that is off rather than the use.
        empty_kg: an empty sling weighs less than this, if the scale is right.
        duty_ms: driving within an hour, of a drive made for short trips.
        duty_days: so many days with such an hour.
        usual_deg: most rides go where it is flatter than this, if the tilt sensor is right.
    """

    load_margin: float = 0.08
    speed_margin: float = 0.15
    incline_margin_deg: int = 2
    days: int = 3
    in_days: int = 28
    share: float = 0.8
    empty_kg: int = 12
    duty_ms: int = 20 * 60_000
    duty_days: int = 4
    usual_deg: int = 5


class LimitsDay(Day, frozen=True, array_like=True, kw_only=True):
    """What was asked of the aid in a day.

    Attributes:
        rides: how many; ``heavy``, ``fast`` and ``steep``: of them beyond the specification.
        most_kg: heaviest load, ``least_kg``: lightest.
        top_mm_s: highest speed; ``contradicted``: speeds that distance and time contradict.
        most_deg: steepest slope, ``least_deg``: of the ride whose steepest slope was least.
        overload_faults: how often the controller refused a load.
        hot_faults: how often the drive was too hot.
        hours_ms: driving by the hour of the day.
    """

    rides: int = 0
    heavy: int = 0
    fast: int = 0
    steep: int = 0
    most_kg: int = 0
    least_kg: int | None = None
    top_mm_s: int = 0
    contradicted: int = 0
    most_deg: int = 0
    least_deg: int | None = None
    overload_faults: int = 0
    hot_faults: int = 0
    hours_ms: dict[int, int] = field(default_factory=dict)


class Limits(Daily[LimitsDay]):
    """Finds use beyond the specification."""

    name = "limits"
    version = 1
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[LimitsDay]
    heeds: ClassVar = (RideEnded, FaultChanged)
    day_type = LimitsDay
    keeps = 28

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

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
            hours_ms={**day.hours_ms, hour: day.hours_ms.get(hour, 0) + fact.duration_ms},
            log_no=_least(day, fact) if heavy or fast or steep else day.log_no,
        )

    def judge(self, days: tuple[LimitsDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge each kind of excess."""
        days = tuple(day for day in days if day.on > days[-1].on - self._limits.in_days)
        cases = [self._overload(days, aid), self._fast(days, aid), self._steep(days, aid)]
        if aid.kind in {"stairlift", "hoist"}:
            cases.append(self._duty(days))
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
        return _case("overload", found, reasons, ("other_scale_off", "other_two_persons"))

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
        return _case("too_fast", found, [reason], ("other_speed_sensor", "other_serviced_wrong"))

    def _steep(self, days: Sequence[LimitsDay], aid: Aid) -> Case | None:
        found = [day for day in days if day.steep]
        steep = sum(day.steep for day in found)
        flattest = [day.least_deg for day in days if day.least_deg is not None]
        if len(found) < self._limits.days or self._sensor(days, steep):
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
        return _case("too_steep", found, [reason], ("other_tilt_sensor", "other_no_other_way"))

    def _duty(self, days: Sequence[LimitsDay]) -> Case | None:
        limits = self._limits
        found = [
            day
            for day in days
            if day.hot_faults or max(day.hours_ms.values(), default=0) > limits.duty_ms
        ]
        if len(found) < limits.duty_days:
            return None
        longest = max(max(day.hours_ms.values(), default=0) for day in found)
        reasons = [
            Reason("duty_cycle", {"days": len(found), "minutes": round(longest / 60_000)}),
        ]
        hot = sum(day.hot_faults for day in found)
        if hot:
            reasons.append(Reason("drive_was_hot", {"times": hot}))
        return _case("duty_cycle", found, reasons, ("other_busy_time", "other_drive_heavy"))

    def _sensor(self, days: Sequence[LimitsDay], times: int) -> bool:
        """Return whether so many rides are beyond the limit that the sensor must be off."""
        return times > self._limits.share * max(sum(day.rides for day in days), 1)


def _case(
    what: str, found: Sequence[LimitsDay], reasons: Sequence[Reason], otherwise: Sequence[str]
) -> Case:
    return Case(
        what=what,
        since=found[0].on,
        until=found[-1].on,
        reasons=tuple(reasons),
        otherwise=tuple(Reason(code) for code in otherwise),
        confidence=min(0.6 + 0.05 * len(found), 0.95),
        log_nos=tuple(day.log_no for day in found if day.log_no),
    )


def _contradicts(ride: RideEnded) -> bool:
    """Return whether so fast a ride would have gone farther: its highest speed was a spike."""
    if ride.duration_ms <= 0 or not ride.max_speed_mm_s or not ride.distance_mm:
        return False
    mean_mm_s = ride.distance_mm * 1000 / ride.duration_ms
    return mean_mm_s < 0.25 * ride.max_speed_mm_s


def _beyond(value: int | None, limit: int | None, margin: float) -> bool:
    return value is not None and limit is not None and value > limit * margin


def _lower(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)


def _least(day: Day, fact: Fact) -> int:
    return min(day.log_no or fact.log_no, fact.log_no)


def _kmh(speed_mm_s: int) -> float:
    return round(speed_mm_s * 0.0036, 1)
