"""Codes: of parts that fail, of contacts that flicker, and of what nobody ever reports."""

import numpy as np

from simulator.years.behaviours.cases.codes import NOT_USE, stopping
from simulator.years.behaviours.cases.signs import FLAPPING_TOO, put_right, stands
from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.faults import BESIDES, flaps, flickers, loose, stays
from simulator.years.behaviours.health import shows_current
from simulator.years.behaviours.keeping import has_failure
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import FaultSpell, Life, Outage

# --- fault


@behaviour("fault/refuses_when_sat_on", lasts=(3, 8), allowed=BESIDES, forbidden=NOT_USE)
def refuses_when_sat_on(life: Life, spell: Spell) -> None:
    """It refuses as soon as somebody wants to go, and is well again when he has got off."""
    code = str(spell.rng.choice(stopping(life)))
    repair = spell.first + int(spell.rng.integers(3, 8))
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(7, 18)))
    tries = [spell.began_ms]
    for day in range(spell.first, repair):
        hours = spell.rng.uniform(7.5, 21.5, int(spell.rng.integers(2, 6)))
        tries += [life.moment(day, float(hour)) for hour in hours]
    for from_ms in sorted(one for one in tries if one >= spell.began_ms):
        until_ms = from_ms + int(spell.rng.uniform(0.7, 8) * 60_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
    stands(life, spell.first + 1, repair)
    put_right(life, spell, repair)


@behaviour(
    "fault/at_the_same_place",
    lasts=(4, 10),
    stage=Stage.SIGHT,
    allowed=(*BESIDES, "edges_tripping"),
    forbidden=NOT_USE,
)
def at_the_same_place(life: Life, spell: Spell) -> None:
    """At one place of its way it stops with a part's code, ride after ride, until it is mended."""
    code, rides = str(spell.rng.choice(stopping(life))), life.rides
    place = float(spell.rng.uniform(0.2, 0.8))
    stopped = spell.rides(life) & rides.up & (spell.rng.random(len(rides)) < 0.85)
    rides.stops = rides.stops + stopped
    rides.presses = rides.presses + 2 * stopped
    at_ms = (rides.at_ms + place * rides.duration_s * 1000).astype(np.int64)[stopped]
    for from_ms in at_ms.tolist():
        until_ms = from_ms + int(spell.rng.uniform(6, 150) * 1_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
    if len(at_ms):
        spell.began_ms = int(at_ms[0])
        put_right(life, spell, spell.until)
    else:
        spell.skipped = True  # nobody rode


@behaviour("fault/another_part_after", lasts=(6, 16), allowed=BESIDES, forbidden=NOT_USE)
def another_part_after(life: Life, spell: Spell) -> None:
    """A part is renewed; some days later it stands by another, which the first had overloaded."""
    one, other = spell.rng.permutation(stopping(life))[:2].tolist()
    once = spell.first + int(spell.rng.integers(1, 4))
    back = once + int(spell.rng.integers(2, 7))
    again = back + int(spell.rng.integers(2, 6))
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(7, 22)))
    until_ms = life.moment(once, 11.0)
    life.faults.append(FaultSpell(code=one, from_ms=spell.began_ms, until_ms=until_ms))
    from_ms, until_ms = life.moment(back, float(spell.rng.uniform(7, 22))), life.moment(again, 11.0)
    life.faults.append(FaultSpell(code=other, from_ms=from_ms, until_ms=until_ms))
    stands(life, spell.first + 1, once)
    stands(life, back + 1, again)
    mechanic(life, once)
    put_right(life, spell, again)


@behaviour("fault/unknown_and_still_runs", lasts=(2, 8), allowed=BESIDES)
def unknown_and_still_runs(life: Life, spell: Spell) -> None:
    """A code that stands in nobody's table comes up and stays; it is ridden on until one comes."""
    number = int(spell.rng.integers(100, 180))
    stays(life, spell, f"maker_{number}", stops=False, maker_code=f"X{number}")


# --- flapping


@behaviour("flapping/when_lorries_pass", lasts=(15, 60), visible=flickers, allowed=FLAPPING_TOO)
def when_lorries_pass(life: Life, spell: Spell) -> None:
    """The street is a detour for lorries: on working days each of them shakes a loose switch."""
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life) & ~life.calendar.weekend).tolist():
        hours = spell.rng.uniform(6.5, 18, int(spell.rng.integers(9, 45))).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour("flapping/in_cold_nights", lasts=(20, 70), visible=flickers, allowed=FLAPPING_TOO)
