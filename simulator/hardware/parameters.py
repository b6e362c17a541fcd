"""The numbers behind the physics, each with its source or the word "assumed".

Sources in brackets: [market] published sales data of stairlift makers (range 0.07-0.15 m/s, 4.7 m
standard rail, 24 V, 250-400 W, 27-30 V chargers, 4-12 Ah batteries); [EN 81-41] the 0.15 m/s limit
for inclined lifting platforms; [T498] one maker's service manual; [physics] textbook; [data sheet]
what makers of sealed lead-acid batteries commonly state.
"""

from dataclasses import dataclass

GRAVITY_M_S2 = 9.81  # [physics]


@dataclass(frozen=True, kw_only=True)
class DriveParameters:
    """Motor, gear and carriage of a stairlift."""

    rated_speed_m_s: float = 0.12  # [market] 0.07-0.15; [EN 81-41] at most 0.15
    bend_speed_factor: float = 0.6  # assumed: curved rails are taken slower in bends
    soft_start_m_s2: float = 0.06  # assumed: full speed after two seconds
    soft_stop_m_s2: float = 0.10  # assumed
    brake_m_s2: float = 0.60  # assumed: spring brake, stops within a few centimetres
    creep_speed_m_s: float = 0.02  # assumed; [market] "creep to park" over the last 5 cm
    slip_speed_m_s: float = 0.03  # assumed: a carriage that slides through a worn brake
    slip_m: float = 0.30  # assumed: how far it slides through a brake without any grip
    carriage_kg: float = 45.0  # assumed: carriage, seat and batteries
    friction: float = 0.08  # assumed: rollers on the rail, coefficient of rolling resistance
    bend_friction_factor: float = 1.5  # assumed: rollers pinch in bends
    cold_friction_gain_per_c: float = 0.015  # assumed: grease stiffens below 20 degrees
    wear_per_km: float = 0.002  # assumed: friction gained per kilometre over the same place
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

    nominal_v: float = 24.0  # [market]
    capacity_ah: float = 7.0  # [market] 4-12, 7 typical
    resistance_ohm: float = 0.12  # assumed: two healthy blocks, contacts and leads
    empty_resistance_gain: float = 2.0  # assumed: threefold when empty
    exhausted_below: float = 0.02  # assumed: from here on the voltage collapses under load
    exhausted_resistance_gain: float = 40.0  # assumed: nothing left is nothing given
    cold_resistance_gain_per_c: float = 0.012  # assumed: half as much again at -20 degrees
    worn_resistance_gain: float = 3.0  # assumed: more than twice at the end of life
    cold_capacity_loss_per_c: float = 0.008  # [data sheet] about 85 % at 0 degrees
    peukert_exponent: float = 1.15  # assumed: usual for small sealed lead-acid
    peukert_current_a: float = 0.35  # [data sheet] capacity is stated for a 20-hour discharge
    self_discharge_per_month: float = 0.03  # [data sheet] 3 % a month at 20 degrees
    calendar_life_years: float = 5.0  # [market] 3-5 years, to the end of life
    cycle_life: float = 250.0  # [data sheet] full discharges to 60 % capacity
    sulphation_factor: float = 5.0  # assumed: ageing while it stands half empty or worse
    charger_v: float = 27.6  # [market] 27-30
    charger_a: float = 1.0  # assumed
    charge_efficiency: float = 0.9  # assumed
    charge_overpotential_v: float = 1.8  # assumed
    taper_from_charge: float = 0.85  # assumed: constant voltage above it
    leak: float = 0.01  # assumed: float current, as a part of the charger's
    cut_off_v: float = 17.0  # [T498] low-battery code at 17 V or less, under load
    low_v: float = 23.2  # assumed: warning at rest, of controllers that have one
    recovered_v: float = 24.0  # assumed: drive is given free again at this rest voltage


@dataclass(frozen=True, kw_only=True)
class ControllerParameters:
    """What a stairlift's control board measures and how."""

    landing_zone_m: float = 0.05  # [market] creep to park up to 5 cm
    charge_zone_m: float = 0.03  # assumed: contacts at the rail ends only
    parking_error_m: float = 0.04  # assumed: where a badly set lift parks, off its contacts
    occupied_from_kg: float = 20.0  # assumed: spring of the seat switch
    no_charge_after_s: float = 60.0  # assumed: before "parked off the charge point" is shown
    hinge_s: float = 12.0  # assumed: a powered hinge rail goes down or up
    hinge_zone_m: float = 0.5  # assumed: so far above the hinge the carriage needs it down
    hinge_waits_s: float = 20.0  # assumed: before it folds up behind the lift
    step_s: float = 5.0  # assumed: a powered footrest folds out or in
    touch_s: float = 1.0  # assumed: how long something that is touched keeps an edge open
