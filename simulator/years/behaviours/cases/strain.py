"""Used beyond its specification, in other ways: load, duty, slope, speed."""

import numpy as np

from simulator.years.behaviours.cases.journeys import client_kg, journeys
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import TOO_HEAVY, TOO_OFTEN, feels_load
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import Bools, Floats, Life, Rides, Who

# --- overload


@behaviour(
    "overload/limit_lowered",
    lasts=(40, 150),
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def limit_lowered(life: Life, spell: Spell) -> None:
    """An inspection finds weak fixings, and its limit is set lower; the heavy client rides on."""
    limit_kg = int(life.aid.client.weight_kg / float(spell.rng.uniform(1.1, 1.3)))
    mechanic(life, spell.first)
    life.registered(life.moment(spell.first, 12.0), max_load_kg=limit_kg)
    if spell.until < life.calendar.days:
        mechanic(life, spell.until)
        life.registered(life.moment(spell.until, 12.0), max_load_kg=life.aid.max_load_kg)


@behaviour(
    "overload/chair_and_all",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def chair_and_all(life: Life, spell: Spell) -> None:
    """To save a transfer the client is lifted with his powered chair beneath him, now and then."""
    rides, limit_kg = life.rides, life.aid.max_load_kg
    # A stroke up and the one down after it belong together.
    pair = np.cumsum(rides.up)
    chosen = spell.rng.random(int(pair.max(initial=0)) + 1) < 0.35
    both = spell.rides(life) & (rides.load_kg > 30) & chosen[pair]
    chair_kg = max(float(spell.rng.uniform(55, 110)), limit_kg * 1.1 - life.aid.client.weight_kg)
    rides.load_kg = np.where(both, rides.load_kg + chair_kg, rides.load_kg)
    rides.boarding_s = np.where(both, rides.boarding_s * 0.7, rides.boarding_s)


@behaviour(
    "overload/children_aboard",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=(*TOO_HEAVY, "play"),
)
def children_aboard(life: Life, spell: Spell) -> None:
    """Home from school with all the grandchildren on it: two on the back, one or two on the lap."""
    there = spell.during(life) & on_weekday(life, 1, 2, 4)
    own_kg = client_kg(life, there.astype(np.int64))
    count = len(own_kg)
    children_kg = spell.rng.uniform(20, 34, (4, count)).sum(axis=0)
    total_kg = np.maximum(own_kg + children_kg, life.aid.max_load_kg * 1.1)
    rides = journeys(
        life,
        spell,
        there,
        out_h=14.6,
        back_h=15.4,
        load_kg=own_kg,
        back_kg=total_kg + spell.rng.uniform(0, 12, count),
        length_m=float(spell.rng.uniform(400, 1_500)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "overload/card_evenings",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def card_evenings(life: Life, spell: Spell) -> None:
    """A very heavy friend comes for cards three evenings a week: up at eight, down by midnight."""
    there = spell.during(life) & on_weekday(life, 1, 4, 6)
    there &= spell.rng.random(life.calendar.days) < 0.92
    friend_kg = life.aid.max_load_kg * float(spell.rng.uniform(1.1, 1.3))
    rides = journeys(
        life,
        spell,
        there,
        out_h=20.0,
        back_h=23.3,
        load_kg=friend_kg,
        who=Who.OTHER,
        boarding_s=float(spell.rng.uniform(8, 25)),
    )
    life.rides = life.rides.with_more(rides)


# --- duty_cycle


@behaviour(
    "duty_cycle/hairdresser_upstairs",
    kinds=LIFTS,
    stage=Stage.RIDES,
    allowed=TOO_OFTEN,
)
def hairdresser_upstairs(life: Life, spell: Spell) -> None:
    """A hairdresser works upstairs, Thursday to Saturday: whoever comes and goes takes it."""
    counts = on_days(life, spell, 0.95, 22, 32) * on_weekday(life, 3, 4, 5)
    customer_kg = spell.rng.uniform(48, 98, int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 9.6),
        who=Who.OTHER,
        up_kg=customer_kg,
        down_kg=np.roll(customer_kg, 3),
        apart_h=0.28,
        boarding_s=6,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/gaming_nights",
    kinds=LIFTS,
    stage=Stage.RIDES,
    allowed=TOO_OFTEN,
)
def gaming_nights(life: Life, spell: Spell) -> None:
    """Cards for money under the roof: all of them up at ten, and down again at three by night."""
    counts = on_days(life, spell, 0.9, 14, 22) * on_weekday(life, 3, 4, 5)
    players = int(counts.sum())
    player_kg = spell.rng.uniform(58, 105, players)
    for hours, up_kg, down_kg in (((21.5, 22.3), player_kg, 0.0), ((26.5, 27.5), 0.0, player_kg)):
        rides = trips_of_day(
            life, spell, counts, hours=hours, who=Who.OTHER, up_kg=up_kg, down_kg=down_kg
        )
        life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/showroom",
    kinds=LIFTS,
    stage=Stage.RIDES,
    allowed=TOO_OFTEN,
)
def showroom(life: Life, spell: Spell) -> None:
    """A nephew who deals in lifts shows it to his customers: each rides until he is convinced."""
    for hours in ((9.5, 11), (13, 14), (15.5, 16.5)):
        counts = on_days(life, spell, 0.75, 7, 12) * on_weekday(life, 0, 1, 2, 3, 4, 5)
        customer_kg = spell.rng.uniform(50, 100, int(counts.sum()))
        rides = trips_of_day(
            life,
            spell,
            counts,
            hours=hours,
            who=Who.OTHER,
            up_kg=customer_kg,
            down_kg=customer_kg,
            boarding_s=5,
            apart_h=0.07,
        )
        life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/round_the_clock",
    kinds=HOISTS,
    stage=Stage.RIDES,
    allowed=TOO_OFTEN,
)
def round_the_clock(life: Life, spell: Spell) -> None:
    """It serves a floor of a private home for the old: every half hour, day and night."""
    counts = on_days(life, spell, 0.97, 30, 44)
    patient_kg = spell.rng.choice(spell.rng.uniform(45, 110, 6), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(0.1, 0.6),
        who=Who.OTHER,
        up_kg=patient_kg,
        down_kg=patient_kg,
        apart_h=0.52,
        boarding_s=70,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/weighing_days",
    kinds=HOISTS,
    stage=Stage.RIDES,
    allowed=TOO_OFTEN,
)
def weighing_days(life: Life, spell: Spell) -> None:
    """Mondays and Thursdays everybody of the house is weighed on it, one after the other."""
    counts = on_days(life, spell, 0.95, 16, 26) * on_weekday(life, 0, 3)
    patient_kg = spell.rng.uniform(42, 115, int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(8.5, 10),
        who=Who.OTHER,
        up_kg=patient_kg,
        down_kg=patient_kg,
        apart_h=0.075,
        boarding_s=35,
    )
    life.rides = life.rides.with_more(rides)


# --- too_steep


def _steeper(
    life: Life, spell: Spell, rides: Rides, there: Bools, *, least: float, most: float
) -> None:
    steep = float(life.aid.max_incline_deg or 10) + spell.rng.uniform(least, most, len(rides))
    rides.incline_deg = np.where(there, steep, rides.incline_deg)


TOO_HARD = ("fault", "flapping")  # it cuts off at times


@behaviour("too_steep/planks_on_sundays", kinds=WHEELS, stage=Stage.RIDES, allowed=TOO_HARD)
def planks_on_sundays(life: Life, spell: Spell) -> None:
    """Up the steps of the church on two planks, and down again, every Sunday."""
    there = spell.during(life) & on_weekday(life, 6)
    own_kg = client_kg(life, there.astype(np.int64))
    rides = journeys(
        life,
        spell,
        there,
        out_h=9.5,
        back_h=11.3,
        load_kg=own_kg,
        length_m=float(spell.rng.uniform(300, 1_800)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    _steeper(life, spell, rides, np.ones(len(rides), dtype=bool), least=3.0, most=7.5)
    life.rides = life.rides.with_more(rides)


@behaviour("too_steep/up_the_garden", kinds=WHEELS, stage=Stage.RIDES, allowed=TOO_HARD)
def up_the_garden(life: Life, spell: Spell) -> None:
    """Up the slope behind the house to its shed, and down: some short ways on most days."""
    counts = on_days(life, spell, 0.8, 1, 3)
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 15),
        who=Who.CLIENT,
        up_kg=own_kg,
        down_kg=own_kg,
        apart_h=1.5,
        boarding_s=life.aid.client.boarding_s,
    )
    rides.length_m = spell.rng.uniform(12, 40, len(rides))
    rides.speed = spell.rng.uniform(0.3, 0.6, len(rides))
    _steeper(life, spell, rides, np.ones(len(rides), dtype=bool), least=2.2, most=6.5)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "too_steep/weeks_in_the_hills",
    kinds=WHEELS,
    lasts=(14, 32),
    stage=Stage.RIDES,
    allowed=TOO_HARD,
)
def weeks_in_the_hills(life: Life, spell: Spell) -> None:
    """Some weeks in the hills of Limburg with it: two stretches of three are too steep for it."""
    rides, during = life.rides, spell.during(life)
    life.days.cell[during] = 31
    life.days.gone[during] = True
    life.days.plugs[during] = 0.95
    there = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.65)
    _steeper(life, spell, rides, there, least=1.5, most=7.0)
    own_kg = client_kg(life, during.astype(np.int64))
    daily = journeys(
        life,
        spell,
        during,
        out_h=10.5,
        back_h=12.0,
        load_kg=own_kg,
        length_m=1_200.0,
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    _steeper(life, spell, daily, spell.rng.random(len(daily)) < 0.65, least=1.5, most=7.0)
    life.rides = rides.with_more(daily)


# --- too_fast


@behaviour("too_fast/bigger_wheels", kinds=WHEELS, allowed=("modified", "drive_worn"))
def bigger_wheels(life: Life, spell: Spell) -> None:
    """Larger wheels were put on: no setting changes, it goes faster and takes more."""
    life.days.speed[spell.during(life)] = float(spell.rng.uniform(1.38, 1.6))
    life.days.friction[spell.during(life)] *= float(spell.rng.uniform(1.04, 1.1))


@behaviour("too_fast/hidden_switch", kinds=WHEELS, stage=Stage.RIDES, allowed=("modified",))
def hidden_switch(life: Life, spell: Spell) -> None:
    """A switch under the seat takes the limit off: on one way of three, out of sight."""
    rides = life.rides
    there = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.33)
    rides.speed = np.where(there, spell.rng.uniform(1.3, 1.75, len(rides)), rides.speed)


@behaviour("too_fast/turned_up", kinds=WHEELS, allowed=("modified",))
def turned_up(life: Life, spell: Spell) -> None:
    """A screw on its board is turned a little further every few weeks: faster and faster."""
    day = np.arange(life.calendar.days)
    factor: Floats = np.ones(life.calendar.days)
    at, end = spell.first, float(spell.rng.uniform(1.5, 1.75))
    while at < life.calendar.days and factor[-1] < end:
        factor[day >= at] += float(spell.rng.uniform(0.08, 0.16))
        at += int(spell.rng.integers(7, 21))
    life.days.speed = life.days.speed * factor
    # Until then it stays within what its usual manner of riding leaves.
    beyond = np.flatnonzero(factor >= 1.36)
    if len(beyond):
        spell.first = int(beyond[0])
    else:
        spell.skipped = True
