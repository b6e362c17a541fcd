"""Codes that stay, that come and go, and that nobody ever reports."""

import numpy as np

from simulator.years.behaviours.cases.alarms import LIVED_WITH
from simulator.years.behaviours.cases.codes import NOT_USE, stopping
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.signs import FLAPPING_TOO, put_right, stands
from simulator.years.behaviours.contract import ALL, HOISTS, LIFTS, WHEELS, Spell, behaviour
from simulator.years.behaviours.faults import BESIDES, flaps, flickers, loose
from simulator.years.behaviours.health import final_friction, shows_current
from simulator.years.behaviours.keeping import has_failure
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import FaultSpell, Life
from simulator.years.profiles import Profile

MINUTE_MS = 60_000

# --- fault


@behaviour("fault/mended_the_same_evening", lasts=(1, 1), allowed=BESIDES, forbidden=NOT_USE)
def mended_the_same_evening(life: Life, spell: Spell) -> None:
    """It refuses after lunch; somebody comes before supper with the part, and it goes again."""
    code = str(spell.rng.choice(stopping(life)))
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(11.5, 14.5)))
    came_h = float(spell.rng.uniform(16.5, 18.5))
    spell.until_ms = life.moment(spell.first, came_h + 0.5)
    life.faults.append(FaultSpell(code=code, from_ms=spell.began_ms, until_ms=spell.until_ms))
    if spell.first < life.calendar.days:
        life.days.openings[spell.first] += 1
        mechanic(life, spell.first, hour=came_h)


@behaviour("fault/part_from_abroad", lasts=(11, 18), allowed=BESIDES, forbidden=NOT_USE)
def part_from_abroad(life: Life, spell: Spell) -> None:
    """It stands; the mechanic is there next day, and in weeks he is back with a foreign part."""
    code = str(spell.rng.choice(stopping(life)))
    repair = spell.first + int(spell.rng.integers(11, 18))
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(7, 21)))
    until_ms = life.moment(repair, 11.0)
    life.faults.append(FaultSpell(code=code, from_ms=spell.began_ms, until_ms=until_ms))
    stands(life, spell.first + 1, repair)
    mechanic(life, spell.first + 1)
    put_right(life, spell, repair)


def goes_blank(profile: Profile) -> bool:
    """Whether its display tells that it has no power."""
    return "power_down" in profile.codes


@behaviour(
    "fault/blank_display",
    kinds=LIFTS,
    lasts=(5, 10),
    visible=goes_blank,
    allowed=BESIDES,
    forbidden=NOT_USE,
)
def blank_display(life: Life, spell: Spell) -> None:
    """Its fuse holder is loose: blank for some hours, well for a day, and blank again."""
    repair = spell.first + int(spell.rng.integers(5, 10))
    at_ms = spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(8, 20)))
    while at_ms < life.moment(repair, 8.0):
        until_ms = min(at_ms + int(spell.rng.uniform(40, 400) * MINUTE_MS), life.moment(repair, 11))
        life.faults.append(FaultSpell(code="power_down", from_ms=at_ms, until_ms=until_ms))
        at_ms = until_ms + int(spell.rng.uniform(9, 34) * 60 * MINUTE_MS)
    put_right(life, spell, repair)


@behaviour("fault/once_more_each_day", lasts=(4, 9), allowed=BESIDES, forbidden=NOT_USE)
def once_more_each_day(life: Life, spell: Spell) -> None:
    """A part sticks: once on the first day, twice on the second, and so on until it is reported."""
    code = str(spell.rng.choice(stopping(life)))
    repair = spell.first + int(spell.rng.integers(5, 9))
    moments = []
    for step in range(repair - spell.first):
        hours = spell.rng.uniform(7.5, 21, step + 1).tolist()
        moments += [life.moment(spell.first + step, hour) for hour in hours]
    for from_ms in sorted(moments):
        until_ms = from_ms + int(spell.rng.uniform(3, 50) * MINUTE_MS)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
    spell.began_ms = min(moments)
    put_right(life, spell, repair)


# --- flapping


@behaviour(
    "flapping/when_the_machine_spins",
    lasts=(25, 90),
    visible=flickers,
    allowed=FLAPPING_TOO,
)
def when_the_machine_spins(life: Life, spell: Spell) -> None:
    """A loose switch beside the washing machine: dozens of times when that spins, four days."""
    code = loose(life, spell)
    washing = on_weekday(life, *spell.rng.choice(7, 4, replace=False).tolist())
    for day in np.flatnonzero(spell.during(life) & washing).tolist():
        moments = []
        for _ in range(int(spell.rng.integers(1, 4))):
            began_h = float(spell.rng.uniform(8.5, 17))
            hours = began_h + spell.rng.uniform(0, 0.3, int(spell.rng.integers(8, 26)))
            moments += [life.moment(day, hour) for hour in hours.tolist()]
        flaps(life, spell, moments, code)


