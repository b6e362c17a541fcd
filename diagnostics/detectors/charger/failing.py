"""Chargers that still give something: too little, too much, not always, not for long."""

from collections.abc import Sequence
from itertools import pairwise

from diagnostics.detectors.baseline import median
from diagnostics.detectors.charger.memory import Period, Usual
from diagnostics.detectors.charger.parameters import Parameters
from diagnostics.detectors.contract import Reason

REFERENCE_C = 20.0


def reason(
    periods: Sequence[Period], usual: Usual | None, limits: Parameters, *, on_rail: bool
) -> Reason | None:
    """Return what is wrong with the charging by the newest reports, or None."""
    return (
        too_high(periods, usual, limits)
        or wild(periods, limits)
        or hunts(periods, usual, limits)
        or weak(periods, usual, limits)
        or always_weak(periods, limits)
        or at_times(periods, usual, limits, on_rail=on_rail)
        or cuts_out(periods, usual, limits, on_rail=on_rail)
    )


def too_high(periods: Sequence[Period], usual: Usual | None, limits: Parameters) -> Reason | None:
    """Return a reason if the battery is held at a voltage that boils it."""
    newest = [each for each in periods if each.charging_ms and each.highest_mv is not None]
    newest = newest[-limits.high_days :]
    if len(newest) < limits.high_days:
        return None
    levels = [_at_reference(each, limits) for each in newest]
    limit_mv = float(limits.far_too_high_mv)
    if usual is not None and usual.highest_mv is not None:
        limit_mv = min(limit_mv, max(usual.highest_mv + limits.higher_mv, limits.high_mv))
    if min(levels) < limit_mv:
        return None
    volts = {"volt": round(median([each.highest_mv or 0 for each in newest]) / 1000, 1)}
    if usual is None or usual.highest_mv is None:
        return Reason("charges_too_high_always", volts)
    return Reason("charges_too_high", {**volts, "usual": round(usual.highest_mv / 1000, 1)})


def wild(periods: Sequence[Period], limits: Parameters) -> Reason | None:
    """Return a reason if it is now and then at a voltage that no charger is meant to give."""
    levels = [
        each.highest_mv
        for each in periods
        if each.charging_ms
        and each.highest_mv is not None
        and _at_reference(each, limits) >= limits.far_too_high_mv
    ]
    if len(levels) < limits.wild_days:
        return None
    volts = {"volt": round(median(levels) / 1000, 1), "days": len(levels)}
    return Reason("charges_wildly", volts)


def hunts(periods: Sequence[Period], usual: Usual | None, limits: Parameters) -> Reason | None:
    """Return a reason if it is far too high on some days and far too low on others."""
    if usual is None or usual.highest_mv is None:
        return None
    known = [each for each in periods if each.highest_mv and each.share is not None]
    charged = [
        each
        for each in known
        if each.chance_ms >= limits.chance_ms and (each.share or 0.0) >= limits.full
    ]
    high_mv = max(usual.highest_mv + limits.higher_mv, limits.high_mv)
    low_mv = min(usual.highest_mv - limits.weak_mv, limits.never_full_mv)
    high = [each for each in charged if _at_reference(each, limits) >= high_mv]
    low = [each for each in charged if (each.highest_mv or 0) <= low_mv]
    if min(len(high), len(low)) < limits.hunts_days:
        return None
    return Reason(
        "charges_unsteadily",
        {
            "low": round(min(each.highest_mv or 0 for each in low) / 1000, 1),
            "high": round(max(each.highest_mv or 0 for each in high) / 1000, 1),
            "usual": round(usual.highest_mv / 1000, 1),
        },
    )


def _at_reference(period: Period, limits: Parameters) -> float:
    """Return its highest voltage as it would be at 20 degrees."""
    colder_c = 0.0 if period.mean_c is None else max(REFERENCE_C - period.mean_c, 0.0)
    return (period.highest_mv or 0) - limits.colder_mv_per_c * min(colder_c, 40.0)


