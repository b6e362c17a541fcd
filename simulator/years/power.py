"""The battery through the days: the physics of ``simulator.hardware.battery``, ride by ride."""

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.hardware.battery import REFERENCE_C, Battery
from simulator.hardware.parameters import BatteryParameters
from simulator.years.life import Bools, Floats, Ints, Life

GIVES_UP_V = 0.6  # assumed: so far the voltage falls before the controller has cut off
REST_S = 3_600.0  # of ``ConditionSettings.rest_ms``
MODEM_A = 0.03  # assumed: the modem itself
USUAL = BatteryParameters()
COLD_RESISTANCE = USUAL.cold_resistance_gain_per_c
COLD_CAPACITY = USUAL.cold_capacity_loss_per_c
OVERPOTENTIAL_V = USUAL.charge_overpotential_v
TAPER_FROM = USUAL.taper_from_charge
EFFICIENCY = USUAL.charge_efficiency


class _Shape(NamedTuple):
    charge: Floats
    rest_v: Floats
    resistance: Floats  # as a factor


@cache
def _shape() -> _Shape:
    """Ask the hardware's battery for its curves."""
    charge = np.linspace(0, 1, 201)
    cells = [Battery(USUAL, charge=float(one)) for one in charge]
    full = cells[-1].resistance_ohm
    return _Shape(
        charge,
        np.array([cell.rest_v for cell in cells]),
        np.array([cell.resistance_ohm / full for cell in cells]),
    )


def rest_v(charge: Floats) -> Floats:
    """Return the voltage without load at each state of charge."""
    shape = _shape()
    return np.interp(charge, shape.charge, shape.rest_v)


def resistance_factor(charge: Floats) -> Floats:
    """Return by how much the internal resistance is higher than when full."""
    shape = _shape()
    return np.interp(charge, shape.charge, shape.resistance)


def currents_for(power_w: Floats, volts: Floats, resistance_ohm: Floats) -> Floats:
    """Return the current that delivers ``power_w``; where the voltage collapses, the most."""
    discriminant = np.maximum(volts**2 - 4 * power_w * resistance_ohm, 0.0)
    result: Floats = (volts - np.sqrt(discriminant)) / (2 * resistance_ohm)
    return result


def resistance_by_day(life: Life) -> Floats:
    """Return the internal resistance of a full battery by day, at that day's temperature."""
    mean_c = (life.temperature_c[0] + life.temperature_c[1]) / 2
    return life.days.resistance_ohm * (1 + COLD_RESISTANCE * np.clip(REFERENCE_C - mean_c, 0, 40))


def capacity_by_day(life: Life) -> Floats:
    """Return the capacity by day, at that day's temperature."""
    mean_c = (life.temperature_c[0] + life.temperature_c[1]) / 2
    factor = 1 - COLD_CAPACITY * np.clip(REFERENCE_C - mean_c, 0, 40)
    result: Floats = np.maximum(life.days.capacity_ah * factor, 0.05)
    return result


class Walk(NamedTuple):
    """State of charge.

    Attributes:
        before: of each ride, ``after`` likewise; ``charging``: whether it was on charge before.
        charged: whether it charges right after it.
        evening: of each day, at midnight; ``lowest``: of each day.
        rested: when it last stood without charging for an hour; nan: never.
        charging_s: of each day; ``plugged_s``: its charger had mains, where it has a plug;
            ``adrift_s``: parked without contact to its charger.
    """

    before: Floats
    after: Floats
    charging: Bools
    charged: Bools
    evening: Floats
    lowest: Floats
    rested: Floats
    charging_s: Floats
    plugged_s: Floats
    adrift_s: Floats


def walk(life: Life, drawn_ah: Floats) -> Walk:
    """Follow the charge from ride to ride and midnight to midnight."""
    calendar, rides, days = life.calendar, life.rides, life.days
    count, span = len(rides), calendar.days
    at_ms = np.concatenate([rides.at_ms, calendar.midnight_ms[1:]])
    order = np.argsort(at_ms, kind="stable")
    lasts_ms = np.concatenate([(rides.duration_s * 1000).astype(np.int64), np.zeros(span, int)])
    leaves = at_ms[order]
    ends = leaves + lasts_ms[order]
    following = np.append(leaves[1:], ends[-1])
    gap_s = np.maximum(following - ends, 0) / 1000
    day = np.append(rides.day, np.arange(span))[order]
    # A gap after midnight belongs to the next day.
    gap_day = np.where(order >= count, np.minimum(day + 1, span - 1), day)
    capacity = capacity_by_day(life)
    taken = np.append(drawn_ah, np.zeros(span))[order] / capacity[day]
    fixed = life.aid.kind is AidKind.STAIRLIFT
    parked_well = np.append(
        life.rng.random(count) < days.parks_well[rides.day], np.ones(span, bool)
    )
    tonight = life.rng.random(span) < days.plugs
    per_s = life.aid.battery.charger_a * days.charger * EFFICIENCY / 3600 / capacity
    idle = (life.aid.drive.electronics_current_a + MODEM_A) / 3600 / capacity
    last_of_day = np.zeros(count + span, dtype=bool)
    last_of_day[:-1] = (order[1:] >= count) & (order[:-1] < count)
    return _followed(
        steps=zip(
            order.tolist(),
            taken.tolist(),
            gap_s.tolist(),
            gap_day.tolist(),
            parked_well[order].tolist(),
            last_of_day.tolist(),
            tonight[day].tolist(),
            strict=True,
        ),
        fixed=fixed,
        count=count,
        span=span,
        per_s=per_s.tolist(),
        idle=idle.tolist(),
        mains=days.mains.tolist(),
        gives=days.gives.tolist(),
        heeds=days.heeds.tolist(),
    )


