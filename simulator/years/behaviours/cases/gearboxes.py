"""Drives, brakes and edges that fail: by the hour, by the load, or ride by ride."""

import numpy as np

from simulator.years.behaviours.cases.decay import HARD, runs_hard
from simulator.years.behaviours.cases.drives import BRAKE_TOO, EDGES_TOO, touched
from simulator.years.behaviours.cases.gears import harder, pulls, runs_on, stood_until_repaired
from simulator.years.behaviours.cases.journeys import hours_of
from simulator.years.behaviours.cases.ways import (
    after_the_one_before_s,
    by_turns,
    clients,
    place_in_day,
    season,
)
from simulator.years.behaviours.contract import HOISTS, LIFTS, Spell, Stage, behaviour
from simulator.years.behaviours.health import (
    failing_day,
    final_friction,
    shows_current,
    shows_failure,
)
from simulator.years.behaviours.wear import mended, tells_motion
from simulator.years.life import Life

# --- drive_worn


@behaviour(
    "drive_worn/warms_up_and_binds",
    stage=Stage.SIGHT,
    visible=shows_current,
    allowed=HARD,
)
def warms_up_and_binds(life: Life, spell: Spell) -> None:
    """Easy in the morning, and harder with every ride of a day; each month sooner and more so."""
    spell.fails = failing_day(spell, 80, 200)
    place = place_in_day(life)
    late = place >= max(float(np.quantile(place, 0.5)) if len(place) else 1.0, 1.0)
    harder(life, spell, spell.rides(life) & late, power=1.2)


@behaviour("drive_worn/a_tooth_is_out", stage=Stage.SIGHT, visible=shows_current, allowed=HARD)
def a_tooth_is_out(life: Life, spell: Spell) -> None:
    """A tooth of its gear is out: one ride of five stumbles, then every second, at last all."""
    spell.fails = failing_day(spell, 60, 150)
    rides, fails = life.rides, spell.fails
    grown = spell.grown(life, over=fails - spell.first)[rides.day]
    stumbles = spell.rng.random(len(rides)) < 0.2 + 0.8 * grown
    harder(life, spell, spell.rides(life) & stumbles, power=0.7)


