"""Gone, given up, or left out of the plan of service."""

from datetime import timedelta

import numpy as np
from msgspec import structs

from simulator.years.behaviours.care import NOT_AT_FAULT, nobody
from simulator.years.behaviours.cases.codes import stopping
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.upkeep import nobody_rides
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.people import add_rides, somebody, weight_apart
from simulator.years.behaviours.purpose import trips_of_day
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.tamper import GONE, begins_in, taken
from simulator.years.behaviours.wear import last_serviced
from simulator.years.life import FaultSpell, Life, Outage, Who

# --- lost


@behaviour(
    "lost/swapped_at_the_club",
    kinds=WHEELS,
    lasts=(20, 80),
    stage=Stage.RIDES,
    allowed=(*GONE, "other_person"),
)
def swapped_at_the_club(life: Life, spell: Spell) -> None:
    """Two of a kind are mixed up at the club: for weeks it lives with somebody else."""
    during = spell.during(life)
    life.days.cell[during] = int(spell.rng.integers(700, 760))
    life.days.gone[during] = True
    life.rides = life.rides.take(~spell.rides(life))
    another = somebody(
        life, spell, frail=True, weight_kg=weight_apart(life, spell, 8, 30), rounds=0.9
    )
    add_rides(life, spell, another, Who.OTHER, 1.0)


@behaviour("lost/left_ever_farther_away", kinds=WHEELS, allowed=GONE)
def left_ever_farther_away(life: Life, spell: Spell) -> None:
    """Confused, the client leaves it somewhere for a night, then for some; at last for good."""
    day = max(spell.first - int(spell.rng.integers(24, 40)), 1)
    left, nights = day, 1
    while day + nights < spell.first - 4:
        left = day
        life.days.cell[day : day + nights] = int(spell.rng.integers(760, 800))
        life.days.gone[day : day + nights] = True
        life.days.plugs[day : day + nights], life.days.heeds[day : day + nights] = 0.0, -1.0
        life.days.rides[day : day + nights] = 0.0
        day += nights + int(spell.rng.integers(6, 11))
        nights = min(nights + 1, 3)
    taken(
        life,
        spell,
        cell=int(spell.rng.integers(800, 840)),
        silent_after=float(spell.rng.uniform(12, 40)),
    )
    spell.first = min(left, spell.first)  # some nights elsewhere may be noticed already


@behaviour("lost/emigrated", kinds=WHEELS, allowed=(*GONE, "other_person"))
def emigrated(life: Life, spell: Spell) -> None:
    """The client moves abroad with it, and tells nobody: ridden as ever on the way, then silent."""
    during = spell.during(life)
    life.days.gone[during] = True
    life.days.plugs[during] = 0.9
    day = spell.first
    for _ in range(3):
        life.days.cell[day:] = int(spell.rng.integers(840, 980))
        day += int(spell.rng.integers(2, 6))
    from_ms = life.moment(day, float(spell.rng.uniform(4, 20)))
    life.outages.append(Outage(from_ms=from_ms, until_ms=life.calendar.end_ms + 3_600_000))


@behaviour(
    "lost/stored_by_the_bailiff",
    allowed=(*GONE, "charger_failed", "off_charge_point", "unsheltered", "battery_worn"),
)
def stored_by_the_bailiff(life: Life, spell: Spell) -> None:
    """Its client is evicted, and it goes into store with the rest: cold, flat, and then silent."""
    taken(
        life,
        spell,
        cell=int(spell.rng.integers(980, 1_020)),
        silent_after=float(spell.rng.uniform(4, 16)),
    )
    during = spell.during(life)
    life.days.mains[during] = 0.0
    life.days.shelter[during] = float(spell.rng.uniform(0.5, 0.75))
    life.days.room_c[during] = 11.0


@behaviour(
    "lost/in_a_barn",
    kinds=LIFTS | HOISTS,
    allowed=(*GONE, "charger_failed", "off_charge_point", "unsheltered", "battery_worn", "fault"),
)
def in_a_barn(life: Life, spell: Spell) -> None:
    """Unscrewed by the heirs and put in a barn: as cold as outdoors, and silent when it is flat."""
    taken(life, spell, cell=0, silent_after=float(spell.rng.uniform(5, 20)))
    life.days.gone[spell.during(life)] = False
    day = begins_in(life, spell)
    life.days.openings[day] += int(spell.rng.integers(1, 4))
    during = spell.during(life)
    life.days.mains[during] = 0.0
    life.days.shelter[during] = float(spell.rng.uniform(0.85, 1.0))


@behaviour(
    "lost/first_its_charger",
    kinds=LIFTS | HOISTS,
    allowed=(*GONE, "charger_failed", "off_charge_point", "battery_worn", "fault", "flapping"),
)
def first_its_charger(life: Life, spell: Spell) -> None:
    """Sold bit by bit: first its charger, then its seat or sling, at last all that still speaks."""
    life.days.rides[spell.during(life)] = 0.0
    life.days.partner[spell.during(life)] = 0.0
    life.days.mains[spell.during(life)] = 0.0
    day = begins_in(life, spell)
    for _ in range(3):
        life.days.openings[min(day, life.calendar.days - 1)] += int(spell.rng.integers(1, 4))
        at_ms = life.moment(day, float(spell.rng.uniform(9, 20)))
        code = str(spell.rng.choice(stopping(life)))
        lasts_ms = int(spell.rng.uniform(0.1, 6) * 3_600_000)
        life.faults.append(FaultSpell(code=code, from_ms=at_ms, until_ms=at_ms + lasts_ms))
        day += int(spell.rng.integers(2, 6))
    from_ms = life.moment(day, float(spell.rng.uniform(9, 20)))
    until_ms = life.calendar.end_ms + 3_600_000
    life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))


