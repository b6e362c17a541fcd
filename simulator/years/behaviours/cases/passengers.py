"""Others than the client, each by a rhythm of their own."""

import numpy as np

from simulator.years.behaviours.cases.journeys import journeys
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.ways import by_turns, clients, coldest_of, goes, some_days
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.people import add_rides, shows_load, somebody, weight_apart
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.life import Life, Who

SHIFTS = ((5.2, 14.2), (13.1, 22.4), (21.3, 22.9))  # early, late; by night: out only


@behaviour(
    "other_person/works_in_shifts",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle", "not_charged"),
)
def works_in_shifts(life: Life, spell: Spell) -> None:
    """A son on shifts takes it to his work and back: a week early, a week late, a week at night."""
    week = (np.arange(life.calendar.days) - spell.first) // 7 % 3
    works = some_days(life, spell, 0.92) & ~life.calendar.weekend
    his_kg, boarding_s = weight_apart(life, spell, 10, 34), float(spell.rng.uniform(3, 8))
    length_m = float(spell.rng.uniform(900, 3_500))
    for number, (out_h, back_h) in enumerate(SHIFTS):
        ways = journeys(
            life,
            spell,
            works & (week == number),
            out_h=out_h,
            back_h=back_h,
            load_kg=his_kg,
            length_m=length_m,
            who=Who.OTHER,
            boarding_s=boarding_s,
        )
        if number == 2:  # home again in the morning
            ways.at_ms = np.where(ways.up, ways.at_ms, ways.at_ms - round(16.5 * 3_600_000))
        life.rides = life.rides.with_more(ways.sorted())


@behaviour(
    "other_person/a_brother_in_town",
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle", "overload"),
)
def a_brother_in_town(life: Life, spell: Spell) -> None:
    """A brother has business in town: three days or four, every other week or so, it is his."""
    there = by_turns(life, spell, (3, 4), (6, 12))
    brother = somebody(
        life,
        spell,
        frail=bool(spell.rng.random() < 0.5),
        weight_kg=weight_apart(life, spell, 12, 36),
        rounds=float(spell.rng.uniform(2.0, 3.5)),
    )
    add_rides(life, spell, brother, Who.OTHER, np.where(there, 1.0, 0.0))


@behaviour(
    "other_person/sits_there_in_her_stead",
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("overload",),
)
def sits_there_in_her_stead(life: Life, spell: Spell) -> None:
    """A sister goes in her stead: at the same hours, once in a while at first, at last mostly."""
    rides, own = life.rides, clients(life, spell)
    share = 0.1 + 0.6 * spell.grown(life, over=float(spell.rng.uniform(50, 100)))
    outing = np.cumsum(rides.up)  # there and back together
    chosen = spell.rng.random(int(outing.max(initial=0)) + 1)[outing] < share[rides.day]
    hers = own & chosen
    hers_kg = weight_apart(life, spell, 11, 30)
    rides.load_kg = np.where(hers, hers_kg + spell.rng.normal(0, 0.8, len(rides)), rides.load_kg)
    brisk = float(spell.rng.uniform(0.4, 0.9))
    rides.boarding_s = np.where(hers, rides.boarding_s * brisk, rides.boarding_s)
    rides.who = np.where(hers, int(Who.OTHER), rides.who)


@behaviour(
    "other_person/when_his_moped_will_not_start",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("not_charged",),
)
def when_his_moped_will_not_start(life: Life, spell: Spell) -> None:
    """On the colder mornings a neighbour's moped will not start: he takes this to work."""
    there = coldest_of(life, spell, float(spell.rng.uniform(0.3, 0.45))) & ~life.calendar.weekend
    goes(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(6.2, 7.5)),
        back_h=float(spell.rng.uniform(15, 17)),
        load_kg=weight_apart(life, spell, 12, 35),
        length_m=float(spell.rng.uniform(1_500, 4_500)),
        who=Who.OTHER,
        boarding_s=float(spell.rng.uniform(2.5, 6)),
    )


@behaviour(
    "other_person/the_lady_next_door_to_bed",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def the_lady_next_door_to_bed(life: Life, spell: Spell) -> None:
    """The lady next door is put to bed with it at half past nine, and lifted out again at eight."""
    her_kg = weight_apart(life, spell, 10, 34)
    for hour in (8.1, 21.5):
        counts = on_days(life, spell, 0.93, 1, 1)
        rides = trips_of_day(
            life,
            spell,
            counts,
            hours=(hour - 0.3, hour + 0.3),
            who=Who.OTHER,
            up_kg=her_kg + spell.rng.normal(0, 0.8, int(counts.sum())),
            down_kg=her_kg,
            boarding_s=life.aid.client.boarding_s * float(spell.rng.uniform(0.8, 1.5)),
        )
        life.rides = life.rides.with_more(rides)


@behaviour(
    "other_person/an_old_friend_for_lunch",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=shows_load,
)
def an_old_friend_for_lunch(life: Life, spell: Spell) -> None:
    """An old friend has lunch upstairs with him four days a week: up at noon, and down at two."""
    days = on_weekday(life, *spell.rng.choice(7, 4, replace=False).tolist())
    goes(
        life,
        spell,
        days & some_days(life, spell, 0.92),
        out_h=float(spell.rng.uniform(11.7, 12.6)),
        back_h=float(spell.rng.uniform(13.8, 15)),
        load_kg=weight_apart(life, spell, 9, 26),
        who=Who.OTHER,
        boarding_s=float(spell.rng.uniform(14, 40)),
    )


@behaviour(
    "other_person/walks_the_dogs_of_the_street",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle", "play"),
)
def walks_the_dogs_of_the_street(life: Life, spell: Spell) -> None:
    """A girl of the street walks the neighbours' dogs with it: after school, at a walking pace."""
    counts = on_days(life, spell, 0.9, 1, 3) * ~life.calendar.weekend
    her_kg = float(spell.rng.uniform(38, 52))
    if abs(her_kg - life.aid.client.weight_kg) < 10:
        spell.skipped = True  # a client as light as she is
        return
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(15.2, 16),
        who=Who.OTHER,
        up_kg=her_kg,
        down_kg=her_kg,
        apart_h=0.55,
        boarding_s=3.0,
    )
    rides.length_m = spell.rng.uniform(250, 500, len(rides))
    rides.speed = spell.rng.uniform(0.5, 0.65, len(rides))
    rides.stops = spell.rng.poisson(5, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    back_ms = np.where(rides.up, 0, 6 * 60_000)
    rides.at_ms = rides.at_ms + back_ms
    life.rides = life.rides.with_more(rides.sorted())


@behaviour(
    "other_person/ever_more_days_of_the_week",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def ever_more_days_of_the_week(life: Life, spell: Spell) -> None:
    """A daughter's friend is there on Saturdays; then on Sundays too; in the end he lives there."""
    weeks = (np.arange(life.calendar.days) - spell.first) // 7
    every = int(spell.rng.integers(2, 4))
    there = np.zeros(life.calendar.days, dtype=bool)
    for step, weekday in enumerate((5, 6, 4, 2, 3, 0, 1)):
        there |= on_weekday(life, weekday) & (weeks >= step * every)
    friend = somebody(
        life,
        spell,
        weight_kg=weight_apart(life, spell, 13, 36),
        rounds=float(spell.rng.uniform(1.5, 3.0)),
    )
    add_rides(life, spell, friend, Who.OTHER, np.where(there, 1.0, 0.0))
