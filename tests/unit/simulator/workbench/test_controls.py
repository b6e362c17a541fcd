"""Hands on aids: every name works where it may, and says why where it may not."""

import pytest

from gateway.protocol.vocabulary import AidKind, Signals
from simulator.failures import FAILURES, Failure
from simulator.misuse import MISUSES, Misuse
from simulator.scenarios.vocabulary import Do, Line, Mains, Modem, WallClock
from simulator.workbench.controls import NotPossibleError, UnknownAidError, names
from tests.unit.simulator.workbench.aids import LIFT, SCOOTER, Workshop


@pytest.mark.parametrize("failure", list(Failure))
def test_a_failure_is_shown_until_repaired_or_cannot_be_had(failure: Failure) -> None:
    workshop = Workshop()
    for device, kind in ((LIFT, AidKind.STAIRLIFT), (SCOOTER, AidKind.SCOOTER)):
        if kind not in FAILURES[failure].kinds:
            with pytest.raises(NotPossibleError, match=kind):
                workshop.controls.fail(device, failure)
            assert workshop.controls.state(device).failures == []
            continue
        workshop.controls.fail(device, failure)
        assert workshop.controls.state(device).failures == [failure]
        workshop.controls.repair(device, failure)
        assert workshop.controls.state(device).failures == []


def test_a_dead_bus_is_a_state_without_a_reading() -> None:
    workshop = Workshop()
    reading = workshop.controls.state(LIFT).reading
    assert reading is not None
    assert reading["position_mm"] == 0
    workshop.controls.fail(LIFT, Failure.BUS)
    assert workshop.controls.state(LIFT).reading is None


def test_people_ride_while_time_passes() -> None:
    workshop = Workshop()
    workshop.controls.do(LIFT, Do.SIT_DOWN, weight_kg=80)
    workshop.wait(500)
    workshop.controls.do(LIFT, Do.RIDE_UP)
    workshop.wait(10_000)
    reading = workshop.controls.state(LIFT).reading
    assert reading is not None
    assert 500 < reading["position_mm"] < 4_700
    workshop.controls.do(LIFT, Do.PRESS_SOS)
    reading = workshop.controls.state(LIFT).reading
    assert reading is not None
    assert reading["signals"] & Signals.SOS
    with pytest.raises(NotPossibleError, match="scooter"):
        workshop.controls.do(SCOOTER, Do.RIDE_UP)


def test_the_mechanic_repairs_what_was_injected() -> None:
    workshop = Workshop()
    workshop.controls.fail(LIFT, Failure.DRIVE)
    workshop.controls.do(LIFT, Do.RESCUE)
    workshop.wait(60_000)
    state = workshop.controls.state(LIFT)
    assert state.failures == []
    assert state.reading is not None
    assert not state.reading["faults"]


def test_misuse_begins_and_ends() -> None:
    workshop = Workshop()
    workshop.controls.misuse(LIFT, Misuse.GOODS)
    assert workshop.homes[LIFT].misuse == {Misuse.GOODS}
    with pytest.raises(NotPossibleError):
        workshop.controls.misuse(SCOOTER, Misuse.GOODS)
    workshop.controls.behave(LIFT, Misuse.GOODS)
    assert workshop.controls.state(LIFT).misuse == []


def test_surroundings() -> None:
    workshop = Workshop()
    for event in (Mains.FAIL, Line.DOWN, Modem.DIES, WallClock.RESET_TO_1970):
        workshop.controls.surround(LIFT, event)
    state = workshop.controls.state(LIFT)
    assert (state.mains, state.line_up, state.modem_on) == (False, False, False)
    assert state.clock_stopped_at_1970
    for back in (Mains.RETURN, Line.UP, Modem.STARTS, WallClock.CORRECT):
        workshop.controls.surround(LIFT, back)
    state = workshop.controls.state(LIFT)
    assert (state.mains, state.line_up, state.modem_on) == (True, True, True)
    assert not state.clock_stopped_at_1970


def test_unknown_aids_are_told() -> None:
    controls = Workshop().controls
    with pytest.raises(UnknownAidError, match="sl-999999"):
        controls.state("sl-999999")
    with pytest.raises(UnknownAidError):
        controls.fail("sl-999999", Failure.DRIVE)


def test_time_goes_faster_and_never_back() -> None:
    workshop = Workshop()
    before_ms = workshop.time.wall_ms()
    workshop.wait(1_000)
    assert workshop.time.wall_ms() - before_ms == 1_000
    workshop.controls.set_speed(100)
    assert workshop.controls.speed == 100
    assert workshop.time.wall_ms() - before_ms == 1_000
    workshop.wait(1_000)
    assert workshop.time.wall_ms() - before_ms == 101_000
    # 50 s of its own time are half a second of ours.
    due_ms = workshop.time.source_ms(workshop.time.monotonic_ms() + 50_000)
    assert due_ms == workshop.real.monotonic_ms() + 500
    workshop.controls.set_speed(1)
    workshop.wait(1_000)
    assert workshop.time.wall_ms() - before_ms == 102_000
    for wrong in (0.5, 1_001, float("nan")):
        with pytest.raises(NotPossibleError):
            workshop.controls.set_speed(wrong)


def test_time_is_real_where_a_real_modem_is_attached() -> None:
    controls = Workshop(paced=False).controls
    assert controls.speed == 1
    with pytest.raises(NotPossibleError, match="real"):
        controls.set_speed(10)


def test_all_names_are_told() -> None:
    told = names()
    assert set(told["failures"]) == set(Failure)
    assert set(told["misuse"]) == set(Misuse) == set(MISUSES)
    assert told["do"] == [action.value for action in Do]
    assert told["line"] == ["down", "up"]
