"""The steps of a scenario: one thing that happens, and when."""

from typing import Annotated

from msgspec import Meta, Struct

from simulator.failures import Failure
from simulator.misuse import Misuse
from simulator.scenarios.durations import Duration, duration_ms
from simulator.scenarios.vocabulary import Do, Line, Mains, Modem, WallClock

ScenarioName = Annotated[str, Meta(pattern=r"^[a-z0-9_]{3,60}$")]
Heading = Annotated[float, Meta(ge=0, lt=360)]
MAX_STEPS = 5_000


class Drive(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Drive so far on wheels, then let go. Negative metres: backwards."""

    metres: Annotated[float, Meta(ge=-100_000, le=100_000)]
    heading_deg: Heading = 90.0
    incline_deg: Annotated[float, Meta(ge=-30, le=30)] = 0.0
    throttle: Annotated[float, Meta(gt=0, le=1)] = 0.7


class Carry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Be taken along in a car."""

    metres: Annotated[float, Meta(gt=0, le=500_000)]
    heading_deg: Heading = 90.0


class Rate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A failure that happens again and again, at random. Without ``lasting``: until repaired."""

    fail: Failure
    per_day: Annotated[float, Meta(gt=0, le=10_000)]
    lasting: Duration | None = None


class Worsening(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part that ages or wears, bit by bit."""

    fail: Failure
    over: Duration


class Repeat(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Steps that happen again and again; their ``at`` counts from each round's beginning."""

    times: Annotated[int, Meta(ge=1, le=1_000)]
    every: Duration
    steps: Annotated[tuple["Step", ...], Meta(min_length=1, max_length=500)]


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that happens: a time, and exactly one of the other fields.

    Attributes:
        do: what people do; ``drive`` and ``carry``: likewise, on wheels.
        fail: a part fails; ``repair``: it is put right; ``rate``: it fails again and again;
            ``worsen``: it fails bit by bit.
        misuse: the household begins to do this; ``behave``: it stops doing so.
        mains, line, modem, clock: what is around the aid.
        repeat: steps in a loop; ``include``: the steps of another scenario, from here on.
    """

    at: Duration
    do: Do | None = None
    drive: Drive | None = None
    carry: Carry | None = None
    fail: Failure | None = None
    repair: Failure | None = None
    rate: Rate | None = None
    worsen: Worsening | None = None
    misuse: Misuse | None = None
    behave: Misuse | None = None
    mains: Mains | None = None
    line: Line | None = None
    modem: Modem | None = None
    clock: WallClock | None = None
    repeat: Repeat | None = None
    include: ScenarioName | None = None

    def __post_init__(self) -> None:
        """Refuse a step of nothing or of two things. Raises ValueError."""
        names = [name for name in self.__struct_fields__ if name != "at"]
        if sum(getattr(self, name) is not None for name in names) != 1:
            raise ValueError(f"a step needs exactly one of {', '.join(names)}")

    @property
    def at_ms(self) -> int:
        """When, in milliseconds after the scenario's beginning."""
        return duration_ms(self.at)
