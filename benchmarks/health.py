"""How the health detectors do on simulated years: found, how early, and said without cause.

    python -m benchmarks.health [--aids 100] [--days 365] [--seed 1] [--more drive_worn]

Only behaviours of training are used: this is for development, the verdict is ``make evaluate``.
Each line is a JSON object: name, value, unit, baseline, ratio (value to baseline). The baseline is
what was asked, where something was.
"""

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from diagnostics.detectors.battery import Battery
from diagnostics.detectors.brake import Brake
from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.charger import Charger
from diagnostics.detectors.contract import Detector, Finding, Level
from diagnostics.detectors.drive import Drive
from diagnostics.detectors.edges import Edges
from diagnostics.detectors.fault import Fault
from diagnostics.detectors.service import Service
from diagnostics.detectors.signal import Signal
from simulator.truth import Episode
from simulator.years import BEHAVIOURS, Fleet, Split
from tests.support.years import facts_of, lived_through

HEALTH: tuple[Detector, ...] = (
    Fault(),
    Battery(),
    Charger(),
    Drive(),
    Brake(),
    Edges(),
    Signal(),
    Service(),
)
AHEAD_DAYS = 14
AHEAD_ASKED = 0.8
FALSE_ASKED = 1.0  # in twenty aid-years
# Found a little after it was repaired is found.
GRACE = timedelta(days=7)
NEVER = datetime.max.replace(tzinfo=UTC)


def report(name: str, value: float, unit: str, baseline: float | None = None) -> None:
    ratio = None if baseline is None else round(value / baseline, 3)
    line = {"name": name, "value": round(value, 3), "unit": unit}
    print(json.dumps(line | {"baseline": baseline, "ratio": ratio}), flush=True)


def moment(text: str | None) -> datetime:
    return NEVER if text is None else datetime.fromisoformat(text)


def covers(episode: Episode, at: datetime) -> bool:
    until = moment(episode.until)
    return moment(episode.began) <= at <= (until + GRACE if until is not NEVER else NEVER)


def announced(found: Iterable[tuple[datetime, Finding]]) -> dict[tuple[str, str], datetime]:
    """Return when each finding was first certain, by word and key."""
    first: dict[tuple[str, str], datetime] = {}
    for now, finding in found:
        if finding.level is Level.CERTAIN:
            first.setdefault((finding.what, finding.key), now)
    return first


class Score:
    """What was found of what there was, by word."""

    def __init__(self) -> None:
        self.episodes: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.lead_days: dict[str, list[float]] = defaultdict(list)
        self.false: Counter[str] = Counter()

    def take(self, truth: Iterable[Episode], first: dict[tuple[str, str], datetime]) -> None:
        """Compare what was said of one aid with the truth about it."""
        truth = list(truth)
        for episode in truth:
            if CATALOGUE.get(episode.finding, CATALOGUE["stuck"]).detector not in NAMES:
                continue
            self.episodes[episode.finding] += 1
            right = [
                at
                for (what, _), at in first.items()
                if what == episode.finding and covers(episode, at)
            ]
            self.found[episode.finding] += bool(right)
            if episode.fails is not None:
                early = (moment(episode.fails) - min(right, default=NEVER)) / timedelta(days=1)
                self.lead_days[episode.finding].append(early)
        for (what, _), at in first.items():
            if not any(
                (what == each.finding or what in each.allowed) and covers(each, at)
                for each in truth
            ):
                self.false[what] += 1


NAMES = {detector.name for detector in HEALTH}


def rates(more: str) -> dict[str, float] | None:
    """Return how often each behaviour is met, if some are wanted oftener."""
    words = {word for word in more.split(",") if word}
    if not words:
        return None
    return {
        each.name: 0.1 if each.finding in words else 0.03
        for each in BEHAVIOURS.values()
        if each.finding in words or not each.finding
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--aids", type=int, default=100)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--more", default="", help="words of the catalogue to have oftener")
    chosen = parser.parse_args()
    fleet = Fleet(
        size=chosen.aids,
        days=chosen.days,
        seed=chosen.seed,
        split=Split.TRAIN,
        rates=rates(chosen.more),
    )
    score, facts_read = Score(), 0
    took_s: dict[str, float] = defaultdict(float)
    for aid in fleet:
        facts = list(facts_of(aid.said()))
        facts_read += len(facts)
        first: dict[tuple[str, str], datetime] = {}
        for detector in HEALTH:
            if aid.aid.kind not in detector.kinds:
                continue
            began = time.process_time()
            first |= announced(lived_through(detector, aid, facts=facts))
            took_s[detector.name] += time.process_time() - began
        score.take(aid.truth, first)
    years = chosen.aids * chosen.days / 365
    report("health.aid_years", years, "aid-years")
    for word, count in sorted(score.episodes.items()):
        report(f"health.{word}.recall", score.found[word] / count, f"of {count} episodes")
        leads = score.lead_days[word]
        if leads:
            early = sum(lead >= AHEAD_DAYS for lead in leads) / len(leads)
            report(f"health.{word}.announced_14_days_ahead", early, "part", AHEAD_ASKED)
    for word, entry in CATALOGUE.items():
        if entry.detector in NAMES:
            false = 20 * score.false[word] / years
            report(f"health.{word}.false", false, "in 20 aid-years", FALSE_ASKED)
    for name, seconds in took_s.items():
        report(f"health.{name}.cost", 1e6 * seconds / max(facts_read, 1), "us/fact", 30.0)


if __name__ == "__main__":
    main()
