"""Batteries that are done, and chargers that no longer do what they should."""

import numpy as np

from simulator.years.behaviours.cases.decay import NEITHER, WEAK, ages_by
from simulator.years.behaviours.contract import HOISTS, WHEELS, Spell, behaviour
from simulator.years.behaviours.health import age_battery, failing_day
from simulator.years.behaviours.repairs import mechanic, repaired
from simulator.years.behaviours.wear import UNCHARGED, mended
from simulator.years.life import Life

CHARGER_TOO = (*UNCHARGED, "off_charge_point")

# --- battery_worn


@behaviour("battery_worn/short_overnight", allowed=(*WEAK, "charger_failed"))
def short_overnight(life: Life, spell: Spell) -> None:
    """A cell shorts from one night to the next: two volts less, and a week or two of hardly any."""
    spell.fails = spell.first + int(spell.rng.integers(6, 15))
    during = spell.during(life)
    life.days.dropped_v[during] += float(spell.rng.uniform(1.9, 2.2))
    life.days.resistance_ohm[during] *= float(spell.rng.uniform(1.3, 1.8))
    life.days.capacity_ah[during] *= float(spell.rng.uniform(0.55, 0.8))
    new = life.aid.battery
    repaired(
        life,
        spell,
        names=("resistance_ohm", "capacity_ah", "dropped_v"),
        new={
            "resistance_ohm": new.resistance_ohm,
            "capacity_ah": new.capacity_ah,
            "dropped_v": 0.0,
        },
    )


@behaviour("battery_worn/acid_lies_in_layers", allowed=WEAK)
def acid_lies_in_layers(life: Life, spell: Spell) -> None:
    """Its acid lies in layers: half is gone within weeks, no more for months, and then the rest."""
    spell.fails = failing_day(spell, 110, 200)
    grown = spell.grown(life, over=spell.fails - spell.first)
    share = np.interp(grown, [0.0, 0.2, 0.8, 1.0], [0.0, 0.5, 0.55, 1.0])
    ages_by(life, spell, share, capacity_left=float(spell.rng.uniform(0.3, 0.5)))


@behaviour("battery_worn/holds_ever_less", allowed=WEAK)
def holds_ever_less(life: Life, spell: Spell) -> None:
    """It is as stiff as it was when new, and holds ever less: at last an eighth of its charge."""
    spell.fails = failing_day(spell, 90, 190)
    grown = spell.grown(life, over=spell.fails - spell.first, power=0.9)
    days, new = life.days, life.aid.battery
    days.capacity_ah = days.capacity_ah * (1 - float(spell.rng.uniform(0.84, 0.9)) * grown)
    days.resistance_ohm = days.resistance_ohm * (1 + 0.35 * grown)
    repaired(
        life,
        spell,
        names=("resistance_ohm", "capacity_ah"),
        new={"resistance_ohm": new.resistance_ohm, "capacity_ah": new.capacity_ah},
    )


@behaviour(
    "battery_worn/dropped_and_cracked",
    allowed=WEAK,
)
def dropped_and_cracked(life: Life, spell: Spell) -> None:
    """A mechanic lets it fall, and puts it back: a quarter is gone, and it leaks on for weeks."""
    mechanic(life, spell.first)
    life.days.openings[spell.first : spell.first + 1] += 1
    since = spell.during(life)
    life.days.capacity_ah[since] *= float(spell.rng.uniform(0.7, 0.8))
    life.days.resistance_ohm[since] *= float(spell.rng.uniform(1.2, 1.4))
    age_battery(life, spell, least=25, most=70, power=1.0, capacity_left=0.4)


# --- charger_failed


@behaviour(
    "charger_failed/strand_by_strand",
    lasts=(40, 120),
    allowed=CHARGER_TOO,
    forbidden=NEITHER,
)
def strand_by_strand(life: Life, spell: Spell) -> None:
    """Its lead breaks strand by strand: less by steps, at its old voltage, and at last nothing."""
    span = spell.until - spell.first
    tugs = spell.first + np.sort(spell.rng.integers(1, max(round(span * 0.7), 5), 3))
    day = np.arange(life.calendar.days)
    left = np.array([0.55, 0.25, 0.1, 0.0])[np.searchsorted(tugs, day, side="right")]
    life.days.charger = np.where(spell.during(life), left, life.days.charger)
    mended(life, spell, "charger")


@behaviour(
    "charger_failed/bent_pin",
    kinds=WHEELS | HOISTS,
    lasts=(35, 130),
    allowed=CHARGER_TOO,
    forbidden=NEITHER,
)
def bent_pin(life: Life, spell: Spell) -> None:
    """A pin of its plug is bent: on one night of three, then on most, it is in without contact."""
    chance = 0.35 + 0.45 * spell.grown(life)
    none = spell.during(life) & (spell.rng.random(life.calendar.days) < chance)
    life.days.charger[none] = 0.0
    mended(life, spell, "charger")


@behaviour(
    "charger_failed/thinks_it_is_freezing",
    lasts=(25, 110),
    allowed=CHARGER_TOO,
    forbidden=NEITHER,
)
def thinks_it_is_freezing(life: Life, spell: Spell) -> None:
    """Its probe fell off: it charges as if it froze hard, two volts and more too high."""
    span = life.calendar.days
    more_v = float(spell.rng.uniform(2.1, 2.9)) + spell.rng.normal(0, 0.15, span)
    life.days.charger_v = life.days.charger_v + more_v * spell.during(life)
    mended(life, spell, "charger_v")


@behaviour(
    "charger_failed/came_with_a_dead_one",
    allowed=CHARGER_TOO,
    forbidden=NEITHER,
)
def came_with_a_dead_one(life: Life, spell: Spell) -> None:
    """It came out of the store with a charger that does nothing; after a week or two they ring."""
    spell.first, spell.until = 0, int(spell.rng.integers(8, 20))
    life.days.charger[spell.during(life)] = 0.0
    mended(life, spell)
