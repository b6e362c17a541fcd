"""Used beyond its specification: load, duty, slope, speed."""

from dataclasses import replace

import numpy as np
from msgspec import structs

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.people import add_rides, somebody
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.life import Life, Who
from simulator.years.profiles import Profile

TOO_HEAVY = ("other_person", "fault", "flapping", "goods_transport", "drive_worn", "battery_worn")
# Service is due by count, too.
TOO_OFTEN = ("other_person", "play", "goods_transport", "fault", "flapping", "service_due")


def feels_load(profile: Profile) -> bool:
    """Whether the load shows, in the current or by weighing."""
    return profile.current or profile.weighs


@behaviour("overload/two_at_once", stage=Stage.RIDES, visible=feels_load, allowed=TOO_HEAVY)
def two_at_once(life: Life, spell: Spell) -> None:
    """Somebody rides on the client's lap or behind, in half of the rides."""
    rides, limit_kg = life.rides, life.aid.max_load_kg
    both = spell.rides(life) & (rides.load_kg > 20) & (spell.rng.random(len(rides)) < 0.5)
    extra_kg = max(45.0, limit_kg * 1.12 - life.aid.client.weight_kg)
    extra = extra_kg + spell.rng.uniform(0, 15, len(rides))
    rides.load_kg = np.where(both, rides.load_kg + extra, rides.load_kg)
    rides.boarding_s = np.where(both, rides.boarding_s * 1.6, rides.boarding_s)


@behaviour("overload/too_heavy_user", stage=Stage.RIDES, visible=feels_load, allowed=TOO_HEAVY)
def too_heavy_user(life: Life, spell: Spell) -> None:
    """Somebody far too heavy for it uses it as well."""
    person = somebody(life, spell, rounds=2.0)
    person = replace(
        person, weight_kg=life.aid.max_load_kg * float(spell.rng.uniform(1.1, 1.3)), boarding_s=12.0
    )
    add_rides(life, spell, person, Who.OTHER, 1.0)


@behaviour("overload/lent_too_light", visible=feels_load, allowed=TOO_HEAVY)
def lent_too_light(life: Life, spell: Spell) -> None:
    """The client has been lent a type that is too light for him, from the beginning."""
    limit_kg = int(life.aid.client.weight_kg / float(spell.rng.uniform(1.1, 1.25)))
    life.register[0] = structs.replace(life.register[0], max_load_kg=limit_kg)
    spell.first, spell.until = 0, life.calendar.days + 1


@behaviour("duty_cycle/guest_house", kinds=LIFTS | HOISTS, allowed=TOO_OFTEN, stage=Stage.RIDES)
def guest_house(life: Life, spell: Spell) -> None:
    """Used by a whole house: ride after ride from morning to night."""
    counts = on_days(life, spell, 0.85, 18, 30)
    person_kg = spell.rng.uniform(50, 95, int(counts.sum()))
    rides = trips_of_day(
        life, spell, counts, hours=(8, 18), who=Who.OTHER, up_kg=person_kg, down_kg=person_kg
    )
    life.rides = life.rides.with_more(rides)


@behaviour("duty_cycle/training", kinds=LIFTS | HOISTS, allowed=TOO_OFTEN, stage=Stage.RIDES)
def training(life: Life, spell: Spell) -> None:
    """Carers are trained on it: an hour without a pause, on most weekdays."""
    counts = on_days(life, spell, 0.7, 10, 14) * ~life.calendar.weekend
    rides = trips_of_day(
        life, spell, counts, hours=(9, 15), who=Who.OTHER, up_kg=72.0, down_kg=72.0, boarding_s=6
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/club_evening",
    kinds=LIFTS | HOISTS,
    allowed=TOO_OFTEN,
    stage=Stage.RIDES,
)
def club_evening(life: Life, spell: Spell) -> None:
    """Two evenings a week a club is brought upstairs and down again."""
    counts = on_days(life, spell, 0.3, 15, 22)
    person_kg = spell.rng.uniform(55, 95, int(counts.sum()))
    rides = trips_of_day(
        life, spell, counts, hours=(18.5, 19.5), who=Who.GUEST, up_kg=person_kg, down_kg=0.0
    )
    life.rides = life.rides.with_more(rides)


