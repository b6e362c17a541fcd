"""The days of a run: where local midnight lies, what the weather is. Shared by the whole fleet."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
HOME = ZoneInfo("Europe/Amsterdam")

# Monthly means of the Netherlands rounded: 3 degrees in January, 18 in July (assumed sine).
MEAN_C = 10.5
SEASON_C = 7.5
COLDEST_DAY_OF_YEAR = 20


class Calendar:
    """``days`` days from ``start``; ``seed`` makes the weather.

    Attributes:
        midnight_ms: local midnights in true time, one more than there are days.
        weekend: by day, whether it is Saturday or Sunday.
        winter: by day, 1 in the depth of winter, 0 in summer.
        coldest_c: by day, outdoors; ``warmest_c`` likewise.
    """

    def __init__(self, start: date, days: int, *, seed: int) -> None:
        if days < 1:
            raise ValueError(f"a run has at least one day, not {days}")
        self.start = start
        self.days = days
        dates = [start + timedelta(days=number) for number in range(days + 1)]
        self.midnight_ms: NDArray[np.int64] = np.array(
            [round(datetime.combine(day, time(), HOME).timestamp() * 1000) for day in dates],
            dtype=np.int64,
        )
        self.weekend: NDArray[np.bool_] = np.array([day.weekday() >= 5 for day in dates[:days]])
        of_year = np.array([day.timetuple().tm_yday for day in dates[:days]])
        season = np.cos(2 * np.pi * (of_year - COLDEST_DAY_OF_YEAR) / 365.25)
        self.winter: NDArray[np.float64] = (season + 1) / 2
        rng = np.random.default_rng((seed, 365))
        # Weather lasts: a day is like the day before (assumed correlation 0.75).
        spell = np.zeros(days)
        for day, gust in enumerate(rng.normal(0, 2.2, days)):
            spell[day] = gust + (0.75 * spell[day - 1] if day else 0.0)
        mean_c = MEAN_C - SEASON_C * season + spell
        swing_c = rng.uniform(2.0, 6.0, days) * (1.3 - 0.5 * self.winter)
        self.coldest_c: NDArray[np.float64] = mean_c - swing_c
        self.warmest_c: NDArray[np.float64] = mean_c + swing_c

    @property
    def end_ms(self) -> int:
        """When the run ends."""
        return int(self.midnight_ms[-1])

    def date_of(self, day: int) -> date:
        """Return the date of a day of the run; it may lie outside."""
        return self.start + timedelta(days=day)

    def day_of(self, at_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the day in which each moment lies."""
        found = np.searchsorted(self.midnight_ms, at_ms, side="right") - 1
        return np.clip(found, 0, self.days - 1).astype(np.int64)
