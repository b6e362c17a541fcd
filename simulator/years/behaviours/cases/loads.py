"""Too heavy, and not people at all: what families and neighbours put on it."""

import numpy as np
from msgspec import structs

from simulator.years.behaviours.cases.journeys import client_kg, hours_of, journeys, some_outings
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import TOO_HEAVY, feels_load
from simulator.years.behaviours.purpose import (
    GOODS_TOO,
    carry,
    on_days,
    trips_of_day,
    weighs_roughly,
)
from simulator.years.life import Life, Who

# --- overload


@behaviour(
    "overload/husband_to_bed",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def husband_to_bed(life: Life, spell: Spell) -> None:
    """Her very heavy husband takes it up to bed and down in the morning; between he walks."""
    his_kg = life.aid.max_load_kg * float(spell.rng.uniform(1.1, 1.28))
    nights = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.93)
    his = journeys(
        life,
        spell,
        nights,
        out_h=float(spell.rng.uniform(22.2, 23.2)),
        back_h=float(spell.rng.uniform(31.0, 33.0)),
        load_kg=his_kg,
        who=Who.OTHER,
        boarding_s=15.0,
    )
    his.day = np.minimum(his.day + ~his.up, life.calendar.days - 1)
    life.rides = life.rides.with_more(his)


@behaviour(
    "overload/wife_in_tow",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def wife_in_tow(life: Life, spell: Spell) -> None:
    """His wife's own wheelchair, with her in it, is hooked on behind: on the way there and back."""
    rides = life.rides
    both = some_outings(life, spell, float(spell.rng.uniform(0.3, 0.6)))
    least_kg = life.aid.max_load_kg * 1.12 - life.aid.client.weight_kg
    hers_kg = max(float(spell.rng.uniform(68, 105)), least_kg) + spell.rng.normal(0, 2, len(rides))
    rides.load_kg = np.where(both, rides.load_kg + hers_kg, rides.load_kg)
    rides.boarding_s = np.where(both, rides.boarding_s * 1.8, rides.boarding_s)


@behaviour("overload/water_in_the_legs", visible=feels_load, allowed=TOO_HEAVY)
def water_in_the_legs(life: Life, spell: Spell) -> None:
    """Lent a type that just bears him; his heart grows weak, and he swells up within weeks."""
    own_kg = life.aid.client.weight_kg
    limit_kg = int(own_kg + spell.rng.uniform(12, 18))
    life.register[0] = structs.replace(life.register[0], max_load_kg=limit_kg)
    over = float(spell.rng.uniform(35, 80))
    gain_kg = limit_kg * float(spell.rng.uniform(1.1, 1.17)) - own_kg
    life.days.weight_kg = life.days.weight_kg + gain_kg * spell.grown(life, over=over)
    spell.first += round(over * (limit_kg - own_kg) / gain_kg)


@behaviour(
    "overload/asleep_on_the_lap",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def asleep_on_the_lap(life: Life, spell: Spell) -> None:
    """A grown daughter who cannot walk falls asleep below: up on a lap, every evening."""
    rides = life.rides
    hour = hours_of(life)
    late = spell.rides(life) & rides.up & (rides.load_kg > 20)
    late &= hour > life.aid.client.sleeps_h - 1.6
    least_kg = life.aid.max_load_kg * 1.1 - life.aid.client.weight_kg
    hers_kg = max(float(spell.rng.uniform(40, 58)), least_kg) + spell.rng.normal(0, 1, len(rides))
    rides.load_kg = np.where(late, rides.load_kg + hers_kg, rides.load_kg)
    rides.boarding_s = np.where(late, rides.boarding_s * 1.7, rides.boarding_s)


@behaviour(
    "overload/engines_on_saturdays",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=(*TOO_HEAVY, "play", "duty_cycle"),
)
def engines_on_saturdays(life: Life, spell: Spell) -> None:
    """A son mends outboard engines and lifts them with it, on most Saturdays and some Sundays."""
    counts = on_days(life, spell, 0.75, 2, 5) * life.calendar.weekend
    engine_kg = life.aid.max_load_kg * spell.rng.uniform(1.05, 1.4, int(counts.sum()))
    lifts = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 16),
        who=Who.THINGS,
        up_kg=engine_kg,
        down_kg=engine_kg,
        boarding_s=90,
        presses=2.0,
        apart_h=0.5,
    )
    life.rides = life.rides.with_more(lifts)


