"""A scooter that stands out of doors in winter."""

from tests.support.facts import DAY_S, aid_of
from tests.support.tales import Tale
from tests.support.tales.habits import days, evening


def tales() -> list[Tale]:
    return [
        Tale(
            name="unsheltered",
            aid=aid_of("scooter"),
            facts=days(25, evening(temperature_min_dc=-45, temperature_max_dc=60, away_ms=0)),
            until=26 * DAY_S,
            finds=frozenset({"unsheltered"}),
        )
    ]