@behaviour(
    "flapping/radio_amateur_next_door",
    lasts=(25, 90),
    visible=flickers,
    allowed=FLAPPING_TOO,
)
def radio_amateur_next_door(life: Life, spell: Spell) -> None:
    """An amateur's transmitter next door: most evenings a switch's line comes and goes with it."""
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life)).tolist():
        if spell.rng.random() < 0.75:
            hours = spell.rng.uniform(19.5, 23.5, int(spell.rng.integers(10, 40))).tolist()
            flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour(
    "flapping/fewer_by_the_week",
    lasts=(22, 45),
    visible=flickers,
    allowed=FLAPPING_TOO,
)
def fewer_by_the_week(life: Life, spell: Spell) -> None:
    """A new switch is stiff: dozens of times a day at first, fewer by the week, then no more."""
    code, length = loose(life, spell), spell.until - spell.first
    most = int(spell.rng.integers(30, 70))
    for day in np.flatnonzero(spell.during(life)).tolist():
        count = int(spell.rng.poisson(most * (1 - (day - spell.first) / length) ** 2))
        hours = spell.rng.uniform(6.5, 22.5, count).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour("flapping/on_the_hour", lasts=(15, 60), visible=flickers, allowed=FLAPPING_TOO)
def on_the_hour(life: Life, spell: Spell) -> None:
    """A clock's radio beside its cable: it comes and goes on every hour, by day and by night."""
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life)).tolist():
        hours = (np.arange(24) + spell.rng.uniform(0, 0.02, 24)).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


# --- neglected


@behaviour(
    "neglected/ground_on_until_it_stops",
    lasts=(70, 170),
    visible=lambda profile: shows_current(profile) and has_failure(profile),
    allowed=(*LIVED_WITH, "overload", "service_due", "other_person"),
)
def ground_on_until_it_stops(life: Life, spell: Spell) -> None:
    """It grinds louder every month and stops in the end day after day; nobody calls anybody."""
    code = str(spell.rng.choice(stopping(life)))
    grown = spell.grown(life)
    life.days.friction = life.days.friction * (1 + 0.7 * (final_friction(life, spell) - 1) * grown)
    stops = spell.during(life) & (spell.rng.random(life.calendar.days) < np.clip(grown * 1.4, 0, 1))
    for day in np.flatnonzero(stops).tolist():
        for hour in spell.rng.uniform(7, 21, int(spell.rng.integers(1, 3))).tolist():
            from_ms = life.moment(day, hour)
            until_ms = from_ms + int(spell.rng.uniform(5, 120) * MINUTE_MS)
            life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))


@behaviour(
    "neglected/broken_and_left",
    lasts=(45, 110),
    visible=has_failure,
    allowed=(*LIVED_WITH, "unused", "not_charged"),
)
def broken_and_left(life: Life, spell: Spell) -> None:
    """It refuses, and is left standing as it is: in months nobody reports that it is broken."""
    code = str(spell.rng.choice(stopping(life)))
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(8, 20)))
    until_ms = life.moment(spell.until, 11.0)
    life.faults.append(FaultSpell(code=code, from_ms=spell.began_ms, until_ms=until_ms))
    stands(life, spell.first + 1, spell.until)
    put_right(life, spell, spell.until)


@behaviour(
    "neglected/flat_for_a_season",
    kinds=ALL - LIFTS,
    lasts=(60, 130),
    allowed=("not_charged", "battery_worn", "unused", "fault", "offline", "flapping"),
    forbidden=("charger_failed",),
)
def flat_for_a_season(life: Life, spell: Spell) -> None:
    """Put away unplugged for months: it runs flat, stays flat, and has lost a third by the end."""
    during = spell.during(life)
    life.days.plugs[during], life.days.heeds[during] = 0.0, -1.0
    # A few rides empty it in the first weeks.
    early = during & (np.arange(life.calendar.days) < spell.first + 25)
    life.days.rides[during & ~early] *= 0.05
    since = np.arange(life.calendar.days) >= spell.first
    lost = 1 - 0.35 * np.where(since, np.maximum.accumulate(spell.grown(life)), 0.0)
    life.days.capacity_ah = life.days.capacity_ah * lost


@behaviour(
    "neglected/warmed_with_a_hair_dryer",
    kinds=LIFTS | WHEELS | HOISTS,
    lasts=(60, 150),
    visible=has_failure,
    allowed=LIVED_WITH,
)
def warmed_with_a_hair_dryer(life: Life, spell: Spell) -> None:
    """On the cooler mornings a part refuses until it is warmed with a hair dryer, for months."""
    code, during = str(spell.rng.choice(stopping(life))), spell.during(life)
    coldest_c = life.calendar.coldest_c
    cold = during & (coldest_c <= np.quantile(coldest_c[during], 0.65))
    for day in np.flatnonzero(cold).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(6.8, 8.8)))
        until_ms = from_ms + int(spell.rng.uniform(12, 80) * MINUTE_MS)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
