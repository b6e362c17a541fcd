"""Others than the client, in other rhythms than anybody trained on."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.contract import Spell, Stage, behaviour
from simulator.years.behaviours.held_out.limits import on_weekday
from simulator.years.behaviours.people import add_rides, shows_load, somebody, weight_apart
from simulator.years.life import Life, Who


@behaviour(
    "other_person/home_help",
    test=True,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle", "goods_transport"),
)
def home_help(life: Life, spell: Spell) -> None:
    """The home help takes it while she works, on weekday mornings: up, down, and up again."""
    person = somebody(
        life, spell, weight_kg=weight_apart(life, spell, 13, 28), rounds=2.5, boarding_s=4.0
    )
    person = replace(person, wakes_h=8.5, sleeps_h=12.5)
    often = np.where(life.calendar.weekend, 0.0, 1.0)
    add_rides(life, spell, person, Who.OTHER, often)


@behaviour("other_person/son_at_weekends", test=True, stage=Stage.RIDES, visible=shows_load)
def son_at_weekends(life: Life, spell: Spell) -> None:
    """The grown son is there from Friday night to Sunday, all year, and never takes the stairs."""
    person = somebody(life, spell, weight_kg=weight_apart(life, spell, 15, 38), rounds=4.0)
    often = np.where(on_weekday(life, 4, 5, 6), 1.0, 0.0)
    add_rides(life, spell, person, Who.OTHER, often)


@behaviour(
    "other_person/lodgers_by_turns",
    test=True,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def lodgers_by_turns(life: Life, spell: Spell) -> None:
    """Rooms are let: three strangers of different build come and go as they like."""
    for _ in range(3):
        person = somebody(life, spell, weight_kg=weight_apart(life, spell, 8, 40), rounds=1.4)
        add_rides(life, spell, person, Who.OTHER, float(spell.rng.uniform(0.5, 1.0)))


@behaviour(
    "other_person/takes_over_by_and_by",
    test=True,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("unused",),
)
def takes_over_by_and_by(life: Life, spell: Spell) -> None:
    """Somebody in the house rides more every week, the client ever less."""
    grown = spell.grown(life, over=float(spell.rng.uniform(60, 120)))
    rides = life.rides
    theirs = rides.who == int(Who.CLIENT)
    given_up = spell.rides(life) & theirs & (spell.rng.random(len(rides)) < 0.85 * grown[rides.day])
    life.rides = rides.take(~given_up)
    person = somebody(
        life,
        spell,
        frail=True,
        weight_kg=weight_apart(life, spell, 13, 32),
        rounds=max(life.aid.client.rounds, 1.2),
    )
    add_rides(life, spell, person, Who.OTHER, grown)
