"""What is left of what wears."""

import pytest

from diagnostics.detectors.battery.parameters import Parameters as BatteryParameters
from diagnostics.detectors.drive.parameters import Parameters as DriveParameters
from diagnostics.detectors.remaining import Stage, remaining

TABLES = [
    BatteryParameters().stages,
    BatteryParameters().stages_on_wheels,
    DriveParameters().stages,
    DriveParameters().stages_on_wheels,
]
STAGES = (Stage(0.0, (0.5, 1.0, 2.0), (50, 100, 200)), Stage(0.8, None, (2, 10, 30)))


def test_a_line_is_corrected_by_the_part_that_is_gone() -> None:
    left = remaining(STAGES, 0.3, 59.0)
    assert (left.low, left.median, left.high) == (29.0, 59.0, 119.0)


@pytest.mark.parametrize("line_days", [None, 59.0])
def test_near_the_end_the_part_says_more_than_a_line(line_days: float | None) -> None:
    assert remaining(STAGES, 1.4, line_days).median == 10


def test_without_a_line_the_part_alone_must_do() -> None:
    assert remaining(STAGES, -0.1, None).high == 200


@pytest.mark.parametrize("stages", TABLES)
def test_intervals_hold_their_median_and_less_is_left_the_further_it_has_come(
    stages: tuple[Stage, ...],
) -> None:
    for stage in stages:
        assert list(stage.days) == sorted(stage.days)
        assert stage.of_line is None or list(stage.of_line) == sorted(stage.of_line)
    assert [each.part for each in stages] == sorted(each.part for each in stages)
    medians = [each.days[1] for each in stages]
    assert medians == sorted(medians, reverse=True)
