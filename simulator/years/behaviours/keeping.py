"""More ways of keeping an aid improperly, several for each word, as in ``improper``."""

import numpy as np

from gateway.protocol.vocabulary import FaultClass
from simulator.years.behaviours.care import NOT_AT_FAULT, UNCHARGED
from simulator.years.behaviours.contract import ALL, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.faults import codes_of
from simulator.years.behaviours.purpose import trips_of_day
from simulator.years.behaviours.tamper import GONE
from simulator.years.life import FaultSpell, Life, Outage, Who
from simulator.years.profiles import Profile

WHEELS_AND_HOISTS = ALL - LIFTS


# --- not_charged


@behaviour(
    "not_charged/pulled_out_again",
    kinds=WHEELS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def pulled_out_again(life: Life, spell: Spell) -> None:
    """Plugged in every night, and pulled out again within the hour to save power."""
    during = spell.during(life)
    life.days.mains[during] = float(spell.rng.uniform(0.04, 0.09))
    life.days.heeds[during] = 0.6


@behaviour(
    "not_charged/every_other_week",
    kinds=ALL,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def every_other_week(life: Life, spell: Spell) -> None:
    """Used all the time, and on the charger in every other week only."""
    day = np.arange(life.calendar.days)
    off = spell.during(life) & ((day - spell.first) % 14 < 9)
    life.days.mains[off] = 0.0
    life.days.plugs[off] = 0.0
    life.days.heeds[off] = 0.0


# --- unsheltered


@behaviour("unsheltered/carport", kinds=WHEELS, allowed=("neglected", "battery_worn"))
def carport(life: Life, spell: Spell) -> None:
    """Under a roof without walls."""
    during = spell.during(life)
    life.days.shelter[during] = float(spell.rng.uniform(0.86, 0.96))
    life.days.room_c[during] = 12.0


# --- modified


@behaviour("modified/another_charger_inside", kinds=ALL, allowed=("charger_failed",))
def another_charger_inside(life: Life, spell: Spell) -> None:
    """Opened, and wired to a charger of another voltage."""
    during = spell.during(life)
    life.days.charger_v[during] += float(
        spell.rng.choice([-1.0, 1.0]) * spell.rng.uniform(0.8, 1.4)
    )
    life.days.openings[min(spell.first, life.calendar.days - 1)] += 1


@behaviour("modified/geared_up", kinds=ALL, allowed=("too_fast", "drive_worn", "other_person"))
def geared_up(life: Life, spell: Spell) -> None:
    """Opened, and another gear put in: faster than it was by an eighth."""
    during = spell.during(life)
    life.days.speed[during] *= float(spell.rng.uniform(1.12, 1.18))
    life.days.friction[during] *= 1.1
    life.days.openings[min(spell.first, life.calendar.days - 1)] += 2


# --- neglected


def _reset_daily(life: Life, spell: Spell, codes: list[str], chance: float) -> None:
    code = str(spell.rng.choice(sorted(codes)))
    there = spell.during(life) & (spell.rng.random(life.calendar.days) < chance)
    for day in np.flatnonzero(there).tolist():
        life.days.restarts[day] += int(spell.rng.integers(1, 4))
        from_ms = life.moment(day, float(spell.rng.uniform(7, 20)))
        lasts_ms = int(spell.rng.uniform(0.2, 2.5) * 3_600_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=from_ms + lasts_ms))


def has_failure(profile: Profile) -> bool:
    """Whether it has a code of a part that fails."""
    return bool(codes_of(profile, FaultClass.TECHNICIAN))


@behaviour(
    "neglected/off_and_on_again",
    lasts=(45, 140),
    visible=has_failure,
    allowed=("fault", "flapping", "battery_worn", "brake_slipping", "drive_worn", "not_charged"),
)
def off_and_on_again(life: Life, spell: Spell) -> None:
    """A part fails again and again; off and on helps until the next day, and nobody calls."""
    codes = [
        code
        for code in codes_of(life.aid.profile, FaultClass.TECHNICIAN)
        if code not in ("battery_flat", "charger")
    ]
    _reset_daily(life, spell, codes, float(spell.rng.uniform(0.7, 0.95)))


@behaviour(
    "neglected/lived_with",
    lasts=(45, 140),
    visible=lambda profile: bool(codes_of(profile, FaultClass.TECHNICIAN, stops=False)),
    allowed=("fault", "flapping", "charger_failed", "not_charged"),
)
def lived_with(life: Life, spell: Spell) -> None:
    """A warning comes up every morning and goes at night; everybody is used to it."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=False)
    code = str(spell.rng.choice(codes))
    for day in np.flatnonzero(spell.during(life)).tolist():
        if spell.rng.random() < 0.9:
            from_ms = life.moment(day, float(spell.rng.uniform(7, 10)))
            until_ms = life.moment(day, float(spell.rng.uniform(15, 22)))
            life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))


@behaviour(
    "neglected/sticky_rail",
    kinds=LIFTS,
    visible=lambda profile: profile.current,
    allowed=("drive_worn", "edges_tripping", "service_due", "fault", "flapping", "overload"),
)
def sticky_rail(life: Life, spell: Spell) -> None:
    """Lemonade on the rail and toys at its foot, from one week to the next and for good."""
    grown = spell.grown(life, over=float(spell.rng.uniform(10, 40)))
    life.days.friction = life.days.friction * (1 + float(spell.rng.uniform(0.28, 0.5)) * grown)
    life.days.trips = life.days.trips + float(spell.rng.uniform(0.2, 0.5)) * grown


@behaviour(
    "neglected/flat_two_months",
    kinds=WHEELS_AND_HOISTS,
    allowed=("not_charged", "battery_worn", "unused", "fault", "offline", "flapping"),
    forbidden=("charger_failed",),
)
def flat_two_months(life: Life, spell: Spell) -> None:
    """Left flat for six weeks, charged for a few days, and left flat again."""
    day = np.arange(life.calendar.days)
    during = spell.during(life)
    used = (day - spell.first) % 55 < 12
    life.days.plugs[during] = np.where(used[during], 0.2, 0.0)
    life.days.heeds[during] = np.where(used[during], 0.4, 0.0)
    life.days.rides[during & ~used] *= 0.2
    life.days.capacity_ah *= 1 - 0.4 * spell.grown(life, over=200)


# --- lost


@behaviour("lost/lent_out", kinds=WHEELS, allowed=(*GONE, "other_person"))
def lent_out(life: Life, spell: Spell) -> None:
    """Let to somebody in another town, who rides and charges it there."""
    during = spell.during(life)
    life.days.cell[during] = 19
    life.days.gone[during] = True
    life.days.rides[during] *= float(spell.rng.uniform(0.8, 1.4))


@behaviour("lost/stripped_at_home", kinds=ALL, allowed=GONE)
def stripped_at_home(life: Life, spell: Spell) -> None:
    """Taken apart where it stands, and sold piece by piece: opened, then silent."""
    day = min(spell.first, life.calendar.days - 1)
    life.days.openings[day] += int(spell.rng.integers(1, 4))
    life.days.rides[spell.during(life)] = 0.0
    life.days.partner[spell.during(life)] = 0.0
    after_h = 24 + float(spell.rng.uniform(0.5, 30))
    from_ms = life.moment(day, after_h)
    until_ms = life.calendar.end_ms + 3_600_000
    life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))


# --- unused


def _only(life: Life, spell: Spell, days: list[int]) -> None:
    """Leave the client's rides of some days only."""
    rides = life.rides
    kept = np.isin(rides.day, np.array(days, dtype=np.int64))
    life.rides = rides.take(~spell.rides(life) | (kept & (rides.who == int(Who.CLIENT))))


@behaviour("unused/twice_in_half_a_year", stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def twice_in_half_a_year(life: Life, spell: Spell) -> None:
    """Used on a birthday and at Christmas."""
    _only(life, spell, (spell.first + spell.rng.integers(30, 170, 2)).tolist())


@behaviour("unused/sent_away_by_cleaner", kinds=LIFTS, stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def sent_away_by_cleaner(life: Life, spell: Spell) -> None:
    """Nobody rides; once a week the cleaner sends the empty chair out of the way and back."""
    _only(life, spell, [])
    counts = (spell.during(life) & (np.arange(life.calendar.days) % 7 == 3)).astype(np.int64)
    sent = trips_of_day(life, spell, counts, hours=(9, 11), who=Who.NOBODY, up_kg=0.0, down_kg=0.0)
    life.rides = life.rides.with_more(sent)


@behaviour("unused/moved_aside", kinds=WHEELS, stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def moved_aside(life: Life, spell: Spell) -> None:
    """It stands in the way, and is driven aside some metres every month or so."""
    _only(life, spell, [])
    day = np.arange(life.calendar.days)
    counts = (spell.during(life) & ((day - spell.first) % 33 == 20)).astype(np.int64)
    aside = trips_of_day(
        life, spell, counts, hours=(9, 17), who=Who.OTHER, up_kg=70.0, down_kg=70.0
    )
    aside.length_m[:] = 6.0
    life.rides = life.rides.with_more(aside)
