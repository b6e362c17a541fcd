"""Places and their weather: sheds, attics, cold stairs, power, works next door, the line."""

import numpy as np

from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, behaviour
from simulator.years.behaviours.faults import flaps, flickers, loose
from simulator.years.behaviours.held_out.limits import on_weekday
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import Life, Outage

UNPOWERED = ("charger_failed", "not_charged", "neglected", "off_charge_point")


@behaviour(
    "fine/cold_but_closed_shed",
    test=True,
    kinds=WHEELS,
    forbidden=("unsheltered", "battery_worn", "neglected"),
)
def cold_but_closed_shed(life: Life, spell: Spell) -> None:
    """A brick shed without heating: dry and shut, half as cold as outdoors."""
    during = spell.during(life)
    life.days.shelter[during] = float(spell.rng.uniform(0.38, 0.5))
    life.days.room_c[during] = float(spell.rng.uniform(10, 13))


@behaviour("fine/conservatory", test=True, kinds=WHEELS, forbidden=("unsheltered", "battery_worn"))
def conservatory(life: Life, spell: Spell) -> None:
    """It stands in the conservatory: forty degrees on hot days, cool in winter."""
    during, warm = spell.during(life), life.calendar.warmest_c > 23
    life.days.shelter[during] = 0.3
    life.days.room_c[during] = 16.0
    life.days.room_c[during & warm] += 15.0


@behaviour(
    "fine/heat_for_weeks", test=True, lasts=(10, 21), forbidden=("unsheltered", "battery_worn")
)
def heat_for_weeks(life: Life, spell: Spell) -> None:
    """A heat wave of weeks under a flat roof; few go out."""
    during = spell.during(life)
    life.days.room_c[during] += float(spell.rng.uniform(10, 14))
    life.days.rides[during] *= 0.7


@behaviour(
    "fine/unheated_staircase",
    test=True,
    kinds=LIFTS,
    forbidden=("drive_worn", "battery_worn", "other_person", "unsheltered", "overload"),
)
def unheated_staircase(life: Life, spell: Spell) -> None:
    """A staircase without heating: every winter its grease is stiff, and gone by spring."""
    spell.first = 0
    life.days.room_c = life.days.room_c - 10.0 * life.calendar.winter**2
    life.days.friction = life.days.friction * (1 + 0.06 * life.calendar.winter**2)


@behaviour(
    "fine/power_off_every_night",
    test=True,
    lasts=(40, 150),
    forbidden=("offline", "mute", "unused", *UNPOWERED),
)
def power_off_every_night(life: Life, spell: Spell) -> None:
    """The main switch goes off with the last light, and on with the first coffee."""
    off_h, on_h = float(spell.rng.uniform(22.2, 23.6)), float(spell.rng.uniform(6.0, 7.8))
    for day in np.flatnonzero(spell.during(life)).tolist():
        from_ms = life.moment(day, off_h + float(spell.rng.normal(0, 0.15)))
        until_ms = life.moment(day + 1, on_h + float(spell.rng.normal(0, 0.2)))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
    life.days.mains[spell.during(life)] = 1 - (24 - off_h + on_h) / 24


@behaviour(
    "fine/works_next_door",
    test=True,
    lasts=(12, 40),
    forbidden=("flapping", "fault", "modified", *UNPOWERED),
    allowed=("offline",),
)
def works_next_door(life: Life, spell: Spell) -> None:
    """Building works next door: the power goes for an hour or two on some working days."""
    working = spell.during(life) & ~life.calendar.weekend
    cut = working & (spell.rng.random(life.calendar.days) < 0.35)
    for day in np.flatnonzero(cut).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(7.5, 15)))
        lasts_h = float(spell.rng.uniform(0.3, 2.2))
        until_ms = from_ms + int(lasts_h * 3_600_000)
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
        life.days.mains[day] = max(0.55, life.days.mains[day] - lasts_h / 24)


@behaviour(
    "fine/modem_moved",
    test=True,
    forbidden=("signal_weak", "offline", "mute", "modified", "other_person"),
)
def modem_moved(life: Life, spell: Spell) -> None:
    """The mechanic moves the modem to the other floor: a weaker signal, still good enough."""
    during = spell.during(life)
    weaker = np.maximum(life.days.signal_dbm - float(spell.rng.uniform(6, 14)), -99.0)
    life.days.signal_dbm = np.where(
        during, np.minimum(weaker, life.days.signal_dbm), life.days.signal_dbm
    )
    mechanic(life, spell.first)


@behaviour(
    "fine/modem_updated",
    test=True,
    lasts=(1, 2),
    forbidden=("test_calls_missed", "offline", "mute", "modified", "flapping", "fault"),
)
def modem_updated(life: Life, spell: Spell) -> None:
    """The modem is updated by night: it starts anew three times, and skips a test call."""
    for _ in range(3):
        from_ms = life.moment(spell.first, float(spell.rng.uniform(1, 4.5)))
        life.outages.append(Outage(from_ms=from_ms, until_ms=from_ms + 180_000, on=False))
    life.days.tests &= ~spell.during(life)


@behaviour(
    "fine/thunderstorm",
    test=True,
    lasts=(1, 1),
    visible=flickers,
    forbidden=("flapping", "fault", "modified", "offline"),
)
def thunderstorm(life: Life, spell: Spell) -> None:
    """A thunderstorm: a code comes and goes three times in an hour, and the line is gone."""
    begins_h = float(spell.rng.uniform(14, 21))
    hours = (begins_h + spell.rng.uniform(0, 0.8, 3)).tolist()
    flaps(life, spell, [life.moment(spell.first, hour) for hour in hours], loose(life, spell))
    from_ms = life.moment(spell.first, begins_h)
    lasts_ms = int(spell.rng.uniform(10, 55) * 60_000)
    life.outages.append(Outage(from_ms=from_ms, until_ms=from_ms + lasts_ms))


@behaviour(
    "fine/new_stair_carpet",
    test=True,
    kinds=LIFTS,
    lasts=(4, 9),
    forbidden=("edges_tripping", "neglected", "drive_worn", "off_charge_point"),
)
def new_stair_carpet(life: Life, spell: Spell) -> None:
    """A new carpet lies thick in its first week: an edge touches now and then, then no more."""
    life.days.trips[spell.during(life)] += float(spell.rng.uniform(0.08, 0.2))


@behaviour(
    "fine/off_on_bin_day",
    test=True,
    kinds=LIFTS,
    lasts=(40, 160),
    forbidden=("off_charge_point", "charger_failed", "not_charged", "neglected"),
)
def off_on_bin_day(life: Life, spell: Spell) -> None:
    """On bin day it waits halfway for some hours, to let the bins through."""
    there = spell.during(life) & on_weekday(life, 3)
    life.days.parks_well[there] = 0.75
