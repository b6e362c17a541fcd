"""What was asked of an aid, day by day."""

from msgspec import field

from diagnostics.detectors.habits.load import Felt
from diagnostics.detectors.habits.memory import Day


class LimitsDay(Day, frozen=True, array_like=True, kw_only=True):
    """What was asked of the aid in a day.

    Attributes:
        rides: how many; ``heavy``, ``fast`` and ``steep``: of them beyond the specification.
        most_kg: heaviest load, ``least_kg``: lightest.
        top_mm_s: highest speed; ``contradicted``: speeds that distance and time contradict.
        most_deg: steepest slope, ``least_deg``: of the ride whose steepest slope was least.
        overload_faults: how often the controller refused a load.
        hot_faults: how often the drive was too hot.
        hours: rides and driving, in ms, by the hour of the day.
        felt: what the drive felt of some of the loads.
        empty: what it felt of empty rides: the least of the day, 0 if there were none.
        down: likewise of rides down with somebody on it, on rails and of hoists.
        ends: when rides ended, empty ones too, in minutes since the day began.
    """

    rides: int = 0
    heavy: int = 0
    fast: int = 0
    steep: int = 0
    most_kg: int = 0
    least_kg: int | None = None
    top_mm_s: int = 0
    contradicted: int = 0
    most_deg: int = 0
    least_deg: int | None = None
    overload_faults: int = 0
    hot_faults: int = 0
    hours: dict[int, tuple[int, int]] = field(default_factory=dict)
    felt: tuple[Felt, ...] = ()
    empty: int = 0
    down: int = 0
    ends: tuple[int, ...] = ()
