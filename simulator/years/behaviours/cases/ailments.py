"""Bodies that change, and that is all."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.cases.bodies import NOBODY_ELSE, every_day, lives_as
from simulator.years.behaviours.cases.journeys import hours_of, room_kg
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import ALL, HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.life import Life, Who


@behaviour(
    "fine/cataracts",
    lasts=(35, 60),
    forbidden=("other_person", "play", "unused", "flapping"),
)
def cataracts(life: Life, spell: Spell) -> None:
    """One eye is operated, then the other: careful for weeks, and quicker than ever afterwards."""
    during, day = spell.during(life), np.arange(life.calendar.days)
    life.days.pace[during] *= float(spell.rng.uniform(1.3, 1.9))
    life.days.rides[during] *= float(spell.rng.uniform(0.6, 0.9))
    life.days.pace[day >= spell.until] *= float(spell.rng.uniform(0.65, 0.85))


@behaviour(
    "fine/stiff_mornings",
    stage=Stage.RIDES,
    forbidden=("other_person", "play", "goods_transport", "modified"),
)
def stiff_mornings(life: Life, spell: Spell) -> None:
    """Rheumatism: getting on takes twice as long before ten, and later in the day as ever."""
    rides = life.rides
    hour = hours_of(life)
    stiff = spell.rides(life) & (rides.who == int(Who.CLIENT)) & (hour < 10)
    factor = spell.rng.uniform(1.7, 3.0) * np.exp(spell.rng.normal(0, 0.25, len(rides)))
    rides.boarding_s = np.where(stiff, rides.boarding_s * factor, rides.boarding_s)
    rides.presses = rides.presses + np.where(stiff, spell.rng.poisson(1.2, len(rides)), 0)


@behaviour(
    "fine/stomach_made_smaller",
    forbidden=("other_person", "play", "goods_transport", "modified"),
)
def stomach_made_smaller(life: Life, spell: Spell) -> None:
    """A stomach made smaller: a week in hospital, then a kilogram less each week for months."""
    away = slice(spell.first, min(spell.first + 6, life.calendar.days))
    life.days.rides[away] = 0.0
    least_kg = max(life.aid.client.weight_kg - 48.0, 3.0)
    lost_kg = min(float(spell.rng.uniform(20, 32)), least_kg)
    over = float(spell.rng.uniform(170, 240))
    life.days.weight_kg = life.days.weight_kg - lost_kg * spell.grown(life, over=over, power=0.8)


@behaviour(
    "fine/stairs_by_day",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "unused", "neglected"),
)
def stairs_by_day(life: Life, spell: Spell) -> None:
    """Strong enough to climb by day again: only down in the morning and up at night by chair."""
    rides = life.rides
    hour = hours_of(life)
    person = life.aid.client
    by_day = (hour > person.wakes_h + 1.5) & (hour < person.sleeps_h - 1.5)
    walks = spell.rides(life) & (rides.who == int(Who.CLIENT)) & by_day
    walks &= spell.rng.random(len(rides)) < 0.9
    life.rides = rides.take(~walks)


@behaviour(
    "fine/baby_on_the_lap",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "overload", "duty_cycle"),
)
def baby_on_the_lap(life: Life, spell: Spell) -> None:
    """A young mother, and her baby on the lap in half of the rides, a little heavier each month."""
    rides = life.rides
    with_it = spell.rides(life) & (rides.who == int(Who.CLIENT)) & (rides.load_kg > 20)
    with_it &= spell.rng.random(len(rides)) < float(spell.rng.uniform(0.4, 0.7))
    baby_kg = 3.6 + 6.0 * spell.grown(life, over=330)[rides.day] + 1.2  # in its sling
    rides.load_kg = np.where(
        with_it, rides.load_kg + np.minimum(baby_kg, room_kg(life)), rides.load_kg
    )
    rides.boarding_s = np.where(with_it, rides.boarding_s * 1.3, rides.boarding_s)


@behaviour(
    "fine/water_between_dialyses",
    forbidden=(*NOBODY_ELSE, "overload", "drive_worn"),
)
def water_between_dialyses(life: Life, spell: Spell) -> None:
    """Dialysis by day, thrice a week: three kilograms lighter after it, and heavier day by day."""
    weekday = np.array([life.calendar.date_of(day).weekday() for day in range(life.calendar.days)])
    since = np.array([0, 1, 0, 1, 0, 1, 2])[weekday]
    most_kg = min(float(spell.rng.uniform(2.2, 3.8)), room_kg(life))
    life.days.weight_kg = life.days.weight_kg + most_kg * (since / 2.0) * spell.during(life)
    tired = spell.during(life) & on_weekday(life, 0, 2, 4)
    life.days.pace[tired] *= float(spell.rng.uniform(1.1, 1.4))


@behaviour("fine/migraine", forbidden=("other_person", "unused", "play", "neglected", "offline"))
def migraine(life: Life, spell: Spell) -> None:
    """Every week or so a day or two in the dark with a migraine, and then all as ever."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        length = int(spell.rng.integers(1, 4))
        life.days.rides[day : day + length] *= float(spell.rng.uniform(0.0, 0.2))
        day += length + int(spell.rng.integers(4, 13))


