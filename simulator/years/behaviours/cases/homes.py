"""Houses, streets and weather round an aid with which all is well."""

import numpy as np

from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.places import UNPOWERED
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, behaviour
from simulator.years.life import Life, Outage

NOT_WORN = ("battery_worn", "drive_worn")


@behaviour("fine/stove_beside_it", forbidden=(*NOT_WORN, "unsheltered", "charger_failed"))
def stove_beside_it(life: Life, spell: Spell) -> None:
    """A wood stove beside it: the colder it is outside, the hotter it stands."""
    spell.first = 0
    cold = np.clip((12 - life.calendar.coldest_c) / 15, 0, 1)
    lit = spell.rng.random(life.calendar.days) < 0.75
    life.days.room_c = life.days.room_c + float(spell.rng.uniform(4, 8)) * cold * lit


@behaviour(
    "fine/breaker_trips_now_and_then",
    lasts=(30, 90),
    forbidden=("fault", "flapping", "modified", *UNPOWERED),
    allowed=("offline", "mute"),
)
def breaker_trips_now_and_then(life: Life, spell: Spell) -> None:
    """An old dishwasher trips the breaker: half a day without mains, three or four times in all."""
    days = np.flatnonzero(spell.during(life))
    for day in spell.rng.choice(days, min(4, len(days)), replace=False).tolist():
        hours = float(spell.rng.uniform(2, 9))
        life.days.mains[day] = min(life.days.mains[day], 1 - hours / 24)
        from_ms = life.moment(day, float(spell.rng.uniform(9, 14)))
        until_ms = from_ms + int(hours * 3_600_000)
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))


@behaviour(
    "fine/mast_improved",
    forbidden=("signal_weak", "offline", "mute", "modified", "test_calls_missed"),
)
def mast_improved(life: Life, spell: Spell) -> None:
    """Its mast is renewed: two nights with short breaks, and from then on far more signal."""
    gain_db = float(spell.rng.uniform(6, 14))
    life.days.signal_dbm = np.minimum(life.days.signal_dbm + gain_db * spell.during(life), -52.0)
    for night in (0, 1):
        for hour in spell.rng.uniform(0.5, 5, 3).tolist():
            from_ms = life.moment(spell.first + night, hour)
            life.outages.append(Outage(from_ms=from_ms, until_ms=from_ms + 240_000))


@behaviour("fine/three_single_calls_lost", forbidden=("test_calls_missed", "mute"))
def three_single_calls_lost(life: Life, spell: Spell) -> None:
    """A test call is lost in spring, one in summer, and one in autumn; all others come."""
    for later in (0, int(spell.rng.integers(25, 50)), int(spell.rng.integers(70, 110))):
        day = spell.first + later
        if day + 3 <= life.calendar.days:
            life.days.tests[day : day + 3] = False


@behaviour(
    "fine/windy_weeks",
    kinds=WHEELS,
    lasts=(12, 30),
    forbidden=("drive_worn", "overload", "goods_transport", "other_person", "battery_worn"),
)
def windy_weeks(life: Life, spell: Spell) -> None:
    """Weeks of storm on the dikes: on some days hard against the wind, on others it blows along."""
    wind = spell.rng.choice([0.94, 1.0, 1.12, 1.2], life.calendar.days, p=[0.2, 0.3, 0.3, 0.2])
    life.days.friction = life.days.friction * np.where(spell.during(life), wind, 1.0)


@behaviour(
    "fine/pram_in_the_hall",
    kinds=LIFTS,
    lasts=(2, 4),
    forbidden=("edges_tripping", "off_charge_point", "neglected", "charger_failed", "not_charged"),
)
def pram_in_the_hall(life: Life, spell: Spell) -> None:
    """A daughter stays for some days; her pram stands at the foot of the stairs and is touched."""
    during = spell.during(life)
    life.days.parks_well[during] = np.minimum(life.days.parks_well[during], 0.7)
    life.days.trips[during] += float(spell.rng.uniform(0.1, 0.25))


@behaviour(
    "fine/two_days_of_builders",
    lasts=(2, 2),
    forbidden=("charger_failed", "not_charged", "off_charge_point", "neglected", "battery_worn"),
    allowed=("offline", "flapping", "fault"),
)
def two_days_of_builders(life: Life, spell: Spell) -> None:
    """Builders need its socket for two working days, and put the plug back before they leave."""
    life.days.mains[spell.during(life)] = float(spell.rng.uniform(0.6, 0.7))


@behaviour(
    "fine/garage_door_left_open",
    kinds=WHEELS,
    forbidden=("unsheltered", "neglected", "battery_worn", "charger_failed"),
)
def garage_door_left_open(life: Life, spell: Spell) -> None:
    """In a garage with its door left open by day, once a week or so; shut at night, and dry."""
    during, days = spell.during(life), life.calendar.days
    life.days.shelter[during] = float(spell.rng.uniform(0.25, 0.4))
    life.days.room_c[during] = float(spell.rng.uniform(11, 14))
    left = during & (spell.rng.random(days) < 0.12)
    life.days.shelter[left] = float(spell.rng.uniform(0.55, 0.7))


@behaviour(
    "fine/house_swapped",
    kinds=WHEELS,
    lasts=(13, 22),
    forbidden=("lost", "other_person", "unused", "not_charged", "neglected"),
)
def house_swapped(life: Life, spell: Spell) -> None:
    """Three weeks in somebody else's house, with it: other streets, longer ways."""
    during = spell.during(life)
    life.days.cell[during] = int(spell.rng.integers(600, 680))
    life.days.gone[during] = True
    life.days.rides[during] *= float(spell.rng.uniform(1.0, 1.5))
    life.days.plugs[during] = 0.9


@behaviour(
    "fine/charged_for_the_week",
    kinds=HOISTS | WHEELS,
    forbidden=("not_charged", "neglected", "charger_failed", "battery_worn"),
)
def charged_for_the_week(life: Life, spell: Spell) -> None:
    """Charged on Sunday and Wednesday nights by habit, and between when it is needed."""
    during = spell.during(life)
    nights = on_weekday(life, 2, 6)
    life.days.plugs[during] = np.where(nights, 0.98, 0.05)[during]
    life.days.heeds[during] = float(spell.rng.uniform(0.55, 0.7))


@behaviour(
    "fine/stairs_painted",
    kinds=LIFTS,
    lasts=(3, 5),
    forbidden=("unused", "off_charge_point", "not_charged", "neglected", "other_person", "lost"),
)
def stairs_painted(life: Life, spell: Spell) -> None:
    """The stairs are painted: for some days it stays at its end; they sleep at a neighbour's."""
    life.days.rides[spell.during(life)] = 0.0
    life.days.partner[spell.during(life)] = 0.0
    after = min(spell.until, life.calendar.days - 1)
    life.days.rides[after : after + 3] *= 1.3
