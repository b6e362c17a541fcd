"""Used for what it is not meant for: things on the chair, and play."""

import numpy as np

from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.held_out.limits import on_weekday
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
    "goods_transport/shop_stock",
    test=True,
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "service_due"),
)
def shop_stock(life: Life, spell: Spell) -> None:
    """A shop downstairs, its stock upstairs: parcels both ways, spread over working days."""
    counts = on_days(life, spell, 0.85, 3, 7) * ~life.calendar.weekend
    parcels = int(counts.sum())
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 10.5),
        who=Who.THINGS,
        up_kg=spell.rng.uniform(14, 48, parcels),
        down_kg=spell.rng.uniform(0, 40, parcels),
        apart_h=0.9,
        boarding_s=20,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/laundry_baskets",
    test=True,
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "service_due"),
)
def laundry_baskets(life: Life, spell: Spell) -> None:
    """Laundry of the whole house goes up and down in baskets on the seat, nearly every day."""
    counts = on_days(life, spell, 0.8, 2, 4)
    baskets = int(counts.sum())
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(8, 15),
        who=Who.THINGS,
        up_kg=spell.rng.uniform(10, 18, baskets),
        down_kg=spell.rng.uniform(10, 19, baskets),
        apart_h=1.2,
        boarding_s=10,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/market_stall",
    test=True,
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn"),
)
def market_stall(life: Life, spell: Spell) -> None:
    """A stall on the market: out heavily laden on two mornings a week, and back with the rest."""
    rides = life.rides
    there = spell.rides(life) & rides.away & on_weekday(life, 2, 5)[rides.day]
    extra_kg = np.where(
        rides.up,
        spell.rng.uniform(80, 150, len(rides)),
        spell.rng.uniform(40, 90, len(rides)),
    )
    rides.load_kg = np.where(there, rides.load_kg + extra_kg, rides.load_kg)
    more = trips_of_day(
        life,
        spell,
        on_days(life, spell, 0.9, 1, 1) * on_weekday(life, 2, 5),
        hours=(6.5, 8),
        who=Who.THINGS,
        up_kg=life.aid.client.weight_kg + 120.0,
        down_kg=life.aid.client.weight_kg + 60.0,
        apart_h=6.0,
        boarding_s=60,
    )
    more.length_m = spell.rng.uniform(600, 2_500, len(more))
    more.away = np.ones(len(more), dtype=bool)
    life.rides = life.rides.with_more(more)


@behaviour(
    "play/toddler_with_remote",
    test=True,
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def toddler_with_remote(life: Life, spell: Spell) -> None:
    """A toddler has the remote: it starts and stops, empty, some times on most days."""
    rides = trips_of_day(
        life,
        spell,
        on_days(life, spell, 0.75, 3, 7),
        hours=(9, 12),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        whole=0.1,
        boarding_s=0.3,
        presses=4.0,
        apart_h=0.8,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/teenagers_at_night",
    test=True,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "overload"),
)
def teenagers_at_night(life: Life, spell: Spell) -> None:
    """On Fridays and Saturdays teenagers ride round after round, late in the evening."""
    counts = on_days(life, spell, 0.8, 7, 15) * on_weekday(life, 4, 5)
    weight_kg = spell.rng.choice(spell.rng.uniform(38, 62, 3), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(20.5, 22),
        who=Who.OTHER,
        up_kg=weight_kg,
        down_kg=weight_kg,
        boarding_s=1.5,
        presses=0.8,
        whole=0.9,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/laps_round_the_block",
    test=True,
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "not_charged", "too_fast"),
)
def laps_round_the_block(life: Life, spell: Spell) -> None:
    """The neighbours' children take it for laps round the block, on three afternoons a week."""
    counts = on_days(life, spell, 0.85, 5, 10) * on_weekday(life, 2, 4, 6)
    weight_kg = spell.rng.choice(spell.rng.uniform(26, 48, 4), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13, 15),
        who=Who.OTHER,
        up_kg=weight_kg,
        down_kg=weight_kg,
        boarding_s=1.5,
        presses=2.0,
    )
    rides.length_m = spell.rng.uniform(150, 450, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)
