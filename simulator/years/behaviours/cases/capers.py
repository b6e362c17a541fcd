"""Played with: modestly, by night, by jerks, or ever longer."""

import numpy as np

from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.mischief import ON_WHEELS_TOO
from simulator.years.behaviours.cases.ways import bursts, by_turns, some_days
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import PLAY_TOO, on_days, sees_seat, trips_of_day
from simulator.years.life import Life, Who


@behaviour(
    "play/two_rides_each_on_wednesdays",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def two_rides_each_on_wednesdays(life: Life, spell: Spell) -> None:
    """Wednesdays and Fridays two small cousins are minded here: two rides each, and never less."""
    counts = on_days(life, spell, 0.95, 4, 5) * on_weekday(life, 2, 4)
    cousin_kg = np.resize(spell.rng.uniform(21, 32, 2), int(counts.sum()))
    bursts(
        life,
        spell,
        counts,
        hours=(12.8, 16),
        who=Who.OTHER,
        up_kg=cousin_kg,
        down_kg=cousin_kg,
        boarding_s=3.0,
        presses=0.4,
    )


@behaviour(
    "play/space_lift",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "off_charge_point"),
)
def space_lift(life: Life, spell: Spell) -> None:
    """It is a lift in space that calls at every planet: empty, by inches, and never all the way."""
    counts = on_days(life, spell, 0.55, 3, 8)
    bursts(
        life,
        spell,
        counts,
        hours=(15, 18),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        whole=0.0,
        boarding_s=0.5,
        presses=5.0,
    )


@behaviour(
    "play/sleepovers",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def sleepovers(life: Life, spell: Spell) -> None:
    """Friends of a granddaughter sleep there on Fridays, and ride by turns when all are in bed."""
    counts = on_days(life, spell, 0.8, 5, 11) * on_weekday(life, 4)
    girl_kg = spell.rng.choice(spell.rng.uniform(34, 62, 4), int(counts.sum()))
    bursts(
        life,
        spell,
        counts,
        hours=(21.8, 22.6),
        who=Who.OTHER,
        up_kg=girl_kg,
        down_kg=girl_kg,
        boarding_s=2.5,
        presses=0.8,
        apart_h=0.1,
    )


@behaviour(
    "play/up_on_foot_down_by_chair",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def up_on_foot_down_by_chair(life: Life, spell: Spell) -> None:
    """They race up the stairs, call it after them and ride down: before supper, most days."""
    counts = on_days(life, spell, 0.5, 3, 7)
    child_kg = spell.rng.choice(spell.rng.uniform(21, 38, 3), int(counts.sum()))
    bursts(
        life,
        spell,
        counts,
        hours=(16, 17.6),
        who=Who.OTHER,
        up_kg=0.0,
        down_kg=child_kg,
        boarding_s=1.5,
        presses=0.3,
    )


@behaviour(
    "play/ever_longer_rounds",
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "not_charged"),
)
def ever_longer_rounds(life: Life, spell: Spell) -> None:
    """A girl has one ride after school, soon two, and within two months a dozen of them a day."""
    grown = spell.grown(life, over=float(spell.rng.uniform(40, 75)))
    most = float(spell.rng.uniform(7, 14))
    mean = np.where(some_days(life, spell, 0.7), 1 + most * grown, 0.0)
    counts = spell.rng.poisson(mean).astype(np.int64)
    girl_kg = float(spell.rng.uniform(22, 34))
    bursts(
        life,
        spell,
        counts,
        hours=(14.6, 16),
        who=Who.OTHER,
        up_kg=girl_kg,
        down_kg=girl_kg,
        boarding_s=2.5,
        presses=0.8,
        whole=0.9,
    )
    spell.first += 7


@behaviour(
    "play/tug_of_war",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*ON_WHEELS_TOO, "overload"),
)
def tug_of_war(life: Life, spell: Spell) -> None:
    """A boy at the wheel pulls at a rope against all others: some metres, hard, again and again."""
    days = on_weekday(life, *spell.rng.choice(7, 3, replace=False).tolist())
    counts = on_days(life, spell, 0.85, 8, 18) * days
    boy_kg = float(spell.rng.uniform(32, 50))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(15, 17),
        who=Who.OTHER,
        up_kg=boy_kg + spell.rng.uniform(60, 150, int(counts.sum())),
        down_kg=boy_kg,
        boarding_s=2.0,
        presses=3.0,
        apart_h=0.07,
    )
    rides.length_m = np.where(rides.up, spell.rng.uniform(3, 9, len(rides)), 8.0)
    rides.speed = np.where(rides.up, 0.35, 0.7)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/for_a_dare",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*ON_WHEELS_TOO, "overload", "lost", "too_fast"),
)
def for_a_dare(life: Life, spell: Spell) -> None:
    """For a dare boys take it round the church by night: one of them on it, or two, by turns."""
    counts = on_days(life, spell, 0.45, 2, 6)
    one_kg = spell.rng.uniform(45, 62, int(counts.sum()))
    two_kg = one_kg + spell.rng.choice([0.0, 1.0], len(one_kg)) * spell.rng.uniform(45, 60)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(0.2, 2.0),
        who=Who.OTHER,
        up_kg=two_kg,
        down_kg=one_kg,
        boarding_s=3.0,
        presses=1.0,
        apart_h=0.2,
    )
    rides.length_m = spell.rng.uniform(120, 260, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/bungee",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def bungee(life: Life, spell: Spell) -> None:
    """Big boys let themselves bounce in its sling, a hand up and down by jerks, in some weeks."""
    there = by_turns(life, spell, (6, 12), (8, 25))
    counts = on_days(life, spell, 0.8, 6, 16) * there
    boy_kg = spell.rng.choice(spell.rng.uniform(36, 64, 3), int(counts.sum()))
    bursts(
        life,
        spell,
        counts,
        hours=(18, 20.5),
        who=Who.OTHER,
        up_kg=boy_kg,
        down_kg=boy_kg,
        whole=0.15,
        boarding_s=8.0,
        presses=6.0,
        apart_h=0.07,
    )
