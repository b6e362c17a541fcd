"""Changed without leave, gone, not used any more, or not serviced."""

from datetime import timedelta

import numpy as np

from gateway.protocol.vocabulary import FaultClass
from simulator.years.behaviours.care import NOT_AT_FAULT, nobody
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.upkeep import nobody_rides
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.faults import codes_of
from simulator.years.behaviours.limits import has_digest
from simulator.years.behaviours.purpose import trips_of_day
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.tamper import GONE, begins_in, taken
from simulator.years.behaviours.wear import last_serviced, tells_motion
from simulator.years.life import FaultSpell, Life, Outage, Who

# --- modified


@behaviour("modified/motor_of_a_wreck", allowed=("drive_worn", "fault", "other_person"))
def motor_of_a_wreck(life: Life, spell: Spell) -> None:
    """Opened without a key for a motor out of a wreck: it turns harder, and a little slower."""
    during, day = spell.during(life), begins_in(life, spell)
    for one in {day, min(day + int(spell.rng.integers(1, 4)), life.calendar.days - 1)}:
        life.days.openings[one] += int(spell.rng.integers(1, 4))
    life.days.restarts[day] += 1
    life.days.friction[during] *= float(spell.rng.uniform(1.15, 1.3))
    life.days.speed[during] *= float(spell.rng.uniform(0.9, 0.96))


@behaviour(
    "modified/another_board_for_weeks",
    lasts=(14, 60),
    visible=has_digest,
    allowed=("fault", "too_fast"),
)
def another_board_for_weeks(life: Life, spell: Spell) -> None:
    """A board borrowed from a friend's runs it for some weeks, before its own is put back."""
    during = spell.during(life)
    life.days.board[during] += 4
    life.days.settings[during] += 4
    for day in (spell.first, spell.until):
        if day < life.calendar.days:
            life.days.openings[day] += 1
            life.days.restarts[day] += 1


@behaviour("modified/car_batteries", allowed=("charger_failed", "battery_worn", "fault"))
def car_batteries(life: Life, spell: Spell) -> None:
    """Two car batteries were wedged in: larger, stiffer, and never charged as they should be."""
    during, day, new = spell.during(life), begins_in(life, spell), life.aid.battery
    life.days.openings[day] += int(spell.rng.integers(1, 3))
    life.days.restarts[day] += 1
    life.days.capacity_ah[during] = new.capacity_ah * float(spell.rng.uniform(1.3, 1.8))
    life.days.resistance_ohm[during] = new.resistance_ohm * float(spell.rng.uniform(0.4, 0.65))
    life.days.charger_v[during] -= float(spell.rng.uniform(0.6, 1.1))


@behaviour(
    "modified/switch_in_its_lead",
    allowed=("fault", "flapping", "offline", "mute", "neglected", "test_calls_missed"),
)
def switch_in_its_lead(life: Life, spell: Spell) -> None:
    """Opened for a switch of their own in its lead: since then off and on, each day."""
    during, day = spell.during(life), begins_in(life, spell)
    life.days.openings[day] += int(spell.rng.integers(2, 5))
    used = during & (spell.rng.random(life.calendar.days) < 0.85)
    life.days.restarts[used] += 1
    for one in np.flatnonzero(used).tolist():
        from_ms = life.moment(one, float(spell.rng.uniform(0.5, 4.5)))
        lasts_ms = int(spell.rng.uniform(0.05, 0.8) * 3_600_000)
        life.outages.append(Outage(from_ms=from_ms, until_ms=from_ms + lasts_ms, on=False))


@behaviour(
    "modified/brake_let_off",
    kinds=LIFTS | HOISTS,
    visible=tells_motion,
    allowed=("brake_slipping", "too_fast", "fault"),
)
def brake_let_off(life: Life, spell: Spell) -> None:
    """Its brake squeaked, and an acquaintance opened it to let the spring off: now it runs on."""
    during, day = spell.during(life), begins_in(life, spell)
    life.days.openings[day] += int(spell.rng.integers(1, 3))
    life.days.slip_mm[during] += float(spell.rng.uniform(35, 90))


# --- lost


@behaviour("lost/towed_to_a_depot", kinds=WHEELS, lasts=(18, 60), allowed=GONE)
def towed_to_a_depot(life: Life, spell: Spell) -> None:
    """Left in the way at a station and towed to a depot out of town, where nobody asks after it."""
    taken(life, spell, cell=int(spell.rng.integers(300, 380)), silent_after=None)


@behaviour("lost/kept_by_a_nephew", kinds=WHEELS, allowed=(*GONE, "other_person"))
def kept_by_a_nephew(life: Life, spell: Spell) -> None:
    """The client is in a home; a nephew keeps it in his town, charged, and ridden on Sundays."""
    empty = int(spell.rng.integers(5, 15))
    life.days.rides[max(spell.first - empty, 0) : spell.first] = 0.0
    taken(life, spell, cell=int(spell.rng.integers(400, 480)), silent_after=None)
    during = spell.during(life)
    life.days.plugs[during], life.days.heeds[during] = 0.9, 0.6
    rounds = max(life.aid.client.rounds, 0.3)
    life.days.rides[during & on_weekday(life, 6)] = 1.2 / rounds


