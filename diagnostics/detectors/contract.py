"""What every detector is: a pure step from state and facts to state and findings.

The engine calls ``step`` with new facts of one device, or with none when its timer is due. It may
call with the same facts again after a crash, with facts late or out of order, and in any
grouping: a detector must come to the same findings.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct

from diagnostics.facts import Called, Fact


class Level(StrEnum):
    """How sure a finding is."""

    SUSPECTED = "suspected"
    CERTAIN = "certain"
    PASSED = "passed"  # it was so and is over by itself: recorded, acted upon by nobody


class Ask(StrEnum):
    """What a finding asks for, once it is certain."""

    EMERGENCY = "emergency"  # a priority-1 ticket: somebody needs help now
    REPAIR = "repair"  # a ticket for a mechanic, priority 2 or 3
    ADVICE = "advice"  # maintenance to be planned
    SIGNAL = "signal"  # people of the municipality may want to look: never a mechanic, never alone
    NOTICE = "notice"  # good to know: the desk sees it


class Reason(Struct, frozen=True):
    """Why: a code that people's languages have a sentence for, and what goes into it."""

    code: str
    parameters: dict[str, Any] = {}


class Evidence(Struct, frozen=True):
    """Where to look: numbers in the shard's log, and the time they cover."""

    log_nos: tuple[int, ...]
    first_at: datetime
    last_at: datetime


class Forecast(Struct, frozen=True):
    """When something will fail: days from ``at``, the median and an interval of 80 %."""

    at: datetime
    days_low: float
    days_median: float
    days_high: float


class Finding(Struct, frozen=True, kw_only=True):
    """One episode that a detector found in one device, as sure as it is now.

    Attributes:
        key: names the episode; stays the same while it grows from suspected to certain.
        what: what is found, one word of ``diagnostics.detectors.catalogue``.
        asks: what it asks for once certain.
        usable: of a repair: whether the aid can still be used safely.
        call_id: the lift's own call that it is about, to be answered.
        confidence: that it is so, 0 to 1; None where no figure can be given.
        otherwise: what else could explain it, for people who weigh a signal.
        forecast: when it will fail, if it has not yet.
    """

    key: str
    level: Level
    since: datetime
    reasons: tuple[Reason, ...]
    evidence: Evidence
    what: str = "stuck"
    asks: Ask = Ask.EMERGENCY
    usable: bool = True
    ended_at: datetime | None = None
    call_id: str | None = None
    confidence: float | None = None
    otherwise: tuple[Reason, ...] = ()
    forecast: Forecast | None = None

    @property
    def emergency(self) -> bool:
        """Whether somebody needs help."""
        return self.asks is Ask.EMERGENCY


class Aid(Struct, frozen=True, kw_only=True):
    """What a detector may know of the device. None: not registered.

    Attributes:
        kind: one of ``AidKind``.
        built_on: when it was built; ``serviced_on``: last serviced or inspected.
        lent_on: since when the present client has it: what was learnt of another does not count.
        max_load_kg: by its specification; likewise speed and incline.
        empty_ma: mean current upwards with nothing on it, as measured when it was delivered;
            ``tested_ma``: likewise with ``tested_kg`` on it. Of stairlifts and hoists.
    """

    device_id: int
    kind: str
    rail_length_mm: int | None
    built_on: date | None = None
    serviced_on: date | None = None
    lent_on: date | None = None
    max_load_kg: int | None = None
    max_speed_mm_s: int | None = None
    max_incline_deg: int | None = None
    empty_ma: int | None = None
    tested_ma: int | None = None
    tested_kg: int | None = None


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


class Unhurried:
    """What detectors share that no call for help concerns."""

    def at_once(self, call: Called) -> Finding | None:  # noqa: ARG002 - the contract's
        """Leave every call to those it concerns."""
        return None
