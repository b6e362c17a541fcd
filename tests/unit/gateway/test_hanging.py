"""When a hoist itself calls for help, and when it does not."""

from typing import Any

import pytest

from gateway.hal import ActiveFault
from gateway.protocol.vocabulary import CallPhase, Demand, Mode, Seat, Signals
from tests.support.aids import WatchedHoist

ACTUATOR = (ActiveFault("actuator", "E3"),)
STOP = (ActiveFault("emergency_stop", "E1"),)


def lifted() -> WatchedHoist:
    """A hoist in which somebody hangs."""
    hoist = WatchedHoist()
    hoist.lift_up()
    hoist.hang(10_000)
    return hoist


def test_ordinary_transfer_calls_nobody() -> None:
    hoist = lifted()
    hoist.hang(600_000)
    hoist.let_down()
    hoist.put_down()
    hoist.stay(3_600_000)
    assert hoist.calls == []


def test_sos_calls_at_once() -> None:
    hoist = lifted()
    hoist.stay(0, signals=Signals.SOS)
    assert hoist.reasons == ["sos"]


@pytest.mark.parametrize("trouble", [{"faults": ACTUATOR}, {"battery_mv": 16_500}])
def test_what_needs_a_technician_calls_within_half_a_minute(trouble: dict[str, Any]) -> None:
    hoist = lifted()
    hoist.hang(29_500, **trouble)
    assert hoist.calls == []
    hoist.hang(1_000)
    assert hoist.reasons == ["load_hanging"]
    assert hoist.calls[0].time_ms - hoist.calls[0].since_ms == 30_000


def test_emergency_stop_may_be_released_first() -> None:
    hoist = lifted()
    hoist.hang(119_000, faults=STOP)
    assert hoist.calls == []
    hoist.hang(2_000)
    assert hoist.reasons == ["load_hanging"]


def test_emergency_stop_that_is_released_calls_nobody() -> None:
    hoist = lifted()
    hoist.hang(100_000, faults=STOP)
    hoist.hang(100_000, faults=())
    hoist.let_down()
    hoist.put_down()
    assert hoist.calls == []


def test_emergency_stop_against_which_somebody_presses_calls_sooner() -> None:
    hoist = lifted()
    hoist.hang(1_000, faults=STOP)
    hoist.stand(4_000, demand=Demand.DOWN, signals=Signals.REFUSED)
    hoist.hang(26_000, signals=Signals.NONE)
    assert hoist.reasons == ["load_hanging"]


def test_button_that_is_refused_downwards_calls() -> None:
    hoist = lifted()
    for _ in range(4):
        hoist.stand(2_000, demand=Demand.DOWN, signals=Signals.REFUSED)
        hoist.hang(8_000, signals=Signals.NONE)
    assert hoist.reasons == ["load_hanging"]


def test_button_that_does_nothing_calls_though_the_controller_says_nothing() -> None:
    hoist = lifted()
    for _ in range(7):
        hoist.stand(2_000, demand=Demand.DOWN)
        hoist.hang(3_000)
    assert hoist.reasons == ["load_hanging"]


@pytest.mark.parametrize("signals", [Signals.NONE, Signals.REFUSED])
def test_button_held_at_the_top_calls_nobody(signals: Signals) -> None:
    hoist = lifted()
    hoist.stand(40_000, demand=Demand.UP, signals=signals)
    hoist.hang(60_000, signals=Signals.NONE)
    hoist.let_down()
    assert hoist.calls == []


def test_too_heavy_a_load_can_still_be_let_down() -> None:
    hoist = lifted()
    hoist.hang(200_000, faults=(ActiveFault("overload", "E5"),))
    assert hoist.calls == []


def test_load_that_hangs_for_a_quarter_of_an_hour_calls() -> None:
    hoist = lifted()
    hoist.hang(880_000)
    assert hoist.calls == []
    hoist.hang(20_000)
    assert hoist.reasons == ["load_hanging"]


@pytest.mark.parametrize("trouble", [{"faults": ACTUATOR}, {"faults": STOP}, {"battery_mv": 0}])
def test_empty_hoist_calls_nobody(trouble: dict[str, Any]) -> None:
    hoist = WatchedHoist()
    hoist.stand(60_000, demand=Demand.DOWN, signals=Signals.REFUSED, **trouble)
    hoist.stand(7_200_000)
    assert hoist.calls == []


def test_load_that_is_felt_by_weight_alone_counts() -> None:
    hoist = WatchedHoist(seat=Seat.UNKNOWN)
    hoist.lift_up(seat=Seat.UNKNOWN)
    hoist.hang(31_000, faults=ACTUATOR)
    assert hoist.reasons == ["load_hanging"]


def test_without_any_sensor_a_fault_calls_only_if_somebody_wants_it_down() -> None:
    parked, used = (WatchedHoist(seat=Seat.UNKNOWN, load_kg=None) for _ in range(2))
    parked.stand(3_600_000, faults=ACTUATOR)
    used.stand(5_000, faults=ACTUATOR, demand=Demand.DOWN)
    used.stand(28_000, faults=ACTUATOR)
    assert (parked.reasons, used.reasons) == ([], ["load_hanging"])


@pytest.mark.parametrize("mode", [Mode.SERVICE, Mode.HAND_WOUND])
def test_mechanic_or_emergency_lowering_is_help_enough(mode: Mode) -> None:
    hoist = lifted()
    hoist.hang(1_000_000, faults=ACTUATOR, mode=mode)
    assert hoist.calls == []


def test_taking_the_load_out_clears_the_call() -> None:
    hoist = lifted()
    hoist.hang(31_000, faults=ACTUATOR)
    hoist.hang(5_000, faults=())
    assert hoist.calls[-1].phase is not CallPhase.CLEARED
    hoist.put_down()
    hoist.stay(10_000)
    assert CallPhase.CLEARED in {call.phase for call in hoist.calls}
