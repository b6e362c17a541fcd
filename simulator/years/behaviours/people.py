"""Who rides: others than the client, with and without business there."""

from dataclasses import replace
from typing import Any

import numpy as np

from simulator.years.aids import Person, draw_person
from simulator.years.behaviours.contract import Spell, Stage, behaviour
from simulator.years.life import Floats, Life, Who
from simulator.years.people import rides_of_person
from simulator.years.profiles import Profile


def shows_load(profile: Profile) -> bool:
    """Whether weights show, in the current or by weighing."""
    return profile.current or profile.weighs


def somebody(life: Life, spell: Spell, *, frail: bool = False, **traits: Any) -> Person:
    """Draw somebody else, with the client's way about on wheels unless ``traits`` say other."""
    drawn = draw_person(spell.rng, frail=frail, at_most_kg=life.aid.max_load_kg - 8)
    client = life.aid.client
    drawn = replace(drawn, range_m=client.range_m, indoor=client.indoor)
    return replace(drawn, **traits)


def weight_apart(life: Life, spell: Spell, least: float, most: float) -> float:
    """Return a weight so many kilograms off the client's: heavier, or lighter if it must be."""
    off_kg = float(spell.rng.uniform(least, most))
    client = life.aid.client.weight_kg
    heavier = client + off_kg <= life.aid.max_load_kg - 8
    return client + off_kg if heavier else max(client - off_kg, 38.0)


def add_rides(life: Life, spell: Spell, person: Person, who: Who, often: Floats | float) -> None:
    """Let ``person`` ride as well while the spell lasts."""
    during = spell.during(life)
    more = rides_of_person(
        person,
        who,
        aid=life.aid,
        calendar=life.calendar,
        days=life.days,
        often=np.where(during, often, 0.0),
        rng=spell.rng,
    )
    life.rides = life.rides.with_more(more)


@behaviour(
    "other_person/younger_neighbour",
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def younger_neighbour(life: Life, spell: Spell) -> None:
    """A neighbour, heavier and quick to sit, rides about as often as the client."""
    person = somebody(life, spell, weight_kg=weight_apart(life, spell, 12, 35), rounds=2.0)
    add_rides(life, spell, person, Who.OTHER, float(spell.rng.uniform(0.6, 1.3)))


@behaviour(
    "other_person/much_heavier_relative",
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("overload", "duty_cycle"),
)
def much_heavier_relative(life: Life, spell: Spell) -> None:
    """A relative moves in and takes the aid several times a day."""
    person = somebody(life, spell, weight_kg=weight_apart(life, spell, 30, 55), rounds=2.5)
    person = replace(person, boarding_s=float(spell.rng.uniform(5, 15)))
    add_rides(life, spell, person, Who.OTHER, float(spell.rng.uniform(0.5, 1.2)))


@behaviour("other_person/teenager", stage=Stage.RIDES, visible=shows_load, allowed=("play",))
def teenager(life: Life, spell: Spell) -> None:
    """A grandchild who lives in now takes it as a matter of course, light and quick."""
    light_kg = max(life.aid.client.weight_kg - float(spell.rng.uniform(14, 30)), 38.0)
    person = somebody(life, spell, weight_kg=light_kg, rounds=3.0, boarding_s=2.5, pauses=0.0)
    add_rides(life, spell, person, Who.OTHER, float(spell.rng.uniform(0.7, 1.2)))


@behaviour("other_person/night_lodger", stage=Stage.RIDES, visible=shows_load)
def night_lodger(life: Life, spell: Spell) -> None:
    """A lodger who works nights comes and goes while the client sleeps."""
    person = somebody(life, spell, weight_kg=weight_apart(life, spell, 12, 30), rounds=2.0)
    person = replace(person, wakes_h=0.5, sleeps_h=6.0)
    add_rides(life, spell, person, Who.OTHER, float(spell.rng.uniform(0.6, 1.1)))


@behaviour(
    "other_person/instead_of_client",
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("unused",),
)
def instead_of_client(life: Life, spell: Spell) -> None:
    """The client rides no more; somebody of another build and rhythm does."""
    during = spell.rides(life) & (life.rides.who == int(Who.CLIENT))
    life.rides = life.rides.take(~during)
    person = somebody(
        life,
        spell,
        frail=bool(spell.rng.random() < 0.5),
        weight_kg=weight_apart(life, spell, 14, 40),
        rounds=max(life.aid.client.rounds, 1.0),
    )
    add_rides(life, spell, person, Who.OTHER, 1.0)


@behaviour(
    "fine/guests_for_a_week",
    lasts=(3, 9),
    stage=Stage.RIDES,
    forbidden=("other_person", "play", "duty_cycle", "goods_transport"),
)
def guests_for_a_week(life: Life, spell: Spell) -> None:
    """Guests stay for some days and use it, too."""
    person = somebody(life, spell, rounds=1.5)
    add_rides(life, spell, person, Who.GUEST, 1.0)
