"""Used for what it is not meant for: loads of other kinds, and other games."""

import numpy as np

from simulator.years.behaviours.cases.journeys import client_kg, journeys
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import (
    GOODS_TOO,
    PLAY_TOO,
    on_days,
    sees_seat,
    trips_of_day,
    weighs_roughly,
)
from simulator.years.life import Life, Who


@behaviour(
    "goods_transport/aquarium_water",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "service_due"),
)
def aquarium_water(life: Life, spell: Spell) -> None:
    """Tanks of fish under the roof: cans of water up and down, two evenings a week."""
    counts = on_days(life, spell, 0.95, 5, 9) * on_weekday(life, 1, 5)
    cans = int(counts.sum())
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(18.5, 20),
        who=Who.THINGS,
        up_kg=spell.rng.uniform(24, 46, cans),
        down_kg=spell.rng.uniform(20, 42, cans),
        apart_h=0.2,
        boarding_s=20,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/attic_emptied",
    kinds=LIFTS,
    lasts=(20, 55),
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "service_due"),
)
def attic_emptied(life: Life, spell: Spell) -> None:
    """Forty years of an attic go down to a stall at the door: laden down, empty up, for weeks."""
    counts = on_days(life, spell, 0.65, 5, 13)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 14),
        who=Who.THINGS,
        up_kg=0.0,
        down_kg=spell.rng.uniform(22, 85, int(counts.sum())),
        apart_h=0.18,
        boarding_s=40,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/a_meal_for_the_attic",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "service_due"),
)
def a_meal_for_the_attic(life: Life, spell: Spell) -> None:
    """A catering kitchen upstairs: goods up early in the morning, boxes of meals down at noon."""
    counts = on_days(life, spell, 0.9, 2, 5) * on_weekday(life, 0, 1, 2, 3, 4)
    boxes = int(counts.sum())
    for hours, up, down in (((5.5, 6.8), (24.0, 58.0), None), ((11.0, 12.0), None, (22.0, 48.0))):
        rides = trips_of_day(
            life,
            spell,
            counts,
            hours=hours,
            who=Who.THINGS,
            up_kg=spell.rng.uniform(*up, boxes) if up else 0.0,
            down_kg=spell.rng.uniform(*down, boxes) if down else 0.0,
            boarding_s=14,
        )
        life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/hay_for_the_ponies",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn"),
)
def hay_for_the_ponies(life: Life, spell: Spell) -> None:
    """Bales and buckets to the meadow behind the dike, early every morning, and home without."""
    there = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.93)
    own_kg = client_kg(life, there.astype(np.int64))
    rides = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(6.3, 8.5)),
        back_h=float(spell.rng.uniform(9.2, 10.2)),
        load_kg=own_kg + spell.rng.uniform(45, 95, len(own_kg)),
        back_kg=own_kg,
        length_m=float(spell.rng.uniform(800, 3_000)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/moves_the_neighbours",
    kinds=WHEELS,
    lasts=(14, 45),
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn"),
)
def moves_the_neighbours(life: Life, spell: Spell) -> None:
    """Furniture and boxes round the corner, cart after cart, for weeks: there laden, back empty."""
    counts = on_days(life, spell, 0.6, 3, 7)
    carts = int(counts.sum())
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 13),
        who=Who.CLIENT,
        up_kg=own_kg + spell.rng.uniform(60, 150, carts),
        down_kg=own_kg + 18.0,
        apart_h=0.7,
        boarding_s=25,
        presses=3.0,
    )
    rides.length_m = spell.rng.uniform(150, 900, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/filmed",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "overload", "edges_tripping"),
)
def filmed(life: Life, spell: Spell) -> None:
    """Young people film each other on it, standing, backwards and in twos: some evenings a week."""
    counts = on_days(life, spell, 0.4, 5, 12)
    takes = int(counts.sum())
    one_kg = spell.rng.uniform(46, 80, takes)
    twos = spell.rng.random(takes) < 0.2
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(17, 20.5),
        who=Who.OTHER,
        up_kg=np.where(twos, np.minimum(one_kg * 1.8, life.aid.max_load_kg + 5.0), one_kg),
        down_kg=one_kg,
        whole=0.55,
        boarding_s=3.0,
        presses=3.0,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/lunch_break",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def lunch_break(life: Life, spell: Spell) -> None:
    """The school is round the corner: at noon some of its children take turns, on school days."""
    counts = on_days(life, spell, 0.85, 3, 7) * on_weekday(life, 0, 1, 3, 4)
    child_kg = spell.rng.choice(spell.rng.uniform(21, 44, 5), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(12, 12.4),
        who=Who.OTHER,
        up_kg=child_kg,
        down_kg=child_kg,
        whole=0.85,
        boarding_s=1.5,
        presses=0.8,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/whenever_they_pass",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def whenever_they_pass(life: Life, spell: Spell) -> None:
    """Whoever of the children passes it sends it up and back: one at a time, all day long."""
    rides = trips_of_day(
        life,
        spell,
        on_days(life, spell, 0.9, 4, 9),
        hours=(7.3, 8.6),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        whole=0.65,
        boarding_s=0.4,
        presses=0.5,
        apart_h=1.4,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/on_the_spot",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "not_charged", "drive_worn"),
)
def on_the_spot(life: Life, spell: Spell) -> None:
    """Children spin it round in the yard: short spurts by the dozen, when there is no school."""
    counts = on_days(life, spell, 0.8, 9, 20) * on_weekday(life, 2, 5, 6)
    child_kg = spell.rng.choice(spell.rng.uniform(21, 46, 3), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13, 15.5),
        who=Who.OTHER,
        up_kg=child_kg,
        down_kg=child_kg,
        boarding_s=1.2,
        presses=4.0,
        apart_h=0.1,
    )
    rides.length_m = spell.rng.uniform(4, 22, len(rides))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/train_of_go_carts",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "overload", "not_charged", "drive_worn"),
)
def train_of_go_carts(life: Life, spell: Spell) -> None:
    """A boy at the wheel pulls a train of go-carts round the green: Wednesdays and Sundays."""
    counts = on_days(life, spell, 0.85, 6, 14) * on_weekday(life, 2, 6)
    rounds = int(counts.sum())
    train_kg = float(spell.rng.uniform(32, 50)) + spell.rng.uniform(30, 90, rounds)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13, 14.5),
        who=Who.OTHER,
        up_kg=train_kg,
        down_kg=train_kg,
        boarding_s=4.0,
        presses=2.0,
        apart_h=0.15,
    )
    rides.length_m = spell.rng.uniform(100, 350, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/arm_up_and_down",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def arm_up_and_down(life: Life, spell: Spell) -> None:
    """A grandchild has found the handset: the empty arm goes up and down, on most afternoons."""
    rides = trips_of_day(
        life,
        spell,
        on_days(life, spell, 0.65, 5, 14),
        hours=(14, 17.5),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        whole=0.35,
        boarding_s=0.5,
        presses=2.0,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/merry_go_round",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def merry_go_round(life: Life, spell: Spell) -> None:
    """A cousin after the other is hoisted in the sling, every Sunday and on days without school."""
    counts = on_days(life, spell, 0.9, 4, 10) * on_weekday(life, 2, 6)
    child_kg = spell.rng.choice(spell.rng.uniform(21, 40, 4), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(12.5, 15),
        who=Who.OTHER,
        up_kg=child_kg,
        down_kg=child_kg,
        boarding_s=6.0,
        presses=1.0,
        apart_h=0.12,
    )
    life.rides = life.rides.with_more(rides)
