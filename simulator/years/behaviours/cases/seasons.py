"""Bodies and households that change, and that is all."""

from dataclasses import replace

import numpy as np
from msgspec import structs

from simulator.years.behaviours.cases.bodies import every_day, lives_as
from simulator.years.behaviours.cases.journeys import client_kg, journeys, room_kg
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import (
    ALL,
    HOISTS,
    LIFTS,
    WHEELS,
    Spell,
    Stage,
    behaviour,
)
from simulator.years.behaviours.fine import AWAY
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.life import Life, Who
from simulator.years.people import rides_of_person

NOBODY_ELSE = ("other_person", "play", "goods_transport")


@behaviour(
    "fine/walks_down",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "unused"),
)
def walks_down(life: Life, spell: Spell) -> None:
    """The therapist has the client walk down: only up by chair, and it is called down empty."""
    rides = life.rides
    down = spell.rides(life) & (rides.who == int(Who.CLIENT)) & ~rides.up
    life.rides = rides.take(~down)


@behaviour(
    "fine/walker_rides_ahead",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "overload", "duty_cycle"),
)
def walker_rides_ahead(life: Life, spell: Spell) -> None:
    """The client's walker is sent up ahead of him at night, and the empty chair comes back."""
    there = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.85)
    sent = journeys(
        life,
        spell,
        there,
        out_h=life.aid.client.sleeps_h - 0.4,
        back_h=life.aid.client.sleeps_h - 0.3,
        load_kg=float(spell.rng.uniform(7, 12)),
        back_kg=0.0,
        who=Who.THINGS,
        boarding_s=6.0,
        spread_h=0.03,
    )
    sent.load_kg = np.maximum(sent.load_kg, 0.0)
    life.rides = life.rides.with_more(sent)


@behaviour(
    "fine/heavy_visitor_once",
    kinds=LIFTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=("overload", *NOBODY_ELSE),
)
def heavy_visitor_once(life: Life, spell: Spell) -> None:
    """A brother-in-law as heavy as it bears, or a little more, comes once: up, and down again."""
    visit = journeys(
        life,
        spell,
        spell.during(life),
        out_h=float(spell.rng.uniform(13, 16)),
        back_h=float(spell.rng.uniform(17, 22)),
        load_kg=life.aid.max_load_kg * float(spell.rng.uniform(0.97, 1.12)),
        who=Who.GUEST,
        boarding_s=14.0,
    )
    life.rides = life.rides.with_more(visit)


@behaviour(
    "fine/moving_in",
    kinds=LIFTS,
    lasts=(1, 2),
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "overload", "duty_cycle"),
)
def moving_in(life: Life, spell: Spell) -> None:
    """A daughter comes to live with them: some boxes of hers ride up, that day or two."""
    counts = on_days(life, spell, 1.0, 3, 7)
    boxes = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 14),
        who=Who.THINGS,
        up_kg=spell.rng.uniform(8, 28, int(counts.sum())),
        down_kg=0.0,
        apart_h=0.2,
    )
    life.rides = life.rides.with_more(boxes)


@behaviour(
    "fine/weeks_of_chemotherapy",
    lasts=(60, 130),
    forbidden=("other_person", "unused", "play", "neglected"),
)
def weeks_of_chemotherapy(life: Life, spell: Spell) -> None:
    """Every three weeks some days in bed, weak after them, and nearly well before the next."""
    since = np.arange(life.calendar.days) - spell.first
    during = spell.during(life)
    in_bed = during & (since % 21 < int(spell.rng.integers(3, 7)))
    weak = during & ~in_bed & (since % 21 < 12)
    life.days.rides[in_bed] *= 0.1
    life.days.rides[weak] *= 0.6
    life.days.pace[in_bed | weak] *= float(spell.rng.uniform(1.4, 2.2))


@behaviour("fine/parkinsons", forbidden=("other_person", "play", "flapping", "modified"))
def parkinsons(life: Life, spell: Spell) -> None:
    """Slower from month to month, with more pauses and presses, better days and worse ones."""
    grown = spell.grown(life, over=float(spell.rng.uniform(120, 240)))
    days = np.exp(spell.rng.normal(0, 0.18, life.calendar.days))
    slower = float(spell.rng.uniform(0.9, 1.8))
    life.days.pace *= 1 + slower * grown * np.where(grown > 0, days, 1.0)


@behaviour(
    "fine/expecting",
    kinds=LIFTS | WHEELS,
    forbidden=("other_person", "overload", "goods_transport", "drive_worn"),
)
def expecting(life: Life, spell: Spell) -> None:
    """A young client is expecting: heavier over seven months, and lighter at once."""
    gain_kg = min(float(spell.rng.uniform(10, 16)), room_kg(life))
    over = int(spell.rng.integers(150, 205))
    born = np.arange(life.calendar.days) >= spell.first + over
    weight_kg = gain_kg * spell.grown(life, over=over)
    life.days.weight_kg = life.days.weight_kg + np.where(born, 0.35 * gain_kg, weight_kg)
    life.days.rides[born & (np.arange(life.calendar.days) < spell.first + over + 4)] = 0.0


