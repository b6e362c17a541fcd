"""Gone, changed without leave, or ridden no more."""

import numpy as np

from simulator.years.behaviours.care import NOT_AT_FAULT, nobody
from simulator.years.behaviours.cases.alterations import opened
from simulator.years.behaviours.cases.riders import tended
from simulator.years.behaviours.cases.upkeep import nobody_rides
from simulator.years.behaviours.cases.vanishings import TAKEN_DOWN
from simulator.years.behaviours.cases.ways import bursts, by_turns, reads, season
from simulator.years.behaviours.contract import ALL, HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.health import shows_current
from simulator.years.behaviours.limits import has_digest
from simulator.years.behaviours.people import add_rides, shows_load, weight_apart
from simulator.years.behaviours.repairs import serviced
from simulator.years.behaviours.tamper import GONE, begins_in, taken
from simulator.years.life import Life, Outage, Who

# --- lost


@behaviour("lost/taken_for_a_debt", kinds=WHEELS, allowed=(*GONE, "other_person"))
def taken_for_a_debt(life: Life, spell: Spell) -> None:
    """A creditor takes it, brings it back when he is paid, and takes it again the month after."""
    his = by_turns(life, spell, (12, 24), (8, 16))
    life.days.cell[his] = int(spell.rng.integers(560, 600))
    life.days.gone[his] = True
    life.days.rides[his] = 0.0
    life.days.plugs[his], life.days.heeds[his] = 0.0, -1.0


@behaviour("lost/workshop_went_bankrupt", kinds=WHEELS, allowed=GONE)
def workshop_went_bankrupt(life: Life, spell: Spell) -> None:
    """Serviced in the workshop, as it should be; that goes bankrupt, and it never comes home."""
    taken(life, spell, cell=int(spell.rng.integers(600, 640)), silent_after=None)
    serviced(life, spell.first + 1)
    during = spell.during(life)
    life.days.plugs[during] = float(spell.rng.choice([0.0, 0.5]))
    life.days.shelter[during] = 0.2


@behaviour("lost/to_and_fro_by_train", kinds=WHEELS, allowed=GONE)
def to_and_fro_by_train(life: Life, spell: Spell) -> None:
    """Left on a train: here today and there tomorrow, then on a shelf of finds, until flat."""
    taken(life, spell, cell=660, silent_after=float(spell.rng.uniform(18, 45)))
    for day in range(
        spell.first, min(spell.first + int(spell.rng.integers(3, 8)), life.calendar.days)
    ):
        life.days.cell[day] = int(spell.rng.integers(640, 700))


@behaviour("lost/heard_of_once_a_week", kinds=WHEELS, allowed=(*GONE, "mute"))
def heard_of_once_a_week(life: Life, spell: Spell) -> None:
    """Whoever has it wakes it once a week or so: each time elsewhere, and never at home."""
    taken(life, spell, cell=0, silent_after=None)
    day = spell.first
    while day < life.calendar.days:
        life.days.cell[day:] = int(spell.rng.integers(340, 400))
        asleep = int(spell.rng.integers(5, 10))
        from_ms = life.moment(day, float(spell.rng.uniform(20, 23)))
        until_ms = life.moment(day + asleep, float(spell.rng.uniform(8, 16)))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
        day += asleep


@behaviour(
    "lost/at_another_bedside",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=(*GONE, "other_person", "off_charge_point", "signal_weak"),
)
def at_another_bedside(life: Life, spell: Spell) -> None:
    """A nursing firm wheels it to another bedside in town: off for a day, and then another's."""
    from_ms = life.moment(spell.first, float(spell.rng.uniform(9, 16)))
    until_ms = from_ms + int(spell.rng.uniform(15, 50) * 3_600_000)
    life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
    nobody_rides(life, spell)
    there = np.arange(life.calendar.days) > spell.first + 2
    other = tended(life, spell, weight_apart(life, spell, 14, 40))
    add_rides(life, spell, other, Who.OTHER, np.where(there, 1.0, 0.0))
    shift_dbm = float(spell.rng.choice([-1.0, 1.0]) * spell.rng.uniform(8, 14))
    life.days.signal_dbm = np.clip(life.days.signal_dbm + shift_dbm * spell.during(life), -104, -52)


