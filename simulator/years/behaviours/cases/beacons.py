"""Modems and their lines: weak, gone, dumb, or without their test calls."""

from datetime import timedelta

import numpy as np

from simulator.years.behaviours.cases.airwaves import MUTE_TOO, no_better_than
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.lines import HOUR_MS, NOT_SILENT, SILENT_TOO
from simulator.years.behaviours.cases.quiet import WEAK_TOO
from simulator.years.behaviours.contract import WHEELS, Spell, behaviour
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.silence import NOT_ITS_PEOPLE, cut_off, outages
from simulator.years.life import Life, Outage

# --- signal_weak


@behaviour("signal_weak/gnawed_aerial", lasts=(30, 120), allowed=WEAK_TOO)
def gnawed_aerial(life: Life, spell: Spell) -> None:
    """The rabbit gnaws at its aerial: half is gone at once, the rest within days."""
    gnawed = 0.5 + 0.5 * spell.grown(life, over=float(spell.rng.uniform(5, 14)))
    lowest = float(spell.rng.uniform(-117, -111))
    no_better_than(life, spell, life.aid.signal_dbm + gnawed * (lowest - life.aid.signal_dbm))
    outages(life, spell, a_day=0.6, longest_h=2.5)
    mechanic(life, spell.until)


@behaviour("signal_weak/parked_in_the_basement", kinds=WHEELS, allowed=WEAK_TOO)
def parked_in_the_basement(life: Life, spell: Spell) -> None:
    """Its new place is two floors below the street: hardly anything gets through."""
    span = life.calendar.days
    dbm = float(spell.rng.uniform(-115, -110)) + spell.rng.normal(0, 2.0, span)
    no_better_than(life, spell, dbm)
    outages(life, spell, a_day=0.8, longest_h=3.0)


@behaviour("signal_weak/at_the_edge_of_its_cell", allowed=WEAK_TOO)
def at_the_edge_of_its_cell(life: Life, spell: Spell) -> None:
    """A farm behind the dike, at the very edge of its cell: so it was on the first day, and is."""
    spell.first = 0
    no_better_than(life, spell, float(spell.rng.uniform(-114, -109)))
    outages(life, spell, a_day=0.3, longest_h=1.5)


# --- offline


@behaviour(
    "offline/on_the_foreign_network",
    lasts=(25, 80),
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def on_the_foreign_network(life: Life, spell: Spell) -> None:
    """It clings to a network across the border that will not have it: gone for days at a time."""
    at_ms = spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(0, 20)))
    last_ms = life.moment(min(spell.until, life.calendar.days - 1), 0)
    while at_ms < last_ms:
        until_ms = at_ms + int(spell.rng.uniform(34, 80) * HOUR_MS)
        life.outages.append(Outage(from_ms=at_ms, until_ms=until_ms))
        spell.until_ms = until_ms
        at_ms = until_ms + int(spell.rng.uniform(5, 40) * HOUR_MS)


