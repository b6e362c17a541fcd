"""A stairlift's ride as a whole: the ticking physics summed up along the rail.

One ride is a row; the rail is cut into ``NODES`` pieces, the same for all rides of one lift.
"""

import numpy as np

from gateway.protocol.messages import PROFILE_PARTS
from simulator.hardware.battery import REFERENCE_C
from simulator.hardware.parameters import GRAVITY_M_S2
from simulator.years.aids import Aid
from simulator.years.life import Bools, Floats, Life
from simulator.years.power import NOMINAL_V, currents_for, resistance_by_day

PER_PART = 4
NODES = PROFILE_PARTS * PER_PART
DOWNHILL = 0.05  # as in ``simulator.hardware.stairlift``: a worm gives nothing back
READ_LATE_S = 0.1  # the substep of the hardware: the gateway looks soon after, or a little later
PARKING_M = 0.004  # assumed: how well it finds its contacts
NOISE_PEAK = 2.6  # the highest of some two hundred readings, in standard deviations


class Track:
    """The rail of one lift in pieces, with what the drive needs on each."""

    def __init__(self, aid: Aid) -> None:
        rail, drive = aid.rail, aid.drive
        if rail is None:
            raise ValueError(f"{aid.device} runs on no rail")
        self.length_m = rail.length_m
        piece_m = rail.length_m / NODES
        middles = [(number + 0.5) * piece_m for number in range(NODES)]
        segments = [rail.segment_at(middle) for middle in middles]
        incline = np.radians([segment.incline_deg for segment in segments])
        bend = np.array([segment.bend for segment in segments])
        rolling = drive.friction * np.cos(incline) * np.where(bend, drive.bend_friction_factor, 1)
        slope = np.sin(incline)
        speed = drive.rated_speed_m_s * np.where(bend, drive.bend_speed_factor, 1.0)
        self.speed_m_s = speed
        self.seconds = piece_m / speed
        # Power a kilogram, up and down.
        scale = GRAVITY_M_S2 * speed / drive.gear_efficiency
        self.w_per_kg = np.stack([(rolling + DOWNHILL * slope) * scale, (rolling + slope) * scale])
        self.rolling_w_per_kg = rolling * scale
        # It runs into a bend at full speed, and slows down in it: what that takes as it is read.
        read_m_s = np.maximum(drive.rated_speed_m_s - drive.soft_stop_m_s2 * READ_LATE_S, speed)
        entering = self.w_per_kg * np.where(bend, read_m_s / speed, 0.0)
        self.entering_w_per_kg = entering.max(axis=1)
        # Where wear of one place shows: the last bend, or somewhere above the middle.
        places = np.flatnonzero(bend)
        worn = int(places[-1]) // PER_PART if len(places) else PROFILE_PARTS * 5 // 8
        self.worn_place = np.arange(NODES) // PER_PART == worn
        full = drive.rated_speed_m_s
        # Starting and stopping softly costs so much more than full speed all along; then it creeps.
        self.soft_s = full / (2 * drive.soft_start_m_s2) + full / (2 * drive.soft_stop_m_s2)
        creep_m = drive.creep_speed_m_s**2 / (2 * drive.soft_stop_m_s2)
        self.soft_s += creep_m * (1 / drive.creep_speed_m_s - 1 / full)


def hardest_w(aid: Aid, load_kg: float) -> float:
    """Return the power that the steepest piece takes with ``load_kg`` when the drive is new."""
    track = Track(aid)
    hardest = max(track.w_per_kg[1].max(), track.entering_w_per_kg[1])
    return float(hardest * (aid.own_kg + load_kg))


def delivered_a(aid: Aid, load_kg: float) -> float:
    """Return the mean current of a ride up with ``load_kg``, as it was new."""
    track = Track(aid)
    power_w = track.w_per_kg[1] * (aid.own_kg + load_kg)
    resistance = np.full(NODES, aid.battery.resistance_ohm)
    amperes = currents_for(power_w, np.full(NODES, NOMINAL_V), resistance)
    mean_a = float((amperes * track.seconds).sum() / track.seconds.sum())
    return mean_a + aid.drive.no_load_current_a + aid.drive.electronics_current_a


