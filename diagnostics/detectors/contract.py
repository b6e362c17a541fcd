"""What every detector is: a pure step from state and facts to state and findings.

The engine calls ``step`` with new facts of one device, or with none when its timer is due. It may
call with the same facts again after a crash, with facts late or out of order, and in any
grouping: a detector must come to the same findings.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct

from diagnostics.facts import Called, Fact


class Level(StrEnum):
    """How sure a finding is."""

    SUSPECTED = "suspected"
    CERTAIN = "certain"
    PASSED = "passed"  # it was so and is over by itself: recorded, acted upon by nobody


class Reason(Struct, frozen=True):
    """Why: a code that people's languages have a sentence for, and what goes into it."""

    code: str
    parameters: dict[str, Any] = {}


class Evidence(Struct, frozen=True):
    """Where to look: numbers in the shard's log, and the time they cover."""

    log_nos: tuple[int, ...]
    first_at: datetime
    last_at: datetime


class Finding(Struct, frozen=True, kw_only=True):
    """One episode that a detector found in one device, as sure as it is now.

    ``key`` names the episode and stays the same while it grows from suspected to certain.
    ``emergency`` asks for a priority-1 ticket once certain. ``call_id`` is the lift's own call
    that it is about, to be answered.
    """

    key: str
    level: Level
    emergency: bool
    since: datetime
    reasons: tuple[Reason, ...]
    evidence: Evidence
    ended_at: datetime | None = None
    call_id: str | None = None


class Aid(Struct, frozen=True, kw_only=True):
    """What a detector may know of the device."""

    device_id: int
    kind: str
    rail_length_mm: int | None


class Outcome(Struct, frozen=True, kw_only=True):
    """What a step comes to.

    Attributes:
        state: what to remember; None forgets the device.
        findings: new or changed ones only.
        due_at: when to call again though nothing is heard; None never.
        attentive: read everything of this device, at rest or not.
        all_clear: the lift says that all is well again; a hint, never an end.
    """

    state: Any
    findings: tuple[Finding, ...] = ()
    due_at: datetime | None = None
    attentive: bool = False
    all_clear: bool = False


class Detector(Protocol):
    """One kind of thing that can be wrong.

    ``version`` changes with its rules, and is stored with every finding. ``state_type`` is the
    msgspec type of its state.
    """

    name: str
    version: int
    kinds: frozenset[str]
    state_type: type

    def at_once(self, call: Called) -> Finding | None:
        """Judge a call by itself, before anything else of its device is read.

        Must find no more than ``step`` will of the same call; None leaves it to ``step``.
        """

    def step(
        self,
        state: Any | None,
        facts: Sequence[Fact],
        *,
        now: datetime,
        aid: Aid,
        listening_since: datetime | None,
    ) -> Outcome:
        """Judge ``facts`` (oldest received first) on top of ``state``.

        Args:
            facts: new ones.
            state: what the last step returned, None for a device not met before.
            now: the platform's time; timers that fell due fire.
            aid: the device.
            listening_since: since when the platform hears this device's shard without a break;
                None if it does not now. Silence before it, or without it, means nothing.
        """
