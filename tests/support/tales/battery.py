"""A battery whose resistance rises over two months until it sags to its limit."""

from collections.abc import Iterable

from diagnostics.facts import Fact
from tests.support.facts import Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import HOUR_MS, days, evening, moment, ride


def ageing(word: Word, day: int) -> Iterable[Fact]:
    """Return a day's rides: 120 mOhm for thirty days, and ever more from then on."""
    ohm = 0.12 + 0.006 * max(0, day - 30)
    for number, hour in enumerate((10.5, 12, 15, 18)):
        up = number % 2 == 0
        peak_ma = (11_000 if up else 3_000) + 60 * (day * 7 % 5)
        yield ride(
            word,
            day,
            hour,
            up=up,
            peak_current_ma=peak_ma,
            battery_before_mv=27_600,
            battery_after_mv=27_400,
            min_battery_mv=100 * round((25_500 - peak_ma * ohm) / 100),
        )


def tales() -> list[Tale]:
    charged = evening(
        battery_rest_mv=25_500,
        battery_min_mv=25_400,
        charging_ms=23 * HOUR_MS,
        mains_ms=24 * HOUR_MS,
        temperature_min_dc=180,
        temperature_max_dc=220,
    )
    return [
        Tale(
            name="battery_worn",
            aid=aid_of("stairlift"),
            facts=days(75, ageing, charged),
            until=moment(76, 0),
            finds=frozenset({"battery_worn"}),
        ),
    ]
