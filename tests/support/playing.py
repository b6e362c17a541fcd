"""Plays facts to one detector as the engine does: either lane, states through storage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from diagnostics.detectors.contract import Detector, Finding, Level, Outcome
from diagnostics.detectors.registry import EMERGENCY
from diagnostics.facts import Fact, Sampled
from tests.support.facts import at, last_heard
from tests.support.tales import Tale

LISTENING_SINCE = at(-60)


class Played(Struct):
    """What came of it: the last of each finding, by key, and the state."""

    findings: dict[str, Finding]
    state: Any = None

    def certain(self) -> dict[str, str]:
        """Return what was certain: key to word."""
        return {
            key: found.what for key, found in self.findings.items() if found.level is Level.CERTAIN
        }


def hears(detector: Detector, facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts that the detector's lane reads."""
    if detector in EMERGENCY:
        return list(facts)
    return [fact for fact in facts if not isinstance(fact, Sampled)]


def play(
    detector: Detector, tale: Tale, *, batches: Sequence[int] = (), stored: bool = True
) -> Played:
    """Play a tale, facts in the order of reception, timers served in between.

    Args:
        detector: to be played to.
        tale: what is said.
        batches: how many facts are read at a time, in turn; one by one if not given.
        stored: whether the state goes through storage after every step.
    """
    played = Played({})
    due_at: datetime | None = None
    heard_at: datetime | None = None

    def step(heard: Sequence[Fact], now: datetime) -> None:
        nonlocal due_at
        outcome = detector.step(
            played.state, heard, now=now, aid=tale.aid, listening_since=LISTENING_SINCE
        )
        played.findings |= {finding.key: finding for finding in outcome.findings}
        due_at = outcome.due_at
        played.state = through_storage(detector, outcome) if stored else outcome.state

    def pass_time(until: datetime, *, including: bool) -> None:
        slow = detector not in EMERGENCY and heard_at is not None
        while due_at is not None and (due_at < until or (including and due_at == until)):
            step([last_heard(heard_at)] if slow and heard_at else [], due_at)

    position, turn = 0, 0
    while position < len(tale.facts):
        size = batches[turn % len(batches)] if batches else 1
        turn += 1
        group = tale.facts[position : position + size]
        position += size
        pass_time(group[0].received_at, including=False)
        heard_at = group[-1].received_at
        heard = hears(detector, group)
        if heard:
            step(heard, heard_at)
    pass_time(at(tale.until), including=True)
    return played


def through_storage(detector: Detector, outcome: Outcome) -> Any:
    """Return the state as it comes back from the database."""
    if outcome.state is None:
        return None
    return msgspec.json.decode(msgspec.json.encode(outcome.state), type=detector.state_type)
