"""A scenario as written down: the lift, its rider, what happens when, and what is true of it.

The JSON Schema in ``docs/simulator/scenario.schema.json`` is generated from these types.
"""

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct

from simulator.hardware.profile import Quirk
from simulator.scenarios.vocabulary import Do, Line, Mains, Modem, Part, WallClock

_DURATION = r"^\d+(\.\d+)?(ms|s|m|h)$"
_UNIT_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}

Duration = Annotated[
    str,
    Meta(pattern=_DURATION, description="A time such as 250ms, 20s, 1.5m or 2h."),
]


def duration_ms(text: str) -> int:
    """Return a ``Duration`` in milliseconds. Raises ValueError when it is none."""
    if not re.fullmatch(_DURATION, text):
        raise ValueError(f"not a duration such as 20s: {text!r}")
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()  # type: ignore[union-attr]
    return round(float(number) * _UNIT_MS[unit])


class RailSegment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of the rail, from the bottom up."""

    length_mm: Annotated[int, Meta(ge=100, le=40_000)]
    incline_deg: Annotated[float, Meta(ge=0, le=70)] = 38.0
    bend: bool = False


class LiftSetup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The lift as it stands when the scenario begins."""

    rail: Annotated[tuple[RailSegment, ...], Meta(min_length=1, max_length=50)] = (
        RailSegment(length_mm=4700),
    )
    start: Literal["bottom", "top"] = "bottom"
    charge: Annotated[float, Meta(ge=0, le=1, description="State of charge.")] = 1.0
    profile: Literal["t498"] = "t498"
    quirks: Annotated[
        tuple[Quirk, ...],
        Meta(description="What this controller does not have."),
    ] = ()


class Rider(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who sits down."""

    weight_kg: Annotated[float, Meta(gt=0, le=300)] = 76.0


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that happens: a time, and exactly one of the other fields."""

    at: Duration
    do: Do | None = None
    fail: Part | None = None
    repair: Part | None = None
    mains: Mains | None = None
    line: Line | None = None
    modem: Modem | None = None
    clock: WallClock | None = None

    def __post_init__(self) -> None:
        """Refuse a step of nothing or of two things. Raises ValueError."""
        events = (
            self.do,
            self.fail,
            self.repair,
            self.mains,
            self.line,
            self.modem,
            self.clock,
        )
        if sum(event is not None for event in events) != 1:
            raise ValueError(
                "a step needs exactly one of do, fail, repair, mains, line, modem, clock",
            )

    @property
    def at_ms(self) -> int:
        """When, in milliseconds after the scenario's beginning."""
        return duration_ms(self.at)


Reason = Literal[
    "sos",
    "fault_while_riding",
    "drive_refused",
    "rider_gone",
    "power_too_low",
    "stopped_between_landings",
    "silent_while_riding",
]


class Expect(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The truth: whether somebody needs help, and what a platform should find.

    Attributes:
        emergency: whether a priority-1 ticket must (true) or must not (false) be opened.
        since: from when the rider needs help.
        reasons: what it may rightly be put down to; at least one of these must be named.
        within: how long after ``since`` the ticket may take while platform and line are well.
    """

    emergency: bool
    since: Duration | None = None
    reasons: tuple[Reason, ...] = ()
    within: Duration | None = None

    def __post_init__(self) -> None:
        """Refuse a label that leaves open what to find. Raises ValueError."""
        complete = self.since is not None and self.within is not None and bool(self.reasons)
        if self.emergency and not complete:
            raise ValueError("an emergency needs since, reasons and within")
        if not self.emergency and (self.since or self.within or self.reasons):
            raise ValueError("without an emergency there is no since, reasons or within")


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scenario.

    Attributes:
        name: as its file is called.
        title: one line for lists.
        seed: of everything random in it.
        duration: how long it lasts.
        incident_weight: how often a demo fleet draws it, against the others; 0 is never.
    """

    name: Annotated[str, Meta(pattern=r"^[a-z0-9_]{3,60}$")]
    title: Annotated[str, Meta(min_length=10, max_length=120)]
    seed: Annotated[int, Meta(ge=0, le=2**32 - 1)]
    duration: Duration
    steps: Annotated[tuple[Step, ...], Meta(max_length=500)]
    expect: Expect
    lift: LiftSetup = LiftSetup()
    rider: Rider = Rider()
    incident_weight: Annotated[float, Meta(ge=0, le=100)] = 0.0

    def __post_init__(self) -> None:
        """Refuse steps out of order or after the end. Raises ValueError."""
        times = [step.at_ms for step in self.steps]
        if times != sorted(times):
            raise ValueError("the steps must stand in order of time")
        if times and times[-1] > self.duration_ms:
            raise ValueError(f"the last step (at {self.steps[-1].at}) is after the end")
        since = self.expect.since
        if since is not None and duration_ms(since) > self.duration_ms:
            raise ValueError(f"the emergency (since {since}) begins after the end")

    @property
    def duration_ms(self) -> int:
        """How long it lasts, in milliseconds."""
        return duration_ms(self.duration)
