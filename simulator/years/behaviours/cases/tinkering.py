"""Changed without leave: sawn, lengthened, wired and set."""

import numpy as np

from simulator.years.behaviours.contract import HOISTS, LIFTS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import has_digest
from simulator.years.behaviours.tamper import begins_in
from simulator.years.behaviours.wear import tells_motion
from simulator.years.life import Life


@behaviour(
    "modified/rail_shortened",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=tells_motion,
    allowed=("fault", "off_charge_point"),
)
def rail_shortened(life: Life, spell: Spell) -> None:
    """For a wider door a handyman saws a piece off its rail, and opens it to move its end stop."""
    rail_m = 5.0 if life.aid.rail is None else life.aid.rail.length_m
    left = 1 - float(spell.rng.uniform(0.3, 0.7)) / rail_m
    life.rides.length_m = np.where(
        spell.rides(life), life.rides.length_m * left, life.rides.length_m
    )
    day = begins_in(life, spell)
    life.days.openings[day] += int(spell.rng.integers(1, 4))
    life.days.restarts[day] += 1


@behaviour(
    "modified/longer_arm",
    kinds=HOISTS,
    stage=Stage.RIDES,
    allowed=("fault", "drive_worn", "other_person", "overload"),
)
def longer_arm(life: Life, spell: Spell) -> None:
    """A smith lengthens its arm and opens its drive for that: longer strokes, and harder ones."""
    rides = life.rides
    longer = float(spell.rng.uniform(1.18, 1.4))
    rides.length_m = np.where(spell.rides(life), rides.length_m * longer, rides.length_m)
    life.days.friction[spell.during(life)] *= longer
    life.days.openings[begins_in(life, spell)] += int(spell.rng.integers(1, 3))


@behaviour(
    "modified/modem_on_another_one",
    visible=has_digest,
    allowed=("other_person", "lost", "fault", "battery_worn", "drive_worn", "charger_failed"),
)
def modem_on_another_one(life: Life, spell: Spell) -> None:
    """Somebody opened it and screwed its modem to another of its make, in the same street."""
    during, day, rng = spell.during(life), begins_in(life, spell), spell.rng
    life.days.openings[day] += int(rng.integers(1, 3))
    life.days.restarts[day] += 2
    life.days.board[during] += 7
    life.days.settings[during] += 7
    life.days.friction[during] *= float(rng.uniform(0.88, 1.15))
    life.days.charger_v[during] += float(rng.uniform(-0.4, 0.4))
    life.days.rides[during] *= float(rng.uniform(0.7, 1.3))


@behaviour("modified/second_charger", allowed=("charger_failed", "fault"))
def second_charger(life: Life, spell: Spell) -> None:
    """Opened without a key to wire a second charger beside the first: twice as fast, and higher."""
    during, day = spell.during(life), begins_in(life, spell)
    life.days.charger[during] *= float(spell.rng.uniform(1.8, 2.4))
    life.days.charger_v[during] += float(spell.rng.uniform(0.6, 1.2))
    for after in (0, int(spell.rng.integers(1, 6))):
        life.days.openings[min(day + after, life.calendar.days - 1)] += int(
            spell.rng.integers(1, 3)
        )


@behaviour("modified/slowed_by_the_family", visible=has_digest, allowed=("drive_worn",))
def slowed_by_the_family(life: Life, spell: Spell) -> None:
    """The family finds it too quick for her, and has a friend set it to two thirds of its speed."""
    during, day = spell.during(life), begins_in(life, spell)
    life.days.speed[during] *= float(spell.rng.uniform(0.6, 0.75))
    life.days.settings[during] += 1
    life.days.restarts[day] += 1