@behaviour("lost/boxed_up_and_tried_once", kinds=LIFTS | HOISTS, allowed=(*TAKEN_DOWN, "mute"))
def boxed_up_and_tried_once(life: Life, spell: Spell) -> None:
    """Boxed up by the heirs; weeks later a buyer tries it for a day, and that is all."""
    day = begins_in(life, spell)
    opened(life, spell, day)
    nobody(life, spell, day)
    again = day + int(spell.rng.integers(18, 40))
    for first, until in ((day + 1, again), (again + 1, life.calendar.days + 2)):
        from_ms = life.moment(first, float(spell.rng.uniform(8, 15)))
        until_ms = life.moment(until, float(spell.rng.uniform(9, 16)))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
    opened(life, spell, again)
    life.days.mains[day + 1 :] = 0.0
    life.days.shelter[again : again + 2] = float(spell.rng.uniform(0.8, 1.0))


# --- modified


@behaviour("modified/opens_it_every_month", allowed=("other_person", "fault", "drive_worn"))
def opens_it_every_month(life: Life, spell: Spell) -> None:
    """A retired engineer opens it every month to set it by his own ideas: never quite alike."""
    days, day = np.arange(life.calendar.days), spell.first
    while day < life.calendar.days:
        opened(life, spell, day)
        life.days.restarts[day] += 1
        life.days.friction[days >= day] *= float(spell.rng.uniform(0.95, 1.06))
        life.days.speed[days >= day] *= float(spell.rng.uniform(0.96, 1.03))
        day += int(spell.rng.integers(22, 38))


@behaviour(
    "modified/two_programs_by_turns",
    lasts=(50, 160),
    visible=has_digest,
    allowed=("other_person",),
)
def two_programs_by_turns(life: Life, spell: Spell) -> None:
    """A nephew with a programmer sets it now his way and now hers, as he comes and goes."""
    his = by_turns(life, spell, (2, 7), (3, 9))
    life.days.settings[his] += 2
    life.days.speed[his] *= float(spell.rng.uniform(0.85, 0.95))


@behaviour(
    "modified/geared_down",
    kinds=ALL - LIFTS,
    allowed=("drive_worn", "other_person", "fault"),
)
def geared_down(life: Life, spell: Spell) -> None:
    """Opened for a lower gear, to spare its motor: slower by a quarter, and easier than it was."""
    day, during = begins_in(life, spell), spell.during(life)
    opened(life, spell, day, day + 1)
    life.days.speed[during] *= float(spell.rng.uniform(0.7, 0.82))
    life.days.friction[during] *= float(spell.rng.uniform(0.85, 0.95))


@behaviour(
    "modified/armchair_screwed_on",
    kinds=LIFTS,
    stage=Stage.SIGHT,
    visible=shows_current,
    allowed=("drive_worn", "overload", "other_person", "goods_transport"),
)
def armchair_screwed_on(life: Life, spell: Spell) -> None:
    """A joiner opens it to screw her armchair on in place of its seat: heavier, full or empty."""
    more_kg = float(spell.rng.uniform(9, 16))
    mass_kg = life.aid.own_kg + life.rides.load_kg
    reads(life, np.where(spell.rides(life), 1 + more_kg / mass_kg, 1.0))
    day = begins_in(life, spell)
    opened(life, spell, day)
    life.days.restarts[day] += 1