def steeper(life: Life, spell: Spell, share: float, least: float, most: float) -> None:
    """Have some stretches be so much steeper than the aid is made for."""
    rides = life.rides
    limit_deg = float(life.aid.max_incline_deg or 10)
    there = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < share)
    steep = limit_deg + spell.rng.uniform(least, most, len(rides))
    rides.incline_deg = np.where(there, steep, rides.incline_deg)


@behaviour("too_steep/dike_path", kinds=WHEELS, stage=Stage.RIDES)
def dike_path(life: Life, spell: Spell) -> None:
    """The way to town leads over the dike, by the short cut."""
    steeper(life, spell, 0.5, 2.0, 4.0)


@behaviour("too_steep/home_made_ramp", kinds=WHEELS, stage=Stage.RIDES)
def home_made_ramp(life: Life, spell: Spell) -> None:
    """A plank at the door: every outing begins and ends on it."""
    steeper(life, spell, 0.95, 3.0, 8.0)


@behaviour("too_steep/dunes", kinds=WHEELS, stage=Stage.RIDES)
def dunes(life: Life, spell: Spell) -> None:
    """Through the dunes, some times a month."""
    steeper(life, spell, 0.25, 2.0, 6.0)


@behaviour(
    "fine/bridge_once", kinds=WHEELS, lasts=(3, 5), stage=Stage.RIDES, forbidden=("too_steep",)
)
def bridge_once(life: Life, spell: Spell) -> None:
    """A diversion leads over a bridge just as steep as is allowed."""
    rides = life.rides
    limit_deg = float(life.aid.max_incline_deg or 10)
    there = spell.rides(life) & rides.away
    rides.incline_deg = np.where(there, limit_deg - 0.6, rides.incline_deg)


def has_digest(profile: Profile) -> bool:
    """Whether changed settings show."""
    return profile.digest


@behaviour("too_fast/unlocked", kinds=WHEELS, allowed=("modified", "other_person"))
def unlocked(life: Life, spell: Spell) -> None:
    """Its limit was taken off with a cable and a program."""
    during = spell.during(life)
    life.days.speed[during] = float(spell.rng.uniform(1.5, 1.8))
    life.days.settings[during] += 1


@behaviour("too_fast/downhill", kinds=WHEELS, stage=Stage.SIGHT)
def downhill(life: Life, spell: Spell) -> None:
    """Freewheeling down the bridge, brake unlocked, on many outings."""
    rides = life.rides
    there = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.4)
    limit = float(life.aid.max_speed_mm_s or 0)
    faster = limit * spell.rng.uniform(1.25, 1.7, len(rides))
    rides.max_speed_mm_s = np.where(there, faster, rides.max_speed_mm_s)


@behaviour("too_fast/towed", kinds=WHEELS, stage=Stage.SIGHT)
def towed(life: Life, spell: Spell) -> None:
    """Towed by a bicycle with an electric motor, on some outings."""
    rides = life.rides
    there = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.25)
    limit = float(life.aid.max_speed_mm_s or 0)
    faster = limit * spell.rng.uniform(1.4, 2.0, len(rides))
    rides.max_speed_mm_s = np.where(there, faster, rides.max_speed_mm_s)
    easier = np.where(there, 0.5, 1.0)
    rides.mean_a, rides.peak_a = rides.mean_a * easier, rides.peak_a * easier


@behaviour(
    "fine/speed_glitch",
    kinds=(AidKind.SCOOTER, AidKind.WHEELCHAIR),
    lasts=(10, 60),
    stage=Stage.SIGHT,
    forbidden=("too_fast", "modified"),
)
def speed_glitch(life: Life, spell: Spell) -> None:
    """The speed sensor misreads: one or two single rides at twice the speed."""
    rides = life.rides
    there = np.flatnonzero(spell.rides(life))
    if len(there):
        picked = spell.rng.choice(there, min(2, len(there)), replace=False)
        rides.max_speed_mm_s[picked] *= 2.0
