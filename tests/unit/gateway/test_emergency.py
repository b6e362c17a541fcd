"""When the lift itself calls for help, and when it does not."""

from typing import Any, ClassVar

import pytest

from gateway.hal import ActiveFault
from gateway.protocol.vocabulary import CallPhase, Contacts, Demand, Landing, Mode, Seat, Signals
from gateway.watch import RideSettings, WatchSettings
from tests.support.lift import EDGE, RAIL_MM, START_WALL_MS, WatchedLift


def riding(**changes: Any) -> WatchedLift:
    """A lift in mid-rail with its rider."""
    lift = WatchedLift(**changes)
    lift.board()
    lift.ride()
    return lift


def test_ordinary_ride_calls_nobody() -> None:
    lift = riding()
    lift.arrive(60_000)
    lift.stay(3_600_000, seat=Seat.EMPTY)
    assert lift.calls == []


@pytest.mark.parametrize("where", ["landing", "moving", "stopped"])
def test_sos_calls_at_once(where: str) -> None:
    lift = WatchedLift()
    lift.board()
    if where != "landing":
        lift.ride()
    if where == "stopped":
        lift.stand(1_000)
    lift.stay(0, signals=Signals.SOS)
    assert [(c.reason, c.phase) for c in lift.calls] == [("sos", CallPhase.RAISED)]
    assert lift.calls[0].since_ms == lift.wall_ms


def test_refused_drive_calls_after_two_seconds() -> None:
    lift = riding()
    refused = {"demand": Demand.UP, "signals": Signals.REFUSED}
    lift.stand(1_750, **refused)
    assert lift.calls == []
    lift.stand(500, **refused)
    assert lift.reasons == ["drive_refused"]


def test_drive_that_does_not_follow_counts_as_refused_though_the_controller_does_not_say_so() -> (
    None
):
    lift = riding()
    lift.stand(2_500, demand=Demand.DOWN)
    assert lift.reasons == ["drive_refused"]


def test_reversing_out_of_an_edge_is_no_emergency() -> None:
    lift = riding()
    lift.stand(1_500, demand=Demand.UP, signals=Signals.REFUSED, faults=EDGE)
    lift.stay(4_000, demand=Demand.DOWN, speed_mm_s=-120, signals=Signals.NONE, faults=EDGE)
    lift.stay(2_000, faults=())
    lift.stand(5_000, landing=Landing.BOTTOM)
    assert lift.calls == []
    assert [edge.edge.value for edge in lift.edges] == ["raised", "cleared"]


@pytest.mark.parametrize(
    "trouble",
    [{"faults": EDGE}, {"contacts": Contacts.CARRIAGE_UP}, {"faults": (ActiveFault("x"),)}],
)
def test_fault_that_does_not_clear_calls(trouble: dict[str, Any]) -> None:
    lift = riding()
    lift.stand(4_500, **trouble)
    assert lift.calls == []
    lift.stand(1_000)
    assert lift.reasons == ["fault_while_riding"]
    assert lift.calls[0].since_ms == START_WALL_MS + lift.now_ms - 5_500


def test_fault_that_does_not_stop_the_drive_is_only_reported() -> None:
    lift = riding(faults=(ActiveFault("battery_low", "0"),))
    lift.arrive()
    assert lift.calls == []
    assert [edge.code for edge in lift.edges] == ["battery_low"]


def test_edge_that_clears_in_time_calls_nobody() -> None:
    lift = riding()
    lift.stand(4_000, faults=EDGE)
    lift.stay(0, faults=())
    lift.ride()
    lift.arrive()
    assert lift.calls == []


def test_seat_that_empties_between_landings_calls() -> None:
    lift = riding()
    lift.stand(2_500, seat=Seat.EMPTY)
    assert lift.reasons == ["rider_gone"]


def test_seat_that_empties_while_the_lift_moves_on_calls() -> None:
    lift = riding()
    lift.stay(2_500, seat=Seat.EMPTY)
    assert lift.reasons == ["rider_gone"]


def test_shifting_in_the_seat_calls_nobody() -> None:
    lift = riding()
    lift.stay(1_500, seat=Seat.EMPTY)
    lift.stay(1_500, seat=Seat.OCCUPIED)
    lift.arrive()
    assert lift.calls == []


def test_standing_without_a_reason_calls_after_half_a_minute() -> None:
    lift = riding()
    lift.stand(29_500)
    assert lift.calls == []
    lift.stand(1_000)
    assert lift.reasons == ["stopped_between_landings"]
    assert lift.calls[0].since_ms == lift.calls[0].time_ms - 30_000


def test_pause_that_goes_on_calls_nobody() -> None:
    lift = riding()
    lift.stand(25_000)
    lift.ride(5_000)
    lift.stand(25_000)
    lift.ride(5_000)
    lift.arrive()
    assert lift.calls == []