@behaviour(
    "offline/worked_for_three_days",
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def worked_for_three_days(life: Life, spell: Spell) -> None:
    """Fitted, and there for three days or four; then gone, until one comes to look, in weeks."""
    spell.first, spell.until = int(spell.rng.integers(3, 5)), int(spell.rng.integers(25, 60))
    cut_off(life, spell, on=False)
    mechanic(life, spell.until)


@behaviour(
    "offline/longer_every_night",
    lasts=(8, 30),
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def longer_every_night(life: Life, spell: Spell) -> None:
    """Its adapter is dying: off for some hours each night, longer every time, and then for good."""
    dying = int(spell.rng.integers(8, 15))
    nights = []
    for step in range(dying):
        day = spell.first - dying + step
        if day >= 0:
            from_ms = life.moment(day, 21.0 - 6.0 * step / dying)
            until_ms = life.moment(day + 1, 3.0 + 6.0 * step / dying)
            life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
            if until_ms - from_ms > 12 * HOUR_MS:
                nights.append(from_ms)
    cut_off(life, spell, on=False)
    spell.began_ms = min([spell.began_ms or 0, *nights])  # more than a night may be noticed already


@behaviour(
    "offline/pulled_on_thursdays",
    lasts=(35, 110),
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def pulled_on_thursdays(life: Life, spell: Spell) -> None:
    """On Thursdays its plug makes room for an iron; a son puts it back when he comes, on Sunday."""
    for day in np.flatnonzero(spell.during(life) & on_weekday(life, 3)).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(9, 12)))
        until_ms = life.moment(day + 3, float(spell.rng.uniform(11, 18)))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
        spell.began_ms = min(spell.began_ms or from_ms, from_ms)
        spell.until_ms = until_ms


# --- mute


@behaviour("mute/not_a_word_yet", forbidden=NOT_ITS_PEOPLE, allowed=MUTE_TOO)
def not_a_word_yet(life: Life, spell: Spell) -> None:
    """It has been connected since it came, and has not said a word: nobody has let it in yet."""
    spell.first, spell.until = 0, int(spell.rng.integers(20, 100))
    life.days.speaks &= ~spell.during(life)
    life.days.restarts[spell.until : spell.until + 1] += 1


@behaviour(
    "mute/since_the_clocks_changed",
    lasts=(6, 18),
    forbidden=NOT_ITS_PEOPLE,
    allowed=MUTE_TOO,
)
def since_the_clocks_changed(life: Life, spell: Spell) -> None:
    """On the night that clocks are changed it stumbles, and is there without a word for weeks."""
    calendar, length = life.calendar, spell.until - spell.first

    def changed(day: int) -> bool:
        date = calendar.date_of(day)
        last_of_month = (date + timedelta(days=7)).month != date.month
        return date.weekday() == 6 and date.month in (3, 10) and last_of_month

    nights = [day for day in range(calendar.days) if changed(day)]
    if not nights:
        spell.skipped = True
        return
    spell.first = min(nights, key=lambda day: abs(day - spell.first))
    spell.until = spell.first + length
    life.days.speaks &= ~spell.during(life)
    life.days.restarts[spell.until : spell.until + 1] += 1


@behaviour(
    "mute/silent_on_cool_days",
    lasts=(60, 130),
    forbidden=NOT_ITS_PEOPLE,
    allowed=MUTE_TOO,
)
def silent_on_cool_days(life: Life, spell: Spell) -> None:
    """Its memory fails where it is not warm: connected, it says nothing on the cooler days."""
    calendar, during = life.calendar, spell.during(life)
    mean_c = np.convolve((calendar.coldest_c + calendar.warmest_c) / 2, np.ones(5) / 5, "same")
    mean_c = mean_c[: calendar.days]  # of fewer than five it gives five
    life.days.speaks &= ~(during & (mean_c <= np.quantile(mean_c[during], 0.5)))


@behaviour(
    "mute/lead_left_off_by_the_mechanic",
    lasts=(7, 40),
    forbidden=NOT_ITS_PEOPLE,
    allowed=MUTE_TOO,
)
def lead_left_off_by_the_mechanic(life: Life, spell: Spell) -> None:
    """A mechanic forgets to plug its lead in again: connected, and not a word till he is back."""
    mechanic(life, spell.first - 1)
    life.days.speaks &= ~spell.during(life)
    mechanic(life, spell.until)


# --- test_calls_missed


@behaviour("test_calls_missed/every_twelve_days", forbidden=NOT_SILENT)
def every_twelve_days(life: Life, spell: Spell) -> None:
    """Somebody set it to call for a test every twelve days, not every three, when it was fitted."""
    spell.first, spell.until = 0, int(spell.rng.integers(90, 300))
    made = (np.arange(life.calendar.days) // 3) % 4 == int(spell.rng.integers(4))
    life.days.tests &= ~spell.during(life) | made


@behaviour("test_calls_missed/in_warm_weather", lasts=(60, 150), forbidden=NOT_SILENT)
def in_warm_weather(life: Life, spell: Spell) -> None:
    """The converter on their way stands under a roof: on the warmer days no test call gets by."""
    warmest_c, during = life.calendar.warmest_c, spell.during(life)
    life.days.tests &= ~(during & (warmest_c >= np.quantile(warmest_c[during], 0.3)))


@behaviour("test_calls_missed/after_the_first_month", forbidden=NOT_SILENT)
def after_the_first_month(life: Life, spell: Spell) -> None:
    """A subscription for its first month was never prolonged: some test calls, and then none."""
    spell.first = int(spell.rng.integers(26, 33))
    spell.until = spell.first + int(spell.rng.integers(60, 250))
    life.days.tests &= ~spell.during(life)
