"""A patient hoist, one stroke of its arm as a whole."""

import numpy as np

from gateway.protocol.messages import PROFILE_PARTS
from simulator.hardware.parameters import GRAVITY_M_S2
from simulator.years.aids import Aid
from simulator.years.life import Floats, Life
from simulator.years.power import NOMINAL_V, currents_for, resistance_by_day


def hardest_w(aid: Aid, load_kg: float) -> float:
    """Return the power of lifting ``load_kg``."""
    return (aid.own_kg + load_kg) * GRAVITY_M_S2 * aid.speed_m_s / aid.efficiency


def delivered_a(aid: Aid, load_kg: float) -> float:
    """Return the mean current of lifting ``load_kg``, as it was new."""
    resistance = np.array([aid.battery.resistance_ohm])
    power_w = np.array([hardest_w(aid, load_kg)])
    amperes = currents_for(power_w, np.array([NOMINAL_V]), resistance)
    fixed_a = aid.drive.no_load_current_a + aid.drive.electronics_current_a
    return float(amperes[0]) + fixed_a


def drive(life: Life) -> Floats:
    """Let all strokes go. Returns the charge that each takes, in ampere-hours."""
    aid, rides, days, rng = life.aid, life.rides, life.days, life.rng
    count, day = len(rides), rides.day
    wear = days.friction[day] * days.bend_friction[day]
    force_n = (aid.own_kg + rides.load_kg) * GRAVITY_M_S2
    # Down, the spindle is held rather than driven (assumed a tenth).
    power_w = force_n * aid.speed_m_s / aid.efficiency * np.where(rides.up, 1.0, 0.1) * wear
    resistance = resistance_by_day(life)[day]
    fixed_a = aid.drive.no_load_current_a + aid.drive.electronics_current_a
    rides.mean_a = currents_for(power_w, np.full(count, NOMINAL_V), resistance) + fixed_a
    rides.peak_a = rides.mean_a * (1.12 + aid.ripple * rng.normal(2.6, 0.3, count))
    slipped_m = np.where(rides.up, 0.0, days.slip_mm[day] / 1000)
    speed = aid.speed_m_s * days.speed[day] * np.where(rides.up, 1 - rides.load_kg / 1000, 1.05)
    running_s = rides.length_m / speed
    rides.duration_s = running_s + rides.stops * rng.uniform(3, 15, count)
    rides.distance_m = rides.length_m + slipped_m
    rides.max_speed_mm_s = speed * 1000 * np.where(rides.up, 1.0, 1 + days.slip_mm[day] / 80)
    rides.profile_a = np.full((count, PROFILE_PARTS), np.nan)
    return rides.mean_a * running_s / 3600 * 1.3
