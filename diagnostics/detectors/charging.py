"""Not charged: an aid that its user must plug in is used, and time and again left to run empty.

See docs/detectors/charging.md.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.facts import ConditionReported, Fact, FaultChanged, RideEnded

CHARGER_FAULTS = frozenset({"charger", "no_charge"})


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
        dead_ms: of a charger that is always in its socket: mains for less than this…
        dead_days: …on so many days…
        dead_spells: …in so many spells, with mains in between: not the charger, nor the street.
    """

    in_days: int = 28
    used_days: int = 6
    charged_share: float = 0.35
    charged_ms: int = 60 * 60_000
    low_mv: int = 24_500
    low_days: int = 5
    works_mv: int = 26_500
    plugged_share: float = 0.5
    dead_ms: int = 2 * 3_600_000
    dead_days: int = 8
    dead_spells: int = 3


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
    version = 1
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[ChargingDay]
    heeds: ClassVar = (RideEnded, ConditionReported, FaultChanged)
    day_type = ChargingDay
    keeps = 36
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
        if len(dead) < limits.dead_days or spells < limits.dead_spells:
            return None
        reason = Reason("mains_switched_off", {"days": len(dead), "times": spells})
        return _case(dead, [reason], ("other_socket_off", "other_charger_at_times"), 0.85)

    def _unplugged(self, days: Sequence[ChargingDay]) -> Case | None:
        """Judge a charger that its user must connect."""
        limits = self._limits
        known = {day.on: day for day in days if day.charging_ms is not None}
        used = [day for day in days if day.rides and day.on in known and day.on + 1 in known]
        if len(used) < limits.used_days or any(day.faults for day in days):
            return None
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
        works = any((day.high_mv or 0) >= limits.works_mv for day in known.values())
        if (
            len(charged) > limits.charged_share * len(used)
            or len(low) < limits.low_days
            or len(plugged) > limits.plugged_share * len(known)
            or not works
        ):
            return None
        uncharged = len(used) - len(charged)
        reasons = (
            Reason("not_charged_after_use", {"times": uncharged, "days": len(used)}),
            Reason(
                "battery_ran_low",
                {"days": len(low), "battery_v": round(min(d.low_mv or 0 for d in low) / 1000, 1)},
            ),
            Reason("charger_works"),
        )
        return _case(
            low,
            reasons,
            ("other_no_socket", "other_cannot_plug", "other_charger_at_times"),
            min(0.7 + 0.25 * uncharged / len(used), 0.95),
        )

    def _charged(self, known: Mapping[int, ChargingDay], on: int) -> bool:
        """Return whether it was charged on a day or the next."""
        least_ms = self._limits.charged_ms
        return any((known[day].charging_ms or 0) >= least_ms for day in (on, on + 1))


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
