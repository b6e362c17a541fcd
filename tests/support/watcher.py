"""A slow detector made for tests of its lane: simple rules that ask for each thing there is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from diagnostics.detectors.contract import (
    Aid,
    Ask,
    Evidence,
    Finding,
    Forecast,
    Level,
    Outcome,
    Reason,
    Unhurried,
)
from diagnostics.facts import ConditionReported, Fact, FaultChanged, LastHeard, RideEnded
from gateway.protocol.vocabulary import Edge

SILENCE = timedelta(days=2)
UNSAFE = "brake"


class Memory(Struct):
    """``raised``: faults, by code; ``heard_at``: newest word read or known of."""

    raised: dict[str, datetime] = {}
    heard_at: datetime | None = None
    told: bool = False


class Watcher(Unhurried):
    """Faults ask for repair, low batteries for advice; loads are signals, silence a notice."""

    name = "watcher"
    version = 3
    kinds = frozenset({"stairlift"})
    state_type: type = Memory

    def __init__(self) -> None:
        self.heard: list[Fact] = []

    def step(
        self,
        state: Memory | None,
        facts: Sequence[Fact],
        *,
        now: datetime,
        aid: Aid,  # noqa: ARG002 - the contract's
        listening_since: datetime | None,  # noqa: ARG002
    ) -> Outcome:
        """Judge, fact by fact."""
        self.heard += facts
        memory = state or Memory()
        raised, found = dict(memory.raised), list[Finding]()
        heard_at = max((fact.received_at for fact in facts), default=memory.heard_at)
        heard_at = max(filter(None, (heard_at, memory.heard_at)), default=None)
        for fact in facts:
            match fact:
                case FaultChanged(code=code, edge=Edge.RAISED):
                    raised[code] = fact.measured_at
                    found.append(self._fault(code, fact.measured_at, fact, None))
                case FaultChanged(code=code) if code in raised:
                    began = raised.pop(code)
                    found.append(self._fault(code, began, fact, fact.measured_at))
                case ConditionReported(battery_min_mv=int(lowest)) if lowest < 22_000:
                    forecast = Forecast(fact.measured_at, 10, 20, 40.5)
                    found.append(
                        _finding(
                            fact, "battery_worn", Ask.ADVICE, confidence=0.8, forecast=forecast
                        )
                    )
                case RideEnded(load_kg=int(load)) if load > 150:
                    other = (Reason("seat_empty"),)
                    found.append(_finding(fact, "overload", Ask.SIGNAL, otherwise=other))
        quiet = heard_at is not None and now >= heard_at + SILENCE
        if quiet and not memory.told and any(isinstance(each, LastHeard) for each in facts):
            found.append(_finding(facts[-1], "offline", Ask.NOTICE))
        due_at = heard_at + SILENCE if heard_at is not None and not quiet else None
        return Outcome(state=Memory(raised, heard_at, quiet), findings=tuple(found), due_at=due_at)

    @staticmethod
    def _fault(code: str, since: datetime, fact: Fact, ended_at: datetime | None) -> Finding:
        return _finding(
            fact,
            "fault",
            Ask.REPAIR,
            key=f"{code}:{since.isoformat()}",
            since=since,
            usable=code != UNSAFE,
            ended_at=ended_at,
            reasons=(Reason("blocked", {"fault": code}),),
        )


def _finding(fact: Fact, what: str, asks: Ask, **more: Any) -> Finding:
    values: dict[str, Any] = {
        "key": f"{what}:{fact.received_at.isoformat()}",
        "level": Level.CERTAIN,
        "since": fact.measured_at,
        "reasons": (Reason("seat_empty"),),
        "evidence": Evidence((fact.log_no,), fact.measured_at, fact.received_at),
        "what": what,
        "asks": asks,
    }
    return Finding(**(values | more))
