"""A detector of emergencies: state + facts + now → what is suspected, certain, or passed."""

from collections.abc import Sequence
from datetime import datetime

from diagnostics.detectors.contract import Aid, Finding, Level, Outcome
from diagnostics.detectors.emergency import calls as calling
from diagnostics.detectors.emergency import findings
from diagnostics.detectors.emergency.calls import CallStage
from diagnostics.detectors.emergency.judgement import Judgement
from diagnostics.detectors.emergency.memory import Memory
from diagnostics.detectors.emergency.rules import Rules
from diagnostics.facts import Called, Fact


class EmergencyDetector:
    """Finds people who cannot get off, by the rules of their kind of aid."""

    name: str
    version: int
    kinds: frozenset[str]
    state_type: type = Memory

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def at_once(self, call: Called) -> Finding | None:
        """Find the emergency that a fresh call is, whatever else there is to read."""
        (memo,) = calling.hear((), call, self._rules.limits)
        if memo.stage is not CallStage.CERTAIN:
            return None
        return findings.of_call(memo, Level.CERTAIN, self._rules.what)

    def step(
        self,
        state: Memory | None,
        facts: Sequence[Fact],
        *,
        now: datetime,
        aid: Aid,
        listening_since: datetime | None,
    ) -> Outcome:
        """Judge ``facts`` on top of ``state``; see the contract."""
        if state is None and not facts:
            return Outcome(state=None)
        judgement = Judgement(state or Memory(), self._rules, aid, listening_since)
        for fact in facts:
            # First what the time since the last fact brought, as a timer would have shown it.
            judgement.catch_up(fact.received_at)
            judgement.take(fact)
        judgement.pass_time(now)
        return judgement.outcome()
