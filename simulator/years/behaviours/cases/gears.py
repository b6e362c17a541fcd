"""Drives, brakes and edges that fail in one part of a day, one way, or under one load only."""

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours.cases.decay import HARD, runs_hard
from simulator.years.behaviours.cases.drives import BRAKE_TOO, EDGES_TOO, touched
from simulator.years.behaviours.cases.journeys import hours_of
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, Spell, Stage, behaviour
from simulator.years.behaviours.health import (
    failing_day,
    final_friction,
    shows_current,
    shows_failure,
)
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.wear import mended, tells_motion
from simulator.years.life import Bools, Floats, Life
from simulator.years.power import GIVES_UP_V, resistance_by_day

MIN_SEATED_KG = 20.0

# --- drive_worn


def pulls(life: Life, more_a: Floats) -> None:
    """Have rides pull the battery down by so many amperes more at their peak."""
    rides = life.rides
    lower_v = rides.min_v - more_a * resistance_by_day(life)[rides.day]
    rides.min_v = np.maximum(lower_v, life.aid.battery.cut_off_v - GIVES_UP_V)


def stood_until_repaired(life: Life, spell: Spell) -> None:
    """Leave out what was ridden between the failure and the repair, some days later."""
    if spell.fails is None:
        return
    rides, repair = life.rides, spell.fails + 1 + int(spell.rng.integers(1, 5))
    spell.until = repair
    ridden = (rides.day <= spell.fails) | (rides.day >= repair)
    rides.went(ridden)
    life.charged = life.charged[ridden]
    if repair < life.calendar.days:
        life.days.openings[repair] += 1
        mechanic(life, repair)


def harder(life: Life, spell: Spell, there: Bools, *, power: float, start: float = 0.0) -> None:
    """Have these rides take ever more current, until the drive fails and is repaired.

    Args:
        life: of the aid.
        spell: ``fails`` is known.
        there: which rides.
        power: how it grows.
        start: 1 if only setting off takes more, 0 if all of a ride does.
    """
    rides, fails = life.rides, spell.fails or spell.until
    grown = spell.grown(life, over=fails - spell.first, power=power)[rides.day]
    there = there & (rides.day <= fails)
    more = np.where(there, (final_friction(life, spell) - 1) * grown, 0.0)
    pulls(life, rides.peak_a * more)
    rides.peak_a = rides.peak_a * (1 + more)
    rides.mean_a = rides.mean_a * (1 + (1 - 0.9 * start) * more)
    rides.profile_a = rides.profile_a * (1 + (1 - 0.9 * start) * more)[:, None]
    stood_until_repaired(life, spell)
    shows_failure(life, spell)


@behaviour(
    "drive_worn/when_it_has_stood",
    stage=Stage.SIGHT,
    visible=shows_current,
    allowed=HARD,
)
def when_it_has_stood(life: Life, spell: Spell) -> None:
    """Its bearings stick: hard whenever it has stood for some hours, and easy once it has run."""
    spell.fails = failing_day(spell, 80, 190)
    rides = life.rides
    ends_ms = rides.at_ms + (rides.duration_s * 1000).astype(np.int64)
    stood_ms = np.append([0], rides.at_ms[1:] - ends_ms[:-1])
    stood = stood_ms > float(spell.rng.uniform(2.5, 4.5)) * 3_600_000
    harder(life, spell, spell.rides(life) & stood, power=1.2)


@behaviour(
    "drive_worn/one_flank",
    kinds=LIFTS | HOISTS,
    stage=Stage.SIGHT,
    visible=shows_current,
    allowed=HARD,
)
def one_flank(life: Life, spell: Spell) -> None:
    """The teeth of its gear wear on one flank: harder upwards by the month, downwards as ever."""
    spell.fails = failing_day(spell, 80, 220)
    harder(life, spell, spell.rides(life) & life.rides.up, power=1.5)


@behaviour(
    "drive_worn/hard_to_start",
    stage=Stage.SIGHT,
    visible=shows_current,
    allowed=HARD,
)
def hard_to_start(life: Life, spell: Spell) -> None:
    """Its coupling grips late: every start takes more than the last month, the way hardly does."""
    spell.fails = failing_day(spell, 80, 200)
    harder(life, spell, spell.rides(life), power=1.2, start=1.0)


@behaviour("drive_worn/shorted_winding", visible=shows_current, allowed=HARD)
def shorted_winding(life: Life, spell: Spell) -> None:
    """Windings of its motor short, one by one: slower by the week, and for more current."""
    spell.fails = failing_day(spell, 70, 170)
    over = spell.fails - spell.first
    runs_hard(life, spell, spell.grown(life, over=over, power=1.1))
    slower = 1 - float(spell.rng.uniform(0.12, 0.22)) * spell.grown(life, over=over)
    life.days.speed = life.days.speed * slower
    life.days.friction = life.days.friction / slower


# --- brake_slipping


