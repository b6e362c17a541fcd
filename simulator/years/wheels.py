"""Scooters and wheelchairs, a stretch of an outing as a whole."""

import numpy as np

from gateway.protocol.messages import PROFILE_PARTS
from simulator.hardware.parameters import GRAVITY_M_S2
from simulator.years.aids import Aid
from simulator.years.life import Floats, Life
from simulator.years.power import NOMINAL_V, currents_for, resistance_by_day

DRAG_W_PER_MS3 = 0.35  # 0.5 x density of air x drag area of 0.55 m2 (assumed)
ON_SLOPE = 0.55  # assumed: it climbs at this part of its speed
STARTING = 1.35  # assumed: setting off takes so much more than rolling


def hardest_w(aid: Aid, load_kg: float) -> float:
    """Return the power that the usual steepest place takes with ``load_kg``."""
    mass_kg = aid.own_kg + load_kg
    slope = np.sin(np.radians(aid.terrain_deg + 1))
    force_n = mass_kg * GRAVITY_M_S2 * (aid.rolling + slope)
    return float(force_n * aid.speed_m_s * ON_SLOPE / aid.efficiency * STARTING)


def drive(life: Life) -> Floats:
    """Let all stretches go. Returns the charge that each takes, in ampere-hours."""
    aid, rides, days, rng = life.aid, life.rides, life.days, life.rng
    count, day = len(rides), rides.day
    mass_kg = aid.own_kg + rides.load_kg
    speed = aid.speed_m_s * rides.speed * days.speed[day]
    wear = days.friction[day] * days.bend_friction[day]
    resistance = resistance_by_day(life)[day]
    volts = np.full(count, NOMINAL_V)
    # Up and down even out but for what braking loses.
    mean_n = mass_kg * GRAVITY_M_S2 * (aid.rolling + 0.3 * np.sin(np.radians(rides.incline_deg)))
    cruise_w = (mean_n * speed + DRAG_W_PER_MS3 * speed**3) / aid.efficiency * wear
    steep = np.sin(np.radians(rides.incline_deg))
    climb_n = mass_kg * GRAVITY_M_S2 * (aid.rolling + steep)
    peak_w = np.maximum(climb_n * speed * ON_SLOPE, mean_n * speed) / aid.efficiency
    fixed_a = aid.drive.no_load_current_a + aid.drive.electronics_current_a
    mean_a = currents_for(cruise_w, volts, resistance) + fixed_a
    rides.mean_a = mean_a * np.exp(rng.normal(0, 0.06, count))  # wind and ground
    rides.peak_a = currents_for(peak_w * STARTING * wear, volts, resistance) + fixed_a
    rides.peak_a = np.maximum(rides.peak_a * np.exp(rng.normal(0, 0.08, count)), rides.mean_a)
    rolling_s = rides.length_m / np.maximum(speed, 0.05)
    stops = rng.poisson(rides.length_m / 700)
    rides.stops = rides.stops + stops
    rides.duration_s = rolling_s + rides.stops * rng.uniform(3, 30, count) + 3
    rides.distance_m = rides.length_m * np.exp(rng.normal(0, 0.01, count))
    rides.max_speed_mm_s = np.minimum(speed * rng.uniform(1.02, 1.2, count), aid.speed_m_s) * 1000
    faster = rides.speed * days.speed[day] > 1
    rides.max_speed_mm_s = np.where(faster, speed * 1000, rides.max_speed_mm_s)
    rides.max_speed_mm_s *= 1 + days.slip_mm[day] / 1500
    rides.distance_m += days.slip_mm[day] / 1000 * (1 + rides.stops)
    rides.profile_a = np.full((count, PROFILE_PARTS), np.nan)
    return rides.mean_a * rolling_s / 3600 * 1.1
