"""What several of these ways share: rhythms, bursts of rides, readings."""

from typing import Any

import numpy as np

from simulator.years.behaviours.cases.journeys import journeys
from simulator.years.behaviours.contract import Spell
from simulator.years.behaviours.people import weight_apart
from simulator.years.behaviours.purpose import trips_of_day
from simulator.years.life import Bools, FaultSpell, Floats, Ints, Life, Who
from simulator.years.power import GIVES_UP_V


def by_turns(life: Life, spell: Spell, on: tuple[int, int], off: tuple[int, int]) -> Bools:
    """Return by day whether it is on: for some days, then off for some, to and fro."""
    there = np.zeros(life.calendar.days, dtype=bool)
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        last = day + int(spell.rng.integers(on[0], on[1] + 1))
        there[day : min(last, spell.until)] = True
        day = last + int(spell.rng.integers(off[0], off[1] + 1))
    return there


def twice_as_long(life: Life, spell: Spell, first: int, gap: tuple[int, int]) -> Bools:
    """Return by day whether it is on: for ``first`` days, and each time for twice as many."""
    there = np.zeros(life.calendar.days, dtype=bool)
    day, length = spell.first, first
    while day < min(spell.until, life.calendar.days):
        there[day : min(day + length, spell.until)] = True
        day += length + int(spell.rng.integers(gap[0], gap[1] + 1))
        length *= 2
    return there


def some_days(life: Life, spell: Spell, chance: Floats | float) -> Bools:
    """Return some of its days, each with that chance."""
    picked: Bools = spell.during(life) & (spell.rng.random(life.calendar.days) < chance)
    return picked


def coldest_of(life: Life, spell: Spell, share: float) -> Bools:
    """Return the colder part of its days, out of doors."""
    during, coldest_c = spell.during(life), life.calendar.coldest_c
    cold: Bools = during & (coldest_c <= np.quantile(coldest_c[during], share))
    return cold


def warmest_of(life: Life, spell: Spell, share: float) -> Bools:
    """Return the warmer part of its days, out of doors."""
    during, warmest_c = spell.during(life), life.calendar.warmest_c
    warm: Bools = during & (warmest_c >= np.quantile(warmest_c[during], 1 - share))
    return warm


def season(life: Life, spell: Spell, *, cold: bool, least: int) -> bool:
    """Make its longest run of cold (or mild) months all of the spell; whether that is enough."""
    winter = life.calendar.winter
    there = np.flatnonzero(spell.during(life) & ((winter > 0.45) if cold else (winter < 0.65)))
    runs = np.split(there, np.flatnonzero(np.diff(there) > 1) + 1)
    longest = max(runs, key=len)
    if len(longest) < least:
        spell.skipped = True
        return False
    spell.first, spell.until = int(longest[0]), int(longest[-1]) + 1
    return True


def bursts(life: Life, spell: Spell, counts: Ints, **traits: Any) -> None:
    """Add so many there and back again on each day, as ``trips_of_day`` has it."""
    life.rides = life.rides.with_more(trips_of_day(life, spell, counts, **traits))


def goes(life: Life, spell: Spell, there: Bools, **traits: Any) -> None:
    """Add one way out and one back on each of these days, as ``journeys`` has it."""
    ways = journeys(life, spell, there, **traits)
    ways.load_kg = np.maximum(ways.load_kg, 0.0)
    life.rides = life.rides.with_more(ways.sorted())


def clients(life: Life, spell: Spell) -> Bools:
    """Return which rides of the spell are the client's own, sitting on it."""
    rides = life.rides
    own: Bools = spell.rides(life) & (rides.who == int(Who.CLIENT)) & (rides.load_kg > 20)
    return own


def reads(life: Life, factor: Floats | float) -> None:
    """Have all currents be so many times what they were, by ride."""
    rides = life.rides
    factors = np.broadcast_to(factor, len(rides))
    rides.mean_a, rides.peak_a = rides.mean_a * factors, rides.peak_a * factors
    rides.profile_a = rides.profile_a * factors[:, None]


def sags(life: Life, lower_v: Floats) -> None:
    """Have rides pull the battery down by so much more, to where its controller gives up."""
    rides = life.rides
    least_v = life.aid.battery.cut_off_v - GIVES_UP_V
    rides.min_v = np.maximum(rides.min_v - lower_v, least_v)


def another_client(life: Life, spell: Spell, number: int, **limits: int) -> None:
    """Have it stand idle for a week, and be lent on, as the register says, to another build."""
    if not 7 <= spell.first < life.calendar.days:
        spell.skipped = True
        return
    since = spell.during(life)
    life.days.rides[spell.first - 7 : spell.first] = 0.0
    life.days.partner[spell.first - 7 :] = 0.0
    life.days.weight_kg[since] += weight_apart(life, spell, 8, 30) - life.aid.client.weight_kg
    life.days.pace[since] *= float(spell.rng.uniform(0.6, 1.5))
    life.registered(
        life.moment(spell.first, 10.0),
        lent_on=life.calendar.date_of(spell.first),
        client_number=f"C-{life.aid.number + number:06d}",
        **limits,
    )


def shown(life: Life, code: str, from_ms: int, lasts_s: float) -> None:
    """Have a code come up at a moment, for so long."""
    until_ms = from_ms + round(lasts_s * 1000)
    life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))


def after_the_one_before_s(life: Life) -> Floats:
    """Return how long before each ride the last one had ended; the first: a day."""
    rides = life.rides
    ends_ms = rides.at_ms + (rides.duration_s * 1000).astype(np.int64)
    gaps: Floats = np.append([86_400.0], (rides.at_ms[1:] - ends_ms[:-1]) / 1000)[: len(rides)]
    return gaps


def place_in_day(life: Life) -> Ints:
    """Return the place of each ride in its day: 0, 1, 2 and so on."""
    day = life.rides.day
    return np.arange(len(day)) - np.searchsorted(day, day)
