"""Households with which all is well: guests, children, other hours, days out of the way."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.cases.bodies import NOBODY_ELSE, lives_as
from simulator.years.behaviours.cases.journeys import hours_of, journeys, room_kg
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import ALL, HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.fine import AWAY
from simulator.years.behaviours.mistaken import everybody_away
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.life import Life, Who


@behaviour(
    "fine/bridge_afternoon",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "overload"),
)
def bridge_afternoon(life: Life, spell: Spell) -> None:
    """Every other Thursday two old friends play bridge upstairs: up at two, down at five."""
    fortnight = (np.arange(life.calendar.days) // 7) % 2 == 0
    there = spell.during(life) & on_weekday(life, 3) & fortnight
    most_kg = max(life.aid.max_load_kg - 12.0, 60.0)
    for later_h in (0.0, 0.12):
        friend = journeys(
            life,
            spell,
            there,
            out_h=14.0 + later_h,
            back_h=17.1 + later_h,
            load_kg=float(spell.rng.uniform(52, min(88, most_kg))),
            who=Who.GUEST,
            boarding_s=float(spell.rng.uniform(12, 30)),
            spread_h=0.02,
        )
        life.rides = life.rides.with_more(friend)


@behaviour("fine/home_at_weekends", forbidden=(*AWAY, "other_person", "not_charged"))
def home_at_weekends(life: Life, spell: Spell) -> None:
    """In a nursing home now, and every weekend at home with the family, as before."""
    during = spell.during(life)
    everybody_away(life, during & ~on_weekday(life, 5, 6))
    life.days.rides[during & on_weekday(life, 5, 6)] *= 1.2


@behaviour(
    "fine/other_nurses_every_week",
    kinds=HOISTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "modified"),
)
def other_nurses_every_week(life: Life, spell: Spell) -> None:
    """Short of hands, the nurses come at other hours each week, and some are twice as quick."""
    span, person = life.calendar.days, life.aid.client
    week = np.arange(span) // 7
    for one in np.unique(week[spell.during(life)]).tolist():
        shift_h = float(spell.rng.normal(0, 0.9))
        other = replace(
            person,
            wakes_h=float(np.clip(person.wakes_h + shift_h, 5.5, 11)),
            sleeps_h=float(np.clip(person.sleeps_h + shift_h, 19, 23.6)),
            boarding_s=person.boarding_s * float(spell.rng.uniform(0.55, 1.6)),
        )
        lives_as(life, spell, other, week == one)


@behaviour(
    "fine/grandchildren_for_a_week",
    kinds=LIFTS,
    lasts=(5, 8),
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "overload", "edges_tripping"),
)
def grandchildren_for_a_week(life: Life, spell: Spell) -> None:
    """Grandchildren for a week of holidays: on two of its days each may ride up once, and down."""
    counts = np.zeros(life.calendar.days, dtype=np.int64)
    for later in (1, 3):
        counts[min(spell.first + later, life.calendar.days - 1)] = int(spell.rng.integers(1, 4))
    child_kg = spell.rng.uniform(21, 45, int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 18),
        who=Who.GUEST,
        up_kg=child_kg,
        down_kg=child_kg,
        boarding_s=5.0,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/flea_market",
    kinds=LIFTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "overload", "duty_cycle"),
)
def flea_market(life: Life, spell: Spell) -> None:
    """A street market: what is to be sold comes down early, and what is left goes up at night."""
    day = spell.during(life).astype(np.int64)
    for hours, pairs, up, down in (((6.3, 7), 5, 0, 1), ((18, 19), 2, 1, 0)):
        kg = spell.rng.uniform(10, 24, int((day * pairs).sum()))
        things = trips_of_day(
            life,
            spell,
            day * pairs,
            hours=hours,
            who=Who.THINGS,
            up_kg=kg * up,
            down_kg=kg * down,
            apart_h=0.15,
        )
        life.rides = life.rides.with_more(things)


@behaviour(
    "fine/costume_boxes",
    kinds=LIFTS,
    lasts=(26, 32),
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "overload", "duty_cycle"),
)
def costume_boxes(life: Life, spell: Spell) -> None:
    """Boxes of the drama club's costumes ride down one evening, and up again four weeks later."""
    span = life.calendar.days
    for day, up, down in ((spell.first, 0.0, 1.0), (min(spell.until - 1, span - 1), 1.0, 0.0)):
        counts = np.zeros(span, dtype=np.int64)
        counts[min(day, span - 1)] = int(spell.rng.integers(2, 5))
        kg = spell.rng.uniform(6, 23, int(counts.sum()))
        boxes = trips_of_day(
            life,
            spell,
            counts,
            hours=(18, 20),
            who=Who.THINGS,
            up_kg=kg * up,
            down_kg=kg * down,
        )
        life.rides = life.rides.with_more(boxes)


