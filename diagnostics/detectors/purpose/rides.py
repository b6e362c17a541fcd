"""Rides that belong together, and days that make a habit."""

from collections.abc import Callable, Collection, Mapping, Sequence

from diagnostics.detectors.contract import Reason
from diagnostics.detectors.habits.daily import Case
from diagnostics.detectors.purpose.memory import PurposeDay, Ride, Run


def runs_of(day: PurposeDay, fits: Callable[[Ride], bool], gap_s: int) -> list[Run]:
    """Return rides that follow one another closely, all of them fitting."""
    runs: list[list[Ride]] = []
    run: list[Ride] = []
    for ride in day.rides:
        if not fits(ride):
            run = []
        elif run and follows(run[-1], ride, gap_s):
            run.append(ride)
        else:
            run = [ride]
            runs.append(run)
    return list(runs)


def follows(one: Ride, other: Ride, gap_s: int) -> bool:
    """Return whether no more than ``gap_s`` lie between two rides."""
    return other.at_s - other.lasts_s - one.at_s <= gap_s


def lasts(found: Collection[PurposeDay], *, days: int, span_days: int) -> bool:
    """Return whether days are enough, and far enough apart, to be a habit."""
    if len(found) < days:
        return False
    ons = [day.on for day in found]
    return max(ons) - min(ons) >= span_days


def case_of(
    what: str, found: Mapping[PurposeDay, int], reasons: Sequence[Reason], otherwise: Sequence[str]
) -> Case:
    """Return the case of these days, each with where its evidence lies."""
    days = sorted(found, key=lambda day: day.on)
    return Case(
        what=what,
        since=days[0].on,
        until=days[-1].on,
        reasons=tuple(reasons),
        otherwise=tuple(Reason(code) for code in otherwise),
        confidence=min(0.7 + 0.02 * len(found), 0.95),
        log_nos=tuple(found[day] for day in days),
    )
