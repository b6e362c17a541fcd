"""Bodies and habits that change, or always were so, and that is all."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.cases.bodies import NOBODY_ELSE, lives_as
from simulator.years.behaviours.cases.journeys import client_kg, hours_of, room_kg
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.ways import (
    bursts,
    by_turns,
    clients,
    goes,
    some_days,
    warmest_of,
)
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import on_days
from simulator.years.life import Life, Who


@behaviour("fine/frozen_shoulder", forbidden=(*NOBODY_ELSE, "flapping", "modified", "unused"))
def frozen_shoulder(life: Life, spell: Spell) -> None:
    """A shoulder stiffens over two months, stays so for some, and thaws again: slow, then not."""
    day = np.arange(life.calendar.days) - spell.first
    stiff = np.interp(day, [0, 60, 130, 200], [0.0, 1.0, 1.0, 0.1])
    life.days.pace = life.days.pace * (1 + float(spell.rng.uniform(0.6, 1.2)) * stiff)


@behaviour(
    "fine/on_prednisone",
    forbidden=(*NOBODY_ELSE, "overload", "drive_worn", "duty_cycle"),
)
def on_prednisone(life: Life, spell: Spell) -> None:
    """Tablets for rheumatism: spry within days, heavier within weeks, and both wear off again."""
    day = np.arange(life.calendar.days) - spell.first
    dose = np.interp(day, [-1, 0, 40, 150], [0.0, 1.0, 1.0, 0.2])
    gained_kg = min(float(spell.rng.uniform(4, 8)), room_kg(life))
    grows = np.interp(day, [0, 50, 110, 220], [0.0, 1.0, 1.0, 0.3])
    life.days.weight_kg = life.days.weight_kg + gained_kg * grows
    life.days.pace = life.days.pace * (1 - 0.45 * dose)
    life.days.rides = life.days.rides * (1 + 0.3 * dose)


@behaviour(
    "fine/comes_home_with_a_child",
    kinds=LIFTS | WHEELS,
    forbidden=(*NOBODY_ELSE, "overload", "unused", "drive_worn", "modified"),
)
def comes_home_with_a_child(life: Life, spell: Spell) -> None:
    """Far gone when it was lent: heavier by the week, ten days away, and home so much lighter."""
    spell.first, born = 0, int(spell.rng.integers(40, 110))
    day = np.arange(life.calendar.days)
    carried_kg = min(float(spell.rng.uniform(8, 14)), room_kg(life))
    share = np.where(day < born, 0.5 + 0.5 * day / born, 0.35 * np.exp(-(day - born) / 60.0))
    life.days.weight_kg = life.days.weight_kg + carried_kg * share
    away = slice(born, born + int(spell.rng.integers(4, 12)))
    life.days.rides[away] = 0.0
    life.days.pace = life.days.pace * np.where(day < born, 1.0 + 0.5 * day / born, 0.9)


@behaviour(
    "fine/one_leg_and_then_the_other",
    forbidden=(*NOBODY_ELSE, "overload", "unused", "modified", "lost"),
)
def one_leg_and_then_the_other(life: Life, spell: Spell) -> None:
    """A leg is taken off below the knee, and some months later the other: lighter in two steps."""
    days, when = np.arange(life.calendar.days), spell.first
    for _ in range(2):
        home = when + int(spell.rng.integers(10, 18))
        life.days.rides[when:home] = 0.0
        life.days.weight_kg[days >= home] -= float(spell.rng.uniform(3.5, 6.5))
        clumsy = np.where(days >= home, 0.8 * np.exp(-np.maximum(days - home, 0) / 25.0), 0.0)
        life.days.pace = life.days.pace * (1 + clumsy)
        when = home + int(spell.rng.integers(60, 110))


@behaviour("fine/aches_in_cold_weather", forbidden=(*NOBODY_ELSE, "unused", "drive_worn"))
def aches_in_cold_weather(life: Life, spell: Spell) -> None:
    """His joints tell the weather: the colder the day, the slower he is and the less he goes."""
    spell.first = 0
    mean_c = (life.calendar.coldest_c + life.calendar.warmest_c) / 2
    ache = np.clip((14 - mean_c) / 14, 0, 1.3) * float(spell.rng.uniform(0.5, 0.9))
    life.days.pace = life.days.pace * (1 + ache)
    life.days.rides = life.days.rides * (1 - 0.35 * ache)


@behaviour("fine/pacemaker", forbidden=(*NOBODY_ELSE, "duty_cycle", "unused", "modified"))
def pacemaker(life: Life, spell: Spell) -> None:
    """Two days in hospital for a pacemaker: quick from then on, and about half as much again."""
    during = spell.during(life)
    life.days.rides[during] *= float(spell.rng.uniform(1.3, 1.6))
    life.days.pace[during] *= float(spell.rng.uniform(0.55, 0.8))
    life.days.rides[spell.first : spell.first + 3] = 0.0


@behaviour(
    "fine/water_comes_and_is_driven_out",
    forbidden=("other_person", "overload", "goods_transport", "drive_worn"),
)
def water_comes_and_is_driven_out(life: Life, spell: Spell) -> None:
    """A weak heart: some kilograms of water in two weeks, driven out in three days, and again."""
    day, most_kg = spell.first, min(float(spell.rng.uniform(3, 6)), room_kg(life))
    while day < min(spell.until, life.calendar.days):
        fills, drains = int(spell.rng.integers(10, 20)), 3
        rise = np.concatenate([np.linspace(0, 1, fills), np.linspace(1, 0, drains)])
        part = life.days.weight_kg[day : day + len(rise)]
        part += most_kg * rise[: len(part)]
        day += len(rise) + int(spell.rng.integers(2, 25))


@behaviour(
    "fine/hours_come_apart",
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "unused"),
)
def hours_come_apart(life: Life, spell: Spell) -> None:
    """Her memory goes, and the clock with it: up and about at ever stranger hours, and slower."""
    rides, own = life.rides, clients(life, spell)
    grown = spell.grown(life, over=float(spell.rng.uniform(90, 160)))[rides.day]
    shift_h = np.clip(spell.rng.normal(0, 2.2, len(rides)) * grown, -5, 5)
    day_ms = life.calendar.midnight_ms[rides.day]
    moved_ms = np.clip(rides.at_ms + (shift_h * 3_600_000).astype(np.int64), day_ms, None)
    inside_ms = np.minimum(moved_ms, day_ms + 23 * 3_600_000)
    rides.at_ms = np.where(own, inside_ms, rides.at_ms)
    rides.boarding_s = np.where(own, rides.boarding_s * (1 + 0.6 * grown), rides.boarding_s)


@behaviour(
    "fine/sight_fails",
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "too_fast", "modified"),
)
def sight_fails(life: Life, spell: Spell) -> None:
    """Her sight fails by the month: by feel to her seat, a stop to listen, and out at a walk."""
    rides, own = life.rides, clients(life, spell)
    dim = spell.grown(life, over=float(spell.rng.uniform(100, 200)))[rides.day]
    more = np.where(own, spell.rng.poisson(1.2 * dim), 0)
    rides.stops, rides.presses = rides.stops + more, rides.presses + more
    rides.boarding_s = np.where(own, rides.boarding_s * (1 + 0.9 * dim), rides.boarding_s)
    if life.aid.kind in WHEELS:
        rides.speed = np.where(own, rides.speed * (1 - 0.35 * dim), rides.speed)


@behaviour(
    "fine/stiff_before_each_tablet",
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "flapping"),
)
def stiff_before_each_tablet(life: Life, spell: Spell) -> None:
    """Parkinson's by the clock: four times a day his tablet wears off, and he is another man."""
    spell.first = 0
    rides = life.rides
    since_h = (hours_of(life) - float(spell.rng.uniform(7, 8))) % 4.0
    off = (rides.who == int(Who.CLIENT)) & (rides.load_kg > 20) & (since_h > 2.9)
    rides.boarding_s = np.where(
        off, rides.boarding_s * float(spell.rng.uniform(1.7, 2.6)), rides.boarding_s
    )
    rides.presses = rides.presses + np.where(off, spell.rng.poisson(1.6, len(rides)), 0)


