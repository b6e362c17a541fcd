"""Others than the client, who have no business on it."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.cases.journeys import journeys
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.riders import tended
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.people import add_rides, shows_load, somebody, weight_apart
from simulator.years.life import Life, Who


@behaviour(
    "other_person/works_from_the_attic",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def works_from_the_attic(life: Life, spell: Spell) -> None:
    """A son-in-law's office is in the attic: up, down for lunch, up, and down, on working days."""
    there = spell.during(life) & ~life.calendar.weekend
    there &= spell.rng.random(life.calendar.days) < float(spell.rng.uniform(0.7, 0.95))
    his_kg = weight_apart(life, spell, 12, 36)
    begins_h = float(spell.rng.uniform(8.2, 9.3))
    for out_h, back_h in ((begins_h, 12.4), (13.1, begins_h + 8.7)):
        his = journeys(
            life,
            spell,
            there,
            out_h=out_h,
            back_h=back_h,
            load_kg=his_kg,
            who=Who.OTHER,
            boarding_s=float(spell.rng.uniform(3, 8)),
            spread_h=0.25,
        )
        life.rides = life.rides.with_more(his)


@behaviour(
    "other_person/to_football_training",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
)
def to_football_training(life: Life, spell: Spell) -> None:
    """A grandson takes it to his training and to the match: three evenings or days of each week."""
    his_kg = max(life.aid.client.weight_kg - float(spell.rng.uniform(14, 32)), 38.0)
    field_m = float(spell.rng.uniform(700, 2_600))
    for weekdays, out_h, back_h in (((1, 3), 18.4, 20.6), ((5,), 9.3, 12.8)):
        there = spell.during(life) & on_weekday(life, *weekdays)
        there &= spell.rng.random(life.calendar.days) < 0.93
        his = journeys(
            life,
            spell,
            there,
            out_h=out_h,
            back_h=back_h,
            load_kg=his_kg,
            length_m=field_m,
            who=Who.OTHER,
            boarding_s=3.0,
        )
        life.rides = life.rides.with_more(his)


@behaviour(
    "other_person/changes_places",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("unused",),
)
def changes_places(life: Life, spell: Spell) -> None:
    """A wife who walks ever worse takes it more and more, the client less: in months it is hers."""
    grown = spell.grown(life, over=float(spell.rng.uniform(60, 130)))
    rides = life.rides
    given_up = spell.rides(life) & (rides.who == int(Who.CLIENT))
    given_up &= spell.rng.random(len(rides)) < 0.85 * grown[rides.day]
    life.rides = rides.take(~given_up)
    hers = somebody(
        life,
        spell,
        frail=True,
        weight_kg=weight_apart(life, spell, 13, 34),
        rounds=max(life.aid.client.rounds, 1.2),
    )
    add_rides(life, spell, hers, Who.OTHER, 0.2 + 0.9 * grown)


@behaviour(
    "other_person/brother_at_weekends",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def brother_at_weekends(life: Life, spell: Spell) -> None:
    """A brother with the same illness stays from Friday to Sunday, and is lifted as well."""
    his = tended(life, spell, weight_apart(life, spell, 13, 35))
    his = replace(his, rounds=float(spell.rng.uniform(2.0, 3.5)))
    add_rides(life, spell, his, Who.OTHER, np.where(on_weekday(life, 4, 5, 6), 1.1, 0.0))


@behaviour(
    "other_person/home_from_the_rig",
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle", "play"),
)
def home_from_the_rig(life: Life, spell: Spell) -> None:
    """A son works offshore: two weeks away, two weeks at home, late to bed and all about."""
    home = (np.arange(life.calendar.days) - spell.first) % 28 < 14
    his = somebody(
        life,
        spell,
        weight_kg=weight_apart(life, spell, 15, 40),
        wakes_h=float(spell.rng.uniform(9.5, 11)),
        sleeps_h=23.8,
        rounds=float(spell.rng.uniform(2.0, 4.0)),
    )
    add_rides(life, spell, his, Who.OTHER, np.where(home, 0.9, 0.0))


@behaviour(
    "other_person/stayed_on",
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle", "overload"),
)
def stayed_on(life: Life, spell: Spell) -> None:
    """A friend came for a weekend and stayed: not every day, not often, and from then on always."""
    friend = somebody(
        life,
        spell,
        frail=bool(spell.rng.random() < 0.4),
        weight_kg=weight_apart(life, spell, 18, 42),
        rounds=2.2,
    )
    weekend = np.arange(life.calendar.days) < spell.first + 3
    add_rides(life, spell, friend, Who.OTHER, np.where(weekend, 1.2, spell.rng.uniform(0.4, 0.7)))
