"""Faults that a controller shows: that stay, and that come and go."""

import numpy as np

from gateway.protocol.vocabulary import FaultClass
from simulator.years.behaviours.contract import Spell, Stage, behaviour
from simulator.years.behaviours.faults import BESIDES, codes_of, flaps, flickers, loose, stays
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import FaultSpell, Life

FLAPPING_TOO = ("fault", "edges_tripping", "overload", "neglected")


@behaviour("fault/back_every_morning", lasts=(4, 9), allowed=BESIDES)
def back_every_morning(life: Life, spell: Spell) -> None:
    """The drive refuses in the morning, comes back when warm, and is reported after days."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=True)
    code = str(spell.rng.choice(codes))
    for day in np.flatnonzero(spell.during(life)).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(5.5, 8.5)))
        lasts_ms = int(spell.rng.uniform(1.0, 4.5) * 3_600_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=from_ms + lasts_ms))
        if day == spell.first:
            spell.began_ms = from_ms
    if spell.until < life.calendar.days:
        life.days.openings[spell.until] += 1
        mechanic(life, spell.until)


@behaviour("fault/water_inside", lasts=(3, 8), allowed=BESIDES, forbidden=("unused", "modified"))
def water_inside(life: Life, spell: Spell) -> None:
    """A leak from the bathroom: two or three parts at once, the modem starts anew."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=True)
    picked = spell.rng.permutation(codes)[: int(spell.rng.integers(2, 4))].tolist()
    life.days.restarts[min(spell.first, life.calendar.days - 1)] += 1
    stays(life, spell, picked[0], stops=True)
    first = life.faults[-1]
    for code in picked[1:]:
        later_ms = first.from_ms + int(spell.rng.integers(5_000, 900_000))
        life.faults.append(FaultSpell(code=code, from_ms=later_ms, until_ms=first.until_ms))


@behaviour(
    "flapping/more_by_the_week",
    lasts=(30, 70),
    visible=flickers,
    allowed=FLAPPING_TOO,
)
def more_by_the_week(life: Life, spell: Spell) -> None:
    """A cable that chafes: once a day at first, dozens of times at the end."""
    code = loose(life, spell)
    most = float(spell.rng.uniform(20, 60))
    often = 0.5 + most * spell.grown(life, power=2.0)
    for day in np.flatnonzero(spell.during(life)).tolist():
        hours = spell.rng.uniform(6.5, 22.5, int(spell.rng.poisson(often[day]))).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


def has_two(profile: object) -> bool:
    """Whether it has two codes that clear by themselves."""
    return len(codes_of(profile, FaultClass.SELF_CLEARING)) >= 3  # type: ignore[arg-type]


@behaviour(
    "flapping/crushed_cable",
    lasts=(12, 45),
    visible=has_two,
    allowed=FLAPPING_TOO,
)
def crushed_cable(life: Life, spell: Spell) -> None:
    """A crushed cable: two switches by turns, in fits of half an hour, on one day of two."""
    codes = codes_of(life.aid.profile, FaultClass.SELF_CLEARING)
    rare = [code for code in codes if code != "seat_turned"]
    pair = spell.rng.permutation(rare)[:2].tolist()
    during = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.55)
    during[min(spell.first, life.calendar.days - 1)] = True
    for day in np.flatnonzero(during).tolist():
        begins_h = float(spell.rng.uniform(7, 21))
        count = int(spell.rng.integers(8, 22))
        hours = np.sort(begins_h + spell.rng.uniform(0, 0.6, count))
        for number, code in enumerate(pair):
            flaps(life, spell, [life.moment(day, hour) for hour in hours[number::2]], code)


@behaviour(
    "flapping/only_when_laden",
    lasts=(20, 60),
    stage=Stage.SIGHT,
    visible=flickers,
    allowed=FLAPPING_TOO,
)
def only_when_laden(life: Life, spell: Spell) -> None:
    """The frame gives a little: with somebody on it, a switch lets go twice or more each ride."""
    code, rides = loose(life, spell), life.rides
    laden = spell.rides(life) & (rides.load_kg > 40) & (spell.rng.random(len(rides)) < 0.8)
    moments: list[int] = []
    for number in np.flatnonzero(laden).tolist():
        shares = spell.rng.uniform(0.1, 0.9, int(spell.rng.integers(2, 5)))
        within_ms = rides.at_ms[number] + shares * rides.duration_s[number] * 1000
        moments += within_ms.astype(np.int64).tolist()
    flaps(life, spell, moments, code)
