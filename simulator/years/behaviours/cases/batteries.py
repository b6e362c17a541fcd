"""Batteries and chargers that fail, as mechanics tell of them."""

import numpy as np
from msgspec import structs

from simulator.years.behaviours.contract import Spell, Stage, behaviour
from simulator.years.behaviours.health import age_battery
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.wear import UNCHARGED, mended
from simulator.years.life import Life

WEAK = ("fault", "flapping", "not_charged")
NEITHER = ("not_charged", "unused")

# --- battery_worn


@behaviour("battery_worn/a_year_in_the_store", allowed=WEAK)
def a_year_in_the_store(life: Life, spell: Spell) -> None:
    """Lent out with a battery that stood in the store for a year: weak from the very first day."""
    spell.first = 0
    lent = life.calendar.date_of(-1)
    built = min(life.register[0].built_on or lent, lent)
    life.register[0] = structs.replace(life.register[0], lent_on=lent, built_on=built)
    life.days.capacity_ah *= float(spell.rng.uniform(0.65, 0.8))
    life.days.resistance_ohm *= float(spell.rng.uniform(1.2, 1.45))
    age_battery(life, spell, least=110, most=230, power=1.3, capacity_left=0.5)


@behaviour("battery_worn/worked_hard", allowed=(*WEAK, "other_person", "duty_cycle"))
def worked_hard(life: Life, spell: Spell) -> None:
    """The car was sold: ridden half as much again each day, and worn out within some months."""
    life.days.rides[spell.during(life)] *= float(spell.rng.uniform(1.4, 1.8))
    age_battery(life, spell, least=75, most=170, power=1.2, capacity_left=0.45)


@behaviour("battery_worn/half_replaced", allowed=WEAK)
def half_replaced(life: Life, spell: Spell) -> None:
    """A mechanic renews one of its two blocks: better for weeks, then the old one drags it down."""
    if spell.first < life.calendar.days:
        life.days.openings[spell.first] += 1
        mechanic(life, spell.first)
    during, new = spell.during(life), life.aid.battery
    life.days.capacity_ah[during] = (life.days.capacity_ah[during] + new.capacity_ah) / 2
    life.days.resistance_ohm[during] = (life.days.resistance_ohm[during] + new.resistance_ohm) / 2
    over = float(spell.rng.uniform(90, 170))
    behind_v = float(spell.rng.uniform(0.7, 1.4))
    life.days.dropped_v = life.days.dropped_v + behind_v * spell.grown(life, over=over, power=2.2)
    age_battery(life, spell, least=80, most=180, power=2.0, capacity_left=0.4)


@behaviour(
    "battery_worn/boiled_in_a_weekend",
    allowed=(*WEAK, "charger_failed", "modified"),
)
def boiled_in_a_weekend(life: Life, spell: Spell) -> None:
    """On a garage's charger for a weekend, and boiled: a sixth is gone at once, then ever more."""
    boiled = slice(spell.first, min(spell.first + 2, life.calendar.days))
    life.days.charger_v[boiled] += float(spell.rng.uniform(2.0, 3.5))
    during = spell.during(life)
    life.days.capacity_ah[during] *= float(spell.rng.uniform(0.78, 0.88))
    life.days.resistance_ohm[during] *= float(spell.rng.uniform(1.15, 1.3))
    age_battery(life, spell, least=60, most=150, power=0.9, capacity_left=0.5)


# --- charger_failed


@behaviour(
    "charger_failed/wakes_late",
    lasts=(50, 140),
    allowed=(*UNCHARGED, "off_charge_point"),
    forbidden=NEITHER,
)
def wakes_late(life: Life, spell: Spell) -> None:
    """It wakes ever later after it was plugged in: minutes at first, in the end most of a night."""
    grown = spell.grown(life, over=float(spell.rng.uniform(30, 60)))
    at_last = float(spell.rng.uniform(0.88, 0.97))
    life.days.gives = life.days.gives * (1 - at_last * grown)
    mended(life, spell, "gives")


@behaviour(
    "charger_failed/set_for_another_sort",
    lasts=(25, 120),
    allowed=UNCHARGED,
    forbidden=NEITHER,
)
def set_for_another_sort(life: Life, spell: Spell) -> None:
    """A mechanic leaves it set for another sort of battery: it ends a volt and a half too low."""
    mechanic(life, spell.first)
    life.days.charger_v[spell.during(life)] = float(spell.rng.uniform(25.4, 26.1))
    life.days.charger[spell.during(life)] *= float(spell.rng.uniform(0.5, 0.8))
    mended(life, spell, "charger_v", "charger")


@behaviour(
    "charger_failed/gives_up_when_needed",
    stage=Stage.RIDES,
    lasts=(30, 110),
    allowed=(*UNCHARGED, "off_charge_point"),
    forbidden=NEITHER,
)
def gives_up_when_needed(life: Life, spell: Spell) -> None:
    """It holds out while the battery is nearly full: after a busy day it gives nothing at all."""
    during = spell.during(life)
    ridden_m = np.bincount(
        life.rides.day, weights=life.rides.length_m, minlength=life.calendar.days
    )
    limit_m = float(np.quantile(ridden_m[during], spell.rng.uniform(0.45, 0.65)))
    life.days.charger[during & (ridden_m > limit_m)] = 0.0
    mended(life, spell, "charger")


@behaviour(
    "charger_failed/sinks_with_every_storm",
    lasts=(60, 160),
    allowed=UNCHARGED,
    forbidden=NEITHER,
)
def sinks_with_every_storm(life: Life, spell: Spell) -> None:
    """Every thunderstorm takes some more of it: down by steps, in voltage and in current."""
    grown = spell.grown(life, over=float(spell.rng.uniform(35, 75)))
    storms = np.sort(spell.rng.uniform(0, 0.95, int(spell.rng.integers(3, 6))))
    hit = np.where(grown > 0, np.searchsorted(storms, grown, side="right") / len(storms), 0.0)
    end_v = float(spell.rng.uniform(25.1, 25.8))
    life.days.charger_v = life.days.charger_v + hit * (end_v - life.days.charger_v)
    life.days.charger = life.days.charger * (1 - float(spell.rng.uniform(0.7, 0.95)) * hit)
    mended(life, spell, "charger_v", "charger")
