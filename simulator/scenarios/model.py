"""A scenario as written down: the aid, its people, what happens when, and what is true of it.

The JSON Schema in ``docs/simulator/scenario.schema.json`` is generated from these types.
"""

from typing import Annotated

from msgspec import Meta, Struct

from gateway.protocol.vocabulary import AidKind
from simulator.misuse import Misuse
from simulator.scenarios.durations import Duration, duration_ms
from simulator.scenarios.expectation import Expect, Found, Reason
from simulator.scenarios.setups import (
    AidSetup,
    HoistSetup,
    LiftSetup,
    RailSegment,
    VehicleSetup,
)
from simulator.scenarios.steps import MAX_STEPS, ScenarioName, Step

__all__ = [
    "AidSetup",
    "Duration",
    "Expect",
    "HoistSetup",
    "Household",
    "LiftSetup",
    "RailSegment",
    "Reason",
    "Rider",
    "Scenario",
    "Step",
    "VehicleSetup",
    "duration_ms",
]


class Rider(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who sits down."""

    weight_kg: Annotated[float, Meta(gt=0, le=300)] = 76.0


class Household(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People who live with the aid for the whole scenario, beside its steps.

    Attributes:
        misuse: what they do with it from the beginning; steps may begin and end more.
        from_hour: the hour of the day at which it begins.
        tempo: how many times as often they use it.
        away_days: they are away (on holiday, in hospital) for the first days.
        stays: nobody goes on holiday or into hospital by chance.
    """

    misuse: tuple[Misuse, ...] = ()
    from_hour: Annotated[float, Meta(ge=0, lt=24)] = 0.0
    tempo: Annotated[float, Meta(gt=0, le=1_000)] = 1.0
    away_days: Annotated[int, Meta(ge=0, le=366)] = 0
    stays: bool = False


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scenario.

    Attributes:
        name: as its file is called.
        title: one line for lists.
        seed: of everything random in it.
        duration: how long it lasts.
        lift, scooter, wheelchair, hoist: the aid, at most one; none: a usual stairlift.
        rider: who sits down at ``do: sit_down``.
        household: who lives with it beside the steps; none: only the steps happen.
        then: scenarios whose steps follow, one after the other; the label is this one's.
        incident_weight: how often a demo fleet draws it, against the others; 0 is never.
    """

    name: ScenarioName
    title: Annotated[str, Meta(min_length=10, max_length=120)]
    seed: Annotated[int, Meta(ge=0, le=2**32 - 1)]
    duration: Duration
    steps: Annotated[tuple[Step, ...], Meta(max_length=MAX_STEPS)]
    expect: Expect
    lift: LiftSetup = LiftSetup()
    scooter: VehicleSetup | None = None
    wheelchair: VehicleSetup | None = None
    hoist: HoistSetup | None = None
    rider: Rider = Rider()
    household: Household | None = None
    then: Annotated[tuple[ScenarioName, ...], Meta(max_length=20)] = ()
    incident_weight: Annotated[float, Meta(ge=0, le=100)] = 0.0

    def __post_init__(self) -> None:
        """Refuse two aids, and steps out of order or after the end. Raises ValueError."""
        setups = (self.scooter, self.wheelchair, self.hoist)
        others = sum(setup is not None for setup in setups)
        if others > 1 or (others and self.lift != LiftSetup()):
            raise ValueError("a scenario is about one aid: lift, scooter, wheelchair or hoist")
        times = [step.at_ms for step in self.steps]
        if times != sorted(times):
            raise ValueError("the steps must stand in order of time")
        if times and times[-1] > self.duration_ms:
            raise ValueError(f"the last step (at {self.steps[-1].at}) is after the end")
        since = self.expect.since
        if since is not None and duration_ms(since) > self.duration_ms and not self.then:
            raise ValueError(f"what is expected (since {since}) begins after the end")

    @property
    def duration_ms(self) -> int:
        """How long it lasts, in milliseconds."""
        return duration_ms(self.duration)

    @property
    def kind(self) -> AidKind:
        """The kind of aid that it is about."""
        if self.scooter is not None:
            return AidKind.SCOOTER
        if self.wheelchair is not None:
            return AidKind.WHEELCHAIR
        return AidKind.STAIRLIFT if self.hoist is None else AidKind.HOIST

    @property
    def setup(self) -> AidSetup:
        """The aid as it stands at the beginning."""
        return self.scooter or self.wheelchair or self.hoist or self.lift

    @property
    def emergency_word(self) -> Found:
        """What an emergency of this kind of aid is called in the platform's catalogue."""
        match self.kind:
            case AidKind.STAIRLIFT:
                return "stuck"
            case AidKind.HOIST:
                return "hanging"
            case _:
                return "stranded"
