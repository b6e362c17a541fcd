"""The form of ``build/evaluation.json``, and the statistics in it.

Its JSON Schema is ``docs/evaluation/evaluation.schema.json``. Bring scenarios of your own
(``make evaluate SCENARIOS=folder``) and get the same.
"""

import math
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

VERSION: Final = 3
_Z: Final = 1.959964  # 95 %, both sides


class Delay(Struct, frozen=True, kw_only=True):
    """How long it took, in seconds from the beginning of the episode."""

    p50_s: float
    p95_s: float
    max_s: float


class Count(Struct, frozen=True, kw_only=True):
    """How often something was found that was there, or was not.

    Attributes:
        episodes: that should be found; ``found``: of them.
        recall: with an interval of 95 % (Wilson); None without episodes.
        alarms: all that was reported, ``false``: of them without cause; ``accused``: of those in
            an episode made to look like it.
        precision: None without alarms.
        aid_days: how long it was watched for; ``false_per_1000_aid_days``: of false alarms, with
            an upper limit of 95 %.
    """

    episodes: int
    found: int
    recall: float | None
    recall_low: float | None
    recall_high: float | None
    alarms: int
    false: int
    accused: int
    precision: float | None
    aid_days: float
    false_per_1000_aid_days: float | None
    false_per_1000_aid_days_high: float | None


class Part(Struct, frozen=True, array_like=True):
    """A count of a part: [episodes, found, false, accused], as in ``Count``."""

    episodes: int
    found: int
    false: int
    accused: int


class Lead(Struct, frozen=True, kw_only=True):
    """How long before it failed a failure was announced.

    Attributes:
        failures: that came within the time watched.
        in_time: of them announced at least ``days`` before.
        aid_years_per_false: None if there was no false announcement.
    """

    days: float
    failures: int
    in_time: int
    share: float | None
    p50_days: float | None
    aid_years_per_false: float | None


class Measured(Struct, frozen=True, kw_only=True):
    """One thing that can be found, and how well one rule finds it.

    Attributes:
        what: a word of the catalogue.
        by: the detector, or a baseline's name; ``baseline``: which of the two.
        rule: what the baseline does, in a line.
        by_profile, by_line, by_kind, by_clock: the same count in parts; not of baselines.
    """

    what: str
    by: str
    baseline: bool
    rule: str
    count: Count
    delay: Delay | None
    lead: Lead | None = None
    by_profile: dict[str, Part] = {}
    by_line: dict[str, Part] = {}
    by_kind: dict[str, Part] = {}
    by_clock: dict[str, Part] = {}
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


class Way(Struct, frozen=True, kw_only=True):
    """One behaviour of the fleets: a way of failing, of misuse, or only of looking like it.

    Attributes:
        behaviour: its name; ``what`` must be found in it, "": nothing.
        found: in how many of its episodes it was found.
        accused: in how many something was said of which it only has the look.
        p50_days: half of those found were found by then.
    """

    behaviour: str
    what: str
    episodes: int
    found: int
    accused: int
    p50_days: float | None


class Labelled(Struct, frozen=True, kw_only=True):
    """A scenario of days: in how many of its runs each word of its label was found.

    Attributes:
        found: of what must be found; ``wrong``: of what must not; ``besides``: of other words.
    """

    scenario: str
    runs: int
    as_labelled: int
    found: dict[str, int]
    wrong: dict[str, int]
    besides: dict[str, int]


class Heard(Struct, frozen=True, kw_only=True):
    """Who learned of the emergencies.

    Attributes:
        platform: the platform, whatever the lift's own telephone did.
        telephone: only the other way out that the lift itself has.
        nobody: neither.
    """

    platform: int
    telephone: int
    nobody: int


class Suspected(Struct, frozen=True, kw_only=True):
    """Emergencies that were only suspected at first: standing without a reason, or silent."""

    how: str
    episodes: int
    delay: Delay | None


class Evaluation(Struct, frozen=True, kw_only=True):
    """All of it.

    Attributes:
        seed: of the test set.
        behaviours: which of them: ``test`` or ``train``.
        left_out: draws in which what the label says did not happen.
    """

    version: int
    seed: int
    behaviours: str
    scenarios: str
    emergency_draws: int
    left_out: int
    living_days: float
    fleet_days: float
    targets: tuple["Target", ...]
    heard: Heard
    suspected: tuple[Suspected, ...]
    measured: tuple[Measured, ...]
    ways: tuple[Way, ...]
    days: tuple[Labelled, ...]


class Target(Struct, frozen=True, kw_only=True):
    """Something that was asked for.

    Attributes:
        value: None where it could not be measured.
        because: where it was not reached: what was missed, late, or said without cause.
    """

    name: str
    asked: str
    value: float | None
    reached: bool
    because: tuple[str, ...] = ()


def count(
    *, episodes: int, found: int, alarms: int, false: int, aid_days: float, accused: int = 0
) -> Count:
    """Return the count with its shares and their intervals."""
    low, high = wilson(found, episodes)
    return Count(
        episodes=episodes,
        found=found,
        recall=found / episodes if episodes else None,
        recall_low=low,
        recall_high=high,
        alarms=alarms,
        false=false,
        accused=accused,
        precision=(alarms - false) / alarms if alarms else None,
        aid_days=round(aid_days, 2),
        false_per_1000_aid_days=1000 * false / aid_days if aid_days else None,
        false_per_1000_aid_days_high=1000 * poisson_high(false) / aid_days if aid_days else None,
    )


def wilson(found: int, episodes: int) -> tuple[float | None, float | None]:
    """Return the interval of 95 % of a share (Wilson 1927)."""
    if not episodes:
        return None, None
    share = found / episodes
    spread = _Z * math.sqrt(share * (1 - share) / episodes + _Z**2 / (4 * episodes**2))
    middle = share + _Z**2 / (2 * episodes)
    scale = 1 + _Z**2 / episodes
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def poisson_high(events: int) -> float:
    """Return the upper limit of 95 %, one side, of the mean that ``events`` were drawn from."""
    low, high = float(events), events + 10.0 + 4 * math.sqrt(events + 1)
    for _ in range(60):
        mean = (low + high) / 2
        term = total = math.exp(-mean)
        for number in range(1, events + 1):
            term *= mean / number
            total += term
        low, high = (mean, high) if total > 0.05 else (low, mean)
    return high


def delay(seconds: Sequence[float]) -> Delay | None:
    """Return the quantiles of ``seconds``; None if there are none."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return Delay(
        p50_s=round(quantile(ordered, 0.5), 3),
        p95_s=round(quantile(ordered, 0.95), 3),
        max_s=round(ordered[-1], 3),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of values in order: the nearest one at or above."""
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]