@behaviour(
    "fine/leg_in_plaster",
    kinds=LIFTS | WHEELS,
    lasts=(35, 55),
    forbidden=(*NOBODY_ELSE, "overload", "drive_worn"),
)
def leg_in_plaster(life: Life, spell: Spell) -> None:
    """A leg in plaster, and crutches on the lap: heavier and slower for six weeks."""
    during = spell.during(life)
    life.days.weight_kg[during] += min(float(spell.rng.uniform(4, 8)), room_kg(life))
    life.days.pace[during] *= float(spell.rng.uniform(1.4, 2.4))
    life.days.rides[during] *= float(spell.rng.uniform(0.6, 1.0))


@behaviour(
    "fine/month_of_fasting",
    kinds=LIFTS,
    lasts=(29, 30),
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "unused"),
)
def month_of_fasting(life: Life, spell: Spell) -> None:
    """A month of fasting: a meal before dawn, guests until late, and rest by day."""
    by_night = replace(life.aid.client, wakes_h=3.9, sleeps_h=23.9)
    lives_as(life, spell, by_night, every_day(life))


@behaviour(
    "fine/day_centre",
    kinds=LIFTS | HOISTS,
    stage=Stage.RIDES,
    forbidden=("other_person", "unused", "play", "duty_cycle"),
)
def day_centre(life: Life, spell: Spell) -> None:
    """Three days a week to a day centre: down to the taxi, up from it, and tired."""
    there = on_weekday(life, *spell.rng.choice(5, 3, replace=False).tolist())
    person = replace(life.aid.client, wakes_h=7.9, sleeps_h=17.2, rounds=1.0)
    lives_as(life, spell, person, there)


@behaviour(
    "fine/respite_care",
    kinds=ALL,
    forbidden=AWAY,
)
def respite_care(life: Life, spell: Spell) -> None:
    """For the family to rest the client is in a home for one or two weeks of every six."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        away = int(spell.rng.integers(6, 15))
        life.days.rides[day : day + away] = 0.0
        life.days.partner[day : day + away] = 0.0
        day += 42


@behaviour("fine/learns_it", forbidden=("other_person", "play", "modified", "flapping"))
def learns_it(life: Life, spell: Spell) -> None:
    """Just delivered: slow and with many presses in the first weeks, then as a matter of course."""
    spell.first = 0
    day = np.arange(life.calendar.days)
    weeks = float(spell.rng.uniform(12, 30))
    life.days.pace *= 1 + float(spell.rng.uniform(0.8, 1.8)) * np.exp(-day / weeks)
    life.days.rides *= 1 - 0.4 * np.exp(-day / weeks)
    lent = life.calendar.date_of(-1)
    built = min(life.register[0].built_on or lent, lent)
    life.register[0] = structs.replace(life.register[0], lent_on=lent, built_on=built)


@behaviour(
    "fine/new_dog",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "not_charged"),
)
def new_dog(life: Life, spell: Spell) -> None:
    """A dog has come: early and late round the green with it, every day from then on."""
    there = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.95)
    own_kg = client_kg(life, there.astype(np.int64))
    for hour in (float(spell.rng.uniform(6.5, 7.5)), float(spell.rng.uniform(21, 22.5))):
        walk = journeys(
            life,
            spell,
            there,
            out_h=hour,
            back_h=hour + 0.3,
            load_kg=own_kg,
            length_m=float(spell.rng.uniform(200, 600)),
            who=Who.CLIENT,
            boarding_s=life.aid.client.boarding_s,
            spread_h=0.05,
        )
        life.rides = life.rides.with_more(walk)


@behaviour(
    "fine/sore_hand",
    lasts=(15, 60),
    stage=Stage.RIDES,
    forbidden=("other_person", "play", "flapping", "edges_tripping", "fault"),
)
def sore_hand(life: Life, spell: Spell) -> None:
    """A sore thumb: the button is let go and pressed again, some times in every ride."""
    rides = life.rides
    mine = spell.rides(life) & (rides.who == int(Who.CLIENT))
    lets_go = spell.rng.poisson(float(spell.rng.uniform(1.0, 3.0)), len(rides))
    rides.presses = rides.presses + np.where(mine, lets_go, 0)
    rides.stops = rides.stops + np.where(mine, lets_go, 0)


@behaviour(
    "fine/changed_at_night",
    kinds=HOISTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle"),
)
def changed_at_night(life: Life, spell: Spell) -> None:
    """From now on the client is lifted once by night as well, by whoever has the night."""
    night = replace(life.aid.client, wakes_h=1.5, sleeps_h=4.5, rounds=1.0)
    theirs = rides_of_person(
        night,
        Who.CLIENT,
        aid=life.aid,
        calendar=life.calendar,
        days=life.days,
        often=np.where(spell.during(life), 0.9, 0.0),
        rng=spell.rng,
        extra_kg=life.days.weight_kg,
    )
    life.rides = life.rides.with_more(theirs)


@behaviour(
    "fine/funeral",
    kinds=LIFTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "overload"),
)
def funeral(life: Life, spell: Spell) -> None:
    """The partner is laid out upstairs: those who come to see him and cannot walk may ride."""
    counts = on_days(life, spell, 1.0, 4, 9)
    guest_kg = spell.rng.uniform(50, min(95, life.aid.max_load_kg - 5), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13.5, 15),
        who=Who.GUEST,
        up_kg=guest_kg,
        down_kg=np.roll(guest_kg, 1),
        apart_h=0.3,
        boarding_s=20,
    )
    life.rides = life.rides.with_more(rides)
