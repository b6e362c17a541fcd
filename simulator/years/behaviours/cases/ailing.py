"""Codes that stay, that come and go, and that nobody ever reports."""

import numpy as np

from gateway.protocol.vocabulary import FaultClass
from simulator.years.behaviours.cases.alarms import LIVED_WITH
from simulator.years.behaviours.cases.codes import NOT_USE, stopping
from simulator.years.behaviours.cases.lines import HOUR_MS
from simulator.years.behaviours.cases.signs import FLAPPING_TOO, put_right, stands
from simulator.years.behaviours.cases.ways import after_the_one_before_s, some_days
from simulator.years.behaviours.contract import ALL, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.faults import BESIDES, codes_of, flaps, flickers, loose, warns
from simulator.years.behaviours.keeping import has_failure
from simulator.years.behaviours.repairs import serviced
from simulator.years.behaviours.wear import tells_motion
from simulator.years.life import FaultSpell, Life

# --- fault


@behaviour(
    "fault/when_it_had_no_rest",
    lasts=(8, 16),
    stage=Stage.SIGHT,
    allowed=BESIDES,
    forbidden=NOT_USE,
)
def when_it_had_no_rest(life: Life, spell: Spell) -> None:
    """A relay gives up when it was used within the hour: a part's code, for some minutes."""
    code, rides = str(spell.rng.choice(stopping(life))), life.rides
    soon = spell.rides(life) & (after_the_one_before_s(life) < 3_600)
    stopped = np.flatnonzero(soon & (spell.rng.random(len(rides)) < 0.8))
    if len(stopped) < 4:
        spell.skipped = True  # it always has its rest
        return
    at_ms = rides.at_ms + (0.6 * rides.duration_s * 1000).astype(np.int64)
    for from_ms in at_ms[stopped].tolist():
        until_ms = from_ms + int(spell.rng.uniform(2, 25) * 60_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
    spell.began_ms = int(at_ms[stopped[0]])
    put_right(life, spell, spell.until)


@behaviour("fault/friday_until_monday", lasts=(3, 5), allowed=BESIDES, forbidden=NOT_USE)
def friday_until_monday(life: Life, spell: Spell) -> None:
    """It stands on Friday evening; who is on call has not the part, and on Monday it is mended."""
    while life.calendar.date_of(spell.first).weekday() != 4:
        spell.first += 1
    repair = spell.first + int(spell.rng.integers(3, 5))
    code = str(spell.rng.choice(stopping(life)))
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(16.5, 22)))
    until_ms = life.moment(repair, 11.0)
    life.faults.append(FaultSpell(code=code, from_ms=spell.began_ms, until_ms=until_ms))
    stands(life, spell.first + 1, repair)
    put_right(life, spell, repair)


@behaviour(
    "fault/fetched_by_taxi",
    kinds=WHEELS,
    lasts=(3, 8),
    allowed=(*BESIDES, "lost"),
    forbidden=NOT_USE,
)
def fetched_by_taxi(life: Life, spell: Spell) -> None:
    """It stops for good in the next town and spends the night there; it is brought home to mend."""
    code = str(spell.rng.choice(stopping(life)))
    repair = spell.first + int(spell.rng.integers(3, 7))
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(13, 18)))
    until_ms = life.moment(repair, 11.0)
    life.faults.append(FaultSpell(code=code, from_ms=spell.began_ms, until_ms=until_ms))
    life.days.cell[spell.first : spell.first + 1] = int(spell.rng.integers(500, 560))
    life.days.gone[spell.first : spell.first + 1] = True
    stands(life, spell.first + 1, repair)
    put_right(life, spell, repair)


@behaviour("fault/minutes_then_hours", lasts=(4, 9), allowed=BESIDES, forbidden=NOT_USE)
def minutes_then_hours(life: Life, spell: Spell) -> None:
    """A part gives out for a minute, then for five, then for half an hour, and then for a day."""
    code = str(spell.rng.choice(stopping(life)))
    repair = spell.first + int(spell.rng.integers(4, 8))
    at_ms = spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(8, 20)))
    lasts_ms = spell.rng.uniform(0.5, 2.0) * 60_000
    while at_ms < life.moment(repair, 4.0):
        until_ms = min(at_ms + int(lasts_ms), life.moment(repair, 11.0))
        life.faults.append(FaultSpell(code=code, from_ms=at_ms, until_ms=until_ms))
        at_ms = until_ms + int(spell.rng.uniform(2, 14) * HOUR_MS)
        lasts_ms *= float(spell.rng.uniform(3, 6))
    put_right(life, spell, repair)


