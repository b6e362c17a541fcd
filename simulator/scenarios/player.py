"""Brings a scenario to life in a home."""

from random import Random

from gateway.protocol.vocabulary import Demand, Landing
from simulator.hardware.makers import PROFILES
from simulator.hardware.rail import Rail, Segment
from simulator.hardware.stairlift import Stairlift
from simulator.home import Activity, Home
from simulator.people import arrived
from simulator.scenarios.model import Scenario, Step
from simulator.scenarios.vocabulary import do, fail, repair, surround


def home_for(scenario: Scenario, *, seed: int | None = None, start_ms: int = 0) -> Home:
    """Build the home that ``scenario`` describes; ``seed`` takes the place of its own."""
    rng = Random(scenario.seed if seed is None else seed)
    setup = scenario.lift
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
    lift = Stairlift(
        rail,
        rng=Random(rng.getrandbits(64)),
        position_m=0.0 if setup.start == "bottom" else rail.length_m,
        charge=setup.charge,
    )
    return Home(
        lift,
        rng=rng,
        start_ms=start_ms,
        profile=PROFILES[setup.profile],
        quirks=frozenset(setup.quirks),
    )


def play(scenario: Scenario, home: Home) -> Activity:
    """Play ``scenario``'s steps from now on, until its end."""
    began_ms = home.time_ms
    for step in scenario.steps:
        wait_ms = began_ms + step.at_ms - home.time_ms
        if wait_ms > 0:
            yield wait_ms
        take(step, home, weight_kg=scenario.rider.weight_kg)
    wait_ms = began_ms + scenario.duration_ms - home.time_ms
    if wait_ms > 0:
        yield wait_ms


def take(step: Step, home: Home, *, weight_kg: float) -> None:
    """Let one step happen now."""
    if step.do is not None:
        do(home, step.do, weight_kg=weight_kg)
    if step.fail is not None:
        fail(home, step.fail)
    if step.repair is not None:
        repair(home, step.repair)
    for event in (step.mains, step.line, step.modem, step.clock):
        if event is not None:
            surround(home, event)


def go_to_start(scenario: Scenario, home: Home) -> Activity:
    """Bring an empty lift to where ``scenario`` begins, by remote."""
    direction = Demand.DOWN if scenario.lift.start == "bottom" else Demand.UP
    goal = Landing.BOTTOM if direction is Demand.DOWN else Landing.TOP
    if home.lift.landing is goal:
        return
    home.lift.remote = direction
    while not arrived(home, direction):
        yield 200
    home.lift.remote = Demand.NONE
    yield 2_000
