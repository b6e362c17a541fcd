"""The platform's verdict on one device, in virtual time and without a database.

The detectors are those of the registry, called as the engine calls them: with new facts, and when
a timer is due. That the engine with its database comes to the same is shown by the end-to-end
tests (``tests/e2e/test_scenarios.py``, live against replay).
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from diagnostics.detectors.contract import Aid, Detector, Finding, Level
from diagnostics.detectors.registry import ANALYSIS, EMERGENCY
from diagnostics.facts import Fact, LastHeard, Order, Sampled
from evaluation.ear import Ear
from simulator.said import Said

# How long the engine needs until it looks, measured on a loaded machine (see benchmarks).
LAG: Final = timedelta(milliseconds=100)
# The analysis lane is in no hurry.
ANALYSIS_LAG: Final = timedelta(seconds=30)
# With what else a device said, its readings at rest are read for so long.
_NOTABLE_FOR: Final = timedelta(seconds=2)


class Found(Struct, frozen=True):
    """A finding as it stood at one moment."""

    at: datetime
    detector: str
    finding: Finding

    @property
    def certain(self) -> bool:
        """Whether something is done about it."""
        return self.finding.level is Level.CERTAIN


class _Watching:
    """One detector and what it remembers of the device."""

    def __init__(self, detector: Detector, lag: timedelta, *, samples: bool) -> None:
        self._detector = detector
        self._lag = lag
        self._samples = samples
        self._state: Any = None
        self._attentive = False
        self._notable_until: datetime | None = None
        self.due_at: datetime | None = None

    def hear(
        self, facts: Sequence[Fact], at: datetime, aid: Aid, listening_since: datetime
    ) -> list[Found]:
        wanted = [fact for fact in facts if self._reads(fact)]
        return self._step(wanted, at + self._lag, aid, listening_since) if wanted else []

    def wake(self, last_heard: Fact, aid: Aid, listening_since: datetime) -> list[Found]:
        at, self.due_at = self.due_at, None
        assert at is not None  # noqa: S101 - only who is due is woken
        facts = [] if self._samples else [last_heard]
        return self._step(facts, at, aid, listening_since)

    def _reads(self, fact: Fact) -> bool:
        if not isinstance(fact, Sampled):
            self._notable_until = fact.received_at + _NOTABLE_FOR
            return True
        if not self._samples:
            return False
        if not fact.sample.at_rest:
            self._notable_until = fact.received_at + _NOTABLE_FOR
            return True
        recent = self._notable_until is not None and fact.received_at <= self._notable_until
        return self._attentive or recent

    def _step(
        self, facts: Sequence[Fact], now: datetime, aid: Aid, listening_since: datetime
    ) -> list[Found]:
        outcome = self._detector.step(
            self._state, facts, now=now, aid=aid, listening_since=listening_since
        )
        self._state = outcome.state
        self._attentive = outcome.attentive
        self.due_at = outcome.due_at and max(outcome.due_at, now + self._lag)
        return [Found(now, self._detector.name, finding) for finding in outcome.findings]


class Platform:
    """Judges one device as it speaks.

    Args:
        aid: the device, as registered at first.
        since: since when the platform listens.
        emergency: detectors that read everything.
        analysis: detectors that read no samples.
        changes: of the register, each from a moment on, oldest first.
        heard_at: when anything was last received, where what is heard here is not all of it.
    """

    def __init__(
        self,
        aid: Aid,
        *,
        since: datetime,
        emergency: Sequence[Detector] = EMERGENCY,
        analysis: Sequence[Detector] = ANALYSIS,
        changes: Sequence[tuple[datetime, Aid]] = (),
        heard_at: Callable[[datetime], datetime | None] | None = None,
    ) -> None:
        self._aid = aid
        self._changes = list(changes)
        self._ask_heard_at = heard_at
        self._ear = Ear()
        self._since = since
        self._heard_at = since
        self._watching = [
            *(_Watching(each, LAG, samples=True) for each in emergency if aid.kind in each.kinds),
            *(
                _Watching(each, ANALYSIS_LAG, samples=False)
                for each in analysis
                if aid.kind in each.kinds
            ),
        ]
        self.facts: list[Fact] = []
        self.received: dict[int, datetime] = {}
        self.found: list[Found] = []

    def hear(self, said: Said, *, keep: bool = False) -> None:
        """Take a message; those must come in the order of reception."""
        facts = self._ear.hear(said)
        if not facts:
            return
        at = facts[0].received_at
        self.advance_to(at)
        self._heard_at = at
        self.received[facts[0].log_no] = at
        if keep:
            self.facts.extend(facts)
        for each in self._watching:
            self.found.extend(each.hear(facts, at, self._aid, self._since))

    def advance_to(self, now: datetime) -> None:
        """Let timers fire that are due until ``now``."""
        while True:
            due = [each for each in self._watching if each.due_at and each.due_at < now]
            if not due:
                break
            first = min(due, key=lambda each: each.due_at or now)
            at = first.due_at or now
            self._register(at)
            self.found.extend(first.wake(self._last_heard(at), self._aid, self._since))
        self._register(now)

    def _register(self, now: datetime) -> None:
        while self._changes and self._changes[0][0] <= now:
            self._aid = self._changes.pop(0)[1]

    def _last_heard(self, now: datetime) -> Fact:
        at = self._heard_at
        if self._ask_heard_at is not None:
            at = self._ask_heard_at(now) or at
        return LastHeard(order=Order(0, 0), log_no=0, measured_at=at, received_at=at)

    @property
    def emergency_at(self) -> datetime | None:
        """When the first emergency was certain: its ticket would be open."""
        return next(
            (each.at for each in self.found if each.certain and each.finding.emergency), None
        )