# --- unused


@behaviour(
    "unused/only_things_ride",
    kinds=LIFTS,
    stage=Stage.RIDES,
    allowed=(*NOT_AT_FAULT, "goods_transport", "play"),
)
def only_things_ride(life: Life, spell: Spell) -> None:
    """He sleeps downstairs for good; once a week a basket of washing rides, and nobody else."""
    nobody_rides(life, spell)
    counts = (spell.during(life) & on_weekday(life, int(spell.rng.integers(7)))).astype(np.int64)
    baskets = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 12),
        who=Who.THINGS,
        up_kg=float(spell.rng.uniform(4, 9)),
        down_kg=0.0,
    )
    life.rides = life.rides.with_more(baskets)


@behaviour("unused/two_weeks_and_no_more", allowed=NOT_AT_FAULT)
def two_weeks_and_no_more(life: Life, spell: Spell) -> None:
    """New: for two weeks it is used as a matter of course, and after that never again."""
    spell.first, spell.until = int(spell.rng.integers(10, 20)), life.calendar.days + 1
    nobody(life, spell, spell.first)
    lent = life.calendar.date_of(-1)
    built = min(life.register[0].built_on or lent, lent - timedelta(days=20))
    life.register[0] = structs.replace(life.register[0], lent_on=lent, built_on=built)


@behaviour("unused/thought_to_be_broken", allowed=(*NOT_AT_FAULT, "fault", "flapping", "lost"))
def thought_to_be_broken(life: Life, spell: Spell) -> None:
    """It refuses once, for an hour; they think it is broken, and nobody tries it ever again."""
    code = str(spell.rng.choice(stopping(life)))
    from_ms = life.moment(spell.first, float(spell.rng.uniform(8, 20)))
    until_ms = from_ms + int(spell.rng.uniform(0.3, 2.0) * 3_600_000)
    life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
    nobody(life, spell, spell.first + 1)


@behaviour("unused/home_for_a_day", allowed=NOT_AT_FAULT)
def home_for_a_day(life: Life, spell: Spell) -> None:
    """The client lives with a daughter now, and is at home for a day every five weeks or six."""
    day = spell.first + int(spell.rng.integers(30, 44))
    home = np.zeros(life.calendar.days, dtype=bool)
    while day < life.calendar.days:
        home[day] = True
        day += int(spell.rng.integers(33, 46))
    life.days.rides[spell.during(life) & ~home] = 0.0
    life.days.partner[spell.during(life) & ~home] = 0.0


@behaviour(
    "unused/since_the_ceiling_hoist",
    kinds=HOISTS,
    allowed=(*NOT_AT_FAULT, "other_person"),
)
def since_the_ceiling_hoist(life: Life, spell: Spell) -> None:
    """A hoist hangs from the ceiling now; this one helps out on two days when that is broken."""
    first, rng = spell.first, spell.rng
    helps = [first + int(rng.integers(45, 80)), first + int(rng.integers(120, 180))]
    days = np.arange(life.calendar.days)
    helping = np.isin(days, [*helps, *(one + 1 for one in helps)])
    life.days.rides[spell.during(life) & ~helping] = 0.0


# --- service_due


@behaviour("service_due/every_other_year_by_mistake", allowed=("neglected",))
def every_other_year_by_mistake(life: Life, spell: Spell) -> None:
    """Somebody put it down for service every other year: nobody misses it when it is due."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=730))
    life.register[0] = structs.replace(life.register[0], serviced_on=last, built_on=built)
    spell.until = life.calendar.days + 1


@behaviour("service_due/shut_out_twice", allowed=("neglected", "unused"))
def shut_out_twice(life: Life, spell: Spell) -> None:
    """The client is in hospital each time the mechanic rings; months later he finds somebody in."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=150))
    for begins in (-8, int(spell.rng.integers(24, 40))):
        away = slice(max(spell.first + begins, 0), max(spell.first + begins + 14, 0))
        life.days.rides[away] = 0.0
        life.days.partner[away] = 0.0
    last_serviced(life, spell, serviced_on=last, built_on=built)


@behaviour("service_due/in_the_first_weeks", allowed=("neglected",))
def in_the_first_weeks(life: Life, spell: Spell) -> None:
    """Due within weeks of being taken over, before anybody had looked at the list of dates."""
    spell.first = int(spell.rng.integers(3, 30))
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=60))
    life.register[0] = structs.replace(life.register[0], serviced_on=last, built_on=built)
    spell.until = spell.first + int(spell.rng.integers(60, 160))
    if spell.until < life.calendar.days:
        mechanic(life, spell.until)
        done = life.calendar.date_of(spell.until)
        life.registered(life.moment(spell.until, 18.0), serviced_on=done)
