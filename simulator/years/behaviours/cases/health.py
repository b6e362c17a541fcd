"""Batteries and drives that wear, by other causes and at another pace."""

import numpy as np

from simulator.years.behaviours.contract import Spell, behaviour
from simulator.years.behaviours.health import (
    age_battery,
    failing_day,
    final_friction,
    final_resistance,
    shows_current,
    shows_failure,
    wear_drive,
)
from simulator.years.behaviours.repairs import repaired
from simulator.years.life import Life

WORN = ("fault", "flapping", "not_charged")
HARD = ("fault", "flapping", "battery_worn")


@behaviour("battery_worn/over_a_year", allowed=WORN)
def over_a_year(life: Life, spell: Spell) -> None:
    """It ages evenly, a little faster than it should, until a hard ride is too much."""
    age_battery(life, spell, least=200, most=330, power=1.0, capacity_left=0.5)


@behaviour("drive_worn/rust_after_leak", visible=shows_current, allowed=HARD)
def rust_after_leak(life: Life, spell: Spell) -> None:
    """Water got into it: within weeks it runs hard, worst in the beginning."""
    wear_drive(life, spell, least=40, most=90, power=0.75)


@behaviour("drive_worn/over_a_year", visible=shows_current, allowed=HARD)
def drive_over_a_year(life: Life, spell: Spell) -> None:
    """Grease that ages: a little harder each month, for the most part of a year."""
    wear_drive(life, spell, least=180, most=300, power=1.2)


@behaviour(
    "drive_worn/knocks",
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
    shows_failure(life, spell)


@behaviour("battery_worn/loose_terminal", allowed=(*WORN, "drive_worn"))
def loose_terminal(life: Life, spell: Spell) -> None:
    """A terminal corrodes: on some days hardly any contact, on others nearly as ever."""
    spell.fails = failing_day(spell, 70, 180)
    grown = spell.grown(life, over=spell.fails - spell.first)
    touch = spell.rng.uniform(0.35, 1.0, life.calendar.days)
    end_ohm = final_resistance(life)
    more_ohm = np.maximum(end_ohm - life.days.resistance_ohm, 0.05)
    life.days.resistance_ohm = life.days.resistance_ohm + more_ohm * grown * touch
    life.days.resistance_ohm[spell.fails :] = np.maximum(
        life.days.resistance_ohm[spell.fails :], end_ohm
    )
    new_ohm = life.aid.battery.resistance_ohm
    repaired(life, spell, names=("resistance_ohm",), new={"resistance_ohm": new_ohm})


@behaviour("battery_worn/shorted_plate", allowed=WORN)
def shorted_plate(life: Life, spell: Spell) -> None:
    """A plate bends and shorts: within some weeks it holds hardly anything."""
    life.days.dropped_v = life.days.dropped_v + 1.2 * spell.grown(life, over=8)
    age_battery(life, spell, least=28, most=60, power=0.8, capacity_left=0.25)


@behaviour("battery_worn/worse_in_the_cold", allowed=(*WORN, "drive_worn"))
def worse_in_the_cold(life: Life, spell: Spell) -> None:
    """It ages where it is cold: weak on every cold day, better on mild ones, ever less so."""
    cold = np.clip((12.0 - life.calendar.coldest_c) / 15, 0, 1)
    grown = spell.grown(life, over=120)
    life.days.resistance_ohm = life.days.resistance_ohm * (1 + 0.5 * cold * grown)
    age_battery(life, spell, least=110, most=240, power=1.3, capacity_left=0.5)
