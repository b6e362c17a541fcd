"""The current that a stairlift's motor draws: load, slope, bend, cold, wear."""

import math
from functools import cache

from simulator.hardware.battery import REFERENCE_C, Battery
from simulator.hardware.parameters import GRAVITY_M_S2, DriveParameters
from simulator.hardware.rail import Segment


@cache
def _sine_and_cosine(incline_deg: float) -> tuple[float, float]:
    incline = math.radians(incline_deg)
    return math.sin(incline), math.cos(incline)


def running_current_a(
    drive: DriveParameters,
    battery: Battery,
    *,
    segment: Segment,
    mass_kg: float,
    speed_m_s: float,
    stiffness: float = 1.0,
    brushes: float = 0.0,
) -> float | None:
    """Return the current while it runs (A), or None where the voltage would collapse.

    Args:
        drive: motor and gear.
        battery: what feeds it, at the temperature of the place.
        segment: the rail under the carriage.
        mass_kg: carriage and load.
        speed_m_s: positive is up.
        stiffness: by what wear multiplies the friction.
        brushes: how much more the motor needs for the same work.
    """
    if speed_m_s == 0:
        return 0.0
    slope, flat = _sine_and_cosine(segment.incline_deg)
    weight_n = mass_kg * GRAVITY_M_S2
    cold_c = max(0.0, REFERENCE_C - battery.temperature_c)
    friction_n = drive.friction * weight_n * flat * stiffness
    friction_n *= 1 + drive.cold_friction_gain_per_c * cold_c
    if segment.bend:
        friction_n *= drive.bend_friction_factor
    slope_n = weight_n * slope
    # Downhill a self-locking worm gives nothing back: the load only helps its friction.
    force_n = friction_n + (slope_n if speed_m_s > 0 else 0.05 * slope_n)
    power_w = force_n * abs(speed_m_s) * (1 + brushes) / drive.gear_efficiency
    working_a = battery.current_for(power_w)
    return None if working_a is None else working_a + drive.no_load_current_a
