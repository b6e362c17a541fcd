"""Things that ride, or are drawn behind: by the weather, by the week, ever more of them."""

import numpy as np

from simulator.years.behaviours.cases.cargo import one_way
from simulator.years.behaviours.cases.freight import ON_RAILS_TOO, ON_WHEELS_TOO
from simulator.years.behaviours.cases.journeys import client_kg
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.ways import coldest_of, goes, some_days, warmest_of
from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import on_days, trips_of_day, weighs_roughly
from simulator.years.life import Life, Who


@behaviour(
    "goods_transport/parcels_by_the_dozen",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=ON_RAILS_TOO,
)
def parcels_by_the_dozen(life: Life, spell: Spell) -> None:
    """A daughter sells toys by post from the attic: a load a day at first, months later eight."""
    grown = spell.grown(life, over=float(spell.rng.uniform(60, 110)))
    mean = np.where(some_days(life, spell, 0.9), 1 + 7 * grown, 0.0) * ~life.calendar.weekend
    counts = spell.rng.poisson(mean).astype(np.int64)
    parcels_kg = spell.rng.uniform(20, 34, int(counts.sum()))
    one_way(life, spell, counts, parcels_kg, hours=(14, 15.5), up=False, who=Who.THINGS)


@behaviour(
    "goods_transport/coal_when_it_freezes",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=ON_RAILS_TOO,
)
def coal_when_it_freezes(life: Life, spell: Spell) -> None:
    """Coal for the attic's stove rides up on cold days only, two hods or four of them, early."""
    cold = coldest_of(life, spell, float(spell.rng.uniform(0.4, 0.55)))
    counts = on_days(life, spell, 0.95, 2, 4) * cold
    hod_kg = spell.rng.uniform(21, 33, int(counts.sum()))
    one_way(life, spell, counts, hod_kg, hours=(6.3, 7.6), up=True, who=Who.THINGS)


@behaviour(
    "goods_transport/tools_of_the_trade",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=ON_RAILS_TOO,
)
def tools_of_the_trade(life: Life, spell: Spell) -> None:
    """A son-in-law keeps his tools upstairs: down at seven, and up at five, two chests each day."""
    works = some_days(life, spell, 0.95) & ~life.calendar.weekend
    counts = np.where(works, 2, 0).astype(np.int64)
    chest_kg = np.resize(spell.rng.uniform(22, 40, 2), int(counts.sum()))
    for hours, up in (((6.6, 7.1), False), ((16.6, 17.4), True)):
        one_way(life, spell, counts, chest_kg, hours=hours, up=up, who=Who.THINGS)


@behaviour(
    "goods_transport/cheese_to_ripen",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=ON_RAILS_TOO,
)
def cheese_to_ripen(life: Life, spell: Spell) -> None:
    """Cheeses ripen in the loft: fresh ones up on Mondays, and on Saturdays ripe ones down."""
    for weekday, up, hours in ((0, True, (6, 8)), (5, False, (5.5, 6.5))):
        counts = on_days(life, spell, 0.95, 3, 7) * on_weekday(life, weekday)
        cheese_kg = spell.rng.uniform(24, 55, int(counts.sum()))
        one_way(life, spell, counts, cheese_kg, hours=hours, up=up, who=Who.THINGS)


@behaviour(
    "goods_transport/gas_bottles_round_the_site",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*ON_WHEELS_TOO, "overload"),
)
def gas_bottles_round_the_site(life: Life, spell: Spell) -> None:
    """Gas bottles for the chalets, two at a time on a cart, door by door, two days a week."""
    counts = on_days(life, spell, 0.95, 4, 9) * on_weekday(life, 4, 6)
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 11),
        who=Who.CLIENT,
        up_kg=own_kg + spell.rng.uniform(55, 100, len(own_kg)),
        down_kg=own_kg + 20.0,
        apart_h=0.25,
        boarding_s=35,
        presses=1.0,
    )
    rides.length_m = spell.rng.uniform(120, 280, len(rides))
    rides.speed = np.full(len(rides), 0.7)
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/grain_to_the_mill",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=ON_WHEELS_TOO,
)
def grain_to_the_mill(life: Life, spell: Spell) -> None:
    """Once a week he draws a cart of grain to the mill, and flour home: as heavy as four men."""
    there = on_weekday(life, int(spell.rng.integers(5))) & some_days(life, spell, 0.95)
    own_kg = client_kg(life, there.astype(np.int64))
    goes(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(8.5, 10)),
        back_h=float(spell.rng.uniform(11.5, 13)),
        load_kg=own_kg + spell.rng.uniform(170, 280, len(own_kg)),
        back_kg=own_kg + spell.rng.uniform(120, 220, len(own_kg)),
        length_m=float(spell.rng.uniform(900, 2_600)),
        who=Who.CLIENT,
        boarding_s=2 * life.aid.client.boarding_s,
    )


@behaviour(
    "goods_transport/water_for_the_heifers",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*ON_WHEELS_TOO, "overload"),
)
def water_for_the_heifers(life: Life, spell: Spell) -> None:
    """On warm days he takes water to the heifers, early and late: out full, home empty."""
    warm = warmest_of(life, spell, float(spell.rng.uniform(0.45, 0.6)))
    own_kg = client_kg(life, warm.astype(np.int64))
    length_m = float(spell.rng.uniform(250, 900))
    for hour in (float(spell.rng.uniform(6, 7.5)), float(spell.rng.uniform(18, 20))):
        goes(
            life,
            spell,
            warm,
            out_h=hour,
            back_h=hour + 0.7,
            load_kg=own_kg + spell.rng.uniform(80, 140, len(own_kg)),
            back_kg=own_kg + 15.0,
            length_m=length_m,
            who=Who.CLIENT,
            boarding_s=life.aid.client.boarding_s,
        )
