"""Mechanics and makers at work, sensors with a will of their own."""

import numpy as np

from simulator.years.behaviours.cases.codes import stopping
from simulator.years.behaviours.cases.signs import stands
from simulator.years.behaviours.contract import HOISTS, LIFTS, Spell, Stage, behaviour
from simulator.years.behaviours.health import shows_current
from simulator.years.behaviours.limits import has_digest
from simulator.years.behaviours.repairs import mechanic, serviced
from simulator.years.behaviours.wear import tells_motion
from simulator.years.life import FaultSpell, Life

CHANGED = ("modified", "other_person")


@behaviour(
    "fine/fitted_step_by_step",
    lasts=(18, 40),
    visible=has_digest,
    forbidden=(*CHANGED, "too_fast", "drive_worn"),
)
def fitted_step_by_step(life: Life, spell: Spell) -> None:
    """New to it, she is given more speed by and by: the mechanic comes three times for that."""
    days = np.arange(life.calendar.days)
    slow = float(spell.rng.uniform(0.6, 0.75))
    visits = np.linspace(spell.first, spell.until, 3).round().astype(int).tolist()
    life.days.speed = life.days.speed * slow
    for visit in visits:
        mechanic(life, visit)
        life.days.settings[days >= visit] += 1
        life.days.speed[days >= visit] *= slow ** (-1 / 3)


@behaviour("fine/updated_month_by_month", visible=has_digest, forbidden=CHANGED)
def updated_month_by_month(life: Life, spell: Spell) -> None:
    """Its maker sends it something new every month or so, by night and over the line."""
    days, day = np.arange(life.calendar.days), spell.first
    while day < min(spell.until, life.calendar.days):
        life.days.settings[days >= day] += 1
        life.days.restarts[day] += 1
        day += int(spell.rng.integers(26, 40))


@behaviour(
    "fine/rail_made_longer",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=tells_motion,
    forbidden=(*CHANGED, "brake_slipping", "off_charge_point", "drive_worn"),
)
def rail_made_longer(life: Life, spell: Spell) -> None:
    """In service its rail is made longer by a step, as the register says from that evening on."""
    rail_m = 5.0 if life.aid.rail is None else life.aid.rail.length_m
    more_m = float(spell.rng.uniform(0.2, 0.5))
    rides = life.rides
    longer = np.where(spell.rides(life), 1 + more_m / rail_m, 1.0)
    rides.length_m = rides.length_m * longer
    serviced(life, spell.first)
    life.registered(life.moment(spell.first, 18.0), rail_length_mm=round((rail_m + more_m) * 1000))


@behaviour(
    "fine/waits_for_a_mechanic",
    lasts=(8, 16),
    forbidden=("neglected", "unused", "modified", "lost"),
    allowed=("fault", "flapping", "charger_failed", "brake_slipping", "battery_worn"),
)
def waits_for_a_mechanic(life: Life, spell: Spell) -> None:
    """It stands, and was reported at once; but over the holidays no mechanic is to be had."""
    code = str(spell.rng.choice(stopping(life)))
    from_ms = life.moment(spell.first, float(spell.rng.uniform(8, 21)))
    until_ms = life.moment(spell.until, 11.0)
    life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
    stands(life, spell.first + 1, spell.until)
    mechanic(life, spell.until)


@behaviour(
    "fine/mended_at_the_third_visit",
    lasts=(10, 18),
    forbidden=("neglected", "modified", "unused"),
    allowed=("fault", "flapping", "charger_failed", "brake_slipping", "battery_worn"),
)
def mended_at_the_third_visit(life: Life, spell: Spell) -> None:
    """It refuses now and then, but never for the mechanic; at his third visit he finds it."""
    code = str(spell.rng.choice(stopping(life)))
    fails = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.75)
    for day in np.flatnonzero(fails).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(13, 21)))
        until_ms = from_ms + int(spell.rng.uniform(0.1, 2.0) * 3_600_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
    for share in (0.2, 0.6, 1.0):
        visit = spell.first + round(share * (spell.until - spell.first))
        if visit < life.calendar.days:
            life.days.openings[visit] += 1
            mechanic(life, visit)


@behaviour(
    "fine/stiff_after_greasing",
    visible=shows_current,
    forbidden=("drive_worn", "other_person", "overload", "modified"),
)
def stiff_after_greasing(life: Life, spell: Spell) -> None:
    """Freshly greased in service: stiffer at first by a tenth, and as before within three weeks."""
    days = np.arange(life.calendar.days)
    fresh = np.exp(-np.maximum(days - spell.first, 0) / 9.0) * spell.during(life)
    life.days.friction = life.days.friction * (1 + float(spell.rng.uniform(0.06, 0.12)) * fresh)
    serviced(life, spell.first)


@behaviour(
    "fine/counts_a_little_long",
    kinds=LIFTS | HOISTS,
    stage=Stage.SIGHT,
    visible=tells_motion,
    forbidden=("brake_slipping", "modified", "drive_worn"),
)
def counts_a_little_long(life: Life, spell: Spell) -> None:
    """The belt of its counter slips: all ways read a thumb's breadth longer, up as well as down."""
    rides = life.rides
    more_m = float(spell.rng.uniform(0.012, 0.025))
    rides.distance_m = rides.distance_m + np.where(spell.rides(life), more_m, 0.0)


@behaviour(
    "fine/load_cell_set_anew",
    kinds=HOISTS,
    stage=Stage.SIGHT,
    visible=lambda profile: profile.weighs,
    forbidden=("other_person", "overload", "goods_transport", "modified"),
)
def load_cell_set_anew(life: Life, spell: Spell) -> None:
    """In service its load cell is set anew: some kilograms more from that day, or fewer."""
    rides = life.rides
    off_kg = float(spell.rng.choice([-1.0, 1.0]) * spell.rng.uniform(3, 7))
    heavy = spell.rides(life) & (rides.load_kg > 25)
    shown_kg = np.minimum(rides.load_kg + off_kg, life.aid.max_load_kg - 2.0)
    rides.load_kg = np.where(heavy, shown_kg, rides.load_kg)
    serviced(life, spell.first)


@behaviour(
    "fine/one_bad_day",
    kinds=LIFTS,
    lasts=(1, 1),
    forbidden=("edges_tripping", "neglected", "flapping", "fault", "play"),
)
def one_bad_day(life: Life, spell: Spell) -> None:
    """A box is left on the stairs for one day, and it is touched in every ride until it is gone."""
    life.days.trips[spell.during(life)] += float(spell.rng.uniform(1.0, 2.0))


@behaviour(
    "fine/checked_by_the_inspector",
    lasts=(12, 25),
    forbidden=(*CHANGED, "fault", "lost"),
)
def checked_by_the_inspector(life: Life, spell: Spell) -> None:
    """Serviced; and within weeks an inspector opens it too, to see whether that was done well."""
    serviced(life, spell.first)
    if spell.until < life.calendar.days:
        life.days.openings[spell.until] += 1
        mechanic(life, spell.until, hour=14.0)
