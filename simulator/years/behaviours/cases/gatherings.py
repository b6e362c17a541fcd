"""Houses where something happens once, or once in a while, and that is all."""

import numpy as np

from simulator.years.behaviours.cases.journeys import client_kg, journeys, room_kg
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import carry, on_days, trips_of_day
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import Life, Who

NO_USE = ("other_person", "goods_transport", "play", "duty_cycle", "overload")


@behaviour(
    "fine/class_visits_once",
    kinds=LIFTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def class_visits_once(life: Life, spell: Spell) -> None:
    """A granddaughter's class learns what it is to be lame: each of them may ride up once."""
    counts = on_days(life, spell, 1.0, 9, 16)
    child_kg = spell.rng.uniform(26, 45, int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 11),
        who=Who.GUEST,
        up_kg=child_kg,
        down_kg=0.0,
        boarding_s=6.0,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/sacks_of_saint_nicholas",
    kinds=LIFTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def sacks_of_saint_nicholas(life: Life, spell: Spell) -> None:
    """One afternoon the sacks of presents ride up by themselves, to be hidden in the attic."""
    carry(life, spell, on_days(life, spell, 1.0, 3, 6), 6, 24)


@behaviour(
    "fine/once_a_month_the_grandchildren",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def once_a_month_the_grandchildren(life: Life, spell: Spell) -> None:
    """Every fifth Sunday or so the grandchildren come, and each may ride up and down once."""
    counts = np.zeros(life.calendar.days, dtype=np.int64)
    sundays = np.flatnonzero(spell.during(life) & on_weekday(life, 6))
    counts[sundays[:: int(spell.rng.integers(4, 7))]] = int(spell.rng.integers(2, 5))
    child_kg = spell.rng.uniform(21, 44, int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(14, 16),
        who=Who.GUEST,
        up_kg=child_kg,
        down_kg=child_kg,
        boarding_s=3.0,
        presses=0.5,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/out_of_the_way_by_day",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def out_of_the_way_by_day(life: Life, spell: Spell) -> None:
    """The hall is narrow: once he is down the empty chair goes up; so it was from the beginning."""
    spell.first = 0
    rides = life.rides
    came_down = ~rides.up & (rides.who == int(Who.CLIENT))
    came_down &= spell.rng.random(len(rides)) < 0.9
    counts = np.bincount(rides.day[came_down], minlength=life.calendar.days)
    sent = trips_of_day(
        life,
        spell,
        np.minimum(counts, 1).astype(np.int64),
        hours=(8, 10),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        boarding_s=1.0,
    )
    life.rides = rides.with_more(sent.take(sent.up))  # called down again when it is needed


@behaviour(
    "fine/hunts_for_a_noise",
    kinds=LIFTS,
    lasts=(8, 8),
    stage=Stage.RIDES,
    forbidden=(*NO_USE, "modified"),
)
def hunts_for_a_noise(life: Life, spell: Spell) -> None:
    """Its mechanic hunts for a noise, up and down with his ear on the rail; a week later again."""
    counts = np.zeros(life.calendar.days, dtype=np.int64)
    for day in (spell.first, spell.first + 7):
        if day < life.calendar.days:
            counts[day] = int(spell.rng.integers(4, 9))
            life.days.openings[day] += 1
            mechanic(life, day, hour=10.0)
    own_kg = float(spell.rng.uniform(68, 94))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(10.6, 10.8),
        who=Who.GUEST,
        up_kg=own_kg,
        down_kg=spell.rng.choice([0.0, own_kg], int(counts.sum())),
        boarding_s=5.0,
        presses=2.0,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/family_tries_it",
    kinds=HOISTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def family_tries_it(life: Life, spell: Spell) -> None:
    """Two grown children want to know how it feels, before their mother goes into it once more."""
    counts = on_days(life, spell, 1.0, 2, 3)
    child_kg = spell.rng.uniform(58, 98, int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13, 17),
        who=Who.GUEST,
        up_kg=child_kg,
        down_kg=child_kg,
        boarding_s=50.0,
        apart_h=0.2,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/husband_off_the_floor",
    kinds=HOISTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def husband_off_the_floor(life: Life, spell: Spell) -> None:
    """Her husband has fallen in the kitchen, and for once the carers lift him with it."""
    counts = spell.during(life).astype(np.int64)
    his_kg = float(spell.rng.uniform(65, min(115, life.aid.max_load_kg - 10)))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(7, 21),
        who=Who.GUEST,
        up_kg=his_kg,
        down_kg=his_kg,
        boarding_s=120.0,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/to_the_tip_once",
    kinds=WHEELS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=(*NO_USE, "drive_worn"),
)
def to_the_tip_once(life: Life, spell: Spell) -> None:
    """The shed is cleared, and three carts or four of it go to the tip: on one Saturday."""
    counts = on_days(life, spell, 1.0, 2, 4)
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9.5, 12),
        who=Who.CLIENT,
        up_kg=own_kg + spell.rng.uniform(20, 50, len(own_kg)),
        down_kg=own_kg,
        apart_h=0.8,
        boarding_s=life.aid.client.boarding_s,
    )
    rides.length_m = np.full(len(rides), float(spell.rng.uniform(500, 1_800)))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/compost_in_spring",
    kinds=WHEELS,
    lasts=(8, 8),
    stage=Stage.RIDES,
    forbidden=(*NO_USE, "drive_worn"),
)
def compost_in_spring(life: Life, spell: Spell) -> None:
    """Compost and plants from the garden centre, between his feet: this week, and the next."""
    day = np.arange(life.calendar.days)
    there = spell.during(life) & ((day == spell.first) | (day == spell.first + 7))
    own_kg = client_kg(life, there.astype(np.int64))
    bags_kg = min(float(spell.rng.uniform(15, 30)), room_kg(life))
    rides = journeys(
        life,
        spell,
        there,
        out_h=10.0,
        back_h=float(spell.rng.uniform(11, 12.5)),
        load_kg=own_kg,
        back_kg=own_kg + bags_kg,
        length_m=float(spell.rng.uniform(800, 2_500)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/gave_a_friend_a_lift",
    kinds=WHEELS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def gave_a_friend_a_lift(life: Life, spell: Spell) -> None:
    """A friend's own has broken down: home together on this one, once, and well over its limit."""
    there = spell.during(life)
    own_kg = client_kg(life, there.astype(np.int64))
    rides = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(12, 14)),
        back_h=float(spell.rng.uniform(15, 17)),
        load_kg=own_kg,
        back_kg=own_kg + float(spell.rng.uniform(55, 85)),
        length_m=float(spell.rng.uniform(500, 1_800)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/shown_once_what_it_can",
    kinds=WHEELS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=("too_fast", "modified", "other_person", "play"),
)
def shown_once_what_it_can(life: Life, spell: Spell) -> None:
    """The shop shows them once, on an empty car park, what it does with its limit taken off."""
    there = spell.during(life)
    shown = journeys(
        life,
        spell,
        there,
        out_h=14.0,
        back_h=14.2,
        load_kg=78.0,
        length_m=float(spell.rng.uniform(80, 250)),
        who=Who.GUEST,
        spread_h=0.02,
    )
    shown.speed = np.where(shown.up, float(spell.rng.uniform(1.3, 1.6)), shown.speed)
    life.rides = life.rides.with_more(shown)
    life.days.restarts[there] += 1
