"""Slopes that are too steep, and ways that are taken too fast."""

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours.cases.gradients import SEEN_OFTEN
from simulator.years.behaviours.cases.journeys import client_kg, hours_of, journeys
from simulator.years.behaviours.cases.limits import on_weekday, slopes
from simulator.years.behaviours.cases.roads import HARD_GOING
from simulator.years.behaviours.contract import WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import has_digest
from simulator.years.life import Life, Rides, Who


def steepest(life: Life, spell: Spell, rides: Rides, least: float, most: float) -> None:
    """Have these rides be so much steeper than the aid is made for."""
    limit_deg = float(life.aid.max_incline_deg or 10)
    rides.incline_deg = limit_deg + spell.rng.uniform(least, most, len(rides))


# --- too_steep


@behaviour(
    "too_steep/cellar_ramp_of_the_flats",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=HARD_GOING,
)
def cellar_ramp_of_the_flats(life: Life, spell: Spell) -> None:
    """It is kept in the flats' cellar now: all outings begin and end on a ramp a bit too steep."""
    slopes(life, spell, spell.rides(life) & life.rides.away, 1.0, 2.5)


@behaviour(
    "too_steep/with_the_dog_through_the_woods",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=(*HARD_GOING, "not_charged"),
)
def with_the_dog_through_the_woods(life: Life, spell: Spell) -> None:
    """A round with the dog through the hilly woods every day: some of it is far too steep."""
    there = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.85)
    walk = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(7.5, 9.5)),
        back_h=float(spell.rng.uniform(10, 10.8)),
        load_kg=client_kg(life, there.astype(np.int64)),
        length_m=float(spell.rng.uniform(500, 1_600)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    walk.speed = walk.speed * 0.7
    hilly = spell.rng.random(len(walk)) < 0.6
    level_deg = walk.incline_deg
    steepest(life, spell, walk, 0.8, 5.5)
    walk.incline_deg = np.where(hilly, walk.incline_deg, level_deg)
    life.rides = life.rides.with_more(walk)


@behaviour(
    "too_steep/by_bus_to_town",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=HARD_GOING,
)
def by_bus_to_town(life: Life, spell: Spell) -> None:
    """Three days a week to town by bus: in and out by its steep ramp, some metres each time."""
    days = on_weekday(life, *spell.rng.choice(6, 3, replace=False).tolist())
    there = spell.during(life) & days & (spell.rng.random(life.calendar.days) < 0.9)
    for hour in (float(spell.rng.uniform(9.5, 11)), float(spell.rng.uniform(14, 16.5))):
        ramp = journeys(
            life,
            spell,
            there,
            out_h=hour,
            back_h=hour + 0.35,
            load_kg=client_kg(life, there.astype(np.int64)),
            length_m=float(spell.rng.uniform(5, 12)),
            who=Who.CLIENT,
            spread_h=0.04,
        )
        ramp.speed = ramp.speed * 0.3
        steepest(life, spell, ramp, 3.0, 7.0)
        life.rides = life.rides.with_more(ramp)


@behaviour(
    "too_steep/up_the_loading_dock",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=HARD_GOING,
)
def up_the_loading_dock(life: Life, spell: Spell) -> None:
    """He helps at a thrift shop: up its loading dock in the morning and down at four, two days."""
    days = on_weekday(life, *spell.rng.choice(5, 2, replace=False).tolist())
    there = spell.during(life) & days & (spell.rng.random(life.calendar.days) < 0.92)
    ways = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(8.5, 9.5)),
        back_h=float(spell.rng.uniform(15.6, 16.4)),
        load_kg=client_kg(life, there.astype(np.int64)),
        length_m=float(spell.rng.uniform(500, 2_500)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    steepest(life, spell, ways, 2.0, 4.5)
    life.rides = life.rides.with_more(ways)


# --- too_fast


@behaviour(
    "too_fast/app_on_trial",
    kinds=WHEELS,
    visible=has_digest,
    allowed=("modified", "not_charged"),
)
def app_on_trial(life: Life, spell: Spell) -> None:
    """An app from the internet sets it free for two weeks, runs out, and is got on trial again."""
    free = np.zeros(life.calendar.days, dtype=bool)
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        trial = int(spell.rng.integers(12, 18))
        free[day : day + trial] = True
        day += trial + int(spell.rng.integers(6, 15))
    free &= spell.during(life)
    ways = float(life.days.rides[free].sum()) * 2 * life.aid.client.rounds
    if ways < 3 * SEEN_OFTEN:
        spell.skipped = True  # hardly ever out
        return
    life.days.speed[free] *= float(spell.rng.uniform(1.4, 1.65))
    life.days.settings[free] += 3


@behaviour(
    "too_fast/a_little_for_the_cycle_path",
    kinds=WHEELS,
    allowed=("modified",),
)
def a_little_for_the_cycle_path(life: Life, spell: Spell) -> None:
    """A neighbour opened it and set it a little faster, to keep up on the cycle path."""
    during = spell.during(life)
    life.days.speed[during] *= float(spell.rng.uniform(1.3, 1.4))
    if spell.first < life.calendar.days:
        life.days.openings[spell.first] += 1


@behaviour(
    "too_fast/front_wheel_clipped_on",
    kinds={AidKind.WHEELCHAIR},
    stage=Stage.SIGHT,
    allowed=("modified",),
)
def front_wheel_clipped_on(life: Life, spell: Spell) -> None:
    """For longer ways he clips a front wheel with its own motor on: it draws, and twice as fast."""
    rides = life.rides
    away = spell.rides(life) & rides.away
    if int(away.sum()) < 2 * SEEN_OFTEN:
        spell.skipped = True
        return
    drawn = away & (rides.length_m > float(np.quantile(rides.length_m[away], 0.4)))
    limit = float(life.aid.max_speed_mm_s or 0)
    faster = limit * spell.rng.uniform(1.5, 2.2, len(rides))
    rides.max_speed_mm_s = np.where(drawn, faster, rides.max_speed_mm_s)
    shorter = np.where(drawn, 0.6, 1.0)
    rides.duration_s = rides.duration_s * shorter
    easier = np.where(drawn, float(spell.rng.uniform(0.2, 0.4)), 1.0)
    rides.mean_a, rides.peak_a = rides.mean_a * easier, rides.peak_a * easier


@behaviour(
    "too_fast/keeps_up_with_the_bicycles",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=("modified",),
)
def keeps_up_with_the_bicycles(life: Life, spell: Spell) -> None:
    """Out with the grandchildren on their bicycles he frees it by a trick: on free afternoons."""
    rides, hour = life.rides, hours_of(life)
    free = on_weekday(life, 2, 5, 6)[rides.day] & (hour > 12.5)
    there = spell.rides(life) & rides.away & free
    if int(there.sum()) < SEEN_OFTEN:
        spell.skipped = True
        return
    rides.speed = np.where(there, spell.rng.uniform(1.3, 1.6, len(rides)), rides.speed)
