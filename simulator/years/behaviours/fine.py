"""Ordinary life that only looks like something: bodies, households, sensors, repairs."""

from dataclasses import replace

import numpy as np

from gateway.protocol.vocabulary import Seat
from simulator.years.behaviours.contract import ALL, HOISTS, LIFTS, Spell, Stage, behaviour
from simulator.years.behaviours.people import add_rides, somebody
from simulator.years.behaviours.repairs import mechanic, serviced
from simulator.years.life import Life, Who
from simulator.years.people import rides_of_person

NOT_ANOTHER = ("other_person", "goods_transport", "play")


@behaviour("fine/normal_wear", forbidden=("battery_worn", "drive_worn", "neglected"))
def normal_wear(life: Life, spell: Spell) -> None:
    """Battery and drive a tenth worse in a year."""
    grown = spell.grown(life, over=365)
    life.days.friction = life.days.friction * (1 + 0.08 * grown)
    life.days.resistance_ohm = life.days.resistance_ohm * (1 + 0.12 * grown)
    life.days.capacity_ah = life.days.capacity_ah * (1 - 0.1 * grown)


@behaviour("fine/illness", lasts=(7, 35), forbidden=("other_person", "unused", "play"))
def illness(life: Life, spell: Spell) -> None:
    """Ill at home: slower, with pauses, seldom or more often than usual."""
    during = spell.during(life)
    life.days.pace[during] *= float(spell.rng.uniform(1.4, 2.5))
    life.days.rides[during] *= float(spell.rng.choice([0.4, 0.6, 1.4]))


@behaviour("fine/stroke", forbidden=("other_person", "play"))
def stroke(life: Life, spell: Spell) -> None:
    """Slower for good from one day to the next; after two weeks in hospital."""
    during = spell.during(life)
    life.days.pace[during] *= float(spell.rng.uniform(1.6, 2.6))
    day = np.arange(life.calendar.days)
    life.days.rides[during & (day < spell.first + 14)] = 0.0
    life.days.rides[during & (day >= spell.first + 14)] *= 0.7


AWAY = ("unused", "lost", "neglected", "offline", "mute", "off_charge_point", "battery_worn")


@behaviour("fine/hospital_stay", lasts=(10, 40), forbidden=AWAY)
def hospital_stay(life: Life, spell: Spell) -> None:
    """In hospital for some weeks: nobody rides."""
    during = spell.during(life)
    life.days.rides[during] = 0.0
    life.days.partner[during] = 0.0


@behaviour("fine/holiday", lasts=(7, 28), forbidden=AWAY)
def holiday(life: Life, spell: Spell) -> None:
    """The household is away."""
    during = spell.during(life)
    life.days.rides[during] = 0.0
    life.days.partner[during] = 0.0


@behaviour("fine/winter_with_daughter", lasts=(30, 42), forbidden=AWAY)
def winter_with_daughter(life: Life, spell: Spell) -> None:
    """The coldest weeks with a daughter, with a day at home now and then."""
    during = spell.during(life)
    home = spell.rng.random(life.calendar.days) < 0.07
    life.days.rides[during & ~home] = 0.0
    life.days.partner[during & ~home] = 0.0


@behaviour(
    "fine/gains_weight", forbidden=("other_person", "drive_worn", "overload", "goods_transport")
)
def gains_weight(life: Life, spell: Spell) -> None:
    """The client slowly gains weight, within what the aid is meant for."""
    room_kg = life.aid.max_load_kg - 8 - life.aid.client.weight_kg
    gain_kg = min(float(spell.rng.uniform(8, 16)), max(room_kg - 4, 0.0))
    life.days.weight_kg = life.days.weight_kg + gain_kg * spell.grown(life, over=240)


@behaviour("fine/loses_weight", forbidden=("other_person", "play", "modified"))
def loses_weight(life: Life, spell: Spell) -> None:
    """The client loses weight over some months."""
    lost_kg = float(spell.rng.uniform(6, 14))
    life.days.weight_kg = life.days.weight_kg - lost_kg * spell.grown(life, over=200)


