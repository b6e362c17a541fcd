"""Bodies and habits that change, or that always were so, and that is all."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.cases.bodies import NOBODY_ELSE
from simulator.years.behaviours.cases.journeys import client_kg, journeys, room_kg, some_outings
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.life import Life, Who
from simulator.years.people import rides_of_person

MIN_SEATED_KG = 20.0


@behaviour("fine/gout_attacks", forbidden=(*NOBODY_ELSE, "unused", "flapping"))
def gout_attacks(life: Life, spell: Spell) -> None:
    """Every month or so gout for some days: half as many rides, and twice as long to get on."""
    day, worse = spell.first, float(spell.rng.uniform(1.6, 2.4))
    while day < min(spell.until, life.calendar.days):
        last = day + int(spell.rng.integers(4, 9))
        life.days.pace[day:last] *= worse
        life.days.rides[day:last] *= 0.5
        day = last + int(spell.rng.integers(20, 45))


@behaviour(
    "fine/leg_taken_off",
    forbidden=(*NOBODY_ELSE, "unused", "modified", "lost", "overload"),
)
def leg_taken_off(life: Life, spell: Spell) -> None:
    """Three weeks in hospital, and home with one leg: ten kilograms lighter, clumsy at first."""
    home = spell.first + int(spell.rng.integers(14, 26))
    life.days.rides[spell.first : home] = 0.0
    since = np.arange(life.calendar.days) >= home
    lighter_kg = float(spell.rng.uniform(7, 12))
    life.days.weight_kg = life.days.weight_kg - lighter_kg * since
    clumsy = np.exp(-np.maximum(np.arange(life.calendar.days) - home, 0) / 30.0)
    life.days.pace = life.days.pace * np.where(since, 1.2 + 0.9 * clumsy, 1.0)


@behaviour(
    "fine/assistance_dog_at_his_feet",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "overload", "drive_worn"),
)
def assistance_dog_at_his_feet(life: Life, spell: Spell) -> None:
    """A young assistance dog has come, and lies at his feet on the footplate when it is far."""
    rides = life.rides
    dog_kg = min(float(spell.rng.uniform(12, 24)), room_kg(life))
    along = some_outings(life, spell, 0.6) & (rides.who == int(Who.CLIENT))
    rides.load_kg = np.where(along, rides.load_kg + dog_kg, rides.load_kg)


@behaviour(
    "fine/well_again_and_heavier",
    forbidden=(*NOBODY_ELSE, "overload", "drive_worn", "modified"),
)
def well_again_and_heavier(life: Life, spell: Spell) -> None:
    """The last course is over, and she eats again: a kilogram a week for two months."""
    grown = spell.grown(life, over=float(spell.rng.uniform(50, 75)))
    gained_kg = min(float(spell.rng.uniform(6, 10)), room_kg(life))
    life.days.weight_kg = life.days.weight_kg + gained_kg * grown
    life.days.pace = life.days.pace * (1 - 0.35 * grown)
    life.days.rides = life.days.rides * (1 + 0.3 * grown)


@behaviour(
    "fine/feeds_the_baby_at_night",
    kinds=LIFTS,
    lasts=(60, 130),
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "overload"),
)
def feeds_the_baby_at_night(life: Life, spell: Spell) -> None:
    """A baby: down to the kitchen and up with it in the arms, once or twice a night, for months."""
    mother = replace(life.aid.client, wakes_h=0.5, sleeps_h=5.6, rounds=1.4)
    rides = rides_of_person(
        mother,
        Who.PARTNER,  # the rhythm of a second night, not of a day
        aid=life.aid,
        calendar=life.calendar,
        days=life.days,
        often=np.where(spell.during(life), 1.0, 0.0),
        rng=spell.rng,
        extra_kg=life.days.weight_kg + min(5.0, room_kg(life)),
    )
    rides.who = np.full(len(rides), int(Who.CLIENT), dtype=np.int64)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/nurses_her_husband_upstairs",
    kinds=LIFTS,
    lasts=(20, 55),
    forbidden=(*NOBODY_ELSE, "duty_cycle", "drive_worn"),
)
def nurses_her_husband_upstairs(life: Life, spell: Spell) -> None:
    """Her husband is ill in bed upstairs: for some weeks she goes up and down twice as often."""
    life.days.rides[spell.during(life)] *= float(spell.rng.uniform(1.7, 2.3))


@behaviour(
    "fine/cold_hands_in_winter",
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "flapping", "modified"),
)
def cold_hands_in_winter(life: Life, spell: Spell) -> None:
    """White fingers: the colder the day the more often she lets go and has to press again."""
    spell.first = 0
    rides = life.rides
    cold = np.clip((8.0 - life.calendar.coldest_c) / 10.0, 0, 1.5)[rides.day]
    mine = rides.who == int(Who.CLIENT)
    slips = np.where(mine, spell.rng.poisson(1.2 * cold), 0)
    rides.presses = rides.presses + slips
    rides.stops = rides.stops + slips // 2
    rides.boarding_s = rides.boarding_s * np.where(mine, 1 + 0.3 * cold, 1.0)


@behaviour(
    "fine/groceries_up_to_the_limit",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    forbidden=("overload", *NOBODY_ELSE, "drive_worn"),
)
def groceries_up_to_the_limit(life: Life, spell: Spell) -> None:
    """On Fridays a week's groceries ride up, or home, on the lap: all that it bears."""
    rides = life.rides
    homewards = rides.up if life.aid.at_landings else rides.away & ~rides.up
    friday = spell.rides(life) & on_weekday(life, 4)[rides.day]
    laden = friday & homewards & (rides.who == int(Who.CLIENT)) & (rides.load_kg > MIN_SEATED_KG)
    number = np.flatnonzero(laden)
    day = rides.day[number]
    once = np.zeros(len(rides), dtype=bool)
    once[number[np.append([True], day[1:] != day[:-1])[: len(day)]]] = True
    most_kg = life.aid.max_load_kg - spell.rng.uniform(1, 6, len(rides))
    bags_kg = spell.rng.uniform(9, 20, len(rides))
    heavier_kg = np.maximum(np.minimum(rides.load_kg + bags_kg, most_kg), rides.load_kg)
    rides.load_kg = np.where(once, heavier_kg, rides.load_kg)
    rides.boarding_s = np.where(once, rides.boarding_s * 1.4, rides.boarding_s)


