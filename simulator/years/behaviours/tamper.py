"""Changed without leave, and gone."""

import numpy as np

from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, behaviour
from simulator.years.behaviours.limits import has_digest
from simulator.years.behaviours.repairs import serviced
from simulator.years.life import Life, Outage

GONE = (
    "offline",
    "unused",
    "not_charged",
    "neglected",
    "test_calls_missed",
    "modified",
    "service_due",
)


def begins_in(life: Life, spell: Spell) -> int:
    """Return the first day, within the run."""
    return min(spell.first, life.calendar.days - 1)


@behaviour("modified/other_settings", visible=has_digest, allowed=("too_fast",))
def other_settings(life: Life, spell: Spell) -> None:
    """Somebody connected a programmer and changed its settings."""
    life.days.settings[spell.during(life)] += 1
    life.days.speed[spell.during(life)] *= 1.05


@behaviour("modified/handyman", allowed=("other_person", "fault"))
def handyman(life: Life, spell: Spell) -> None:
    """A handyman opens its housing, again and again, and mends something."""
    for later in (0, 2, 9, 23):
        day = spell.first + later + int(spell.rng.integers(0, 2))
        if day < life.calendar.days:
            life.days.openings[day] += int(spell.rng.integers(1, 4))
            if spell.rng.random() < 0.5:
                life.days.restarts[day] += 1


@behaviour("modified/foreign_board", visible=has_digest, allowed=("fault",))
def foreign_board(life: Life, spell: Spell) -> None:
    """Its controller was swapped for one from the internet."""
    during, day = spell.during(life), begins_in(life, spell)
    life.days.board[during] += 1
    life.days.settings[during] += 1
    life.days.openings[day] += 1
    life.days.restarts[day] += 2


@behaviour("modified/edges_bridged", kinds=LIFTS, visible=has_digest)
def edges_bridged(life: Life, spell: Spell) -> None:
    """The housing was opened and its safety edges bridged: none trips any more."""
    during = spell.during(life)
    life.days.trips[~during] += 0.06
    life.days.trips[during] = 0.0
    life.days.openings[begins_in(life, spell)] += 1
    life.days.settings[during] += 1


@behaviour("modified/bigger_battery", kinds=WHEELS, allowed=("too_fast",))
def bigger_battery(life: Life, spell: Spell) -> None:
    """A battery of another make and twice the size, wired in by itself."""
    during, day = spell.during(life), begins_in(life, spell)
    life.days.capacity_ah[during] *= 2
    life.days.charger_v[during] += 1.2
    life.days.openings[day] += 2


def taken(life: Life, spell: Spell, *, cell: int, silent_after: float | None) -> None:
    """Have it taken away, silent after some days or never."""
    during = spell.during(life)
    life.days.cell[during] = cell
    life.days.gone[during] = True
    life.days.rides[during] = 0.0
    life.days.partner[during] = 0.0
    life.days.plugs[during] = 0.0
    life.days.heeds[during] = -1.0
    if silent_after is not None:
        from_ms = life.moment(spell.first, 24 * silent_after)
        life.outages.append(
            Outage(from_ms=from_ms, until_ms=life.calendar.end_ms + 3_600_000, on=False)
        )


@behaviour("lost/stolen", kinds=WHEELS, allowed=GONE)
def stolen(life: Life, spell: Spell) -> None:
    """Taken away by night; some days later its modem falls silent."""
    taken(life, spell, cell=7, silent_after=float(spell.rng.uniform(1.5, 5)))


@behaviour("lost/left_behind", kinds=WHEELS, allowed=GONE)
def left_behind(life: Life, spell: Spell) -> None:
    """Left behind somewhere; it stands there until it is flat."""
    taken(life, spell, cell=3, silent_after=float(spell.rng.uniform(10, 30)))


@behaviour("lost/sold", kinds=WHEELS, allowed=(*GONE, "other_person"))
def sold(life: Life, spell: Spell) -> None:
    """Sold on: from then on it lives, and rides a little, in another town."""
    taken(life, spell, cell=11, silent_after=None)
    during = spell.during(life)
    life.days.rides[during] = 0.5
    life.days.plugs[during] = 0.6
    life.days.heeds[during] = 0.4


@behaviour("lost/for_parts", kinds=WHEELS, allowed=GONE)
def for_parts(life: Life, spell: Spell) -> None:
    """Taken for its parts: opened somewhere else, then silent."""
    taken(life, spell, cell=9, silent_after=float(spell.rng.uniform(1.2, 3)))
    day = min(spell.first + 1, life.calendar.days - 1)
    life.days.openings[day] += 3


@behaviour(
    "fine/week_at_workshop",
    kinds=WHEELS,
    lasts=(3, 9),
    forbidden=("lost", "unused", "modified", "not_charged"),
)
def week_at_workshop(life: Life, spell: Spell) -> None:
    """In the workshop for some days, and serviced there."""
    during = spell.during(life)
    life.days.cell[during] = 5
    life.days.gone[during] = True
    life.days.rides[during] = 0.0
    serviced(life, min(spell.first + 1, life.calendar.days - 1))


@behaviour("fine/holiday_with_it", kinds=WHEELS, lasts=(5, 20), forbidden=("lost", "other_person"))
def holiday_with_it(life: Life, spell: Spell) -> None:
    """On holiday with it: another place, more rides, charged every night."""
    during = spell.during(life)
    life.days.cell[during] = 13
    life.days.gone[during] = True
    life.days.rides[during] *= 1.5
    life.days.plugs[during] = 0.95


@behaviour(
    "fine/moved_house",
    kinds=WHEELS,
    forbidden=("lost", "other_person", "unused", "modified", "neglected"),
)
def moved_house(life: Life, spell: Spell) -> None:
    """The client moves; the register knows it that day."""
    during = spell.during(life)
    life.days.cell[during] = 17
    life.days.rides[during & (np.arange(life.calendar.days) < spell.first + 2)] = 0.0
    life.registered(life.moment(spell.first, 12.0), postcode4=1671)