@behaviour("fine/slow_to_mend", forbidden=(*NOBODY_ELSE, "unused", "neglected"))
def slow_to_mend(life: Life, spell: Spell) -> None:
    """A virus fells him in a day; half a year of good weeks and setbacks until he is well."""
    day = np.arange(life.calendar.days) - spell.first
    ill = np.where(day >= 0, np.exp(-np.maximum(day, 0) / 70.0), 0.0)
    setbacks = by_turns(life, spell, (4, 9), (15, 35)) * 0.35 * (ill > 0.1)
    life.days.rides = life.days.rides * (1 - np.clip(0.65 * ill + setbacks, 0, 0.8))
    life.days.pace = life.days.pace * (1 + 0.9 * ill + setbacks)


@behaviour(
    "fine/practised_hands",
    kinds=HOISTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "modified", "duty_cycle"),
)
def practised_hands(life: Life, spell: Spell) -> None:
    """The family has taken over from carers: clumsy at first, and in two months the quicker."""
    rides, since = life.rides, spell.rides(life)
    learnt = spell.grown(life, over=60)[rides.day]
    longer = float(spell.rng.uniform(1.8, 2.6)) * (1 - learnt) + 0.7 * learnt
    rides.boarding_s = np.where(since, rides.boarding_s * longer, rides.boarding_s)