def _followed(
    *,
    steps: "zip[tuple[int, float, float, int, bool, bool, bool]]",
    fixed: bool,
    count: int,
    span: int,
    per_s: list[float],
    idle: list[float],
    mains: list[float],
    gives: list[float],
    heeds: list[float],
) -> Walk:
    before, after = [0.0] * count, [0.0] * count
    charging, charged = [False] * count, [False] * count
    evening, lowest = [1.0] * span, [1.0] * span
    charging_s, plugged_s, adrift_s = [0.0] * span, [0.0] * span, [0.0] * span
    rested = [math.nan] * span
    charge, connected, knee = 1.0, True, TAPER_FROM
    exp = math.exp
    for number, use, gap_s, day, well, last, tonight in steps:
        if number < count:
            before[number] = charge
            charging[number] = connected and per_s[day] > 0 and mains[day] > 0.5
            charge = charge - use if charge > use else 0.0
            after[number] = charge
            connected = well if fixed else last and (tonight or charge < heeds[day])
            charged[number] = connected and per_s[day] > 0 and mains[day] > 0.5
        else:
            evening[number - count] = charge
            if not fixed:
                # Plugged in, or pulled out for somebody else, without having been used.
                connected = heeds[day] >= 0 and (connected or charge < heeds[day])
        lowest[day] = min(lowest[day], charge)
        powered_s = gap_s * mains[day] if connected else 0.0
        plugged_s[day] += powered_s
        rate = per_s[day]
        fed_s = powered_s * gives[day] if rate else 0.0
        if fed_s:
            charging_s[day] += fed_s
            left_s = fed_s
            if charge < knee:
                constant_s = min(left_s, (knee - charge) / rate)
                charge += rate * constant_s
                left_s -= constant_s
            if left_s > 0:
                charge = 1 - (1 - charge) * exp(-left_s * rate / (1 - knee))
        if not connected:
            adrift_s[day] += gap_s
        bare_s = gap_s - fed_s
        if bare_s:
            charge = max(0.0, charge - idle[day] * bare_s)
            if bare_s >= REST_S:
                rested[day] = charge
            lowest[day] = min(lowest[day], charge)
    return Walk(
        np.array(before),
        np.array(after),
        np.array(charging, dtype=bool),
        np.array(charged, dtype=bool),
        np.array(evening),
        np.array(lowest),
        np.array(rested),
        np.array(charging_s),
        np.array(plugged_s),
        np.array(adrift_s),
    )


def _give_up(life: Life) -> None:
    """A flat aid stops once; after that it does not leave until it has been charged."""
    rides, cut_off_v = life.rides, life.aid.battery.cut_off_v
    flat = rides.min_v <= cut_off_v
    again = flat & np.append([False], flat[:-1])
    rides.min_v = np.maximum(rides.min_v, cut_off_v - GIVES_UP_V)
    rides.went(~again)
    life.charged = life.charged[~again]


def charging_v(charge: Floats, charger_v: Floats) -> Floats:
    """Return the voltage at the terminals while the charger is connected."""
    rising = np.minimum(charger_v, rest_v(charge) + OVERPOTENTIAL_V)
    return np.where(charge >= TAPER_FROM, charger_v, rising)


def load_voltages(life: Life, drawn_ah: Floats) -> Walk:
    """Fill in the voltages of all rides, and correct their currents for the state of charge."""
    rides, days = life.rides, life.days
    went = walk(life, drawn_ah)
    day: Ints = rides.day
    resistance = resistance_by_day(life)[day] * resistance_factor(went.after)
    nominal = np.full(len(rides), NOMINAL_V)
    idle_v = np.maximum(rest_v(went.after) - days.dropped_v[day], 5.0)
    # At less voltage the same power takes more current.
    stiffer = np.clip(nominal / idle_v, 0.9, 1.6)
    rides.mean_a *= stiffer
    rides.peak_a *= stiffer
    rides.profile_a *= stiffer[:, None]
    rides.min_v = idle_v - rides.peak_a * resistance
    before_v = rest_v(went.before) - days.dropped_v[day]
    rides.before_v = np.where(went.charging, charging_v(went.before, days.charger_v[day]), before_v)
    rides.after_v = np.where(went.charged, charging_v(went.after, days.charger_v[day]), idle_v)
    life.charge, life.lowest, life.rested = went.evening, went.lowest, went.rested
    life.charging_ms = np.round(went.charging_s * 1000).astype(np.int64)
    life.plugged_ms = np.round(went.plugged_s * 1000).astype(np.int64)
    life.adrift_ms = np.round(went.adrift_s * 1000).astype(np.int64)
    life.charged = went.charged
    _give_up(life)
    return went


NOMINAL_V = 25.3  # rest voltage of a nearly full battery, of ``simulator.hardware.battery``
