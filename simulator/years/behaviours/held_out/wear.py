"""Chargers, brakes and edges that fail in other ways; service that does not come."""

from datetime import timedelta

import numpy as np

from simulator.years.behaviours.contract import HOISTS, LIFTS, Spell, behaviour
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.wear import (
    UNCHARGED,
    edges_trip,
    last_serviced,
    mended,
    tells_motion,
)
from simulator.years.life import Life


@behaviour(
    "charger_failed/broken_cable",
    test=True,
    lasts=(25, 110),
    allowed=(*UNCHARGED, "off_charge_point"),
    forbidden=("not_charged",),
)
def broken_cable(life: Life, spell: Spell) -> None:
    """Its cable is broken inside: for some days nothing, then it lies right again."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        out = int(spell.rng.integers(1, 7))
        life.days.charger[day : min(day + out, spell.until)] = 0.0
        day += out + int(spell.rng.integers(1, 5))
    mended(life, spell, "charger")


@behaviour(
    "charger_failed/tired_regulator",
    test=True,
    lasts=(50, 160),
    allowed=UNCHARGED,
    forbidden=("not_charged", "unused"),
)
def tired_regulator(life: Life, spell: Spell) -> None:
    """Its voltage sinks from week to week: charged every night, and never full."""
    lowest_v = float(spell.rng.uniform(24.9, 26.0))
    grown = spell.grown(life, over=float(spell.rng.uniform(20, 45)))
    life.days.charger_v = life.days.charger_v + (lowest_v - life.days.charger_v) * grown
    weak = float(spell.rng.uniform(0.1, 0.4))
    life.days.charger = life.days.charger * (1 - (1 - weak) * grown)
    mended(life, spell, "charger", "charger_v")


@behaviour(
    "charger_failed/creeps_up",
    test=True,
    lasts=(40, 140),
    allowed=UNCHARGED,
    forbidden=("not_charged",),
)
def creeps_up(life: Life, spell: Spell) -> None:
    """Its voltage creeps up, a little every week: the battery boils."""
    more_v = float(spell.rng.uniform(2.4, 4.0))
    grown = spell.grown(life, over=float(spell.rng.uniform(25, 60)))
    life.days.charger_v = life.days.charger_v + more_v * grown
    life.days.capacity_ah = life.days.capacity_ah * (1 - 0.25 * spell.grown(life, over=140))
    mended(life, spell, "charger_v", "capacity_ah")


@behaviour(
    "off_charge_point/for_visitors",
    test=True,
    kinds=LIFTS,
    lasts=(60, 200),
    forbidden=("charger_failed",),
    allowed=UNCHARGED,
)
def for_visitors(life: Life, spell: Spell) -> None:
    """When somebody comes it is parked halfway, out of sight, and stays there till next day."""
    there = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.5)
    life.days.parks_well[there] = 0.02


@behaviour(
    "off_charge_point/end_stop_wears",
    test=True,
    kinds=LIFTS,
    lasts=(60, 180),
    forbidden=("charger_failed",),
    allowed=UNCHARGED,
)
def end_stop_wears(life: Life, spell: Spell) -> None:
    """Its end stop wears: ever more often it halts just short of its contacts."""
    grown = spell.grown(life, over=60)
    last = float(spell.rng.uniform(0.1, 0.4))
    life.days.parks_well = life.days.parks_well * (1 - (1 - last) * grown)
    mended(life, spell, "parks_well")


@behaviour(
    "brake_slipping/after_adjustment",
    test=True,
    kinds=LIFTS | HOISTS,
    lasts=(25, 120),
    visible=tells_motion,
    allowed=("fault", "too_fast"),
)
def after_adjustment(life: Life, spell: Spell) -> None:
    """Adjusted badly in a repair: from then on it runs on by half a hand."""
    mechanic(life, spell.first)
    life.days.slip_mm[spell.during(life)] += float(spell.rng.uniform(50, 95))
    mended(life, spell, "slip_mm")


@behaviour(
    "brake_slipping/on_damp_days",
    test=True,
    kinds=LIFTS | HOISTS,
    lasts=(40, 130),
    visible=tells_motion,
    allowed=("fault", "too_fast"),
)
def on_damp_days(life: Life, spell: Spell) -> None:
    """On damp days it slips, on dry ones it holds."""
    days = life.calendar.days
    damp = np.repeat(spell.rng.random(days // 2 + 1) < 0.5, 2)[:days]
    slip_mm = spell.rng.uniform(60, 160, days)
    life.days.slip_mm = life.days.slip_mm + np.where(damp & spell.during(life), slip_mm, 0.0)
    mended(life, spell, "slip_mm")


@behaviour(
    "edges_tripping/coats_on_banister",
    test=True,
    kinds=LIFTS,
    lasts=(40, 150),
    allowed=("fault", "flapping"),
)
def coats_on_banister(life: Life, spell: Spell) -> None:
    """Coats and bags hang over the rail, on four days of seven."""
    there = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.57)
    life.days.trips[there] += float(spell.rng.uniform(0.35, 0.9))


@behaviour(
    "edges_tripping/shoe_rack",
    test=True,
    kinds=LIFTS,
    lasts=(50, 180),
    allowed=("fault", "flapping"),
)
def shoe_rack(life: Life, spell: Spell) -> None:
    """A rack at the foot of the stairs stands a finger too close: one ride in six touches it."""
    edges_trip(life, spell, float(spell.rng.uniform(0.13, 0.22)), 1.0, 1.0)


@behaviour("service_due/repaired_not_serviced", test=True, allowed=("neglected",))
def repaired_not_serviced(life: Life, spell: Spell) -> None:
    """A mechanic comes for repairs now and then; the yearly service is forgotten over it."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=200))
    last_serviced(life, spell, serviced_on=last, built_on=built)
    for after in spell.rng.integers(-40, 60, 2).tolist():
        day = spell.first + int(after)
        if 0 <= day < min(spell.until, life.calendar.days):
            life.days.openings[day] += 1
            mechanic(life, day)


@behaviour("service_due/lent_on_again", test=True, allowed=("neglected", "other_person"))
def lent_on_again(life: Life, spell: Spell) -> None:
    """Lent to the next client out of the store, with a service of the year before last."""
    lent = life.calendar.date_of(-int(spell.rng.integers(5, 60)))
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=700))
    last_serviced(life, spell, serviced_on=last, built_on=built, lent_on=lent)