@behaviour("lost/ever_longer_away", kinds=WHEELS, allowed=(*GONE, "other_person"))
def ever_longer_away(life: Life, spell: Spell) -> None:
    """A friend in another town borrows it: for some days, for a week, for two, and keeps it."""
    during = spell.during(life)
    before = np.zeros(life.calendar.days, dtype=bool)
    day = lent = max(spell.first - int(spell.rng.integers(30, 45)), 0)
    for stay, home in ((3, 8), (6, 5)):
        lent = day
        before[day : min(day + stay, spell.first)] = True
        day += stay + home
    away = during | before
    life.days.cell[away] = int(spell.rng.integers(500, 580))
    life.days.gone[away] = True
    life.days.rides[away] *= float(spell.rng.uniform(0.5, 1.2))
    spell.first = min(lent, spell.first)  # a week elsewhere may be noticed already


@behaviour(
    "lost/torn_out_with_the_stairs",
    kinds=LIFTS | HOISTS,
    allowed=(*GONE, "fault", "flapping", "charger_failed", "off_charge_point"),
)
def torn_out_with_the_stairs(life: Life, spell: Spell) -> None:
    """New owners have the house stripped: one code after another that day, opened, and silent."""
    life.days.rides[spell.during(life)] = 0.0
    life.days.partner[spell.during(life)] = 0.0
    day = begins_in(life, spell)
    life.days.openings[day] += int(spell.rng.integers(1, 4))
    life.days.mains[day + 1 :] = 0.0
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=True)
    at_ms = life.moment(day, float(spell.rng.uniform(8, 10)))
    for code in spell.rng.permutation(codes)[:3].tolist():
        until_ms = at_ms + int(spell.rng.uniform(2, 40) * 60_000)
        life.faults.append(FaultSpell(code=str(code), from_ms=at_ms, until_ms=until_ms))
        at_ms = until_ms + int(spell.rng.uniform(1, 30) * 60_000)
    # The day's last words are said before somebody cuts its lead.
    from_ms = life.moment(day + 1, float(spell.rng.uniform(1, 16)))
    until_ms = life.calendar.end_ms + 3_600_000
    life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))


# --- unused


@behaviour("unused/in_and_out_of_hospital", allowed=NOT_AT_FAULT)
def in_and_out_of_hospital(life: Life, spell: Spell) -> None:
    """In and out of hospital, each time home for fewer days, and at last not home again."""
    day = spell.first
    for away, home in ((9, 14), (13, 8), (17, 4)):
        life.days.rides[day : day + away] = 0.0
        life.days.partner[day : day + away] = 0.0
        day += away + home
    spell.first = day
    nobody(life, spell, day)


@behaviour("unused/not_since_the_fall", stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def not_since_the_fall(life: Life, spell: Spell) -> None:
    """After a fall on it the client tries once more within the week, and never dares again."""
    rides, tried = life.rides, spell.first + int(spell.rng.integers(2, 8))
    once = (rides.day == tried) & (rides.who == int(Who.CLIENT))
    once &= np.cumsum(once) <= 2
    life.rides = rides.take(~spell.rides(life) | once)


@behaviour(
    "unused/against_the_rust",
    kinds=LIFTS | HOISTS,
    stage=Stage.RIDES,
    allowed=NOT_AT_FAULT,
)
def against_the_rust(life: Life, spell: Spell) -> None:
    """Nobody needs it; a caretaker runs it empty every few weeks, up and down, against the rust."""
    nobody_rides(life, spell)
    counts = np.zeros(life.calendar.days, dtype=np.int64)
    day = spell.first + int(spell.rng.integers(6, 20))
    while day < life.calendar.days:
        counts[day] = int(spell.rng.integers(1, 3))
        day += int(spell.rng.integers(12, 27))
    runs = trips_of_day(
        life, spell, counts, hours=(9, 16), who=Who.NOBODY, up_kg=0.0, down_kg=0.0, boarding_s=1.0
    )
    life.rides = life.rides.with_more(runs)


@behaviour("unused/bought_a_small_car", kinds=WHEELS, allowed=NOT_AT_FAULT)
def bought_a_small_car(life: Life, spell: Spell) -> None:
    """A small car has come: for a month still out with it now and then, then never."""
    since, day = spell.first, np.arange(life.calendar.days)
    life.days.rides[(day >= since) & (day < since + 30)] *= 0.4
    spell.first += 30
    nobody(life, spell, spell.first)


# --- service_due


@behaviour("service_due/counted_from_lending", allowed=("neglected",))
def counted_from_lending(life: Life, spell: Spell) -> None:
    """Planned for a year after it was lent on, not after its service: months too late."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=300))
    # Lent on before the run, at the latest.
    latest = max(min(240, 364 - spell.first), 61)
    lent = last + timedelta(days=int(spell.rng.integers(60, latest)))
    last_serviced(life, spell, serviced_on=last, built_on=built, lent_on=lent)


@behaviour("service_due/dates_lost_in_a_merger", allowed=("neglected",))
def dates_lost_in_a_merger(life: Life, spell: Spell) -> None:
    """Two registers were made one, and its service dates were left behind; it is years old."""
    spell.first = 0
    built = life.calendar.start - timedelta(days=int(spell.rng.integers(700, 2_400)))
    lent = built + timedelta(days=int(spell.rng.integers(20, 500)))
    last_serviced(life, spell, serviced_on=None, built_on=built, lent_on=lent)


@behaviour("service_due/put_off_for_the_works", allowed=("neglected", "unused"))
def put_off_for_the_works(life: Life, spell: Spell) -> None:
    """Put off since the stairs were to be painted; the painters came and went, and that was all."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=90))
    works = spell.first + int(spell.rng.integers(8, 20))
    life.days.rides[works : works + int(spell.rng.integers(3, 8))] *= 0.2
    mechanic(life, max(spell.first - int(spell.rng.integers(4, 15)), 0))
    last_serviced(life, spell, serviced_on=last, built_on=built)
