"""Gone, and changed without leave, in other ways."""

import numpy as np

from gateway.protocol.vocabulary import Seat
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import has_digest
from simulator.years.behaviours.tamper import GONE, begins_in, taken
from simulator.years.life import Life, Outage


@behaviour("lost/in_pawn", kinds=WHEELS, allowed=GONE)
def in_pawn(life: Life, spell: Spell) -> None:
    """Pawned: it stands in a store in another town, on a charger, and is never ridden."""
    taken(life, spell, cell=61, silent_after=None)
    life.days.plugs[spell.during(life)] = 1.0
    life.days.heeds[spell.during(life)] = 0.95


@behaviour("lost/over_the_border", kinds=WHEELS, allowed=GONE)
def over_the_border(life: Life, spell: Spell) -> None:
    """Loaded on a lorry: every day in another place, and after a week out of its network."""
    away = int(spell.rng.integers(5, 12))
    taken(life, spell, cell=80, silent_after=away + float(spell.rng.uniform(0, 1)))
    for day in range(spell.first, min(spell.first + away, life.calendar.days)):
        life.days.cell[day] = 80 + 3 * (day - spell.first)


@behaviour("lost/cleared_with_the_house", kinds=LIFTS | HOISTS, allowed=GONE)
def cleared_with_the_house(life: Life, spell: Spell) -> None:
    """After a death the house is cleared: unscrewed, sold along with the rest, and silent."""
    empty = int(spell.rng.integers(8, 22))
    since = np.arange(life.calendar.days) >= max(spell.first - empty, 0)
    life.days.rides[since] = 0.0
    life.days.partner[since] = 0.0
    day = begins_in(life, spell)
    life.days.openings[day] += int(spell.rng.integers(1, 4))
    from_ms = life.moment(day, 24 + float(spell.rng.uniform(1, 40)))
    until_ms = life.calendar.end_ms + 3_600_000
    life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))


@behaviour(
    "lost/dismantled_for_the_neighbours",
    kinds=LIFTS | HOISTS,
    allowed=(*GONE, "fault", "flapping"),
)
def dismantled_for_the_neighbours(life: Life, spell: Spell) -> None:
    """Taken down for somebody next door, who never puts it up: opened on some days, then silent."""
    day = begins_in(life, spell)
    silent = day + int(spell.rng.integers(3, 9))
    life.days.rides[spell.during(life)] = 0.0
    life.days.partner[spell.during(life)] = 0.0
    for one in range(day, min(silent, life.calendar.days)):
        if one == day or spell.rng.random() < 0.5:
            life.days.openings[one] += int(spell.rng.integers(1, 4))
    life.days.mains[day + 1 :] = 0.0
    until_ms = life.calendar.end_ms + 3_600_000
    life.outages.append(Outage(from_ms=life.moment(silent, 15.0), until_ms=until_ms, on=False))


@behaviour("modified/for_the_weekend", visible=has_digest, allowed=("too_fast",))
def for_the_weekend(life: Life, spell: Spell) -> None:
    """A son with a programmer sets it otherwise for the weekend, and back as it was on Mondays."""
    there = spell.during(life) & on_weekday(life, 5, 6)
    life.days.settings[there] += 3
    life.days.speed[there] *= float(spell.rng.uniform(1.03, 1.07))


@behaviour("modified/lithium_pack", allowed=("charger_failed", "too_fast", "battery_worn"))
def lithium_pack(life: Life, spell: Spell) -> None:
    """Opened without a key for a pack of lithium cells: it never sags, and charges higher."""
    during, day = spell.during(life), begins_in(life, spell)
    life.days.openings[day] += int(spell.rng.integers(1, 3))
    life.days.restarts[day] += 1
    life.days.resistance_ohm[during] = life.aid.battery.resistance_ohm * float(
        spell.rng.uniform(0.3, 0.5)
    )
    life.days.capacity_ah[during] = life.aid.battery.capacity_ah * float(
        spell.rng.uniform(1.1, 1.6)
    )
    life.days.charger_v[during] = float(spell.rng.uniform(29.2, 29.5))


@behaviour(
    "modified/seat_switch_bridged",
    stage=Stage.SIGHT,
    visible=lambda profile: profile.seat,
    allowed=("fault", "other_person", "goods_transport"),
)
def seat_switch_bridged(life: Life, spell: Spell) -> None:
    """Opened without a key to bridge its seat switch: somebody sits there, whoever does."""
    rides, day = life.rides, begins_in(life, spell)
    life.days.openings[day] += int(spell.rng.integers(1, 3))
    if day + 1 < life.calendar.days and spell.rng.random() < 0.5:
        life.days.openings[day + 1] += 1
    rides.seat_seen = np.where(spell.rides(life), int(Seat.OCCUPIED), rides.seat_seen)
