"""What is usual, and whether it still is."""

import math

import pytest

from diagnostics.detectors import baseline
from diagnostics.detectors.baseline import Habit, Line, Point

USUAL = Habit(0.5, 30.0)


def points(*values: float) -> list[Point]:
    return [Point(float(day), value) for day, value in enumerate(values)]


def line(values: list[Point]) -> Line:
    found = baseline.line_through(values)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("values", "middle"), [([3.0], 3.0), ([1.0, 9.0, 2.0], 2.0), ([1.0, 2.0, 3.0, 90.0], 2.5)]
)
def test_median(values: list[float], middle: float) -> None:
    assert baseline.median(values) == middle


def test_nothing_has_neither_median_nor_quantile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        baseline.median([])
    with pytest.raises(ValueError, match="nothing"):
        baseline.quantile([], 0.5)


def test_spread_of_a_normal_sample_is_its_standard_deviation_whatever_the_outliers() -> None:
    normal = [math.sqrt(2) * 5 * x for x in (-0.9, -0.48, -0.27, -0.09, 0.09, 0.27, 0.48, 0.9)]
    assert baseline.spread(normal) == pytest.approx(4.0, rel=0.3)
    assert baseline.spread([*normal, 1e6]) < 10


def test_a_trend_is_found_though_one_point_in_four_is_wrong() -> None:
    values = [10.0 + 2 * day + (500 if day % 4 == 1 else 0) for day in range(20)]
    found = line(points(*values))
    assert found.slope == pytest.approx(2.0, abs=0.3)
    assert found.level == pytest.approx(48.0, abs=5)


def test_too_few_points_or_one_moment_have_no_trend() -> None:
    assert baseline.line_through(points(1.0, 2.0, 3.0)) is None
    assert baseline.line_through([Point(5.0, float(value)) for value in range(9)]) is None


@pytest.mark.parametrize("rising", [True, False])
def test_when_a_trend_meets_its_limit(rising: bool) -> None:
    sign = 1 if rising else -1
    found = line(points(*[sign * 3.0 * day + 0.5 * (day % 2) for day in range(12)]))
    days = baseline.crossing(found, sign * 63.0, rising=rising)
    assert days.median == pytest.approx(10.0, abs=0.5)
    assert days.low < days.median < days.high


def test_what_leads_nowhere_is_far_and_what_is_past_its_limit_is_now() -> None:
    flat = line(points(5.0, 5.0, 5.0, 5.0, 5.0))
    assert baseline.crossing(flat, 9.0, rising=True).median == baseline.FAR_DAYS
    assert baseline.crossing(flat, 4.0, rising=True) == (0.0, 0.0, 0.0)


def test_a_series_stays_short_and_keeps_its_newest_half() -> None:
    series: list[Point] = []
    for day in range(300):
        series = baseline.extended(series, Point(float(day), float(day)), most=20)
    assert len(series) == 20
    assert series[-9:] == [Point(float(day), float(day)) for day in range(291, 300)]
    assert [each.day for each in series] == sorted(each.day for each in series)
    assert all(abs(each.day - each.value) < 1 for each in series)


def test_a_step_is_no_trend() -> None:
    step = points(*[10.0] * 6, *[20.0] * 4)
    ramp = points(*[10.0 + day for day in range(10)])
    assert baseline.stepped(step, line=line(step))
    assert not baseline.stepped(ramp, line=line(ramp))


def test_what_is_usual_surprises_nobody() -> None:
    often = Habit(60.0, 60.0)
    assert often.chance(7, 7.0, prior=USUAL) > 0.1
    assert often.chance(40, 7.0, prior=USUAL) < 1e-6
    assert often.chance(0, 7.0, prior=USUAL) == 1.0


def test_little_history_gives_little_surprise() -> None:
    known, unknown = Habit(2.0, 300.0), Habit(0.0, 1.0)
    assert known.chance(6, 7.0, prior=USUAL) < unknown.chance(6, 7.0, prior=USUAL)


def test_habits_fade() -> None:
    habit = Habit()
    for _ in range(50):
        habit = habit.after(10, 10.0, memory=100.0)
    for _ in range(50):
        habit = habit.after(0, 10.0, memory=100.0)
    assert habit.exposure <= 100.0
    assert habit.rate < 0.02