@behaviour("fault/warns_at_breakfast", lasts=(4, 9), visible=warns, allowed=BESIDES)
def warns_at_breakfast(life: Life, spell: Spell) -> None:
    """Every morning it asks for a mechanic for an hour or two; after some days one is called."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=False)
    code = str(spell.rng.choice(codes))
    repair = spell.first + int(spell.rng.integers(4, 9))
    for day in range(spell.first, repair):
        from_ms = life.moment(day, float(spell.rng.uniform(6.5, 8.5)))
        until_ms = from_ms + int(spell.rng.uniform(0.6, 2.5) * HOUR_MS)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
        spell.began_ms = spell.began_ms or from_ms
    put_right(life, spell, repair)


# --- flapping


def _flaps_at(life: Life, spell: Spell, code: str, day: int, hours: list[float]) -> None:
    flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour(
    "flapping/as_hard_as_it_blows",
    lasts=(30, 100),
    visible=flickers,
    allowed=FLAPPING_TOO,
)
def as_hard_as_it_blows(life: Life, spell: Spell) -> None:
    """A shutter beats on the wall at its switch: none on still days, dozens of times in a storm."""
    code = loose(life, spell)
    wind = np.convolve(spell.rng.gamma(0.9, 1.0, life.calendar.days + 2), np.ones(3) / 3, "valid")
    for day in np.flatnonzero(spell.during(life)).tolist():
        count = int(spell.rng.poisson(13 * wind[day] ** 1.5))
        _flaps_at(life, spell, code, day, spell.rng.uniform(0, 23.9, count).tolist())


@behaviour("flapping/half_on_half_off", lasts=(12, 45), visible=flickers, allowed=FLAPPING_TOO)
def half_on_half_off(life: Life, spell: Spell) -> None:
    """A switch neither here nor there: on for half an hour or so, off again, some times a day."""
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life)).tolist():
        hour = float(spell.rng.uniform(6.5, 9))
        while hour < 21:
            from_ms = life.moment(day, hour)
            on_h = float(spell.rng.uniform(0.2, 1.1))
            until_ms = from_ms + int(on_h * HOUR_MS)
            life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
            hour += on_h + float(spell.rng.uniform(0.3, 1.6))


@behaviour("flapping/in_bouts", lasts=(20, 60), visible=flickers, allowed=FLAPPING_TOO)
def in_bouts(life: Life, spell: Spell) -> None:
    """A cable swings against a hot pipe: an hour with a hundred of them, and then days of rest."""
    code, day = loose(life, spell), spell.first
    while day < min(spell.until, life.calendar.days):
        began_h = float(spell.rng.uniform(6, 22))
        count = int(spell.rng.integers(50, 130))
        _flaps_at(life, spell, code, day, (began_h + spell.rng.uniform(0, 1.2, count)).tolist())
        day += int(spell.rng.integers(2, 5))


@behaviour("flapping/at_the_rush_hours", lasts=(20, 75), visible=flickers, allowed=FLAPPING_TOO)
def at_the_rush_hours(life: Life, spell: Spell) -> None:
    """The flats' old lift shakes the wall beside it: most in rush hours, and less at weekends."""
    code, weekend = loose(life, spell), life.calendar.weekend
    for day in np.flatnonzero(spell.during(life)).tolist():
        runs = int(spell.rng.poisson(5 if weekend[day] else 16))
        rush_h = spell.rng.choice([8.0, 17.7, 13.0], runs, p=[0.4, 0.4, 0.2])
        hours = np.clip(rush_h + spell.rng.normal(0, 0.9, runs), 5.5, 23.5)
        _flaps_at(life, spell, code, day, hours.tolist())


# --- neglected


@behaviour(
    "neglected/reset_before_every_ride",
    lasts=(60, 160),
    stage=Stage.SIGHT,
    visible=has_failure,
    allowed=LIVED_WITH,
)
def reset_before_every_ride(life: Life, spell: Spell) -> None:
    """It will not start until it is switched off and on: before one ride of two, for months."""
    code, rides = str(spell.rng.choice(stopping(life))), life.rides
    tries = np.flatnonzero(spell.rides(life) & (spell.rng.random(len(rides)) < 0.5))
    if len(tries) < 12:
        spell.skipped = True  # hardly ever ridden
        return
    for number in tries.tolist():
        before_ms = int(spell.rng.uniform(2, 20) * 60_000)
        from_ms = int(rides.at_ms[number]) - before_ms
        until_ms = from_ms + int(before_ms * spell.rng.uniform(0.3, 0.9))
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
    life.days.restarts[np.unique(rides.day[tries])] += 1


