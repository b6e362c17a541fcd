"""How it is cared for: charging, shelter, neglect, and whether it is used at all."""

from datetime import timedelta

import numpy as np
from msgspec import structs

from simulator.years.behaviours.care import NOT_AT_FAULT, UNCHARGED, codes
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.life import FaultSpell, Life
from simulator.years.profiles import Profile


@behaviour(
    "not_charged/forgets_more_and_more",
    kinds=WHEELS | HOISTS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def forgets_more_and_more(life: Life, spell: Spell) -> None:
    """The client forgets: charged every night at first, at last only when it will hardly go."""
    over = float(spell.rng.uniform(30, 70))
    grown = spell.grown(life, over=over)
    life.days.plugs = life.days.plugs * (1 - 0.97 * grown)
    life.days.heeds = life.days.heeds * (1 - grown) + 0.12 * grown
    spell.first += round(0.8 * over)


@behaviour(
    "not_charged/after_the_cleaning",
    kinds=LIFTS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def after_the_cleaning(life: Life, spell: Spell) -> None:
    """The vacuum cleaner needs its socket: out every week, and not back in for some days."""
    out = np.zeros(life.calendar.days, dtype=bool)
    for week in range(spell.first, min(spell.until, life.calendar.days), 7):
        out[week : week + int(spell.rng.integers(3, 6))] = True
    life.days.mains[out & spell.during(life)] = 0.0


@behaviour("unsheltered/most_nights", kinds=WHEELS, allowed=("neglected", "battery_worn"))
def most_nights(life: Life, spell: Spell) -> None:
    """Left at the door on most days; put away before a storm or when visitors come."""
    out = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.75)
    life.days.shelter[out] = float(spell.rng.uniform(0.92, 1.0))


def warns_in_turn(profile: Profile) -> bool:
    """Whether it has two or more warnings that it can be used with."""
    return len({"charger", "battery_low", "seat_sensor"} & set(profile.codes)) >= 2


@behaviour(
    "neglected/one_warning_after_another",
    lasts=(45, 100),
    visible=warns_in_turn,
    allowed=("fault", "flapping", "charger_failed", "battery_worn", "not_charged"),
)
def one_warning_after_another(life: Life, spell: Spell) -> None:
    """A warning for weeks, then another: everybody rides on, and nobody reports either."""
    known = [one for one in ("charger", "seat_sensor", "battery_low") if one in codes(life)]
    picked = spell.rng.permutation(known).tolist()
    places = np.linspace(spell.first, spell.until, len(picked) + 1).round().astype(int).tolist()
    for code, first, until in zip(picked, places, places[1:], strict=False):
        from_ms = life.moment(first, float(spell.rng.uniform(8, 20)))
        # It overlaps with the next by a day or so.
        until_ms = life.moment(until, float(spell.rng.uniform(8, 40)))
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))


def warns_of_battery(profile: Profile) -> bool:
    """Whether it has a code for a battery that runs low."""
    return "battery_low" in profile.codes


@behaviour(
    "neglected/wedged_and_pushed_on",
    kinds=LIFTS,
    lasts=(60, 150),
    visible=lambda profile: profile.current,
    allowed=("drive_worn", "edges_tripping", "service_due", "fault", "flapping", "other_person"),
)
def wedged_and_pushed_on(life: Life, spell: Spell) -> None:
    """Things pile up on the stairs: it trips in most rides and is pushed on, for months."""
    grown = spell.grown(life, over=25)
    life.days.trips = life.days.trips + float(spell.rng.uniform(0.7, 1.4)) * grown
    life.days.friction = life.days.friction * (1 + float(spell.rng.uniform(0.15, 0.35)) * grown)


def shows_empty(profile: Profile) -> bool:
    """Whether an empty ride looks different from one with somebody on it."""
    return profile.seat or profile.current


@behaviour("unused/from_the_first_day", allowed=NOT_AT_FAULT)
def from_the_first_day(life: Life, spell: Spell) -> None:
    """Delivered, tried out that day, and never used: there is nothing to compare with."""
    spell.first, spell.until = 1, life.calendar.days + 1
    life.days.rides[1:] = 0.0
    life.days.partner[1:] = 0.0
    lent = life.calendar.date_of(0)
    built = min(life.register[0].built_on or lent, lent - timedelta(days=30))
    life.register[0] = structs.replace(life.register[0], lent_on=lent, built_on=built)


@behaviour("unused/a_try_in_spring", allowed=NOT_AT_FAULT)
def a_try_in_spring(life: Life, spell: Spell) -> None:
    """Given up; after months it is used again for some days, and given up for good."""
    during, day = spell.during(life), np.arange(life.calendar.days)
    again = spell.first + int(spell.rng.integers(70, 120))
    tried = (day >= again) & (day < again + int(spell.rng.integers(2, 5)))
    life.days.rides[during & ~tried] = 0.0
    life.days.partner[during & ~tried] = 0.0


@behaviour(
    "not_charged/before_outings_only",
    kinds=WHEELS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def before_outings_only(life: Life, spell: Spell) -> None:
    """Charged for an hour before a long outing, and never otherwise: it lives near empty."""
    during = spell.during(life)
    life.days.plugs[during] = 0.3
    life.days.heeds[during] = 0.2
    life.days.mains[during] *= float(spell.rng.uniform(0.02, 0.06))


@behaviour(
    "unsheltered/from_spring_to_autumn",
    kinds=WHEELS,
    allowed=("neglected", "battery_worn"),
)
def from_spring_to_autumn(life: Life, spell: Spell) -> None:
    """Out on the terrace from the first warm day to the last, in rain and sun; in for winter."""
    out = life.calendar.winter < 0.85
    during = spell.during(life) & out
    life.days.shelter[during] = float(spell.rng.uniform(0.93, 1.0))
    if during.any():
        spell.first = int(np.flatnonzero(during)[0])


def warns_in_use(profile: Profile) -> bool:
    """Whether it has a code that clears by itself and comes of how it is used."""
    return bool({"drive_hot", "over_voltage", "overload", "footrest_up_edge"} & set(profile.codes))


@behaviour(
    "neglected/after_every_ride",
    lasts=(45, 110),
    stage=Stage.SIGHT,
    visible=warns_in_use,
    allowed=("fault", "flapping", "edges_tripping", "overload", "drive_worn"),
)
def after_every_ride(life: Life, spell: Spell) -> None:
    """It stops with the same code in most rides for months; they wait, and ride on."""
    known = [
        one
        for one in ("drive_hot", "over_voltage", "overload", "footrest_up_edge")
        if one in codes(life)
    ]
    rides = life.rides
    there = spell.rides(life) & (spell.rng.random(len(rides)) < 0.8)
    for number in np.flatnonzero(there).tolist():
        share = float(spell.rng.uniform(0.3, 0.9))
        from_ms = int(rides.at_ms[number] + share * rides.duration_s[number] * 1000)
        until_ms = from_ms + int(spell.rng.uniform(20, 300) * 1000)
        life.faults.append(FaultSpell(code=known[0], from_ms=from_ms, until_ms=until_ms))
