"""Brings a scenario to life in a home."""

from dataclasses import replace
from random import Random

from gateway.protocol.vocabulary import AidKind, Demand, Landing
from simulator.drivers import be_carried, drive
from simulator.failures import bit_by_bit, by_rate, fail, repair
from simulator.hardware.aid import Aid
from simulator.hardware.climate import STEADY
from simulator.hardware.hoist import Hoist
from simulator.hardware.makers import PROFILES
from simulator.hardware.rail import Rail, Segment
from simulator.hardware.stairlift import Stairlift
from simulator.hardware.vehicle import Vehicle
from simulator.hardware.wear import Wear
from simulator.home import Activity, Home
from simulator.living import Events
from simulator.people import arrived
from simulator.scenarios.durations import duration_ms
from simulator.scenarios.model import Household, Scenario
from simulator.scenarios.setups import (
    AidSetup,
    HoistSetup,
    LiftSetup,
    VehicleSetup,
    profile_name,
)
from simulator.scenarios.steps import Step
from simulator.scenarios.vocabulary import do, surround
from simulator.tenant import tenant_of

HOUR_MS = 3_600_000
STAYS = Events(holiday_chance=0.0, hospital_chance=0.0)


def home_for(scenario: Scenario, *, seed: int | None = None, start_ms: int = 0) -> Home:
    """Build the home that ``scenario`` describes; ``seed`` takes the place of its own."""
    rng = Random(scenario.seed if seed is None else seed)
    setup = scenario.setup
    aid = _aid(scenario.kind, setup, Random(rng.getrandbits(64)))
    aid.climate = replace(STEADY, mean_c=setup.temperature_c)
    aid.battery.temperature_c = setup.temperature_c
    return Home(
        aid,
        rng=rng,
        start_ms=start_ms,
        profile=PROFILES[profile_name(setup)],
        quirks=frozenset(setup.quirks),
    )


def _aid(kind: AidKind, setup: AidSetup, rng: Random) -> Aid:
    match setup:
        case LiftSetup():
            return _lift(setup, rng)
        case HoistSetup():
            hoist = Hoist(
                rng=rng,
                position_m=setup.stroke_mm / 1000,
                charge=setup.charge,
                health=setup.health,
            )
            hoist.carried_at_m = setup.carried_mm / 1000
            hoist.cable = setup.plugged_in
            hoist.friction = setup.worn
            return hoist
        case VehicleSetup():
            vehicle = Vehicle(kind, rng=rng, charge=setup.charge, health=setup.health)
            vehicle.carry(setup.from_home_m, 90.0)
            vehicle.cable = setup.plugged_in
            vehicle.brushes = setup.worn
            return vehicle
    raise TypeError(f"no such aid: {setup!r}")


def _lift(setup: LiftSetup, rng: Random) -> Stairlift:
    rail = Rail(
        [
            Segment(
                length_m=segment.length_mm / 1000,
                incline_deg=segment.incline_deg,
                bend=segment.bend,
            )
            for segment in setup.rail
        ],
    )
    return Stairlift(
        rail,
        rng=rng,
        position_m=0.0 if setup.start == "bottom" else rail.length_m,
        charge=setup.charge,
        health=setup.health,
        wear=Wear(general=setup.worn),
        hinge_m=setup.hinge_mm / 1000,
        powered_step=setup.powered_step,
    )


def play(scenario: Scenario, home: Home) -> Activity:
    """Play ``scenario``'s steps from now on, until its end."""
    began_ms = home.time_ms
    if scenario.household is not None:
        _move_in(scenario.household, home)
    for step in scenario.steps:
        wait_ms = began_ms + step.at_ms - home.time_ms
        if wait_ms > 0:
            yield wait_ms
        take(step, home, weight_kg=scenario.rider.weight_kg)
    wait_ms = began_ms + scenario.duration_ms - home.time_ms
    if wait_ms > 0:
        yield wait_ms


def _move_in(household: Household, home: Home) -> None:
    home.misuse |= set(household.misuse)
    tenant = tenant_of(
        home,
        day_ms=round(household.from_hour * HOUR_MS),
        tempo=household.tempo,
        events=STAYS if household.stays else None,
    )
    tenant.away_days = household.away_days
    home.begin(tenant.live())


def take(step: Step, home: Home, *, weight_kg: float) -> None:
    """Let one step happen now. Raises TypeError, ValueError: not with this kind of aid."""
    if step.do is not None:
        do(home, step.do, weight_kg=weight_kg)
    elif step.drive is not None:
        order = step.drive
        home.begin(
            drive(
                home,
                order.metres,
                heading_deg=order.heading_deg,
                incline_deg=order.incline_deg,
                throttle=order.throttle,
            )
        )
    elif step.carry is not None:
        home.begin(be_carried(home, step.carry.metres, heading_deg=step.carry.heading_deg))
    else:
        _fail_or_change(step, home)


def _fail_or_change(step: Step, home: Home) -> None:
    if step.fail is not None:
        fail(home, step.fail)
    elif step.repair is not None:
        repair(home, step.repair)
    elif step.rate is not None:
        rate = step.rate
        lasting_ms = None if rate.lasting is None else duration_ms(rate.lasting)
        rng = Random(home.rng.getrandbits(64))
        home.begin(by_rate(home, rate.fail, per_day=rate.per_day, lasting_ms=lasting_ms, rng=rng))
    elif step.worsen is not None:
        over_ms = duration_ms(step.worsen.over)
        home.begin(bit_by_bit(home, step.worsen.fail, over_ms=over_ms))
    elif step.misuse is not None:
        home.misuse.add(step.misuse)
    elif step.behave is not None:
        home.misuse.discard(step.behave)
    for event in (step.mains, step.line, step.modem, step.clock):
        if event is not None:
            surround(home, event)


def go_to_start(scenario: Scenario, home: Home) -> Activity:
    """Bring an empty lift to where ``scenario`` begins, by remote; other aids are where they are.

    A scooter that is to begin away from home is brought there in a van.
    """
    if scenario.kind is not AidKind.STAIRLIFT:
        setup = scenario.setup
        if isinstance(setup, VehicleSetup):
            home.vehicle.cable = setup.plugged_in
            home.vehicle.carry(setup.from_home_m, 90.0)
        else:
            home.hoist.cable = False
        yield 2_000
        return
    direction = Demand.DOWN if scenario.lift.start == "bottom" else Demand.UP
    goal = Landing.BOTTOM if direction is Demand.DOWN else Landing.TOP
    if home.lift.landing is goal:
        return
    home.lift.remote = direction
    while not arrived(home, direction):
        yield 200
    home.lift.remote = Demand.NONE
    yield 2_000
