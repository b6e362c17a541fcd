"""Things that ride: a trade, a harvest, a round of bins."""

import numpy as np

from simulator.years.behaviours.cases.cargo import one_way
from simulator.years.behaviours.cases.journeys import client_kg, journeys
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import (
    GOODS_TOO,
    carry,
    on_days,
    trips_of_day,
    weighs_roughly,
)
from simulator.years.life import Life, Who

ON_RAILS_TOO = (*GOODS_TOO, "service_due")
ON_WHEELS_TOO = (*GOODS_TOO, "drive_worn", "not_charged")


@behaviour(
    "goods_transport/apples_to_the_loft",
    kinds=LIFTS,
    lasts=(18, 45),
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=ON_RAILS_TOO,
)
def apples_to_the_loft(life: Life, spell: Spell) -> None:
    """A fruit farm keeps its apples under the roof: crates go up on most afternoons, for weeks."""
    counts = on_days(life, spell, 0.85, 3, 9)
    crate_kg = spell.rng.uniform(20, 32, int(counts.sum()))
    one_way(life, spell, counts, crate_kg, hours=(14, 16), up=True, who=Who.THINGS)


@behaviour(
    "goods_transport/sculptor_upstairs",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=ON_RAILS_TOO,
)
def sculptor_upstairs(life: Life, spell: Spell) -> None:
    """A sculptor works upstairs: blocks of stone up and figures down, one or two on some days."""
    counts = on_days(life, spell, 0.35, 1, 2)
    carry(life, spell, counts, 50, min(105, life.aid.max_load_kg * 0.9))


@behaviour(
    "goods_transport/bicycles_mended_upstairs",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=ON_RAILS_TOO,
)
def bicycles_mended_upstairs(life: Life, spell: Spell) -> None:
    """Bicycles are mended in the spare room: up they go, and down, some of them on working days."""
    counts = on_days(life, spell, 0.8, 2, 5) * ~life.calendar.weekend
    bicycle_kg = spell.rng.uniform(17, 30, int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 15),
        who=Who.THINGS,
        up_kg=bicycle_kg,
        down_kg=np.roll(bicycle_kg, 1),
        apart_h=0.3,
        boarding_s=30,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/shop_downstairs",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=ON_RAILS_TOO,
)
def shop_downstairs(life: Life, spell: Spell) -> None:
    """The shop's stock is kept upstairs: crates down before it opens, what is left up at night."""
    open_days = on_weekday(life, 0, 1, 2, 3, 4, 5)
    for hours, up, least, most in (((7.2, 7.8), False, 3, 6), ((18.1, 18.6), True, 1, 3)):
        counts = on_days(life, spell, 0.95, least, most) * open_days
        crate_kg = spell.rng.uniform(20, 34, int(counts.sum()))
        one_way(life, spell, counts, crate_kg, hours=hours, up=up, who=Who.THINGS)


@behaviour(
    "goods_transport/bins_of_the_flats",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=ON_WHEELS_TOO,
)
def bins_of_the_flats(life: Life, spell: Spell) -> None:
    """For some pocket money he takes the flats' rubbish to the bins: sack by sack, two evenings."""
    evenings = on_weekday(life, *spell.rng.choice(7, 2, replace=False).tolist())
    counts = on_days(life, spell, 0.95, 8, 16) * evenings
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(18, 19),
        who=Who.CLIENT,
        up_kg=own_kg + spell.rng.uniform(20, 42, len(own_kg)),
        down_kg=own_kg,
        apart_h=0.14,
        boarding_s=40,
        presses=1.0,
    )
    rides.length_m = spell.rng.uniform(70, 160, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/fish_from_the_harbour",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=ON_WHEELS_TOO,
)
def fish_from_the_harbour(life: Life, spell: Spell) -> None:
    """Out with an empty cart before six, and home from the auction with fish and ice, four days."""
    there = spell.during(life) & on_weekday(life, 1, 2, 3, 4)
    there &= spell.rng.random(life.calendar.days) < 0.9
    own_kg = client_kg(life, there.astype(np.int64))
    rides = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(5, 5.8)),
        back_h=float(spell.rng.uniform(6.8, 7.6)),
        load_kg=own_kg + 18.0,
        back_kg=own_kg + spell.rng.uniform(80, 150, len(own_kg)),
        length_m=float(spell.rng.uniform(700, 2_600)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/caravans_on_the_site",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*ON_WHEELS_TOO, "fault"),
)
def caravans_on_the_site(life: Life, spell: Spell) -> None:
    """He shunts caravans on the camping site: some very heavy pulls on Fridays and on Sundays."""
    counts = on_days(life, spell, 0.9, 2, 5) * on_weekday(life, 4, 6)
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(15, 17),
        who=Who.CLIENT,
        up_kg=own_kg + spell.rng.uniform(180, 320, len(own_kg)),
        down_kg=own_kg,
        apart_h=0.4,
        boarding_s=60,
        presses=3.0,
    )
    rides.length_m = spell.rng.uniform(50, 180, len(rides))
    rides.speed = spell.rng.uniform(0.45, 0.7, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)