@behaviour(
    "modified/modem_taken_to_bits",
    allowed=("offline", "mute", "test_calls_missed", "signal_weak"),
)
def modem_taken_to_bits(life: Life, spell: Spell) -> None:
    """A student takes its modem out to see what is in it, and puts it back a week or two later."""
    day = begins_in(life, spell)
    back = day + int(spell.rng.integers(6, 15))
    from_ms = life.moment(day, float(spell.rng.uniform(18, 23)))
    until_ms = life.moment(back, float(spell.rng.uniform(10, 20)))
    life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
    opened(life, spell, day, back, back + 1)
    spell.until = min(spell.until, back + 30)


@behaviour(
    "modified/starts_with_a_jerk",
    stage=Stage.SIGHT,
    visible=shows_current,
    allowed=("drive_worn", "other_person", "fault", "overload"),
)
def starts_with_a_jerk(life: Life, spell: Spell) -> None:
    """Opened to do away with its soft start: it sets off with a jerk, and the way is as it was."""
    rides, since = life.rides, spell.rides(life)
    harder = np.where(since, float(spell.rng.uniform(1.22, 1.4)), 1.0)
    rides.peak_a = rides.peak_a * harder
    rides.duration_s = np.where(since, np.maximum(rides.duration_s - 1.0, 1.0), rides.duration_s)
    day = begins_in(life, spell)
    opened(life, spell, day, day + int(spell.rng.integers(1, 5)))


# --- unused


@behaviour("unused/twice_as_rarely_each_time", stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def twice_as_rarely_each_time(life: Life, spell: Spell) -> None:
    """He waits ever longer to take it: three days, six, a dozen; in the end for months."""
    kept, day, wait = [], spell.first, 3
    rare = life.calendar.days
    while day < life.calendar.days:
        kept.append(day)
        day, wait = day + wait, wait * 2
        if wait == 24:
            rare = day
    rides = life.rides
    there = np.isin(rides.day, np.array(kept, dtype=np.int64))
    life.rides = rides.take(~spell.rides(life) | there)
    spell.first = rare


@behaviour("unused/kept_for_an_aunt", stage=Stage.RIDES, allowed=(*NOT_AT_FAULT, "other_person"))
def kept_for_an_aunt(life: Life, spell: Spell) -> None:
    """Nobody needs it any more; it is kept for an aunt, who comes for two days twice in a year."""
    nobody_rides(life, spell)
    aunt = tended(life, spell, weight_apart(life, spell, 5, 25))
    first = spell.first + int(spell.rng.integers(30, 50))
    day = np.arange(life.calendar.days)
    there = ((day >= first) & (day < first + 2)) | ((day >= first + 120) & (day < first + 122))
    add_rides(life, spell, aunt, Who.GUEST, np.where(there, 1.0, 0.0))


@behaviour("unused/on_a_tricycle_all_summer", kinds=WHEELS, allowed=NOT_AT_FAULT)
def on_a_tricycle_all_summer(life: Life, spell: Spell) -> None:
    """From spring until autumn he takes his tricycle; it is not moved in all of the mild months."""
    if season(life, spell, cold=False, least=50):
        nobody(life, spell, spell.first)


@behaviour("unused/a_hand_up_to_be_wiped", kinds=LIFTS, stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def a_hand_up_to_be_wiped(life: Life, spell: Spell) -> None:
    """Nobody rides; each week the skirting is wiped: a hand up with it, and back again."""
    nobody_rides(life, spell)
    weekday = int(spell.rng.integers(5))
    on_it = (np.arange(life.calendar.days) - spell.first) % 7 == weekday
    bursts(
        life,
        spell,
        (spell.during(life) & on_it).astype(np.int64),
        hours=(9, 12),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        whole=0.0,
        boarding_s=0.5,
    )


@behaviour("unused/months_before_the_first_ride", allowed=NOT_AT_FAULT)
def months_before_the_first_ride(life: Life, spell: Spell) -> None:
    """Delivered before an operation that is put off: months until anybody is on it at all."""
    spell.first, spell.until = 0, int(spell.rng.integers(100, 180))
    nobody(life, spell, 0)
