"""A charger that gives nothing any more, and a lift left beside its charge point."""

from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import HOUR_MS, Habit, days, evening, rides


def report(charging_h: float, rest_mv: int) -> Habit:
    return evening(
        battery_rest_mv=rest_mv,
        battery_min_mv=rest_mv,
        battery_max_mv=27_600 if charging_h else None,
        charging_ms=round(charging_h * HOUR_MS),
        mains_ms=24 * HOUR_MS,
        off_charge_ms=round((23.8 - charging_h) * HOUR_MS),
    )


def tales() -> list[Tale]:
    dead, adrift = Word(), Word()
    often = rides(10.5, 12, 14, 15, 17, 20)
    return [
        Tale(
            name="charger_failed",
            aid=aid_of("stairlift"),
            facts=[
                *days(26, often, report(23.5, 25_600), word=dead),
                *days(5, often, report(0, 24_600), word=dead, first=26),
            ],
            until=32 * DAY_S,
            finds=frozenset({"charger_failed"}),
        ),
        Tale(
            name="off_charge_point",
            aid=aid_of("stairlift"),
            facts=[
                *days(26, often, report(23.5, 25_600), word=adrift),
                *days(9, often, report(9, 25_100), word=adrift, first=26),
            ],
            until=36 * DAY_S,
            finds=frozenset({"off_charge_point"}),
        ),
    ]
