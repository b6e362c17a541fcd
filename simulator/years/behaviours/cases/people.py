"""Others than the client, in other rhythms than anybody trained on."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, Spell, Stage, behaviour
from simulator.years.behaviours.people import add_rides, shows_load, somebody, weight_apart
from simulator.years.life import Life, Who


@behaviour(
    "other_person/home_help",
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


@behaviour(
    "other_person/lodger_for_a_season",
    stage=Stage.RIDES,
    lasts=(50, 110),
    visible=shows_load,
    allowed=("duty_cycle",),
)
def lodger_for_a_season(life: Life, spell: Spell) -> None:
    """Somebody rents the guest room for a season, as slow as the client and of another build."""
    person = somebody(
        life, spell, frail=True, weight_kg=weight_apart(life, spell, 14, 34), rounds=2.2
    )
    add_rides(life, spell, person, Who.OTHER, float(spell.rng.uniform(0.8, 1.2)))


@behaviour(
    "other_person/night_nurse",
    kinds=LIFTS | HOISTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def night_nurse(life: Life, spell: Spell) -> None:
    """Nurses by turns come for the night: up when the client sleeps, down before he wakes."""
    for turn in (np.array([0, 2, 4]), np.array([1, 3, 5, 6])):
        person = somebody(
            life, spell, weight_kg=weight_apart(life, spell, 12, 30), rounds=1.3, boarding_s=4.5
        )
        person = replace(person, wakes_h=21.0, sleeps_h=23.8)
        often = np.where(on_weekday(life, *turn.tolist()), 1.0, 0.0)
        add_rides(life, spell, person, Who.OTHER, often)
