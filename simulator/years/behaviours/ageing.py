"""More ways in which batteries and drives age, and what only looks like it."""

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours.contract import ALL, LIFTS, Spell, behaviour
from simulator.years.behaviours.health import age_battery, shows_current, wear_drive
from simulator.years.behaviours.repairs import mechanic, serviced
from simulator.years.life import Life

WEAK = ("fault", "flapping", "not_charged")
TURNS_HARD = ("fault", "flapping", "battery_worn")


@behaviour("battery_worn/poor_make", allowed=WEAK)
def poor_make(life: Life, spell: Spell) -> None:
    """A poor make: it is done within two or three months."""
    age_battery(life, spell, least=50, most=100, power=1.0, capacity_left=0.5)


@behaviour("battery_worn/block_behind", allowed=WEAK)
def block_behind(life: Life, spell: Spell) -> None:
    """One block of the two falls behind the other: never full, then lower and lower."""
    over = float(spell.rng.uniform(80, 160))
    life.days.dropped_v = life.days.dropped_v + 1.2 * spell.grown(life, over=over, power=1.5)
    age_battery(life, spell, least=100, most=230, power=1.5, capacity_left=0.55)


@behaviour("battery_worn/left_empty", allowed=(*WEAK, "unused", "neglected"))
def left_empty(life: Life, spell: Spell) -> None:
    """Left empty for weeks, it is sulphated: worse at once, and then worse and worse."""
    empty = int(spell.rng.integers(12, 24))
    away = slice(max(spell.first - empty, 0), spell.first)
    life.days.mains[away] = 0.0
    life.days.rides[away] = 0.0
    life.days.partner[away] = 0.0
    since = np.arange(life.calendar.days) >= spell.first
    life.days.capacity_ah = np.where(since, 0.8, 1.0) * life.days.capacity_ah
    life.days.resistance_ohm = np.where(since, 1.25, 1.0) * life.days.resistance_ohm
    age_battery(life, spell, least=70, most=180, power=1.2, capacity_left=0.5)


@behaviour("drive_worn/bearing", visible=shows_current, allowed=TURNS_HARD)
def bearing(life: Life, spell: Spell) -> None:
    """A bearing: nothing for long, then ever faster."""
    wear_drive(life, spell, least=90, most=200, power=2.8)


@behaviour("drive_worn/brushes", visible=shows_current, allowed=TURNS_HARD)
def brushes(life: Life, spell: Spell) -> None:
    """The motor's brushes wear: a little harder every week."""
    wear_drive(life, spell, least=60, most=150, power=1.4)


@behaviour(
    "drive_worn/joint_in_rail",
    kinds=(AidKind.STAIRLIFT,),
    visible=shows_current,
    allowed=TURNS_HARD,
)
def joint_in_rail(life: Life, spell: Spell) -> None:
    """A joint of the rail works loose: hard in one place, quickly at first, then slower."""
    wear_drive(life, spell, least=70, most=180, power=0.8, local=True)


@behaviour(
    "drive_worn/bend_and_all",
    kinds=(AidKind.STAIRLIFT,),
    visible=shows_current,
    allowed=TURNS_HARD,
)
def bend_and_all(life: Life, spell: Spell) -> None:
    """Rollers wear: hardest in one bend, and a little harder everywhere."""
    grown = spell.grown(life, over=150, power=1.5)
    life.days.friction = life.days.friction * (1 + 0.12 * grown)
    wear_drive(life, spell, least=100, most=240, power=1.8, local=True)


NOT_WORN = ("battery_worn", "drive_worn")


@behaviour("fine/battery_of_another_make", forbidden=(*NOT_WORN, "modified", "neglected"))
def battery_of_another_make(life: Life, spell: Spell) -> None:
    """A new battery, smaller and less stiff than the one before, and sound."""
    during = spell.during(life)
    life.days.capacity_ah[during] *= float(spell.rng.uniform(0.75, 1.1))
    life.days.resistance_ohm[during] *= float(spell.rng.uniform(0.8, 1.35))
    if spell.first < life.calendar.days:
        life.days.openings[spell.first] += 1
        mechanic(life, spell.first)


@behaviour("fine/heating_off", lasts=(40, 120), forbidden=(*NOT_WORN, "unsheltered"))
def heating_off(life: Life, spell: Spell) -> None:
    """The hall is not heated for some months: colder, stiffer, weaker, and well."""
    during = spell.during(life)
    life.days.room_c[during] = float(spell.rng.uniform(7, 14))


@behaviour("fine/stiff_in_winter", forbidden=(*NOT_WORN, "other_person"))
def stiff_in_winter(life: Life, spell: Spell) -> None:
    """Grease and wood: heavier by a tenth or two in winter, every year."""
    spell.first = 0
    more = float(spell.rng.uniform(0.06, 0.16))
    life.days.friction = life.days.friction * (1 + more * life.calendar.winter)


@behaviour(
    "fine/equipment_along",
    forbidden=NOT_WORN,
    allowed=("other_person", "overload", "goods_transport"),
)
def equipment_along(life: Life, spell: Spell) -> None:
    """From one day on a frame and a bag of oxygen come along, on every ride."""
    room_kg = life.aid.max_load_kg - 8 - life.aid.client.weight_kg
    more_kg = min(float(spell.rng.uniform(8, 20)), max(room_kg, 0.0))
    life.days.weight_kg = life.days.weight_kg + more_kg * spell.during(life)


@behaviour("fine/rollers_renewed", kinds=LIFTS, forbidden=(*NOT_WORN, "modified"))
def rollers_renewed(life: Life, spell: Spell) -> None:
    """New rollers: lighter at once; then they bed in, and it is as before."""
    during = spell.during(life)
    bedding = spell.grown(life, over=60)
    factor = np.where(during, 0.88 + 0.12 * bedding, 1.0)
    life.days.friction = life.days.friction * factor
    serviced(life, spell.first)


@behaviour("fine/hot_summer", kinds=ALL, lasts=(10, 30), forbidden=(*NOT_WORN, "charger_failed"))
def hot_summer(life: Life, spell: Spell) -> None:
    """A heat wave under the roof."""
    life.days.room_c[spell.during(life)] = float(spell.rng.uniform(29, 36))
