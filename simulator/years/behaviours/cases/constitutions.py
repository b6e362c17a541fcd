"""Bodies that change, or are as they always were, and that is all."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.cases.bodies import NOBODY_ELSE, lives_as
from simulator.years.behaviours.cases.journeys import client_kg, hours_of, room_kg
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import (
    HOISTS,
    LIFTS,
    WHEELS,
    Spell,
    Stage,
    behaviour,
)
from simulator.years.behaviours.fine import AWAY
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.life import Life, Who

MIN_SEATED_KG = 20.0


@behaviour(
    "fine/braces_on_weekdays",
    forbidden=(*NOBODY_ELSE, "overload", "modified"),
)
def braces_on_weekdays(life: Life, spell: Spell) -> None:
    """Braces on both legs for the therapist, on working days only: heavier then, and slower."""
    braced = spell.during(life) & ~life.calendar.weekend
    life.days.weight_kg[braced] += min(float(spell.rng.uniform(3, 6)), room_kg(life))
    life.days.pace[braced] *= float(spell.rng.uniform(1.3, 1.9))


@behaviour(
    "fine/good_days_and_bad_ones",
    forbidden=(*NOBODY_ELSE, "unused", "flapping"),
)
def good_days_and_bad_ones(life: Life, spell: Spell) -> None:
    """Multiple sclerosis: no day is like the one before, and so it has been since the first."""
    spell.first = 0
    badness = np.exp(
        spell.rng.normal(0.0, float(spell.rng.uniform(0.25, 0.45)), life.calendar.days)
    )
    life.days.pace = life.days.pace * badness
    life.days.rides = np.clip(life.days.rides / badness**0.7, 0.3, 1.7)


@behaviour(
    "fine/on_and_off_her_diet",
    forbidden=("other_person", "overload", "drive_worn", "goods_transport"),
)
def on_and_off_her_diet(life: Life, spell: Spell) -> None:
    """On a diet and off it: some kilograms down within weeks, and up again, over and over."""
    day = np.arange(life.calendar.days)
    period = float(spell.rng.uniform(50, 90))
    swing = 0.5 - 0.5 * np.cos(2 * np.pi * (day - spell.first) / period)
    less_kg = float(spell.rng.uniform(4, 8)) * swing * spell.during(life)
    life.days.weight_kg = life.days.weight_kg - less_kg


@behaviour(
    "fine/just_within",
    forbidden=("overload", "other_person", "goods_transport", "drive_worn"),
)
def just_within(life: Life, spell: Spell) -> None:
    """A client as heavy as it is made for, coat and bag included; since the first day."""
    spell.first = 0
    most_kg = float(life.aid.max_load_kg) - float(spell.rng.uniform(14, 17))
    life.days.weight_kg = np.minimum(life.days.weight_kg, 1.0) + most_kg - life.aid.client.weight_kg


@behaviour(
    "fine/stomach_upset",
    kinds=LIFTS | HOISTS,
    lasts=(2, 3),
    stage=Stage.RIDES,
    forbidden=("duty_cycle", *NOBODY_ELSE),
)
def stomach_upset(life: Life, spell: Spell) -> None:
    """Something he ate: to the lavatory and back a dozen times, by day and night, for two days."""
    counts = on_days(life, spell, 1.0, 7, 12)
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(1, 4),
        who=Who.CLIENT,
        up_kg=own_kg,
        down_kg=own_kg,
        apart_h=1.6,
        boarding_s=life.aid.client.boarding_s,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/practises_with_the_therapist",
    kinds=LIFTS,
    lasts=(25, 60),
    stage=Stage.RIDES,
    forbidden=("duty_cycle", *NOBODY_ELSE),
)
def practises_with_the_therapist(life: Life, spell: Spell) -> None:
    """Twice a week she practises getting on and off with her therapist: three times, or so."""
    counts = on_days(life, spell, 0.95, 2, 4) * on_weekday(life, 1, 4)
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 11),
        who=Who.CLIENT,
        up_kg=own_kg,
        down_kg=own_kg,
        apart_h=0.2,
        boarding_s=2 * life.aid.client.boarding_s,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/forgets_what_for",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=("duty_cycle", "edges_tripping", "off_charge_point", *NOBODY_ELSE),
)
def forgets_what_for(life: Life, spell: Spell) -> None:
    """Forgetful: now and then he stops halfway, rides back, and sets out again after a while."""
    rides, rail_m = life.rides, 5.0 if life.aid.rail is None else life.aid.rail.length_m
    thinks = spell.rides(life) & (rides.who == int(Who.CLIENT)) & (rides.load_kg > MIN_SEATED_KG)
    first_try = rides.take(thinks & (spell.rng.random(len(rides)) < 0.15))
    count = len(first_try)
    first_try.at_ms = first_try.at_ms - spell.rng.integers(4 * 60_000, 15 * 60_000, count)
    first_try.landed = np.zeros(count, dtype=bool)
    first_try.length_m = 2 * rail_m * spell.rng.uniform(0.2, 0.7, count)
    first_try.stops = first_try.stops + 1
    first_try.presses = first_try.presses + 1
    life.rides = rides.with_more(first_try)


@behaviour(
    "fine/lectures_and_holidays",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    forbidden=("unused", "duty_cycle", *NOBODY_ELSE),
)
def lectures_and_holidays(life: Life, spell: Spell) -> None:
    """A client who studies: up at seven for eight weeks, and in the holidays at noon and at one."""
    day = np.arange(life.calendar.days)
    holidays = (day - spell.first) % 70 < int(spell.rng.integers(12, 19))
    late = replace(life.aid.client, wakes_h=11.0, sleeps_h=23.9)
    early = replace(life.aid.client, wakes_h=6.8, sleeps_h=22.3)
    lives_as(life, spell, late, holidays)
    lives_as(life, spell, early, ~holidays)


@behaviour(
    "fine/frame_on_the_back",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=("goods_transport", "overload", "other_person", "drive_worn"),
)
def frame_on_the_back(life: Life, spell: Spell) -> None:
    """A folded walking frame hangs on the back on every outing, since the first of them."""
    spell.first = 0
    rides = life.rides
    frame_kg = min(float(spell.rng.uniform(6, 10)), room_kg(life))
    rides.load_kg = np.where(rides.away, rides.load_kg + frame_kg, rides.load_kg)


@behaviour(
    "fine/two_carers_at_once",
    kinds=HOISTS,
    forbidden=(*NOBODY_ELSE, "duty_cycle", "modified"),
)
def two_carers_at_once(life: Life, spell: Spell) -> None:
    """From now on two carers come instead of one: it takes half the time to get into the sling."""
    life.days.pace[spell.during(life)] *= float(spell.rng.uniform(0.4, 0.65))


@behaviour(
    "fine/bath_days",
    kinds=HOISTS,
    stage=Stage.RIDES,
    forbidden=("duty_cycle", *NOBODY_ELSE),
)
def bath_days(life: Life, spell: Spell) -> None:
    """Tuesdays and Fridays are bath days: into the water, out of it, wet and with a wet sling."""
    counts = on_days(life, spell, 0.95, 2, 2) * on_weekday(life, 1, 4)
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9.5, 10.5),
        who=Who.CLIENT,
        up_kg=own_kg + 2.0,
        down_kg=own_kg + 2.0,
        apart_h=0.6,
        boarding_s=0.7 * life.aid.client.boarding_s,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/weighed_every_week",
    kinds=HOISTS,
    stage=Stage.RIDES,
    forbidden=("duty_cycle", "overload", *NOBODY_ELSE),
)
def weighed_every_week(life: Life, spell: Spell) -> None:
    """Every Monday the client is weighed with it: a short way up, held, and let down again."""
    counts = (spell.during(life) & on_weekday(life, 0)).astype(np.int64)
    own_kg = client_kg(life, counts)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(8, 9.5),
        who=Who.CLIENT,
        up_kg=own_kg - 2.5,
        down_kg=own_kg - 2.5,
        whole=0.0,
        boarding_s=life.aid.client.boarding_s,
    )
    rides.length_m = np.full(len(rides), float(spell.rng.uniform(0.25, 0.4)))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/two_homes",
    kinds=LIFTS | HOISTS,
    forbidden=AWAY,
)
def two_homes(life: Life, spell: Spell) -> None:
    """A young client whose parents live apart: every other week with the other one of them."""
    away = (np.arange(life.calendar.days) - spell.first) % 14 < 7
    life.days.rides[spell.during(life) & away] = 0.0
    life.days.partner[spell.during(life) & away] = 0.0


@behaviour(
    "fine/takes_a_walk_after_supper",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=("other_person", "play", "too_fast", "duty_cycle"),
)
def takes_a_walk_after_supper(life: Life, spell: Spell) -> None:
    """Evenings are light and long: his outings move from the morning to after supper."""
    rides = life.rides
    outing = np.cumsum(rides.up & rides.away)
    before_noon = spell.rides(life) & rides.away & (hours_of(life) < 13.0)
    early = np.unique(outing[before_noon & rides.up])
    moved = spell.rides(life) & rides.away & np.isin(outing, early)
    later_ms = round(float(spell.rng.uniform(7.5, 9.0)) * 3_600_000)
    rides.at_ms = np.where(moved, rides.at_ms + later_ms, rides.at_ms)


@behaviour(
    "fine/helper_holds_the_button",
    forbidden=(*NOBODY_ELSE, "modified"),
)
def helper_holds_the_button(life: Life, spell: Spell) -> None:
    """Her hands no longer serve: a helper works it for her, and sooner than she did."""
    life.days.pace[spell.during(life)] *= float(spell.rng.uniform(0.55, 0.75))
