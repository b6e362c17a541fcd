"""Feeds one detector as the engine does, and keeps what it found last of every episode."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from diagnostics.detectors.contract import Aid, Detector, Finding, Level
from diagnostics.facts import Fact
from tests.support.facts import AID, at


class Desk:
    """What people see of one aid. Times in seconds since the start of the test."""

    def __init__(
        self, detector: Detector, *, aid: Aid = AID, listening_since: float | None = -3_600
    ) -> None:
        self.detector = detector
        self.aid = aid
        self.state: Any = None
        self.findings: dict[str, Finding] = {}
        self.certain_at: dict[str, float] = {}
        self.due_at: datetime | None = None
        self.all_clear = False
        self.attentive = False
        self.listening_since = None if listening_since is None else at(listening_since)

    def hear(self, facts: Sequence[Fact] = (), *, now: float) -> None:
        """Hand over facts that have been received by ``now``."""
        facts = sorted(facts, key=lambda fact: fact.received_at)
        outcome = self.detector.step(
            self.state, facts, now=at(now), aid=self.aid, listening_since=self.listening_since
        )
        self.state = outcome.state
        self.findings |= {finding.key: finding for finding in outcome.findings}
        for finding in outcome.findings:
            if finding.level is Level.CERTAIN:
                self.certain_at.setdefault(finding.key, now)
        self.due_at = outcome.due_at
        self.attentive = outcome.attentive
        self.all_clear = self.all_clear or outcome.all_clear

    def live(self, facts: Sequence[Fact]) -> None:
        """Let facts come one by one, with timers in between."""
        for fact in sorted(facts, key=lambda fact: fact.received_at):
            now = (fact.received_at - at(0)).total_seconds()
            self._serve(now)
            self.hear([fact], now=now)

    def wait(self, until: float) -> None:
        """Let time pass as the engine does: call when due."""
        self._serve(until)
        self.hear(now=until)

    def _serve(self, until: float) -> None:
        while self.due_at is not None and self.due_at <= at(until):
            self.hear(now=(self.due_at - at(0)).total_seconds())

    def certain(self) -> list[Finding]:
        """Return what is certain."""
        return [f for f in self.findings.values() if f.level is Level.CERTAIN]

    def codes(self, level: Level = Level.CERTAIN) -> set[str]:
        """Return the reasons of what is found."""
        return {r.code for f in self.findings.values() if f.level is level for r in f.reasons}