# --- goods_transport


@behaviour(
    "goods_transport/archive_of_the_club",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=GOODS_TOO,
)
def archive_of_the_club(life: Life, spell: Spell) -> None:
    """The archive of a club is kept upstairs: a dozen boxes at a time, every week or two."""
    counts = np.zeros(life.calendar.days, dtype=np.int64)
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        counts[day] = int(spell.rng.integers(8, 16))
        day += int(spell.rng.integers(6, 13))
    carry(life, spell, counts, 22, 48)


@behaviour(
    "goods_transport/prints_shirts",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=GOODS_TOO,
)
def prints_shirts(life: Life, spell: Spell) -> None:
    """Shirts are printed in the spare room: bales up after supper, parcels down before the post."""
    counts = on_days(life, spell, 0.75, 1, 3) * ~life.calendar.weekend
    pairs = int(counts.sum())
    bales_kg, parcels_kg = spell.rng.uniform(22, 46, pairs), spell.rng.uniform(21, 38, pairs)
    for hours, up_kg, down_kg in (((18.5, 20), bales_kg, 0.0), ((8.2, 9.2), 0.0, parcels_kg)):
        things = trips_of_day(
            life, spell, counts, hours=hours, who=Who.THINGS, up_kg=up_kg, down_kg=down_kg
        )
        life.rides = life.rides.with_more(things)


@behaviour(
    "goods_transport/roofers",
    kinds=LIFTS,
    stage=Stage.RIDES,
    lasts=(12, 30),
    visible=weighs_roughly,
    allowed=GOODS_TOO,
)
def roofers(life: Life, spell: Spell) -> None:
    """Roofers spare their backs: tiles, lead and buckets go up by chair, for some weeks."""
    counts = on_days(life, spell, 0.9, 7, 18) * ~life.calendar.weekend
    carry(life, spell, counts, 24, 75)


@behaviour(
    "goods_transport/ice_cream_cart",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn", "not_charged"),
)
def ice_cream_cart(life: Life, spell: Spell) -> None:
    """An ice-cream cart is drawn to the lake and back by it, on every fine day."""
    during, warmest_c = spell.during(life), life.calendar.warmest_c
    fine = during & (warmest_c >= np.quantile(warmest_c[during], 0.5))
    own_kg = client_kg(life, fine.astype(np.int64))
    full_kg = spell.rng.uniform(110, 190, len(own_kg))
    cart = journeys(
        life,
        spell,
        fine,
        out_h=12.3,
        back_h=18.2,
        load_kg=own_kg + full_kg,
        back_kg=own_kg + full_kg * 0.65,
        length_m=float(spell.rng.uniform(900, 2_800)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
        spread_h=0.4,
    )
    cart.stops = spell.rng.poisson(5, len(cart))
    life.rides = life.rides.with_more(cart)


@behaviour(
    "goods_transport/allotment",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn"),
)
def allotment(life: Life, spell: Spell) -> None:
    """A cart to the allotment and home: dung out, cabbages back, three days a week."""
    there = spell.during(life) & on_weekday(life, 1, 3, 5)
    there &= spell.rng.random(life.calendar.days) < 0.9
    own_kg = client_kg(life, there.astype(np.int64))
    laden = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(9, 10.5)),
        back_h=float(spell.rng.uniform(14, 17)),
        load_kg=own_kg + spell.rng.uniform(70, 160, len(own_kg)),
        back_kg=own_kg + spell.rng.uniform(60, 140, len(own_kg)),
        length_m=float(spell.rng.uniform(600, 2_200)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s * 1.5,
        spread_h=0.5,
    )
    laden.stops = spell.rng.poisson(3, len(laden))
    life.rides = life.rides.with_more(laden)
