"""What a ride came to."""

from typing import Any

import pytest

from gateway.protocol.vocabulary import Demand, Direction, Landing, LoadClass, Mode, Seat
from tests.support.lift import PARKED, RAIL_MM, START_WALL_MS, WatchedLift


def ridden(**changes: Any) -> WatchedLift:
    lift = WatchedLift()
    lift.board()
    lift.ride(20_000)
    lift.stay(19_000, **changes)
    lift.arrive()
    return lift


def test_summary() -> None:
    lift = WatchedLift()
    lift.board()
    lift.ride(20_000)
    lift.stand(10_000)
    lift.stay(19_000, speed_mm_s=120, current_ma=12_000, demand=Demand.UP)
    ended_ms = lift.now_ms
    lift.arrive()
    (usage,) = lift.usages
    assert usage.time_ms == START_WALL_MS + ended_ms
    assert usage.duration_ms == 49_000
    assert usage.distance_mm == RAIL_MM
    assert usage.direction is Direction.UP
    assert (usage.start_landing, usage.end_landing) == (Landing.BOTTOM, Landing.TOP)
    assert usage.mean_current_ma == pytest.approx(11_000, rel=0.02)
    assert usage.peak_current_ma == 12_000
    assert usage.load_class is LoadClass.NORMAL
    assert usage.seat is Seat.OCCUPIED
    assert usage.stops == 1
    assert usage.battery_before_mv == PARKED.battery_mv
    assert usage.battery_after_mv == 26_000


def test_who_sits_down_as_soon_as_it_has_come_did_not_ride_on_it() -> None:
    lift = WatchedLift(landing=Landing.TOP, position_mm=RAIL_MM)
    lift.stay(20_000, speed_mm_s=-120, landing=Landing.BETWEEN, demand=Demand.DOWN)
    lift.stand(1_000, landing=Landing.BOTTOM)
    lift.stay(10_000, seat=Seat.OCCUPIED)
    (usage,) = lift.usages
    assert usage.seat is Seat.EMPTY


def test_downwards() -> None:
    lift = WatchedLift(landing=Landing.TOP, position_mm=RAIL_MM)
    lift.stay(20_000, speed_mm_s=-120, landing=Landing.BETWEEN, demand=Demand.DOWN)
    lift.stand(5_000, landing=Landing.BOTTOM)
    (usage,) = lift.usages
    assert (usage.direction, usage.load_class) == (Direction.DOWN, LoadClass.EMPTY)


@pytest.mark.parametrize(
    ("current_ma", "seat", "expected"),
    [
        (16_000, Seat.OCCUPIED, LoadClass.HEAVY),
        (9_000, Seat.OCCUPIED, LoadClass.NORMAL),
        (5_000, Seat.OCCUPIED, LoadClass.NORMAL),
        (5_000, Seat.UNKNOWN, LoadClass.EMPTY),
        (9_000, Seat.EMPTY, LoadClass.EMPTY),
        (None, Seat.OCCUPIED, LoadClass.UNKNOWN),
    ],
)
def test_load_class(current_ma: int | None, seat: Seat, expected: LoadClass) -> None:
    lift = WatchedLift(seat=seat)
    lift.stay(20_000, speed_mm_s=120, current_ma=current_ma, landing=Landing.BETWEEN)
    lift.arrive()
    assert lift.usages[0].load_class is expected


def test_creeping_to_the_charge_point_is_no_ride() -> None:
    lift = WatchedLift()
    lift.stay(500, speed_mm_s=50)
    lift.stand(5_000)
    assert lift.usages == []


def test_ride_that_is_given_up_is_summed_up_once() -> None:
    lift = WatchedLift()
    lift.ride()
    lift.stand(3_600_000)
    (usage,) = lift.usages
    assert usage.end_landing is Landing.BETWEEN
    assert usage.duration_ms == 10_000
    lift.ride()
    lift.arrive()
    assert [u.start_landing for u in lift.usages] == [Landing.BOTTOM, Landing.BETWEEN]


def test_mechanic_who_takes_over_ends_the_ride() -> None:
    lift = WatchedLift()
    lift.ride()
    lift.stand(1_000, mode=Mode.SERVICE)
    assert len(lift.usages) == 1
    lift.ride()
    lift.arrive()
    assert len(lift.usages) == 1


def test_controller_that_knows_only_its_current() -> None:
    lift = WatchedLift(speed_mm_s=None, position_mm=None)
    lift.stay(20_000, current_ma=9_000, landing=Landing.BETWEEN, demand=Demand.UP)
    lift.stay(5_000, current_ma=0, landing=Landing.TOP, demand=Demand.NONE)
    (usage,) = lift.usages
    assert (usage.distance_mm, usage.direction) == (0, Direction.UP)


def test_controller_that_knows_only_its_joystick() -> None:
    lift = WatchedLift(speed_mm_s=None, position_mm=None, current_ma=None, battery_mv=None)
    lift.stay(20_000, landing=Landing.BETWEEN, demand=Demand.DOWN)
    lift.stay(5_000, landing=Landing.BOTTOM, demand=Demand.NONE)
    (usage,) = lift.usages
    assert usage.direction is Direction.DOWN
    assert usage.mean_current_ma is None
    assert usage.battery_before_mv is None


def test_unhurried_rider_still_makes_one_ride() -> None:
    assert len(ridden(current_ma=9_000).usages) == 1
