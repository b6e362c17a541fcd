"""Neglected: several signs, or one for very long, that nobody looks after it.

See docs/detectors/neglect.md. Normal wear is expressly no neglect: nothing here is told of wear
alone, nor of one defect that somebody sees to.
"""

from collections.abc import Sequence
from typing import ClassVar, Final

from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.calendar import HOME
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.mechanic import with_key
from diagnostics.detectors.habits.memory import Memory
from diagnostics.detectors.habits.numbers import median
from diagnostics.detectors.neglect.memory import NeglectDay, outlived
from diagnostics.detectors.neglect.parameters import Parameters
from diagnostics.facts import (
    ConditionReported,
    Fact,
    FaultChanged,
    PresenceChanged,
    RideEnded,
)
from gateway.protocol.vocabulary import Direction, Edge, FaultClass, Seat, fault_of

FIRST_DAYS = 42  # the first weeks of a loan are kept for good, and the last months
LAST_DAYS = 112
CHARGED_MS = 3_600_000
CHARGING: Final = frozenset({"no_charge"})
WAITS_FOR_CHARGING: Final = CHARGING | {"battery_low"}
# Of ordinary life: getting off with the seat turned, parking beside the contacts, the key at night.
PASSING: Final = frozenset({"seat_turned", "no_charge", "key_off"})
# What wear brings about by itself is maintenance: see battery, drive and brake.
WEAR: Final = frozenset({"battery_low", "battery_flat", "over_current", "drive_hot", "brake"})

# A load that is refused is no fault of the aid: see limits.
LOADS: Final = frozenset({"overload"})
ABOUT_A_WEEK: Final = 7


