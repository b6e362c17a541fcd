"""How long what wears will still last: an interval that holds the truth four times in five.

A straight line through what was measured is a poor prophet: wear goes faster the further it has
come, and where exactly it ends is not known. How wrong the line is was measured on fleets of
training behaviours, by how much of the way to the end has been gone: that is the table here. How
often the intervals hold is checked on other fleets; see docs/detectors/battery.md and drive.md.
"""

from collections.abc import Sequence
from typing import NamedTuple

from diagnostics.detectors.baseline import FAR_DAYS, Crossing


class Stage(NamedTuple):
    """What is known from ``part`` of the way on, up to the next stage: 10 %, 50 % and 90 %.

    Attributes:
        part: of the way that has been gone.
        of_line: what is left, as a part of what the line says; None: the line says nothing.
        days: what is left where there is no line.
    """

    part: float
    of_line: tuple[float, float, float] | None
    days: tuple[float, float, float]


def remaining(stages: Sequence[Stage], part: float, line_days: float | None) -> Crossing:
    """Return what is left after ``part`` of the way, ``line_days`` by a straight line."""
    stage = stages[0]
    for each in stages:
        if part >= each.part:
            stage = each
    if stage.of_line is None or line_days is None:
        return Crossing(*stage.days)
    # A day more than the line's: near its end a part of nothing would be nothing.
    low, median, high = (
        min(max(factor * (line_days + 1) - 1, 0.0), FAR_DAYS) for factor in stage.of_line
    )
    return Crossing(low, median, high)
