"""Houses where something happens once, or now and then, and that is all."""

import numpy as np

from simulator.years.behaviours.cases.gatherings import NO_USE
from simulator.years.behaviours.cases.journeys import client_kg, room_kg, some_outings
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.ways import bursts, by_turns, clients, goes
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.people import weight_apart
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.life import Life, Who


@behaviour(
    "fine/two_birthdays",
    kinds=LIFTS,
    lasts=(50, 120),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def two_birthdays(life: Life, spell: Spell) -> None:
    """His birthday and, some months later, hers: each time a dozen children may ride up once."""
    counts = np.zeros(life.calendar.days, dtype=np.int64)
    for day in (spell.first, min(spell.until - 1, life.calendar.days - 1)):
        counts[day] = int(spell.rng.integers(6, 13))
    child_kg = spell.rng.uniform(22, 48, int(counts.sum()))
    bursts(
        life,
        spell,
        counts,
        hours=(14, 16),
        who=Who.GUEST,
        up_kg=child_kg,
        down_kg=0.0,
        boarding_s=4.0,
        presses=0.4,
    )


@behaviour("fine/street_party", kinds=WHEELS, lasts=(1, 1), stage=Stage.RIDES, forbidden=NO_USE)
def street_party(life: Life, spell: Spell) -> None:
    """A party in the street: for a coin for the organ whoever likes may ride to the corner once."""
    counts = on_days(life, spell, 1.0, 8, 18)
    neighbour_kg = spell.rng.uniform(30, min(100, life.aid.max_load_kg - 4), int(counts.sum()))
    bursts(
        life,
        spell,
        counts,
        hours=(14, 16),
        who=Who.GUEST,
        up_kg=neighbour_kg,
        down_kg=neighbour_kg,
        boarding_s=6.0,
        presses=0.8,
    )


@behaviour("fine/window_cleaner_each_month", kinds=LIFTS, stage=Stage.RIDES, forbidden=NO_USE)
def window_cleaner_each_month(life: Life, spell: Spell) -> None:
    """Every four weeks the window cleaner, no longer young, rides up with his bucket, and down."""
    there = spell.during(life) & ((np.arange(life.calendar.days) - spell.first) % 28 == 3)
    goes(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(9, 14)),
        back_h=float(spell.rng.uniform(14.3, 15)),
        load_kg=float(spell.rng.uniform(72, min(100, life.aid.max_load_kg - 5))),
        who=Who.GUEST,
        boarding_s=9.0,
    )


