"""Aids that are switched off by habit, and those that break a habit; test calls on poor lines."""

import numpy as np

from simulator.years.behaviours.contract import Spell, behaviour
from simulator.years.behaviours.silence import NOT_ITS_PEOPLE, cut_off
from simulator.years.life import Life, Outage

STILL_THERE = ("offline", "mute", "unused", "test_calls_missed", "neglected")
CALLS_TOO = ("test_calls_missed",)


def _off(life: Life, day: int, off_h: float, days: int, on_h: float) -> None:
    life.outages.append(
        Outage(from_ms=life.moment(day, off_h), until_ms=life.moment(day + days, on_h), on=False)
    )


def _nights(life: Life, spell: Spell, first: int, until: int, *, share: float = 1.0) -> None:
    """Switch it off for nights: about the same times, a little otherwise each night."""
    off_h, on_h = spell.rng.uniform(20.5, 23.8), spell.rng.uniform(5.5, 9.5)
    for day in range(first, min(until, life.calendar.days)):
        if spell.rng.random() < share:
            late_h = min(float(off_h + spell.rng.normal(0, 0.4)), 23.95)
            _off(life, day, late_h, 1, float(on_h + spell.rng.normal(0, 0.4)))


@behaviour("offline/some_days", lasts=(2, 5), forbidden=NOT_ITS_PEOPLE, allowed=CALLS_TOO)
def some_days(life: Life, spell: Spell) -> None:
    """Its plug is out for two days or some more."""
    cut_off(life, spell, on=False)


@behaviour("offline/after_habit", lasts=(4, 20), forbidden=NOT_ITS_PEOPLE, allowed=CALLS_TOO)
def after_habit(life: Life, spell: Spell) -> None:
    """Switched off every night for months, then one morning not switched on again."""
    _nights(life, spell, 0, spell.first - 1)
    cut_off(life, spell, on=False)


@behaviour("offline/storm", lasts=(3, 9), forbidden=NOT_ITS_PEOPLE, allowed=CALLS_TOO)
def storm(life: Life, spell: Spell) -> None:
    """A storm takes the mast; the modem keeps what it has to say."""
    cut_off(life, spell, on=True)


@behaviour("fine/nights_off", lasts=(30, 200), forbidden=STILL_THERE)
def nights_off(life: Life, spell: Spell) -> None:
    """Everything is switched off for the night."""
    _nights(life, spell, spell.first, spell.until)


@behaviour("fine/some_nights_off", lasts=(30, 200), forbidden=STILL_THERE)
def some_nights_off(life: Life, spell: Spell) -> None:
    """On some nights it is switched off, on others forgotten."""
    _nights(life, spell, spell.first, spell.until, share=float(spell.rng.uniform(0.2, 0.8)))


@behaviour("fine/weekends_off", lasts=(60, 200), forbidden=STILL_THERE[1:])
def weekends_off(life: Life, spell: Spell) -> None:
    """A day centre: off from Friday evening until Monday morning."""
    off_h, on_h = spell.rng.uniform(16.5, 18.5), spell.rng.uniform(7.0, 9.0)
    weekdays = [
        life.calendar.date_of(day).weekday()
        for day in range(spell.first, min(spell.until, life.calendar.days))
    ]
    for day, weekday in enumerate(weekdays, spell.first):
        if weekday == 4:
            _off(life, day, float(off_h), 3, float(on_h))
    during = np.flatnonzero(spell.during(life))
    closed = np.array([life.calendar.date_of(int(day)).weekday() >= 5 for day in during])
    life.days.rides[during[closed]] = 0.0


@behaviour("fine/off_while_out", lasts=(40, 200), forbidden=STILL_THERE)
def off_while_out(life: Life, spell: Spell) -> None:
    """Alone in the house from Monday to Friday: off while they are out."""
    off_h, on_h = spell.rng.uniform(8.0, 9.0), spell.rng.uniform(16.5, 18.5)
    for day in np.flatnonzero(spell.during(life)).tolist():
        if life.calendar.date_of(day).weekday() < 5:
            _off(life, day, float(off_h), 0, float(on_h + spell.rng.normal(0, 0.3)))


@behaviour("fine/cleaning_day", lasts=(60, 300), forbidden=STILL_THERE)
def cleaning_day(life: Life, spell: Spell) -> None:
    """Once a week the socket is needed for the vacuum cleaner, and forgotten for some hours."""
    weekday = int(spell.rng.integers(5))
    for day in np.flatnonzero(spell.during(life)).tolist():
        if life.calendar.date_of(day).weekday() == weekday:
            _off(life, day, 10.0, 0, 10.0 + float(spell.rng.uniform(0.3, 5.0)))


@behaviour("fine/test_calls_lost_at_times", forbidden=CALLS_TOO)
def test_calls_lost_at_times(life: Life, spell: Spell) -> None:
    """A poor line: one test call in six is lost, and always was."""
    spell.first = 0
    life.days.tests &= spell.rng.random(life.calendar.days) > float(spell.rng.uniform(0.08, 0.2))


@behaviour("fine/two_missed_test_calls", lasts=(6, 6), forbidden=CALLS_TOO)
def two_missed_test_calls(life: Life, spell: Spell) -> None:
    """Two in a row are missed, and then no more."""
    life.days.tests &= ~spell.during(life)
