"""Faster and steeper than it is made for, out on the roads."""

import numpy as np

from simulator.years.behaviours.cases.journeys import hours_of
from simulator.years.behaviours.cases.limits import on_weekday, slopes, some_of
from simulator.years.behaviours.contract import WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.tamper import begins_in
from simulator.years.life import Life

HARD_GOING = ("fault", "flapping")  # so steep that its controller cuts off

# --- too_fast


@behaviour("too_fast/evenings_in_sport", kinds=WHEELS, stage=Stage.RIDES)
def evenings_in_sport(life: Life, spell: Spell) -> None:
    """A key held down for long sets it free: in the evenings, and on Sundays."""
    rides = life.rides
    hour = hours_of(life)
    free = spell.rides(life) & rides.away & ((hour > 16.0) | on_weekday(life, 6)[rides.day])
    faster = spell.rng.uniform(1.3, 1.55, len(rides))
    rides.speed = np.where(free, faster, rides.speed)


@behaviour("too_fast/down_to_the_ferry", kinds=WHEELS, stage=Stage.SIGHT)
def down_to_the_ferry(life: Life, spell: Spell) -> None:
    """Out of gear down the quay, not to miss the ferry: outward only, on working days."""
    rides = life.rides
    there = spell.rides(life) & rides.away & rides.up & ~life.calendar.weekend[rides.day]
    there &= spell.rng.random(len(rides)) < 0.75
    limit = float(life.aid.max_speed_mm_s or 0)
    faster = limit * spell.rng.uniform(1.2, 1.5, len(rides))
    rides.max_speed_mm_s = np.where(there, faster, rides.max_speed_mm_s)


@behaviour("too_fast/walking_pace_only", kinds=WHEELS)
def walking_pace_only(life: Life, spell: Spell) -> None:
    """After a driving test he may go no faster than so much; nobody has set it to that."""
    allowed_mm_s = round(life.aid.speed_m_s * 1000 / float(spell.rng.uniform(1.35, 1.8)))
    life.registered(life.moment(spell.first, 12.0), max_speed_mm_s=allowed_mm_s)
    spell.began_ms = life.moment(spell.first, 12.0)


@behaviour("too_fast/stronger_motor", kinds=WHEELS, allowed=("modified", "drive_worn", "fault"))
def stronger_motor(life: Life, spell: Spell) -> None:
    """A cousin builds a motor of a cargo bicycle in: quicker by a third or more, and thirstier."""
    during, day = spell.during(life), begins_in(life, spell)
    life.days.openings[day] += int(spell.rng.integers(1, 4))
    life.days.restarts[day] += 1
    life.days.speed[during] *= float(spell.rng.uniform(1.35, 1.6))
    life.days.friction[during] *= float(spell.rng.uniform(1.0, 1.12))


# --- too_steep


@behaviour(
    "too_steep/ferry_at_low_water",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=HARD_GOING,
)
def ferry_at_low_water(life: Life, spell: Spell) -> None:
    """Across by ferry as ever; for a week of every two its ramp lies too steep, at low water."""
    springs = (np.arange(life.calendar.days) - spell.first) % 15 < 7
    slopes(life, spell, some_of(life, spell, springs, 0.6), 2.0, 6.5)


@behaviour(
    "too_steep/railway_tunnel",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=HARD_GOING,
)
def railway_tunnel(life: Life, spell: Spell) -> None:
    """The level crossing is closed for good: through the cyclists' tunnel, a little too steep."""
    every = np.ones(life.calendar.days, dtype=bool)
    slopes(life, spell, some_of(life, spell, every, float(spell.rng.uniform(0.3, 0.6))), 1.7, 3.0)


@behaviour(
    "too_steep/kerbs_head_on",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=HARD_GOING,
)
def kerbs_head_on(life: Life, spell: Spell) -> None:
    """Kerbs are taken head on, at a run, wherever no ramp is near: one stretch in three."""
    every = np.ones(life.calendar.days, dtype=bool)
    there = some_of(life, spell, every, 0.35)
    slopes(life, spell, there, 2.5, 8.0)
    rides = life.rides
    rides.stops = rides.stops + np.where(there, spell.rng.poisson(2.0, len(rides)), 0)


@behaviour(
    "too_steep/slipway_for_swimming",
    kinds=WHEELS,
    stage=Stage.RIDES,
    lasts=(45, 120),
    allowed=HARD_GOING,
)
def slipway_for_swimming(life: Life, spell: Spell) -> None:
    """Down the slipway to swim and up again, on the milder days of some months."""
    during, warmest_c = spell.during(life), life.calendar.warmest_c
    mild = during & (warmest_c >= np.quantile(warmest_c[during], 0.4))
    slopes(life, spell, some_of(life, spell, mild, 0.65), 3.0, 8.0)
