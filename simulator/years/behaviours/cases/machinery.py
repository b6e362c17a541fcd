"""Drives, brakes and edges that fail, each in a way of its own."""

import numpy as np

from simulator.years.behaviours.cases.decay import HARD
from simulator.years.behaviours.cases.drives import BRAKE_TOO, EDGES_TOO, touched
from simulator.years.behaviours.cases.gears import harder, runs_on
from simulator.years.behaviours.cases.journeys import hours_of
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.health import failing_day, shows_current, wear_drive
from simulator.years.behaviours.wear import mended, tells_motion
from simulator.years.life import Bools, Life, Who

MIN_SEATED_KG = 20.0

# --- drive_worn


@behaviour(
    "drive_worn/guide_wheel_flat",
    kinds=LIFTS,
    stage=Stage.SIGHT,
    visible=shows_current,
    allowed=HARD,
)
def guide_wheel_flat(life: Life, spell: Spell) -> None:
    """A guide wheel has a flat that only drags downwards: harder by the month, upwards as ever."""
    spell.fails = failing_day(spell, 70, 190)
    harder(life, spell, spell.rides(life) & ~life.rides.up, power=1.1)


@behaviour(
    "drive_worn/frame_gives_under_weight",
    kinds=LIFTS | HOISTS,
    stage=Stage.SIGHT,
    visible=shows_current,
    allowed=(*HARD, "overload", "other_person"),
)
def frame_gives_under_weight(life: Life, spell: Spell) -> None:
    """Its frame gives under weight, and binds: harder by the week with somebody, empty as ever."""
    spell.fails = failing_day(spell, 60, 170)
    seated = life.rides.load_kg > MIN_SEATED_KG
    harder(life, spell, spell.rides(life) & seated, power=1.3)


@behaviour(
    "drive_worn/hot_after_a_mile",
    kinds=WHEELS,
    stage=Stage.SIGHT,
    visible=shows_current,
    allowed=HARD,
)
def hot_after_a_mile(life: Life, spell: Spell) -> None:
    """A bearing that is well while it is cold: short ways go as ever, long ones ever harder."""
    rides = life.rides
    there = spell.rides(life) & rides.away
    if int(there.sum()) < 20:
        spell.skipped = True  # hardly ever out
        return
    spell.fails = failing_day(spell, 70, 180)
    warm_m = float(np.quantile(rides.length_m[there], 0.35))
    harder(life, spell, there & (rides.length_m > warm_m), power=1.2)


@behaviour("drive_worn/seizes_within_weeks", visible=shows_current, allowed=HARD)
def seizes_within_weeks(life: Life, spell: Spell) -> None:
    """A seal breaks and its grease runs out: harder by the day, and it seizes within weeks."""
    wear_drive(life, spell, least=11, most=24, power=1.0)


# --- brake_slipping


def first_down(life: Life) -> Bools:
    """Return which rides are the first of their day that go down."""
    rides = life.rides
    down = np.flatnonzero(~rides.up)
    first = np.zeros(len(rides), dtype=bool)
    if len(down):
        day = rides.day[down]
        first[down[np.append([True], day[1:] != day[:-1])]] = True
    return first


