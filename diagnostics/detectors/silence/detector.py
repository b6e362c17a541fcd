"""The silence detector: state + facts + now → which silences are longer than this aid's own."""

from collections.abc import Sequence
from datetime import datetime

from diagnostics.detectors.contract import Aid, Outcome, Unhurried
from diagnostics.detectors.silence.judgement import Judgement
from diagnostics.detectors.silence.memory import Memory
from diagnostics.detectors.silence.parameters import Parameters
from diagnostics.facts import Fact, LastHeard
from gateway.protocol.vocabulary import AidKind


class Silence(Unhurried):
    """Finds aids that are away, mute, or do not test, for longer than is usual for them."""

    name: str = "silence"
    version: int = 4
    kinds: frozenset[str] = frozenset(AidKind)
    state_type: type = Memory

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def step(
        self,
        state: Memory | None,
        facts: Sequence[Fact],
        *,
        now: datetime,
        aid: Aid,  # noqa: ARG002 - the contract's
        listening_since: datetime | None,
    ) -> Outcome:
        """Judge ``facts`` on top of ``state``; see the contract."""
        said = [fact for fact in facts if not isinstance(fact, LastHeard)]
        newest = [fact for fact in facts if isinstance(fact, LastHeard)]
        if state is None:
            if not said:
                return Outcome(state=None)
            state = Memory(clock=said[0].received_at, met_at=said[0].received_at)
        judgement = Judgement(state, self._limits, listening_since)
        for fact in said:
            # First what the time since the last fact brought, as a timer would have shown it.
            judgement.pass_time(fact.received_at)
            judgement.take(fact)
        for last in newest:
            judgement.take(last)
        judgement.pass_time(now, newest_known=bool(newest))
        return judgement.outcome()
