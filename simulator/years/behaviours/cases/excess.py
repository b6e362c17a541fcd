"""More than it bears, and more often than it is made for."""

import numpy as np
from msgspec import structs

from simulator.years.behaviours.cases.cargo import one_way
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.riders import tended
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import TOO_HEAVY, TOO_OFTEN, feels_load
from simulator.years.behaviours.people import add_rides
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.life import Life, Who

MIN_SEATED_KG = 20.0
LIGHTEST_TYPE_KG = 100  # of what is lent: assumed

# --- overload


def _own_kg(life: Life) -> float:
    return life.aid.client.weight_kg


def lent_a_type_too_light_for(life: Life, load_kg: float) -> bool:
    """Have a type been lent that bears a ninth less than that; whether any type is so light."""
    limit_kg = min(life.aid.max_load_kg, int(load_kg / 1.12))
    if limit_kg < LIGHTEST_TYPE_KG:
        return False
    life.register[0] = structs.replace(life.register[0], max_load_kg=limit_kg)
    return True


@behaviour(
    "overload/great_dane_aboard",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def great_dane_aboard(life: Life, spell: Spell) -> None:
    """Her great dane is too old for stairs, and rides across her knees: two rides of five."""
    rides, dog_kg = life.rides, float(spell.rng.uniform(52, 75))
    if not lent_a_type_too_light_for(life, _own_kg(life) + dog_kg):
        spell.skipped = True
        return
    aboard = spell.rides(life) & (rides.who == int(Who.CLIENT)) & (rides.load_kg > MIN_SEATED_KG)
    aboard &= spell.rng.random(len(rides)) < 0.4
    rides.load_kg = np.where(aboard, rides.load_kg + dog_kg, rides.load_kg)
    rides.boarding_s = np.where(aboard, rides.boarding_s * 1.5, rides.boarding_s)


@behaviour(
    "overload/bariatric_respite",
    kinds=HOISTS,
    lasts=(12, 32),
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=(*TOO_HEAVY, "duty_cycle"),
)
def bariatric_respite(life: Life, spell: Spell) -> None:
    """A brother far too heavy for it stays for some weeks, and is lifted with it as well."""
    brother = tended(life, spell, life.aid.max_load_kg * float(spell.rng.uniform(1.1, 1.28)))
    add_rides(life, spell, brother, Who.GUEST, 1.0)


@behaviour(
    "overload/heavier_from_the_clinic",
    visible=feels_load,
    allowed=(*TOO_HEAVY, "unused"),
)
def heavier_from_the_clinic(life: Life, spell: Spell) -> None:
    """It just bore him; weeks of cortisone in a clinic, and he comes home far too heavy for it."""
    home = spell.first + int(spell.rng.integers(20, 38))
    life.days.rides[spell.first : home] = 0.0
    spell.first = home
    limit_kg = min(int(_own_kg(life) + spell.rng.uniform(15, 20)), life.aid.max_load_kg)
    life.register[0] = structs.replace(life.register[0], max_load_kg=limit_kg)
    heavier_kg = limit_kg * float(spell.rng.uniform(1.09, 1.2)) - _own_kg(life)
    life.days.weight_kg[spell.during(life)] += heavier_kg


@behaviour(
    "overload/lives_out_of_its_baskets",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def lives_out_of_its_baskets(life: Life, spell: Spell) -> None:
    """All that he owns hangs on it in bags, wherever he goes: so it was on the first day."""
    spell.first = 0
    rides, bags_kg = life.rides, float(spell.rng.uniform(35, 55))
    if not lent_a_type_too_light_for(life, _own_kg(life) + bags_kg):
        spell.skipped = True
        return
    packed = rides.away & (rides.who == int(Who.CLIENT))
    load_kg = rides.load_kg + bags_kg + spell.rng.normal(0, 3, len(rides))
    rides.load_kg = np.where(packed, load_kg, rides.load_kg)


@behaviour(
    "overload/both_home_from_the_pub",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def both_home_from_the_pub(life: Life, spell: Spell) -> None:
    """Two grown sons come home from the pub on Fridays and Saturdays: up on it together."""
    counts = on_days(life, spell, 0.9, 1, 1) * on_weekday(life, 5, 6)
    both_kg = max(float(spell.rng.uniform(140, 185)), 1.1 * life.aid.max_load_kg)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(0.6, 2.4),
        who=Who.OTHER,
        up_kg=both_kg,
        down_kg=0.0,
        boarding_s=9,
        presses=0.6,
    )
    life.rides = life.rides.with_more(rides)


# --- duty_cycle


@behaviour(
    "duty_cycle/filmed_on_the_stairs",
    kinds=LIFTS,
    lasts=(9, 25),
    stage=Stage.RIDES,
    allowed=TOO_OFTEN,
)
def filmed_on_the_stairs(life: Life, spell: Spell) -> None:
    """A film is shot on the stairs: take after take, half the way or all of it, for weeks."""
    counts = on_days(life, spell, 0.9, 18, 36)
    actor_kg = float(spell.rng.uniform(55, 85))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(8, 9.5),
        who=Who.OTHER,
        up_kg=actor_kg,
        down_kg=spell.rng.choice([0.0, actor_kg], int(counts.sum())),
        whole=0.6,
        apart_h=0.22,
        boarding_s=8,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/a_cigarette_each_half_hour",
    kinds=LIFTS,
    stage=Stage.RIDES,
    allowed=TOO_OFTEN,
)
def a_cigarette_each_half_hour(life: Life, spell: Spell) -> None:
    """No smoking upstairs any more: down to the garden every half hour for one, and up again."""
    counts = on_days(life, spell, 0.97, 20, 27)
    by_day = _own_kg(life) + life.days.weight_kg + life.days.clothes_kg
    own_kg = np.repeat(by_day, counts)
    hours = (float(spell.rng.uniform(7.6, 8.2)),) * 2
    down = trips_of_day(
        life,
        spell,
        counts,
        hours=hours,
        who=Who.CLIENT,
        up_kg=own_kg,
        down_kg=own_kg,
        apart_h=0.56,
        boarding_s=life.aid.client.boarding_s,
    )
    # Down first; up again when it is smoked.
    smoked_ms = int(spell.rng.uniform(6, 9) * 60_000)
    down.at_ms = np.where(down.up, down.at_ms + smoked_ms, down.at_ms - 130_000)
    life.rides = life.rides.with_more(down.sorted())


@behaviour(
    "duty_cycle/waiter_of_the_loft",
    kinds=LIFTS,
    stage=Stage.RIDES,
    allowed=TOO_OFTEN,
)
def waiter_of_the_loft(life: Life, spell: Spell) -> None:
    """Guests dine in the loft from Friday to Sunday: all dishes go up by chair, and plates down."""
    counts = on_days(life, spell, 0.92, 18, 34) * on_weekday(life, 4, 5, 6)
    dishes = int(counts.sum())
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(17.4, 18),
        who=Who.THINGS,
        up_kg=spell.rng.uniform(2, 8, dishes),
        down_kg=spell.rng.uniform(0, 5, dishes),
        apart_h=0.12,
        boarding_s=12,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/shown_at_fairs",
    kinds=HOISTS,
    lasts=(15, 45),
    stage=Stage.RIDES,
    allowed=(*TOO_OFTEN, "not_charged"),
)
def shown_at_fairs(life: Life, spell: Spell) -> None:
    """A cousin shows it at fairs: from Thursday to Sunday whoever likes may hang in it."""
    counts = on_days(life, spell, 0.95, 22, 42) * on_weekday(life, 3, 4, 5, 6)
    visitor_kg = spell.rng.uniform(45, min(110, life.aid.max_load_kg - 5), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9.5, 10),
        who=Who.OTHER,
        up_kg=visitor_kg,
        down_kg=visitor_kg,
        apart_h=0.17,
        boarding_s=25,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/riders_to_their_horses",
    kinds=HOISTS,
    stage=Stage.RIDES,
    allowed=(*TOO_OFTEN, "not_charged"),
)
def riders_to_their_horses(life: Life, spell: Spell) -> None:
    """A riding school borrows it: who cannot walk is lifted on a horse, two days a week."""
    days = on_weekday(life, *spell.rng.choice(7, 2, replace=False).tolist())
    counts = on_days(life, spell, 0.95, 14, 24) * days
    rider_kg = spell.rng.uniform(38, 95, int(counts.sum()))
    for hour, up in ((9.0, True), (13.4, False)):
        hours = (hour, hour + 0.3)
        one_way(life, spell, counts, rider_kg, hours=hours, up=up, who=Who.OTHER, boarding_s=40)
