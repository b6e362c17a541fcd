"""Modems and their lines: cut off, dumb, far from a mast, or without their test calls."""

import numpy as np

from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.lines import HOUR_MS, NOT_SILENT, SILENT_TOO
from simulator.years.behaviours.cases.quiet import WEAK_TOO
from simulator.years.behaviours.contract import Spell, behaviour
from simulator.years.behaviours.silence import NOT_ITS_PEOPLE, cut_off, outages
from simulator.years.life import Floats, Life, Outage

MUTE_TOO = ("test_calls_missed", "offline")

# --- signal_weak


def no_better_than(life: Life, spell: Spell, dbm: Floats | float) -> None:
    """Have the signal be no better than that while the spell lasts, a little otherwise each day."""
    there = dbm + spell.rng.normal(0, 1.5, life.calendar.days)
    worse = np.minimum(there, life.days.signal_dbm)
    life.days.signal_dbm = np.where(spell.during(life), worse, life.days.signal_dbm)


@behaviour("signal_weak/ship_on_the_slip", lasts=(70, 150), allowed=WEAK_TOO)
def ship_on_the_slip(life: Life, spell: Spell) -> None:
    """A ship is built on the slip opposite: weaker as she grows, and well on the day she floats."""
    built = spell.grown(life, over=float(spell.rng.uniform(25, 45)))
    lowest = float(spell.rng.uniform(-117, -111))
    no_better_than(life, spell, life.aid.signal_dbm + built * (lowest - life.aid.signal_dbm))
    outages(life, spell, a_day=0.4, longest_h=2.0)


@behaviour("signal_weak/fitted_in_the_cellar", allowed=WEAK_TOO)
def fitted_in_the_cellar(life: Life, spell: Spell) -> None:
    """Its modem was screwed to the cellar's wall: next to nothing since the first day."""
    spell.first = 0
    no_better_than(life, spell, float(spell.rng.uniform(-117, -110)))
    outages(life, spell, a_day=0.5, longest_h=2.5)


@behaviour("signal_weak/bands_given_up", lasts=(60, 200), allowed=WEAK_TOO)
def bands_given_up(life: Life, spell: Spell) -> None:
    """Its operator gives up one band after the other: three steps down within some weeks."""
    steps = np.array([0, *np.sort(spell.rng.integers(4, 30, 2))]) + spell.first
    given_up = (np.arange(life.calendar.days)[:, None] >= steps).sum(axis=1)
    lowest = float(spell.rng.uniform(-117, -111))
    share = given_up / len(steps)
    no_better_than(life, spell, life.aid.signal_dbm + share * (lowest - life.aid.signal_dbm))
    outages(life, spell, a_day=0.5, longest_h=2.0)


# --- offline


@behaviour(
    "offline/stops_in_the_heat",
    lasts=(24, 50),
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def stops_in_the_heat(life: Life, spell: Spell) -> None:
    """Under the roof it stops on warm afternoons and wakes at night; after some weeks for good."""
    weeks = int(spell.rng.integers(12, 20))
    days = np.arange(spell.first, min(spell.first + weeks, life.calendar.days))
    warmest_c = life.calendar.warmest_c[days]
    for day in days[warmest_c >= np.quantile(warmest_c, 0.5)].tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(12, 14.5)))
        until_ms = life.moment(day, float(spell.rng.uniform(19, 23)))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
    spell.first += weeks
    cut_off(life, spell, on=False)


@behaviour(
    "offline/once_a_week",
    lasts=(25, 70),
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def once_a_week(life: Life, spell: Spell) -> None:
    """Its card finds its network for an hour or two a week: then all of the week comes at once."""
    at_ms = spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(0, 20)))
    last_ms = life.moment(min(spell.until, life.calendar.days - 1), 0)
    while at_ms < last_ms:
        until_ms = at_ms + int(spell.rng.uniform(4.5, 8.5) * 24 * HOUR_MS)
        life.outages.append(Outage(from_ms=at_ms, until_ms=until_ms))
        spell.until_ms = until_ms
        at_ms = until_ms + int(spell.rng.uniform(0.7, 2.5) * HOUR_MS)


