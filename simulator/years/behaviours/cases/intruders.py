"""Others than the client, each with reasons that seem good to them."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.cases.journeys import journeys
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.riders import tended
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.people import add_rides, shows_load, somebody, weight_apart
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.life import Life, Who


@behaviour(
    "other_person/piano_pupils",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle", "play"),
)
def piano_pupils(life: Life, spell: Spell) -> None:
    """Piano lessons upstairs: two afternoons a week each of the pupils takes it, up and down."""
    afternoons = on_weekday(life, *spell.rng.choice(5, 2, replace=False).tolist())
    counts = on_days(life, spell, 0.95, 4, 6) * afternoons
    pupil_kg = np.resize(spell.rng.uniform(27, 62, 9), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(14.5, 15),
        who=Who.OTHER,
        up_kg=pupil_kg,
        down_kg=np.roll(pupil_kg, 1),
        apart_h=0.55,
        boarding_s=4.0,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "other_person/son_on_crutches",
    kinds=LIFTS,
    lasts=(38, 70),
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def son_on_crutches(life: Life, spell: Spell) -> None:
    """A son with a new knee mends at his parents', and takes it for weeks, crutches and all."""
    son = somebody(
        life,
        spell,
        weight_kg=weight_apart(life, spell, 12, 35),
        rounds=float(spell.rng.uniform(2.0, 3.5)),
        boarding_s=float(spell.rng.uniform(10, 20)),
    )
    add_rides(life, spell, son, Who.OTHER, 1.0)


@behaviour(
    "other_person/twin_sister",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def twin_sister(life: Life, spell: Spell) -> None:
    """A twin sister moves in, of the same weight but spry: up and down as it suits her."""
    client = life.aid.client
    sister = somebody(
        life,
        spell,
        weight_kg=client.weight_kg + float(spell.rng.choice([-1.0, 1.0]) * spell.rng.uniform(3, 6)),
        rounds=float(spell.rng.uniform(2.0, 3.5)),
        boarding_s=float(spell.rng.uniform(2.5, 5)),
        pauses=0.0,
    )
    add_rides(life, spell, sister, Who.OTHER, 1.0)


@behaviour(
    "other_person/pizza_courier",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("goods_transport", "duty_cycle", "not_charged", "too_fast", "play"),
)
def pizza_courier(life: Life, spell: Spell) -> None:
    """A grandson brings pizzas round on it: out and back all evening, from Thursday to Sunday."""
    counts = on_days(life, spell, 0.9, 3, 7) * on_weekday(life, 3, 4, 5, 6)
    his_kg = weight_apart(life, spell, 10, 32)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(17, 18),
        who=Who.OTHER,
        up_kg=his_kg + 3.0,
        down_kg=his_kg,
        apart_h=0.6,
        boarding_s=3.0,
        presses=0.5,
    )
    rides.length_m = np.repeat(spell.rng.uniform(400, 1_600, len(rides) // 2), 2)
    back_ms = (rides.length_m / life.aid.speed_m_s * 1000).astype(np.int64) + 60_000
    rides.at_ms = np.where(rides.up, rides.at_ms, rides.at_ms + back_ms)
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides.sorted())


@behaviour(
    "other_person/flat_shares_it",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle", "not_charged"),
)
def flat_shares_it(life: Life, spell: Spell) -> None:
    """It stands in the hall of an old people's flat: on most days one of five others borrows it."""
    day = np.arange(life.calendar.days)
    turn = spell.rng.integers(0, 6, life.calendar.days)  # the last one: nobody
    for number in range(5):
        neighbour = somebody(
            life,
            spell,
            frail=True,
            weight_kg=weight_apart(life, spell, 5, 34),
            rounds=float(spell.rng.uniform(1.0, 1.6)),
            indoor=0.0,
        )
        theirs = (turn == number) & (day >= spell.first)
        add_rides(life, spell, neighbour, Who.OTHER, np.where(theirs, 1.0, 0.0))


@behaviour(
    "other_person/his_wife_does_the_shopping",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
)
def his_wife_does_the_shopping(life: Life, spell: Spell) -> None:
    """His wife, for whom nobody asked for one, does the shopping on it: three mornings a week."""
    mornings = on_weekday(life, *spell.rng.choice(6, 3, replace=False).tolist())
    there = spell.during(life) & mornings & (spell.rng.random(life.calendar.days) < 0.9)
    her_kg = weight_apart(life, spell, 12, 30)
    rides = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(9, 11)),
        back_h=float(spell.rng.uniform(11.3, 12.2)),
        load_kg=her_kg,
        back_kg=min(her_kg + 6.0, life.aid.max_load_kg - 2.0),
        length_m=float(spell.rng.uniform(400, 1_800)),
        who=Who.OTHER,
        boarding_s=float(spell.rng.uniform(4, 9)),
        spread_h=0.4,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "other_person/angler_before_dawn",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("goods_transport", "not_charged"),
)
def angler_before_dawn(life: Life, spell: Spell) -> None:
    """A friend goes fishing on it: out before dawn and home before noon, three days of the week."""
    days = on_weekday(life, *spell.rng.choice(7, 3, replace=False).tolist())
    there = spell.during(life) & days & (spell.rng.random(life.calendar.days) < 0.85)
    rides = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(4, 5.5)),
        back_h=float(spell.rng.uniform(9.5, 11.5)),
        load_kg=weight_apart(life, spell, 12, 35),
        length_m=float(spell.rng.uniform(1_200, 3_500)),
        who=Who.OTHER,
        boarding_s=float(spell.rng.uniform(3, 6)),
        spread_h=0.3,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "other_person/day_guests_are_lifted",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def day_guests_are_lifted(life: Life, spell: Spell) -> None:
    """They take day guests in, Tuesdays and Thursdays: two or three of them are lifted at noon."""
    counts = on_days(life, spell, 0.95, 2, 3) * on_weekday(life, 1, 3)
    guest_kg = spell.rng.uniform(46, min(105, life.aid.max_load_kg - 10), 5)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(12, 12.6),
        who=Who.OTHER,
        up_kg=np.resize(guest_kg, int(counts.sum())),
        down_kg=np.resize(guest_kg, int(counts.sum())),
        apart_h=0.35,
        boarding_s=0.8 * life.aid.client.boarding_s,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "other_person/father_and_son",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def father_and_son(life: Life, spell: Spell) -> None:
    """Lent for the father; the son, far lighter or heavier, has been lifted too since day one."""
    spell.first = 0
    son = replace(tended(life, spell, weight_apart(life, spell, 24, 45)), rounds=2.5)
    add_rides(life, spell, son, Who.OTHER, 1.0)
