"""Batteries that wear by their own clocks, and chargers that fail by theirs."""

import numpy as np

from simulator.years.behaviours.cases.decay import NEITHER, WEAK, ages_by
from simulator.years.behaviours.cases.gears import pulls, stood_until_repaired
from simulator.years.behaviours.contract import Spell, Stage, behaviour
from simulator.years.behaviours.health import age_battery, failing_day, final_resistance
from simulator.years.behaviours.wear import UNCHARGED, mended
from simulator.years.life import Floats, Life

# --- battery_worn


def ages_with(life: Life, spell: Spell, what: Floats, *, capacity_left: float) -> None:
    """Have the battery age as ``what`` adds up by day, so that it fails on the day it must."""
    fails, span = spell.fails or spell.until, life.calendar.days
    day = np.arange(span)
    adds = np.where((day >= spell.first) & (day <= fails), what, 0.0)
    within = min(1.0, (span - spell.first) / (fails - spell.first))  # it may fail after the run
    share = np.cumsum(adds) / max(float(adds.sum()), 1e-9) * within
    share = np.where(spell.during(life), share, 0.0)
    ages_by(life, spell, share, capacity_left=capacity_left)


@behaviour("battery_worn/by_hot_days", allowed=WEAK)
def by_hot_days(life: Life, spell: Spell) -> None:
    """Under a flat roof: every hot day takes something of it, cool weeks next to nothing."""
    spell.fails = failing_day(spell, 80, 190)
    heat = np.clip(life.calendar.warmest_c - 16.0, 0, None) + 0.4
    ages_with(life, spell, heat, capacity_left=float(spell.rng.uniform(0.35, 0.6)))


@behaviour("battery_worn/by_the_ride", allowed=WEAK)
def by_the_ride(life: Life, spell: Spell) -> None:
    """Every ride takes a little of it: fast in busy weeks, and hardly at all in quiet ones."""
    spell.fails = failing_day(spell, 90, 210)
    span, length = life.calendar.days, int(spell.rng.integers(7, 16))
    busy = np.repeat(spell.rng.choice([0.4, 0.8, 1.4], span // length + 1), length)[:span]
    life.days.rides = np.where(spell.during(life), life.days.rides * busy, life.days.rides)
    ages_with(life, spell, life.days.rides**1.5, capacity_left=0.5)


@behaviour("battery_worn/starved_for_years", allowed=(*WEAK, "charger_failed"))
def starved_for_years(life: Life, spell: Spell) -> None:
    """Charged to half a volt too little for years: tired on the first day, and ever more so."""
    spell.first = 0
    life.days.charger_v -= float(spell.rng.uniform(0.4, 0.7))
    life.days.capacity_ah *= float(spell.rng.uniform(0.78, 0.9))
    life.days.resistance_ohm *= float(spell.rng.uniform(1.1, 1.3))
    age_battery(life, spell, least=90, most=230, power=1.2, capacity_left=0.5)
    life.days.charger_v[spell.until :] = life.aid.battery.charger_v


@behaviour("battery_worn/cracked_strap", stage=Stage.SIGHT, allowed=WEAK)
def cracked_strap(life: Life, spell: Spell) -> None:
    """A strap within it is cracked: in one ride of ten it gives way, and in ever more of them."""
    spell.fails = failing_day(spell, 50, 140)
    rides = life.rides
    grown = spell.grown(life, over=spell.fails - spell.first)[rides.day]
    gives_way = spell.rides(life) & (rides.day <= spell.fails)
    gives_way &= spell.rng.random(len(rides)) < 0.1 + 0.6 * grown
    usual_ohm = life.days.resistance_ohm[rides.day]
    more_ohm = np.maximum(final_resistance(life) - usual_ohm, 0.05)
    more_ohm = more_ohm * spell.rng.uniform(0.35, 0.7, len(rides)) * (0.6 + 0.9 * grown)
    pulls(life, np.where(gives_way, rides.peak_a * more_ohm / usual_ohm, 0.0))
    stood_until_repaired(life, spell)


# --- charger_failed


@behaviour(
    "charger_failed/a_fuse_every_month",
    lasts=(50, 140),
    allowed=(*UNCHARGED, "off_charge_point"),
    forbidden=NEITHER,
)
def a_fuse_every_month(life: Life, spell: Spell) -> None:
    """Its fuse blows every few weeks; it is some days each time before somebody puts another in."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        dead = int(spell.rng.integers(4, 8))
        life.days.charger[day : min(day + dead, spell.until)] = 0.0
        day += dead + int(spell.rng.integers(12, 25))
    mended(life, spell, "charger")


@behaviour(
    "charger_failed/sent_with_the_wrong_one",
    allowed=(*UNCHARGED, "off_charge_point"),
    forbidden=NEITHER,
)
def sent_with_the_wrong_one(life: Life, spell: Spell) -> None:
    """Delivered with the charger of another type: a volt or two too little since the first day."""
    spell.first, spell.until = 0, int(spell.rng.integers(35, 150))
    during = spell.during(life)
    life.days.charger[during] = float(spell.rng.uniform(0.08, 0.22))
    life.days.charger_v[during] = float(spell.rng.uniform(25.0, 25.9))
    mended(life, spell)


@behaviour(
    "charger_failed/dead_while_away",
    lasts=(9, 22),
    allowed=(*UNCHARGED, "off_charge_point", "offline"),
    forbidden=NEITHER,
)
def dead_while_away(life: Life, spell: Spell) -> None:
    """It dies some days after its client went to hospital, and nobody is there to see it."""
    gone = max(spell.first - int(spell.rng.integers(1, 5)), 0)
    life.days.rides[gone : spell.until] = 0.0
    life.days.partner[gone : spell.until] = 0.0
    life.days.plugs[max(gone - 1, 0)] = 1.0
    life.days.charger[spell.during(life)] = 0.0
    mended(life, spell, "charger")


@behaviour(
    "charger_failed/drips_on_it",
    lasts=(40, 130),
    allowed=(*UNCHARGED, "off_charge_point"),
    forbidden=NEITHER,
)
def drips_on_it(life: Life, spell: Spell) -> None:
    """The roof above it leaks: nothing on wet days, and at half its strength on the day after."""
    span = life.calendar.days
    wet = np.repeat(spell.rng.random(span // 3 + 1) < 0.5, 3)[:span]
    drying = ~wet & np.append([False], wet[:-1])
    share = np.where(wet, 0.0, np.where(drying, 0.5, 1.0))
    life.days.charger = np.where(spell.during(life), share, life.days.charger)
    mended(life, spell, "charger")
