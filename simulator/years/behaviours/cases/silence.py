"""Modems that say nothing, or hardly anything."""

import numpy as np

from simulator.years.behaviours.contract import Spell, behaviour
from simulator.years.behaviours.silence import NOT_ITS_PEOPLE, cut_off, outages
from simulator.years.life import Life, Outage


@behaviour(
    "offline/loose_plug",
    lasts=(10, 50),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "mute"),
)
def loose_plug(life: Life, spell: Spell) -> None:
    """Its plug sits loose: off for half a day or a day, then somebody bumps into it."""
    day = float(spell.first)
    until = min(spell.until, life.calendar.days - 1)
    first = True
    while day < until:
        hours = float(spell.rng.uniform(10, 34))
        from_ms = life.moment(int(day), 24 * (day % 1))
        life.outages.append(
            Outage(from_ms=from_ms, until_ms=from_ms + int(hours * 3_600_000), on=False)
        )
        if first:
            spell.began_ms, first = from_ms, False
        day += hours / 24 + float(spell.rng.uniform(0.4, 4.0))


@behaviour(
    "offline/network_moved",
    lasts=(2, 5),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "mute"),
)
def network_moved(life: Life, spell: Spell) -> None:
    """The operator moves its network: some days nothing, then all of it at once."""
    cut_off(life, spell, on=True)


@behaviour(
    "mute/hangs_until_the_weekly_restart",
    lasts=(15, 60),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "offline"),
)
def hangs_until_the_weekly_restart(life: Life, spell: Spell) -> None:
    """It hangs a day or two after each weekly restart; then nothing until the next."""
    day = np.arange(life.calendar.days)
    of_week = (day - spell.first) % 7
    speaks_for = int(spell.rng.integers(1, 3))
    life.days.speaks &= ~(spell.during(life) & (of_week < 7 - speaks_for))
    life.days.restarts[spell.during(life) & (of_week == 7 - speaks_for)] += 1


@behaviour(
    "mute/some_days",
    lasts=(2, 5),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed",),
)
def some_days(life: Life, spell: Spell) -> None:
    """Its memory is full for some days, until it is emptied from afar."""
    life.days.speaks &= ~spell.during(life)


@behaviour("test_calls_missed/two_of_three_lost", lasts=(45, 120), forbidden=("offline", "mute"))
def two_of_three_lost(life: Life, spell: Spell) -> None:
    """Most test calls get lost on the way, and some get through."""
    lost = spell.rng.random(life.calendar.days) < float(spell.rng.uniform(0.65, 0.85))
    life.days.tests &= ~(spell.during(life) & lost)


@behaviour("test_calls_missed/number_blocked", lasts=(13, 25), forbidden=("offline", "mute"))
def number_blocked(life: Life, spell: Spell) -> None:
    """The number of its calls is blocked for some weeks, by mistake."""
    life.days.tests &= ~spell.during(life)


@behaviour("signal_weak/new_building", allowed=("offline", "mute", "test_calls_missed"))
def new_building(life: Life, spell: Spell) -> None:
    """A block of flats goes up between it and the mast: weaker with every storey."""
    day = np.arange(life.calendar.days)
    a_storey = int(spell.rng.integers(9, 20))
    storeys = np.minimum((day - spell.first) // a_storey + 1, int(spell.rng.integers(4, 7)))
    top = float(spell.rng.uniform(-116, -110))
    step_db = (top - life.aid.signal_dbm) / storeys.max()
    life.days.signal_dbm = life.days.signal_dbm + np.where(
        spell.during(life), storeys * step_db, 0.0
    )
    outages(life, spell, a_day=0.3, longest_h=2.5)


@behaviour("signal_weak/metal_cupboard", allowed=("offline", "mute", "test_calls_missed"))
def metal_cupboard(life: Life, spell: Spell) -> None:
    """Tidied away into a cupboard of metal; weakest while its door is shut."""
    shut = spell.rng.random(life.calendar.days) < 0.8
    lowest = float(spell.rng.uniform(-115, -110))
    there = np.where(shut, lowest, lowest + 9) + spell.rng.normal(0, 1.5, life.calendar.days)
    life.days.signal_dbm = np.where(spell.during(life), there, life.days.signal_dbm)
    outages(life, spell, a_day=0.3, longest_h=1.0)


@behaviour(
    "offline/once_a_night",
    lasts=(12, 40),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "mute", "signal_weak"),
)
def once_a_night(life: Life, spell: Spell) -> None:
    """The mast is crowded out: a connection for some minutes by night, and none by day."""
    at_ms = life.moment(spell.first, float(spell.rng.uniform(5, 20)))
    spell.began_ms = at_ms
    for day in np.flatnonzero(spell.during(life))[:-1].tolist():
        back_ms = life.moment(day + 1, float(spell.rng.uniform(1.5, 4.5)))
        life.outages.append(Outage(from_ms=at_ms, until_ms=back_ms))
        at_ms = back_ms + int(spell.rng.uniform(4, 40) * 60_000)