@behaviour(
    "offline/dug_through_twice",
    lasts=(16, 26),
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def dug_through_twice(life: Life, spell: Spell) -> None:
    """A digger tears the mast's cable: two days or three; and two weeks later it does so again."""
    first_ms = life.moment(spell.first, float(spell.rng.uniform(8, 16)))
    last_ms = life.moment(spell.until, float(spell.rng.uniform(9, 17)))
    mended_ms = first_ms + int(spell.rng.uniform(1.8, 3.5) * 24 * HOUR_MS)
    again_ms = last_ms - int(spell.rng.uniform(1.8, 3.5) * 24 * HOUR_MS)
    life.outages.append(Outage(from_ms=first_ms, until_ms=mended_ms))
    life.outages.append(Outage(from_ms=again_ms, until_ms=last_ms))
    spell.began_ms, spell.until_ms = first_ms, last_ms


@behaviour(
    "offline/did_not_come_back",
    lasts=(3, 11),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed",),
)
def did_not_come_back(life: Life, spell: Spell) -> None:
    """After an hour without mains all in the house comes back, but for its modem."""
    life.days.mains[spell.first : spell.first + 1] = 1 - float(spell.rng.uniform(0.5, 3.0)) / 24
    cut_off(life, spell, on=False)


# --- mute


@behaviour(
    "mute/clock_years_ahead",
    lasts=(5, 20),
    forbidden=NOT_ITS_PEOPLE,
    allowed=MUTE_TOO,
)
def clock_years_ahead(life: Life, spell: Spell) -> None:
    """Its clock jumps years ahead: it waits with all it has to say, until it is started anew."""
    life.days.speaks &= ~spell.during(life)
    life.days.restarts[spell.until : spell.until + 1] += 1


@behaviour(
    "mute/long_weekends",
    lasts=(35, 100),
    forbidden=NOT_ITS_PEOPLE,
    allowed=MUTE_TOO,
)
def long_weekends(life: Life, spell: Spell) -> None:
    """A weekly job fills its memory on Friday: connected, it says nothing until Tuesday's."""
    full = spell.during(life) & on_weekday(life, 4, 5, 6, 0)
    life.days.speaks &= ~full


@behaviour(
    "mute/after_a_surge",
    lasts=(6, 30),
    forbidden=NOT_ITS_PEOPLE,
    allowed=MUTE_TOO,
)
def after_a_surge(life: Life, spell: Spell) -> None:
    """A surge: it drops out three times within the hour, and then is there and says nothing."""
    at_ms = life.moment(spell.first, float(spell.rng.uniform(14, 21)))
    for _ in range(3):
        until_ms = at_ms + int(spell.rng.uniform(0.5, 6) * 60_000)
        life.outages.append(Outage(from_ms=at_ms, until_ms=until_ms, on=False))
        at_ms = until_ms + int(spell.rng.uniform(2, 14) * 60_000)
    spell.first += 1
    life.days.speaks &= ~spell.during(life)


@behaviour("mute/spoke_for_a_week", forbidden=NOT_ITS_PEOPLE, allowed=MUTE_TOO)
def spoke_for_a_week(life: Life, spell: Spell) -> None:
    """New, it spoke for a week or so; since then it keeps its connection, and that is all."""
    spell.first = int(spell.rng.integers(5, 12))
    spell.until = int(spell.rng.integers(40, 200))
    life.days.speaks &= ~spell.during(life)


# --- test_calls_missed


@behaviour("test_calls_missed/never_made_one", forbidden=NOT_SILENT)
def never_made_one(life: Life, spell: Spell) -> None:
    """Whoever fitted it forgot to switch them on: not one test call since the first day."""
    spell.first, spell.until = 0, int(spell.rng.integers(50, 250))
    life.days.tests &= ~spell.during(life)


@behaviour("test_calls_missed/every_other_one", lasts=(35, 150), forbidden=NOT_SILENT)
def every_other_one(life: Life, spell: Spell) -> None:
    """Of two receivers that take turns one is dead: every other test call reaches nobody."""
    turn = (np.arange(life.calendar.days) // 3) % 2 == int(spell.rng.integers(2))
    life.days.tests &= ~(spell.during(life) & turn)


@behaviour("test_calls_missed/closed_for_long_weekends", lasts=(45, 130), forbidden=NOT_SILENT)
def closed_for_long_weekends(life: Life, spell: Spell) -> None:
    """For months its exchange is worked on from Friday to Monday: no test call gets through."""
    life.days.tests &= ~(spell.during(life) & on_weekday(life, 4, 5, 6, 0))