@pytest.mark.parametrize("trouble", [{}, {"faults": EDGE}, {"battery_mv": 16_000}])
def test_empty_chair_calls_nobody(trouble: dict[str, Any]) -> None:
    lift = WatchedLift()
    lift.ride()
    lift.stand(600_000, **trouble)
    lift.stay(5_000, demand=Demand.UP, signals=Signals.REFUSED)
    assert lift.calls == []


def test_without_a_seat_sensor_somebody_may_be_aboard() -> None:
    lift = WatchedLift(seat=Seat.UNKNOWN)
    lift.ride()
    lift.stand(31_000)
    assert lift.reasons == ["stopped_between_landings"]


@pytest.mark.parametrize("mode", [Mode.SERVICE, Mode.HAND_WOUND])
def test_somebody_in_charge_of_the_lift_silences_its_own_judgement(mode: Mode) -> None:
    lift = riding()
    lift.stand(600_000, mode=mode, faults=EDGE, battery_mv=16_000)
    assert lift.calls == []


def test_sos_counts_while_the_lift_is_wound_by_hand_but_not_under_the_mechanics_key() -> None:
    wound, serviced = riding(), riding()
    wound.stand(1_000, mode=Mode.HAND_WOUND, signals=Signals.SOS)
    serviced.stand(1_000, mode=Mode.SERVICE, signals=Signals.SOS)
    assert (wound.reasons, serviced.reasons) == (["sos"], [])


def test_battery_that_carries_nobody_to_a_landing_calls() -> None:
    lift = riding()
    lift.stand(2_500, battery_mv=17_000)
    assert lift.reasons == ["power_too_low"]


def test_battery_that_sags_under_load_calls_nobody() -> None:
    lift = riding()
    lift.stay(5_000, battery_mv=16_500)
    lift.stand(1_000)
    lift.arrive()
    assert lift.calls == []


def test_modem_that_starts_in_mid_rail_calls_for_who_sits_there() -> None:
    lift = WatchedLift(landing=Landing.BETWEEN, seat=Seat.OCCUPIED, position_mm=2_000)
    lift.stay(31_000)
    assert lift.reasons == ["stopped_between_landings"]


class TestWithoutLandingSwitches:
    BLIND: ClassVar[dict[str, Any]] = {"landing": Landing.UNKNOWN, "signals": Signals.NONE}

    def test_position_will_do(self) -> None:
        settings = WatchSettings(ride=RideSettings(rail_length_mm=RAIL_MM))
        lift = WatchedLift(settings, **self.BLIND)
        lift.board()
        lift.stay(10_000, speed_mm_s=120, demand=Demand.UP)
        lift.stand(31_000)
        assert lift.reasons == ["stopped_between_landings"]
        lift.stand(5_000, position_mm=RAIL_MM - 30)
        assert lift.calls[-1].phase is CallPhase.RAISED

    def test_people_may_sit_on_after_they_arrived(self) -> None:
        lift = WatchedLift(position_mm=None, **self.BLIND)
        lift.board()
        lift.stay(30_000, speed_mm_s=120, demand=Demand.UP)
        lift.stay(5_000, speed_mm_s=0)  # the joystick still held at the end of the rail
        lift.stand(60_000, contacts=Contacts.SEAT_SWIVEL, faults=(ActiveFault("seat_turned"),))
        lift.stand(600_000, seat=Seat.EMPTY)
        assert lift.calls == []

    def test_but_not_for_ever(self) -> None:
        lift = WatchedLift(position_mm=None, **self.BLIND)
        lift.board()
        lift.stay(30_000, speed_mm_s=120, demand=Demand.UP)
        lift.stand(121_000)
        assert lift.reasons == ["stopped_between_landings"]

    @pytest.mark.parametrize(
        ("trouble", "reason"),
        [
            ({"faults": EDGE}, "fault_while_riding"),
            ({"demand": Demand.UP, "signals": Signals.REFUSED}, "drive_refused"),
            ({"battery_mv": 16_000}, "power_too_low"),
        ],
    )
    def test_what_no_arrival_brings_calls(self, trouble: dict[str, Any], reason: str) -> None:
        lift = WatchedLift(position_mm=None, **self.BLIND)
        lift.board()
        lift.stay(30_000, speed_mm_s=120, demand=Demand.UP)
        lift.stand(6_000, **trouble)
        assert lift.reasons == [reason]

    def test_charging_is_standing_at_a_landing(self) -> None:
        lift = WatchedLift(position_mm=None, landing=Landing.UNKNOWN, seat=Seat.OCCUPIED)
        lift.stay(30_000, speed_mm_s=120, demand=Demand.UP, signals=Signals.NONE)
        lift.stand(600_000, signals=Signals.CHARGING)
        assert lift.calls == []
