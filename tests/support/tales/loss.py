"""A scooter that stays elsewhere, and one that leaves and falls silent."""

from tests.support.facts import DAY_S, Word, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import DAY_MS, HOUR_MS, days, evening, rides

HOME = evening(cell="u173z", away_ms=HOUR_MS, charging_ms=8 * HOUR_MS)
AWAY = evening(cell="u179e", away_ms=DAY_MS, charging_ms=0)


def tales() -> list[Tale]:
    stays, silent = Word(), Word()
    return [
        Tale(
            name="stays_away",
            aid=aid_of("scooter"),
            facts=[
                *days(12, rides(10, 11), HOME, word=stays),
                *days(30, AWAY, word=stays, first=12),
            ],
            until=43 * DAY_S,
            finds=frozenset({"lost"}),
        ),
        Tale(
            name="left_and_silent",
            aid=aid_of("scooter"),
            facts=[
                *days(12, rides(10, 11), HOME, word=silent),
                *days(1, AWAY, word=silent, first=12),
            ],
            until=60 * DAY_S,
            finds=frozenset({"lost"}),
        ),
    ]
