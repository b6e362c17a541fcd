"""When a scooter or wheelchair itself calls for help, and when it does not."""

from typing import Any

import pytest

from gateway.hal import ActiveFault
from gateway.protocol.vocabulary import AidKind, CallPhase, Demand, Mode, Seat, Signals
from gateway.watch import WatchSettings
from tests.support.aids import WatchedScooter

BRAKE = (ActiveFault("brake", "5"),)
HOT = (ActiveFault("drive_hot", "4"),)
REFUSING: dict[str, Any] = {
    "demand": Demand.UP,
    "signals": Signals.AWAY | Signals.REFUSED,
    "current_ma": 0,
    "speed_mm_s": 0,
}


def out() -> WatchedScooter:
    """A scooter that halts away from home, with its client."""
    return WatchedScooter().out()


def test_ordinary_outing_calls_nobody() -> None:
    scooter = out()
    scooter.halt(1_800_000)
    scooter.halt(3_600_000, seat=Seat.EMPTY)
    scooter.halt(60_000, seat=Seat.OCCUPIED)
    scooter.drive()
    scooter.halt(3_600_000, seat=Seat.EMPTY, signals=Signals.MAINS | Signals.CHARGING)
    assert scooter.calls == []


@pytest.mark.parametrize("where", ["home", "away", "driving"])
def test_sos_calls_at_once_and_anywhere(where: str) -> None:
    scooter = WatchedScooter(seat=Seat.OCCUPIED)
    if where != "home":
        scooter.drive()
    if where == "away":
        scooter.halt(5_000)
    scooter.stay(0, signals=scooter.reading.signals | Signals.SOS)
    assert scooter.reasons == ["sos"]


def test_fault_that_nobody_can_clear_calls_once_the_client_has_tried() -> None:
    scooter = out()
    scooter.halt(60_000, faults=BRAKE)
    assert scooter.calls == []  # he is where he wants to be
    scooter.stay(5_000, **REFUSING, faults=BRAKE)
    scooter.halt(24_000, signals=Signals.AWAY)
    assert scooter.calls == []
    scooter.halt(2_000)
    assert scooter.reasons == ["stranded_away"]
    assert scooter.calls[0].time_ms - scooter.calls[0].since_ms == 30_000


def test_drive_that_cuts_out_under_way_calls_though_he_does_not_try_again() -> None:
    scooter = WatchedScooter()
    scooter.drive()
    scooter.halt(29_000, faults=BRAKE)
    assert scooter.calls == []
    scooter.halt(2_000)
    assert scooter.reasons == ["stranded_away"]


@pytest.mark.parametrize(
    "flat", [{"battery_mv": 16_800}, {"faults": (ActiveFault("battery_flat", "2"),)}]
)
def test_empty_battery_calls(flat: dict[str, Any]) -> None:
    scooter = out()
    scooter.stay(31_000, **REFUSING | flat)
    assert scooter.reasons == ["stranded_away"]


def test_hot_drive_may_cool_down_first() -> None:
    scooter = WatchedScooter()
    scooter.drive()
    scooter.halt(299_000, faults=HOT)
    assert scooter.calls == []
    scooter.halt(2_000)
    assert scooter.reasons == ["stranded_away"]


def test_hot_drive_that_cools_down_calls_nobody() -> None:
    scooter = WatchedScooter()
    scooter.drive()
    scooter.stay(60_000, **REFUSING, faults=HOT)
    scooter.halt(120_000, faults=HOT, signals=Signals.AWAY)
    scooter.drive()
    scooter.halt(600_000)
    assert scooter.calls == []


def test_drive_that_refuses_without_a_reason_calls_while_he_keeps_trying() -> None:
    scooter = out()
    for _ in range(10):
        assert scooter.calls == []
        scooter.stay(5_000, **REFUSING)
        scooter.halt(25_000, signals=Signals.AWAY)
    scooter.stay(1_000, **REFUSING)
    assert scooter.reasons == ["stranded_away"]


def test_motor_that_does_not_turn_calls_though_the_controller_says_nothing() -> None:
    scooter = out()
    for _ in range(10):
        assert scooter.calls == []
        scooter.stay(5_000, **REFUSING | {"signals": Signals.AWAY})
        scooter.halt(25_000)
    scooter.stay(1_000, **REFUSING)
    assert scooter.reasons == ["stranded_away"]


def test_kerb_that_it_cannot_climb_calls_nobody() -> None:
    scooter = out()
    scooter.stay(8_000, **REFUSING | {"signals": Signals.AWAY, "current_ma": 60_000})
    scooter.drive(10_000, speed_mm_s=-500, demand=Demand.DOWN)
    scooter.drive()
    scooter.halt(1_800_000)
    assert scooter.calls == []


def test_try_that_is_given_up_calls_nobody() -> None:
    scooter = out()
    scooter.stay(4_000, **REFUSING)
    scooter.halt(1_800_000, signals=Signals.AWAY)
    assert scooter.calls == []


