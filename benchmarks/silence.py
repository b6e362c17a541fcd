"""How often a ride that falls silent would be a false emergency, over lines good to bad.

    python -m benchmarks.silence [--homes 300] [--seed 1]

Nothing but rides, the simulator's outages and stalls, and what the detector learns of the line:
ten rides of 40 s a day, for 60 days, from a line that is not known yet. Each line is a JSON object:
name, value, unit, baseline (90 s for every line, as it was), ratio. Shares of lines as in
``evaluation.living``.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from diagnostics.detectors.emergency.line import Line
from diagnostics.detectors.stuck import Parameters
from evaluation.living import LINES
from simulator.network import MODEM_NOTICES_MS, QUALITIES, Quality

LIMITS: Final = Parameters()
BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
DAYS: Final = 60
DAY_S: Final = 86_400.0
RIDES_A_DAY: Final = 10
RIDE_S: Final = 40.0
# Samples are gathered for 5 s: so long, about, was it silent before the line was.
GATHERED_S: Final = 2.5
BEFORE: Final = timedelta(seconds=90)


class Quiet(NamedTuple):
    """Nothing gets through for so long."""

    at_s: float
    lasts_s: float
    outage: bool


def quiets(line: Quality, rides: list[float], rng: Random) -> Iterator[Quiet]:
    """Return when nothing gets through: outages at any time, stalls while something is said."""
    at_s = 0.0
    while at_s < DAYS * DAY_S:
        at_s += rng.expovariate(line.outages_per_day / DAY_S)
        lasts_s = line.outage_ms / 1000 * rng.lognormvariate(0, line.outage_spread)
        yield Quiet(at_s, lasts_s, outage=True)
        at_s += lasts_s
    for ride_s in rides:
        for message in range(round(RIDE_S / 5)):
            if rng.random() < line.stall:
                lasts_s = rng.expovariate(1000 / line.stall_ms)
                yield Quiet(ride_s + 5 * message, lasts_s, outage=False)


def false_alarms(line: Quality, rng: Random) -> tuple[int, int]:
    """Return the false alarms of one home: by what its line is like, and after 90 s."""
    rides = [
        day * DAY_S + rng.uniform(8, 21) * 3_600 for day in range(DAYS) for _ in range(RIDES_A_DAY)
    ]
    known = Line().heard(BEGIN, interrupted=False)
    found = before = 0
    for at_s, lasts_s, outage in sorted(quiets(line, rides, rng)):
        at, silent = BEGIN + timedelta(seconds=at_s), timedelta(seconds=lasts_s + GATHERED_S)
        if any(ride_s <= at_s <= ride_s + RIDE_S for ride_s in rides):
            found += silent >= known.patience(at, LIMITS) + LIMITS.late
            before += silent >= BEFORE + LIMITS.late
            seen = silent >= LIMITS.stalled
        else:
            seen = outage and lasts_s * 1000 >= MODEM_NOTICES_MS
        if seen:
            known = known.heard(at + silent, interrupted=True)
    return found, before


def main() -> None:
    """Count, and print a line for each quality and one for the fleet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--homes", type=int, default=300, help="of each quality of line")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fleet = fleet_before = 0.0
    for name, share in LINES:
        counts = [
            false_alarms(QUALITIES[name], Random(f"silence/{options.seed}/{name}/{home}"))  # noqa: S311
            for home in range(options.homes)
        ]
        thousands = options.homes * DAYS / 1000
        rate, before = (sum(each) / thousands for each in zip(*counts, strict=True))
        report(f"silence.{name}", rate, before)
        fleet += share * rate
        fleet_before += share * before
    report("silence.fleet", fleet, fleet_before)


def report(name: str, rate: float, before: float) -> None:
    """Print one line."""
    ratio = round(rate / before, 2) if before else None
    unit = "false/1,000 lift-days"
    values = {"value": round(rate, 3), "unit": unit, "baseline": round(before, 3), "ratio": ratio}
    print(json.dumps({"name": name} | values), flush=True)


if __name__ == "__main__":
    main()
