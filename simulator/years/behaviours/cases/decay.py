"""Batteries, drives, brakes, edges and chargers that fail by other causes."""

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, behaviour
from simulator.years.behaviours.health import (
    age_battery,
    failing_day,
    final_friction,
    final_resistance,
    shows_current,
    shows_failure,
)
from simulator.years.behaviours.repairs import mechanic, repaired
from simulator.years.behaviours.wear import UNCHARGED, mended, tells_motion
from simulator.years.life import Floats, Life

WEAK = ("fault", "flapping", "not_charged")
HARD = ("fault", "flapping", "battery_worn")

# --- battery_worn


def ages_by(life: Life, spell: Spell, share: Floats, *, capacity_left: float) -> None:
    """Have the battery be worse by a share of what it can bear, until it fails and is replaced."""
    days, new = life.days, life.aid.battery
    more_ohm = np.maximum(final_resistance(life) - days.resistance_ohm, 0.05)
    days.resistance_ohm = days.resistance_ohm + share * more_ohm
    days.capacity_ah = days.capacity_ah * (1 - (1 - capacity_left) * share)
    repaired(
        life,
        spell,
        names=("resistance_ohm", "capacity_ah"),
        new={"resistance_ohm": new.resistance_ohm, "capacity_ah": new.capacity_ah},
    )


@behaviour("battery_worn/in_steps", allowed=WEAK)
def in_steps(life: Life, spell: Spell) -> None:
    """Run flat again and again: each time it is worse at a blow, and holds that for weeks."""
    spell.fails = failing_day(spell, 80, 210)
    grown = spell.grown(life, over=spell.fails - spell.first)
    blows = np.append(np.sort(spell.rng.uniform(0, 0.92, int(spell.rng.integers(3, 6)))), 1.0)
    worse = np.where(grown > 0, np.searchsorted(blows, grown, side="right") / len(blows), 0.0)
    ages_by(life, spell, worse, capacity_left=0.45)


@behaviour("battery_worn/second_hand", allowed=WEAK)
def second_hand(life: Life, spell: Spell) -> None:
    """A mechanic puts in one from the store that had its best years already."""
    if spell.first < life.calendar.days:
        life.days.openings[spell.first] += 1
        mechanic(life, spell.first)
    during = spell.during(life)
    life.days.capacity_ah[during] = life.aid.battery.capacity_ah * float(
        spell.rng.uniform(0.55, 0.72)
    )
    life.days.resistance_ohm[during] = life.aid.battery.resistance_ohm * float(
        spell.rng.uniform(1.35, 1.7)
    )
    age_battery(life, spell, least=60, most=180, power=1.1, capacity_left=0.5)


@behaviour("battery_worn/a_cell_at_the_end", allowed=WEAK)
def a_cell_at_the_end(life: Life, spell: Spell) -> None:
    """It ages for months; then one cell goes, and the others follow within three weeks."""
    age_battery(life, spell, least=90, most=220, power=1.4, capacity_left=0.5)
    day = np.arange(life.calendar.days)
    fails = spell.fails or spell.until
    gone = np.clip((day - fails + 20) / 12, 0, 1) * (day < spell.until)
    life.days.dropped_v = life.days.dropped_v + float(spell.rng.uniform(1.5, 2.1)) * gone


@behaviour("battery_worn/soft_plates", allowed=WEAK)
def soft_plates(life: Life, spell: Spell) -> None:
    """Its plates shed: most of what it holds goes in the first weeks, the rest more slowly."""
    age_battery(life, spell, least=60, most=150, power=0.6, capacity_left=0.2)


# --- drive_worn


def runs_hard(life: Life, spell: Spell, share: Floats, *, local: bool = False) -> None:
    """Have the drive run harder by a share of what it can bear, until it fails and is repaired."""
    fails = spell.fails or spell.until
    day = np.arange(life.calendar.days)
    share = np.where((day >= fails) & (day < spell.until), 1.0, share)
    name = "bend_friction" if local else "friction"
    harder = 1 + (final_friction(life, spell) - 1) * share
    setattr(life.days, name, getattr(life.days, name) * harder)
    repaired(life, spell, names=("friction", "bend_friction"), new={})
    shows_failure(life, spell)


