"""The temperature where an aid stands: by season, by time of day, indoors or not."""

import math
from dataclasses import dataclass

DAY_S = 86_400
YEAR_S = 365.25 * DAY_S
_COLDEST_DAY = 20  # of the year; assumed
_COLDEST_HOUR = 5  # of the day; assumed


@dataclass(frozen=True, kw_only=True)
class Climate:
    """A place's temperature over the year.

    Attributes:
        mean_c: of the year.
        season_c: how much the warmest day is above it; day_c: likewise within a day.
        start_s: how far into a year, from 1 January 0:00, the run begins.
    """

    mean_c: float = 20.0
    season_c: float = 0.0
    day_c: float = 0.0
    start_s: float = 0.0

    def at(self, elapsed_s: float) -> float:
        """Return the temperature in degrees Celsius, ``elapsed_s`` after the run began."""
        if not (self.season_c or self.day_c):
            return self.mean_c
        now_s = self.start_s + elapsed_s
        season = math.cos(2 * math.pi * (now_s - _COLDEST_DAY * DAY_S) / YEAR_S)
        day = math.cos(2 * math.pi * (now_s - _COLDEST_HOUR * 3600) / DAY_S)
        return self.mean_c - self.season_c * season - self.day_c * day

    def begun(self, start_s: float) -> "Climate":
        """Return the same place, with a run that begins ``start_s`` into the year."""
        return Climate(
            mean_c=self.mean_c, season_c=self.season_c, day_c=self.day_c, start_s=start_s
        )


STEADY = Climate()  # a laboratory: what data sheets are written for
STAIRCASE = Climate(mean_c=19.0, season_c=2.0, day_c=1.0)  # assumed
SHED = Climate(mean_c=12.0, season_c=6.0, day_c=1.5)  # assumed: dry and out of the frost mostly
OUTDOORS = Climate(mean_c=10.5, season_c=7.5, day_c=4.0)  # Dutch climate normals, rounded