@behaviour(
    "neglected/from_minutes_to_half_days",
    lasts=(80, 190),
    visible=has_failure,
    allowed=LIVED_WITH,
)
def from_minutes_to_half_days(life: Life, spell: Spell) -> None:
    """On two days of three a part gives out: for minutes at first, for half days in the end."""
    code, grown = str(spell.rng.choice(stopping(life))), spell.grown(life)
    for day in np.flatnonzero(some_days(life, spell, 0.65)).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(7, 11)))
        lasts_h = (0.05 + 9 * float(grown[day]) ** 2) * float(spell.rng.uniform(0.6, 1.4))
        until_ms = from_ms + int(lasts_h * HOUR_MS)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))


@behaviour(
    "neglected/flat_a_week_in_every_month",
    kinds=ALL - LIFTS,
    allowed=("not_charged", "battery_worn", "unused", "fault", "offline", "flapping"),
    forbidden=("charger_failed",),
)
def flat_a_week_in_every_month(life: Life, spell: Spell) -> None:
    """For three weeks nobody plugs it in, for a week it stands flat; so month by month it dies."""
    since = np.arange(life.calendar.days) - spell.first
    during = spell.during(life)
    charged = during & (since % 31 >= 29)
    life.days.plugs[during], life.days.heeds[during] = 0.0, -1.0
    life.days.plugs[charged], life.days.heeds[charged] = 1.0, 1.0
    life.days.capacity_ah = life.days.capacity_ah * (1 - 0.4 * spell.grown(life, over=200))


@behaviour(
    "neglected/they_think_it_belongs",
    lasts=(50, 130),
    visible=warns,
    allowed=(*LIVED_WITH, "not_charged"),
)
def they_think_it_belongs(life: Life, spell: Spell) -> None:
    """A warning is lit since the evening after its service; for months they think it belongs."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=False)
    serviced(life, spell.first)
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(15, 21)))
    until_ms = life.moment(spell.until, 11.0)
    code = str(spell.rng.choice(codes))
    life.faults.append(FaultSpell(code=code, from_ms=spell.began_ms, until_ms=until_ms))


@behaviour(
    "neglected/everything_loose",
    kinds=LIFTS,
    visible=tells_motion,
    allowed=("brake_slipping", "edges_tripping", "drive_worn", "fault", "flapping", "service_due"),
)
def everything_loose(life: Life, spell: Spell) -> None:
    """Brake, edges and rollers all get worse by the month together; nobody there minds a thing."""
    grown = spell.grown(life, over=float(spell.rng.uniform(70, 120)))
    life.days.slip_mm = life.days.slip_mm + float(spell.rng.uniform(70, 120)) * grown
    life.days.trips = life.days.trips + float(spell.rng.uniform(0.25, 0.5)) * grown
    life.days.friction = life.days.friction * (1 + float(spell.rng.uniform(0.15, 0.3)) * grown)


@behaviour(
    "neglected/refuses_on_busy_days",
    lasts=(80, 190),
    stage=Stage.SIGHT,
    visible=has_failure,
    allowed=LIVED_WITH,
)
def refuses_on_busy_days(life: Life, spell: Spell) -> None:
    """On busy days it gives up, some times; for months they let it cool, and ride on."""
    code, rides = str(spell.rng.choice(stopping(life))), life.rides
    ridden = np.bincount(rides.day, minlength=life.calendar.days)
    during = spell.during(life)
    busy = during & (ridden >= max(float(np.quantile(ridden[during], 0.5)), 2.0))
    number = np.flatnonzero(busy[rides.day] & (spell.rng.random(len(rides)) < 0.4))
    if len(number) < 20:
        spell.skipped = True
        return
    ends_ms = rides.at_ms + (rides.duration_s * 1000).astype(np.int64)
    for from_ms in (ends_ms[number] + 5_000).tolist():
        until_ms = from_ms + int(spell.rng.uniform(4, 90) * 60_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
