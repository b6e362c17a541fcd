"""Modems that say little or nothing, as the helpdesk hears of them."""

import numpy as np

from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.quiet import WEAK_TOO
from simulator.years.behaviours.contract import Spell, behaviour
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.silence import NOT_ITS_PEOPLE, outages
from simulator.years.life import Life, Outage

SILENT_TOO = ("test_calls_missed", "mute")
NOT_SILENT = ("offline", "mute")
HOUR_MS = 3_600_000

# --- offline


@behaviour(
    "offline/after_a_week_of_drops",
    lasts=(12, 30),
    forbidden=NOT_ITS_PEOPLE,
    allowed=(*SILENT_TOO, "signal_weak"),
)
def after_a_week_of_drops(life: Life, spell: Spell) -> None:
    """It drops out for minutes, then for hours, after a week for good; at last it is exchanged."""
    dying = int(spell.rng.integers(5, 9))
    for day in range(dying):
        for _ in range(int(spell.rng.integers(2, 6))):
            from_ms = life.moment(spell.first + day, float(spell.rng.uniform(0, 22)))
            lasts_ms = int((0.1 + 4.0 * day / dying) * HOUR_MS * spell.rng.uniform(0.5, 1.0))
            life.outages.append(Outage(from_ms=from_ms, until_ms=from_ms + lasts_ms, on=False))
    spell.first += dying
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(0, 20)))
    spell.until_ms = life.moment(spell.until, 10.5)
    life.outages.append(Outage(from_ms=spell.began_ms, until_ms=spell.until_ms, on=False))
    mechanic(life, spell.until)


@behaviour(
    "offline/bundle_used_up",
    lasts=(62, 125),
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def bundle_used_up(life: Life, spell: Spell) -> None:
    """Too small a bundle on its card: used up days before the month ends, every month."""
    spent = 0
    for day in np.flatnonzero(spell.during(life)).tolist():
        date = life.calendar.date_of(day)
        if date.day == 1:
            spent = 0
        if not spent and date.day >= int(spell.rng.integers(19, 27)):
            spent = 1
            from_ms = life.moment(day, float(spell.rng.uniform(1, 22)))
            ends = day + 1
            while life.calendar.date_of(ends).day != 1:
                ends += 1
            until_ms = life.moment(ends, float(spell.rng.uniform(0.1, 3)))
            life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms))
            spell.began_ms = spell.began_ms or from_ms
            spell.until_ms = until_ms


@behaviour(
    "offline/until_its_button_is_pressed",
    lasts=(30, 90),
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def until_its_button_is_pressed(life: Life, spell: Spell) -> None:
    """After every blink of the mains it stays off, until somebody passes and presses its button."""
    day, last = float(spell.first) + 0.3, min(spell.until, life.calendar.days - 1)
    while day < last:
        off = float(spell.rng.uniform(1.6, 5.5))
        from_ms, until_ms = life.moment(0, 24 * day), life.moment(0, 24 * (day + off))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
        spell.began_ms = spell.began_ms or from_ms
        spell.until_ms = until_ms
        day += off + float(spell.rng.uniform(3.0, 13.0))


# --- mute


@behaviour(
    "mute/once_a_week_by_mistake",
    lasts=(20, 70),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "offline"),
)
def once_a_week_by_mistake(life: Life, spell: Spell) -> None:
    """A setting meant for another fleet: it keeps its connection and reports on one day a week."""
    its_day = on_weekday(life, int(spell.rng.integers(7)))
    life.days.speaks &= ~(spell.during(life) & ~its_day)


@behaviour(
    "mute/lead_off",
    lasts=(5, 24),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "offline"),
)
def lead_off(life: Life, spell: Spell) -> None:
    """Its lead to the controller was knocked off: it starts, finds nothing, and waits for ever."""
    first = min(spell.first, life.calendar.days - 1)
    life.days.restarts[first] += 1
    life.days.speaks &= ~spell.during(life)
    if spell.until < life.calendar.days:
        life.days.openings[spell.until] += 1
        mechanic(life, spell.until)


