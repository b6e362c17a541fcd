"""How many readings the stuck detector judges a second on one core, and how many there are.

    python -m benchmarks.detectors [--lifts 40] [--repeat 5]

Simulated households live for a day behind the real gateway code; what they say is judged as the
engine judges it: batch by batch, at-rest readings left out, timers in between. Each line is a JSON
object: name, value, unit, baseline, ratio (value to baseline). The baseline is what 100,000 lifts
produce in real time in their busiest hour: the readings a lift sends a day, spread over the day,
times the share of that hour in these households' rides (at least ``PEAK``).
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import msgspec

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.stuck import Stuck
from diagnostics.facts import Fact, Sampled
from evaluation.ear import Ear
from simulator import manifest
from simulator.dwelling import USUAL_START_MS, home_of
from simulator.living import DAY_MS
from simulator.manifest import AidRecord
from simulator.said import Said
from simulator.solo import listen, run_home
from simulator.tenant import tenant_of

LIFTS = 100_000
PEAK = 3.0
LAG = timedelta(milliseconds=100)


class Spoken(NamedTuple):
    """What one lift said in a day: batches of facts that came together."""

    aid: Aid
    batches: list[list[Fact]]


def day_of(aid: AidRecord, seed: int) -> Spoken:
    """Let a household live for a day."""
    ear, batches = Ear(), list[list[Fact]]()

    def hear(said: Said) -> None:
        if facts := [fact for fact in ear.hear(said) if not _at_rest(fact)]:
            batches.append(facts)

    home = home_of(aid, seed=seed, start_wall_ms=USUAL_START_MS)
    home.begin(tenant_of(home, day_ms=0).live())
    run_home(
        home,
        device=aid.device,
        until_ms=DAY_MS,
        rng=Random(f"trace/{seed}/{aid.device}"),  # noqa: S311 - repeatable is the point
        take=listen(aid.device, hear),
        start_wall_ms=USUAL_START_MS,
        doze_ms=60_000,
    )
    return Spoken(Aid(device_id=1, kind=aid.kind, rail_length_mm=aid.rail_length_mm), batches)


def judge(days: Sequence[Spoken], *, stored: bool) -> float:
    """Return how long judging takes, in seconds of this core."""
    detector = Stuck()
    encoder = msgspec.json.Encoder()
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(detector.state_type)
    began = time.process_time()
    for aid, batches in days:
        state: Any = None
        due_at: datetime | None = None
        since = batches[0][0].received_at
        for facts in batches:
            now = facts[-1].received_at + LAG
            while due_at is not None and due_at < now:
                outcome = detector.step(state, (), now=due_at, aid=aid, listening_since=since)
                state, due_at = outcome.state, outcome.due_at
            outcome = detector.step(state, facts, now=now, aid=aid, listening_since=since)
            state, due_at = outcome.state, outcome.due_at
            if stored:
                state = decoder.decode(encoder.encode(state))
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lifts", type=int, default=40)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    records = (aid for aid in manifest.records(size=options.lifts * 3, seed=5))
    lifts = [aid for aid in records if aid.kind == "stairlift"][: options.lifts]
    days = [day_of(aid, seed=5) for aid in lifts]
    facts = [fact for day in days for batch in day.batches for fact in batch]
    readings = [fact for fact in facts if isinstance(fact, Sampled)]
    hours = Counter(fact.measured_at.hour for fact in readings)
    a_day = len(readings) / len(days)
    peak = max(PEAK, max(hours.values()) / len(readings) * 24)
    need = LIFTS * a_day / 86_400 * peak
    report("detectors.readings_of_a_lift", a_day, "readings/lift-day")
    report("detectors.busiest_hour", peak, "times the mean hour")
    for name, stored in (("detectors.stuck", False), ("detectors.stuck_stored", True)):
        seconds = min(judge(days, stored=stored) for _ in range(options.repeat))
        report(name, len(readings) / seconds, "readings/s/core", need)


def report(name: str, value: float, unit: str, baseline: float | None = None) -> None:
    ratio = None if baseline is None else round(value / baseline, 2)
    line = {"name": name, "value": round(value, 1), "unit": unit}
    rounded = None if baseline is None else round(baseline, 1)
    print(json.dumps(line | {"baseline": rounded, "ratio": ratio}), flush=True)


def _at_rest(fact: Fact) -> bool:
    return isinstance(fact, Sampled) and fact.sample.at_rest


if __name__ == "__main__":
    main()