class Neglect(Daily[NeglectDay]):
    """Finds aids that nobody looks after."""

    name = "neglect"
    version = 6
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[NeglectDay]
    heeds: ClassVar = (RideEnded, ConditionReported, FaultChanged, PresenceChanged)
    day_type = NeglectDay
    keeps = FIRST_DAYS + LAST_DAYS
    every = 7

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def fold(self, day: NeglectDay, fact: Fact, aid: Aid) -> NeglectDay:  # noqa: ARG002
        """Note signs."""
        match fact:
            case RideEnded():
                total, count = day.current_ma
                up = fact.direction is Direction.UP and fact.seat is not Seat.EMPTY
                if up and fact.mean_current_ma is not None:
                    total, count = total + fact.mean_current_ma, count + 1
                return replace(
                    day,
                    rides=day.rides + 1,
                    trips=day.trips + (fact.trips or 0),
                    current_ma=(total, count),
                )
            case PresenceChanged():
                return replace(day, serviced=day.serviced or with_key(fact.sample))
            case FaultChanged():
                day = replace(day, serviced=day.serviced or with_key(fact.sample))
                if fact.edge is Edge.RAISED and fact.code not in PASSING:
                    quarters = {*day.came.get(fact.code, ()), _quarter(fact)}
                    day = replace(day, came={**day.came, fact.code: tuple(sorted(quarters))})
                if not (_asks_somebody(fact.code) or _asks_mechanic(fact.code)):
                    return day
                word = (fact.order.outbox_no, fact.order.seq, fact.edge is Edge.RAISED)
                known = day.raised.get(fact.code, word)
                return replace(day, raised={**day.raised, fact.code: max(known, word)})
            case ConditionReported():
                low = [each for each in (day.low_mv, fact.battery_min_mv) if each]
                return replace(
                    day,
                    low_mv=min(low, default=None),
                    charged=day.charged or bool(fact.mains_ms),
                    reported=True,
                    charging=day.charging or (fact.charging_ms or 0) >= CHARGED_MS,
                    restarts=day.restarts + fact.restarts,
                    log_no=max(day.log_no, fact.log_no),
                )
        return day

    def kept(self, days: tuple[NeglectDay, ...]) -> tuple[NeglectDay, ...]:
        """Return the first weeks and the last months."""
        if len(days) <= self.keeps:
            return days
        first, forgotten, last = days[:FIRST_DAYS], days[FIRST_DAYS:-LAST_DAYS], days[-LAST_DAYS:]
        return (*outlived(first, forgotten), *last)

    def judge(self, days: tuple[NeglectDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge each sign; the strongest is told first."""
        signs = [
            self._left(days),
            self._comes_back(days) or self._rides_on(days) or self._stands(days),
            self._dirty(days),
        ]
        if aid.kind != "stairlift":  # whose charger needs nobody
            signs.append(self._flat(days))
        found = [sign for sign in signs if sign is not None]
        if not found:
            return ()
        since, reasons = min(sign[0] for sign in found), [r for sign in found for r in sign[1]]
        recent = [day for day in days if day.on >= since]
        return (
            Case(
                what="neglected",
                since=since,
                until=days[-1].on,
                reasons=tuple(reasons),
                otherwise=tuple(Reason(code) for code in ("other_wear", "other_no_help")),
                confidence=min(0.7 + 0.1 * len(found), 0.95),
                log_nos=tuple(day.log_no for day in recent if day.log_no),
            ),
        )

    def _left(self, days: Sequence[NeglectDay]) -> tuple[int, list[Reason]] | None:
        """Find a fault that stays up while the aid is used, and that no mechanic has seen."""
        up = _up(days)
        # What was there as a mechanic came is his to mend.
        seen = max((day.on for day in days if day.serviced), default=0)
        newest = days[-1].on
        for code, since in sorted(up.items(), key=lambda each: each[1]):
            rides = sum(day.rides for day in days if day.on >= since)
            reported = sum(day.reported for day in days if day.on >= since)
            told = reported >= (newest - since) / 2
            if seen >= since or (code in WAITS_FOR_CHARGING and not told):
                continue  # a mechanic knows of it; or nobody knows whether it has charged since
            if newest - since >= self._limits.left_days and rides >= self._limits.left_rides:
                return since, [Reason("fault_left", {"fault": code, "days": newest - since})]
        return None

    def _comes_back(self, days: Sequence[NeglectDay]) -> tuple[int, list[Reason]] | None:
        """Find a fault that comes back day after day, and is lived with."""
        limits = self._limits
        newest = days[-1].on
        recent = [day for day in days if day.on > newest - limits.back_in]
        if any(day.serviced for day in recent):
            return None
        codes = sorted({code for day in recent for code in day.came})
        for code in codes:
            found = [day for day in recent if code in day.came]
            again = self._switched(found)
            if self._day_after_day(found) and (
                again or (_asks_mechanic(code) and code not in WEAR)
            ):
                parameters = {"fault": code, "days": len(found), "span": limits.back_in}
                return found[0].on, [Reason("fault_comes_back", parameters), *again]
        return self._by_turns(recent, codes)

    def _by_turns(
        self, recent: Sequence[NeglectDay], codes: Sequence[str]
    ) -> tuple[int, list[Reason]] | None:
        """Find parts that complain by turns: whoever saw to one would have seen to them all.

        What wears may be among them, but does not stand alone.
        """
        limits = self._limits
        parts = [
            code
            for code in codes
            if _asks_mechanic(code) and sum(code in day.came for day in recent) >= limits.part_days
        ]
        if len(parts) < limits.parts or WEAR.issuperset(parts):
            return None
        found = [day for day in recent if not day.came.keys().isdisjoint(parts)]
        if not self._day_after_day(found):
            return None
        parameters = {"parts": len(parts), "days": len(found), "span": limits.back_in}
        return found[0].on, [Reason("faults_by_turns", parameters), *self._switched(found)]

    def _day_after_day(self, found: Sequence[NeglectDay]) -> bool:
        """Return whether a fault on these days is one that is lived with."""
        limits = self._limits
        return (
            len(found) >= limits.back_days
            and found[-1].on - found[0].on >= limits.back_in - limits.back_in // 4
            and sum(bool(day.rides) for day in found) >= limits.back_used * len(found)
        )

    def _switched(self, found: Sequence[NeglectDay]) -> list[Reason]:
        """Return the reason that it is switched off and on again on most of these days, or none."""
        restarted = sum(bool(day.restarts) for day in found)
        if restarted < self._limits.back_restarts * len(found):
            return []
        return [Reason("switched_off_and_on", {"days": restarted})]

    def _rides_on(self, days: Sequence[NeglectDay]) -> tuple[int, list[Reason]] | None:
        """Find a fault that stops most rides for weeks, and goes by itself: all wait, and ride on.

        A part that wears trips now and then, ever more often; this is there in nearly every ride.
        """
        limits = self._limits
        used = [d for d in days if d.rides and d.on > days[-1].on - limits.rides_on_days]
        rides = _rides(used)
        if (
            rides < limits.rides
            or used[-1].on - used[0].on < limits.rides_on_days - ABOUT_A_WEEK
            or any(day.serviced for day in days if day.on >= used[0].on)
        ):
            return None
        for code in sorted({code for day in used for code in day.came} - LOADS):
            found = [day for day in used if code in day.came]
            times = sum(min(len(day.came[code]), day.rides) for day in found)
            if (
                times >= limits.rides_on * rides
                and len(found) >= limits.rides_on_used * len(used)
                and fault_of(code).stops_drive
                and not (_asks_mechanic(code) and code in WEAR)
            ):
                parameters = {"fault": code, "times": times, "rides": rides}
                return found[0].on, [Reason("fault_in_most_rides", parameters)]
        return None

    def _stands(self, days: Sequence[NeglectDay]) -> tuple[int, list[Reason]] | None:
        """Find a fault that stops it until somebody sees to it, again and again, for weeks.

        One night is a matter of waiting for help. So many, with use between them and no mechanic
        in all that time, are a part that nobody has repaired.
        """
        limits = self._limits
        recent = [day for day in days if day.on > days[-1].on - limits.stands_in]
        seen = max((day.on for day in recent if day.serviced), default=0)
        recent = [day for day in recent if day.on > seen]
        for code in sorted({code for day in recent for code in day.raised}):
            if not _asks_mechanic(code) or code in WEAR:
                continue
            spells: list[int] = []
            within = False
            for day in recent:
                if code in day.raised:
                    there = day.raised[code][2]
                    # What comes and goes all day does not stand, though it be there at midnight.
                    if there and not within and len(day.came.get(code, ())) <= limits.stands_came:
                        spells.append(day.on)
                    within = there
            if len(spells) < limits.stands or spells[-1] - spells[0] < limits.stands_span:
                continue
            if sum(day.rides for day in recent if day.on >= spells[0]) >= limits.left_rides:
                parameters = {"fault": code, "times": len(spells), "days": limits.stands_in}
                return spells[0], [Reason("fault_stood", parameters)]
        return None

    def _flat(self, days: Sequence[NeglectDay]) -> tuple[int, list[Reason]] | None:
        """Find a battery that is left empty, time and again."""
        limits = self._limits
        days = [day for day in days if day.on > days[-1].on - limits.flat_in]
        spells: list[list[NeglectDay]] = []
        within = False
        for day in days:
            if day.low_mv is None:
                continue
            flat = day.low_mv <= limits.flat_mv and not day.charged
            if flat and not within:
                spells.append([])
            if flat:
                spells[-1].append(day)
            within = flat
        spells = [spell for spell in spells if len(spell) > 2]
        flat_days = sum(map(len, spells))
        if len(spells) < limits.flat_spells or flat_days < limits.flat_days:
            return None
        reason = Reason("left_empty", {"days": flat_days, "times": len(spells)})
        return spells[0][0].on, [reason]

    def _dirty(self, days: Sequence[NeglectDay]) -> tuple[int, list[Reason]] | None:
        """Find a drive that runs ever harder together with edges that trip ever more often."""
        limits = self._limits
        newest = days[-1].on
        recent = [day for day in days if day.on > newest - limits.recent_days]
        before = [day for day in days if day.on <= newest - limits.before_days]
        now, then = _current(recent), _current(before)
        rides, rides_before = _rides(recent), _rides(before)
        if now is None or then is None or min(rides, rides_before) < limits.rides:
            return None
        trips = sum(day.trips for day in recent)
        trips_before = sum(day.trips for day in before) / rides_before
        often = trips / rides
        if (
            now < limits.harder * then
            or often < limits.trips
            or often < limits.trips_more * trips_before
        ):
            return None
        percent = round(100 * (now / then - 1))
        return recent[0].on, [
            Reason("runs_harder", {"percent": percent}),
            Reason("edges_trip", {"times": trips, "days": limits.recent_days}),
        ]


def _up(days: Sequence[NeglectDay]) -> dict[str, int]:
    """Return which faults are up that wait for somebody while the aid goes on, and since when."""
    up: dict[str, int] = {}
    for day in days:
        for code, (_, _, there) in day.raised.items():
            if not there:
                up.pop(code, None)
            elif _asks_somebody(code):
                up.setdefault(code, day.on)
        # It charges, so its charger works: that the fault went was never heard.
        for code in CHARGING & up.keys() if day.charging else ():
            if up[code] < day.on:
                del up[code]
    return up


def _quarter(fact: Fact) -> int:
    """Return in which quarter of an hour of its day it was: two rides are rarely in one."""
    moment = fact.measured_at.astimezone(HOME)
    return (moment.hour * 60 + moment.minute) // 15


def _asks_mechanic(code: str) -> bool:
    return fault_of(code).fault_class is FaultClass.TECHNICIAN


def _asks_somebody(code: str) -> bool:
    """Return whether a fault waits for a mechanic or for its user, and the aid goes on."""
    fault = fault_of(code)
    if code in WAITS_FOR_CHARGING:
        return True
    return fault.fault_class is FaultClass.TECHNICIAN and not fault.stops_drive


def _current(days: Sequence[NeglectDay]) -> float | None:
    means = [day.current_ma[0] / day.current_ma[1] for day in days if day.current_ma[1]]
    return median(means) if means else None


def _rides(days: Sequence[NeglectDay]) -> int:
    return sum(day.rides for day in days)