@behaviour(
    "mute/ever_longer_pauses",
    lasts=(35, 90),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "offline"),
)
def ever_longer_pauses(life: Life, spell: Spell) -> None:
    """Its memory card wears out: it says nothing for two days, then for three, and so on."""
    day, pause = spell.first, 2
    while day < min(spell.until, life.calendar.days):
        life.days.speaks[day : min(day + pause, spell.until)] = False
        day += pause + int(spell.rng.integers(1, 4))
        pause += int(spell.rng.integers(0, 3))


# --- test_calls_missed


@behaviour("test_calls_missed/ever_fewer", lasts=(60, 140), forbidden=NOT_SILENT)
def ever_fewer(life: Life, spell: Spell) -> None:
    """An old exchange on their way is taken down bit by bit: ever fewer get through, then none."""
    lost = spell.grown(life, over=float(spell.rng.uniform(20, 45)), power=0.7)
    life.days.tests &= spell.rng.random(life.calendar.days) >= lost


@behaviour("test_calls_missed/since_the_mechanic_came", lasts=(14, 60), forbidden=NOT_SILENT)
def since_the_mechanic_came(life: Life, spell: Spell) -> None:
    """A mechanic leaves a tick out: no test call since his visit, until somebody else comes."""
    mechanic(life, spell.first)
    life.days.tests &= ~spell.during(life)
    mechanic(life, spell.until)


@behaviour("test_calls_missed/unpaid_bill", lasts=(50, 90), forbidden=NOT_SILENT)
def unpaid_bill(life: Life, spell: Spell) -> None:
    """A bill unpaid: for two weeks its calls are not put through, and next month the same again."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        blocked = int(spell.rng.integers(12, 18))
        life.days.tests[day : min(day + blocked, spell.until)] = False
        day += blocked + int(spell.rng.integers(12, 19))


# --- signal_weak


@behaviour("signal_weak/aerial_works_loose", lasts=(45, 150), allowed=WEAK_TOO)
def aerial_works_loose(life: Life, spell: Spell) -> None:
    """The screw of its aerial works loose: hardly any signal on some days, and on ever more."""
    days = life.calendar.days
    chance = 0.35 + 0.6 * spell.grown(life, over=40)
    blocks = np.repeat(spell.rng.random(days // 3 + 1), 3)[:days]
    weak = spell.during(life) & (blocks < chance)
    weak_dbm = float(spell.rng.uniform(-116, -111)) + spell.rng.normal(0, 1.5, days)
    life.days.signal_dbm = np.where(
        weak, np.minimum(weak_dbm, life.days.signal_dbm), life.days.signal_dbm
    )
    outages(life, spell, a_day=0.5, longest_h=2.5)


@behaviour("signal_weak/holiday_park", lasts=(40, 80), allowed=WEAK_TOO)
def holiday_park(life: Life, spell: Spell) -> None:
    """High season in the park beside it: a full network on weekdays, and none at weekends."""
    drowned = on_weekday(life, 4, 5, 6)
    there = np.where(drowned, -115.5, -109.5) + spell.rng.normal(0, 1.5, life.calendar.days)
    life.days.signal_dbm = np.where(
        spell.during(life), np.minimum(there, life.days.signal_dbm), life.days.signal_dbm
    )
    outages(life, spell, a_day=0.7, longest_h=1.5)


@behaviour("signal_weak/scaffolding", lasts=(40, 130), allowed=WEAK_TOO)
def scaffolding(life: Life, spell: Spell) -> None:
    """Scaffolding before the house, two weeks later foil all round, until it is painted."""
    netted = np.arange(life.calendar.days) >= spell.first + int(spell.rng.integers(10, 18))
    lowest = float(spell.rng.uniform(-116, -111))
    there = np.where(netted, lowest, lowest + 7) + spell.rng.normal(0, 1.5, life.calendar.days)
    life.days.signal_dbm = np.where(
        spell.during(life), np.minimum(there, life.days.signal_dbm), life.days.signal_dbm
    )
    outages(life, spell, a_day=0.4, longest_h=2.0)