@behaviour("drive_worn/wrong_grease", visible=shows_current, allowed=HARD)
def wrong_grease(life: Life, spell: Spell) -> None:
    """Greased with what lay about: it gums up over months, and is stiffest on cold days."""
    spell.fails = failing_day(spell, 80, 210)
    grown = spell.grown(life, over=spell.fails - spell.first)
    cold = np.clip((16 - life.calendar.coldest_c) / 18, 0, 1)
    runs_hard(life, spell, grown * (0.6 + 0.4 * cold))


@behaviour(
    "drive_worn/threads_round_the_axle",
    kinds=WHEELS,
    visible=shows_current,
    allowed=(*HARD, "neglected"),
)
def threads_round_the_axle(life: Life, spell: Spell) -> None:
    """Hair and threads wind round its axle; some is cut away at times, and ever more is left."""
    spell.fails = failing_day(spell, 90, 200)
    day = np.arange(life.calendar.days)
    grown = spell.grown(life, over=spell.fails - spell.first)
    period = int(spell.rng.integers(22, 38))
    wound = ((day - spell.first) % period) / period
    runs_hard(life, spell, grown * (0.6 + 0.4 * wound))


@behaviour("drive_worn/rail_settles", kinds=LIFTS, visible=shows_current, allowed=HARD)
def rail_settles(life: Life, spell: Spell) -> None:
    """The wall settles and the rail with it: quick at first, then not at all, then quick again."""
    spell.fails = failing_day(spell, 100, 240)
    grown = spell.grown(life, over=spell.fails - spell.first)
    share = 0.45 * np.clip(grown / 0.2, 0, 1) + 0.55 * np.clip((grown - 0.65) / 0.35, 0, 1)
    runs_hard(life, spell, share)


@behaviour("drive_worn/brake_drags", visible=shows_current, allowed=HARD)
def brake_drags(life: Life, spell: Spell) -> None:
    """After a repair its brake never quite lets go: harder at once, and then ever more."""
    mechanic(life, spell.first)
    spell.fails = failing_day(spell, 60, 150)
    grown = spell.grown(life, over=spell.fails - spell.first, power=1.3)
    runs_hard(life, spell, np.where(grown > 0, 0.22 + 0.78 * grown, 0.0))


# --- brake_slipping


@behaviour(
    "brake_slipping/after_every_hard_stop",
    kinds=LIFTS | HOISTS,
    lasts=(50, 150),
    visible=tells_motion,
    allowed=("fault", "too_fast"),
)
def after_every_hard_stop(life: Life, spell: Spell) -> None:
    """Glazed by a hard stop, and by the next: it slips farther from one day to another."""
    grown = spell.grown(life, over=float(spell.rng.uniform(35, 80)))
    stops = np.sort(spell.rng.uniform(0, 0.95, int(spell.rng.integers(3, 7))))
    steps = np.searchsorted(stops, grown, side="right") / len(stops)
    most_mm = float(spell.rng.uniform(90, 180))
    life.days.slip_mm = life.days.slip_mm + most_mm * np.where(grown > 0, steps, 0.0)
    mended(life, spell, "slip_mm")


