"""Changed without leave, and gone."""

import numpy as np

from simulator.years.behaviours.contract import WHEELS, Spell, behaviour
from simulator.years.behaviours.limits import has_digest
from simulator.years.behaviours.tamper import GONE, begins_in, taken
from simulator.years.life import Life


@behaviour("modified/bit_by_bit", visible=has_digest, allowed=("too_fast",))
def bit_by_bit(life: Life, spell: Spell) -> None:
    """Somebody with a programmer tries one setting after another, for weeks."""
    day = spell.first
    for _ in range(int(spell.rng.integers(2, 5))):
        later = np.arange(life.calendar.days) >= day
        life.days.settings[later] += 1
        life.days.speed[later] *= 1.012
        day += int(spell.rng.integers(4, 20))


@behaviour("modified/lamps_and_a_radio", allowed=("fault", "battery_worn"))
def lamps_and_a_radio(life: Life, spell: Spell) -> None:
    """Opened twice to tap its battery for lamps and a radio; its charge goes down faster."""
    first = begins_in(life, spell)
    for day in (first, first + int(spell.rng.integers(1, 12))):
        if day < life.calendar.days:
            life.days.openings[day] += int(spell.rng.integers(1, 3))
    life.days.restarts[first : first + 1] += 1
    life.days.capacity_ah[spell.during(life)] *= 0.92


@behaviour("modified/second_hand_board", visible=has_digest, allowed=("fault",))
def second_hand_board(life: Life, spell: Spell) -> None:
    """A controller from another aid is put in, by whoever was asked; settings as they were."""
    day = begins_in(life, spell)
    life.days.board[spell.during(life)] += 7
    life.days.openings[day] += 1
    life.days.restarts[day] += 1


@behaviour(
    "lost/joyride",
    kinds=WHEELS,
    lasts=(14, 40),
    allowed=GONE,
)
def joyride(life: Life, spell: Spell) -> None:
    """Ridden away one night and dropped in another village; brought back after weeks."""
    taken(life, spell, cell=int(spell.rng.integers(20, 40)), silent_after=None)
    # Its modem lives on the battery; nobody has opened anything.
    life.days.heeds[spell.during(life)] = -1.0


@behaviour(
    "lost/from_hand_to_hand",
    kinds=WHEELS,
    allowed=(*GONE, "other_person", "duty_cycle"),
)
def from_hand_to_hand(life: Life, spell: Spell) -> None:
    """Stolen and passed on: every few days in another town, ridden and charged by strangers."""
    taken(life, spell, cell=50, silent_after=None)
    during = spell.during(life)
    day = spell.first
    while day < life.calendar.days:
        stays = int(spell.rng.integers(2, 9))
        life.days.cell[day : day + stays] = int(spell.rng.integers(20, 200))
        day += stays
    life.days.rides[during] = 0.7
    life.days.plugs[during] = 0.5
    life.days.heeds[during] = 0.4


@behaviour("lost/in_a_garage", kinds=WHEELS, allowed=GONE)
def in_a_garage(life: Life, spell: Spell) -> None:
    """Taken, and kept in a garage somewhere with hardly any reception, until it is silent."""
    taken(life, spell, cell=77, silent_after=float(spell.rng.uniform(4, 12)))
    life.days.signal_dbm[spell.during(life)] = -112.0
