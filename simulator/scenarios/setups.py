"""The aid of a scenario, as it stands at the beginning."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from simulator.hardware.profile import Quirk

Part = Annotated[float, Meta(ge=0, le=1)]
Quirks = Annotated[
    tuple[Quirk, ...],
    Meta(description="What this controller does not have, or does badly."),
]


class RailSegment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of the rail, from the bottom up."""

    length_mm: Annotated[int, Meta(ge=100, le=40_000)]
    incline_deg: Annotated[float, Meta(ge=0, le=70)] = 38.0
    bend: bool = False


class AidSetup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every kind of aid has.

    Attributes:
        charge: state of charge.
        health: what is left of the battery's capacity.
        worn: friction gained by the drive, 0 as new.
        temperature_c: where it stands.
        quirks: of its controller.
    """

    charge: Part = 1.0
    health: Annotated[float, Meta(gt=0, le=1)] = 1.0
    worn: Annotated[float, Meta(ge=0, le=5)] = 0.0
    temperature_c: Annotated[float, Meta(ge=-30, le=50)] = 20.0
    quirks: Quirks = ()


class LiftSetup(AidSetup, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stairlift. ``hinge_mm``: a hinged piece at the bottom, of that length."""

    rail: Annotated[tuple[RailSegment, ...], Meta(min_length=1, max_length=50)] = (
        RailSegment(length_mm=4700),
    )
    start: Literal["bottom", "top"] = "bottom"
    profile: Literal["t498", "two_digit", "lamp"] = "t498"
    hinge_mm: Annotated[int, Meta(ge=0, le=2_000)] = 0
    powered_step: bool = False


class VehicleSetup(AidSetup, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scooter or wheelchair. ``from_home_m``: how far away it stands as it begins."""

    profile: Literal["flash"] = "flash"
    from_home_m: Annotated[int, Meta(ge=0, le=50_000)] = 0
    plugged_in: bool = False


class HoistSetup(AidSetup, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hoist. ``stroke_mm``: how high it is as it begins; ``carried_mm``: where the bed is."""

    profile: Literal["handset"] = "handset"
    stroke_mm: Annotated[int, Meta(ge=0, le=1_200)] = 0
    carried_mm: Annotated[int, Meta(ge=0, le=1_000)] = 300
    plugged_in: bool = False


def profile_name(setup: AidSetup) -> str:
    """Return the name of the controller's profile."""
    assert isinstance(setup, LiftSetup | VehicleSetup | HoistSetup)  # noqa: S101 - all there are
    return setup.profile