@behaviour(
    "fine/upstairs_only_at_weekends",
    kinds=LIFTS,
    forbidden=("unused", "lost", "neglected", "other_person", "battery_worn"),
    allowed=("off_charge_point", "fault", "flapping"),
)
def upstairs_only_at_weekends(life: Life, spell: Spell) -> None:
    """On weekdays he sleeps on the sofa; upstairs from Friday to Sunday, with his wife at home."""
    spell.first = 0
    downstairs = ~on_weekday(life, 4, 5, 6)
    life.days.rides[downstairs], life.days.partner[downstairs] = 0.0, 0.0
    life.days.rides[~downstairs] = np.maximum(life.days.rides[~downstairs], 1.0)


@behaviour(
    "fine/out_only_on_dry_days",
    kinds=WHEELS,
    forbidden=("unused", "neglected", "lost", "other_person"),
    allowed=("fault", "flapping"),
)
def out_only_on_dry_days(life: Life, spell: Spell) -> None:
    """He hates rain: at home on wet days, up to nine in a row, and out twice on dry ones."""
    spell.first = 0
    wet = np.zeros(life.calendar.days, dtype=bool)
    day = int(spell.rng.integers(1, 5))
    while day < life.calendar.days:
        rain = int(spell.rng.integers(2, 10))
        wet[day : day + rain] = True
        day += rain + int(spell.rng.integers(2, 7))
    life.days.rides = np.where(wet, 0.0, np.maximum(life.days.rides * 1.6, 1.0))


@behaviour(
    "fine/spring_cleaning",
    kinds=LIFTS,
    lasts=(2, 3),
    stage=Stage.RIDES,
    forbidden=("duty_cycle", "overload", *NOBODY_ELSE),
)
def spring_cleaning(life: Life, spell: Spell) -> None:
    """Spring cleaning: for two days or three she is up and down all day, a bucket on her lap."""
    counts = on_days(life, spell, 1.0, 6, 10)
    bucket_kg = min(float(spell.rng.uniform(4, 8)), room_kg(life))
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 10),
        who=Who.CLIENT,
        up_kg=own_kg + bucket_kg,
        down_kg=own_kg + spell.rng.choice([0.0, bucket_kg], len(own_kg)),
        apart_h=0.75,
        boarding_s=life.aid.client.boarding_s,
    )
    rides.at_ms = np.where(rides.up, rides.at_ms, rides.at_ms + 20 * 60_000)
    life.rides = life.rides.with_more(rides.sorted())


@behaviour(
    "fine/walks_with_the_camera_club",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "not_charged", "too_fast"),
    allowed=("fault", "flapping"),
)
def walks_with_the_camera_club(life: Life, spell: Spell) -> None:
    """Every other Sunday for miles with the camera club, at a walk, with a stop at every bird."""
    sundays = np.flatnonzero(spell.during(life) & on_weekday(life, 6))[::2]
    there = np.zeros(life.calendar.days, dtype=bool)
    there[sundays] = True
    rides = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(8, 9.5)),
        back_h=float(spell.rng.uniform(13, 14.5)),
        load_kg=client_kg(life, there.astype(np.int64)),
        length_m=float(spell.rng.uniform(2_500, 4_500)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    rides.speed = rides.speed * 0.45
    rides.stops = spell.rng.poisson(20, len(rides))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/supermarket_farther_off",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "not_charged", "battery_worn", "duty_cycle", "lost"),
    allowed=("fault", "flapping"),
)
def supermarket_farther_off(life: Life, spell: Spell) -> None:
    """The shop round the corner has closed: half of all ways are twice as far from then on."""
    rides = life.rides
    farther = some_outings(life, spell, 0.5)
    longer_m = np.minimum(rides.length_m * float(spell.rng.uniform(1.7, 2.4)), 6_000.0)
    rides.length_m = np.where(farther, np.maximum(longer_m, rides.length_m), rides.length_m)
