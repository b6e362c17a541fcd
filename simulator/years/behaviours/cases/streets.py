"""Weather, streets, journeys and sockets: what happens around an aid with which all is well."""

import numpy as np

from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, behaviour
from simulator.years.life import Life

NOT_WORN = ("battery_worn", "drive_worn")


@behaviour("fine/boiler_broken", lasts=(3, 8), forbidden=(*NOT_WORN, "unsheltered"))
def boiler_broken(life: Life, spell: Spell) -> None:
    """The boiler is broken: some days in a house as cold as a cellar."""
    life.days.room_c[spell.during(life)] = float(spell.rng.uniform(5, 10))


@behaviour(
    "fine/out_for_a_night_or_two",
    kinds=WHEELS,
    lasts=(1, 3),
    forbidden=("unsheltered", "neglected", "battery_worn"),
)
def out_for_a_night_or_two(life: Life, spell: Spell) -> None:
    """The shed is full of guests' bicycles: a night or two outside."""
    life.days.shelter[spell.during(life)] = 1.0


@behaviour(
    "fine/smart_plug",
    kinds=WHEELS | HOISTS,
    forbidden=("not_charged", "charger_failed", "neglected", "battery_worn"),
)
def smart_plug(life: Life, spell: Spell) -> None:
    """A plug that waits for cheap power: every night, for five to eight hours, and no more."""
    during, days = spell.during(life), life.calendar.days
    life.days.mains[during] *= spell.rng.uniform(0.3, 0.45, days)[during]
    life.days.plugs[during] = np.maximum(life.days.plugs[during], 0.95)


@behaviour(
    "fine/halfway_for_the_movers",
    kinds=LIFTS,
    lasts=(1, 2),
    forbidden=("off_charge_point", "charger_failed", "not_charged", "neglected"),
)
def halfway_for_the_movers(life: Life, spell: Spell) -> None:
    """For a cupboard to pass it is left halfway, and forgotten there until the next day or two."""
    life.days.parks_well[spell.during(life)] = 0.05


@behaviour(
    "fine/snow",
    kinds=WHEELS,
    lasts=(4, 9),
    forbidden=("unused", "drive_worn", "overload", "other_person", "goods_transport"),
)
def snow(life: Life, spell: Spell) -> None:
    """Snow lies for days: hardly ever out, and heavy going."""
    life.days.rides[spell.during(life)] *= 0.35
    life.days.friction[spell.during(life)] *= float(spell.rng.uniform(1.15, 1.4))


@behaviour(
    "fine/street_dug_up",
    kinds=WHEELS,
    lasts=(15, 45),
    forbidden=("drive_worn", "overload", "goods_transport", "other_person"),
)
def street_dug_up(life: Life, spell: Spell) -> None:
    """The street is dug up for weeks: round by the cobbles, over sand and planks."""
    life.days.friction[spell.during(life)] *= float(spell.rng.uniform(1.06, 1.16))


@behaviour(
    "fine/tyres_pumped_now_and_then",
    kinds=WHEELS,
    forbidden=(*NOT_WORN, "neglected", "overload", "goods_transport"),
)
def tyres_pumped_now_and_then(life: Life, spell: Spell) -> None:
    """Its tyres go soft over two months, and then somebody pumps them: again and again."""
    spell.first = 0
    day = np.arange(life.calendar.days)
    period = int(spell.rng.integers(40, 75))
    soft = ((day + int(spell.rng.integers(period))) % period) / period
    life.days.friction = life.days.friction * (1 + float(spell.rng.uniform(0.06, 0.15)) * soft)


@behaviour(
    "fine/tour_with_a_camper",
    kinds=WHEELS,
    lasts=(6, 18),
    forbidden=("lost", "other_person", "not_charged", "unused"),
)
def tour_with_a_camper(life: Life, spell: Spell) -> None:
    """With a camper from place to place, a night or three in each, and charged on every site."""
    during = spell.during(life)
    life.days.gone[during] = True
    life.days.plugs[during] = 1.0
    life.days.rides[during] *= float(spell.rng.uniform(0.8, 1.5))
    day = spell.first
    while day < spell.until:
        nights = int(spell.rng.integers(1, 4))
        life.days.cell[day : min(day + nights, spell.until)] = int(spell.rng.integers(100, 300))
        day += nights


@behaviour(
    "fine/sheltered_housing",
    kinds=WHEELS,
    forbidden=("lost", "other_person", "unused", "neglected", "modified"),
)
def sheltered_housing(life: Life, spell: Spell) -> None:
    """The client moves to sheltered housing with it; the register knows it a week later."""
    during, day = spell.during(life), np.arange(life.calendar.days)
    known = spell.first + int(spell.rng.integers(4, 10))
    life.days.cell[during] = 47
    life.days.gone[during & (day < known)] = True
    life.days.rides[during & (day < spell.first + 2)] = 0.0
    life.registered(life.moment(known, 10.0), postcode4=1628)


@behaviour("fine/leaves_a_little", forbidden=("signal_weak", "offline", "mute"))
def leaves_a_little(life: Life, spell: Spell) -> None:
    """A tree in leaf: some decibels less in summer, which leaves enough."""
    spell.first = 0
    less_db = float(spell.rng.uniform(5, 11)) * (1 - life.calendar.winter)
    floor_dbm = np.minimum(life.days.signal_dbm, -98.0)
    life.days.signal_dbm = np.maximum(life.days.signal_dbm - less_db, floor_dbm)


@behaviour(
    "fine/meter_replaced",
    lasts=(1, 1),
    forbidden=("charger_failed", "not_charged", "fault", "neglected", "off_charge_point"),
    allowed=("offline",),
)
def meter_replaced(life: Life, spell: Spell) -> None:
    """The meter is replaced: some hours without mains, and its charger starts anew."""
    hours = float(spell.rng.uniform(1, 7))
    life.days.mains[spell.during(life)] = 1 - hours / 24
    life.days.restarts[spell.during(life)] += 1


@behaviour(
    "fine/two_addresses",
    kinds=WHEELS,
    lasts=(50, 150),
    forbidden=("lost", "unused", "other_person", "not_charged"),
)
def two_addresses(life: Life, spell: Spell) -> None:
    """From Monday to Wednesday or so at a friend's, with it, and charged there as at home."""
    first, span = int(spell.rng.integers(7)), int(spell.rng.integers(2, 4))
    weekday = np.array([life.calendar.date_of(day).weekday() for day in range(life.calendar.days)])
    there = spell.during(life) & ((weekday - first) % 7 < span)
    life.days.cell[there] = 53
    life.days.gone[there] = True
    life.days.plugs[there] = 1.0
