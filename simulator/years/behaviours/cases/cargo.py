"""Things that ride, or are drawn behind."""

import numpy as np

from simulator.years.behaviours.cases.journeys import client_kg, journeys
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import (
    GOODS_TOO,
    on_days,
    trips_of_day,
    weighs_roughly,
)
from simulator.years.life import Floats, Ints, Life, Who


def one_way(
    life: Life,
    spell: Spell,
    counts: Ints,
    load_kg: Floats,
    *,
    hours: tuple[float, float],
    up: bool,
    who: Who,
    boarding_s: float = 15.0,
) -> None:
    """Have so many loads a day ride up, or down, and the empty chair come back for the next."""
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=hours,
        who=who,
        up_kg=load_kg if up else 0.0,
        down_kg=0.0 if up else load_kg,
        boarding_s=boarding_s,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/homebrew",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "service_due"),
)
def homebrew(life: Life, spell: Spell) -> None:
    """Beer is brewed upstairs: malt and water up on Fridays, full crates down on Wednesdays."""
    for weekday, hours, up in ((4, (17.0, 18.5), True), (2, (15.0, 18.0), False)):
        counts = on_days(life, spell, 0.9, 4, 9) * on_weekday(life, weekday)
        load_kg = spell.rng.uniform(23, 48, int(counts.sum()))
        one_way(life, spell, counts, load_kg, hours=hours, up=up, who=Who.THINGS)


@behaviour(
    "goods_transport/band_rehearses",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "service_due"),
)
def band_rehearses(life: Life, spell: Spell) -> None:
    """A band plays in the loft: drums and amplifiers up at seven, and down again before eleven."""
    nights = on_weekday(life, *spell.rng.choice(7, 2, replace=False).tolist())
    counts = on_days(life, spell, 0.9, 5, 10) * nights
    case_kg = spell.rng.uniform(22, 52, int(counts.sum()))
    for hours, up in (((18.5, 19.0), True), ((21.8, 22.3), False)):
        one_way(life, spell, counts, case_kg, hours=hours, up=up, who=Who.THINGS, boarding_s=20)


@behaviour(
    "goods_transport/pigeon_loft",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "service_due"),
)
def pigeon_loft(life: Life, spell: Spell) -> None:
    """Pigeons under the roof: sacks of corn and sand up, tubs of dung down, every second day."""
    parity = int(spell.rng.integers(2))
    counts = on_days(life, spell, 0.9, 2, 4) * (np.arange(life.calendar.days) % 2 == parity)
    sacks = int(counts.sum())
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(6.8, 8.2),
        who=Who.THINGS,
        up_kg=spell.rng.uniform(24, 32, sacks),
        down_kg=spell.rng.uniform(21, 38, sacks),
        apart_h=0.16,
        boarding_s=25,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/egg_round",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn", "not_charged"),
)
def egg_round(life: Life, spell: Spell) -> None:
    """Eggs and potatoes from door to door on two days a week: lighter after every one of them."""
    doors = on_weekday(life, *spell.rng.choice(6, 2, replace=False).tolist())
    counts = on_days(life, spell, 0.95, 7, 13) * doors
    total = int(counts.sum())
    place = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    left = 1 - place / np.maximum(np.repeat(counts, counts), 1)
    load_kg = client_kg(life, counts) + float(spell.rng.uniform(55, 110)) * left
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(8.5, 10),
        who=Who.CLIENT,
        up_kg=load_kg,
        down_kg=load_kg - 3.0,
        apart_h=0.22,
        boarding_s=60,
        presses=1.0,
    )
    rides.length_m = spell.rng.uniform(60, 420, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/boat_to_the_water",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn", "too_steep"),
)
def boat_to_the_water(life: Life, spell: Spell) -> None:
    """A son's boat on its trailer to the water in the morning and home at night: every weekend."""
    there = spell.during(life) & life.calendar.weekend
    there &= spell.rng.random(life.calendar.days) < 0.85
    own_kg = client_kg(life, there.astype(np.int64))
    boat = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(8, 10)),
        back_h=float(spell.rng.uniform(17, 19.5)),
        load_kg=own_kg + float(spell.rng.uniform(110, 220)),
        length_m=float(spell.rng.uniform(500, 2_400)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
        spread_h=0.4,
    )
    boat.speed = boat.speed * 0.75
    life.rides = life.rides.with_more(boat)


@behaviour(
    "goods_transport/paves_the_yard",
    kinds=WHEELS,
    lasts=(16, 45),
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn", "not_charged"),
)
def paves_the_yard(life: Life, spell: Spell) -> None:
    """The yard is paved: out with an empty cart, home with stones, some times on most days."""
    counts = on_days(life, spell, 0.65, 2, 5)
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 12),
        who=Who.CLIENT,
        up_kg=own_kg + 20.0,
        down_kg=own_kg + spell.rng.uniform(90, 170, len(own_kg)),
        apart_h=0.9,
        boarding_s=30,
        presses=1.0,
    )
    rides.length_m = np.full(len(rides), float(spell.rng.uniform(350, 1_200)))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)
