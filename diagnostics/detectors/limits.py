"""Use outside the specification: too heavy, too long at a stretch, too steep, too fast.

See docs/detectors/limits.md. One excess is an accident; only what comes back on several days is
told of, and never on the word of a sensor that contradicts itself.
"""

from collections.abc import Sequence
from typing import ClassVar, Final

from msgspec import Struct, field
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.calendar import HOME
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.load import WHEELS, Felt, felt_load, weeks_with_both, with_felt
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.detectors.habits.numbers import median
from diagnostics.facts import Fact, FaultChanged, RideEnded
from gateway.protocol.vocabulary import Edge, Seat


class Parameters(Struct, frozen=True, kw_only=True):
    """How much is too much; why stands in docs/detectors/limits.md.

    Attributes:
        load_margin: share of the rated load that a scale may be off.
        speed_margin: likewise of the rated speed, wear of tyres and a slope down included.
        incline_margin_deg: what a tilt sensor may be off.
        days: so many days with an excess…
        in_days: …within so many.
        share: of loads, above which it is the scale that is off rather than the use.
        empty_kg: an empty sling weighs less than this, if the scale is right.
        duty_ms: driving within two hours of the clock, of a drive made for short trips…
        duty_rides: …in so many rides…
        duty_days: …on so many days…
        duty_span: …that lie so many days apart: visitors come and go.
        usual_deg: somewhere it is flatter than this, if the tilt sensor is right.
        before_days: what the drive felt longer ago than this is what is usual…
        before_rides: …of so many rides.
        heavier: a ride felt so many times the usual load is far too heavy…
        heavier_wheels: …on wheels, where the aid itself weighs more…
        heavy_rides: …and so many of them, on so many days as ``duty_days``…
        heavy_share: …and so much of all…
        usual_share: …while so much of them are as ever, or it is the drive that runs heavily.
        weeks: heavy and usual rides side by side in so many weeks: no drive that was mended.
        plausible: reckoned from empty rides it must come to this part of the rated load.
    """

    load_margin: float = 0.08
    speed_margin: float = 0.15
    incline_margin_deg: int = 2
    days: int = 3
    in_days: int = 28
    share: float = 0.8
    empty_kg: int = 12
    duty_ms: int = 8 * 60_000
    duty_rides: int = 14
    duty_days: int = 6
    duty_span: int = 15
    usual_deg: int = 5
    before_days: int = 28
    before_rides: int = 30
    heavier: float = 1.42
    heavier_wheels: float = 1.28
    heavy_rides: int = 12
    heavy_share: float = 0.15
    usual_share: float = 0.2
    weeks: int = 3
    plausible: float = 0.85


# The first weeks of a loan are kept for good, and the last months.
FIRST_DAYS: Final = 42
LAST_DAYS: Final = 84
# What moves besides the load: assumed, carriage and seat, or the arm.
OWN_KG: Final = {"stairlift": 45.0, "hoist": 18.0}
IDLE: Final = 100  # what a drive takes without any load, in 10 mA: assumed


