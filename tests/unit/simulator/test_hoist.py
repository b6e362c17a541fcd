from random import Random

import pytest

from gateway.protocol.vocabulary import Demand, Mode, Seat, Signals
from simulator.carers import hoist_down, hoist_up
from simulator.hardware.board import reading_of
from simulator.hardware.breakdown import Breakdown
from simulator.hardware.hoist import Hoist
from simulator.home import Home


def hoist(*, load_kg: float = 80.0, position_m: float = 0.0, charge: float = 1.0) -> Hoist:
    made = Hoist(rng=Random(1), position_m=position_m, charge=charge)
    made.seat_load_kg = load_kg
    return made


def lifting_a(load_kg: float) -> float:
    aid = hoist(load_kg=load_kg, position_m=0.5)
    aid.joystick = Demand.UP
    aid.step(3)
    return aid.current_a


def test_the_load_is_felt_only_while_it_hangs() -> None:
    house = Home(hoist(), rng=Random(2))
    assert house.read().seat is Seat.EMPTY
    house.begin(hoist_up(house))
    house.advance_to(40_000)
    reading = house.read()
    assert reading.seat is Seat.OCCUPIED
    assert reading.load_kg == 80
    assert reading.position_mm == pytest.approx(900, abs=15)
    house.begin(hoist_down(house))
    house.advance_to(80_000)
    assert house.read().load_kg == 0
    assert house.hoist.cycles == 2


def test_the_current_grows_with_the_load_and_going_down_takes_little() -> None:
    assert lifting_a(20) < lifting_a(80) < lifting_a(140)
    assert 2 < lifting_a(80) < 10
    aid = hoist(position_m=1.0)
    aid.joystick = Demand.DOWN
    aid.step(3)
    assert aid.current_a < lifting_a(80) / 2


def test_too_heavy_a_load_goes_down_but_not_up() -> None:
    aid = hoist(load_kg=220, position_m=0.8)
    aid.joystick = Demand.UP
    aid.step(5)
    assert aid.position_m == 0.8
    assert [fault.code for fault in reading_of(aid).faults] == ["overload"]
    aid.joystick = Demand.DOWN
    aid.step(5)
    assert aid.position_m < 0.7


def test_the_emergency_stop_stops_everything_until_it_is_released() -> None:
    aid = hoist(position_m=0.8)
    aid.joystick = Demand.DOWN
    aid.step(1)
    aid.emergency_stop = True
    aid.step(5)
    where = aid.position_m
    aid.step(5)
    assert aid.position_m == where
    assert [fault.maker_code for fault in reading_of(aid).faults] == ["STOP"]
    aid.emergency_stop = False
    aid.step(5)
    assert aid.position_m < where


def test_without_power_it_is_lowered_by_hand() -> None:
    aid = hoist(position_m=0.8)
    aid.broken.add(Breakdown.ISOLATOR)
    aid.joystick = Demand.DOWN
    aid.step(5)
    assert aid.position_m == 0.8
    aid.mode, aid.hand_wheel = Mode.HAND_WOUND, Demand.DOWN
    aid.step(10)
    assert aid.position_m == pytest.approx(0.6)


def test_a_jam_trips_the_current_limit() -> None:
    aid = hoist(position_m=0.8)
    aid.broken.add(Breakdown.JAM)
    aid.joystick = Demand.UP
    aid.step(0.5)
    assert aid.current_a > 10
    aid.step(2)
    assert Signals.REFUSED in reading_of(aid).signals


def test_some_forty_lifts_on_a_charge() -> None:
    aid = hoist()
    lifts = 0
    while not aid.battery_flat and lifts < 500:
        for direction in (Demand.UP, Demand.DOWN):
            aid.joystick = direction
            aid.step(35)
        lifts += 1
    assert 25 <= lifts <= 150


def test_a_stroke_that_it_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="stroke"):
        hoist(position_m=2.0)