@behaviour("fine/winter_coat", forbidden=("other_person", "drive_worn", "overload"))
def winter_coat(life: Life, spell: Spell) -> None:
    """Thick clothes and boots in winter."""
    spell.first = 0
    life.days.clothes_kg = life.days.clothes_kg + 4.0 * life.calendar.winter


@behaviour(
    "fine/partner_now_and_then", kinds=ALL - HOISTS, forbidden=("other_person", "duty_cycle")
)
def partner_now_and_then(life: Life, spell: Spell) -> None:
    """The partner, tired, takes it once in a while, and always has."""
    spell.first = 0
    life.days.partner = np.maximum(life.days.partner, 0.05)


@behaviour(
    "fine/two_people",
    kinds=LIFTS,
    forbidden=("other_person", "play", "goods_transport", "duty_cycle"),
)
def two_people(life: Life, spell: Spell) -> None:
    """A couple, both entitled: each calls the empty chair to where he is."""
    spell.first = 0
    life.days.partner[:] = 1.0


@behaviour(
    "fine/carer_helps",
    stage=Stage.RIDES,
    forbidden=("other_person", "goods_transport", "overload"),
)
def carer_helps(life: Life, spell: Spell) -> None:
    """A carer rides along on some rides, one foot on the step; getting on takes longer."""
    rides = life.rides
    helped = spell.rides(life) & (rides.load_kg > 20) & (spell.rng.random(len(rides)) < 0.06)
    extra_kg = spell.rng.uniform(10, 20, len(rides))
    limit_kg = life.aid.max_load_kg - 3.0
    load_kg = np.maximum(np.minimum(rides.load_kg + extra_kg, limit_kg), rides.load_kg)
    rides.load_kg = np.where(helped, load_kg, rides.load_kg)
    rides.boarding_s = np.where(helped, rides.boarding_s * 1.5, rides.boarding_s)


@behaviour(
    "fine/visitors_for_christmas",
    lasts=(4, 10),
    stage=Stage.RIDES,
    forbidden=("other_person", "play", "duty_cycle", "goods_transport", "overload"),
)
def visitors_for_christmas(life: Life, spell: Spell) -> None:
    """Two generations stay over; two of them take it now and then."""
    for _ in range(2):
        add_rides(life, spell, somebody(life, spell, rounds=1.5), Who.GUEST, 0.7)


@behaviour(
    "fine/new_client",
    stage=Stage.RIDES,
    forbidden=("other_person", "modified", "unused", "drive_worn"),
)
def new_client(life: Life, spell: Spell) -> None:
    """Lent to somebody else, as the register says; serviced in between."""
    rides, span = life.rides, life.calendar.days
    idle = int(spell.rng.integers(7, 25))
    lent = spell.first + idle
    before = rides.day < spell.first
    person = somebody(life, spell, frail=True, boarding_s=float(spell.rng.uniform(10, 45)))
    day = np.arange(span)
    theirs = rides_of_person(
        person,
        Who.CLIENT,
        aid=life.aid,
        calendar=life.calendar,
        days=life.days,
        often=np.where(day >= lent, 1.0, 0.0),
        rng=spell.rng,
    )
    life.rides = rides.take(before).with_more(theirs)
    if lent < span:
        serviced(life, max(spell.first + 1, lent - 3))
        life.registered(
            life.moment(lent, 9.0),
            lent_on=life.calendar.date_of(lent),
            client_number=f"C-{life.aid.number + 500_000:06d}",
        )


@behaviour("fine/battery_replaced", forbidden=("modified", "battery_worn", "neglected"))
def battery_replaced(life: Life, spell: Spell) -> None:
    """A mechanic puts in a new battery in time."""
    during = spell.during(life)
    life.days.capacity_ah[during] = life.aid.battery.capacity_ah
    life.days.resistance_ohm[during] = life.aid.battery.resistance_ohm
    if spell.first < life.calendar.days:
        life.days.openings[spell.first] += 1
        mechanic(life, spell.first)


@behaviour("fine/controller_replaced", forbidden=("modified", "other_person", "too_fast"))
def controller_replaced(life: Life, spell: Spell) -> None:
    """Its controller is replaced in service; the register says that there was service."""
    during = spell.during(life)
    life.days.board[during] += 1
    life.days.settings[during] += 1
    serviced(life, spell.first)


