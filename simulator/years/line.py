"""The data line of an aid over years: outages, delays, and a clock that may be wrong."""

import numpy as np

from simulator.years.aids import Aid, Clock, Line
from simulator.years.calendar import DAY_MS, Calendar
from simulator.years.life import Ints, Outage

KEEP_ALIVE_MS = 90_000  # the broker tells the will so long after the last word
# Outages a day, median and spread (log) of their length in minutes, longest in hours: assumed.
_OUTAGES = {
    Line.GOOD: (0.02, 3.0, 1.0, 1.0),
    Line.FAIR: (0.25, 8.0, 1.2, 6.0),
    Line.BAD: (1.5, 15.0, 1.4, 20.0),
}
# Median delay in seconds and its spread (log): assumed.
_DELAYS = {Line.GOOD: (0.3, 0.4), Line.FAIR: (0.8, 0.8), Line.BAD: (2.0, 1.3)}
LONGEST_DELAY_S = 600.0


def usual_outages(line: Line, calendar: Calendar, rng: np.random.Generator) -> list[Outage]:
    """Return the outages that a line of this quality has anyway, all shorter than a day."""
    rate, median_min, spread, longest_h = _OUTAGES[line]
    count = int(rng.poisson(rate * calendar.days))
    starts = np.sort(rng.uniform(calendar.midnight_ms[0], calendar.end_ms, count))
    minutes = np.minimum(median_min * np.exp(rng.normal(0, spread, count)), longest_h * 60)
    return [
        Outage(from_ms=int(start), until_ms=int(start + length * 60_000))
        for start, length in zip(starts.tolist(), minutes.tolist(), strict=True)
    ]


def merged(outages: list[Outage]) -> list[Outage]:
    """Return outages that do not touch, in order."""
    result: list[Outage] = []
    for one in sorted(outages, key=lambda outage: (outage.from_ms, outage.until_ms)):
        if result and one.from_ms <= result[-1].until_ms + 1_000:
            last = result[-1]
            result[-1] = Outage(
                from_ms=last.from_ms,
                until_ms=max(last.until_ms, one.until_ms),
                on=last.on and one.on,
                service=one.service if one.until_ms > last.until_ms else last.service,
            )
        else:
            result.append(one)
    return result


def delays_ms(line: Line, count: int, rng: np.random.Generator) -> Ints:
    """Return how long each of ``count`` messages is under way."""
    median_s, spread = _DELAYS[line]
    seconds = np.minimum(median_s * np.exp(rng.normal(0, spread, count)), LONGEST_DELAY_S)
    delays: Ints = (seconds * 1000).astype(np.int64) + 20
    return delays


def device_ms(aid: Aid, true_ms: Ints, *, start_ms: int, starts_ms: Ints) -> Ints:
    """Return what the modem's clock showed; ``starts_ms``: when the modem started, in order."""
    shown: Ints
    if aid.clock is Clock.RIGHT:
        return true_ms + aid.skew_ms % 700
    if aid.clock is Clock.DRIFTING:
        # Set right once a week.
        return true_ms + ((true_ms - start_ms) % (7 * DAY_MS) * aid.drift).astype(np.int64)
    if aid.clock is Clock.AHEAD:
        return true_ms + aid.skew_ms
    place = np.maximum(np.searchsorted(starts_ms, true_ms, side="right") - 1, 0)
    shown = np.maximum(true_ms - starts_ms[place], 0)
    return shown
