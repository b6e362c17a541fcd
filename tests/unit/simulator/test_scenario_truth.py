"""What a scenario's label says must be so in the simulated house itself."""

from collections.abc import Iterator

import pytest

from gateway.protocol.vocabulary import AidKind, Demand, Landing, Mode
from simulator.home import Home
from simulator.scenarios.loader import library
from simulator.scenarios.model import Scenario, duration_ms
from simulator.scenarios.player import home_for, play

LONGEST_MS = 20 * 60_000
SCENARIOS = {name: one for name, one in library().items() if one.duration_ms <= LONGEST_MS}
LIFTS = {name: one for name, one in SCENARIOS.items() if one.kind is AidKind.STAIRLIFT}
OCCUPIED_KG = 20


def in_trouble(home: Home) -> bool:
    """Whether somebody cannot go on by himself, in nobody's care, as far as it can be seen."""
    aid = home.aid
    if aid.mode is not Mode.NORMAL or aid.speed_m_s:
        return False
    match aid.kind:
        case AidKind.STAIRLIFT:
            return home.lift.landing is Landing.BETWEEN and aid.seat_load_kg >= OCCUPIED_KG
        case AidKind.HOIST:
            return home.hoist.hanging
        case _:
            aboard = aid.seat_load_kg >= OCCUPIED_KG
            return aboard and (home.vehicle.away or home.vehicle.tilted)


def moments(scenario: Scenario) -> Iterator[tuple[int, Home]]:
    """Yield every quarter of a second of a scenario."""
    home = home_for(scenario)
    home.begin(play(scenario, home))
    for now_ms in range(0, scenario.duration_ms + 1, 250):
        home.advance_to(now_ms)
        yield now_ms, home


def history(scenario: Scenario) -> list[tuple[int, bool, bool]]:
    """Return (time, in trouble, fell off) every quarter of a second."""
    found, fell, was_aboard = [], False, False
    for now_ms, home in moments(scenario):
        aboard = home.aid.seat_load_kg >= OCCUPIED_KG
        if home.aid.kind is AidKind.STAIRLIFT:
            fell = fell or (was_aboard and not aboard and home.lift.landing is Landing.BETWEEN)
        was_aboard = aboard
        found.append((now_ms, in_trouble(home), fell))
    return found


def asks_only_for_help(scenario: Scenario) -> bool:
    """Whether the button alone makes it an emergency."""
    return scenario.expect.reasons == ("sos",)


@pytest.mark.parametrize(
    "name",
    [n for n, s in SCENARIOS.items() if s.expect.emergency and not asks_only_for_help(s)],
)
def test_in_an_emergency_somebody_is_in_trouble_from_then_on_to_the_end(name: str) -> None:
    scenario = SCENARIOS[name]
    assert scenario.expect.since is not None
    since_ms = duration_ms(scenario.expect.since)
    for now_ms, troubled, fell in history(scenario):
        if now_ms < since_ms - 500 and name != "stuck_again_after_reversing":
            assert not fell
        if now_ms >= since_ms + 5_000:  # braking, or a stall until the current limit trips
            assert troubled or fell, f"free at {now_ms} ms"


@pytest.mark.parametrize(
    "name", [n for n, s in SCENARIOS.items() if s.expect.emergency and asks_only_for_help(s)]
)
def test_who_asks_for_help_presses_the_button_then(name: str) -> None:
    scenario = SCENARIOS[name]
    assert scenario.expect.since is not None
    since_ms = duration_ms(scenario.expect.since)
    pressed = [now_ms for now_ms, home in moments(scenario) if home.aid.sos]
    assert since_ms - 250 <= pressed[0] <= since_ms + 250


@pytest.mark.parametrize("name", [n for n, s in LIFTS.items() if not s.expect.emergency])
def test_without_an_emergency_nobody_is_left_in_trouble_on_the_stairs(name: str) -> None:
    found = history(LIFTS[name])
    assert not any(fell for _, _, fell in found)
    assert not found[-1][1]
    longest = current = 0
    for _, troubled, _ in found:
        current = current + 250 if troubled else 0
        longest = max(longest, current)
    assert longest <= 20_000


@pytest.mark.parametrize(
    "name",
    [n for n, s in SCENARIOS.items() if s.kind is AidKind.HOIST and not s.expect.emergency],
)
def test_without_an_emergency_nobody_hangs_in_the_end(name: str) -> None:
    assert not history(SCENARIOS[name])[-1][1]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_leaves_no_joystick_held(name: str) -> None:
    scenario = SCENARIOS[name]
    home = home_for(scenario)
    home.begin(play(scenario, home))
    home.advance_to(scenario.duration_ms)
    assert home.aid.demand is Demand.NONE
