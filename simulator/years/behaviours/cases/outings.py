"""Outings with which all is well: work, a choir, marches, a dog, the heat."""

import numpy as np

from simulator.years.behaviours.cases.bodies import NOBODY_ELSE
from simulator.years.behaviours.cases.journeys import (
    client_kg,
    hours_of,
    journeys,
    room_kg,
    some_outings,
)
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import WHEELS, Spell, Stage, behaviour
from simulator.years.life import Life, Who


@behaviour(
    "fine/new_job",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "lost", "not_charged"),
)
def new_job(life: Life, spell: Spell) -> None:
    """The client has found work: out at eight, home after five, four days a week."""
    there = spell.during(life) & on_weekday(life, 0, 1, 3, 4)
    there &= spell.rng.random(life.calendar.days) < 0.93
    rides = life.rides
    hour = hours_of(life)
    life.rides = rides.take(~(there[rides.day] & (hour > 7.5) & (hour < 18)))
    own_kg = client_kg(life, there.astype(np.int64))
    work = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(7.7, 8.5)),
        back_h=float(spell.rng.uniform(16.8, 17.6)),
        load_kg=own_kg + 1.5,
        length_m=float(spell.rng.uniform(900, 3_000)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s * 0.9,
    )
    life.rides = life.rides.with_more(work)


@behaviour(
    "fine/choir_by_night",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "lost", "too_fast"),
)
def choir_by_night(life: Life, spell: Spell) -> None:
    """A choir: out at half past seven and home near eleven, on Wednesdays and feast days."""
    there = spell.during(life) & on_weekday(life, 2)
    there |= spell.during(life) & (spell.rng.random(life.calendar.days) < 0.03)
    own_kg = client_kg(life, there.astype(np.int64))
    sung = journeys(
        life,
        spell,
        there,
        out_h=19.5,
        back_h=22.7,
        load_kg=own_kg,
        length_m=float(spell.rng.uniform(500, 2_500)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    life.rides = life.rides.with_more(sung)


@behaviour(
    "fine/four_days_marches",
    kinds=WHEELS,
    lasts=(4, 4),
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "lost", "battery_worn", "drive_worn"),
)
def four_days_marches(life: Life, spell: Spell) -> None:
    """The four days' marches: out before seven, each day as far as in a month else."""
    rides = life.rides
    life.rides = rides.take(~(spell.rides(life) & rides.away))
    own_kg = client_kg(life, spell.during(life).astype(np.int64))
    marched = journeys(
        life,
        spell,
        spell.during(life),
        out_h=6.7,
        back_h=11.5,
        load_kg=own_kg + 2.0,
        length_m=float(spell.rng.uniform(4_500, 7_000)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    marched.stops = spell.rng.poisson(12, len(marched))
    life.rides = life.rides.with_more(marched)


@behaviour(
    "fine/dog_in_the_basket",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "overload", "drive_worn"),
)
def dog_in_the_basket(life: Life, spell: Spell) -> None:
    """An old dog that cannot walk far any more comes along in the basket, on most outings."""
    rides = life.rides
    dog_kg = min(float(spell.rng.uniform(6, 14)), room_kg(life))
    along = some_outings(life, spell, 0.7)
    rides.load_kg = np.where(along, rides.load_kg + dog_kg, rides.load_kg)


@behaviour(
    "fine/stays_in_when_it_is_hot",
    kinds=WHEELS,
    forbidden=("unused", "other_person", "neglected", "lost", "battery_worn"),
)
def stays_in_when_it_is_hot(life: Life, spell: Spell) -> None:
    """A weak heart: hardly out on the warmest days, and as ever on the days between."""
    during, warmest_c = spell.during(life), life.calendar.warmest_c
    hot = during & (warmest_c >= np.quantile(warmest_c[during], 0.75))
    life.days.rides[hot] *= float(spell.rng.uniform(0.1, 0.35))
