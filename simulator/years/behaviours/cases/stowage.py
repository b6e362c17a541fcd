"""Where it is put, and whether it is charged there."""

import numpy as np

from simulator.years.behaviours.care import UNCHARGED, outdoors, plugs
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.sockets import NOT_CHARGER, OUTSIDE_TOO
from simulator.years.behaviours.cases.upkeep import weather
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.wear import UNCHARGED as ADRIFT
from simulator.years.life import Life
from simulator.years.power import MODEM_A

RIDES_AH = 0.7  # a day, of a stairlift or a hoist: assumed
OUT_A = 10.0  # on the way, on wheels: assumed

# --- not_charged


def enough(life: Life) -> float:
    """Return about for what share of a day its charger must have mains to give what is used."""
    aid, client = life.aid, life.aid.client
    need_ah = 24 * (aid.drive.electronics_current_a + MODEM_A)
    if aid.kind in WHEELS:
        out_h = 2 * client.rounds * client.range_m / aid.speed_m_s / 3600
        need_ah += OUT_A * out_h
    else:
        need_ah += RIDES_AH
    return min(need_ah / (24 * aid.battery.charger_a), 0.25)


@behaviour(
    "not_charged/freezer_needs_the_socket",
    kinds=LIFTS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def freezer_needs_the_socket(life: Life, spell: Spell) -> None:
    """A freezer in the hall has its socket; every fifth day or so they charge it for some hours."""
    during = spell.during(life)
    life.days.mains[during] = 0.0
    day = spell.first + int(spell.rng.integers(3, 6))
    while day < min(spell.until, life.calendar.days):
        life.days.mains[day] = float(spell.rng.uniform(0.3, 0.5))
        day += int(spell.rng.integers(4, 7))


@behaviour(
    "not_charged/no_power_in_the_winter_shed",
    kinds=WHEELS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def no_power_in_the_winter_shed(life: Life, spell: Spell) -> None:
    """In the cold months it is kept in a shed without a socket: a cable is laid when it is flat."""
    cold = np.flatnonzero(spell.during(life) & (life.calendar.winter > 0.45))
    if len(cold) < 25:
        spell.skipped = True
        return
    longest = max(np.split(cold, np.flatnonzero(np.diff(cold) > 1) + 1), key=len)
    spell.first, spell.until = int(longest[0]), int(longest[-1]) + 1
    plugs(life, spell, 0.02, float(spell.rng.uniform(0.06, 0.14)))


@behaviour(
    "not_charged/reel_that_cuts_out",
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def reel_that_cuts_out(life: Life, spell: Spell) -> None:
    """Its cable reel cuts out after a while, and is pressed in again next day: hardly enough."""
    during, span = spell.during(life), life.calendar.days
    life.days.mains[during] = (enough(life) * spell.rng.uniform(0.7, 1.4, span))[during]


@behaviour(
    "not_charged/one_carer_does_it",
    kinds=WHEELS | HOISTS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def one_carer_does_it(life: Life, spell: Spell) -> None:
    """One carer of three plugs it in when she goes; in the weeks of the others nobody does."""
    hers = (np.arange(life.calendar.days) - spell.first) // 7 % 3 == 2
    during = spell.during(life)
    life.days.plugs[during] = np.where(hers, 0.95, 0.0)[during]
    life.days.heeds[during] = np.where(hers, 0.6, 0.04)[during]


@behaviour(
    "not_charged/too_dear_in_winter",
    kinds=LIFTS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def too_dear_in_winter(life: Life, spell: Spell) -> None:
    """In the dark months power is too dear: its plug is in for a while of an evening."""
    cold = np.flatnonzero(spell.during(life) & (life.calendar.winter > 0.45))
    if len(cold) < 25:
        spell.skipped = True
        return
    longest = max(np.split(cold, np.flatnonzero(np.diff(cold) > 1) + 1), key=len)
    spell.first, spell.until = int(longest[0]), int(longest[-1]) + 1
    share = enough(life) * spell.rng.uniform(0.6, 1.3, life.calendar.days)
    life.days.mains[longest] = share[longest]


# --- off_charge_point


@behaviour(
    "off_charge_point/gets_off_on_the_half_landing",
    kinds=LIFTS,
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def gets_off_on_the_half_landing(life: Life, spell: Spell) -> None:
    """The bathroom is on the half landing: since the first day it is left there, on most days."""
    spell.first, spell.until = 0, int(spell.rng.integers(80, 260))
    there = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.75)
    life.days.parks_well[there] = float(spell.rng.uniform(0.15, 0.35))
    mechanic(life, spell.until)


@behaviour(
    "off_charge_point/boots_in_wet_weeks",
    kinds=LIFTS,
    lasts=(60, 200),
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def boots_in_wet_weeks(life: Life, spell: Spell) -> None:
    """In wet weeks boots and buckets stand at the foot of the stairs: it is halted before them."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        wet = int(spell.rng.integers(6, 13))
        life.days.parks_well[day : min(day + wet, spell.until)] = float(spell.rng.uniform(0.1, 0.3))
        day += wet + int(spell.rng.integers(4, 10))


@behaviour(
    "off_charge_point/in_school_holidays",
    kinds=LIFTS,
    lasts=(14, 44),
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def in_school_holidays(life: Life, spell: Spell) -> None:
    """As long as school is out it stays halfway, out of the grandchildren's reach."""
    life.days.parks_well[spell.during(life)] = float(spell.rng.uniform(0.2, 0.4))


@behaviour(
    "off_charge_point/moved_by_the_plumber",
    kinds=LIFTS,
    lasts=(6, 16),
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def moved_by_the_plumber(life: Life, spell: Spell) -> None:
    """A plumber pushes its rail aside by an inch: its contacts meet no more at either end."""
    life.days.parks_well[spell.during(life)] = float(spell.rng.uniform(0.0, 0.12))
    mechanic(life, spell.until)


# --- unsheltered


@behaviour(
    "unsheltered/at_the_allotment",
    kinds=WHEELS,
    lasts=(50, 160),
    allowed=(*OUTSIDE_TOO, "not_charged", "lost"),
)
def at_the_allotment(life: Life, spell: Spell) -> None:
    """From Thursday to Sunday it stays among the beans of the allotment, by day and by night."""
    there = spell.during(life) & on_weekday(life, 3, 4, 5, 6)
    life.days.shelter[there] = float(spell.rng.uniform(0.95, 1.0))
    life.days.plugs[there] = 0.0


@behaviour("unsheltered/banned_from_the_hall", kinds=WHEELS, allowed=OUTSIDE_TOO)
def banned_from_the_hall(life: Life, spell: Spell) -> None:
    """The neighbours want it out of the hall: outside on every other night, and soon on all."""
    chance = 0.5 + 0.5 * spell.grown(life, over=float(spell.rng.uniform(10, 30)))
    out = spell.during(life) & (spell.rng.random(life.calendar.days) < chance)
    life.days.shelter[out] = float(spell.rng.uniform(0.93, 1.0))


@behaviour("unsheltered/lean_to_of_plastic_sheet", kinds=WHEELS, allowed=OUTSIDE_TOO)
def lean_to_of_plastic_sheet(life: Life, spell: Spell) -> None:
    """Under a lean-to of plastic sheet against the shed, open to one side: wind, damp and frost."""
    outdoors(life, spell, 0.82, 0.92)
    life.days.room_c[spell.during(life)] = 11.0


@behaviour(
    "unsheltered/in_a_horse_box",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=OUTSIDE_TOO,
)
def in_a_horse_box(life: Life, spell: Spell) -> None:
    """In an old horse box in the yard: colder than the air by night, and far hotter in the sun."""
    calendar = life.calendar
    sun_c = spell.rng.uniform(0, 10, calendar.days) * (1.2 - calendar.winter)
    coldest_c = calendar.coldest_c - spell.rng.uniform(0, 1, calendar.days)
    weather(life, spell.during(life), coldest_c, calendar.warmest_c + sun_c)