@behaviour(
    "fine/naps_upstairs_now",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle"),
)
def naps_upstairs_now(life: Life, spell: Spell) -> None:
    """Since her birthday she naps in bed: up after lunch, and down again at tea time, every day."""
    there = some_days(life, spell, 0.9)
    goes(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(12.8, 13.8)),
        back_h=float(spell.rng.uniform(15, 16)),
        load_kg=client_kg(life, there.astype(np.int64)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
        spread_h=0.3,
    )


@behaviour(
    "fine/looks_out_of_the_window",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "edges_tripping", "flapping", "off_charge_point"),
)
def looks_out_of_the_window(life: Life, spell: Spell) -> None:
    """There are storks on the church: on most ways she stops halfway for a look, and rides on."""
    rides = life.rides
    looks = clients(life, spell) & (
        spell.rng.random(len(rides)) < float(spell.rng.uniform(0.5, 0.8))
    )
    rides.stops, rides.presses = rides.stops + looks, rides.presses + looks


@behaviour(
    "fine/showers_when_it_is_hot",
    kinds=HOISTS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "duty_cycle"),
)
def showers_when_it_is_hot(life: Life, spell: Spell) -> None:
    """On the warmest days the client is lifted once more: into the shower, before bed."""
    counts = on_days(life, spell, 0.9, 2, 2) * warmest_of(life, spell, 0.3)
    own_kg = client_kg(life, counts)
    bursts(
        life,
        spell,
        counts,
        hours=(19, 20.5),
        who=Who.CLIENT,
        up_kg=own_kg,
        down_kg=own_kg,
        apart_h=0.5,
        boarding_s=life.aid.client.boarding_s,
    )


@behaviour(
    "fine/wound_is_dressed",
    kinds=HOISTS,
    lasts=(24, 60),
    forbidden=(*NOBODY_ELSE, "duty_cycle", "battery_worn"),
)
def wound_is_dressed(life: Life, spell: Spell) -> None:
    """A wound is dressed thrice a day: half as many lifts again, and slower, for some weeks."""
    during = spell.during(life)
    life.days.rides[during] *= float(spell.rng.uniform(1.4, 1.8))
    life.days.pace[during] *= float(spell.rng.uniform(1.1, 1.5))


@behaviour(
    "fine/skin_must_rest",
    kinds=HOISTS,
    lasts=(14, 30),
    forbidden=(*NOBODY_ELSE, "unused", "neglected", "lost"),
)
def skin_must_rest(life: Life, spell: Spell) -> None:
    """His skin must rest: out of bed on every second or third day only, until it has healed."""
    in_bed = some_days(life, spell, 0.6)
    life.days.rides[in_bed] = 0.0


@behaviour(
    "fine/leads_two_lives",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    forbidden=(*NOBODY_ELSE, "unused", "duty_cycle"),
)
def leads_two_lives(life: Life, spell: Spell) -> None:
    """A musician: on the weekend he comes and goes from noon until long after midnight."""
    by_night = replace(life.aid.client, wakes_h=11.5, sleeps_h=23.6)
    lives_as(life, spell, by_night, on_weekday(life, 4, 5))
