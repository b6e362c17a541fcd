"""Played with, and ridden far more than it is made for."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.riders import tended
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import TOO_OFTEN
from simulator.years.behaviours.people import add_rides, somebody
from simulator.years.behaviours.purpose import PLAY_TOO, on_days, sees_seat, trips_of_day
from simulator.years.life import Life, Who

# --- play


@behaviour(
    "play/dog_chases_it",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def dog_chases_it(life: Life, spell: Spell) -> None:
    """A grown son sends the empty chair up and down for the dog to chase, on most evenings."""
    chased = trips_of_day(
        life,
        spell,
        on_days(life, spell, 0.7, 4, 9),
        hours=(19, 21.5),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        whole=0.8,
        boarding_s=0.5,
        presses=0.3,
        apart_h=0.12,
    )
    life.rides = life.rides.with_more(chased)


@behaviour(
    "play/on_rainy_days",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "edges_tripping"),
)
def on_rainy_days(life: Life, spell: Spell) -> None:
    """Three children take turns on it whenever it rains: for days on end, then not at all."""
    span = life.calendar.days
    rains = np.repeat(spell.rng.random(span // 2 + 1) < 0.45, 2)[:span]
    counts = on_days(life, spell, 0.9, 5, 12) * rains
    child_kg = spell.rng.choice(spell.rng.uniform(21, 42, 3), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13, 17),
        who=Who.OTHER,
        up_kg=child_kg,
        down_kg=np.roll(child_kg, 1),
        whole=0.75,
        boarding_s=2.5,
        presses=1.5,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/after_church",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def after_church(life: Life, spell: Spell) -> None:
    """While the grown-ups drink coffee after church the cousins queue for rides, every Sunday."""
    counts = on_days(life, spell, 0.95, 7, 14) * on_weekday(life, 6)
    child_kg = spell.rng.choice(spell.rng.uniform(21, 48, 6), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(11.3, 12),
        who=Who.OTHER,
        up_kg=child_kg,
        down_kg=child_kg,
        boarding_s=2.0,
        presses=0.6,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/polo_in_the_lane",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "not_charged", "drive_worn"),
)
def polo_in_the_lane(life: Life, spell: Spell) -> None:
    """Boys play polo from it with brooms, after supper: to and fro in the lane, by jerks."""
    counts = on_days(life, spell, 0.55, 8, 16) * ~life.calendar.weekend
    boy_kg = spell.rng.choice(spell.rng.uniform(30, 58, 4), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(18.2, 19.3),
        who=Who.OTHER,
        up_kg=boy_kg,
        down_kg=boy_kg,
        boarding_s=1.5,
        presses=6.0,
        apart_h=0.1,
    )
    rides.length_m = spell.rng.uniform(15, 70, len(rides))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/astronauts",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def astronauts(life: Life, spell: Spell) -> None:
    """Two boys hang in its sling by turns, as astronauts: in one holiday, and in the next."""
    free = (np.arange(life.calendar.days) - spell.first) % 38 < 15
    counts = on_days(life, spell, 0.8, 4, 10) * free
    boy_kg = spell.rng.choice(spell.rng.uniform(22, 40, 2), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 16),
        who=Who.OTHER,
        up_kg=boy_kg,
        down_kg=boy_kg,
        boarding_s=25.0,
        presses=2.5,
        apart_h=0.2,
        whole=0.8,
    )
    life.rides = life.rides.with_more(rides)


# --- duty_cycle


@behaviour("duty_cycle/one_for_four", kinds=HOISTS, allowed=TOO_OFTEN, stage=Stage.RIDES)
def one_for_four(life: Life, spell: Spell) -> None:
    """The other hoists of the home are broken or gone: this one lifts four people all day long."""
    for _ in range(4):
        resident = tended(life, spell, float(spell.rng.uniform(48, 105)))
        resident = replace(resident, rounds=float(spell.rng.uniform(4.0, 6.0)))
        add_rides(life, spell, resident, Who.OTHER, 1.0)


@behaviour("duty_cycle/exhibition", kinds=LIFTS, allowed=TOO_OFTEN, stage=Stage.RIDES)
def exhibition(life: Life, spell: Spell) -> None:
    """Paintings are shown upstairs, on every weekend: whoever comes may ride, all afternoon."""
    counts = on_days(life, spell, 0.95, 16, 30) * life.calendar.weekend
    visitor_kg = spell.rng.uniform(48, min(100, life.aid.max_load_kg - 5), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(11, 12.5),
        who=Who.GUEST,
        up_kg=visitor_kg,
        down_kg=np.roll(visitor_kg, 3),
        boarding_s=10,
        apart_h=0.16,
    )
    life.rides = life.rides.with_more(rides)


@behaviour("duty_cycle/family_of_eight", kinds=LIFTS, allowed=TOO_OFTEN, stage=Stage.RIDES)
def family_of_eight(life: Life, spell: Spell) -> None:
    """A family lives in with them, and nobody climbs a stair any more, from early until late."""
    for _ in range(int(spell.rng.integers(5, 8))):
        one = somebody(
            life,
            spell,
            weight_kg=float(spell.rng.uniform(24, min(95, life.aid.max_load_kg - 10))),
            rounds=float(spell.rng.uniform(1.6, 3.0)),
        )
        add_rides(life, spell, one, Who.OTHER, 1.0)


@behaviour("duty_cycle/wanders", kinds=LIFTS, allowed=TOO_OFTEN, stage=Stage.RIDES)
def wanders(life: Life, spell: Spell) -> None:
    """Restless and astray in his own house, the client rides up and down for hours on end."""
    for chance, hours in ((0.9, (8.0, 14.0)), (0.75, (20.0, 22.0))):
        counts = on_days(life, spell, chance, 6, 13)
        own_kg = life.aid.client.weight_kg + spell.rng.normal(0, 1, int(counts.sum()))
        rides = trips_of_day(
            life,
            spell,
            counts,
            hours=hours,
            who=Who.CLIENT,
            up_kg=own_kg,
            down_kg=own_kg,
            boarding_s=life.aid.client.boarding_s,
            presses=1.0,
            apart_h=0.2,
        )
        life.rides = life.rides.with_more(rides)
