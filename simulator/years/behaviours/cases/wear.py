"""Chargers, brakes and edges that fail in other ways; service that does not come."""

from datetime import timedelta

import numpy as np

from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, behaviour
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
    "off_charge_point/for_visitors",
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
    kinds=LIFTS,
    lasts=(50, 180),
    allowed=("fault", "flapping"),
)
def shoe_rack(life: Life, spell: Spell) -> None:
    """A rack at the foot of the stairs stands a finger too close: one ride in six touches it."""
    edges_trip(life, spell, float(spell.rng.uniform(0.13, 0.22)), 1.0, 1.0)


@behaviour("service_due/repaired_not_serviced", allowed=("neglected",))
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


@behaviour("service_due/lent_on_again", allowed=("neglected", "other_person"))
def lent_on_again(life: Life, spell: Spell) -> None:
    """Lent to the next client out of the store, with a service of the year before last."""
    lent = life.calendar.date_of(-int(spell.rng.integers(5, 60)))
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=700))
    last_serviced(life, spell, serviced_on=last, built_on=built, lent_on=lent)


@behaviour(
    "charger_failed/hunts",
    lasts=(20, 110),
    allowed=UNCHARGED,
    forbidden=("not_charged",),
)
def hunts(life: Life, spell: Spell) -> None:
    """Its regulator hunts: one day far too high, the next too low, for hardly any current."""
    days = life.calendar.days
    volts = np.where(
        spell.rng.random(days) < 0.5,
        spell.rng.uniform(24.6, 26.0, days),
        spell.rng.uniform(30.2, 33.0, days),
    )
    during = spell.during(life)
    life.days.charger_v[during] = volts[during]
    life.days.charger[during] *= spell.rng.uniform(0.1, 0.6, days)[during]
    mended(life, spell, "charger", "charger_v")


@behaviour(
    "charger_failed/until_replugged",
    lasts=(4, 8),
    allowed=UNCHARGED,
    forbidden=("not_charged", "unused"),
)
def until_replugged(life: Life, spell: Spell) -> None:
    """It hangs after a surge and gives nothing, until somebody pulls its plug and puts it back."""
    life.days.charger[spell.during(life)] = 0.0


@behaviour(
    "charger_failed/barely_trickles",
    kinds=WHEELS | HOISTS,
    lasts=(40, 140),
    allowed=UNCHARGED,
    forbidden=("not_charged", "unused"),
)
def barely_trickles(life: Life, spell: Spell) -> None:
    """Of its two stages only the last is left: a trickle, for a drive that needs far more."""
    during = spell.during(life)
    life.days.charger[during] = float(spell.rng.uniform(0.01, 0.03))
    mended(life, spell, "charger")
