"""Used for what it is not meant for: things on the chair, and play."""

import numpy as np

from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import (
    GOODS_TOO,
    PLAY_TOO,
    on_days,
    sees_seat,
    trips_of_day,
    weighs_roughly,
)
from simulator.years.life import Life, Who


@behaviour(
    "play/toddler_with_remote",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def toddler_with_remote(life: Life, spell: Spell) -> None:
    """A toddler has the remote: it starts and stops, empty, some times on most days."""
    rides = trips_of_day(
        life,
        spell,
        on_days(life, spell, 0.75, 3, 7),
        hours=(9, 12),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        whole=0.1,
        boarding_s=0.3,
        presses=4.0,
        apart_h=0.8,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/laps_round_the_block",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "not_charged", "too_fast"),
)
def laps_round_the_block(life: Life, spell: Spell) -> None:
    """The neighbours' children take it for laps round the block, on three afternoons a week."""
    counts = on_days(life, spell, 0.85, 5, 10) * on_weekday(life, 2, 4, 6)
    weight_kg = spell.rng.choice(spell.rng.uniform(26, 48, 4), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13, 15),
        who=Who.OTHER,
        up_kg=weight_kg,
        down_kg=weight_kg,
        boarding_s=1.5,
        presses=2.0,
    )
    rides.length_m = spell.rng.uniform(150, 450, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/roof_garden",
    kinds=LIFTS,
    lasts=(25, 60),
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "service_due"),
)
def roof_garden(life: Life, spell: Spell) -> None:
    """A roof garden is laid out: soil and tubs up, rubbish down, two or three days a week."""
    counts = on_days(life, spell, 0.38, 5, 11)
    tubs = int(counts.sum())
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 13),
        who=Who.THINGS,
        up_kg=spell.rng.uniform(28, 75, tubs),
        down_kg=spell.rng.choice([0.0, 14.0, 25.0], tubs),
        apart_h=0.25,
        boarding_s=35,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/crates_on_saturdays",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "service_due"),
)
def crates_on_saturdays(life: Life, spell: Spell) -> None:
    """Drinks for the whole week, crate by crate, and the empty bottles down: every Saturday."""
    counts = on_days(life, spell, 0.95, 4, 9) * on_weekday(life, 5)
    crates = int(counts.sum())
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 16),
        who=Who.THINGS,
        up_kg=spell.rng.uniform(15, 36, crates),
        down_kg=spell.rng.uniform(5, 16, crates),
        boarding_s=12,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "goods_transport/bottle_collector",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn"),
)
def bottle_collector(life: Life, spell: Spell) -> None:
    """Out empty, from bin to bin, and home with sacks of bottles and scrap: nearly every day."""
    counts = on_days(life, spell, 0.85, 1, 2)
    rounds = int(counts.sum())
    client_kg = life.aid.client.weight_kg
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(6, 10),
        who=Who.CLIENT,
        up_kg=client_kg,
        down_kg=client_kg + spell.rng.uniform(60, 120, rounds),
        presses=14.0,
        apart_h=3.0,
        boarding_s=8,
    )
    rides.length_m = spell.rng.uniform(1_200, 4_000, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/school_holidays",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def school_holidays(life: Life, spell: Spell) -> None:
    """In every school holiday a grandchild stays for two weeks, and rides all day long."""
    day = np.arange(life.calendar.days)
    holidays = (day - spell.first) % 49 < 15
    counts = on_days(life, spell, 0.9, 8, 16) * holidays
    seated = spell.rng.random(int(counts.sum())) < 0.5
    child_kg = np.where(seated, float(spell.rng.uniform(22, 42)), 0.0)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(9, 11),
        who=Who.OTHER,
        up_kg=child_kg,
        down_kg=child_kg,
        whole=0.8,
        boarding_s=1.5,
        presses=1.0,
        apart_h=0.5,
    )
    life.rides = life.rides.with_more(rides)