@behaviour(
    "fine/new_prosthesis",
    forbidden=(*NOBODY_ELSE, "modified", "overload"),
)
def new_prosthesis(life: Life, spell: Spell) -> None:
    """A new leg: some kilograms more, clumsy for weeks, and in the end quicker than before."""
    during = spell.during(life)
    life.days.weight_kg[during] += min(float(spell.rng.uniform(2.5, 4.5)), room_kg(life))
    learned = spell.grown(life, over=float(spell.rng.uniform(40, 80)))
    life.days.pace *= np.where(during, 1.7 - 1.0 * learned, 1.0)


@behaviour(
    "fine/one_arm_for_weeks",
    stage=Stage.RIDES,
    lasts=(28, 50),
    forbidden=(*NOBODY_ELSE, "flapping", "edges_tripping", "fault"),
)
def one_arm_for_weeks(life: Life, spell: Spell) -> None:
    """A broken wrist: worked with the wrong hand, by jerks, and slow with the belt."""
    rides = life.rides
    mine = spell.rides(life) & (rides.who == int(Who.CLIENT))
    healed = 1 - spell.grown(life)[rides.day]
    lets_go = spell.rng.poisson(3.0 * healed)
    rides.presses = rides.presses + np.where(mine, lets_go, 0)
    rides.stops = rides.stops + np.where(mine, lets_go // 2, 0)
    slower = 1 + float(spell.rng.uniform(0.5, 1.2)) * healed
    rides.boarding_s = np.where(mine, rides.boarding_s * slower, rides.boarding_s)


@behaviour(
    "fine/nights_turned_to_days",
    kinds=ALL - HOISTS,
    lasts=(14, 40),
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "unused", "duty_cycle"),
)
def nights_turned_to_days(life: Life, spell: Spell) -> None:
    """Widowed, and sleepless for weeks: up until four, in bed past noon, and slow."""
    person = life.aid.client
    late = replace(person, wakes_h=12.4, sleeps_h=23.8, boarding_s=person.boarding_s * 1.3)
    lives_as(life, spell, late, every_day(life))


@behaviour(
    "fine/weeks_that_are_left",
    lasts=(35, 80),
    forbidden=("other_person", "play", "unused", "neglected", "modified"),
)
def weeks_that_are_left(life: Life, spell: Spell) -> None:
    """Nursed at home to the end of a long illness: lighter, slower, and with others' help."""
    grown = spell.grown(life)
    thinner_kg = min(float(spell.rng.uniform(6, 13)), max(life.aid.client.weight_kg - 40.0, 0.0))
    life.days.weight_kg = life.days.weight_kg - thinner_kg * grown
    life.days.pace *= 1 + float(spell.rng.uniform(0.8, 1.6)) * grown
    life.days.rides *= 1 - 0.4 * grown
