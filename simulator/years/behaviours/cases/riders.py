"""Others than the client, who have no business on it."""

from dataclasses import replace

import numpy as np

from simulator.years.aids import Person
from simulator.years.behaviours.cases.journeys import journeys
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.people import add_rides, shows_load, somebody, weight_apart
from simulator.years.life import Life, Who
from simulator.years.people import rides_of_person


@behaviour(
    "other_person/spares_the_stairs",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("goods_transport",),
)
def spares_the_stairs(life: Life, spell: Spell) -> None:
    """A son who lives in takes it up whenever it stands below, and walks down."""
    person = somebody(
        life,
        spell,
        weight_kg=weight_apart(life, spell, 11, 32),
        rounds=float(spell.rng.uniform(1.8, 3.5)),
    )
    theirs = rides_of_person(
        person,
        Who.OTHER,
        aid=life.aid,
        calendar=life.calendar,
        days=life.days,
        often=np.where(spell.during(life), 1.0, 0.0),
        rng=spell.rng,
    )
    life.rides = life.rides.with_more(theirs.take(theirs.up))


@behaviour(
    "other_person/to_work_on_it",
    kinds=WHEELS,
    stage=Stage.RIDES,
    lasts=(35, 110),
    visible=shows_load,
    allowed=("unused", "duty_cycle"),
)
def to_work_on_it(life: Life, spell: Spell) -> None:
    """A daughter's boyfriend takes it to work: out at seven, home before six, on weekdays."""
    person_kg = weight_apart(life, spell, 12, 38)
    weekdays = spell.during(life) & ~life.calendar.weekend
    there = weekdays & (spell.rng.random(life.calendar.days) < 0.9)
    # What the client had in mind for those hours does not come about.
    rides = life.rides
    hour = (rides.at_ms - life.calendar.midnight_ms[rides.day]) / 3_600_000
    life.rides = rides.take(~(there[rides.day] & (hour > 6.5) & (hour < 18)))
    work = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(6.6, 7.8)),
        back_h=float(spell.rng.uniform(15.8, 17.6)),
        load_kg=person_kg,
        length_m=float(spell.rng.uniform(1_500, 5_000)),
        who=Who.OTHER,
        boarding_s=4.0,
    )
    life.rides = life.rides.with_more(work)


@behaviour(
    "other_person/paying_guests",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle", "goods_transport"),
)
def paying_guests(life: Life, spell: Spell) -> None:
    """A room upstairs is let by the night: other people every few days, some nights none."""
    day = spell.first
    span = life.calendar.days
    while day < min(spell.until, span):
        nights = int(spell.rng.integers(2, 6))
        stay = np.zeros(span)
        stay[day : day + nights] = 1.0
        for _ in range(int(spell.rng.integers(1, 3))):
            guest = somebody(
                life,
                spell,
                weight_kg=float(spell.rng.uniform(48, life.aid.max_load_kg - 10)),
                rounds=float(spell.rng.uniform(1.2, 2.6)),
            )
            add_rides(life, spell, guest, Who.OTHER, stay)
        day += nights + int(spell.rng.integers(0, 4))


@behaviour(
    "other_person/every_other_week",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("play", "duty_cycle"),
)
def every_other_week(life: Life, spell: Spell) -> None:
    """A granddaughter lives in every other week, and takes it as if it were hers."""
    day = np.arange(life.calendar.days)
    here = (day - spell.first) % 14 < 7
    light_kg = max(life.aid.client.weight_kg - float(spell.rng.uniform(13, 28)), 39.0)
    person = somebody(
        life,
        spell,
        weight_kg=light_kg,
        boarding_s=float(spell.rng.uniform(2.5, 6)),
        rounds=float(spell.rng.uniform(2.0, 3.5)),
    )
    add_rides(life, spell, person, Who.OTHER, np.where(here, 1.0, 0.0))


def tended(life: Life, spell: Spell, weight_kg: float) -> Person:
    """Return somebody who is lifted morning and night, as frail as the client."""
    client = life.aid.client
    person = somebody(life, spell, frail=True, weight_kg=weight_kg, rounds=2.0)
    return replace(
        person,
        boarding_s=client.boarding_s * float(spell.rng.uniform(0.7, 1.4)),
        wakes_h=client.wakes_h + float(spell.rng.uniform(0.5, 1.2)),
        sleeps_h=client.sleeps_h - float(spell.rng.uniform(0.5, 1.2)),
    )


@behaviour(
    "other_person/lifted_as_well",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def lifted_as_well(life: Life, spell: Spell) -> None:
    """Another in the house, for whom nobody asked for a hoist, is lifted with it as well."""
    person = tended(life, spell, weight_apart(life, spell, 12, 34))
    add_rides(life, spell, person, Who.OTHER, 1.0)


@behaviour(
    "other_person/next_door_at_noon",
    kinds=HOISTS | WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def next_door_at_noon(life: Life, spell: Spell) -> None:
    """It is lent next door around noon, on five days of the week."""
    person = tended(life, spell, weight_apart(life, spell, 13, 36))
    person = replace(person, wakes_h=11.0, sleeps_h=14.5, rounds=1.6)
    add_rides(life, spell, person, Who.OTHER, np.where(on_weekday(life, 0, 1, 3, 4, 6), 1.0, 0.0))
