"""Mechanics and new parts: what changes because somebody who may has been there."""

import numpy as np

from gateway.protocol.vocabulary import Seat
from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.repairs import mechanic, serviced
from simulator.years.life import Life

CHANGED = ("modified", "other_person")


@behaviour(
    "fine/current_sensor_replaced",
    stage=Stage.SIGHT,
    visible=lambda profile: profile.current,
    forbidden=(*CHANGED, "drive_worn", "overload", "goods_transport"),
)
def current_sensor_replaced(life: Life, spell: Spell) -> None:
    """Its board's current sensor is replaced in service: it reads a little more, or less."""
    rides = life.rides
    factor = np.where(spell.rides(life), float(spell.rng.choice([0.93, 0.95, 1.05, 1.07])), 1.0)
    rides.mean_a, rides.peak_a = rides.mean_a * factor, rides.peak_a * factor
    rides.profile_a = rides.profile_a * factor[:, None]
    serviced(life, spell.first)


@behaviour(
    "fine/seat_switch_replaced",
    stage=Stage.SIGHT,
    visible=lambda profile: profile.seat,
    lasts=(6, 20),
    forbidden=("other_person", "goods_transport", "play", "unused", "modified"),
)
def seat_switch_replaced(life: Life, spell: Spell) -> None:
    """Its seat switch sticks at "empty" for a week or two, until a mechanic replaces it."""
    rides = life.rides
    stuck = spell.rides(life) & (spell.rng.random(len(rides)) < 0.9)
    rides.seat_seen = np.where(stuck, int(Seat.EMPTY), rides.seat_seen)
    if spell.until < life.calendar.days:
        life.days.openings[spell.until] += 1
        mechanic(life, spell.until)


@behaviour(
    "fine/slower_after_a_fall",
    forbidden=(*CHANGED, "drive_worn", "too_fast", "unused"),
)
def slower_after_a_fall(life: Life, spell: Spell) -> None:
    """After a fall the mechanic sets it slower, and a week later slower still."""
    again = spell.first + int(spell.rng.integers(5, 12))
    for day in (spell.first, again):
        later = np.arange(life.calendar.days) >= day
        life.days.settings[later] += 1
        life.days.speed[later] *= float(spell.rng.uniform(0.86, 0.95))
        mechanic(life, day)


@behaviour(
    "fine/bigger_battery_in_service",
    forbidden=("modified", "charger_failed", "battery_worn", "too_fast", "neglected"),
)
def bigger_battery_in_service(life: Life, spell: Spell) -> None:
    """In service it gets a larger battery of another make, and the charger is set to it."""
    during, new = spell.during(life), life.aid.battery
    life.days.capacity_ah[during] = new.capacity_ah * float(spell.rng.uniform(1.1, 1.35))
    life.days.resistance_ohm[during] = new.resistance_ohm * 0.9
    up_v = min(29.2 - new.charger_v, 0.4)
    life.days.charger_v[during] += up_v
    serviced(life, spell.first)


@behaviour(
    "fine/stairs_renovated",
    kinds=LIFTS,
    lasts=(4, 12),
    forbidden=(*CHANGED, "unused", "drive_worn", "edges_tripping", "lost", "neglected"),
)
def stairs_renovated(life: Life, spell: Spell) -> None:
    """The stairs are renovated: taken off its rail by the mechanic, and put back after a week."""
    during, span = spell.during(life), life.calendar.days
    life.days.rides[during] = 0.0
    life.days.partner[during] = 0.0
    for day in (spell.first, spell.until):
        if day < span:
            life.days.openings[day] += 1
            mechanic(life, day)
    after = np.arange(span) >= spell.until
    life.days.friction[after] *= float(spell.rng.uniform(0.96, 1.05))


@behaviour(
    "fine/tyres_and_motor_in_service",
    kinds=WHEELS,
    forbidden=(*CHANGED, "drive_worn", "goods_transport", "overload"),
)
def tyres_and_motor_in_service(life: Life, spell: Spell) -> None:
    """Winter tyres and a new motor in service: it takes a little more from then on."""
    life.days.friction[spell.during(life)] *= float(spell.rng.uniform(1.04, 1.1))
    serviced(life, spell.first)


@behaviour(
    "fine/repaired_at_home",
    forbidden=("modified", "fault", "flapping", "neglected", "other_person"),
)
def repaired_at_home(life: Life, spell: Spell) -> None:
    """The mechanic comes three times in two weeks, opens it, and tries this and that."""
    for later in (0, int(spell.rng.integers(3, 7)), int(spell.rng.integers(8, 14))):
        day = spell.first + later
        if day < life.calendar.days:
            life.days.openings[day] += int(spell.rng.integers(1, 3))
            life.days.restarts[day] += 1
            mechanic(life, day)