def in_cold_nights(life: Life, spell: Spell) -> None:
    """A hair crack opens in the cold: on the colder nights it comes and goes until sunrise."""
    code, during, coldest_c = loose(life, spell), spell.during(life), life.calendar.coldest_c
    cold = during & (coldest_c <= np.quantile(coldest_c[during], 0.65))
    for day in np.flatnonzero(cold).tolist():
        hours = spell.rng.uniform(0, 8.5, int(spell.rng.integers(6, 30))).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour(
    "flapping/on_the_way_back",
    lasts=(20, 70),
    stage=Stage.SIGHT,
    visible=flickers,
    allowed=FLAPPING_TOO,
)
def on_the_way_back(life: Life, spell: Spell) -> None:
    """A cable is bent on the way down, or home: two to six times on it, never on the other way."""
    code, rides = loose(life, spell), life.rides
    moments: list[int] = []
    for number in np.flatnonzero(spell.rides(life) & ~rides.up).tolist():
        shares = spell.rng.uniform(0.05, 0.9, int(spell.rng.integers(2, 7)))
        within_ms = rides.at_ms[number] + shares * rides.duration_s[number] * 1000
        moments += within_ms.astype(np.int64).tolist()
    flaps(life, spell, moments, code)


@behaviour("flapping/since_it_came", visible=flickers, allowed=FLAPPING_TOO)
def since_it_came(life: Life, spell: Spell) -> None:
    """A plug not pushed home when it was fitted: some dozen times a day since it came."""
    spell.first, spell.until = 0, int(spell.rng.integers(25, 110))
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life)).tolist():
        hours = spell.rng.uniform(6, 23, int(spell.rng.integers(5, 25))).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)
    mechanic(life, spell.until)


# --- neglected

LIVED_WITH = (
    "fault",
    "flapping",
    "battery_worn",
    "brake_slipping",
    "drive_worn",
    "charger_failed",
)


@behaviour(
    "neglected/bad_weeks_and_good_ones",
    lasts=(80, 190),
    visible=has_failure,
    allowed=LIVED_WITH,
)
def bad_weeks_and_good_ones(life: Life, spell: Spell) -> None:
    """For a week it refuses day after day, then not for a week; for months nobody calls anybody."""
    code = str(spell.rng.choice(stopping(life)))
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        bad = int(spell.rng.integers(5, 11))
        for one in range(day, min(day + bad, spell.until, life.calendar.days)):
            from_ms = life.moment(one, float(spell.rng.uniform(7, 20)))
            until_ms = from_ms + int(spell.rng.uniform(0.3, 3.5) * 3_600_000)
            life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
            life.days.restarts[one] += 1
        day += bad + int(spell.rng.integers(4, 9))


@behaviour(
    "neglected/off_for_the_night_to_clear_it",
    lasts=(45, 150),
    visible=has_failure,
    allowed=(*LIVED_WITH, "offline", "mute", "test_calls_missed"),
)
def off_for_the_night_to_clear_it(life: Life, spell: Spell) -> None:
    """Most evenings it fails; they pull its plugs for the night, and in the morning it goes."""
    code = str(spell.rng.choice(stopping(life)))
    fails = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.8)
    for day in np.flatnonzero(fails).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(17, 21.5)))
        off_ms = from_ms + int(spell.rng.uniform(0.2, 1.5) * 3_600_000)
        on_ms = life.moment(day + 1, float(spell.rng.uniform(6.5, 8.5)))
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=on_ms + 90_000))
        life.outages.append(Outage(from_ms=off_ms, until_ms=on_ms, on=False))


@behaviour(
    "neglected/crumbs_since_it_came",
    kinds=LIFTS,
    visible=shows_current,
    allowed=("drive_worn", "edges_tripping", "service_due", "fault", "flapping", "overload"),
)
def crumbs_since_it_came(life: Life, spell: Spell) -> None:
    """Lent to a house where nothing is ever wiped: soon its rack and edges are full of crumbs."""
    spell.first = 0
    grown = spell.grown(life, over=float(spell.rng.uniform(20, 50)))
    life.days.friction = life.days.friction * (1 + float(spell.rng.uniform(0.3, 0.5)) * grown)
    life.days.trips = life.days.trips + float(spell.rng.uniform(0.3, 0.7)) * grown


@behaviour(
    "neglected/pushed_home",
    kinds=WHEELS,
    lasts=(60, 170),
    stage=Stage.SIGHT,
    visible=has_failure,
    allowed=LIVED_WITH,
)
def pushed_home(life: Life, spell: Spell) -> None:
    """On one outing of three it stops for good and is pushed home; next day it is ridden again."""
    code, rides = str(spell.rng.choice(stopping(life))), life.rides
    back = spell.rides(life) & rides.away & ~rides.up
    stops = np.flatnonzero(back & (spell.rng.random(len(rides)) < 0.35))
    for number in stops.tolist():
        from_ms = int(rides.at_ms[number] + 0.9 * rides.duration_s[number] * 1000)
        until_ms = from_ms + int(spell.rng.uniform(2, 11) * 3_600_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
    if len(stops) < 5:
        spell.skipped = True  # too seldom out for anybody to call it a habit
