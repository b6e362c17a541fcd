"""What one would have instead: the rules that an emergency verdict is compared with.

They get the same facts, at the same moments, under the same contract.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from diagnostics.detectors.contract import (
    Aid,
    Evidence,
    Finding,
    Level,
    Outcome,
    Reason,
    Unhurried,
)
from diagnostics.facts import Called, Fact, FaultChanged, Sampled
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import AidKind, CallPhase, CallReason, Edge, Landing, Mode, Signals

_ALL_KINDS: Final = frozenset(kind.value for kind in AidKind)


class Alarmed(Struct, frozen=True):
    """Since when the rule's condition holds; whether it has alarmed of it."""

    since: datetime | None = None
    alarmed: bool = False


class _Rule(Unhurried):
    """A condition on one reading that must hold for a time."""

    name: str
    version: int = 1
    kinds: frozenset[str] = _ALL_KINDS
    state_type: type = Alarmed
    lasts: timedelta

    def holds(self, sample: Sample) -> bool:
        raise NotImplementedError

    def step(
        self,
        state: Alarmed | None,
        facts: Sequence[Fact],
        *,
        now: datetime,
        aid: Aid,  # noqa: ARG002 - the contract's
        listening_since: datetime | None,  # noqa: ARG002
    ) -> Outcome:
        """Judge by the newest reading, in the order of reception, as such rules do."""
        state = state or Alarmed()
        findings: list[Finding] = []
        for fact in facts:
            sample = _sample_of(fact)
            if sample is None:
                continue
            if not self.holds(sample):
                state = Alarmed()
            elif state.since is None:
                state = Alarmed(since=fact.received_at)
        if state.since is not None and not state.alarmed and now >= state.since + self.lasts:
            state = Alarmed(since=state.since, alarmed=True)
            assert state.since is not None  # noqa: S101 - just given
            findings.append(_finding(self.name, state.since, now))
        due_at = state.since + self.lasts if state.since and not state.alarmed else None
        return Outcome(state=state, findings=tuple(findings), due_at=due_at, attentive=True)


class FaultOffLanding(_Rule):
    """A fault code is present while the aid is off its landing (on wheels: away; hoist: loaded)."""

    name = "fault_off_landing"
    lasts = timedelta(0)

    def holds(self, sample: Sample) -> bool:
        """Whether it is so in one reading."""
        return sample.fault is not None and _off(sample)


class FixedDuration(_Rule):
    """It stands still off its landing for a minute: an alarm rule of any IoT platform."""

    name = "fixed_duration"
    lasts = timedelta(seconds=60)

    def holds(self, sample: Sample) -> bool:
        """Whether it is so in one reading."""
        return not sample.moving and _off(sample)


class OwnCall(Unhurried):
    """The modem's own call, and nothing else."""

    name: str = "own_call"
    version: int = 1
    kinds: frozenset[str] = _ALL_KINDS
    state_type: type = Alarmed

    def step(
        self,
        state: Alarmed | None,
        facts: Sequence[Fact],
        *,
        now: datetime,
        aid: Aid,  # noqa: ARG002 - the contract's
        listening_since: datetime | None,  # noqa: ARG002
    ) -> Outcome:
        """Alarm at the first call that is no test."""
        alarmed = state is not None and state.alarmed
        findings: list[Finding] = []
        for fact in facts:
            real = (
                isinstance(fact, Called)
                and fact.reason != CallReason.TEST
                and fact.phase is not CallPhase.CLEARED
            )
            if real and not alarmed:
                alarmed = True
                findings.append(_finding(self.name, fact.received_at, now))
        return Outcome(state=Alarmed(alarmed=alarmed), findings=tuple(findings))


BASELINES: Final = (FaultOffLanding(), FixedDuration(), OwnCall())


def _sample_of(fact: Fact) -> Sample | None:
    if isinstance(fact, Sampled):
        return fact.sample
    if isinstance(fact, FaultChanged) and fact.edge is Edge.RAISED:
        return fact.sample
    return None


def _off(sample: Sample) -> bool:
    if sample.mode is not Mode.NORMAL:
        return False
    if sample.landing is not Landing.UNKNOWN:
        return sample.landing is Landing.BETWEEN
    return bool(sample.signals & Signals.AWAY)


def _finding(name: str, since: datetime, now: datetime) -> Finding:
    return Finding(
        key=f"{name}:{since.isoformat()}",
        level=Level.CERTAIN,
        since=since,
        reasons=(Reason(name),),
        evidence=Evidence((), since, now),
        what=name,
    )
