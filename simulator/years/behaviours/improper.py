"""More ways of riding improperly, several a word: what a detector learns from must be wide."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import TOO_HEAVY, TOO_OFTEN
from simulator.years.behaviours.people import add_rides, shows_load, somebody, weight_apart
from simulator.years.behaviours.purpose import (
    GOODS_TOO,
    PLAY_TOO,
    carry,
    on_days,
    sees_seat,
    trips_of_day,
    weighs_roughly,
)
from simulator.years.life import Life, Who

# --- other_person


@behaviour("other_person/weekend_guest", stage=Stage.RIDES, visible=shows_load)
def weekend_guest(life: Life, spell: Spell) -> None:
    """A grandson, strong and quick, has it to himself every weekend."""
    person = somebody(life, spell, weight_kg=weight_apart(life, spell, 15, 40), rounds=4.0)
    person = replace(person, boarding_s=float(spell.rng.uniform(2, 6)))
    add_rides(life, spell, person, Who.OTHER, np.where(life.calendar.weekend, 1.3, 0.0))


@behaviour("other_person/two_lodgers", stage=Stage.RIDES, visible=shows_load)
def two_lodgers(life: Life, spell: Spell) -> None:
    """Two lodgers of different build ride as they please."""
    for _ in range(2):
        weight_kg = weight_apart(life, spell, 10, 35)
        person = somebody(life, spell, weight_kg=weight_kg, rounds=1.8)
        add_rides(life, spell, person, Who.OTHER, float(spell.rng.uniform(0.4, 0.9)))


@behaviour("other_person/more_and_more", stage=Stage.RIDES, visible=shows_load)
def more_and_more(life: Life, spell: Spell) -> None:
    """A daughter takes it now and then at first, after months as often as the client."""
    person = somebody(life, spell, weight_kg=weight_apart(life, spell, 14, 35), rounds=2.5)
    add_rides(life, spell, person, Who.OTHER, 1.2 * spell.grown(life, over=90))


@behaviour("other_person/takes_half", stage=Stage.RIDES, visible=shows_load)
def takes_half(life: Life, spell: Spell) -> None:
    """The client gets about half as much; the other half is somebody else's."""
    rides = life.rides
    gone = spell.rides(life) & (rides.who == int(Who.CLIENT)) & (spell.rng.random(len(rides)) < 0.5)
    life.rides = rides.take(~gone)
    person = somebody(life, spell, weight_kg=weight_apart(life, spell, 12, 40), rounds=2.0)
    add_rides(life, spell, person, Who.OTHER, float(spell.rng.uniform(0.7, 1.2)))


# --- goods_transport


@behaviour(
    "goods_transport/web_shop",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=GOODS_TOO,
)
def web_shop(life: Life, spell: Spell) -> None:
    """The stock of a web shop lives upstairs: a delivery carried up three times a week."""
    carry(life, spell, on_days(life, spell, 0.45, 3, 7), 21, 50)


@behaviour(
    "goods_transport/laundry_for_others",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=GOODS_TOO,
)
def laundry_for_others(life: Life, spell: Spell) -> None:
    """Washing for half the street, basket by basket, on most days."""
    carry(life, spell, on_days(life, spell, 0.7, 3, 6), 21, 35)


@behaviour(
    "goods_transport/market_stall_too",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn"),
)
def market_stall_too(life: Life, spell: Spell) -> None:
    """A laden cart behind it to the market and back, on half of all outings."""
    rides = life.rides
    towed = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.5)
    load_kg = rides.load_kg + spell.rng.uniform(120, 220, len(rides))
    rides.load_kg = np.where(towed, load_kg, rides.load_kg)
    rides.stops = rides.stops + np.where(towed, spell.rng.poisson(8, len(rides)), 0)


# --- play


@behaviour("play/dog_rides", kinds=LIFTS, stage=Stage.RIDES, visible=sees_seat, allowed=PLAY_TOO)
def dog_rides(life: Life, spell: Spell) -> None:
    """The dog may ride, up and down, for the children's delight."""
    counts = on_days(life, spell, 0.5, 3, 8)
    dog_kg = float(spell.rng.uniform(6, 17))
    rides = trips_of_day(
        life, spell, counts, hours=(13, 19), who=Who.NOBODY, up_kg=dog_kg, down_kg=dog_kg
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/friday_nights",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "overload"),
)
def friday_nights(life: Life, spell: Spell) -> None:
    """Friends of a grandson race each other up and down, on most evenings of the weekend."""
    counts = on_days(life, spell, 0.85, 5, 10) * life.calendar.weekend
    weight_kg = spell.rng.uniform(55, 90, int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(19, 21),
        who=Who.OTHER,
        up_kg=weight_kg,
        down_kg=weight_kg,
        boarding_s=2.0,
        presses=1.0,
    )
    life.rides = life.rides.with_more(rides)


# --- overload


@behaviour(
    "overload/child_on_the_lap",
    stage=Stage.RIDES,
    visible=lambda profile: profile.current or profile.weighs,
    allowed=TOO_HEAVY,
)
def child_on_the_lap(life: Life, spell: Spell) -> None:
    """A big child rides on the lap of a client who is heavy already, in a third of the rides."""
    rides, limit_kg = life.rides, life.aid.max_load_kg
    both = spell.rides(life) & (rides.load_kg > 20) & (spell.rng.random(len(rides)) < 0.35)
    extra_kg = max(35.0, limit_kg * 1.15 - life.aid.client.weight_kg)
    rides.load_kg = np.where(both, rides.load_kg + extra_kg, rides.load_kg)
    rides.boarding_s = np.where(both, rides.boarding_s * 1.3, rides.boarding_s)


# --- duty_cycle, too_steep, too_fast


@behaviour("duty_cycle/day_care", kinds=LIFTS, allowed=TOO_OFTEN, stage=Stage.RIDES)
def day_care(life: Life, spell: Spell) -> None:
    """A private day care upstairs: everybody is brought up in the morning, on weekdays."""
    counts = on_days(life, spell, 0.8, 9, 14) * ~life.calendar.weekend
    person_kg = spell.rng.uniform(45, 95, int(counts.sum()))
    rides = trips_of_day(
        life, spell, counts, hours=(8, 9), who=Who.GUEST, up_kg=person_kg, down_kg=0.0
    )
    life.rides = life.rides.with_more(rides)


@behaviour("too_steep/ramp_of_a_van", kinds=WHEELS, stage=Stage.RIDES)
def ramp_of_a_van(life: Life, spell: Spell) -> None:
    """Up the steep ramp of a van, once or twice a week."""
    rides = life.rides
    limit_deg = float(life.aid.max_incline_deg or 10)
    there = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.2)
    steep = limit_deg + spell.rng.uniform(4.0, 9.0, len(rides))
    rides.incline_deg = np.where(there, steep, rides.incline_deg)


@behaviour("too_fast/tuned_at_a_shop", kinds=WHEELS, allowed=("modified", "other_person"))
def tuned_at_a_shop(life: Life, spell: Spell) -> None:
    """A shop set it faster, and opened it for that."""
    during = spell.during(life)
    life.days.speed[during] = float(spell.rng.uniform(1.55, 1.9))
    life.days.openings[min(spell.first, life.calendar.days - 1)] += 1
