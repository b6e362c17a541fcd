"""How long a year of a thousand lifts takes to be judged again, on one core.

Rides, conditions, faults, calls and connections through every detector that needs no readings; what
the readings take follows from ``benchmarks.detectors``.
"""

import json
import time
from datetime import UTC, datetime, timedelta

from evaluation.fleet import START, of
from evaluation.platform import Platform
from gateway.protocol.vocabulary import AidKind
from simulator.years import Fleet

LIFTS = 1_000
SAMPLE = 12
DAYS = 365
LIMIT_MIN = 60.0  # "in minutes": within the hour


def main() -> None:
    fleet = Fleet(size=SAMPLE, days=DAYS, seed=3, start=START, kinds={AidKind.STAIRLIFT: 1.0})
    start = datetime.combine(START, datetime.min.time(), UTC)
    cpu_s, messages = 0.0, 0
    for aid in fleet:
        said = aid.said()
        platform = Platform(of(aid.record), since=start - timedelta(days=1), emergency=())
        began_s = time.process_time()
        for one in said:
            platform.hear(one)
        platform.advance_to(start + timedelta(days=DAYS))
        cpu_s += time.process_time() - began_s
        messages += len(said)
    minutes = cpu_s / SAMPLE * LIFTS / 60
    for name, value, unit, limit in (
        ("backtest.year_of_1000_lifts", minutes, "min/core", LIMIT_MIN),
        ("backtest.messages", messages / cpu_s, "messages/s/core", None),
    ):
        ratio = None if limit is None else round(value / limit, 2)
        line = {"name": name, "value": round(value, 1), "unit": unit, "baseline": limit}
        print(json.dumps(line | {"ratio": ratio}), flush=True)


if __name__ == "__main__":
    main()