@behaviour(
    "drive_worn/foot_of_the_rail",
    kinds=LIFTS,
    stage=Stage.SIGHT,
    visible=lambda profile: profile.current and profile.position,
    allowed=HARD,
)
def foot_of_the_rail(life: Life, spell: Spell) -> None:
    """The floor gives and the foot of its rail with it: ever harder there, above it as ever."""
    spell.fails = failing_day(spell, 70, 190)
    rides, fails = life.rides, spell.fails
    grown = spell.grown(life, over=fails - spell.first, power=1.1)[rides.day]
    there = spell.rides(life) & (rides.day <= fails)
    more = np.where(there, 1.3 * (final_friction(life, spell) - 1) * grown, 0.0)
    low = max(rides.profile_a.shape[1] // 5, 1)
    foot_a = np.nan_to_num(rides.profile_a[:, :low]).max(axis=1, initial=0.0)
    peak_a = np.maximum(rides.peak_a, foot_a * (1 + more) * 1.05)
    pulls(life, peak_a - rides.peak_a)
    rides.peak_a = peak_a
    rides.mean_a = rides.mean_a + foot_a * more * low / rides.profile_a.shape[1]
    rides.profile_a[:, :low] *= (1 + more)[:, None]
    stood_until_repaired(life, spell)
    shows_failure(life, spell)


@behaviour("drive_worn/rusts_in_wet_weeks", visible=shows_current, allowed=HARD)
def rusts_in_wet_weeks(life: Life, spell: Spell) -> None:
    """Rust in wet weeks, some of it run off in dry ones: to and fro, and upwards all the same."""
    spell.fails = failing_day(spell, 90, 220)
    grown = spell.grown(life, over=spell.fails - spell.first, power=1.1)
    wet = by_turns(life, spell, (5, 10), (8, 16))
    rust = np.convolve(wet, np.exp(-np.arange(20) / 5.0) / 5.5)[: life.calendar.days]
    runs_hard(life, spell, grown * np.clip(0.55 + 0.5 * rust, 0, 1.05))


@behaviour("drive_worn/a_seal_drags", stage=Stage.SIGHT, visible=shows_current, allowed=HARD)
def a_seal_drags(life: Life, spell: Spell) -> None:
    """A seal swells and drags: as many amperes more empty as laden, and down as well as up."""
    spell.fails = failing_day(spell, 80, 200)
    rides, fails = life.rides, spell.fails
    grown = spell.grown(life, over=fails - spell.first, power=1.2)[rides.day]
    there = spell.rides(life) & (rides.day <= fails)
    usual_a = float(np.quantile(rides.mean_a, 0.75)) if len(rides) else 0.0
    more_a = np.where(there, 0.8 * (final_friction(life, spell) - 1) * usual_a * grown, 0.0)
    pulls(life, more_a)
    rides.mean_a, rides.peak_a = rides.mean_a + more_a, rides.peak_a + more_a
    rides.profile_a = rides.profile_a + more_a[:, None]
    stood_until_repaired(life, spell)
    shows_failure(life, spell)


# --- brake_slipping


@behaviour(
    "brake_slipping/when_ridden_in_a_row",
    kinds=LIFTS | HOISTS,
    lasts=(60, 160),
    stage=Stage.SIGHT,
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def when_ridden_in_a_row(life: Life, spell: Spell) -> None:
    """It slips when it has had no time to cool: only where the last ride was just before."""
    rides = life.rides
    gap_s = after_the_one_before_s(life)
    soon = spell.rides(life) & ~rides.up & (gap_s < 45 * 60)
    if int(soon.sum()) < 12:
        spell.skipped = True  # never ridden so soon again
        return
    more_mm = float(spell.rng.uniform(90, 170)) + spell.rng.normal(0, 20, len(rides))
    runs_on(life, soon, more_mm)
    mended(life, spell)


@behaviour(
    "brake_slipping/a_hair_a_week",
    kinds=LIFTS | HOISTS,
    lasts=(130, 240),
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def a_hair_a_week(life: Life, spell: Spell) -> None:
    """Its lining wears by a hair a week: after half a year it runs on by two or three fingers."""
    most_mm = float(spell.rng.uniform(45, 75))
    life.days.slip_mm = life.days.slip_mm + most_mm * spell.grown(life, over=110, power=0.8)
    mended(life, spell, "slip_mm")


@behaviour(
    "brake_slipping/seldom_and_far",
    kinds=LIFTS | HOISTS,
    lasts=(45, 140),
    stage=Stage.SIGHT,
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def seldom_and_far(life: Life, spell: Spell) -> None:
    """A bolt of it jams: one stop in ten comes late by two hands or three, all others hold."""
    rides = life.rides
    late = spell.rides(life) & (spell.rng.random(len(rides)) < float(spell.rng.uniform(0.1, 0.15)))
    runs_on(life, late, spell.rng.uniform(170, 320, len(rides)))
    mended(life, spell)


@behaviour(
    "brake_slipping/worn_by_every_descent",
    kinds=LIFTS | HOISTS,
    lasts=(60, 170),
    stage=Stage.SIGHT,
    visible=tells_motion,
    allowed=BRAKE_TOO,
)
def worn_by_every_descent(life: Life, spell: Spell) -> None:
    """Every way down with somebody wears it: not by the day but by the ride, twice as far laden."""
    rides, there = life.rides, spell.rides(life)
    descents = np.cumsum(there & ~rides.up & (rides.load_kg > 20))
    share = descents / max(int(descents[-1]) if len(descents) else 1, 1)
    most_mm = float(spell.rng.uniform(90, 150))
    laden = np.where(rides.load_kg > 20, 1.0, 0.5)
    runs_on(life, there, most_mm * share**0.8 * laden)
    mended(life, spell)


# --- edges_tripping


@behaviour(
    "edges_tripping/with_bags_and_coat",
    kinds=LIFTS,
    stage=Stage.RIDES,
    lasts=(50, 180),
    allowed=EDGES_TOO,
)
def with_bags_and_coat(life: Life, spell: Spell) -> None:
    """Its footrest sags a little under weight: with bags or a coat on, an edge touches the step."""
    rides, own = life.rides, clients(life, spell)
    if int(own.sum()) < 20:
        spell.skipped = True
        return
    heavy = own & (rides.load_kg > float(np.quantile(rides.load_kg[own], 0.6)))
    touched(life, spell, heavy, float(spell.rng.uniform(0.5, 0.9)))


@behaviour("edges_tripping/wall_leans_in", kinds=LIFTS, lasts=(110, 240), allowed=EDGES_TOO)
def wall_leans_in(life: Life, spell: Spell) -> None:
    """The old wall leans in by a hair a month: never at first, in the end one ride of six."""
    most = float(spell.rng.uniform(0.14, 0.24))
    over = float(spell.rng.uniform(70, 110))
    life.days.trips = life.days.trips + most * spell.grown(life, over=over)


@behaviour(
    "edges_tripping/in_the_dark",
    kinds=LIFTS,
    stage=Stage.RIDES,
    allowed=EDGES_TOO,
)
def in_the_dark(life: Life, spell: Spell) -> None:
    """The lamp of the stairs is broken all winter: in the dark her feet hang over, and touch."""
    if not season(life, spell, cold=True, least=30):
        return
    dark_h = (22.0 - 5.2 * life.calendar.winter)[life.rides.day]
    hour = hours_of(life)
    dark = clients(life, spell) & ((hour > dark_h) | (hour < 27.5 - dark_h))
    if int(dark.sum()) < 15:
        spell.skipped = True  # to bed with the sun
        return
    touched(life, spell, dark, float(spell.rng.uniform(0.4, 0.8)))


@behaviour(
    "edges_tripping/toys_every_other_week",
    kinds=LIFTS,
    lasts=(55, 200),
    allowed=EDGES_TOO,
)
def toys_every_other_week(life: Life, spell: Spell) -> None:
    """Every other week a divorced son's children are there, their toys on the stairs."""
    theirs = (np.arange(life.calendar.days) - spell.first) // 7 % 2 == 0
    life.days.trips[spell.during(life) & theirs] += float(spell.rng.uniform(0.2, 0.5))
