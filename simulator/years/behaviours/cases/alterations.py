"""Changed or repaired without leave: by smiths, uncles and campers."""

import numpy as np

from simulator.years.behaviours.cases.codes import stopping
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.keeping import has_failure
from simulator.years.behaviours.tamper import begins_in
from simulator.years.behaviours.wear import tells_motion
from simulator.years.life import FaultSpell, Life, Outage


def opened(life: Life, spell: Spell, *days: int) -> None:
    """Have somebody open its housing on these days, without a key."""
    for day in days:
        if day < life.calendar.days:
            life.days.openings[day] += int(spell.rng.integers(1, 4))


@behaviour(
    "modified/rail_lengthened_by_a_smith",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=tells_motion,
    allowed=("fault", "off_charge_point"),
)
def rail_lengthened_by_a_smith(life: Life, spell: Spell) -> None:
    """A smith welds a piece to its rail, round the newel, and opens it to move its end stop."""
    rail_m = 5.0 if life.aid.rail is None else life.aid.rail.length_m
    longer = 1 + float(spell.rng.uniform(0.3, 0.7)) / rail_m
    rides = life.rides
    rides.length_m = np.where(spell.rides(life), rides.length_m * longer, rides.length_m)
    day = begins_in(life, spell)
    opened(life, spell, day)
    life.days.restarts[day] += 1


@behaviour(
    "modified/battery_lent_to_the_camper",
    kinds=WHEELS,
    lasts=(40, 120),
    allowed=("offline", "mute", "test_calls_missed", "unused", "fault", "not_charged"),
)
def battery_lent_to_the_camper(life: Life, spell: Spell) -> None:
    """Its battery goes into the camper on Fridays, and is wired in again when they are home."""
    for day in np.flatnonzero(spell.during(life) & on_weekday(life, 4)).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(15.5, 18)))
        until_ms = life.moment(day + 2, float(spell.rng.uniform(17, 20.5)))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
        life.days.rides[day + 1 : day + 3] = 0.0
        opened(life, spell, day, day + 2)


@behaviour(
    "modified/battery_of_a_lawnmower",
    allowed=("battery_worn", "charger_failed", "not_charged", "fault", "flapping"),
)
def battery_of_a_lawnmower(life: Life, spell: Spell) -> None:
    """To save money a son-in-law opens it and puts in what ran his lawnmower: half as large."""
    during, day, new = spell.during(life), begins_in(life, spell), life.aid.battery
    opened(life, spell, day, day + int(spell.rng.integers(1, 4)))
    life.days.restarts[day] += 1
    life.days.capacity_ah[during] = new.capacity_ah * float(spell.rng.uniform(0.4, 0.6))
    life.days.resistance_ohm[during] = new.resistance_ohm * float(spell.rng.uniform(1.5, 1.9))
    life.days.charger_v[during] += float(spell.rng.uniform(-0.3, 0.3))


@behaviour("modified/cut_its_alarm", allowed=("test_calls_missed", "fault"))
def cut_its_alarm(life: Life, spell: Spell) -> None:
    """Tired of its calls a grandson opens it twice and cuts a wire: no test call since then."""
    day = begins_in(life, spell)
    opened(life, spell, day, day + int(spell.rng.integers(1, 3)))
    life.days.restarts[day] += 1
    life.days.tests &= ~spell.during(life)


@behaviour(
    "modified/mended_by_an_uncle",
    visible=has_failure,
    allowed=("fault", "flapping", "neglected", "drive_worn", "other_person"),
)
def mended_by_an_uncle(life: Life, spell: Spell) -> None:
    """It stands, and an uncle opens and mends it; some weeks later it stands, and he does again."""
    code, day = str(spell.rng.choice(stopping(life))), begins_in(life, spell)
    broke = day
    for _ in range(2):
        mended = broke + int(spell.rng.integers(1, 4))
        from_ms = life.moment(broke, float(spell.rng.uniform(8, 20)))
        until_ms = life.moment(mended, float(spell.rng.uniform(14, 21)))
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
        life.days.rides[broke + 1 : mended] = 0.0
        opened(life, spell, *{broke, mended})
        broke = mended + int(spell.rng.integers(14, 30))
    life.days.friction[spell.during(life)] *= float(spell.rng.uniform(1.05, 1.14))
