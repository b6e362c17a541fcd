"""Drives, brakes and edges that fail, as mechanics tell of them."""

import numpy as np

from simulator.years.behaviours.cases.decay import HARD, runs_hard
from simulator.years.behaviours.cases.journeys import hours_of
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.health import failing_day, shows_current
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.wear import mended, tells_motion
from simulator.years.life import Bools, Life

BRAKE_TOO = ("fault", "too_fast")
EDGES_TOO = ("fault", "flapping")

# --- drive_worn


@behaviour(
    "drive_worn/sand_in_the_hubs",
    kinds=WHEELS,
    visible=shows_current,
    allowed=(*HARD, "neglected"),
)
def sand_in_the_hubs(life: Life, spell: Spell) -> None:
    """A day on the beach: rough at once, better as some of the sand falls out, then ever worse."""
    spell.fails = failing_day(spell, 80, 190)
    day = np.arange(life.calendar.days)
    grown = spell.grown(life, over=spell.fails - spell.first, power=1.2)
    falls_out = np.exp(-np.maximum(day - spell.first, 0) / 14.0)
    share = np.where(grown > 0, 0.12 + 0.18 * falls_out + 0.88 * grown, 0.0)
    runs_hard(life, spell, np.minimum(share, 1.0))


@behaviour("drive_worn/bearing_after_bearing", visible=shows_current, allowed=HARD)
def bearing_after_bearing(life: Life, spell: Spell) -> None:
    """Three bearings go one after the other: each within two weeks, with quiet weeks between."""
    spell.fails = failing_day(spell, 95, 230)
    grown = spell.grown(life, over=spell.fails - spell.first)
    went = [np.clip((grown - start) / 0.12, 0, 1) for start in (0.0, 0.4, 0.85)]
    runs_hard(life, spell, 0.25 * went[0] + 0.3 * went[1] + 0.45 * went[2])


@behaviour(
    "drive_worn/bent_by_the_movers",
    kinds=LIFTS,
    visible=shows_current,
    allowed=HARD,
)
def bent_by_the_movers(life: Life, spell: Spell) -> None:
    """Movers let a wardrobe fall on the rail: hard in that place since then, and ever harder."""
    spell.fails = failing_day(spell, 70, 170)
    grown = spell.grown(life, over=spell.fails - spell.first, power=1.4)
    runs_hard(life, spell, np.where(grown > 0, 0.25 + 0.75 * grown, 0.0), local=True)


@behaviour("drive_worn/half_mended", visible=shows_current, allowed=HARD)
def half_mended(life: Life, spell: Spell) -> None:
    """It runs harder; a mechanic renews one part of two, and within weeks it is as hard again."""
    spell.fails = failing_day(spell, 90, 210)
    length = spell.fails - spell.first
    visit = spell.first + round(0.45 * length)
    if visit < life.calendar.days:
        life.days.openings[visit] += 1
        mechanic(life, visit)
    grown = spell.grown(life, over=length)
    later = np.arange(life.calendar.days) >= visit
    runs_hard(life, spell, np.where(later, grown - 0.28 * (1 - grown) / 0.55, grown))


# --- brake_slipping


@behaviour(
    "brake_slipping/wrong_lining",
    kinds=LIFTS | HOISTS,
    lasts=(60, 150),
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def wrong_lining(life: Life, spell: Spell) -> None:
    """A lining of the wrong sort, put in by a mechanic: it holds for weeks, then it glazes."""
    mechanic(life, spell.first)
    spell.first += int(spell.rng.integers(18, 32))
    most_mm = float(spell.rng.uniform(70, 150))
    life.days.slip_mm = life.days.slip_mm + most_mm * spell.grown(life, over=12)
    mended(life, spell, "slip_mm")


@behaviour(
    "brake_slipping/by_two_fingers",
    kinds=LIFTS | HOISTS,
    lasts=(35, 150),
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def by_two_fingers(life: Life, spell: Spell) -> None:
    """It runs on by two fingers' breadth or three, on some days more, and stays so for months."""
    more_mm = float(spell.rng.uniform(42, 70)) + spell.rng.normal(0, 9, life.calendar.days)
    life.days.slip_mm = life.days.slip_mm + more_mm.clip(20, 110) * spell.during(life)
    mended(life, spell, "slip_mm")


@behaviour(
    "brake_slipping/adjusted_in_vain",
    kinds=LIFTS | HOISTS,
    lasts=(50, 110),
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def adjusted_in_vain(life: Life, spell: Spell) -> None:
    """A mechanic adjusts it time and again: it holds for a few days, and slips on as before."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        length = int(spell.rng.integers(14, 26))
        last = min(day + length, spell.until, life.calendar.days)
        rises = np.clip(np.arange(last - day) / 6.0, 0, 1)
        life.days.slip_mm[day:last] += float(spell.rng.uniform(75, 140)) * rises
        day += length
        if day < spell.until:
            mechanic(life, day)
    mended(life, spell, "slip_mm")


# --- edges_tripping


def touched(life: Life, spell: Spell, there: Bools, rate: float) -> None:
    """Have an edge trip on these rides, each time with a stop and presses to get on."""
    rides = life.rides
    trips = np.where(there, spell.rng.poisson(rate, len(rides)), 0)
    rides.trips = rides.trips + trips
    rides.stops = rides.stops + trips
    rides.presses = rides.presses + trips + spell.rng.poisson(0.7 * trips)


@behaviour(
    "edges_tripping/slippers_on_the_step",
    kinds=LIFTS,
    stage=Stage.RIDES,
    lasts=(30, 150),
    allowed=EDGES_TOO,
)
def slippers_on_the_step(life: Life, spell: Spell) -> None:
    """Slippers are left on a step every night: the first ride down in the morning touches them."""
    rides = life.rides
    hour = hours_of(life)
    there = spell.rides(life) & ~rides.up & (hour < life.aid.client.wakes_h + 1.2)
    touched(life, spell, there, float(spell.rng.uniform(0.8, 1.5)))


@behaviour(
    "edges_tripping/knees_at_the_newel",
    kinds=LIFTS,
    stage=Stage.RIDES,
    lasts=(35, 170),
    allowed=EDGES_TOO,
)
def knees_at_the_newel(life: Life, spell: Spell) -> None:
    """A new post stands in its bend: on the way up, with somebody on it, an edge touches."""
    rides = life.rides
    there = spell.rides(life) & rides.up & (rides.load_kg > 20)
    touched(life, spell, there, float(spell.rng.uniform(0.35, 0.8)))


@behaviour(
    "edges_tripping/caught_by_the_hoover",
    kinds=LIFTS,
    lasts=(40, 130),
    allowed=EDGES_TOO,
)
def caught_by_the_hoover(life: Life, spell: Spell) -> None:
    """Cracked by a blow, an edge sticks for some days at a time, and then for days not at all."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        sticks = int(spell.rng.integers(3, 8))
        last = min(day + sticks, spell.until, life.calendar.days)
        life.days.trips[day:last] += float(spell.rng.uniform(0.4, 1.0))
        day += sticks + int(spell.rng.integers(2, 7))
    mended(life, spell, "trips")
