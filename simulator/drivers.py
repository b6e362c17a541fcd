"""What people do with a scooter or a power wheelchair: drive, park, charge, help."""

from dataclasses import replace

from gateway.protocol.vocabulary import Contacts, Demand, Mode
from simulator.home import Activity, Home

LOOK_MS = 500  # assumed: how often a driver notices where he is
NEAR_M = 8.0
CAR_M_S = 10.0  # assumed: through town


def drive(
    home: Home,
    metres: float,
    *,
    heading_deg: float | None = None,
    incline_deg: float = 0.0,
    throttle: float = 1.0,
) -> Activity:
    """Drive so far, then let go; somebody else may let go of it before. Back for less than 0."""
    vehicle = home.vehicle
    direction = Demand.UP if metres >= 0 else Demand.DOWN
    if heading_deg is not None:
        vehicle.heading_deg = heading_deg
    vehicle.incline_deg, vehicle.throttle = incline_deg, throttle
    until_m = vehicle.odometer_m + abs(metres)
    vehicle.joystick = direction
    while vehicle.joystick is direction and vehicle.odometer_m < until_m:
        left_m = until_m - vehicle.odometer_m
        yield max(50, min(LOOK_MS, round(left_m / max(abs(vehicle.speed_m_s), 0.5) * 500)))
    if vehicle.joystick is direction:
        vehicle.joystick = Demand.NONE
    vehicle.incline_deg = 0.0 if vehicle.joystick is Demand.NONE else incline_deg


def drive_home(home: Home, *, incline_deg: float = 0.0, throttle: float = 1.0) -> Activity:
    """Drive straight home, as far as it goes in one stretch."""
    vehicle = home.vehicle
    yield from drive(
        home,
        vehicle.distance_m,
        heading_deg=vehicle.place.heading_to(vehicle.home),
        incline_deg=incline_deg,
        throttle=throttle,
    )
    while vehicle.speed_m_s and vehicle.joystick is Demand.NONE:
        yield 200
    if vehicle.distance_m < NEAR_M:
        vehicle.place = vehicle.home


def be_carried(home: Home, metres: float, *, heading_deg: float) -> Activity:
    """Be taken along in a car or a van, so far."""
    left_m = metres
    while left_m > 0:
        step_m = min(left_m, CAR_M_S * 5)
        yield 5_000
        home.vehicle.carry(step_m, heading_deg)
        left_m -= step_m


def help_driver(home: Home) -> Activity:
    """Let helpers come, set it upright and bring driver and vehicle home; the mechanic mends it."""
    vehicle = home.vehicle
    vehicle.joystick = vehicle.pushed = Demand.NONE
    vehicle.mode = Mode.SERVICE
    yield 5_000
    vehicle.tilt_deg = vehicle.incline_deg = 0.0
    vehicle.seat_load_kg = 0.0
    vehicle.sos = False
    yield 20_000  # assumed: the repair, shortened
    mend_vehicle(home)
    vehicle.place = vehicle.home
    vehicle.cable = True
    yield 2_000
    vehicle.mode = Mode.NORMAL


def mend_vehicle(home: Home) -> None:
    """Put right what was left."""
    vehicle = home.vehicle
    vehicle.broken.clear()
    vehicle.contacts = Contacts.NONE
    vehicle.key_on = True
    vehicle.hot = vehicle.over_current = False
    vehicle.motor_c = vehicle.temperature_c
    vehicle.tilt_deg = vehicle.incline_deg = vehicle.stiffness = vehicle.brushes = 0.0
    vehicle.mains = True
    vehicle.opened = False
    vehicle.battery.charge = max(vehicle.battery.charge, 0.6)
    vehicle.battery_flat = False
    home.surroundings.set_right()


def tune(home: Home, factor: float = 1.6) -> None:
    """Set the controller to go faster than it is built for."""
    vehicle = home.vehicle
    vehicle.drive = replace(vehicle.drive, max_speed_m_s=vehicle.drive.max_speed_m_s * factor)
