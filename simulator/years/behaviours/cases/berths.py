"""Where it is left, and how it is charged there."""

import numpy as np

from simulator.years.behaviours.care import UNCHARGED, plugs
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.sockets import NOT_CHARGER, OUTSIDE_TOO
from simulator.years.behaviours.cases.stowage import enough
from simulator.years.behaviours.cases.ways import coldest_of, season, some_days
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, behaviour
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.wear import UNCHARGED as ADRIFT
from simulator.years.life import Life

# --- off_charge_point


@behaviour(
    "off_charge_point/shrinks_in_the_cold",
    kinds=LIFTS,
    lasts=(80, 220),
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def shrinks_in_the_cold(life: Life, spell: Spell) -> None:
    """Its rail runs along an outer wall: on the colder days its end stop lies a finger short."""
    cold = coldest_of(life, spell, float(spell.rng.uniform(0.4, 0.6)))
    life.days.parks_well[cold] = float(spell.rng.uniform(0.08, 0.3))


@behaviour(
    "off_charge_point/set_right_and_loose_again",
    kinds=LIFTS,
    lasts=(70, 190),
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def set_right_and_loose_again(life: Life, spell: Spell) -> None:
    """A mechanic screws its contacts fast; they work loose within weeks, and he comes once more."""
    day, end = spell.first, min(spell.until, life.calendar.days)
    while day < end:
        loosens = int(spell.rng.integers(22, 42))
        last = min(day + loosens, end)
        share = (np.arange(last - day) + 1) / loosens
        life.days.parks_well[day:last] = 0.97 - 0.8 * np.clip(1.6 * share, 0, 1)
        mechanic(life, last)
        day += loosens
    spell.until = min(day, spell.until)


@behaviour(
    "off_charge_point/every_third_ride",
    kinds=LIFTS,
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def every_third_ride(life: Life, spell: Spell) -> None:
    """Her new glasses deceive her: from one day on every third ride ends before its contacts."""
    life.days.parks_well[spell.during(life)] = float(spell.rng.uniform(0.52, 0.66))


@behaviour(
    "off_charge_point/more_and_more_by_the_window",
    kinds=LIFTS,
    lasts=(80, 220),
    forbidden=NOT_CHARGER,
    allowed=ADRIFT,
)
def more_and_more_by_the_window(life: Life, spell: Spell) -> None:
    """He likes to sit halfway, by the window, and gets off there: now and then, at last always."""
    chance = 0.1 + 0.8 * spell.grown(life, over=float(spell.rng.uniform(40, 80)))
    life.days.parks_well[some_days(life, spell, chance)] = float(spell.rng.uniform(0.05, 0.25))


# --- not_charged


@behaviour(
    "not_charged/with_the_paper_collection",
    kinds=WHEELS | HOISTS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def with_the_paper_collection(life: Life, spell: Spell) -> None:
    """His helper comes when the old paper is fetched, every other week, and charges it that day."""
    plugs(life, spell, 0.0, float(spell.rng.uniform(0.02, 0.06)))
    day = spell.first + int(spell.rng.integers(8, 14))
    while day < min(spell.until, life.calendar.days):
        life.days.plugs[day], life.days.heeds[day] = 1.0, 1.0
        day += 14


@behaviour("not_charged/an_hour_less_each_week", allowed=UNCHARGED, forbidden=NOT_CHARGER)
def an_hour_less_each_week(life: Life, spell: Spell) -> None:
    """To save, its plug is in for an hour less each week, until what it gets is hardly enough."""
    over = float(spell.rng.uniform(25, 50))
    least = enough(life) * float(spell.rng.uniform(0.8, 1.25))
    share = 1 - spell.grown(life, over=over) * (1 - least)
    share = share * np.where(spell.grown(life) > 0, spell.rng.uniform(0.9, 1.1, len(share)), 1.0)
    life.days.mains = np.minimum(life.days.mains, share.clip(0, 1))
    spell.first += round(0.7 * over)


@behaviour(
    "not_charged/since_his_wife_is_gone",
    kinds=WHEELS | HOISTS,
    allowed=(*UNCHARGED, "unused"),
    forbidden=NOT_CHARGER,
)
def since_his_wife_is_gone(life: Life, spell: Spell) -> None:
    """His wife always plugged it in. Since she is gone it happens by chance, or once it is flat."""
    plugs(life, spell, float(spell.rng.uniform(0.03, 0.08)), float(spell.rng.uniform(0.04, 0.1)))
    life.days.partner[spell.during(life)] = 0.0


@behaviour(
    "not_charged/heater_has_its_socket",
    kinds=LIFTS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def heater_has_its_socket(life: Life, spell: Spell) -> None:
    """In the cold months an electric heater has its socket: it gets what is left of mild days."""
    if not season(life, spell, cold=True, least=30):
        return
    coldest_c = life.calendar.coldest_c
    during = spell.during(life)
    cold = during & (coldest_c < float(np.quantile(coldest_c[during], 0.75)))
    life.days.mains[cold] = 0.0
    life.days.mains[during & ~cold] = float(spell.rng.uniform(0.15, 0.4))


@behaviour(
    "not_charged/taken_along_to_the_shed",
    kinds=LIFTS,
    allowed=UNCHARGED,
    forbidden=NOT_CHARGER,
)
def taken_along_to_the_shed(life: Life, spell: Spell) -> None:
    """A son takes its lead to his shed on Sunday night, and brings it back on Saturday."""
    home = on_weekday(life, 5, 6) & some_days(life, spell, 0.85)
    life.days.mains[spell.during(life) & ~home] = 0.0


# --- unsheltered


@behaviour("unsheltered/later_in_every_week", kinds=WHEELS, allowed=OUTSIDE_TOO)
def later_in_every_week(life: Life, spell: Spell) -> None:
    """It is taken in later every week, and in the end not at all: from the hall into the rain."""
    outside = spell.grown(life, over=float(spell.rng.uniform(40, 80)))
    most = np.maximum(float(spell.rng.uniform(0.93, 1.0)), life.days.shelter)
    life.days.shelter = life.days.shelter + outside * (most - life.days.shelter)
    spell.first += 20


@behaviour("unsheltered/on_four_nights_off_four", kinds=WHEELS, allowed=OUTSIDE_TOO)
def on_four_nights_off_four(life: Life, spell: Spell) -> None:
    """Whoever puts it away works in shifts: four nights in the rain, and four in the hall."""
    away = (np.arange(life.calendar.days) - spell.first) % 8 < 4
    life.days.shelter[spell.during(life) & away] = float(spell.rng.uniform(0.93, 1.0))


@behaviour(
    "unsheltered/garage_without_its_door",
    kinds=WHEELS,
    lasts=(60, 200),
    allowed=OUTSIDE_TOO,
)
def garage_without_its_door(life: Life, spell: Spell) -> None:
    """Its garage lost its door in a storm: a roof and three walls, and wind and rain get in."""
    during = spell.during(life)
    life.days.shelter[during] = float(spell.rng.uniform(0.84, 0.94))
    life.days.room_c[during] = float(spell.rng.uniform(9, 13))


@behaviour("unsheltered/until_a_shed_is_built", kinds=WHEELS, allowed=OUTSIDE_TOO)
def until_a_shed_is_built(life: Life, spell: Spell) -> None:
    """It came before its shed: in the yard since the first day, until that is built at last."""
    spell.first, spell.until = 0, int(spell.rng.integers(110, 300))
    life.days.shelter[spell.during(life)] = float(spell.rng.uniform(0.92, 1.0))
    life.days.shelter[spell.until :] = float(spell.rng.uniform(0.1, 0.35))
