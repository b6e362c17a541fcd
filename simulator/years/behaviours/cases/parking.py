"""Where it stands, and whether it is charged there."""

import numpy as np

from simulator.years.behaviours.care import UNCHARGED, outdoors, plugs
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.sockets import NOT_CHARGER, OUTSIDE_TOO
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, behaviour
from simulator.years.behaviours.repairs import mechanic, serviced
from simulator.years.behaviours.wear import UNCHARGED as ADRIFT
from simulator.years.life import Life

# --- off_charge_point


@behaviour(
    "off_charge_point/set_short_in_service",
    kinds=LIFTS,
    lasts=(12, 50),
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def set_short_in_service(life: Life, spell: Spell) -> None:
    """In service its end stop is set a hand too short; it stands there until he is called again."""
    serviced(life, spell.first)
    life.days.parks_well[spell.during(life)] = float(spell.rng.uniform(0.0, 0.15))
    mechanic(life, spell.until)


@behaviour(
    "off_charge_point/no_contacts_below",
    kinds=LIFTS,
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def no_contacts_below(life: Life, spell: Spell) -> None:
    """Fitted without contacts at its lower end: since the first day it charges only upstairs."""
    spell.first, spell.until = 0, int(spell.rng.integers(70, 240))
    life.days.parks_well[spell.during(life)] = float(spell.rng.uniform(0.4, 0.52))
    mechanic(life, spell.until)


@behaviour(
    "off_charge_point/for_the_transfer",
    kinds=LIFTS,
    lasts=(40, 200),
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def for_the_transfer(life: Life, spell: Spell) -> None:
    """On days with carers it stops where his wheelchair fits beside it, and is left standing so."""
    with_carers = on_weekday(life, *spell.rng.choice(7, 5, replace=False).tolist())
    left = spell.during(life) & with_carers
    share = spell.rng.uniform(0.15, 0.4, life.calendar.days)
    life.days.parks_well[left] = share[left]


@behaviour(
    "off_charge_point/room_to_pass_at_weekends",
    kinds=LIFTS,
    lasts=(50, 200),
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def room_to_pass_at_weekends(life: Life, spell: Spell) -> None:
    """From Friday to Sunday children stay, and park it halfway so that they can get by."""
    left = spell.during(life) & on_weekday(life, 4, 5, 6)
    life.days.parks_well[left] = float(spell.rng.uniform(0.02, 0.2))


# --- not_charged


@behaviour(
    "not_charged/nobody_said_so",
    kinds=WHEELS | HOISTS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def nobody_said_so(life: Life, spell: Spell) -> None:
    """Nobody told them when it came: since the first day it is plugged in when it gives out."""
    spell.first, spell.until = 0, int(spell.rng.integers(90, 260))
    plugs(life, spell, 0.0, float(spell.rng.uniform(0.07, 0.16)))


@behaviour(
    "not_charged/a_cable_from_next_door",
    lasts=(45, 120),
    allowed=(*UNCHARGED, "offline"),
    forbidden=NOT_CHARGER,
)
def a_cable_from_next_door(life: Life, spell: Spell) -> None:
    """Cut off for unpaid bills: only on some evenings is there a cable from the neighbours'."""
    span, during = life.calendar.days, spell.during(life)
    lent = spell.rng.random(span) < float(spell.rng.uniform(0.3, 0.45))
    share = np.where(lent, spell.rng.uniform(0.08, 0.2, span), 0.0)
    life.days.mains[during] = share[during]


@behaviour(
    "not_charged/on_sundays_only",
    kinds=LIFTS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def on_sundays_only(life: Life, spell: Spell) -> None:
    """For the meter's sake its plug is in on Sundays, and out for the rest of the week."""
    life.days.mains[spell.during(life) & ~on_weekday(life, 6)] = 0.0


@behaviour(
    "not_charged/waits_for_the_wind",
    kinds=LIFTS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def waits_for_the_wind(life: Life, spell: Spell) -> None:
    """A clever plug waits for the cheap power of windy days: on calm ones there is none at all."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        calm = int(spell.rng.integers(3, 7))
        life.days.mains[day : min(day + calm, spell.until)] = 0.0
        day += calm
        windy = slice(day, min(day + int(spell.rng.integers(2, 5)), spell.until))
        life.days.mains[windy] *= float(spell.rng.uniform(0.3, 0.5))
        day = windy.stop


@behaviour(
    "not_charged/no_socket_on_the_terrace",
    kinds=WHEELS,
    allowed=(*UNCHARGED, "unsheltered"),
    forbidden=NOT_CHARGER,
)
def no_socket_on_the_terrace(life: Life, spell: Spell) -> None:
    """All summer it lives on the terrace, where no socket is: indoors for a night once it is flat.

    Until autumn; where the run begins later, not at all.
    """
    out = spell.during(life) & (life.calendar.winter < 0.5)
    if out.sum() < 25:
        spell.skipped = True
        return
    days = np.flatnonzero(out)
    spell.first, spell.until = int(days[0]), int(days[-1]) + 1
    plugs(life, spell, float(spell.rng.uniform(0.0, 0.03)), float(spell.rng.uniform(0.08, 0.15)))


# --- unsheltered


@behaviour(
    "unsheltered/beside_the_tent",
    kinds=WHEELS,
    lasts=(16, 40),
    allowed=OUTSIDE_TOO,
    forbidden=("lost",),
)
def beside_the_tent(life: Life, spell: Spell) -> None:
    """Weeks on a camping site with it: beside the tent in all weathers, and charged from a post."""
    outdoors(life, spell, 0.95, 1.0)
    during = spell.during(life)
    life.days.cell[during] = int(spell.rng.integers(600, 640))
    life.days.gone[during] = True
    life.days.plugs[during] = 0.95


@behaviour("unsheltered/never_had_a_shed", kinds=WHEELS, allowed=OUTSIDE_TOO)
def never_had_a_shed(life: Life, spell: Spell) -> None:
    """There is no shed and no hall that takes it: on the pavement since the day it was lent."""
    spell.first = 0
    outdoors(life, spell, 0.93, 1.0)


@behaviour("unsheltered/turned_out_for_the_winter", kinds=WHEELS, allowed=OUTSIDE_TOO)
def turned_out_for_the_winter(life: Life, spell: Spell) -> None:
    """Over the winter a grandson's motorcycle has its place, and it stands behind the house."""
    cold = spell.during(life) & (life.calendar.winter > 0.5)
    winters = np.split(np.arange(life.calendar.days), np.flatnonzero(np.diff(cold)) + 1)
    longest = max((one for one in winters if cold[one[0]]), key=len, default=np.empty(0, int))
    if len(longest) < 25:
        spell.skipped = True
        return
    spell.first, spell.until = int(longest[0]), int(longest[-1]) + 1
    outdoors(life, spell, 0.93, 1.0)


@behaviour("unsheltered/one_night_in_two", kinds=WHEELS, allowed=OUTSIDE_TOO)
def one_night_in_two(life: Life, spell: Spell) -> None:
    """Whoever comes home last leaves it where it stands: out in the yard, one night of two."""
    chance = float(spell.rng.uniform(0.45, 0.6))
    out = spell.during(life) & (spell.rng.random(life.calendar.days) < chance)
    life.days.shelter[out] = float(spell.rng.uniform(0.95, 1.0))
