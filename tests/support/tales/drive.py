"""A drive that takes a little more current with every day."""

from collections.abc import Iterable

from diagnostics.facts import Fact
from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, ride


def wearing(word: Word, day: int) -> Iterable[Fact]:
    """Return a day's rides: as ever for forty days, then a hundredth more each day."""
    more = 1 + 0.012 * max(0, day - 40)
    for number, hour in enumerate((10.5, 12, 15, 18)):
        up = number % 2 == 0
        mean_ma = round(((9_000 if up else 3_000) + 50 * (day * 7 % 5)) * more)
        yield ride(
            word,
            day,
            hour,
            up=up,
            mean_current_ma=mean_ma,
            peak_current_ma=round(mean_ma * 1.2),
            profile_ma=(mean_ma,) * 8,
        )


def tales() -> list[Tale]:
    return [
        Tale(
            name="drive_worn",
            aid=aid_of("stairlift"),
            facts=days(85, wearing),
            until=86 * DAY_S,
            finds=frozenset({"drive_worn"}),
        )
    ]