class LimitsDay(Day, frozen=True, array_like=True, kw_only=True):
    """What was asked of the aid in a day.

    Attributes:
        rides: how many; ``heavy``, ``fast`` and ``steep``: of them beyond the specification.
        most_kg: heaviest load, ``least_kg``: lightest.
        top_mm_s: highest speed; ``contradicted``: speeds that distance and time contradict.
        most_deg: steepest slope, ``least_deg``: of the ride whose steepest slope was least.
        overload_faults: how often the controller refused a load.
        hot_faults: how often the drive was too hot.
        hours: rides and driving, in ms, by the hour of the day.
        felt: what the drive felt of some of the loads.
        empty: what it felt of empty rides: the least of the day, 0 if there were none.
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
    hours: dict[int, tuple[int, int]] = field(default_factory=dict)
    felt: tuple[Felt, ...] = ()
    empty: int = 0


class Limits(Daily[LimitsDay]):
    """Finds use beyond the specification."""

    name = "limits"
    version = 1
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[LimitsDay]
    heeds: ClassVar = (RideEnded, FaultChanged)
    day_type = LimitsDay
    keeps = FIRST_DAYS + LAST_DAYS
    every = 7

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
            felt=day.felt if fact.load_kg is not None else with_felt(day.felt, fact, aid),
            empty=_empty(day, fact, aid),
            log_no=_least(day, fact) if heavy or fast or steep else day.log_no,
        )

    def kept(self, days: tuple[LimitsDay, ...]) -> tuple[LimitsDay, ...]:
        """Return the first weeks, which show what is usual, and the last months."""
        if len(days) > self.keeps:
            days = (*days[:FIRST_DAYS], *days[-LAST_DAYS:])
        recent = days[-1].on - self._limits.in_days - self.every
        return tuple(
            replace(day, hours={}) if day.hours and day.on < recent else day for day in days
        )

    def judge(self, days: tuple[LimitsDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge each kind of excess."""
        newest = days[-1].on
        before = [day for day in days if day.on <= newest - self._limits.before_days]
        days = tuple(day for day in days if day.on > newest - self._limits.in_days)
        cases = [
            self._overload(days, aid) or self._heavy(before, days, aid),
            self._fast(days, aid),
            self._steep(days, aid),
        ]
        if aid.kind in {"stairlift", "hoist"}:
            cases.append(self._duty(days))
        return [case for case in cases if case is not None]

    def _heavy(
        self, before: Sequence[LimitsDay], days: Sequence[LimitsDay], aid: Aid
    ) -> Case | None:
        """Judge loads that nothing weighed: far above the usual, while the usual goes on."""
        limits = self._limits
        usual = [ride.felt for day in before for ride in day.felt]
        recent = [ride.felt for day in days for ride in day.felt]
        if len(usual) < limits.before_rides or not recent:
            return None
        middle = median(usual)
        from_felt = middle * (limits.heavier_wheels if aid.kind in WHEELS else limits.heavier)
        found = [day for day in days if any(ride.felt >= from_felt for ride in day.felt)]
        heavy = sorted(felt for felt in recent if felt >= from_felt)
        as_ever = sum(felt <= 1.12 * middle for felt in recent)
        if (
            len(heavy) < max(limits.heavy_rides, limits.heavy_share * len(recent))
            or as_ever < limits.usual_share * len(recent)
            or not self._lasts(found)
            or weeks_with_both(
                [(day.on, day.felt) for day in days],
                heavy_from=from_felt,
                usual_to=1.12 * middle,
            )
            < limits.weeks
        ):
            return None
        empty = [day.empty for day in (*before, *days) if day.empty]
        if empty and aid.max_load_kg is not None and aid.kind in OWN_KG:
            own_kg = OWN_KG[aid.kind]
            # Current grows with all that moves: what it takes empty tells what a kilogram takes.
            kg = own_kg * (median(heavy) - IDLE) / max(median(empty) - IDLE, 1) - own_kg
            if kg < limits.plausible * aid.max_load_kg:
                return None
        reason = Reason("overload_current", {"times": len(heavy), "days": len(found)})
        return _case("overload", found, [reason], ("other_two_persons", "other_drive_heavy"))

    def _lasts(self, found: Sequence[LimitsDay]) -> bool:
        """Return whether days are enough, and far enough apart, to be a habit."""
        limits = self._limits
        return len(found) >= limits.duty_days and found[-1].on - found[0].on >= limits.duty_span

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
        return _case("too_steep", found, [reason], ("other_tilt_sensor", "other_no_other_way"))

    def _duty(self, days: Sequence[LimitsDay]) -> Case | None:
        limits = self._limits
        busiest = [(day, *_busiest(day)) for day in days]
        found = [
            day
            for day, rides, driven_ms in busiest
            if day.hot_faults or (rides >= limits.duty_rides and driven_ms >= limits.duty_ms)
        ]
        if not self._lasts(found):
            return None
        _, rides, driven_ms = max(busiest, key=lambda each: each[1:])
        reasons = [
            Reason(
                "duty_cycle",
                {"rides": rides, "minutes": round(driven_ms / 60_000), "days": len(found)},
            ),
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


def _busiest(day: LimitsDay) -> tuple[int, int]:
    """Return rides and driving within the two hours of the clock that had most."""
    none = (0, 0)
    pairs = ((day.hours[hour], day.hours.get(hour + 1, none)) for hour in day.hours)
    return max(((one[0] + two[0], one[1] + two[1]) for one, two in pairs), default=none)


def _empty(day: LimitsDay, ride: RideEnded, aid: Aid) -> int:
    felt = felt_load(ride, aid) if ride.seat is Seat.EMPTY else None
    return day.empty if felt is None else min(day.empty or felt, felt)


def _lower(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)


def _least(day: Day, fact: Fact) -> int:
    return min(day.log_no or fact.log_no, fact.log_no)


def _kmh(speed_mm_s: int) -> float:
    return round(speed_mm_s * 0.0036, 1)