@behaviour(
    "fine/new_mattress",
    kinds=LIFTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "overload", "modified"),
)
def new_mattress(life: Life, spell: Spell) -> None:
    """A mattress is delivered and rides up by itself, and the old one rides down."""
    swap = journeys(
        life,
        spell,
        spell.during(life),
        out_h=float(spell.rng.uniform(9, 16)),
        back_h=float(spell.rng.uniform(16.1, 17)),
        load_kg=float(spell.rng.uniform(21, 34)),
        who=Who.THINGS,
        boarding_s=60.0,
    )
    life.rides = life.rides.with_more(swap)


@behaviour(
    "fine/up_with_the_sun",
    stage=Stage.RIDES,
    forbidden=("other_person", "unused", "play", "duty_cycle"),
)
def up_with_the_sun(life: Life, spell: Spell) -> None:
    """An old farmer: up and to bed with the sun, two hours and more apart in winter and summer."""
    spell.first = 0
    rides = life.rides
    hour = hours_of(life)
    later_h = np.where(hour < 12, 1.0, -1.0) * (2.4 * life.calendar.winter[rides.day] - 1.2)
    # About noon nothing moves.
    later_h *= np.clip(np.abs(hour - 12.5) / 4, 0, 1)
    mine = rides.who == int(Who.CLIENT)
    moved_h = np.where(mine, np.clip(later_h, -(hour - 0.2), 23.8 - hour), 0.0)
    rides.at_ms = rides.at_ms + (moved_h * 3_600_000).astype(np.int64)
    life.rides = rides.sorted()


@behaviour(
    "fine/early_and_late_shifts",
    kinds=ALL - HOISTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "unused"),
)
def early_and_late_shifts(life: Life, spell: Spell) -> None:
    """A client who works in shifts: early for a week, and late for a week, by turns."""
    week = np.arange(life.calendar.days) // 7
    person = life.aid.client
    lives_as(life, spell, replace(person, wakes_h=5.2, sleeps_h=20.8), week % 2 == 0)
    lives_as(life, spell, replace(person, wakes_h=10.2, sleeps_h=23.8), week % 2 == 1)


@behaviour(
    "fine/toddler_on_sundays",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "overload", "duty_cycle"),
)
def toddler_on_sundays(life: Life, spell: Spell) -> None:
    """A great-grandchild comes on Sundays, and may sit on the lap for a ride or two."""
    rides = life.rides
    sunday = spell.rides(life) & on_weekday(life, 6)[rides.day] & (rides.load_kg > 30)
    sunday &= spell.rng.random(len(rides)) < 0.45
    child_kg = min(float(spell.rng.uniform(9, 15)), room_kg(life))
    rides.load_kg = np.where(sunday, rides.load_kg + child_kg, rides.load_kg)
    rides.boarding_s = np.where(sunday, rides.boarding_s * 1.4, rides.boarding_s)


@behaviour(
    "fine/sister_to_stay",
    kinds=HOISTS,
    lasts=(4, 9),
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "overload"),
)
def sister_to_stay(life: Life, spell: Spell) -> None:
    """A sister who is lifted at home too stays for some days: once each morning and night."""
    hers_kg = float(spell.rng.uniform(48, 90))
    for hour in (life.aid.client.wakes_h + 1.0, life.aid.client.sleeps_h - 1.2):
        counts = on_days(life, spell, 1.0, 1, 1)
        hers = trips_of_day(
            life,
            spell,
            counts,
            hours=(hour, hour + 0.3),
            who=Who.GUEST,
            up_kg=hers_kg,
            down_kg=hers_kg,
            boarding_s=life.aid.client.boarding_s,
        )
        life.rides = life.rides.with_more(hers)
