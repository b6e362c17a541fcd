"""Streets, slopes and sheds around an aid with which all is well."""

import numpy as np

from simulator.years.behaviours.cases.roads import HARD_GOING
from simulator.years.behaviours.cases.upkeep import weather
from simulator.years.behaviours.contract import WHEELS, Spell, Stage, behaviour
from simulator.years.life import Life

NOT_BROKEN = ("charger_failed", "battery_worn", "not_charged", "neglected")
NO_FAULT = ("flapping", "fault", "neglected")

# --- ways


@behaviour(
    "fine/as_steep_as_it_may",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=("too_steep", "drive_worn", "overload"),
    allowed=HARD_GOING,
)
def as_steep_as_it_may(life: Life, spell: Spell) -> None:
    """The ramp of the flats is as steep as it may climb: on every outing, since the first day."""
    spell.first = 0
    rides = life.rides
    limit_deg = float(life.aid.max_incline_deg or 10)
    ramp_deg = limit_deg - spell.rng.uniform(0.3, 0.9, len(rides))
    rides.incline_deg = np.where(rides.away, ramp_deg, rides.incline_deg)


@behaviour(
    "fine/kerbs_read_as_slopes",
    kinds=WHEELS,
    stage=Stage.SIGHT,
    forbidden=("too_steep", "modified"),
)
def kerbs_read_as_slopes(life: Life, spell: Spell) -> None:
    """A lively tilt sensor: jolted by a kerb it says some degrees too many, one way in forty."""
    rides = life.rides
    jolted = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.025)
    jolt_deg = spell.rng.uniform(3, 9, len(rides))
    rides.incline_deg = np.where(jolted, rides.incline_deg + jolt_deg, rides.incline_deg)


@behaviour(
    "fine/always_at_full_speed",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=("too_fast", "modified", "other_person", "drive_worn", "overload"),
)
def always_at_full_speed(life: Life, spell: Spell) -> None:
    """He has got used to it: from now on always as fast as it goes, which is as fast as it may."""
    rides = life.rides
    rides.speed = np.where(spell.rides(life) & rides.away, 1.0, rides.speed)


@behaviour(
    "fine/gravel_before_the_door",
    kinds=WHEELS,
    forbidden=("drive_worn", "overload", "goods_transport", "other_person", "battery_worn"),
)
def gravel_before_the_door(life: Life, spell: Spell) -> None:
    """The drive is laid with gravel: a little heavier going from that day, and no heavier later."""
    life.days.friction[spell.during(life)] *= float(spell.rng.uniform(1.04, 1.1))


@behaviour(
    "fine/longest_day_out",
    kinds=WHEELS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=("not_charged", "battery_worn", "other_person", "lost", "duty_cycle"),
    allowed=("fault", "flapping"),
)
def longest_day_out(life: Life, spell: Spell) -> None:
    """To the tulips and back, three times as far as usual: low by night, and charged then."""
    rides = life.rides
    there = spell.rides(life) & rides.away
    spell.skipped = not there.any()  # a day at home
    rides.length_m = np.where(there, np.minimum(rides.length_m * 3.0, 11_000.0), rides.length_m)


# --- places


@behaviour(
    "fine/nights_at_the_daughters",
    kinds=WHEELS,
    forbidden=("lost", "not_charged", "unsheltered", "unused", "other_person"),
)
def nights_at_the_daughters(life: Life, spell: Spell) -> None:
    """Every three weeks or so a night or two at a daughter's with it, uncharged till home again."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        last = day + int(spell.rng.integers(1, 3))
        life.days.cell[day:last] = 71
        life.days.gone[day:last] = True
        life.days.plugs[day:last] = 0.0
        day = last + int(spell.rng.integers(15, 27))


@behaviour(
    "fine/mast_says_elsewhere",
    kinds=WHEELS,
    forbidden=("lost", "other_person", "unused"),
)
def mast_says_elsewhere(life: Life, spell: Spell) -> None:
    """Its place is that of the mast it hears: on one day of eight another, across the water."""
    elsewhere = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.12)
    life.days.cell[elsewhere] = 73


@behaviour(
    "fine/weeks_in_rehabilitation_with_it",
    kinds=WHEELS,
    lasts=(20, 50),
    forbidden=("lost", "unused", "other_person", "not_charged", "play"),
)
def weeks_in_rehabilitation_with_it(life: Life, spell: Spell) -> None:
    """Some weeks in a clinic with it, to learn to drive it better: many short ways, and charged."""
    during = spell.during(life)
    life.days.cell[during] = 79
    life.days.gone[during] = True
    life.days.plugs[during] = 1.0
    life.days.rides[during] *= float(spell.rng.uniform(1.0, 1.8))
    life.days.pace[during] *= float(spell.rng.uniform(0.8, 1.2))


@behaviour(
    "fine/hall_aired_every_morning",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=("unsheltered", "battery_worn", "neglected"),
)
def hall_aired_every_morning(life: Life, spell: Spell) -> None:
    """It stands by the front door of the flats, which is open each morning: a cold hour a day."""
    room_c = life.days.room_c
    draught = float(spell.rng.uniform(0.3, 0.5))
    coldest_c = room_c + draught * np.minimum(life.calendar.coldest_c - room_c, 0)
    weather(life, spell.during(life), coldest_c, None)


@behaviour(
    "fine/in_a_dry_cellar",
    kinds=WHEELS,
    forbidden=("unsheltered", "battery_worn", "neglected"),
)
def in_a_dry_cellar(life: Life, spell: Spell) -> None:
    """It moves into the cellar of the flats: cool and dry, much the same in summer and winter."""
    during = spell.during(life)
    life.days.shelter[during] = float(spell.rng.uniform(0.05, 0.2))
    life.days.room_c[during] = float(spell.rng.uniform(10, 13))
