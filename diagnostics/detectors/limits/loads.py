"""Loads that nothing weighs: what the drive felt, against delivery or against what is usual."""

from collections.abc import Callable, Sequence
from typing import Final

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case
from diagnostics.detectors.habits.load import WHEELS
from diagnostics.detectors.habits.numbers import median, quantile
from diagnostics.detectors.limits.memory import LimitsDay
from diagnostics.detectors.limits.parameters import Parameters

# What moves besides the load: assumed, carriage and seat, or the arm.
OWN_KG: Final = {"stairlift": 45.0, "hoist": 18.0}
AS_EVER: Final = 1.12
FIRST_DAYS: Final = 42  # of a loan: what was so from the beginning
ENOUGH: Final = 5  # values of which the middle says something
IDLE: Final = 100  # what a drive takes without any load, in 10 mA: assumed


class Loads:
    """Judges loads that nothing weighed."""

    def __init__(self, limits: Parameters) -> None:
        self._limits = limits

    def judge(
        self, before: Sequence[LimitsDay], days: Sequence[LimitsDay], aid: Aid
    ) -> Case | None:
        """Judge loads that nothing weighed."""
        kilograms = reckoning(before, days, aid)
        if kilograms is None:
            return self._heavy(before, days, aid)
        assert aid.max_load_kg is not None  # noqa: S101 - or there is no reckoning
        limits = self._limits
        heavy_kg = (1 + limits.reckoned_margin) * aid.max_load_kg
        often = self._mixed(
            self._as_ever(days),
            lambda felt: kilograms(felt) >= heavy_kg,
            lambda felt: kilograms(felt) <= (1 - limits.reckoned_margin) * heavy_kg,
        )
        if often is None:
            return self._always(before, days, aid, kilograms)
        found, heavy = often
        most = {"most_kg": round(kilograms(median(heavy))), "max_kg": aid.max_load_kg}
        parameters = {"times": len(heavy), "days": len(found), **most}
        reason = Reason("overload_reckoned", parameters)
        return case_of("overload", found, [reason], ("other_two_persons", "other_drive_heavy"))

    def _always(
        self,
        before: Sequence[LimitsDay],
        days: Sequence[LimitsDay],
        aid: Aid,
        kilograms: Callable[[float], float],
    ) -> Case | None:
        """Judge a client who is too heavy for it, from the first day on."""
        limits = self._limits
        first = before[:FIRST_DAYS]
        usual = [ride.felt for day in first for ride in day.felt]
        recent = [ride.felt for day in days for ride in day.felt]
        found = [day for day in days if day.felt]
        if min(len(usual), len(recent)) < limits.before_rides or not lasts(limits, found):
            return None
        then, now = median(usual), median(recent)
        least_kg = (1 + limits.always_margin) * (aid.max_load_kg or 0)
        steady = abs(now / then - 1) <= limits.always_stray
        if not steady or min(kilograms(then), kilograms(now)) < least_kg:
            return self._by_now(before, days, aid)
        loads = {"usual_kg": round(kilograms(now)), "max_kg": aid.max_load_kg}
        reason = Reason("overload_always", {"days": len(found), **loads})
        return case_of("overload", found, [reason], ("other_lent_too_light", "other_drive_heavy"))

    def _as_ever(self, days: Sequence[LimitsDay]) -> list[LimitsDay]:
        """Return the days on which the drive itself took no more than it mostly does of late.

        A drive that binds, or is bumped, or stands in the cold makes every ride of a day heavier,
        the empty and the lightest ones too. A load is heavy beside another of the same day.
        """
        limits = self._limits
        empty = [day.empty for day in days if day.empty]
        felt = [ride.felt for day in days for ride in day.felt]
        if not felt:
            return []
        empty_most = limits.drive_stray * median(empty) if len(empty) >= ENOUGH else None
        lightest_most = limits.drive_stray * quantile(felt, 0.2)

        def as_ever(day: LimitsDay) -> bool:
            if day.empty and empty_most is not None:
                return day.empty <= empty_most
            return min(ride.felt for ride in day.felt) <= lightest_most

        return [day for day in days if day.felt and as_ever(day)]

    def _by_now(
        self, before: Sequence[LimitsDay], days: Sequence[LimitsDay], aid: Aid
    ) -> Case | None:
        """Judge what always rides now, though the drive without it takes what it took."""
        limits = self._limits
        found = self._unchanged(before[:FIRST_DAYS], days)
        recent = [ride.felt for day in found for ride in day.felt]
        kilograms = reckoning(before, found, aid)
        if kilograms is None or len(recent) < limits.before_rides or not lasts(limits, found):
            return None
        now_kg = kilograms(median(recent))
        if now_kg < (1 + limits.grown_margin) * (aid.max_load_kg or 0):
            return None
        loads = {"usual_kg": round(now_kg), "max_kg": aid.max_load_kg}
        reason = Reason("overload_by_now", {"days": len(found), **loads})
        return case_of("overload", found, [reason], ("other_two_persons", "other_drive_heavy"))

    def _unchanged(
        self, first: Sequence[LimitsDay], days: Sequence[LimitsDay]
    ) -> Sequence[LimitsDay]:
        """Return the days whose empty rides take what they took at first.

        What wears takes more of them as well; not of those down, where a gear's other flank bears
        the load. None at all if they are not most of the days.
        """
        if _ratio(first, days, lambda day: day.empty) is None:
            return ()
        most = (1 + self._limits.always_stray) * median([day.empty for day in first if day.empty])
        known = [day for day in days if day.empty]
        found = [day for day in known if day.empty <= most]
        return found if len(found) >= self._limits.unchanged_share * len(known) else ()

    def _mixed(
        self,
        days: Sequence[LimitsDay],
        heavy: Callable[[int], bool],
        as_ever: Callable[[int], bool],
    ) -> tuple[list[LimitsDay], list[int]] | None:
        """Return days with heavy rides, and those rides, if the usual ones go on beside them."""
        limits = self._limits
        recent = [ride.felt for day in days for ride in day.felt]
        if not recent:
            return None
        found = [day for day in days if any(heavy(ride.felt) for ride in day.felt)]
        rides = sorted(felt for felt in recent if heavy(felt))
        between = [felt for felt in recent if not heavy(felt) and not as_ever(felt)]
        weeks: dict[int, set[bool]] = {}
        for day in days:
            kinds = weeks.setdefault((days[-1].on - day.on) // 7, set())
            kinds.update(heavy(r.felt) for r in day.felt if heavy(r.felt) or as_ever(r.felt))
        if (
            len(rides) < max(limits.heavy_rides, limits.heavy_share * len(recent))
            or sum(map(as_ever, recent)) < limits.usual_share * len(recent)
            or not lasts(limits, found)
            # One kind of ride that strays is not two kinds.
            or len(between) > len(rides)
            # A drive that wore and was mended had both, one after the other.
            or sum(len(kinds) > 1 for kinds in weeks.values()) < limits.weeks
            or self._sticks(days, heavy, as_ever)
        ):
            return None
        return found, rides

    def _sticks(
        self,
        days: Sequence[LimitsDay],
        heavy: Callable[[int], bool],
        as_ever: Callable[[int], bool],
    ) -> bool:
        """Return whether it is heavy after it has stood and only then: bearings that stick do so.

        A load does not wait for the drive to rest: somebody rides as ever in the morning too, or
        heavy soon after another ride.
        """
        limits = self._limits
        stood, soon = [], []
        for day in days:
            if not any(heavy(ride.felt) for ride in day.felt):
                continue  # of before it stuck, or of a good day
            for ride in day.felt:
                ends = [end for end in day.ends if end < ride.at]
                # It stood all night before the first ride of a day.
                since = ride.at - ends[-1] if ends else limits.stood_min
                if since >= limits.stood_min:
                    stood.append(ride.felt)
                elif since <= limits.soon_min:
                    soon.append(ride.felt)
        loads = sum(map(heavy, (*stood, *soon)))
        return (
            len(soon) >= ENOUGH
            and sum(map(heavy, soon)) < limits.sticks_share * loads
            and sum(map(as_ever, stood)) < limits.sticks_share * len(stood)
        )

    def _heavy(
        self, before: Sequence[LimitsDay], days: Sequence[LimitsDay], aid: Aid
    ) -> Case | None:
        """Judge loads by nothing but what is usual: far above it, while the usual goes on."""
        limits = self._limits
        usual = [ride.felt for day in before for ride in day.felt]
        if len(usual) < limits.before_rides:
            return None
        middle = median(usual)
        from_felt = middle * (limits.heavier_wheels if aid.kind in WHEELS else limits.heavier)

        def as_ever(felt: int) -> bool:
            return felt <= AS_EVER * middle

        if aid.kind in WHEELS:
            days = [day for day in days if any(as_ever(ride.felt) for ride in day.felt)]
        else:
            days = self._as_ever(days)
        often = self._mixed(days, lambda felt: felt >= from_felt, as_ever)
        if often is None:
            return None
        found, heavy = often
        if aid.kind in OWN_KG:
            empty = [day.empty for day in (*before, *days) if day.empty]
            if not empty or aid.max_load_kg is None:
                return None  # a light client, and somebody who is not: nobody can tell
            own_kg = OWN_KG[aid.kind]
            # Current grows with all that moves: what it takes empty tells what a kilogram takes.
            kg = own_kg * (median(heavy) - IDLE) / max(median(empty) - IDLE, 1) - own_kg
            if kg < limits.plausible * aid.max_load_kg:
                return None
        reason = Reason("overload_current", {"times": len(heavy), "days": len(found)})
        return case_of("overload", found, [reason], ("other_two_persons", "other_drive_heavy"))


def lasts(limits: Parameters, found: Sequence[LimitsDay]) -> bool:
    """Return whether days are enough, and far enough apart, to be a habit."""
    return len(found) >= limits.duty_days and found[-1].on - found[0].on >= limits.duty_span


def case_of(
    what: str, found: Sequence[LimitsDay], reasons: Sequence[Reason], otherwise: Sequence[str]
) -> Case:
    """Return the case of an excess on the days ``found``."""
    return Case(
        what=what,
        since=found[0].on,
        until=found[-1].on,
        reasons=tuple(reasons),
        otherwise=tuple(Reason(code) for code in otherwise),
        confidence=min(0.6 + 0.05 * len(found), 0.95),
        log_nos=tuple(day.log_no for day in found if day.log_no),
    )


def reckoning(
    before: Sequence[LimitsDay], days: Sequence[LimitsDay], aid: Aid
) -> Callable[[float], float] | None:
    """Return how to tell kilograms from what the drive felt, by the values at delivery.

    A drive that runs harder than it did feels everything heavier, empty rides and the lightest
    ones too: what it feels is made less by as much. None: nothing was measured at delivery.
    """
    empty_ma, tested_ma, tested_kg = aid.empty_ma, aid.tested_ma, aid.tested_kg
    if empty_ma is None or tested_ma is None or tested_kg is None or aid.max_load_kg is None:
        return None
    if tested_ma <= empty_ma:
        return None
    first = before[:FIRST_DAYS]
    empty = [day.empty for day in days if day.empty]
    then = [ride.felt for day in first for ride in day.felt]
    now = [ride.felt for day in days for ride in day.felt]
    harder = 1.0
    if len(empty) >= ENOUGH:
        harder = median(empty) * 10 / empty_ma
    elif min(len(then), len(now)) >= ENOUGH:
        # What wears takes more of the lightest rides up and of those down: the less tells it.
        harder = quantile(now, 0.2) / quantile(then, 0.2)
        harder = min(harder, _ratio(first, days, lambda day: day.down) or harder)
    scale = 10 / max(harder, 1.0)
    return lambda felt: (felt * scale - empty_ma) * tested_kg / (tested_ma - empty_ma)


def _ratio(
    then: Sequence[LimitsDay], now: Sequence[LimitsDay], of: Callable[[LimitsDay], int]
) -> float | None:
    """Return how many times as much it is now; None: too little is known."""
    before, recent = [of(day) for day in then if of(day)], [of(day) for day in now if of(day)]
    if min(len(before), len(recent)) < ENOUGH:
        return None
    return median(recent) / median(before)