@behaviour(
    "brake_slipping/until_it_is_warm",
    kinds=LIFTS | HOISTS,
    lasts=(40, 140),
    stage=Stage.SIGHT,
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def until_it_is_warm(life: Life, spell: Spell) -> None:
    """Damp overnight, it slips on the first way down of each day, and holds on the next."""
    rides = life.rides
    more_mm = float(spell.rng.uniform(90, 170)) + spell.rng.normal(0, 15, len(rides))
    runs_on(life, spell.rides(life) & first_down(life), more_mm)
    mended(life, spell)


@behaviour(
    "brake_slipping/polish_every_friday",
    kinds=LIFTS | HOISTS,
    lasts=(40, 150),
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def polish_every_friday(life: Life, spell: Spell) -> None:
    """Every Friday it is sprayed with polish, brake and all: it slips until that has worn off."""
    most_mm = float(spell.rng.uniform(70, 140))
    for weekday, share in ((4, 1.0), (5, 0.8), (6, 0.5)):
        greasy = spell.during(life) & on_weekday(life, weekday)
        life.days.slip_mm[greasy] += most_mm * share
    mended(life, spell, "slip_mm")


@behaviour(
    "brake_slipping/nut_turns_loose",
    kinds=LIFTS | HOISTS,
    lasts=(50, 140),
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def nut_turns_loose(life: Life, spell: Spell) -> None:
    """Its nut turns itself loose by half turns: a thumb's breadth more every other week."""
    days, slip_mm = np.arange(life.calendar.days), 0.0
    day = spell.first
    while day < min(spell.until, life.calendar.days) and slip_mm < 150:
        more_mm = float(spell.rng.uniform(20, 36))
        slip_mm += more_mm
        life.days.slip_mm[spell.during(life) & (days >= day)] += more_mm
        day += int(spell.rng.integers(7, 18))
    mended(life, spell, "slip_mm")


@behaviour(
    "brake_slipping/one_stop_in_four",
    kinds=LIFTS | HOISTS,
    lasts=(30, 120),
    stage=Stage.SIGHT,
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def one_stop_in_four(life: Life, spell: Spell) -> None:
    """A wire of its magnet is cracked: one stop in four comes late by a hand and a half."""
    rides = life.rides
    late = spell.rides(life) & (spell.rng.random(len(rides)) < float(spell.rng.uniform(0.2, 0.35)))
    runs_on(life, late, spell.rng.uniform(100, 200, len(rides)))
    mended(life, spell)


# --- edges_tripping


@behaviour("edges_tripping/ivy_on_the_banister", kinds=LIFTS, allowed=EDGES_TOO)
def ivy_on_the_banister(life: Life, spell: Spell) -> None:
    """A plant climbs along the banister into its way, is cut back after weeks, and climbs again."""
    most = float(spell.rng.uniform(0.5, 1.0))
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        grows = int(spell.rng.integers(28, 50))
        last = min(day + grows, spell.until, life.calendar.days)
        life.days.trips[day:last] += most * (np.arange(last - day) + 1) / grows
        day += grows


@behaviour(
    "edges_tripping/stick_on_the_armrest",
    kinds=LIFTS,
    stage=Stage.RIDES,
    lasts=(40, 170),
    allowed=EDGES_TOO,
)
def stick_on_the_armrest(life: Life, spell: Spell) -> None:
    """His new stick hangs from the armrest and swings: it catches an edge when he rides."""
    rides = life.rides
    there = spell.rides(life) & (rides.who == int(Who.CLIENT)) & (rides.load_kg > MIN_SEATED_KG)
    touched(life, spell, there, float(spell.rng.uniform(0.3, 0.7)))


@behaviour(
    "edges_tripping/only_downwards",
    kinds=LIFTS,
    stage=Stage.RIDES,
    lasts=(30, 140),
    allowed=EDGES_TOO,
)
def only_downwards(life: Life, spell: Spell) -> None:
    """The spring of its lower edge is tired: it gives way going down, and never going up."""
    worse = 0.35 + 0.65 * spell.grown(life, over=30)[life.rides.day]
    there = spell.rides(life) & ~life.rides.up & (spell.rng.random(len(life.rides)) < worse)
    touched(life, spell, there, float(spell.rng.uniform(0.5, 1.0)))
    mended(life, spell)


@behaviour(
    "edges_tripping/parcels_for_the_street",
    kinds=LIFTS,
    stage=Stage.RIDES,
    lasts=(40, 170),
    allowed=EDGES_TOO,
)
def parcels_for_the_street(life: Life, spell: Spell) -> None:
    """He takes in the street's parcels: on all days but Sunday they stand in its way."""
    hour = hours_of(life)
    stacked = (hour > 9.5) & (hour < 21) & ~on_weekday(life, 6)[life.rides.day]
    there = spell.rides(life) & stacked
    if int(there.sum()) < 15:
        spell.skipped = True  # he rides before they come and after they are fetched
        return
    touched(life, spell, there, float(spell.rng.uniform(0.4, 0.9)))
