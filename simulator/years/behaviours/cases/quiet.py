"""Modems that say little or nothing, by other causes."""

import numpy as np

from simulator.years.behaviours.contract import Spell, behaviour
from simulator.years.behaviours.silence import NOT_ITS_PEOPLE, cut_off, outages
from simulator.years.life import Life, Outage

WEAK_TOO = ("offline", "mute", "test_calls_missed")


@behaviour("signal_weak/trees_in_leaf", lasts=(80, 170), allowed=WEAK_TOO)
def trees_in_leaf(life: Life, spell: Spell) -> None:
    """Poplars between it and the mast come into leaf: weaker for a season, and well again."""
    leaf = np.clip(1.6 * np.sin(np.pi * spell.grown(life)), 0, 1)
    lowest = float(spell.rng.uniform(-116, -110))
    lost_db = np.minimum(lowest - life.days.signal_dbm, 0.0)
    life.days.signal_dbm = life.days.signal_dbm + lost_db * leaf
    outages(life, spell, a_day=0.4, longest_h=2.0)


@behaviour("signal_weak/foil_and_rain", allowed=WEAK_TOO)
def foil_and_rain(life: Life, spell: Spell) -> None:
    """New insulation with foil: poor when it is dry, and hardly anything when the wall is wet."""
    days = life.calendar.days
    wet = np.repeat(spell.rng.random(days // 3 + 1) < 0.5, 3)[:days]
    there = np.where(wet, -116.5, -109.0) + spell.rng.normal(0, 1.5, days)
    life.days.signal_dbm = np.where(
        spell.during(life), np.minimum(there, life.days.signal_dbm), life.days.signal_dbm
    )
    outages(life, spell, a_day=0.6, longest_h=2.5)


@behaviour(
    "offline/group_switched_off",
    lasts=(3, 10),
    forbidden=NOT_ITS_PEOPLE[:1],
    allowed=(
        *("test_calls_missed", "not_charged", "charger_failed", "fault", "flapping"),
        *("neglected", "off_charge_point"),
    ),
)
def group_switched_off(life: Life, spell: Spell) -> None:
    """A short circuit somewhere: the group of its socket is off until an electrician comes."""
    cut_off(life, spell, on=False)
    first = spell.first + 1
    life.days.mains[first : spell.until] = 0.0


@behaviour(
    "offline/update_that_fails",
    lasts=(4, 18),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "mute", "flapping"),
)
def update_that_fails(life: Life, spell: Spell) -> None:
    """An update fails again and again: it is there for a minute or two every few hours."""
    at_ms = life.moment(spell.first, float(spell.rng.uniform(1, 5)))
    end_ms = life.moment(spell.until, float(spell.rng.uniform(8, 18)))
    spell.began_ms, spell.until_ms = at_ms, end_ms
    while at_ms < end_ms:
        back_ms = min(at_ms + int(spell.rng.uniform(3.0, 9.0) * 3_600_000), end_ms)
        life.outages.append(Outage(from_ms=at_ms, until_ms=back_ms, on=False))
        at_ms = back_ms + int(spell.rng.uniform(40, 150) * 1_000)


@behaviour(
    "offline/card_lent",
    lasts=(16, 55),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "mute"),
)
def card_lent(life: Life, spell: Spell) -> None:
    """Somebody takes its card for a telephone: gone for days, back for a day or two, gone again."""
    day, last = float(spell.first) + 0.6, min(spell.until, life.calendar.days - 1)
    spell.began_ms = life.moment(spell.first, 14.4)
    until_ms = spell.began_ms
    while day < last:
        gone = float(spell.rng.uniform(1.8, 5.0))
        from_ms, until_ms = life.moment(0, 24 * day), life.moment(0, 24 * (day + gone))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms))
        day += gone + float(spell.rng.uniform(0.5, 2.2))
    spell.until_ms = until_ms


@behaviour(
    "mute/by_fits",
    lasts=(20, 70),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "offline"),
)
def by_fits(life: Life, spell: Spell) -> None:
    """Its program hangs for some days, comes free, and hangs again; the line is there always."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        hangs = int(spell.rng.integers(2, 6))
        last = min(day + hangs, spell.until)
        life.days.speaks[day:last] = False
        if last < life.calendar.days:
            life.days.restarts[last] += 1
        day += hangs + int(spell.rng.integers(1, 4))


@behaviour(
    "mute/words_refused",
    lasts=(5, 22),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "offline"),
)
def words_refused(life: Life, spell: Spell) -> None:
    """Its right to write has run out: it connects over and over, and nothing it says is taken."""
    during = spell.during(life)
    life.days.speaks &= ~during
    for day in np.flatnonzero(during).tolist():
        for hour in spell.rng.uniform(0, 23.9, int(spell.rng.integers(5, 16))).tolist():
            from_ms = life.moment(day, hour)
            lasts_ms = int(spell.rng.uniform(20, 200) * 1_000)
            life.outages.append(Outage(from_ms=from_ms, until_ms=from_ms + lasts_ms))


@behaviour(
    "test_calls_missed/weeks_about",
    lasts=(40, 130),
    forbidden=("offline", "mute"),
)
def weeks_about(life: Life, spell: Spell) -> None:
    """Of two paths for its calls one is dead; it takes each for ten days or so, by turns."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        length = int(spell.rng.integers(10, 17))
        life.days.tests[day : min(day + length, spell.until)] = False
        day += length + int(spell.rng.integers(6, 12))


@behaviour(
    "test_calls_missed/number_changed",
    lasts=(12, 40),
    forbidden=("offline", "mute"),
)
def number_changed(life: Life, spell: Spell) -> None:
    """The number that it calls has changed; it learns that only when it is started anew."""
    life.days.tests &= ~spell.during(life)
    if spell.until < life.calendar.days:
        life.days.restarts[spell.until] += 1
