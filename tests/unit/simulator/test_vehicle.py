from random import Random

import pytest

from gateway.protocol.vocabulary import AidKind, Demand, Mode, Signals
from simulator.drivers import be_carried, drive, drive_home
from simulator.hardware.board import reading_of
from simulator.hardware.breakdown import Breakdown
from simulator.hardware.vehicle import SCOOTER, Vehicle
from simulator.home import Home


def scooter(*, charge: float = 1.0, load_kg: float = 80.0) -> Vehicle:
    made = Vehicle(AidKind.SCOOTER, rng=Random(1), charge=charge)
    made.seat_load_kg = load_kg
    return made


def cruising_a(*, load_kg: float = 80.0, incline_deg: float = 0.0) -> float:
    aid = scooter(load_kg=load_kg)
    aid.incline_deg, aid.throttle, aid.joystick = incline_deg, 0.6, Demand.UP
    aid.step(20)
    return aid.current_a


def test_it_reaches_its_speed_and_no_more() -> None:
    aid = scooter()
    aid.joystick = Demand.UP
    aid.step(30)
    assert aid.speed_m_s == pytest.approx(SCOOTER.max_speed_m_s)
    aid.joystick = Demand.NONE
    aid.step(10)
    assert aid.speed_m_s == 0


def test_backwards_is_slower() -> None:
    aid = scooter()
    aid.joystick = Demand.DOWN
    aid.step(20)
    assert aid.speed_m_s == pytest.approx(-SCOOTER.max_speed_m_s * SCOOTER.reverse_factor)


def test_the_current_grows_with_load_and_slope() -> None:
    assert cruising_a(load_kg=50) < cruising_a(load_kg=120)
    assert cruising_a() < cruising_a(incline_deg=3) < cruising_a(incline_deg=6)
    assert 4 < cruising_a() < 15


def test_a_charge_lasts_for_a_believable_distance() -> None:
    aid = scooter()
    aid.joystick, aid.throttle = Demand.UP, 0.7
    while not aid.battery_flat and aid.odometer_m < 100_000:
        aid.step(60)
    assert 15_000 < aid.odometer_m < 60_000


def test_too_steep_a_slope_stops_it_and_trips_the_current_limit() -> None:
    aid = scooter(load_kg=120)
    aid.incline_deg, aid.joystick = 25.0, Demand.UP
    aid.step(8)
    assert aid.speed_m_s == 0
    assert aid.over_current
    assert [fault.maker_code for fault in reading_of(aid).faults] == ["4"]
    aid.joystick = Demand.NONE
    aid.step(1)
    assert not aid.over_current


def test_a_long_climb_overheats_the_motor_which_cools_down_again() -> None:
    aid = scooter(load_kg=150)
    aid.incline_deg, aid.joystick = 12.0, Demand.UP
    minutes = 0
    while not aid.hot and minutes < 60:
        aid.step(60)
        minutes += 1
    assert 3 <= minutes < 60
    assert aid.speed_m_s == 0 or aid.hot
    assert [fault.code for fault in reading_of(aid).faults] == ["drive_hot"]
    aid.joystick = Demand.NONE
    aid.step(3_600)
    assert not aid.hot


def test_the_cable_inhibits_the_drive_and_mains_are_only_seen_with_it() -> None:
    aid = scooter(charge=0.5)
    assert Signals.MAINS not in reading_of(aid).signals
    aid.cable = True
    aid.joystick = Demand.UP
    aid.step(2)
    reading = reading_of(aid)
    assert aid.speed_m_s == 0
    assert Signals.MAINS | Signals.CHARGING in reading.signals
    assert Signals.REFUSED in reading.signals
    assert [fault.maker_code for fault in reading.faults] == ["6"]


def test_lying_on_its_side_it_does_not_move() -> None:
    aid = scooter()
    aid.tilt_deg, aid.joystick = 80.0, Demand.UP
    aid.step(5)
    assert aid.odometer_m == 0
    assert Signals.TILTED in reading_of(aid).signals


def test_in_freewheel_it_is_pushed_and_not_driven() -> None:
    aid = scooter()
    aid.mode, aid.pushed, aid.joystick = Mode.HAND_WOUND, Demand.UP, Demand.UP
    aid.step(10)
    assert aid.odometer_m == pytest.approx(8)
    assert aid.current_a < 0.1


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (Breakdown.MOTOR, "8"),
        (Breakdown.JOYSTICK, "7"),
        (Breakdown.BRAKE, "5"),
        (Breakdown.CONTROLLER, "9"),
    ],
)
def test_a_broken_part_blinks_its_flashes_and_stops_the_drive(part: Breakdown, code: str) -> None:
    aid = scooter()
    aid.broken.add(part)
    aid.joystick = Demand.UP
    aid.step(5)
    assert aid.odometer_m == 0
    assert [fault.maker_code for fault in reading_of(aid).faults] == [code]


def test_out_and_back_it_is_home_again() -> None:
    house = Home(scooter(), rng=Random(2))
    house.begin(drive(house, 500, heading_deg=37))
    house.advance_to(400_000)
    assert house.vehicle.distance_m == pytest.approx(500, abs=12)
    reading = house.read()
    assert Signals.AWAY in reading.signals
    assert reading.cell is not None
    house.begin(drive_home(house))
    house.advance_to(900_000)
    assert house.vehicle.distance_m == 0
    assert Signals.AWAY not in house.read().signals
    assert house.vehicle.odometer_m == pytest.approx(1_000, abs=30)


def test_taken_along_in_a_car_it_is_elsewhere_without_having_driven() -> None:
    house = Home(scooter(), rng=Random(2))
    before = house.vehicle.place.geohash(5)
    house.begin(be_carried(house, 20_000, heading_deg=180))
    house.advance_to(4_000_000)
    assert house.vehicle.distance_m == pytest.approx(20_000, rel=0.01)
    assert house.vehicle.place.geohash(5) != before
    assert house.vehicle.odometer_m == 0


def test_a_hoist_is_no_vehicle() -> None:
    with pytest.raises(ValueError, match="no wheels"):
        Vehicle(AidKind.HOIST, rng=Random(1))
