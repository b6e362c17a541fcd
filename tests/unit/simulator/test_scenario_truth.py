"""What a scenario's label says must be so in the simulated house itself."""

import pytest

from gateway.protocol.vocabulary import Demand, Landing, Mode
from simulator.hardware.stairlift import Stairlift
from simulator.scenarios.loader import library
from simulator.scenarios.model import Scenario, duration_ms
from simulator.scenarios.player import home_for, play

SCENARIOS = library()
OCCUPIED_KG = 20


def stranded(lift: Stairlift) -> bool:
    """Whether somebody sits on the lift off the landings, in nobody's care, and does not move."""
    return (
        lift.landing is Landing.BETWEEN
        and lift.speed_m_s == 0
        and lift.seat_load_kg >= OCCUPIED_KG
        and lift.mode is Mode.NORMAL
    )


def history(scenario: Scenario) -> list[tuple[int, bool, bool]]:
    """Return (time, stranded, fell off) every quarter of a second."""
    home = home_for(scenario)
    home.begin(play(scenario, home))
    found, fell = [], False
    was_aboard = False
    for now_ms in range(0, scenario.duration_ms + 1, 250):
        home.advance_to(now_ms)
        aboard = home.lift.seat_load_kg >= OCCUPIED_KG
        between = home.lift.landing is Landing.BETWEEN
        fell = fell or (was_aboard and not aboard and between)
        was_aboard = aboard
        found.append((now_ms, stranded(home.lift), fell))
    return found


@pytest.mark.parametrize("name", [n for n, s in SCENARIOS.items() if s.expect.emergency])
def test_in_an_emergency_somebody_is_in_trouble_from_then_on_to_the_end(name: str) -> None:
    scenario = SCENARIOS[name]
    assert scenario.expect.since is not None
    since_ms = duration_ms(scenario.expect.since)
    moments = history(scenario)
    for now_ms, is_stranded, fell in moments:
        if now_ms < since_ms - 500 and name != "stuck_again_after_reversing":
            assert not fell
        if now_ms >= since_ms + 2_500:  # braking, or a stall until the current limit trips
            assert is_stranded or fell, f"free at {now_ms} ms"


@pytest.mark.parametrize("name", [n for n, s in SCENARIOS.items() if not s.expect.emergency])
def test_without_an_emergency_nobody_is_left_in_trouble(name: str) -> None:
    scenario = SCENARIOS[name]
    moments = history(scenario)
    assert not any(fell for _, _, fell in moments)
    assert not moments[-1][1]
    longest = current = 0
    for _, is_stranded, _ in moments:
        current = current + 250 if is_stranded else 0
        longest = max(longest, current)
    assert longest <= 20_000


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_leaves_no_joystick_held(name: str) -> None:
    scenario = SCENARIOS[name]
    home = home_for(scenario)
    home.begin(play(scenario, home))
    home.advance_to(scenario.duration_ms)
    assert home.lift.demand is Demand.NONE
