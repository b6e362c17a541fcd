"""Steeper and faster than it is made for."""

import numpy as np

from simulator.years.behaviours.cases.journeys import client_kg
from simulator.years.behaviours.cases.limits import on_weekday, slopes
from simulator.years.behaviours.cases.roads import HARD_GOING
from simulator.years.behaviours.contract import WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.people import add_rides, somebody
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import Life, Who

SEEN_OFTEN = 4  # ways: fewer of them nobody would call a habit

# --- too_steep


@behaviour(
    "too_steep/back_over_the_embankment",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=HARD_GOING,
)
def back_over_the_embankment(life: Life, spell: Spell) -> None:
    """Out by the road; but home over the railway's embankment, since it is so much shorter."""
    rides = life.rides
    there = spell.rides(life) & rides.away & ~rides.up & (spell.rng.random(len(rides)) < 0.6)
    slopes(life, spell, there, 1.8, 6.0)


@behaviour(
    "too_steep/house_on_the_dike",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=HARD_GOING,
)
def house_on_the_dike(life: Life, spell: Spell) -> None:
    """The house stands on the dike: since the first day all ways from and to it are too steep."""
    spell.first = 0
    slopes(life, spell, spell.rides(life) & life.rides.away, 1.5, 4.0)


@behaviour(
    "too_steep/emergency_bridge",
    kinds=WHEELS,
    lasts=(18, 45),
    stage=Stage.RIDES,
    allowed=HARD_GOING,
)
def emergency_bridge(life: Life, spell: Spell) -> None:
    """For some weeks the only way to the shops is the army's bridge, with its ramps of planks."""
    rides = life.rides
    there = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.85)
    spell.skipped = int(there.sum()) < SEEN_OFTEN
    slopes(life, spell, there, 2.0, 6.5)


@behaviour(
    "too_steep/round_of_golf",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=(*HARD_GOING, "not_charged"),
)
def round_of_golf(life: Life, spell: Spell) -> None:
    """Two mornings a week from hole to hole with it, up and down the banks of the course."""
    days = on_weekday(life, *spell.rng.choice(7, 2, replace=False).tolist())
    counts = on_days(life, spell, 0.9, 5, 9) * days
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 10),
        who=Who.CLIENT,
        up_kg=own_kg,
        down_kg=own_kg,
        apart_h=0.3,
        boarding_s=life.aid.client.boarding_s,
    )
    rides.length_m = spell.rng.uniform(90, 380, len(rides))
    rides.speed = spell.rng.uniform(0.6, 0.95, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    banks = spell.rng.random(len(rides)) < 0.45
    steep = float(life.aid.max_incline_deg or 10) + spell.rng.uniform(1.5, 6.0, len(rides))
    rides.incline_deg = np.where(banks, steep, spell.rng.uniform(1, 4, len(rides)))
    life.rides = life.rides.with_more(rides)


# --- too_fast


@behaviour(
    "too_fast/service_mode_left_on",
    kinds=WHEELS,
    lasts=(8, 24),
    allowed=("modified",),
)
def service_mode_left_on(life: Life, spell: Spell) -> None:
    """The mechanic tries it without its limit, and forgets that; he has to come again."""
    ways = float(life.days.rides[spell.during(life)].sum()) * 2 * life.aid.client.rounds
    if ways < 2 * SEEN_OFTEN:
        spell.skipped = True  # hardly ever out while it lasts
        return
    mechanic(life, spell.first)
    spell.began_ms = life.moment(spell.first, 11.0)
    life.days.speed[spell.during(life)] *= float(spell.rng.uniform(1.4, 1.8))
    life.days.settings[spell.during(life)] += 1
    mechanic(life, spell.until)


@behaviour("too_fast/set_for_another_country", kinds=WHEELS, allowed=("modified", "not_charged"))
def set_for_another_country(life: Life, spell: Spell) -> None:
    """Its controller came set for a country where it may go faster: so it has since it was lent."""
    spell.first = 0
    life.days.speed *= float(spell.rng.uniform(1.38, 1.6))


@behaviour("too_fast/on_long_ways", kinds=WHEELS, stage=Stage.RIDES, allowed=("modified",))
def on_long_ways(life: Life, spell: Spell) -> None:
    """A trick with the key lets it run free; he takes the trouble when the way is a long one."""
    rides = life.rides
    away = spell.rides(life) & rides.away
    if int(away.sum()) < 2 * SEEN_OFTEN:
        spell.skipped = True
        return
    long_m = float(np.quantile(rides.length_m[away], 0.6))
    free = away & (rides.length_m >= long_m)
    rides.speed = np.where(free, spell.rng.uniform(1.3, 1.6, len(rides)), rides.speed)


@behaviour(
    "too_fast/when_the_grandson_drives",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=("modified", "other_person", "play"),
)
def when_the_grandson_drives(life: Life, spell: Spell) -> None:
    """Her grandson has a setting of his own for when he drives; she goes no faster than before."""
    his = somebody(life, spell, rounds=float(spell.rng.uniform(0.7, 1.4)), indoor=0.0)
    before = len(life.rides)
    add_rides(life, spell, his, Who.OTHER, 0.8)
    rides = life.rides
    fast = spell.rides(life) & (rides.who == int(Who.OTHER))
    rides.speed = np.where(fast, spell.rng.uniform(1.3, 1.65, len(rides)), rides.speed)
    if len(rides) == before:
        spell.skipped = True
