"""Gone, given up, or left out of the plan of service."""

from datetime import timedelta

import numpy as np
from msgspec import structs

from simulator.years.behaviours.care import NOT_AT_FAULT, nobody
from simulator.years.behaviours.cases.codes import stopping
from simulator.years.behaviours.cases.journeys import client_kg, journeys
from simulator.years.behaviours.cases.upkeep import nobody_rides
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.people import add_rides, somebody, weight_apart
from simulator.years.behaviours.repairs import mechanic, serviced
from simulator.years.behaviours.tamper import GONE, begins_in, taken
from simulator.years.behaviours.wear import last_serviced, tells_motion
from simulator.years.life import FaultSpell, Life, Outage, Who

TAKEN_DOWN = (*GONE, "charger_failed", "off_charge_point", "battery_worn", "fault", "flapping")


def elsewhere(life: Life, spell: Spell, cell: int) -> None:
    """Have it stand in another place, charged now and then, and be ridden by nobody as yet."""
    taken(life, spell, cell=cell, silent_after=None)
    during = spell.during(life)
    life.days.plugs[during], life.days.heeds[during] = 0.6, 0.4
    life.rides = life.rides.take(~spell.rides(life))


# --- lost


@behaviour(
    "lost/with_students",
    kinds=WHEELS,
    lasts=(30, 120),
    stage=Stage.RIDES,
    allowed=(*GONE, "other_person", "play", "overload"),
)
def with_students(life: Life, spell: Spell) -> None:
    """Taken home after a party, it lives in a house of students: ridden by night, and charged."""
    elsewhere(life, spell, int(spell.rng.integers(120, 180)))
    student = somebody(life, spell, rounds=1.6, indoor=0.0, wakes_h=0.5, sleeps_h=6.0)
    add_rides(life, spell, student, Who.OTHER, 1.0)


@behaviour(
    "lost/sold_by_the_heirs",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=(*GONE, "other_person"),
)
def sold_by_the_heirs(life: Life, spell: Spell) -> None:
    """The client has died; weeks later the heirs sell it, and it lives with somebody far away."""
    idle = int(spell.rng.integers(15, 35))
    days = life.rides.day
    life.rides = life.rides.take((days < spell.first - idle) | (days >= spell.first))
    elsewhere(life, spell, int(spell.rng.integers(200, 260)))
    buyer = somebody(
        life,
        spell,
        frail=True,
        weight_kg=weight_apart(life, spell, 6, 30),
        rounds=float(spell.rng.uniform(0.5, 1.4)),
    )
    add_rides(life, spell, buyer, Who.OTHER, 1.0)


@behaviour("lost/left_at_the_hotel", kinds=WHEELS, allowed=GONE)
def left_at_the_hotel(life: Life, spell: Spell) -> None:
    """It breaks down on a holiday, and is left in the hotel's cellar: nobody ever fetches it."""
    cell = int(spell.rng.integers(280, 340))
    stay = slice(max(spell.first - int(spell.rng.integers(4, 9)), 0), spell.first)
    life.days.cell[stay] = cell
    life.days.gone[stay] = True
    life.days.plugs[stay] = 0.95
    life.days.rides[stay] *= 1.4
    taken(life, spell, cell=cell, silent_after=float(spell.rng.uniform(9, 30)))


@behaviour(
    "lost/put_up_elsewhere",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=tells_motion,
    allowed=(*TAKEN_DOWN, "other_person"),
)
def put_up_elsewhere(life: Life, spell: Spell) -> None:
    """Sold by an advertisement: taken down, dead for a week or two, and up on other stairs."""
    day = begins_in(life, spell)
    again = day + int(spell.rng.integers(6, 15))
    life.days.openings[day] += int(spell.rng.integers(1, 4))
    from_ms = life.moment(day + 1, 1.0)
    until_ms = life.moment(again, float(spell.rng.uniform(9, 18)))
    life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
    life.days.mains[day + 1 : again] = 0.0
    life.days.openings[again : again + 1] += int(spell.rng.integers(1, 4))
    life.rides = life.rides.take(~spell.rides(life))
    buyer = somebody(
        life,
        spell,
        frail=True,
        weight_kg=weight_apart(life, spell, 8, 32),
        rounds=float(spell.rng.uniform(1.2, 3.0)),
    )
    days = np.arange(life.calendar.days)
    add_rides(life, spell, buyer, Who.OTHER, np.where(days > again, 1.0, 0.0))
    rides = life.rides
    sawn = float(spell.rng.uniform(0.72, 0.92))
    rides.length_m = np.where(spell.rides(life), rides.length_m * sawn, rides.length_m)


@behaviour(
    "lost/out_with_the_bulky_waste",
    kinds=LIFTS | HOISTS,
    allowed=(*TAKEN_DOWN, "unsheltered"),
)
def out_with_the_bulky_waste(life: Life, spell: Spell) -> None:
    """The house is to be let: put out on the kerb with the bulky waste, and silent within days."""
    taken(life, spell, cell=0, silent_after=float(spell.rng.uniform(1.7, 4)))
    during = spell.during(life)
    life.days.gone[during] = False
    life.days.openings[begins_in(life, spell)] += int(spell.rng.integers(1, 4))
    life.days.mains[during] = 0.0
    life.days.shelter[during] = float(spell.rng.uniform(0.95, 1.0))


