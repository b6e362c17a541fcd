"""No aid gives more energy than it takes, whatever its age, load, weather and way."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.protocol.vocabulary import AidKind, Demand
from simulator.hardware.battery import Battery
from simulator.hardware.board import reading_of
from simulator.hardware.hoist import Hoist
from simulator.hardware.parameters import GRAVITY_M_S2, BatteryParameters
from simulator.hardware.rail import Rail
from simulator.hardware.stairlift import Stairlift
from simulator.hardware.vehicle import Vehicle
from simulator.hardware.wear import Wear

parts = st.floats(0, 1)
healths = st.floats(0.2, 1)
temperatures = st.floats(-20, 40)
wheels = st.sampled_from((AidKind.SCOOTER, AidKind.WHEELCHAIR))


def made(charge: float, health: float, temperature_c: float) -> Battery:
    battery = Battery(BatteryParameters(), charge=charge, health=health)
    battery.temperature_c = temperature_c
    return battery


@given(parts, healths, temperatures, st.floats(0.01, 40), st.floats(0.1, 3_600))
def test_a_battery_delivers_no_more_than_it_loses(
    charge: float, health: float, temperature_c: float, current_a: float, seconds: float
) -> None:
    battery = made(charge, health, temperature_c)
    delivered_j = before_ah = 0.0
    before_ah = battery.charge * battery.capacity_ah
    highest_v = battery.rest_v
    for _ in range(20):
        if battery.charge > 0:
            last_ah = battery.charge * battery.capacity_ah
            held_s = min(seconds / 20, last_ah / current_a * 3_600)
            delivered_j += battery.terminal_v(current_a) * current_a * held_s
            battery.discharge(current_a, seconds / 20)
    lost_ah = before_ah - battery.charge * battery.capacity_ah
    assert delivered_j <= highest_v * lost_ah * 3_600 + 1e-6


@given(parts, healths, temperatures, st.floats(0, 30))
def test_the_voltage_sags_with_the_load(
    charge: float, health: float, temperature_c: float, current_a: float
) -> None:
    battery = made(charge, health, temperature_c)
    assert battery.terminal_v(current_a + 1) <= battery.terminal_v(current_a) <= battery.rest_v
    older = made(charge, health / 2, temperature_c)
    assert older.terminal_v(current_a) <= battery.terminal_v(current_a)


@given(parts, healths, temperatures)
def test_charging_takes_a_plausible_time_and_comes_to_an_end(
    charge: float, health: float, temperature_c: float
) -> None:
    battery = made(charge, health, temperature_c)
    hours = 0
    while battery.charge < 0.95 and hours < 100:
        battery.recharge(3_600)
        hours += 1
    assert hours <= 15
    assert battery.charge <= 1
    assert battery.charging_v <= BatteryParameters().charger_v


@settings(deadline=None)
@given(st.floats(20, 130), st.floats(5, 60), st.floats(0, 3), temperatures)
def test_a_lift_takes_more_current_for_more_load_and_slope(
    load_kg: float, incline_deg: float, worn: float, temperature_c: float
) -> None:
    def current_a(load: float, incline: float) -> float:
        lift = Stairlift(Rail.straight(incline_deg=incline), rng=Random(1), wear=Wear(general=worn))
        lift.battery.temperature_c = temperature_c
        lift.seat_load_kg, lift.joystick = load, Demand.UP
        lift.step(6)
        return lift.current_a if not lift.battery_flat else 1_000.0

    assert current_a(load_kg, incline_deg) < current_a(load_kg + 30, incline_deg)
    assert current_a(load_kg, incline_deg) < current_a(load_kg, incline_deg + 8)


@settings(deadline=None)
@given(wheels, st.floats(0, 150), st.floats(-10, 12), st.floats(0.1, 1), st.floats(5, 300))
def test_driving_uphill_takes_more_energy_than_it_stores(
    kind: AidKind, load_kg: float, incline_deg: float, throttle: float, seconds: float
) -> None:
    aid = Vehicle(kind, rng=Random(3))
    aid.seat_load_kg, aid.incline_deg, aid.throttle = load_kg, incline_deg, throttle
    aid.joystick = Demand.UP
    aid.step(seconds)
    rise_m = aid.odometer_m * max(0.0, incline_deg) / 57.3 * 0.98
    assert aid.energy_drawn_j * 1.05 >= aid.mass_kg * GRAVITY_M_S2 * rise_m
    assert 0 <= aid.speed_m_s <= aid.drive.max_speed_m_s + 1e-9
    assert 0 <= aid.battery.charge <= 1
    reading_of(aid)


@settings(deadline=None)
@given(wheels, st.floats(0, 150), st.floats(-8, 8))
def test_wheels_stand_still_when_the_lever_is_let_go(
    kind: AidKind, load_kg: float, incline_deg: float
) -> None:
    aid = Vehicle(kind, rng=Random(3))
    aid.seat_load_kg, aid.incline_deg, aid.joystick = load_kg, incline_deg, Demand.UP
    aid.step(20)
    aid.joystick = Demand.NONE
    aid.step(10)
    where_m = aid.odometer_m
    aid.step(600)
    assert aid.odometer_m == where_m


@settings(deadline=None)
@given(st.floats(0, 180), st.floats(0, 1.2), st.lists(st.sampled_from(Demand), max_size=6))
def test_a_hoist_stays_within_its_stroke_and_lifts_with_more_than_it_stores(
    load_kg: float, position_m: float, pressed: list[Demand]
) -> None:
    aid = Hoist(rng=Random(4), position_m=position_m)
    aid.seat_load_kg, aid.carried_at_m = load_kg, 0.0
    gained_j = 0.0
    for direction in pressed:
        aid.joystick = direction
        before_m = aid.position_m
        aid.step(4)
        gained_j += max(0.0, aid.position_m - before_m) * aid.felt_kg * GRAVITY_M_S2
        assert 0 <= aid.position_m <= aid.drive.stroke_m
        assert abs(aid.speed_m_s) <= aid.drive.speed_m_s + 1e-9
    assert aid.energy_drawn_j >= gained_j * 0.99
