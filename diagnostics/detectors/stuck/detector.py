"""The stuck detector: state + facts + now → what is suspected, certain, or passed."""

from collections.abc import Sequence
from datetime import datetime

from diagnostics.detectors.contract import Aid, Finding, Level, Outcome
from diagnostics.detectors.stuck import calls as calling
from diagnostics.detectors.stuck import findings
from diagnostics.detectors.stuck.calls import CallStage
from diagnostics.detectors.stuck.judgement import Judgement
from diagnostics.detectors.stuck.memory import Memory
from diagnostics.detectors.stuck.parameters import Parameters
from diagnostics.facts import Called, Fact


class Stuck:
    """Finds riders who cannot get off."""

    name: str = "stuck"
    version: int = 1
    kinds: frozenset[str] = frozenset({"stairlift"})
    state_type: type = Memory

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def at_once(self, call: Called) -> Finding | None:
        """Find the emergency that a fresh call is, whatever else there is to read."""
        (memo,) = calling.hear((), call, self._limits)
        return findings.of_call(memo, Level.CERTAIN) if memo.stage is CallStage.CERTAIN else None

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
        judgement = Judgement(state or Memory(), self._limits, aid, listening_since)
        for fact in facts:
            # First what the time since the last fact brought, as a timer would have shown it.
            judgement.catch_up(fact.received_at)
            judgement.take(fact)
        judgement.pass_time(now)
        return judgement.outcome()