def weak(periods: Sequence[Period], usual: Usual | None, limits: Parameters) -> Reason | None:
    """Return a reason if it charges as long as ever, and never to its voltage."""
    newest = periods[-limits.weak_days :]
    if usual is None or usual.highest_mv is None or usual.share is None:
        return None
    if len(newest) < limits.weak_days:
        return None
    highest = [each.highest_mv for each in newest if each.highest_mv is not None]
    # What is pulled out again within the hours it needs, or ridden all day long, gets no fuller by
    # any charger.
    shares = [
        each.share
        for each in newest
        if each.share is not None
        and each.chance_ms >= limits.chance_ms
        and each.period_ms >= limits.rest_ms * (each.ends + 1)
    ]
    if (
        len(highest) < limits.weak_days - 1
        or len(shares) < limits.weak_days - 1
        or min(shares) < limits.weak_hours * usual.share
        or max(highest) > min(usual.highest_mv - limits.weak_mv, limits.never_full_mv)
    ):
        return None
    volts = {"volt": round(max(highest) / 1000, 1), "usual": round(usual.highest_mv / 1000, 1)}
    return Reason("charges_weakly", volts)


def always_weak(periods: Sequence[Period], limits: Parameters) -> Reason | None:
    """Return a reason if on charge for most of the time it gets no battery full, nor ever did."""
    highest = [
        each.highest_mv
        for each in periods
        if each.highest_mv is not None
        and each.chance_ms >= limits.chance_ms
        and (each.share or 0.0) >= limits.full
    ][-limits.always_weak_days :]
    if len(highest) < limits.always_weak_days or max(highest) > limits.always_weak_mv:
        return None
    return Reason("charges_weakly_always", {"volt": round(max(highest) / 1000, 1)})


def at_times(
    periods: Sequence[Period], usual: Usual | None, limits: Parameters, *, on_rail: bool
) -> Reason | None:
    """Return a reason if it charges all day or not at all, to and fro."""
    if usual is None or (usual.share or 0.0) < limits.full:
        return None
    known = [
        (each, share)
        for each in periods
        if (share := each.share) is not None and each.chance_ms >= limits.chance_ms
    ]
    sides = [
        (each, share <= limits.nothing)
        for each, share in known
        if share <= limits.nothing or share >= limits.full
    ]
    nothing = [each for each, none in sides if none]
    turns = sum(before is not after for (_, before), (_, after) in pairwise(sides))
    if on_rail:
        partial = len(known) - len(sides)
        often = turns >= limits.turns and partial <= limits.partial_days
        often = often or (
            turns >= limits.cold_turns
            and partial <= limits.partial_days
            and _by_weather(nothing, [each for each, none in sides if not none], limits)
        )
    else:
        often = turns >= limits.plugged_turns and len(nothing) >= limits.plugged_nothing_days
    if not often:
        return None
    shares = [share for _, share in known]
    return Reason("charges_little", {"percent": round(100 * sum(shares) / len(shares))})


def _by_weather(nothing: Sequence[Period], whole: Sequence[Period], limits: Parameters) -> bool:
    """Tell whether it gives nothing on the cold days, or on the warm ones, and all otherwise."""
    lacking = [each.mean_c for each in nothing if each.mean_c is not None]
    giving = [each.mean_c for each in whole if each.mean_c is not None]
    if min(len(lacking), len(giving)) < limits.cold_days:
        return False
    colder = sum(one < other for one in lacking for other in giving)
    warmer = sum(one > other for one in lacking for other in giving)
    return max(colder, warmer) >= limits.cold_part * len(lacking) * len(giving)


def cuts_out(
    periods: Sequence[Period], usual: Usual | None, limits: Parameters, *, on_rail: bool
) -> Reason | None:
    """Return a reason if charging begins, and stops by itself."""
    if usual is None or usual.share is None or usual.least_share is None:
        return None
    newest = [
        each
        for each in periods
        if each.chance_ms >= limits.chance_ms and each.share is not None and each.sure
    ][-limits.cuts_days :]
    if len(newest) < limits.cuts_days:
        return None
    shares = [each.share or 0.0 for each in newest]
    few = min(limits.cuts_share * usual.share, limits.cuts_least * usual.least_share)
    if max(shares) > few or min(shares) <= 0:
        return None
    ends, on_charge = sum(each.ends for each in newest), sum(each.on_charge for each in newest)
    if on_rail and (ends < limits.ends or on_charge < limits.ends_on_charge * ends):
        return None  # it was not parked well
    return Reason("charges_little", {"percent": round(100 * sum(shares) / len(shares))})
