"""More ways in which a charger fails, and what only looks like it."""

import numpy as np

from simulator.years.behaviours.contract import ALL, LIFTS, Spell, behaviour
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import Floats, Life

BESIDES = ("fault", "flapping", "battery_worn", "neglected", "off_charge_point")
NEITHER = ("not_charged", "unused")
REFERENCE_C = 20.0
COMPENSATED_V_PER_C = 0.036  # 3 mV a cell and degree, as data sheets of sealed lead-acid have it


def _mended(life: Life, spell: Spell, *names: str) -> None:
    """At the end of the spell another charger is put in its place."""
    if spell.until < life.calendar.days:
        for name in names:
            column = getattr(life.days, name)
            column[spell.until :] = column[0]
        mechanic(life, spell.until)


def _mean_c(life: Life) -> Floats:
    """Return about how warm it is where the aid stands."""
    calendar, days = life.calendar, life.days
    outside_c = (calendar.coldest_c + calendar.warmest_c) / 2
    result: Floats = days.room_c + days.shelter * (outside_c - days.room_c)
    return result


@behaviour("charger_failed/cuts_out", lasts=(25, 120), allowed=BESIDES, forbidden=NEITHER)
def cuts_out(life: Life, spell: Spell) -> None:
    """It gets hot and switches itself off, for hours, again and again."""
    share = float(spell.rng.uniform(0.1, 0.5))
    days = np.flatnonzero(spell.during(life))
    life.days.gives[days] = np.clip(share * spell.rng.uniform(0.6, 1.4, len(days)), 0.02, 0.8)
    _mended(life, spell, "gives")


@behaviour(
    "charger_failed/in_the_cold",
    lasts=(40, 140),
    allowed=(*BESIDES, "unsheltered"),
    forbidden=NEITHER,
)
def in_the_cold(life: Life, spell: Spell) -> None:
    """A cracked joint: on the colder half of the days it gives nothing."""
    during = spell.during(life)
    life.days.shelter[during] = np.maximum(life.days.shelter[during], 0.4)  # an unheated hall
    cold_c = _mean_c(life)
    limit_c = float(np.quantile(cold_c[during], spell.rng.uniform(0.35, 0.6)))
    life.days.charger[during & (cold_c < limit_c)] = 0.0
    _mended(life, spell, "charger")


@behaviour("charger_failed/for_days", lasts=(25, 90), allowed=BESIDES, forbidden=NEITHER)
def for_days(life: Life, spell: Spell) -> None:
    """A broken lead: nothing for one day or some, then all for some, to and fro."""
    day, gives = spell.first, False
    while day < min(spell.until, life.calendar.days):
        length = int(spell.rng.integers(1, 5))
        if not gives:
            life.days.charger[day : min(day + length, spell.until)] = 0.0
        day, gives = day + length, not gives
    _mended(life, spell, "charger")


@behaviour("charger_failed/fades", lasts=(60, 200), allowed=BESIDES, forbidden=NEITHER)
def fades(life: Life, spell: Spell) -> None:
    """Its capacitors dry out: less from month to month, in the end hardly any."""
    grown = spell.grown(life, over=float(spell.rng.uniform(40, 100)))
    end_v = float(spell.rng.uniform(25.0, 25.9))
    life.days.charger = life.days.charger * (1 - 0.93 * grown)
    life.days.charger_v = life.days.charger_v + grown * (end_v - life.days.charger_v)
    _mended(life, spell, "charger", "charger_v")


@behaviour("charger_failed/drifts_high", lasts=(60, 160), allowed=BESIDES, forbidden=NEITHER)
def drifts_high(life: Life, spell: Spell) -> None:
    """Its reference drifts: higher from week to week, until the battery boils."""
    end_v = float(spell.rng.uniform(30.2, 32.0))
    grown = spell.grown(life, over=float(spell.rng.uniform(20, 50)))
    life.days.charger_v = life.days.charger_v + grown * (end_v - life.days.charger_v)
    _mended(life, spell, "charger_v")


@behaviour("charger_failed/never_floats", lasts=(20, 120), allowed=BESIDES, forbidden=NEITHER)
def never_floats(life: Life, spell: Spell) -> None:
    """It never goes back from its charging voltage: held there day and night."""
    life.days.charger_v[spell.during(life)] = float(spell.rng.uniform(29.8, 31.0))
    _mended(life, spell, "charger_v")


NOT_CHARGER = ("charger_failed", "battery_worn", "off_charge_point")


@behaviour("fine/charger_exchanged", forbidden=(*NOT_CHARGER, "modified"))
def charger_exchanged(life: Life, spell: Spell) -> None:
    """Another type of charger: another voltage from one day to the next, a sound one."""
    life.days.charger_v[spell.during(life)] = float(spell.rng.uniform(27.0, 29.2))
    if spell.rng.random() < 0.5:
        mechanic(life, spell.first)


@behaviour("fine/charger_compensated", forbidden=("charger_failed", "battery_worn"))
def charger_compensated(life: Life, spell: Spell) -> None:
    """A good charger: the colder the battery, the higher its voltage, as it should be."""
    spell.first = 0
    colder = np.clip(REFERENCE_C - _mean_c(life), -10, 30)
    life.days.charger_v = life.days.charger_v + COMPENSATED_V_PER_C * colder


@behaviour(
    "fine/fuse_out_on_holiday",
    lasts=(7, 24),
    forbidden=(*NOT_CHARGER, "neglected", "lost"),
    allowed=("not_charged", "fault", "unused", "offline", "mute"),
)
def fuse_out_on_holiday(life: Life, spell: Spell) -> None:
    """Away, with the main fuse out: the battery empties itself, and is charged afterwards."""
    during = spell.during(life)
    life.days.rides[during] = 0.0
    life.days.partner[during] = 0.0
    life.days.mains[during] = 0.0


@behaviour("fine/socket_shared", lasts=(20, 90), kinds=ALL, forbidden=NOT_CHARGER)
def socket_shared(life: Life, spell: Spell) -> None:
    """The socket is needed for some hours of the day: that long there are no mains."""
    days = np.flatnonzero(spell.during(life))
    life.days.mains[days] = np.minimum(
        life.days.mains[days], spell.rng.uniform(0.55, 0.95, len(days))
    )


@behaviour(
    "fine/parked_carelessly", kinds=LIFTS, forbidden=("charger_failed", "battery_worn", "neglected")
)
def parked_carelessly(life: Life, spell: Spell) -> None:
    """Every sixth ride ends a hand before its contacts, and always did."""
    spell.first = 0
    life.days.parks_well[:] = float(spell.rng.uniform(0.75, 0.9))