def drive(life: Life) -> Floats:
    """Let all rides go. Returns the charge that each takes, in ampere-hours."""
    aid, rides, days = life.aid, life.rides, life.days
    track = Track(aid)
    day = rides.day
    mean_c = (life.temperature_c[0] + life.temperature_c[1]) / 2
    stiff = aid.drive.cold_friction_gain_per_c * np.maximum(REFERENCE_C - mean_c, 0)
    mass_kg = aid.own_kg + rides.load_kg
    speed = days.speed[day]
    w_per_kg = track.w_per_kg[rides.up.astype(int)]
    w_per_kg = w_per_kg + track.rolling_w_per_kg[None, :] * stiff[day][:, None]
    power_w = w_per_kg * (mass_kg * days.friction[day] * speed)[:, None]
    local = np.where(track.worn_place, 1.0, 0.0)[None, :]
    power_w = power_w * (1 + local * (days.bend_friction[day] - 1)[:, None])
    resistance = resistance_by_day(life)[day][:, None]
    amperes = currents_for(power_w, np.full_like(power_w, NOMINAL_V), resistance)
    amperes = amperes + aid.drive.no_load_current_a + aid.drive.electronics_current_a
    passed = _passed(rides.up, rides.length_m, rides.landed, track.length_m)
    weight = track.seconds[None, :] * passed
    seconds = weight.sum(axis=1)
    part = (len(rides), PROFILE_PARTS, PER_PART)
    part_s = weight.reshape(part).sum(axis=2)
    part_as = (amperes * weight).reshape(part).sum(axis=2)
    with np.errstate(invalid="ignore"):
        rides.profile_a = np.where(part_s > 0, part_as / part_s, np.nan)
    rides.mean_a = (amperes * weight).sum(axis=1) / np.maximum(seconds, 1e-9)
    entering_w = track.entering_w_per_kg[rides.up.astype(int)] * mass_kg * days.friction[day]
    entering_a = currents_for(entering_w * speed, np.full(len(rides), NOMINAL_V), resistance[:, 0])
    entering_a += aid.drive.no_load_current_a + aid.drive.electronics_current_a
    rides.peak_a = np.where(passed > 0, amperes, 0.0).max(axis=1, initial=0.0)
    rides.peak_a = rides.peak_a * (1 + aid.ripple * life.rng.normal(NOISE_PEAK, 0.3, len(rides)))
    rides.peak_a = np.maximum(rides.peak_a, np.where(rides.landed, entering_a, 0.0))
    pauses_s = rides.stops * life.rng.uniform(4, 20, len(rides))
    running_s = seconds * rides.length_m / np.maximum(passed.mean(axis=1) * track.length_m, 1e-9)
    running_s = running_s / speed + track.soft_s * (1 + rides.stops)
    slipped_m = np.where(rides.up, 0.0, days.slip_mm[day] / 1000)
    rides.duration_s = running_s + pauses_s + slipped_m / 0.02
    parked_m = life.rng.normal(0, PARKING_M, len(rides))
    rides.distance_m = np.maximum(rides.length_m + parked_m, 0.05) + 2 * slipped_m
    top = aid.speed_m_s * 1000 * speed * life.rng.normal(1.0, 0.01, len(rides))
    # A brake that slips lets the load pull: faster than it is driven.
    rides.max_speed_mm_s = top * np.where(rides.up, 1.0, 1 + days.slip_mm[day] / 250)
    drawn_ah: Floats = rides.mean_a * running_s / 3600 * PEUKERT
    return drawn_ah


PEUKERT = 1.45  # what rides at some ten amperes cost more than their charge, by the exponent


def _passed(up: Bools, length_m: Floats, landed: Bools, rail_m: float) -> Floats:
    """Return which pieces each ride passed, 0 or 1: all, or those near where it began."""
    reach = np.where(landed, 1.0, np.clip(length_m / 2 / rail_m, 1.01 / NODES, 1.0))
    place = (np.arange(NODES) + 0.5) / NODES
    from_bottom = place[None, :] <= reach[:, None]
    from_top = place[None, :] >= 1 - reach[:, None]
    return np.where(up[:, None], from_bottom, from_top).astype(float)