@behaviour(
    "fine/bookcase_by_parts",
    kinds=LIFTS,
    lasts=(1, 2),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def bookcase_by_parts(life: Life, spell: Spell) -> None:
    """A bookcase is brought, and its boards and books ride up, load by load, on one day or two."""
    counts = on_days(life, spell, 1.0, 4, 8)
    bursts(
        life,
        spell,
        counts,
        hours=(10, 13),
        who=Who.THINGS,
        up_kg=spell.rng.uniform(12, 36, int(counts.sum())),
        down_kg=0.0,
        apart_h=0.2,
        boarding_s=40,
    )


@behaviour(
    "fine/one_night_for_the_neighbour",
    kinds=HOISTS,
    lasts=(1, 2),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def one_night_for_the_neighbour(life: Life, spell: Spell) -> None:
    """The neighbour's hoist stands still: for a night he is put to bed with this one."""
    counts = on_days(life, spell, 1.0, 1, 2)
    his_kg = weight_apart(life, spell, 8, 30)
    bursts(
        life,
        spell,
        counts,
        hours=(19.5, 21),
        who=Who.GUEST,
        up_kg=his_kg,
        down_kg=his_kg,
        apart_h=0.6,
        boarding_s=life.aid.client.boarding_s,
    )


@behaviour(
    "fine/a_friend_wants_one_too",
    kinds=LIFTS | WHEELS,
    lasts=(6, 9),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def a_friend_wants_one_too(life: Life, spell: Spell) -> None:
    """A friend thinks of asking for one, and tries this in earnest on some days of a week."""
    counts = on_days(life, spell, 0.35, 1, 2)
    counts[spell.first : spell.first + 1] = 2
    friend_kg = weight_apart(life, spell, 8, 30)
    bursts(
        life,
        spell,
        counts,
        hours=(10, 16),
        who=Who.GUEST,
        up_kg=friend_kg,
        down_kg=friend_kg,
        apart_h=0.3,
        boarding_s=25,
        presses=1.2,
    )


@behaviour(
    "fine/flowers_on_kings_day",
    kinds=WHEELS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def flowers_on_kings_day(life: Life, spell: Spell) -> None:
    """Once a year he sells flowers for the church: all day to and fro with a little cart."""
    counts = on_days(life, spell, 1.0, 7, 14)
    own_kg = client_kg(life, counts)
    boxes_kg = own_kg + spell.rng.uniform(10, 35, len(own_kg))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(8, 9.5),
        who=Who.CLIENT,
        up_kg=np.maximum(np.minimum(boxes_kg, life.aid.max_load_kg - 2.0), own_kg),
        down_kg=own_kg,
        apart_h=0.4,
        boarding_s=30,
        presses=1.0,
    )
    rides.length_m = spell.rng.uniform(150, 300, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/scouts_under_canvas",
    kinds=WHEELS,
    forbidden=("lost", "unsheltered", "unused", "not_charged", "other_person", "neglected"),
)
def scouts_under_canvas(life: Life, spell: Spell) -> None:
    """He leads a troop of scouts: three weekends of the year in the woods, under the marquee."""
    fridays = np.flatnonzero(spell.during(life) & on_weekday(life, 4))
    for friday in fridays[[3, 12, 20]] if len(fridays) > 20 else fridays[2:12:6]:
        stay = slice(int(friday), int(friday) + 2)
        life.days.cell[stay] = int(spell.rng.integers(460, 500))
        life.days.gone[stay] = True
        life.days.shelter[stay] = 0.9
        life.days.plugs[stay], life.days.heeds[stay] = 0.0, 0.2
        life.days.rides[stay] *= 1.5
        life.days.plugs[stay.stop : stay.stop + 1] = 1.0


@behaviour(
    "fine/carers_in_masks",
    lasts=(8, 15),
    forbidden=("other_person", "play", "goods_transport", "unused", "neglected", "modified"),
)
def carers_in_masks(life: Life, spell: Spell) -> None:
    """Something catching: for a week or two helped in gown and mask, and seldom out of bed."""
    during = spell.during(life)
    life.days.pace[during] *= float(spell.rng.uniform(1.5, 2.2))
    life.days.rides[during] *= float(spell.rng.uniform(0.35, 0.6))
    life.days.partner[during] = 0.0


@behaviour(
    "fine/driving_lessons",
    kinds=WHEELS,
    lasts=(8, 24),
    stage=Stage.RIDES,
    forbidden=("play", "other_person", "goods_transport", "duty_cycle", "too_fast"),
)
def driving_lessons(life: Life, spell: Spell) -> None:
    """Four lessons with a therapist: round cones, at a walk, with a stop at each of them."""
    counts = np.zeros(life.calendar.days, dtype=np.int64)
    lessons = np.linspace(spell.first, min(spell.until, life.calendar.days) - 1, 4).astype(int)
    counts[lessons] = spell.rng.integers(4, 9, len(lessons))
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 14),
        who=Who.CLIENT,
        up_kg=own_kg,
        down_kg=own_kg,
        apart_h=0.13,
        boarding_s=life.aid.client.boarding_s,
        presses=5.0,
    )
    rides.speed = spell.rng.uniform(0.25, 0.5, len(rides))
    rides.length_m = spell.rng.uniform(20, 50, len(rides))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/wagon_for_a_grandchild",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=(*NO_USE, "drive_worn"),
)
def wagon_for_a_grandchild(life: Life, spell: Spell) -> None:
    """On Sundays a grandchild sits in a little wagon behind it, within what it may draw."""
    rides = life.rides
    behind_kg = min(float(spell.rng.uniform(15, 26)), room_kg(life))
    sunday = on_weekday(life, 6)[rides.day]
    along = some_outings(life, spell, 0.5) & clients(life, spell) & sunday
    rides.load_kg = np.where(along, rides.load_kg + behind_kg, rides.load_kg)
    rides.stops = rides.stops + np.where(along, spell.rng.poisson(1.5, len(rides)), 0)


@behaviour(
    "fine/has_two_of_them",
    kinds=WHEELS,
    forbidden=("unused", "lost", "neglected", "other_person", "not_charged"),
)
def has_two_of_them(life: Life, spell: Spell) -> None:
    """He has another one of his own: a week or so he takes this, and a week or so that."""
    other = by_turns(life, spell, (5, 11), (6, 12))
    life.days.rides[other] = 0.0


@behaviour(
    "fine/leg_in_plaster_to_stay",
    kinds=LIFTS,
    lasts=(10, 20),
    stage=Stage.RIDES,
    forbidden=(*NO_USE, "edges_tripping"),
)
def leg_in_plaster_to_stay(life: Life, spell: Spell) -> None:
    """A great-grandchild in plaster stays for two weeks: up to bed, and down to breakfast."""
    goes(
        life,
        spell,
        spell.during(life),
        out_h=float(spell.rng.uniform(19, 20)),
        back_h=float(spell.rng.uniform(20.3, 20.8)) - 13.0,
        load_kg=float(spell.rng.uniform(26, 40)),
        who=Who.GUEST,
        boarding_s=float(spell.rng.uniform(12, 30)),
    )
