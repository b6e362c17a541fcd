"""Bodies that change, and that is all: illness, medicine, clothes, what lies on the lap."""

from dataclasses import replace

import numpy as np

from simulator.years.aids import Person
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import (
    ALL,
    HOISTS,
    LIFTS,
    WHEELS,
    Spell,
    Stage,
    behaviour,
)
from simulator.years.life import Bools, Life, Who
from simulator.years.people import rides_of_person

NOBODY_ELSE = ("other_person", "play", "goods_transport")
ROOM_KG = 3.0  # that is left to what the aid is made for


def lives_as(life: Life, spell: Spell, person: Person, days: Bools) -> None:
    """Have the client live by another rhythm on these days of the spell."""
    rides, there = life.rides, spell.during(life) & days
    life.rides = rides.take(~(there[rides.day] & (rides.who == int(Who.CLIENT))))
    theirs = rides_of_person(
        person,
        Who.CLIENT,
        aid=life.aid,
        calendar=life.calendar,
        days=life.days,
        often=np.where(there, life.days.rides, 0.0),
        rng=spell.rng,
        extra_kg=life.days.weight_kg,
    )
    life.rides = life.rides.with_more(theirs)


def every_day(life: Life) -> Bools:
    """Return all days."""
    return np.ones(life.calendar.days, dtype=bool)


@behaviour(
    "fine/new_medication",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle"),
)
def new_medication(life: Life, spell: Spell) -> None:
    """Tablets that drive out water: up and down at night, once or twice, and slower."""
    night = replace(
        life.aid.client, wakes_h=0.3, sleeps_h=5.8, rounds=float(spell.rng.uniform(0.6, 1.4))
    )
    theirs = rides_of_person(
        night,
        Who.PARTNER,  # their rhythm does not begin and end a day
        aid=life.aid,
        calendar=life.calendar,
        days=life.days,
        often=np.where(spell.during(life), 1.0, 0.0),
        rng=spell.rng,
        extra_kg=life.days.weight_kg,
    )
    theirs.who[:] = int(Who.CLIENT)
    life.rides = life.rides.with_more(theirs)


@behaviour("fine/influenza", lasts=(18, 30), forbidden=("other_person", "unused", "play"))
def influenza(life: Life, spell: Spell) -> None:
    """A week in bed, then weak for weeks: seldom, slowly, with many pauses."""
    during, day = spell.during(life), np.arange(life.calendar.days)
    in_bed = day < spell.first + int(spell.rng.integers(4, 9))
    life.days.rides[during & in_bed] = 0.0
    life.days.rides[during & ~in_bed] *= 0.6
    life.days.pace[during & ~in_bed] *= float(spell.rng.uniform(1.7, 3.0))


@behaviour(
    "fine/dialysis",
    stage=Stage.RIDES,
    kinds=ALL - HOISTS,
    forbidden=(*NOBODY_ELSE, "unused"),
)
def dialysis(life: Life, spell: Spell) -> None:
    """Three mornings a week to the clinic, before six; in bed early on those days."""
    early = replace(life.aid.client, wakes_h=5.4, sleeps_h=20.0)
    lives_as(life, spell, early, on_weekday(life, 0, 2, 4))


@behaviour(
    "fine/coat_on_cold_days",
    forbidden=("other_person", "drive_worn", "overload", "goods_transport"),
)
def coat_on_cold_days(life: Life, spell: Spell) -> None:
    """A heavy coat, boots and a blanket, only on days of frost."""
    spell.first = 0
    room_kg = life.aid.max_load_kg - life.aid.client.weight_kg - 8 - ROOM_KG
    cold = life.calendar.coldest_c < 2
    life.days.clothes_kg = life.days.clothes_kg + np.where(cold, min(5.5, max(room_kg, 0)), 0.0)


@behaviour(
    "fine/shopping_on_the_lap",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    forbidden=("goods_transport", "other_person", "overload"),
)
def shopping_on_the_lap(life: Life, spell: Spell) -> None:
    """Two bags on the lap, home from the shops: on two days a week."""
    rides = life.rides
    homewards = rides.up if life.aid.at_landings else rides.away & ~rides.up
    there = spell.rides(life) & homewards & on_weekday(life, 1, 4)[rides.day]
    there &= (rides.load_kg > 30) & (spell.rng.random(len(rides)) < 0.4)
    limit_kg = life.aid.max_load_kg - ROOM_KG
    laden_kg = np.minimum(rides.load_kg + spell.rng.uniform(7, 14, len(rides)), limit_kg)
    rides.load_kg = np.where(there, np.maximum(laden_kg, rides.load_kg), rides.load_kg)


@behaviour(
    "fine/carer_rides_along",
    kinds=LIFTS | WHEELS,
    lasts=(4, 10),
    stage=Stage.RIDES,
    forbidden=("other_person", "goods_transport", "overload", "play"),
)
def carer_rides_along(life: Life, spell: Spell) -> None:
    """After a fall a carer rides along for some days: on the step, or one foot on the floor."""
    rides = life.rides
    both = spell.rides(life) & (rides.load_kg > 30)
    room_kg = max(life.aid.max_load_kg - ROOM_KG - rides.load_kg[both].max(initial=0.0), 0.0)
    extra_kg = min(float(spell.rng.uniform(48, 70)), room_kg)
    rides.load_kg = np.where(both, rides.load_kg + extra_kg, rides.load_kg)
    rides.boarding_s = np.where(both, rides.boarding_s * 1.5, rides.boarding_s)


@behaviour(
    "fine/busy_week",
    lasts=(3, 6),
    forbidden=("duty_cycle", "other_person", "play", "goods_transport"),
)
def busy_week(life: Life, spell: Spell) -> None:
    """A wedding in the family: the client is up and down all day, for some days."""
    life.days.rides[spell.during(life)] *= float(spell.rng.uniform(1.8, 2.6))
    life.days.pace[spell.during(life)] *= 0.85


@behaviour("fine/seldom_out", kinds=WHEELS, forbidden=("unused", "lost", "neglected"))
def seldom_out(life: Life, spell: Spell) -> None:
    """A client who goes out once a week or so, and always has."""
    spell.first = 0
    rounds = max(life.aid.client.rounds, 0.1)
    life.days.rides[:] = float(spell.rng.uniform(0.16, 0.26)) / rounds
