"""Used beyond its specification: load, duty, slope, speed."""

from datetime import timedelta

import numpy as np

from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import TOO_HEAVY, TOO_OFTEN, feels_load
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.life import Bools, Ints, Life, Who


def on_weekday(life: Life, *weekdays: int) -> Bools:
    """Return by day whether it is one of these days of the week; 0 is Monday."""
    first = life.calendar.start
    there = [
        (first + timedelta(days=day)).weekday() in weekdays for day in range(life.calendar.days)
    ]
    return np.array(there, dtype=bool)


@behaviour("overload/outgrows_it", visible=feels_load, allowed=TOO_HEAVY)
def outgrows_it(life: Life, spell: Spell) -> None:
    """The client gains weight for months, past what the aid is made for."""
    over = float(spell.rng.uniform(60, 150))
    end_kg = life.aid.max_load_kg * float(spell.rng.uniform(1.1, 1.2))
    gain_kg = end_kg - life.aid.client.weight_kg
    life.days.weight_kg = life.days.weight_kg + gain_kg * spell.grown(life, over=over)
    share = (life.aid.max_load_kg - life.aid.client.weight_kg) / gain_kg
    spell.first += round(over * share)


@behaviour(
    "overload/helper_on_the_footplate",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def helper_on_the_footplate(life: Life, spell: Spell) -> None:
    """Whoever helps on the way up (or out) stands on it too; back the client goes alone."""
    rides, limit_kg = life.rides, life.aid.max_load_kg
    helped = spell.rides(life) & (rides.load_kg > 20) & rides.up
    least_kg = limit_kg * 1.1 - life.aid.client.weight_kg
    extra_kg = max(float(spell.rng.uniform(52, 85)), least_kg) + spell.rng.normal(0, 2, len(rides))
    rides.load_kg = np.where(helped, rides.load_kg + extra_kg, rides.load_kg)
    rides.boarding_s = np.where(helped, rides.boarding_s * 1.3, rides.boarding_s)


@behaviour(
    "overload/a_week_of_shopping",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def a_week_of_shopping(life: Life, spell: Spell) -> None:
    """Crates, potatoes and cat litter for the whole stair: on the way back, one time in three."""
    rides, limit_kg = life.rides, life.aid.max_load_kg
    back = spell.rides(life) & rides.away & ~rides.up & (spell.rng.random(len(rides)) < 0.35)
    total_kg = limit_kg * spell.rng.uniform(1.08, 1.3, len(rides))
    rides.load_kg = np.where(back, np.maximum(total_kg, rides.load_kg), rides.load_kg)


@behaviour(
    "duty_cycle/whole_staircase",
    kinds=LIFTS | HOISTS,
    allowed=TOO_OFTEN,
    stage=Stage.RIDES,
)
def whole_staircase(life: Life, spell: Spell) -> None:
    """Neighbours of all floors use it: one after the other, without bursts, from eight to nine."""
    counts = on_days(life, spell, 0.95, 20, 34)
    person_kg = spell.rng.choice(spell.rng.uniform(48, 100, 7), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(7.5, 9),
        who=Who.OTHER,
        up_kg=person_kg,
        down_kg=person_kg[::-1],
        apart_h=0.36,
        boarding_s=7,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/exercises",
    kinds=LIFTS | HOISTS,
    allowed=TOO_OFTEN,
    stage=Stage.RIDES,
)
def exercises(life: Life, spell: Spell) -> None:
    """For exercise the client rides up and down an hour at a time, on weekday mornings."""
    counts = on_days(life, spell, 0.8, 12, 18) * ~life.calendar.weekend
    client_kg = life.aid.client.weight_kg + 1.5
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9.5, 10.5),
        who=Who.CLIENT,
        up_kg=client_kg,
        down_kg=client_kg,
        boarding_s=12,
    )
    life.rides = life.rides.with_more(rides)


def slopes(life: Life, spell: Spell, there: Bools, least: float, most: float) -> None:
    """Have some stretches be so much steeper than the aid is made for."""
    rides = life.rides
    steep = float(life.aid.max_incline_deg or 10) + spell.rng.uniform(least, most, len(rides))
    rides.incline_deg = np.where(there, steep, rides.incline_deg)


def some_of(life: Life, spell: Spell, days: Bools, share: float) -> Bools:
    """Return some of the stretches outdoors, on some days."""
    rides = life.rides
    picked: Bools = spell.rides(life) & rides.away & days[rides.day]
    return picked & (spell.rng.random(len(rides)) < share)


@behaviour("too_steep/car_park_ramp", kinds=WHEELS, stage=Stage.RIDES)
def car_park_ramp(life: Life, spell: Spell) -> None:
    """Down into the car park and out of it by the cars' ramp, on weekdays."""
    there = some_of(life, spell, ~life.calendar.weekend, 0.35)
    slopes(life, spell, there, 3.5, 9.0)


@behaviour("too_steep/market_bridge", kinds=WHEELS, stage=Stage.RIDES)
def market_bridge(life: Life, spell: Spell) -> None:
    """A humpback bridge just too steep, on the way to the market: twice a week."""
    there = some_of(life, spell, on_weekday(life, 2, 5), 0.9)
    slopes(life, spell, there, 2.0, 3.2)


@behaviour("too_fast/dongle", kinds=WHEELS, allowed=("modified",))
def dongle(life: Life, spell: Spell) -> None:
    """A plug between motor and controller: no setting changes, and it goes half as fast again."""
    life.days.speed[spell.during(life)] = float(spell.rng.uniform(1.38, 1.65))


@behaviour("too_fast/way_home", kinds=WHEELS, stage=Stage.SIGHT)
def way_home(life: Life, spell: Spell) -> None:
    """It is downhill all the way home, and the brake is not used."""
    rides = life.rides
    home = spell.rides(life) & rides.away & ~rides.up
    limit = float(life.aid.max_speed_mm_s or 0)
    faster = limit * spell.rng.uniform(1.18, 1.38, len(rides))
    rides.max_speed_mm_s = np.where(home, faster, rides.max_speed_mm_s)


@behaviour("too_fast/sunday_races", kinds=WHEELS, stage=Stage.RIDES)
def sunday_races(life: Life, spell: Spell) -> None:
    """Races on Sundays, on the sea dike with the wind behind."""
    counts: Ints = on_days(life, spell, 0.8, 2, 4) * on_weekday(life, 6)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13, 15),
        who=Who.CLIENT,
        up_kg=life.aid.client.weight_kg,
        down_kg=life.aid.client.weight_kg,
        apart_h=0.4,
        boarding_s=8,
    )
    rides.length_m = spell.rng.uniform(500, 1_500, len(rides))
    rides.speed = spell.rng.uniform(1.35, 1.7, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)
