"""More than it bears, and more often than it is made for."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.cases.cargo import one_way
from simulator.years.behaviours.cases.journeys import client_kg, journeys
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import TOO_HEAVY, TOO_OFTEN, feels_load
from simulator.years.behaviours.people import add_rides, somebody
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.behaviours.repairs import serviced
from simulator.years.life import Life, Who

MIN_SEATED_KG = 20.0

# --- overload


@behaviour(
    "overload/to_the_pool_in_twos",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def to_the_pool_in_twos(life: Life, spell: Spell) -> None:
    """He and a friend, both well fed, go to the pool on it together, twice a week."""
    days = on_weekday(life, *spell.rng.choice(7, 2, replace=False).tolist())
    there = spell.during(life) & days & (spell.rng.random(life.calendar.days) < 0.95)
    both_kg = client_kg(life, there.astype(np.int64)) + float(spell.rng.uniform(62, 92))
    both_kg = np.maximum(both_kg, life.aid.max_load_kg * 1.12)
    rides = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(9, 14)),
        back_h=float(spell.rng.uniform(15.5, 18)),
        load_kg=both_kg,
        length_m=float(spell.rng.uniform(600, 2_500)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s * 1.5,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "overload/seat_shell_and_all",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def seat_shell_and_all(life: Life, spell: Spell) -> None:
    """He stays strapped in his seat shell, helper at his feet: up at night, down in the morning."""
    rides = life.rides
    hour = (rides.at_ms - life.calendar.midnight_ms[rides.day]) / 3_600_000
    client = life.aid.client
    bedtime = (hour > client.sleeps_h - 1.2) | (hour < client.wakes_h + 0.8)
    there = spell.rides(life) & bedtime & (rides.who == int(Who.CLIENT))
    more_kg = max(float(spell.rng.uniform(50, 80)), 1.12 * life.aid.max_load_kg - client.weight_kg)
    rides.load_kg = np.where(there, rides.load_kg + more_kg, rides.load_kg)
    rides.boarding_s = np.where(there, rides.boarding_s * 1.8, rides.boarding_s)


@behaviour(
    "overload/with_mattress_and_board",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def with_mattress_and_board(life: Life, spell: Spell) -> None:
    """For the sheets to be changed he is lifted with mattress and board: twice a week."""
    rides = life.rides
    days = on_weekday(life, *spell.rng.choice(7, 2, replace=False).tolist())
    laden = spell.rides(life) & days[rides.day] & (rides.load_kg > MIN_SEATED_KG)
    number = np.flatnonzero(laden)
    day = rides.day[number]
    place = np.arange(len(day)) - np.searchsorted(day, day)  # within its day
    there = np.zeros(len(rides), dtype=bool)
    there[number[place < 2]] = True  # up, and down again
    own_kg = life.aid.client.weight_kg
    more_kg = max(float(spell.rng.uniform(45, 80)), 1.1 * life.aid.max_load_kg - own_kg)
    rides.load_kg = np.where(there, rides.load_kg + more_kg, rides.load_kg)


@behaviour(
    "overload/lent_on_to_one_too_heavy",
    stage=Stage.RIDES,
    visible=feels_load,
    forbidden=("other_person",),
    allowed=tuple(word for word in TOO_HEAVY if word != "other_person"),
)
def lent_on_to_one_too_heavy(life: Life, spell: Spell) -> None:
    """Lent on to the next client, as the register says, who is far too heavy for it."""
    lent = spell.first + int(spell.rng.integers(6, 16))
    day = np.arange(life.calendar.days)
    life.rides = life.rides.take(~spell.rides(life))
    next_one = somebody(
        life,
        spell,
        frail=True,
        rounds=max(life.aid.client.rounds, 0.8),
        boarding_s=float(spell.rng.uniform(15, 45)),
    )
    next_one = replace(
        next_one, weight_kg=life.aid.max_load_kg * float(spell.rng.uniform(1.1, 1.28))
    )
    add_rides(life, spell, next_one, Who.CLIENT, np.where(day >= lent, 1.0, 0.0))
    serviced(life, max(lent - 2, 0))
    life.registered(
        life.moment(lent, 9.0),
        lent_on=life.calendar.date_of(lent),
        client_number=f"C-{life.aid.number + 700_000:06d}",
    )
    spell.first = lent


@behaviour(
    "overload/never_alone_on_it",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def never_alone_on_it(life: Life, spell: Spell) -> None:
    """She is afraid of it: since the first day a grown son goes with her, on the same seat."""
    spell.first = 0
    rides = life.rides
    with_him = spell.rides(life) & (rides.who == int(Who.CLIENT)) & (rides.length_m > 1.0)
    his_kg = float(spell.rng.uniform(60, 95))
    his_kg = max(his_kg, 1.12 * life.aid.max_load_kg - life.aid.client.weight_kg)
    rides.load_kg = np.where(with_him, rides.load_kg + his_kg, rides.load_kg)
    rides.boarding_s = np.where(with_him, rides.boarding_s * 1.4, rides.boarding_s)


# --- duty_cycle


@behaviour(
    "duty_cycle/stairs_torn_out",
    kinds=LIFTS,
    lasts=(14, 40),
    allowed=TOO_OFTEN,
    stage=Stage.RIDES,
)
def stairs_torn_out(life: Life, spell: Spell) -> None:
    """The steps are torn out: for weeks family and workmen have nothing but the chair."""
    counts = on_days(life, spell, 0.95, 20, 34)
    person_kg = spell.rng.uniform(40, 100, int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(6.5, 7.3),
        who=Who.OTHER,
        up_kg=person_kg,
        down_kg=np.roll(person_kg, 2),
        apart_h=0.45,
        boarding_s=5,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/prayers_upstairs",
    kinds=LIFTS,
    allowed=TOO_OFTEN,
    stage=Stage.RIDES,
)
def prayers_upstairs(life: Life, spell: Spell) -> None:
    """A room of prayer under the roof: at each of four hours of the day the old are brought up."""
    for hour in (6.5, 12.8, 16.6, 20.8):
        counts = on_days(life, spell, 0.9, 2, 4)
        person_kg = spell.rng.uniform(52, 98, int(counts.sum()))
        for began_h, up in ((hour, True), (hour + 1.1, False)):
            hours = (began_h, began_h + 0.2)
            one_way(
                life, spell, counts, person_kg, hours=hours, up=up, who=Who.GUEST, boarding_s=10
            )


@behaviour(
    "duty_cycle/endurance_test",
    kinds=LIFTS | HOISTS,
    allowed=TOO_OFTEN,
    stage=Stage.RIDES,
)
def endurance_test(life: Life, spell: Spell) -> None:
    """A student tests it for his thesis: a sack of sand up and down for hours, some days a week."""
    counts = on_days(life, spell, 0.45, 24, 45)
    sack_kg = float(spell.rng.uniform(50, 90))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 13),
        who=Who.THINGS,
        up_kg=sack_kg,
        down_kg=sack_kg,
        apart_h=0.08,
        boarding_s=3,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/turned_all_night",
    kinds=HOISTS,
    allowed=TOO_OFTEN,
    stage=Stage.RIDES,
)
def turned_all_night(life: Life, spell: Spell) -> None:
    """Against bedsores he is lifted and turned by it every quarter of an hour, all night."""
    counts = on_days(life, spell, 0.95, 28, 36)
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(0.2, 0.6),
        who=Who.CLIENT,
        up_kg=own_kg,
        down_kg=own_kg,
        apart_h=0.24,
        boarding_s=40,
    )
    rides.length_m = spell.rng.uniform(0.18, 0.32, len(rides))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "duty_cycle/in_and_out_of_the_water",
    kinds=HOISTS,
    allowed=TOO_OFTEN,
    stage=Stage.RIDES,
)
def in_and_out_of_the_water(life: Life, spell: Spell) -> None:
    """It stands at a pool now: a club goes in and comes out by it, three days a week."""
    counts = on_days(life, spell, 0.95, 15, 24)
    counts = counts * on_weekday(life, *spell.rng.choice(7, 3, replace=False).tolist())
    swimmer_kg = spell.rng.uniform(42, 110, int(counts.sum()))
    for hours, seated in (((13.0, 13.3), True), ((15.6, 16.0), False)):
        rides = trips_of_day(
            life,
            spell,
            counts,
            hours=hours,
            who=Who.OTHER,
            up_kg=swimmer_kg,
            down_kg=swimmer_kg,
            apart_h=0.09,
            boarding_s=30 if seated else 15,
        )
        life.rides = life.rides.with_more(rides)
