"""The numbers behind the physics, each with its source or the word "assumed".

Sources in brackets: [market] published sales data of stairlift makers (range 0.07-0.15 m/s, 4.7 m
standard rail, 24 V, 250-400 W, 27-30 V chargers, 4-12 Ah batteries); [EN 81-41] the 0.15 m/s limit
for inclined lifting platforms; [T498] one maker's service manual; [physics] textbook.
"""

from dataclasses import dataclass

GRAVITY_M_S2 = 9.81  # [physics]


@dataclass(frozen=True, kw_only=True)
class DriveParameters:
    """Motor, gear and carriage."""

    rated_speed_m_s: float = 0.12  # [market] 0.07-0.15; [EN 81-41] at most 0.15
    bend_speed_factor: float = 0.6  # assumed: curved rails are taken slower in bends
    soft_start_m_s2: float = 0.06  # assumed: full speed after two seconds
    soft_stop_m_s2: float = 0.10  # assumed
    brake_m_s2: float = 0.60  # assumed: spring brake, stops within a few centimetres
    creep_speed_m_s: float = 0.02  # assumed; [market] "creep to park" over the last 5 cm
    carriage_kg: float = 45.0  # assumed: carriage, seat and batteries
    friction: float = 0.08  # assumed: rollers on the rail, coefficient of rolling resistance
    bend_friction_factor: float = 1.5  # assumed: rollers pinch in bends
    gear_efficiency: float = 0.45  # assumed: a self-locking worm gear stays below 0.5 [physics]
    no_load_current_a: float = 1.0  # assumed: motor and brake coil
    electronics_current_a: float = 0.04  # assumed: controller at rest
    stall_current_a: float = 30.0  # assumed: 2.5 times the rated current
    over_current_after_s: float = 0.8  # assumed
    current_noise: float = 0.02  # assumed: relative ripple as the controller measures it
    hand_wind_speed_m_s: float = 0.02  # assumed: a person turning the hand wheel


@dataclass(frozen=True, kw_only=True)
class BatteryParameters:
    """Two 12 V sealed lead-acid blocks in series, and their charger."""

    capacity_ah: float = 7.0  # [market] 4-12, 7 typical
    resistance_ohm: float = 0.12  # assumed: two healthy blocks, contacts and leads
    peukert_exponent: float = 1.15  # assumed: usual for small sealed lead-acid
    peukert_current_a: float = 0.35  # assumed: capacity is stated for a 20-hour discharge
    charger_v: float = 27.6  # [market] 27-30
    charger_a: float = 1.0  # assumed
    charge_efficiency: float = 0.9  # assumed
    taper_from_charge: float = 0.85  # assumed: constant voltage above it
    cut_off_v: float = 17.0  # [T498] low-battery code at 17 V or less, under load
    recovered_v: float = 24.0  # assumed: drive is given free again at this rest voltage


@dataclass(frozen=True, kw_only=True)
class ControllerParameters:
    """What the control board measures and how."""

    landing_zone_m: float = 0.05  # [market] creep to park up to 5 cm
    charge_zone_m: float = 0.03  # assumed: contacts at the rail ends only
    occupied_from_kg: float = 20.0  # assumed: spring of the seat switch
    no_charge_after_s: float = 60.0  # assumed: before "parked off the charge point" is shown
    battery_step_mv: int = 100  # assumed: resolution of the voltage measurement