def runs_on(life: Life, there: Bools, slip_mm: Floats) -> None:
    """Have these rides run on by so much when braked on the way down."""
    rides = life.rides
    slipped_mm = np.where(there & ~rides.up, slip_mm.clip(0), 0.0)
    on_rail = life.aid.kind is AidKind.STAIRLIFT
    rides.distance_m = rides.distance_m + slipped_mm / 1000 * (2 if on_rail else 1)
    rides.max_speed_mm_s = rides.max_speed_mm_s * (1 + slipped_mm / (250 if on_rail else 80))
    if on_rail:
        rides.duration_s = rides.duration_s + slipped_mm / 20


@behaviour(
    "brake_slipping/when_laden",
    kinds=LIFTS | HOISTS,
    lasts=(35, 140),
    stage=Stage.SIGHT,
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def when_laden(life: Life, spell: Spell) -> None:
    """With somebody on it it runs on by a hand; empty, as the mechanic tries it, it holds."""
    rides = life.rides
    hand_mm = float(spell.rng.uniform(70, 140)) + spell.rng.normal(0, 12, len(rides))
    runs_on(life, spell.rides(life) & (rides.load_kg > MIN_SEATED_KG), hand_mm)
    mended(life, spell)


@behaviour(
    "brake_slipping/from_the_afternoon_on",
    kinds=LIFTS | HOISTS,
    lasts=(40, 140),
    stage=Stage.SIGHT,
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def from_the_afternoon_on(life: Life, spell: Spell) -> None:
    """Warm from a day's use its magnet drops late: it holds in the morning, and not after noon."""
    rides = life.rides
    late = hours_of(life) > float(spell.rng.uniform(11.5, 14.0))
    more_mm = float(spell.rng.uniform(80, 150)) * spell.grown(life, over=10)[rides.day]
    runs_on(life, spell.rides(life) & late, more_mm + spell.rng.normal(0, 8, len(rides)))
    mended(life, spell)


@behaviour(
    "brake_slipping/pad_broken_off",
    kinds=LIFTS | HOISTS,
    lasts=(7, 14),
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def pad_broken_off(life: Life, spell: Spell) -> None:
    """A pad breaks off: two hands from one ride to the next, and mended within two weeks."""
    more_mm = float(spell.rng.uniform(130, 200))
    life.days.slip_mm = life.days.slip_mm + more_mm * spell.during(life)
    mended(life, spell, "slip_mm")


@behaviour(
    "brake_slipping/set_too_loose_when_fitted",
    kinds=LIFTS | HOISTS,
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def set_too_loose_when_fitted(life: Life, spell: Spell) -> None:
    """Set too loose when it was fitted: it has run on since the first day, until one adjusts it."""
    spell.first, spell.until = 0, int(spell.rng.integers(40, 140))
    more_mm = float(spell.rng.uniform(60, 115)) + spell.rng.normal(0, 7, life.calendar.days)
    life.days.slip_mm = life.days.slip_mm + more_mm * spell.during(life)
    mended(life, spell)


# --- edges_tripping


@behaviour(
    "edges_tripping/bag_on_the_footrest",
    kinds=LIFTS,
    stage=Stage.RIDES,
    lasts=(40, 170),
    allowed=EDGES_TOO,
)
def bag_on_the_footrest(life: Life, spell: Spell) -> None:
    """On shopping days the bag rides up between her feet, and hangs over the footrest's edge."""
    rides = life.rides
    shopping = on_weekday(life, *spell.rng.choice(6, 4, replace=False).tolist())[rides.day]
    there = spell.rides(life) & rides.up & shopping & (rides.load_kg > MIN_SEATED_KG)
    touched(life, spell, there, float(spell.rng.uniform(0.7, 1.4)))


@behaviour(
    "edges_tripping/warps_in_the_warmth",
    kinds=LIFTS,
    lasts=(40, 150),
    allowed=EDGES_TOO,
)
def warps_in_the_warmth(life: Life, spell: Spell) -> None:
    """A strip of plastic swells when it is warm: on the warmer half of the days its edge sticks."""
    during, warmest_c = spell.during(life), life.calendar.warmest_c
    warm = during & (warmest_c >= np.quantile(warmest_c[during], 0.45))
    life.days.trips[warm] += float(spell.rng.uniform(0.4, 0.9))
    mended(life, spell, "trips")


@behaviour(
    "edges_tripping/asleep_on_the_step",
    kinds=LIFTS,
    stage=Stage.RIDES,
    lasts=(30, 160),
    allowed=EDGES_TOO,
)
def asleep_on_the_step(life: Life, spell: Spell) -> None:
    """The old dog sleeps on the lowest step from supper until breakfast, and has to be nudged."""
    hour, client = hours_of(life), life.aid.client
    night = (hour > client.sleeps_h - 2.0) | (hour < client.wakes_h + 1.0)
    touched(life, spell, spell.rides(life) & night, float(spell.rng.uniform(0.45, 1.0)))


@behaviour("edges_tripping/fitted_too_close", kinds=LIFTS, allowed=EDGES_TOO)
def fitted_too_close(life: Life, spell: Spell) -> None:
    """Fitted a finger too close to the skirting: since the first day it touches now and again."""
    spell.first, spell.until = 0, int(spell.rng.integers(80, 260))
    life.days.trips[spell.during(life)] += float(spell.rng.uniform(0.2, 0.4))
    mended(life, spell)
