"""Where it stands and is charged: sockets, parking places, sheds and porches."""

import numpy as np

from simulator.years.behaviours.care import UNCHARGED
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, behaviour
from simulator.years.behaviours.wear import UNCHARGED as ADRIFT
from simulator.years.life import Life

NOT_CHARGER = ("charger_failed",)
OUTSIDE_TOO = ("neglected", "battery_worn")

# --- not_charged


@behaviour(
    "not_charged/meter_runs_out",
    allowed=(*UNCHARGED, "offline"),
    forbidden=NOT_CHARGER,
)
def meter_runs_out(life: Life, spell: Spell) -> None:
    """A prepaid meter: towards the end of each month there is no power left for it, for a week."""
    least, most = sorted(spell.rng.integers(17, 24, 2).tolist())
    for day in np.flatnonzero(spell.during(life)).tolist():
        date = life.calendar.date_of(day)
        if date.day > (least if date.month % 2 else most):
            life.days.mains[day] = 0.0
            life.days.plugs[day], life.days.heeds[day] = 0.0, 0.0


@behaviour(
    "not_charged/only_while_watched",
    kinds=LIFTS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def only_while_watched(life: Life, spell: Spell) -> None:
    """For fear of fire it is charged only while somebody sits by: a while on some evenings."""
    during, days = spell.during(life), life.calendar.days
    share = spell.rng.uniform(1.2, 2.4, days) / 24
    watched = spell.rng.random(days) < float(spell.rng.uniform(0.6, 0.8))
    life.days.mains[during] = np.where(watched, share, 0.0)[during]


@behaviour(
    "not_charged/socket_of_the_light",
    kinds=HOISTS | WHEELS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def socket_of_the_light(life: Life, spell: Spell) -> None:
    """Plugged in each night where the light switch cuts the power; elsewhere once it is flat."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        length = int(spell.rng.integers(9, 18))
        last = min(day + length, spell.until)
        life.days.mains[day:last] = 0.0
        day += length + 1


@behaviour(
    "not_charged/over_coffee",
    kinds=WHEELS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def over_coffee(life: Life, spell: Spell) -> None:
    """No socket at home any more: an hour or so over coffee at the club, some times a week."""
    during = spell.during(life)
    life.days.mains[during] = float(spell.rng.uniform(0.04, 0.07))
    life.days.plugs[during] = float(spell.rng.uniform(0.35, 0.5))
    life.days.heeds[during] = 0.15


# --- off_charge_point


@behaviour(
    "off_charge_point/loses_its_place",
    kinds=LIFTS,
    lasts=(50, 170),
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def loses_its_place(life: Life, spell: Spell) -> None:
    """Started anew it loses count of its place, and halts short of its contacts for days."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        short = int(spell.rng.integers(4, 10))
        life.days.restarts[day] += 1
        last = min(day + short, spell.until)
        life.days.parks_well[day:last] = float(spell.rng.uniform(0.0, 0.15))
        day += short + int(spell.rng.integers(2, 8))


@behaviour(
    "off_charge_point/floor_laid_higher",
    kinds=LIFTS,
    lasts=(30, 160),
    forbidden=NOT_CHARGER,
    allowed=(*ADRIFT, "edges_tripping"),
)
def floor_laid_higher(life: Life, spell: Spell) -> None:
    """A new floor lies a finger too high: its footrest meets it before its contacts meet theirs."""
    during = spell.during(life)
    life.days.parks_well[during] = float(spell.rng.uniform(0.3, 0.5))
    life.days.trips[during] += float(spell.rng.uniform(0.03, 0.12))


@behaviour(
    "off_charge_point/in_the_sun_for_the_cat",
    kinds=LIFTS,
    lasts=(40, 150),
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def in_the_sun_for_the_cat(life: Life, spell: Spell) -> None:
    """On fine days it is left by the window halfway up, since the cat likes to lie there."""
    during, warmest_c = spell.during(life), life.calendar.warmest_c
    fine = during & (warmest_c >= np.quantile(warmest_c[during], spell.rng.uniform(0.3, 0.5)))
    life.days.parks_well[fine] = float(spell.rng.uniform(0.0, 0.15))


# --- unsheltered


@behaviour("unsheltered/bicycle_stand", kinds=WHEELS, allowed=OUTSIDE_TOO)
def bicycle_stand(life: Life, spell: Spell) -> None:
    """In the bicycle stand before the flats from Sunday to Friday; with a son on Saturdays."""
    out = spell.during(life) & ~on_weekday(life, 5)
    life.days.shelter[out] = float(spell.rng.uniform(0.94, 1.0))


@behaviour("unsheltered/porch", kinds=WHEELS, allowed=OUTSIDE_TOO)
def porch(life: Life, spell: Spell) -> None:
    """In an open porch against the wall of the house: a little warmer than the street, no drier."""
    during = spell.during(life)
    life.days.shelter[during] = float(spell.rng.uniform(0.82, 0.92))
    life.days.room_c[during] = float(spell.rng.uniform(11, 15))


@behaviour(
    "unsheltered/roof_blown_off",
    kinds=WHEELS,
    lasts=(35, 90),
    allowed=OUTSIDE_TOO,
)
def roof_blown_off(life: Life, spell: Spell) -> None:
    """A storm takes the roof of its shed: under the open sky, for weeks, until it is mended."""
    life.days.shelter[spell.during(life)] = float(spell.rng.uniform(0.93, 1.0))


@behaviour("unsheltered/on_the_deck", kinds=WHEELS, allowed=OUTSIDE_TOO)
def on_the_deck(life: Life, spell: Spell) -> None:
    """On the deck of a houseboat, and taken into the wheelhouse on nights of hard frost only."""
    out = spell.during(life) & (life.calendar.coldest_c > -1.5)
    life.days.shelter[out] = float(spell.rng.uniform(0.92, 1.0))
    life.days.room_c[out] -= 1.0
