"""What is usual for one aid, and whether it still is: robust statistics on few numbers.

Series are short lists of ``Point``, so that a state stays small; everything is a pure function of
them. Medians throughout: one odd day must not shift what is usual.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from msgspec import Struct

# A normal distribution's median absolute deviation is this part of its standard deviation.
MAD_OF_SIGMA: Final = 0.6745
# 80 % of a normal distribution lies within so many standard deviations of its middle.
SIGMAS_OF_80: Final = 1.2816
# A forecast further than this is no more than "not soon".
FAR_DAYS: Final = 3_650.0


class Point(NamedTuple):
    """A value at a time: ``day`` in days since 1970."""

    day: float
    value: float


class Line(NamedTuple):
    """A straight line through a series: ``level`` at its last day, ``slope`` a day.

    Errors are standard errors; ``spread`` is the standard deviation of the points around it.
    """

    day: float
    level: float
    slope: float
    level_error: float
    slope_error: float
    spread: float


class Crossing(NamedTuple):
    """In how many days a limit will be reached: the median and an interval of 80 %."""

    low: float
    median: float
    high: float


def median(values: Sequence[float]) -> float:
    """Return the middle value. Raises ValueError if there is none."""
    if not values:
        raise ValueError("nothing has no median")
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which ``part`` (0 to 1) of ``values`` lie, the nearest one."""
    if not values:
        raise ValueError("nothing has no quantile")
    ordered = sorted(values)
    return ordered[min(round(part * (len(ordered) - 1)), len(ordered) - 1)]


def spread(values: Sequence[float]) -> float:
    """Return a standard deviation that outliers do not move (from the median deviation)."""
    middle = median(values)
    return median([abs(value - middle) for value in values]) / MAD_OF_SIGMA


def extended(points: Sequence[Point], point: Point, *, most: int) -> list[Point]:
    """Return ``points`` with one more; where they would be too many, old neighbours are merged.

    The newest half stays as it is: what changes, changes there.
    """
    series = [*points, point]
    while len(series) > most:
        older = series[: len(series) // 2]
        # The two closest in time: old points thin out evenly.
        at = min(range(len(older) - 1), key=lambda each: older[each + 1].day - older[each].day)
        first, second = series[at], series[at + 1]
        series[at : at + 2] = [
            Point(
                round((first.day + second.day) / 2, 2), round((first.value + second.value) / 2, 1)
            )
        ]
    return series


def line_through(points: Sequence[Point], *, least: int = 4) -> Line | None:
    """Return the Theil-Sen line (median of all slopes), or None with too few points.

    One third of the points may be anything without moving it much.
    """
    if len(points) < max(least, 3):
        return None
    days = np.array([point.day for point in points])
    values = np.array([point.value for point in points])
    firsts, seconds = np.triu_indices(len(points), 1)
    apart = days[seconds] - days[firsts]
    usable = apart > 0
    if not usable.any():
        return None
    slope = float(np.median((values[seconds] - values[firsts])[usable] / apart[usable]))
    residuals = values - slope * days
    offset = float(np.median(residuals))
    scatter = float(np.median(np.abs(residuals - offset))) / MAD_OF_SIGMA
    # Few points may lie on a line by chance: never more certain than their number allows.
    scatter *= math.sqrt(len(points) / (len(points) - 2))
    lever = float(((days - days.mean()) ** 2).sum())
    slope_error = scatter / math.sqrt(lever) if lever else math.inf
    last = float(days[-1])
    mean_error = scatter / math.sqrt(len(points))
    level_error = math.hypot(mean_error, slope_error * (last - float(days.mean())))
    return Line(last, offset + slope * last, slope, level_error, slope_error, scatter)


def crossing(line: Line, limit: float, *, rising: bool) -> Crossing:
    """Return when ``line`` reaches ``limit``, in days after its last point."""
    sign = 1.0 if rising else -1.0
    gap = (limit - line.level) * sign
    slope = line.slope * sign

    def days(of_gap: float, of_slope: float) -> float:
        if of_gap <= 0:
            return 0.0
        if of_slope <= 0:
            return FAR_DAYS
        return min(of_gap / of_slope, FAR_DAYS)

    steepest = slope + SIGMAS_OF_80 * line.slope_error
    flattest = slope - SIGMAS_OF_80 * line.slope_error
    near = gap - SIGMAS_OF_80 * line.level_error
    far = gap + SIGMAS_OF_80 * line.level_error
    return Crossing(days(near, steepest), days(gap, slope), days(far, flattest))


def stepped(points: Sequence[Point], *, line: Line) -> bool:
    """Tell whether ``points`` are two levels with a step between them rather than a trend.

    Wear goes on; another rider, or another chair at the table, comes at once.
    """
    values = [point.value for point in points]
    if len(values) < 6:
        return False
    along = sum(
        abs(point.value - line.level - line.slope * (point.day - line.day)) for point in points
    )

    def around(part: Sequence[float]) -> float:
        middle = median(part)
        return sum(abs(value - middle) for value in part)

    step = min(around(values[:at]) + around(values[at:]) for at in range(2, len(values) - 1))
    return step < 0.8 * along


class Habit(Struct, frozen=True):
    """How often something happens to this aid: so many times in so many days (or rides)."""

    count: float = 0.0
    exposure: float = 0.0

    def after(self, count: float, exposure: float, *, memory: float) -> "Habit":
        """Return the habit after one more period; older ones fade beyond ``memory`` exposures."""
        total = self.exposure + exposure
        keep = 1.0 if total <= memory else max(0.0, (memory - exposure) / self.exposure)
        return Habit(round(self.count * keep + count, 3), round(self.exposure * keep + exposure, 3))

    @property
    def rate(self) -> float:
        """How often per exposure."""
        return self.count / self.exposure if self.exposure else 0.0

    def chance(self, count: int, exposure: float, *, prior: "Habit") -> float:
        """Return the chance of ``count`` or more in ``exposure``, were all as it used to be.

        The rate itself is uncertain (gamma), so the count is negative binomial: little history
        gives little surprise. ``prior`` is what is usual of such aids, in weight and rate.
        """
        if count <= 0:
            return 1.0
        shape = self.count + prior.count
        scale = self.exposure + prior.exposure
        if shape <= 0 or scale <= 0 or exposure <= 0:
            return 1.0
        success = scale / (scale + exposure)
        below = 0.0
        for hits in range(count):
            below += math.exp(
                math.lgamma(shape + hits)
                - math.lgamma(shape)
                - math.lgamma(hits + 1)
                + shape * math.log(success)
                + hits * math.log1p(-success)
            )
        return max(0.0, 1.0 - below)
