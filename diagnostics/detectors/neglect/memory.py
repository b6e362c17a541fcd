"""What is remembered of each day, and of days that are forgotten."""

from collections.abc import Sequence

from msgspec import field
from msgspec.structs import replace

from diagnostics.detectors.habits.memory import Day


class NeglectDay(Day, frozen=True, array_like=True, kw_only=True):
    """Signs of a day.

    Attributes:
        rides: how many, ``trips``: of an edge in them.
        current_ma: of the rides with somebody on the seat, upwards: their sum and number.
        low_mv: lowest voltage at rest.
        charged: whether it was on mains at all; ``charging``: whether it charged for long;
            ``reported``: whether anybody knows.
        restarts: of the modem, which has its power from the aid.
        serviced: whether a mechanic was there.
        came: faults that came up, of those that ask for more than a moment's patience: in which
            quarters of an hour.
        raised: last word of the day on each fault that asks for somebody: number and whether it
            is there.
    """

    rides: int = 0
    trips: int = 0
    current_ma: tuple[int, int] = (0, 0)
    low_mv: int | None = None
    charged: bool = False
    raised: dict[str, tuple[int, int, bool]] = field(default_factory=dict)
    reported: bool = False
    charging: bool = False
    restarts: int = 0
    serviced: bool = False
    came: dict[str, tuple[int, ...]] = field(default_factory=dict)


def outlived(first: Sequence[NeglectDay], forgotten: Sequence[NeglectDay]) -> Sequence[NeglectDay]:
    """Return the first days without what was over, or seen to, on days that are forgotten now."""
    seen = any(day.serviced for day in forgotten)
    over = {code for day in forgotten for code, (_, _, there) in day.raised.items() if not there}
    if not (seen or over):
        return first
    return [
        replace(
            day,
            raised={
                code: word for code, word in day.raised.items() if not seen and code not in over
            },
        )
        for day in first
    ]