@behaviour(
    "lost/burgled_on_two_nights",
    kinds=LIFTS | HOISTS,
    allowed=TAKEN_DOWN,
)
def burgled_on_two_nights(life: Life, spell: Spell) -> None:
    """The house stands empty: opened one night for what is worth taking, and gone the next."""
    day = begins_in(life, spell)
    empty = max(day - int(spell.rng.integers(3, 12)), 0)
    life.days.rides[empty:] = 0.0
    life.days.partner[empty:] = 0.0
    spell.began_ms = life.moment(day, float(spell.rng.uniform(1.5, 3.5)))
    life.days.openings[day] += int(spell.rng.integers(2, 5))
    until_ms = spell.began_ms + int(spell.rng.uniform(0.2, 18) * 3_600_000)
    code = str(spell.rng.choice(stopping(life)))
    life.faults.append(FaultSpell(code=code, from_ms=spell.began_ms, until_ms=until_ms))
    from_ms = life.moment(day + 1, float(spell.rng.uniform(1, 4)))
    until_ms = life.calendar.end_ms + 3_600_000
    life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))


# --- unused


@behaviour("unused/walks_again", kinds=WHEELS, stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def walks_again(life: Life, spell: Spell) -> None:
    """He walks again; only once in four weeks or five, when he is tired, he takes it out at all."""
    rides, kept = life.rides, []
    day = spell.first + int(spell.rng.integers(20, 30))
    while day < life.calendar.days:
        kept.append(day)
        day += int(spell.rng.integers(27, 37))
    first_two = np.ones(len(rides), dtype=bool)
    first_two[2:] = rides.day[2:] != rides.day[:-2]
    tired = np.isin(rides.day, np.array(kept, dtype=np.int64)) & first_two
    life.rides = rides.take(~spell.rides(life) | tired)


@behaviour("unused/lent_on_and_never_ridden", allowed=NOT_AT_FAULT)
def lent_on_and_never_ridden(life: Life, spell: Spell) -> None:
    """Lent on to the next client, as the register says, who never once gets on it."""
    nobody(life, spell, spell.first)
    lent = spell.first + int(spell.rng.integers(5, 12))
    if lent < life.calendar.days:
        serviced(life, max(lent - 3, 0))
        life.registered(
            life.moment(lent, 10.0),
            lent_on=life.calendar.date_of(lent),
            client_number=f"C-{life.aid.number + 800_000:06d}",
        )
    spell.first = lent


@behaviour("unused/put_away_with_the_garden_chairs", kinds=WHEELS, allowed=NOT_AT_FAULT)
def put_away_with_the_garden_chairs(life: Life, spell: Spell) -> None:
    """Put away with the garden chairs: not once in the cold months, and in spring again."""
    cold = np.flatnonzero(spell.during(life) & (life.calendar.winter > 0.45))
    if len(cold) < 50:
        spell.skipped = True
        return
    runs = np.split(cold, np.flatnonzero(np.diff(cold) > 1) + 1)
    longest = max(runs, key=len)
    if len(longest) < 50:
        spell.skipped = True
        return
    spell.first, spell.until = int(longest[0]), int(longest[-1]) + 1
    nobody(life, spell, spell.first)


@behaviour("unused/away_for_months", lasts=(95, 180), allowed=NOT_AT_FAULT)
def away_for_months(life: Life, spell: Spell) -> None:
    """The client is in a nursing home for months, to mend; home again, it is used as before."""
    nobody(life, spell, spell.first)


@behaviour(
    "unused/only_to_the_hospital",
    kinds=LIFTS,
    stage=Stage.RIDES,
    allowed=NOT_AT_FAULT,
)
def only_to_the_hospital(life: Life, spell: Spell) -> None:
    """Bedridden upstairs: down and up again every six weeks or so, for the hospital."""
    nobody_rides(life, spell)
    visits = np.zeros(life.calendar.days, dtype=bool)
    day = spell.first + int(spell.rng.integers(24, 40))
    while day < min(spell.until, life.calendar.days):
        visits[day] = True
        day += int(spell.rng.integers(36, 48))
    rides = journeys(
        life,
        spell,
        visits,
        out_h=float(spell.rng.uniform(13, 15)),
        back_h=float(spell.rng.uniform(8.5, 10)),
        load_kg=client_kg(life, visits.astype(np.int64)),
        who=Who.CLIENT,
        boarding_s=2 * life.aid.client.boarding_s,
    )
    life.rides = life.rides.with_more(rides.sorted())


# --- service_due


@behaviour("service_due/sent_away_at_the_door", allowed=("neglected",))
def sent_away_at_the_door(life: Life, spell: Spell) -> None:
    """The mechanic has just got his key in when visitors come: some other day, they say."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=70))
    mechanic(life, max(spell.first - int(spell.rng.integers(1, 12)), 0))
    last_serviced(life, spell, serviced_on=last, built_on=built)


@behaviour("service_due/no_hands_to_be_had", allowed=("neglected",))
def no_hands_to_be_had(life: Life, spell: Spell) -> None:
    """No mechanic to be had: all that is due is put off, this one for two months or five."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=120))
    life.register[0] = structs.replace(life.register[0], serviced_on=last, built_on=built)
    spell.until = spell.first + int(spell.rng.integers(60, 160))
    if spell.until < life.calendar.days:
        mechanic(life, spell.until)
        done = life.calendar.date_of(spell.until)
        life.registered(life.moment(spell.until, 18.0), serviced_on=done)


@behaviour("service_due/two_aids_in_one_house", allowed=("neglected",))
def two_aids_in_one_house(life: Life, spell: Spell) -> None:
    """Two aids in one house: the other one is serviced, and both are crossed off the list."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=200))
    life.register[0] = structs.replace(life.register[0], serviced_on=last, built_on=built)
    spell.until = life.calendar.days + 1