@pytest.mark.parametrize(
    "parked",
    [
        {"faults": (ActiveFault("key_off"),), "signals": Signals.AWAY},
        {"faults": (ActiveFault("inhibited", "6"),), "signals": Signals.AWAY | Signals.CHARGING},
    ],
)
def test_switched_off_or_on_charge_at_a_cafe_calls_nobody(parked: dict[str, Any]) -> None:
    scooter = WatchedScooter()
    scooter.drive()
    scooter.halt(10_000, **parked)
    scooter.stay(2_000, demand=Demand.UP)  # leans against the tiller
    scooter.halt(3_600_000)
    assert scooter.calls == []


def test_whoever_gets_off_and_walks_away_is_not_stranded() -> None:
    scooter = out()
    scooter.stay(5_000, **REFUSING, faults=HOT)
    scooter.halt(10_000, signals=Signals.AWAY)
    scooter.halt(3_600_000, seat=Seat.EMPTY)
    assert scooter.calls == []


def test_at_home_nobody_is_called_for_but_by_the_button() -> None:
    scooter = WatchedScooter(seat=Seat.OCCUPIED)
    scooter.stay(600_000, **REFUSING | {"signals": Signals.REFUSED}, faults=BRAKE)
    assert scooter.calls == []


@pytest.mark.parametrize("mode", [Mode.SERVICE, Mode.HAND_WOUND])
def test_mechanic_or_whoever_pushes_it_is_help_enough(mode: Mode) -> None:
    scooter = out()
    scooter.stay(600_000, **REFUSING, faults=BRAKE, mode=mode)
    assert scooter.calls == []


def test_without_a_seat_sensor_who_tries_is_there() -> None:
    scooter = WatchedScooter(seat=Seat.UNKNOWN)
    scooter.drive(seat=Seat.UNKNOWN)
    scooter.stay(31_000, **REFUSING, faults=BRAKE)
    assert scooter.reasons == ["stranded_away"]


def test_each_standstill_calls_once() -> None:
    scooter = out()
    scooter.stay(600_000, **REFUSING, faults=BRAKE)
    assert {call.phase for call in scooter.calls} == {CallPhase.RAISED, CallPhase.REPEATED}
    assert len({call.call_id for call in scooter.calls}) == 1


def test_driving_on_clears_the_call() -> None:
    scooter = out()
    scooter.stay(31_000, **REFUSING, faults=BRAKE)
    scooter.drive(9_000)
    assert scooter.calls[-1].phase is not CallPhase.CLEARED
    scooter.drive(5_000)
    assert CallPhase.CLEARED in {call.phase for call in scooter.calls}


class TestTilted:
    OVER = Signals.AWAY | Signals.TILTED

    def test_with_its_client_calls_after_some_seconds(self) -> None:
        scooter = WatchedScooter()
        scooter.drive()
        scooter.halt(4_500, signals=self.OVER)
        assert scooter.calls == []
        scooter.halt(1_000)
        assert scooter.reasons == ["tilted"]

    def test_whoever_fell_off_may_lie_beside_it(self) -> None:
        scooter = WatchedScooter()
        scooter.drive()
        scooter.halt(2_000, seat=Seat.EMPTY)
        scooter.halt(6_000, signals=self.OVER)
        assert scooter.reasons == ["tilted"]

    def test_at_home_as_well(self) -> None:
        scooter = WatchedScooter()
        scooter.drive(signals=Signals.NONE)
        scooter.halt(6_000, signals=Signals.TILTED)
        assert scooter.reasons == ["tilted"]

    def test_kerb_calls_nobody(self) -> None:
        scooter = WatchedScooter()
        scooter.drive()
        scooter.drive(2_000, signals=self.OVER)
        scooter.drive()
        assert scooter.calls == []

    def test_laid_down_or_carried_long_after_anybody_sat_on_it_calls_nobody(self) -> None:
        scooter = out()
        scooter.halt(70_000, seat=Seat.EMPTY)
        scooter.halt(3_600_000, signals=self.OVER)
        assert scooter.calls == []

    def test_under_the_mechanics_key_calls_nobody(self) -> None:
        scooter = out()
        scooter.halt(60_000, signals=self.OVER, mode=Mode.SERVICE)
        assert scooter.calls == []


def test_restart_of_the_modem_does_not_call_again() -> None:
    scooter = WatchedScooter(WatchSettings(kind=AidKind.WHEELCHAIR)).out()
    scooter.stay(31_000, **REFUSING, faults=BRAKE)
    call = scooter.watch.call
    assert call is not None
    scooter.watch.heard(call.call_id, "released")
    scooter.restart()
    scooter.stay(600_000, **REFUSING, faults=BRAKE)
    assert len({call.call_id for call in scooter.calls}) == 1
