"""More faults that come and go, and what people's hands and feet make besides."""

import numpy as np

from simulator.years.behaviours.contract import LIFTS, Spell, Stage, behaviour
from simulator.years.behaviours.faults import flaps, flickers, loose
from simulator.years.life import Life

BESIDES = ("fault", "edges_tripping", "overload", "neglected")
NO_FAULT = ("flapping", "fault")


@behaviour(
    "flapping/when_it_starts", lasts=(15, 60), stage=Stage.SIGHT, visible=flickers, allowed=BESIDES
)
def when_it_starts(life: Life, spell: Spell) -> None:
    """A worn relay: at the start of most rides it comes once or twice."""
    code, rides = loose(life, spell), life.rides
    moments: list[int] = []
    for number in np.flatnonzero(spell.rides(life)).tolist():
        after_ms = spell.rng.integers(500, 9_000, int(spell.rng.integers(0, 3)))
        moments += (rides.at_ms[number] + after_ms).tolist()
    flaps(life, spell, moments, code)


@behaviour("flapping/on_bad_days", lasts=(25, 80), visible=flickers, allowed=BESIDES)
def on_bad_days(life: Life, spell: Spell) -> None:
    """A broken wire in a cable that moves: on most days some times, on others not."""
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life)).tolist():
        if spell.rng.random() < 0.75:
            hours = spell.rng.uniform(7, 22, int(spell.rng.integers(3, 14))).tolist()
            flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour("fine/grandchild_visits", lasts=(2, 4), visible=flickers, forbidden=NO_FAULT)
def grandchild_visits(life: Life, spell: Spell) -> None:
    """A child stays for some days, and its hands are everywhere."""
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life)).tolist():
        hours = spell.rng.uniform(9, 19, int(spell.rng.integers(2, 8))).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour(
    "fine/hoovered_weekly", kinds=LIFTS, lasts=(60, 300), visible=flickers, forbidden=NO_FAULT
)
def hoovered_weekly(life: Life, spell: Spell) -> None:
    """Once a week the stairs are hoovered, and it is knocked some times."""
    code, weekday = loose(life, spell), int(spell.rng.integers(5))
    for day in np.flatnonzero(spell.during(life)).tolist():
        if life.calendar.date_of(day).weekday() == weekday:
            hours = spell.rng.uniform(10, 10.7, int(spell.rng.integers(1, 7))).tolist()
            flaps(life, spell, [life.moment(day, hour) for hour in hours], code)