@behaviour(
    "brake_slipping/for_a_week_at_a_time",
    kinds=LIFTS | HOISTS,
    lasts=(40, 140),
    visible=tells_motion,
    allowed=("fault", "too_fast"),
)
def for_a_week_at_a_time(life: Life, spell: Spell) -> None:
    """It slips for a week or so and then holds for some days, to and fro."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        length = int(spell.rng.integers(4, 11))
        last = min(day + length, spell.until)
        life.days.slip_mm[day:last] += float(spell.rng.uniform(60, 140))
        day += length + int(spell.rng.integers(2, 7))
    mended(life, spell, "slip_mm")


@behaviour(
    "brake_slipping/when_it_is_warm",
    kinds=LIFTS | HOISTS,
    lasts=(45, 150),
    visible=tells_motion,
    allowed=("fault", "too_fast"),
)
def when_it_is_warm(life: Life, spell: Spell) -> None:
    """Its lining goes soft in the warmth: on the warmer half of the days it slips."""
    during, warmest_c = spell.during(life), life.calendar.warmest_c
    limit_c = float(np.quantile(warmest_c[during], 0.45))
    more_mm = float(spell.rng.uniform(65, 130)) + spell.rng.normal(0, 8, life.calendar.days)
    life.days.slip_mm[during & (warmest_c >= limit_c)] += more_mm[during & (warmest_c >= limit_c)]
    mended(life, spell, "slip_mm")


# --- edges_tripping


@behaviour(
    "edges_tripping/piles_until_saturday",
    kinds=LIFTS,
    lasts=(50, 200),
    allowed=("fault", "flapping", "neglected"),
)
def piles_until_saturday(life: Life, spell: Spell) -> None:
    """Post, books and washing are laid on the steps, more each day, and taken up on Saturday."""
    weekday = np.array([life.calendar.date_of(day).weekday() for day in range(life.calendar.days)])
    since_saturday = (weekday - 5) % 7
    most = float(spell.rng.uniform(0.6, 1.2))
    life.days.trips = life.days.trips + most * since_saturday / 6 * spell.during(life)


@behaviour(
    "edges_tripping/garland",
    kinds=LIFTS,
    lasts=(28, 48),
    allowed=("fault", "flapping"),
)
def garland(life: Life, spell: Spell) -> None:
    """A garland with lights hangs along the banister for weeks, and sags into its way."""
    sags = 0.5 + 0.5 * spell.grown(life)
    rate = float(spell.rng.uniform(0.35, 0.8))
    life.days.trips = life.days.trips + rate * sags * spell.during(life)


@behaviour(
    "edges_tripping/swollen_tread",
    kinds=LIFTS,
    lasts=(70, 170),
    allowed=("fault", "flapping"),
)
def swollen_tread(life: Life, spell: Spell) -> None:
    """A step swells in a wet season until it touches, and shrinks again by itself."""
    wet = np.sin(np.pi * spell.grown(life))
    life.days.trips = life.days.trips + float(spell.rng.uniform(0.4, 0.9)) * np.maximum(wet, 0.0)


# --- charger_failed

NEITHER = ("not_charged", "unused")


@behaviour(
    "charger_failed/half_a_rectifier",
    lasts=(30, 130),
    allowed=UNCHARGED,
    forbidden=NEITHER,
)
def half_a_rectifier(life: Life, spell: Spell) -> None:
    """Half of its rectifier is gone: a third of its current, at a volt or two too little."""
    during = spell.during(life)
    life.days.charger[during] *= float(spell.rng.uniform(0.2, 0.4))
    life.days.charger_v[during] = float(spell.rng.uniform(25.6, 26.3))
    mended(life, spell, "charger", "charger_v")


@behaviour(
    "charger_failed/runs_wild_at_times",
    lasts=(30, 130),
    allowed=UNCHARGED,
    forbidden=NEITHER,
)
def runs_wild_at_times(life: Life, spell: Spell) -> None:
    """A bad joint in its regulator: on one day of three far too high, on the others as ever."""
    wild = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.33)
    life.days.charger_v[wild] = spell.rng.uniform(30.8, 33.5, life.calendar.days)[wild]
    mended(life, spell, "charger_v")


@behaviour(
    "charger_failed/after_lightning",
    lasts=(18, 60),
    allowed=UNCHARGED,
    forbidden=NEITHER,
)
def after_lightning(life: Life, spell: Spell) -> None:
    """Struck by a surge: too little from that day, and after a week or two nothing at all."""
    during, day = spell.during(life), np.arange(life.calendar.days)
    life.days.charger[during] *= float(spell.rng.uniform(0.08, 0.3))
    life.days.charger_v[during] = float(spell.rng.uniform(25.3, 26.2))
    dead = spell.first + int(spell.rng.integers(6, 15))
    life.days.charger[during & (day >= dead)] = 0.0
    mended(life, spell, "charger", "charger_v")


@behaviour(
    "charger_failed/in_the_heat",
    kinds=(AidKind.SCOOTER, AidKind.WHEELCHAIR, AidKind.STAIRLIFT),
    lasts=(45, 140),
    allowed=(*UNCHARGED, "off_charge_point"),
    forbidden=NEITHER,
)
def in_the_heat(life: Life, spell: Spell) -> None:
    """Its fan has stopped: on the warmer half of the days it gives up within minutes."""
    during, warmest_c = spell.during(life), life.calendar.warmest_c
    limit_c = float(np.quantile(warmest_c[during], float(spell.rng.uniform(0.35, 0.55))))
    life.days.gives[during & (warmest_c >= limit_c)] = float(spell.rng.uniform(0.005, 0.03))
    mended(life, spell, "gives")
