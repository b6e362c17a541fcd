"""Use beyond the specification, each kind of it on several days."""

from diagnostics.facts import Fact
from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import at_intervals, days, ride, rides

SCOOTER = aid_of("scooter", max_load_kg=140, max_speed_mm_s=4_000, max_incline_deg=8)


def tales() -> list[Tale]:
    lifts = rides(8, 12, 18, load_kg=80)
    empty = rides(9, 13, load_kg=1)
    heavy = at_intervals(3, rides(15, load_kg=230))
    outings = rides(
        9,
        10,
        15,
        16,
        max_speed_mm_s=3_600,
        max_incline_deg=3,
        distance_mm=2_500_000,
        duration_ms=900_000,
    )
    fast = at_intervals(
        3, rides(17, max_speed_mm_s=6_000, distance_mm=4_000_000, duration_ms=900_000)
    )
    steep = at_intervals(3, rides(18, max_incline_deg=14, distance_mm=900_000))

    def long_hours(word: Word, day: int) -> list[Fact]:
        if day % 2:
            return []
        return [ride(word, day, 14 + n / 16, up=n % 2 == 0) for n in range(16)]

    return [
        Tale(
            name="overload",
            aid=aid_of("hoist", max_load_kg=175),
            facts=days(25, lifts, empty, heavy),
            until=26 * DAY_S,
            finds=frozenset({"overload"}),
        ),
        Tale(
            name="too_fast",
            aid=SCOOTER,
            facts=days(25, outings, fast),
            until=26 * DAY_S,
            finds=frozenset({"too_fast"}),
        ),
        Tale(
            name="too_steep",
            aid=SCOOTER,
            facts=days(25, outings, steep),
            until=26 * DAY_S,
            finds=frozenset({"too_steep"}),
        ),
        Tale(
            name="duty_cycle",
            aid=aid_of("stairlift"),
            facts=days(25, rides(8, 21), long_hours),
            until=26 * DAY_S,
            finds=frozenset({"duty_cycle"}),
        ),
    ]
