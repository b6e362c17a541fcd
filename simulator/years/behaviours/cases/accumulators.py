"""Batteries that are done, and chargers that no longer do what they should."""

import numpy as np

from simulator.years.behaviours.cases.decay import NEITHER, WEAK, ages_by
from simulator.years.behaviours.cases.gears import stood_until_repaired
from simulator.years.behaviours.cases.powerpacks import CHARGER_TOO
from simulator.years.behaviours.cases.ways import sags, twice_as_long
from simulator.years.behaviours.contract import HOISTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.health import age_battery, failing_day
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.wear import mended
from simulator.years.life import Life
from simulator.years.power import rest_v

# --- battery_worn


@behaviour("battery_worn/lacks_today_what_it_gave_yesterday", allowed=WEAK)
def lacks_today_what_it_gave_yesterday(life: Life, spell: Spell) -> None:
    """It no longer rests: weak after busy days and well after quiet ones, by the month more so."""
    spell.fails = failing_day(spell, 100, 230)
    busy = np.convolve(life.days.rides, np.ones(2) / 2)[: life.calendar.days]
    rank = np.argsort(np.argsort(np.append(busy[:1], busy[:-1]))) / life.calendar.days
    grown = spell.grown(life, over=spell.fails - spell.first, power=1.3)
    ages_by(life, spell, grown * (0.55 + 0.45 * rank), capacity_left=0.5)


@behaviour(
    "battery_worn/a_cell_turns_over",
    kinds=WHEELS | HOISTS,
    stage=Stage.SIGHT,
    allowed=WEAK,
)
def a_cell_turns_over(life: Life, spell: Spell) -> None:
    """A cell turns over once so much is used: two volts less from there on, sooner by the week."""
    spell.fails = failing_day(spell, 70, 170)
    rides = life.rides
    grown = spell.grown(life, over=spell.fails - spell.first)[rides.day]
    turns_v = rest_v(0.6 + 0.395 * grown)
    used_v = np.where(life.charged, rides.before_v, np.minimum(rides.before_v, rides.after_v))
    turned = spell.rides(life) & (used_v < turns_v)
    lower_v = np.where(turned, spell.rng.uniform(1.7, 2.3, len(rides)), 0.0)
    sags(life, lower_v)
    rides.after_v = rides.after_v - np.where(life.charged, 0.0, lower_v)
    stood_until_repaired(life, spell)


@behaviour("battery_worn/weak_under_the_hardest", stage=Stage.SIGHT, allowed=WEAK)
def weak_under_the_hardest(life: Life, spell: Spell) -> None:
    """It gives no more much at once: the hardest rides pull it ever deeper, the others as ever."""
    spell.fails = failing_day(spell, 90, 220)
    rides = life.rides
    grown = spell.grown(life, over=spell.fails - spell.first, power=1.4)[rides.day]
    usual_a = float(np.quantile(rides.peak_a, 0.5)) if len(rides) else 0.0
    most_a = max(float(np.quantile(rides.peak_a, 0.95)) if len(rides) else 1.0, usual_a + 0.5)
    over = np.clip((rides.peak_a - usual_a) / (most_a - usual_a), 0, 1.3)
    full_v = float(np.median(rides.min_v)) if len(rides) else 24.0
    deepest_v = max(full_v - life.aid.battery.cut_off_v, 1.5)
    sags(life, deepest_v * grown * over)
    stood_until_repaired(life, spell)


@behaviour("battery_worn/the_new_one_is_the_worse", allowed=WEAK)
def the_new_one_is_the_worse(life: Life, spell: Spell) -> None:
    """A mechanic renews it in good time; the new one is sound for weeks, and then fades fast."""
    new, since = life.aid.battery, spell.during(life)
    mechanic(life, spell.first)
    life.days.openings[spell.first : spell.first + 1] += 1
    life.days.capacity_ah[since], life.days.resistance_ohm[since] = (
        new.capacity_ah,
        new.resistance_ohm,
    )
    spell.first += int(spell.rng.integers(15, 40))
    age_battery(life, spell, least=60, most=150, power=1.2, capacity_left=0.4)


# --- charger_failed


@behaviour(
    "charger_failed/dust_in_its_vents",
    lasts=(70, 180),
    allowed=CHARGER_TOO,
    forbidden=NEITHER,
)
def dust_in_its_vents(life: Life, spell: Spell) -> None:
    """Dust clogs it: it rests ever longer from its own heat, is blown out, and clogs again."""
    day, end = spell.first, min(spell.until, life.calendar.days)
    while day < end:
        clogs = int(spell.rng.integers(30, 55))
        last = min(day + clogs, end)
        life.days.gives[day:last] = 1 - 0.95 * ((np.arange(last - day) + 1) / clogs) ** 0.7
        day += clogs
    mended(life, spell, "gives")


@behaviour(
    "charger_failed/a_tenth_of_a_volt_a_week",
    lasts=(150, 260),
    allowed=CHARGER_TOO,
    forbidden=NEITHER,
)
def a_tenth_of_a_volt_a_week(life: Life, spell: Spell) -> None:
    """It was set right once, and climbs by a tenth of a volt a week: two and more at the end."""
    over = float(spell.rng.uniform(110, 170))
    end_v = max(float(spell.rng.uniform(30.6, 31.8)), life.aid.battery.charger_v + 1.9)
    climbed = spell.grown(life, over=over) * (end_v - life.aid.battery.charger_v)
    life.days.charger_v = life.days.charger_v + climbed
    mended(life, spell, "charger_v")


@behaviour(
    "charger_failed/longer_every_time",
    lasts=(32, 75),
    allowed=CHARGER_TOO,
    forbidden=NEITHER,
)
def longer_every_time(life: Life, spell: Spell) -> None:
    """A relay of it sticks: for a day or two, next time for twice as long, and so on."""
    first = int(spell.rng.integers(1, 3))
    life.days.charger[twice_as_long(life, spell, first, (4, 9))] = 0.0
    mended(life, spell, "charger")


@behaviour(
    "charger_failed/the_second_one_as_well",
    lasts=(26, 50),
    allowed=CHARGER_TOO,
    forbidden=NEITHER,
)
def the_second_one_as_well(life: Life, spell: Spell) -> None:
    """It dies, another is brought within some days, and that one dies as well within weeks."""
    swapped = spell.first + int(spell.rng.integers(5, 10))
    dead = max(spell.until - int(spell.rng.integers(5, 10)), swapped + 8)
    life.days.charger[spell.first : swapped] = 0.0
    mechanic(life, swapped)
    life.days.charger[dead : spell.until] = 0.0
    mended(life, spell, "charger")