@behaviour("fine/settings_in_service", forbidden=("modified", "other_person"))
def settings_in_service(life: Life, spell: Spell) -> None:
    """The mechanic sets it slower at the client's wish, with his key."""
    during = spell.during(life)
    life.days.settings[during] += 1
    life.days.speed[during] *= 0.9
    serviced(life, spell.first, opened=False)


@behaviour(
    "fine/seat_sensor_fades",
    stage=Stage.SIGHT,
    visible=lambda profile: profile.seat,
    forbidden=(*NOT_ANOTHER, "unused"),
)
def seat_sensor_fades(life: Life, spell: Spell) -> None:
    """Its seat sensor feels ever fewer of those who sit on it."""
    rides = life.rides
    missed = spell.rng.random(len(rides)) < 0.6 * spell.grown(life, over=120)[rides.day]
    rides.seat_seen = np.where(missed, int(Seat.EMPTY), rides.seat_seen)


@behaviour(
    "fine/seat_sensor_dead",
    stage=Stage.SIGHT,
    visible=lambda profile: profile.seat,
    forbidden=(*NOT_ANOTHER, "unused"),
)
def seat_sensor_dead(life: Life, spell: Spell) -> None:
    """Its seat sensor says "empty" for good."""
    rides = life.rides
    rides.seat_seen = np.where(spell.rides(life), int(Seat.EMPTY), rides.seat_seen)


@behaviour("fine/thermometer_broken", stage=Stage.SIGHT, forbidden=("unsheltered",))
def thermometer_broken(life: Life, spell: Spell) -> None:
    """Its thermometer is broken: it says forty below, or jumps about."""
    during, span = spell.during(life), life.calendar.days
    if spell.rng.random() < 0.5:
        wrong = (np.full(span, -40.0), np.full(span, -40.0))
    else:
        wrong = (spell.rng.uniform(-45, 10, span), spell.rng.uniform(20, 110, span))
    life.seen_c = tuple(  # type: ignore[assignment]
        np.where(during, bad, good) for bad, good in zip(wrong, life.seen_c, strict=True)
    )


@behaviour(
    "fine/current_sensor_drifts",
    stage=Stage.SIGHT,
    visible=lambda profile: profile.current,
    forbidden=("drive_worn", "other_person", "overload", "goods_transport"),
)
def current_sensor_drifts(life: Life, spell: Spell) -> None:
    """Its current sensor reads some percent more, or less, as it ages."""
    rides = life.rides
    drift = float(spell.rng.choice([-0.08, 0.08])) * spell.grown(life, over=200)[rides.day]
    rides.mean_a = rides.mean_a * (1 + drift)
    rides.peak_a = rides.peak_a * (1 + drift)
    rides.profile_a = rides.profile_a * (1 + drift)[:, None]


@behaviour("fine/moves_bedroom", forbidden=("other_person", "unused", "duty_cycle"))
def moves_bedroom(life: Life, spell: Spell) -> None:
    """The bedroom moves downstairs, or the kitchen up: another rhythm from then on."""
    life.days.rides[spell.during(life)] *= float(spell.rng.choice([0.55, 1.6]))


@behaviour("fine/retires_later", forbidden=("other_person", "unused"), stage=Stage.RIDES)
def retires_later(life: Life, spell: Spell) -> None:
    """The client gets up and goes to bed hours later than before."""
    rides, person = life.rides, life.aid.client
    mine = spell.rides(life) & (rides.who == int(Who.CLIENT))
    later = replace(
        person,
        wakes_h=min(person.wakes_h + 2.0, 11.0),
        sleeps_h=min(person.sleeps_h + 0.4, 23.6),
    )
    life.rides = rides.take(~mine)
    often = np.where(spell.during(life), life.days.rides, 0.0)
    theirs = rides_of_person(
        later,
        Who.CLIENT,
        aid=life.aid,
        calendar=life.calendar,
        days=life.days,
        often=often,
        rng=spell.rng,
        extra_kg=life.days.weight_kg,
    )
    life.rides = life.rides.with_more(theirs)
