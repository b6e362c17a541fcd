"""Batteries and drives that wear, and how one is repaired."""

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years import hoist, stairlift, wheels
from simulator.years.behaviours.contract import Spell, behaviour
from simulator.years.behaviours.repairs import repaired
from simulator.years.life import FaultSpell, Life
from simulator.years.power import rest_v
from simulator.years.profiles import Profile

TRIPS = ("motor", "actuator", "over_current")  # what a controller shows of a drive that is done
_HARDEST = {
    AidKind.STAIRLIFT: stairlift.hardest_w,
    AidKind.SCOOTER: wheels.hardest_w,
    AidKind.WHEELCHAIR: wheels.hardest_w,
    AidKind.HOIST: hoist.hardest_w,
}


def shows_current(profile: Profile) -> bool:
    """Whether the controller tells the motor's current."""
    return profile.current


def failing_day(spell: Spell, least: int, most: int) -> int:
    """Draw the day on which it fails, ``least`` to ``most`` days after it begins."""
    return spell.first + int(spell.rng.integers(least, most + 1))


def final_resistance(life: Life) -> float:
    """Return the resistance at which the client's hardest ride pulls the battery to its limit."""
    aid = life.aid
    power_w = _HARDEST[aid.kind](aid, aid.client.weight_kg + 3)
    limit_v = aid.battery.cut_off_v
    amperes = power_w / limit_v + aid.drive.no_load_current_a
    # On wheels and hoists at the end of a day, on rails after a few rides.
    rest = float(rest_v(np.array([0.97 if aid.kind is AidKind.STAIRLIFT else 0.6]))[0])
    return max((rest - limit_v) / amperes * 1.03, 2.2 * aid.battery.resistance_ohm)


def age_battery(
    life: Life, spell: Spell, *, least: int, most: int, power: float, capacity_left: float
) -> None:
    """Have the battery age until it fails, and be replaced."""
    spell.fails = failing_day(spell, least, most)
    grown = spell.grown(life, over=spell.fails - spell.first, power=power)
    days = life.days
    end_ohm = final_resistance(life)
    days.resistance_ohm = days.resistance_ohm + grown * np.maximum(
        end_ohm - days.resistance_ohm, 0.05
    )
    days.capacity_ah = days.capacity_ah * (1 - (1 - capacity_left) * grown)
    repaired(
        life,
        spell,
        names=("resistance_ohm", "capacity_ah", "dropped_v"),
        new={
            "resistance_ohm": life.aid.battery.resistance_ohm,
            "capacity_ah": life.aid.battery.capacity_ah,
            "dropped_v": 0.0,
        },
    )


@behaviour("battery_worn/slow_fade", allowed=("fault", "flapping", "not_charged"))
def slow_fade(life: Life, spell: Spell) -> None:
    """Sulphation: resistance rises and capacity falls over half a year or more."""
    age_battery(life, spell, least=120, most=300, power=1.6, capacity_left=0.45)


@behaviour("battery_worn/hot_place", allowed=("fault", "flapping", "not_charged"))
def hot_place(life: Life, spell: Spell) -> None:
    """Beside a radiator: it ages within months, capacity first."""
    inside = spell.grown(life, over=5)
    life.days.room_c = life.days.room_c + 8 * inside
    age_battery(life, spell, least=70, most=160, power=1.2, capacity_left=0.3)


@behaviour("battery_worn/one_cell", allowed=("fault", "flapping", "not_charged"))
def one_cell(life: Life, spell: Spell) -> None:
    """One cell dies over some weeks: two volts less, the rest still sound."""
    life.days.dropped_v = life.days.dropped_v + 2.0 * spell.grown(life, over=40)
    age_battery(life, spell, least=45, most=90, power=1.0, capacity_left=0.6)


@behaviour("battery_worn/dried_out", allowed=("fault", "flapping", "not_charged"))
def dried_out(life: Life, spell: Spell) -> None:
    """Its electrolyte dries out: resistance rises ever faster, capacity hardly falls."""
    age_battery(life, spell, least=90, most=220, power=2.6, capacity_left=0.8)


def final_friction(life: Life, spell: Spell) -> float:
    """Return the factor on the drive's power at which it trips, or wears through."""
    aid = life.aid
    resistance = aid.battery.resistance_ohm * 1.3
    amperes = aid.over_current_a - aid.drive.no_load_current_a
    limit_w = (25.0 - amperes * resistance) * amperes / 1.06
    power_w = _HARDEST[aid.kind](aid, aid.client.weight_kg + 2)
    return float(np.clip(limit_w / power_w, 1.5, spell.rng.uniform(2.0, 2.6)))


def shows_failure(life: Life, spell: Spell) -> None:
    """Have the controller show that the drive is done, until it is repaired."""
    codes = [one for one in TRIPS if one in life.aid.profile.codes]
    if codes and spell.fails is not None:
        from_ms, until_ms = life.moment(spell.fails, 12), life.moment(spell.until, 11)
        life.faults.append(FaultSpell(code=codes[0], from_ms=from_ms, until_ms=until_ms))


def wear_drive(
    life: Life, spell: Spell, *, least: int, most: int, power: float, local: bool = False
) -> None:
    """Have the drive run harder until it fails, and be repaired."""
    spell.fails = failing_day(spell, least, most)
    grown = spell.grown(life, over=spell.fails - spell.first, power=power)
    factor = 1 + (final_friction(life, spell) - 1) * grown
    name = "bend_friction" if local else "friction"
    setattr(life.days, name, getattr(life.days, name) * factor)
    repaired(life, spell, names=("friction", "bend_friction"), new={})
    shows_failure(life, spell)


@behaviour("drive_worn/gear", visible=shows_current, allowed=("fault", "flapping", "battery_worn"))
def gear(life: Life, spell: Spell) -> None:
    """The worm gear wears: slowly first, then fast."""
    wear_drive(life, spell, least=100, most=260, power=2.0)


@behaviour(
    "drive_worn/dry_rail", visible=shows_current, allowed=("fault", "flapping", "battery_worn")
)
def dry_rail(life: Life, spell: Spell) -> None:
    """Rollers and rail run dry: evenly harder from month to month."""
    wear_drive(life, spell, least=70, most=200, power=1.0)


@behaviour(
    "drive_worn/roller_in_bend",
    kinds=(AidKind.STAIRLIFT,),
    visible=shows_current,
    allowed=("fault", "flapping", "battery_worn"),
)
def roller_in_bend(life: Life, spell: Spell) -> None:
    """A roller pinches in one place of the rail, and ever more."""
    wear_drive(life, spell, least=80, most=200, power=1.3, local=True)
