"""Batteries and drives that wear, by other causes and at another pace."""

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours.contract import Spell, behaviour
from simulator.years.behaviours.health import (
    TRIPS,
    age_battery,
    failing_day,
    final_friction,
    shows_current,
    wear_drive,
)
from simulator.years.behaviours.repairs import mechanic, repaired
from simulator.years.life import FaultSpell, Life

WORN = ("fault", "flapping", "not_charged")
HARD = ("fault", "flapping", "battery_worn")


@behaviour("battery_worn/left_flat_once", test=True, allowed=(*WORN, "neglected"))
def left_flat_once(life: Life, spell: Spell) -> None:
    """Left flat through an absence: part of it is lost at once, the rest goes in some months."""
    after = spell.during(life)
    life.days.capacity_ah[after] *= float(spell.rng.uniform(0.6, 0.8))
    life.days.resistance_ohm[after] *= float(spell.rng.uniform(1.2, 1.5))
    age_battery(life, spell, least=60, most=150, power=1.0, capacity_left=0.5)


@behaviour("battery_worn/cheap_replacement", test=True, allowed=WORN)
def cheap_replacement(life: Life, spell: Spell) -> None:
    """New batteries of a poor make: fine for some weeks, then they go fast."""
    new = spell.during(life)
    life.days.capacity_ah[new] = life.aid.battery.capacity_ah
    life.days.resistance_ohm[new] = life.aid.battery.resistance_ohm
    if spell.first < life.calendar.days:
        life.days.openings[spell.first] += 1
        mechanic(life, spell.first)
    spell.first += int(spell.rng.integers(20, 45))
    age_battery(life, spell, least=60, most=130, power=1.4, capacity_left=0.4)


@behaviour("battery_worn/unequal_blocks", test=True, allowed=WORN)
def unequal_blocks(life: Life, spell: Spell) -> None:
    """Of its two blocks one is old: the voltage falls by steps, cell by cell."""
    steps = np.sort(spell.rng.uniform(0.0, 0.8, int(spell.rng.integers(2, 4))))
    grown = spell.grown(life, over=100)
    volts = sum((grown > step) * float(spell.rng.uniform(0.5, 0.9)) for step in steps)
    life.days.dropped_v = life.days.dropped_v + volts
    age_battery(life, spell, least=90, most=180, power=1.5, capacity_left=0.7)


@behaviour("battery_worn/over_a_year", test=True, allowed=WORN)
def over_a_year(life: Life, spell: Spell) -> None:
    """It ages evenly, a little faster than it should, until a hard ride is too much."""
    age_battery(life, spell, least=200, most=330, power=1.0, capacity_left=0.5)


@behaviour("drive_worn/rust_after_leak", test=True, visible=shows_current, allowed=HARD)
def rust_after_leak(life: Life, spell: Spell) -> None:
    """Water got into it: within weeks it runs hard, worst in the beginning."""
    wear_drive(life, spell, least=40, most=90, power=0.75)


@behaviour("drive_worn/over_a_year", test=True, visible=shows_current, allowed=HARD)
def drive_over_a_year(life: Life, spell: Spell) -> None:
    """Grease that ages: a little harder each month, for the most part of a year."""
    wear_drive(life, spell, least=180, most=300, power=1.2)


@behaviour(
    "drive_worn/knocks",
    test=True,
    visible=shows_current,
    allowed=(*HARD, "edges_tripping", "other_person"),
)
def knocks(life: Life, spell: Spell) -> None:
    """It is bumped again and again: harder from one day to the next, then as before for weeks."""
    spell.fails = failing_day(spell, 80, 200)
    span = spell.fails - spell.first
    grown = spell.grown(life, over=span)
    knocked = np.sort(spell.rng.uniform(0, 0.9, int(spell.rng.integers(4, 7))))
    stairs = np.searchsorted(knocked, grown, side="left") / len(knocked)
    factor = 1 + (final_friction(life, spell) - 1) * np.where(grown > 0, stairs, 0.0)
    life.days.friction = life.days.friction * factor
    _done(life, spell)


@behaviour(
    "drive_worn/binds_on_bad_days",
    test=True,
    visible=shows_current,
    allowed=(*HARD, "other_person"),
)
def binds_on_bad_days(life: Life, spell: Spell) -> None:
    """A brake or a roller binds on some days and not on others; on ever more of them."""
    spell.fails = failing_day(spell, 90, 200)
    grown = spell.grown(life, over=spell.fails - spell.first)
    bad = spell.rng.random(life.calendar.days) < np.minimum(0.15 + grown, 1.0)
    end = final_friction(life, spell) - 1
    life.days.friction = life.days.friction * (1 + end * np.where(bad, 0.25 + 0.75 * grown, 0.0))
    _done(life, spell)


def _done(life: Life, spell: Spell) -> None:
    repaired(life, spell, names=("friction", "bend_friction"), new={})
    codes = [one for one in TRIPS if one in life.aid.profile.codes]
    if codes and spell.fails is not None:
        from_ms, until_ms = life.moment(spell.fails, 12), life.moment(spell.until, 11)
        life.faults.append(FaultSpell(code=codes[0], from_ms=from_ms, until_ms=until_ms))


@behaviour(
    "drive_worn/lower_bend",
    test=True,
    kinds=(AidKind.STAIRLIFT,),
    visible=shows_current,
    allowed=HARD,
)
def lower_bend(life: Life, spell: Spell) -> None:
    """One joint of the rail opens: nothing for months, then ever harder to get over it."""
    wear_drive(life, spell, least=100, most=220, power=2.2, local=True)
