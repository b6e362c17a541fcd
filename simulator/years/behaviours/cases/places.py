"""Places and their weather: sheds, attics, cold stairs, power, works next door, the line."""

import numpy as np

from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, behaviour
from simulator.years.behaviours.faults import flaps, flickers, loose
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import Life, Outage

UNPOWERED = ("charger_failed", "not_charged", "neglected", "off_charge_point")


@behaviour(
    "fine/cold_but_closed_shed",
    kinds=WHEELS,
    forbidden=("unsheltered", "battery_worn", "neglected"),
)
def cold_but_closed_shed(life: Life, spell: Spell) -> None:
    """A brick shed without heating: dry and shut, half as cold as outdoors."""
    during = spell.during(life)
    life.days.shelter[during] = float(spell.rng.uniform(0.38, 0.5))
    life.days.room_c[during] = float(spell.rng.uniform(10, 13))


@behaviour(
    "fine/works_next_door",
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
    kinds=LIFTS,
    lasts=(4, 9),
    forbidden=("edges_tripping", "neglected", "drive_worn", "off_charge_point"),
)
def new_stair_carpet(life: Life, spell: Spell) -> None:
    """A new carpet lies thick in its first week: an edge touches now and then, then no more."""
    life.days.trips[spell.during(life)] += float(spell.rng.uniform(0.08, 0.2))


@behaviour(
    "fine/off_on_bin_day",
    kinds=LIFTS,
    lasts=(40, 160),
    forbidden=("off_charge_point", "charger_failed", "not_charged", "neglected"),
)
def off_on_bin_day(life: Life, spell: Spell) -> None:
    """On bin day it waits halfway for some hours, to let the bins through."""
    there = spell.during(life) & on_weekday(life, 3)
    life.days.parks_well[there] = 0.75
