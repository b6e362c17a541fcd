"""Not charged: an aid that its user must plug in is used, and time and again left to run empty.

See docs/detectors/charging.md.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.detectors.habits.numbers import median
from diagnostics.facts import ConditionReported, Fact, FaultChanged, RideEnded

CHARGER_FAULTS = frozenset({"charger", "no_charge"})
CANNOT = ("other_no_socket", "other_cannot_plug", "other_charger_at_times")


class Parameters(Struct, frozen=True, kw_only=True):
    """What counts as not charging; why stands in docs/detectors/charging.md.

    Attributes:
        in_days: looked at together.
        used_days: used on at least so many of them, after most of which…
        charged_share: …it was not charged, but after this share.
        charged_ms: that long on a day or the next counts as charged.
        low_mv: at rest this low a battery of 24 V is half empty…
        low_days: …and left so, on so many days.
        works_mv: a charger that works gets the battery this high.
        plugged_share: mains there for more than this share of the days: it was plugged in.
        short_ms: plugged in for less than this, by the median, it never gets full…
        short_low_share: …and is half empty on so much of the days.
        dead_ms: of a charger that is always in its socket: mains for less than this…
        dead_days: …on so many days…
        dead_used: …on this share of which it was used…
        dead_spells: …in so many spells, with mains in between: not the charger, nor the street…
        long_spells: …or in so many, if the battery…
        empty_mv: …was as low as this at rest…
        empty_days: …on so many days.
        out_days: of a charger that its user must connect: out for so many days running…
        out_used: …on so many of which it was used…
        out_spells: …in so many spells…
        out_low_mv: …by the end of which hardly a third of its charge is left at rest…
        out_low_days: …on so many days in all.
    """

    in_days: int = 56
    used_days: int = 8
    charged_share: float = 0.5
    charged_ms: int = 60 * 60_000
    low_mv: int = 24_500
    low_days: int = 6
    works_mv: int = 26_500
    plugged_share: float = 0.5
    short_ms: int = 3 * 3_600_000
    short_low_share: float = 0.4
    dead_ms: int = 2 * 3_600_000
    dead_days: int = 8
    dead_used: float = 0.2
    dead_spells: int = 3
    long_spells: int = 2
    empty_mv: int = 23_600
    empty_days: int = 4
    out_days: int = 5
    out_used: int = 3
    out_spells: int = 2
    out_low_mv: int = 24_000
    out_low_days: int = 4


class ChargingDay(Day, frozen=True, array_like=True, kw_only=True):
    """Use and charging of a day. None: not known."""

    rides: int = 0
    charging_ms: int | None = None
    mains_ms: int | None = None
    low_mv: int | None = None
    high_mv: int | None = None
    faults: int = 0


class Charging(Daily[ChargingDay]):
    """Finds aids that are used and not charged, though their charger works."""

    name = "charging"
    version = 4
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[ChargingDay]
    heeds: ClassVar = (RideEnded, ConditionReported, FaultChanged)
    day_type = ChargingDay
    keeps = 64
    every = 7

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def fold(self, day: ChargingDay, fact: Fact, aid: Aid) -> ChargingDay:  # noqa: ARG002
        """Note use, charging and voltages."""
        if isinstance(fact, RideEnded):
            return replace(day, rides=day.rides + 1)
        if isinstance(fact, FaultChanged):
            return replace(day, faults=day.faults + (fact.code in CHARGER_FAULTS))
        if not isinstance(fact, ConditionReported):
            return day
        low = [each for each in (day.low_mv, fact.battery_rest_mv, fact.battery_min_mv) if each]
        return replace(
            day,
            charging_ms=_sum(day.charging_ms, fact.charging_ms),
            mains_ms=_sum(day.mains_ms, fact.mains_ms),
            low_mv=min(low, default=None),
            high_mv=max(day.high_mv or 0, fact.battery_max_mv or 0) or None,
            log_no=min(day.log_no or fact.log_no, fact.log_no),
        )

    def judge(self, days: tuple[ChargingDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge the last weeks."""
        newest = days[-1].on
        days = tuple(day for day in days if day.on > newest - self._limits.in_days)
        case = self._switched_off(days) if aid.kind == "stairlift" else self._unplugged(days)
        return () if case is None else (case,)

    def _switched_off(self, days: Sequence[ChargingDay]) -> Case | None:
        """Judge a charger that stays in its socket: mains that come and go for days."""
        limits = self._limits
        known = [day for day in days if day.mains_ms is not None]
        dead = [day for day in known if (day.mains_ms or 0) < limits.dead_ms]
        spells = sum(
            (day.mains_ms or 0) < limits.dead_ms <= (before.mains_ms or 0)
            for before, day in pairwise(known)
        )
        empty = sum(day.low_mv is not None and day.low_mv <= limits.empty_mv for day in dead)
        least = limits.long_spells if empty >= limits.empty_days else limits.dead_spells
        used = sum(bool(day.rides) for day in dead)
        if len(dead) < limits.dead_days or spells < least or used < limits.dead_used * len(dead):
            return None  # who goes away and turns the mains off does no harm
        reason = Reason("mains_switched_off", {"days": len(dead), "times": spells})
        return _case(dead, [reason], ("other_socket_off", "other_charger_at_times"), 0.85)

    def _unplugged(self, days: Sequence[ChargingDay]) -> Case | None:
        """Judge a charger that its user must connect."""
        limits = self._limits
        known = {day.on: day for day in days if day.charging_ms is not None}
        used = [day for day in days if day.rides and day.on in known and day.on + 1 in known]
        if len(used) < limits.used_days or any(day.faults for day in days):
            return None
        if not any((day.high_mv or 0) >= limits.works_mv for day in known.values()):
            return None  # it cannot be told from a charger that fails
        return (
            self._left_low(days, known, used)
            or self._too_short(known)
            or self._out_for_days(list(known.values()))
        )

    def _left_low(
        self, days: Sequence[ChargingDay], known: Mapping[int, ChargingDay], used: Sequence[Day]
    ) -> Case | None:
        """Judge a battery that is half empty and left so, time and again."""
        limits = self._limits
        charged = [day for day in used if self._charged(known, day.on)]
        low = [
            day
            for day in days
            if day.low_mv is not None
            and day.low_mv <= limits.low_mv
            and day.on in known
            and day.on + 1 in known
            and not self._charged(known, day.on)
        ]
        plugged = [day for day in known.values() if (day.mains_ms or 0) >= limits.charged_ms]
        if (
            len(charged) > limits.charged_share * len(used)
            or len(low) < limits.low_days
            or len(plugged) > limits.plugged_share * len(known)
        ):
            return None
        uncharged = len(used) - len(charged)
        reasons = (
            Reason("not_charged_after_use", {"times": uncharged, "days": len(used)}),
            _ran_low(low),
            Reason("charger_works"),
        )
        return _case(low, reasons, CANNOT, min(0.7 + 0.25 * uncharged / len(used), 0.95))

    def _too_short(self, known: Mapping[int, ChargingDay]) -> Case | None:
        """Judge a charger that is pulled out again long before the battery is full."""
        limits = self._limits
        plugged_ms = [day.mains_ms for day in known.values() if day.mains_ms]
        low = [day for day in known.values() if day.low_mv and day.low_mv <= limits.low_mv]
        if (
            len(plugged_ms) < limits.used_days
            or median(plugged_ms) >= limits.short_ms
            or len(low) < limits.short_low_share * len(known)
        ):
            return None
        hours = round(median(plugged_ms) / 3_600_000, 1)
        reasons = (Reason("charged_too_short", {"hours": hours}), _ran_low(low))
        return _case(low, (*reasons, Reason("charger_works")), CANNOT, 0.75)

    def _out_for_days(self, known: Sequence[ChargingDay]) -> Case | None:
        """Judge a charger that works, and is out for days on end, time and again, while it is used.

        Such weeks are fewer than those between, in which all is well.
        """
        limits = self._limits

        def plugged(day: ChargingDay) -> bool:
            return max(day.mains_ms or 0, day.charging_ms or 0) >= limits.charged_ms

        runs = [list(days) for _, days in groupby(known, plugged)]
        spells = [
            # The day on which it is plugged in at last begins as the days before it.
            (days, [day for day in (*days, *after[:1]) if self._low(day, limits.out_low_mv)])
            for days, after in pairwise([*runs, []])
            if not plugged(days[0])
            and len(days) >= limits.out_days
            and sum(bool(day.rides) for day in days) >= limits.out_used
        ]
        spells = [(days, low) for days, low in spells if low]
        found = [day for days, _ in spells for day in days]
        low = [day for _, days in spells for day in days]
        if len(spells) < limits.out_spells or len(low) < limits.out_low_days:
            return None
        reasons = (
            Reason("unplugged_for_days", {"days": len(found), "times": len(spells)}),
            _ran_low(low),
            Reason("charger_works"),
        )
        return _case(found, reasons, CANNOT, 0.8)

    @staticmethod
    def _low(day: ChargingDay, most_mv: int) -> bool:
        return day.low_mv is not None and day.low_mv <= most_mv

    def _charged(self, known: Mapping[int, ChargingDay], on: int) -> bool:
        """Return whether it was charged on a day or the next."""
        least_ms = self._limits.charged_ms
        return any((known[day].charging_ms or 0) >= least_ms for day in (on, on + 1))


def _ran_low(low: Sequence[ChargingDay]) -> Reason:
    volts = round(min(day.low_mv or 0 for day in low) / 1000, 1)
    return Reason("battery_ran_low", {"days": len(low), "battery_v": volts})


def _case(
    found: Sequence[ChargingDay],
    reasons: Sequence[Reason],
    otherwise: Sequence[str],
    confidence: float,
) -> Case:
    return Case(
        what="not_charged",
        since=found[0].on,
        until=found[-1].on,
        reasons=tuple(reasons),
        otherwise=tuple(Reason(code) for code in otherwise),
        confidence=confidence,
        log_nos=tuple(day.log_no for day in found if day.log_no),
    )


def _sum(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other
