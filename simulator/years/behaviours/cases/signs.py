"""Faults that a controller shows, in other courses; those that come and go by other clocks."""

from collections.abc import Sequence

import numpy as np

from gateway.protocol.vocabulary import FaultClass
from simulator.years.behaviours.contract import Spell, behaviour
from simulator.years.behaviours.faults import BESIDES, codes_of, flaps, flickers, loose, warns
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import FaultSpell, Life

FLAPPING_TOO = ("fault", "edges_tripping", "overload", "neglected")


def stands(life: Life, first: int, until: int) -> None:
    """Have nobody ride from one day until another."""
    life.days.rides[first:until] = 0.0
    life.days.partner[first:until] = 0.0


def put_right(life: Life, spell: Spell, day: int) -> None:
    """Have the mechanic put it right on that day, which ends the spell."""
    if day < life.calendar.days:
        life.days.openings[day] += 1
        mechanic(life, day)
    spell.until, spell.until_ms = day, life.moment(day, 11.0)


@behaviour(
    "fault/mended_and_back",
    lasts=(5, 12),
    allowed=BESIDES,
    forbidden=("unused", "modified"),
)
def mended_and_back(life: Life, spell: Spell) -> None:
    """The mechanic replaces the wrong part: after two days it stands again, with the same code."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=True)
    code = str(spell.rng.choice(codes))
    once = spell.first + int(spell.rng.integers(1, 4))
    back = once + int(spell.rng.integers(1, 4))
    again = back + int(spell.rng.integers(1, 5))
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(7, 22)))
    life.faults.append(
        FaultSpell(code=code, from_ms=spell.began_ms, until_ms=life.moment(once, 11.0))
    )
    back_ms = life.moment(back, float(spell.rng.uniform(7, 22)))
    life.faults.append(FaultSpell(code=code, from_ms=back_ms, until_ms=life.moment(again, 11.0)))
    stands(life, spell.first + 1, once)
    stands(life, back + 1, again)
    mechanic(life, once)
    put_right(life, spell, again)


@behaviour(
    "fault/warned_then_dead",
    lasts=(4, 12),
    visible=warns,
    allowed=BESIDES,
    forbidden=("unused", "modified"),
)
def warned_then_dead(life: Life, spell: Spell) -> None:
    """It warns for some days and is used on; then it refuses, and stands until it is repaired."""
    warning = str(spell.rng.choice(codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=False)))
    stop = str(spell.rng.choice(codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=True)))
    dead = spell.first + int(spell.rng.integers(2, 6))
    repair = dead + int(spell.rng.integers(1, 6))
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(7, 22)))
    until_ms = life.moment(repair, 11.0)
    life.faults.append(FaultSpell(code=warning, from_ms=spell.began_ms, until_ms=until_ms))
    dead_ms = life.moment(dead, float(spell.rng.uniform(7, 22)))
    life.faults.append(FaultSpell(code=stop, from_ms=dead_ms, until_ms=until_ms))
    stands(life, dead + 1, repair)
    put_right(life, spell, repair)


@behaviour(
    "fault/codes_by_turns",
    lasts=(3, 9),
    allowed=BESIDES,
    forbidden=("unused", "modified"),
)
def codes_by_turns(life: Life, spell: Spell) -> None:
    """A mouse at its cables: two codes by turns for hours, one of which nobody knows yet."""
    known = str(spell.rng.choice(codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=True)))
    number = int(spell.rng.integers(50, 99))
    repair = spell.first + int(spell.rng.integers(3, 8))
    day = spell.first + float(spell.rng.uniform(0.3, 0.9))
    spell.began_ms = life.moment(0, 24 * day)
    turn = 0
    while day < repair:
        lasts = float(spell.rng.uniform(0.1, 0.5))
        from_ms = life.moment(0, 24 * day)
        until_ms = life.moment(0, 24 * min(day + lasts, repair + 0.45))
        unknown = turn % 2 == 1
        life.faults.append(
            FaultSpell(
                code=f"maker_{number}" if unknown else known,
                from_ms=from_ms,
                until_ms=until_ms,
                maker_code=f"X{number}" if unknown else "",
            )
        )
        day, turn = day + lasts + float(spell.rng.uniform(0.01, 0.2)), turn + 1
    stands(life, spell.first + 1, repair)
    put_right(life, spell, repair)


# --- flapping


def _at(life: Life, spell: Spell, day: int, hours: Sequence[float], code: str) -> None:
    flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour("flapping/while_it_charges", lasts=(14, 55), visible=flickers, allowed=FLAPPING_TOO)
def while_it_charges(life: Life, spell: Spell) -> None:
    """Its charger disturbs a switch's line: by night it comes and goes, by day never."""
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life)).tolist():
        count = int(spell.rng.integers(7, 30))
        _at(life, spell, day, spell.rng.uniform(22.8, 29.0, count).tolist(), code)


@behaviour("flapping/with_the_boiler", lasts=(20, 70), visible=flickers, allowed=FLAPPING_TOO)
def with_the_boiler(life: Life, spell: Spell) -> None:
    """Whenever the boiler beside it starts, some times a day at its hours, a switch rattles."""
    code = loose(life, spell)
    starts_h = np.array([6.4, 11.6, 16.8, 20.3]) + spell.rng.uniform(-0.4, 0.4, 4)
    for day in np.flatnonzero(spell.during(life)).tolist():
        for start_h in starts_h.tolist():
            count = int(spell.rng.integers(1, 6))
            hours = start_h + spell.rng.uniform(0, 0.15, count)
            _at(life, spell, day, hours.tolist(), code)


@behaviour("flapping/after_every_rain", lasts=(28, 80), visible=flickers, allowed=FLAPPING_TOO)
def after_every_rain(life: Life, spell: Spell) -> None:
    """A wet plug: for some days after each rain it comes and goes all day, then it is dry."""
    code = loose(life, spell)
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        wet = int(spell.rng.integers(2, 6))
        for one in range(day, min(day + wet, spell.until, life.calendar.days)):
            count = int(spell.rng.integers(14, 50))
            _at(life, spell, one, spell.rng.uniform(6, 23, count).tolist(), code)
        day += wet + int(spell.rng.integers(2, 6))
