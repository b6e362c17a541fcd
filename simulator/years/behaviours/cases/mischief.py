"""Played with: at tea, in the dark, on the ice, and with dolls."""

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import PLAY_TOO, on_days, sees_seat, trips_of_day
from simulator.years.life import Life, Who

ON_WHEELS_TOO = (*PLAY_TOO, "not_charged", "drive_worn")


@behaviour(
    "play/ghost_train",
    kinds=LIFTS,
    lasts=(14, 35),
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def ghost_train(life: Life, spell: Spell) -> None:
    """For some weeks it is a ghost train: one child after the other up into the dark, and down."""
    counts = on_days(life, spell, 0.8, 5, 13)
    child_kg = spell.rng.choice(spell.rng.uniform(22, 46, 5), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(17.5, 18.5),
        who=Who.OTHER,
        up_kg=child_kg,
        down_kg=child_kg,
        boarding_s=4.0,
        presses=0.6,
        apart_h=0.11,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/races_against_the_stairs",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def races_against_the_stairs(life: Life, spell: Spell) -> None:
    """One of two brothers rides and the other runs: a few races before supper, on most days."""
    counts = on_days(life, spell, 0.6, 2, 5)
    brother_kg = spell.rng.choice(spell.rng.uniform(24, 44, 2), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(16.3, 17.8),
        who=Who.OTHER,
        up_kg=brother_kg,
        down_kg=brother_kg,
        boarding_s=1.2,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/tea_is_served",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def tea_is_served(life: Life, spell: Spell) -> None:
    """Two girls play at waiting: toy cups up and down by chair, three afternoons of the week."""
    counts = on_days(life, spell, 0.9, 5, 12) * on_weekday(life, 2, 5, 6)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13.5, 15),
        who=Who.NOBODY,
        up_kg=float(spell.rng.uniform(0.5, 2.5)),
        down_kg=float(spell.rng.uniform(0.2, 1.5)),
        boarding_s=6.0,
        presses=0.5,
        apart_h=0.14,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/babysitter_keeps_them_quiet",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def babysitter_keeps_them_quiet(life: Life, spell: Spell) -> None:
    """Two evenings a week a babysitter keeps the children quiet with it, one ride each by turns."""
    evenings = on_weekday(life, *spell.rng.choice(7, 2, replace=False).tolist())
    counts = on_days(life, spell, 0.9, 6, 12) * evenings
    child_kg = np.resize(spell.rng.uniform(21, 34, 2), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(18.8, 19.6),
        who=Who.OTHER,
        up_kg=child_kg,
        down_kg=child_kg,
        boarding_s=3.5,
        presses=0.3,
        apart_h=0.1,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/sledges_behind_it",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*ON_WHEELS_TOO, "overload"),
)
def sledges_behind_it(life: Life, spell: Spell) -> None:
    """In the cold months a boy at the wheel draws sledges round the meadow, whenever it is cold."""
    coldest_c = life.calendar.coldest_c
    cold = np.flatnonzero(spell.during(life) & (life.calendar.winter > 0.45))
    if len(cold) < 30:
        spell.skipped = True
        return
    longest = max(np.split(cold, np.flatnonzero(np.diff(cold) > 1) + 1), key=len)
    spell.first, spell.until = int(longest[0]), int(longest[-1]) + 1
    frost = coldest_c <= np.quantile(coldest_c[longest], 0.6)
    counts = on_days(life, spell, 0.85, 6, 14) * frost
    boy_kg = float(spell.rng.uniform(34, 52))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13, 14.5),
        who=Who.OTHER,
        up_kg=boy_kg + spell.rng.uniform(8, 30, int(counts.sum())),
        down_kg=boy_kg + spell.rng.uniform(8, 30, int(counts.sum())),
        boarding_s=4.0,
        presses=1.0,
        apart_h=0.13,
    )
    rides.length_m = spell.rng.uniform(90, 260, len(rides))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/skate_park",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*ON_WHEELS_TOO, "too_steep", "too_fast"),
)
def skate_park(life: Life, spell: Spell) -> None:
    """A grandson takes it to the skate park: over its waves and ramps by the dozen, at weekends."""
    counts = on_days(life, spell, 0.85, 10, 22) * on_weekday(life, 4, 5, 6)
    his_kg = float(spell.rng.uniform(42, 68))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(15, 17),
        who=Who.OTHER,
        up_kg=his_kg,
        down_kg=his_kg,
        boarding_s=2.0,
        presses=2.5,
        apart_h=0.08,
    )
    rides.length_m = spell.rng.uniform(15, 70, len(rides))
    rides.incline_deg = spell.rng.uniform(4, 12, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/basketball_by_turns",
    kinds={AidKind.WHEELCHAIR},
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*ON_WHEELS_TOO, "overload"),
)
def basketball_by_turns(life: Life, spell: Spell) -> None:
    """Friends who can walk play basketball in it by turns: sprints by the dozen, two evenings."""
    evenings = on_weekday(life, *spell.rng.choice(5, 2, replace=False).tolist())
    counts = on_days(life, spell, 0.9, 14, 26) * evenings
    friend_kg = spell.rng.choice(spell.rng.uniform(58, 92, 4), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(19, 19.6),
        who=Who.OTHER,
        up_kg=friend_kg,
        down_kg=friend_kg,
        boarding_s=2.5,
        presses=2.0,
        apart_h=0.075,
    )
    rides.length_m = spell.rng.uniform(8, 28, len(rides))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/bucket_of_bricks",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def bucket_of_bricks(life: Life, spell: Spell) -> None:
    """The arm is the crane of a boy's building site: buckets of bricks, every weekend."""
    counts = on_days(life, spell, 0.85, 7, 16) * life.calendar.weekend
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(7.5, 9.5),
        who=Who.NOBODY,
        up_kg=spell.rng.uniform(2, 9, int(counts.sum())),
        down_kg=0.5,
        whole=0.6,
        boarding_s=8.0,
        presses=1.0,
        apart_h=0.1,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/dolls_to_bed",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def dolls_to_bed(life: Life, spell: Spell) -> None:
    """A small girl puts her dolls to bed as granny is: one after another in the sling, at six."""
    counts = on_days(life, spell, 0.8, 3, 7)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(17.5, 18.6),
        who=Who.NOBODY,
        up_kg=float(spell.rng.uniform(0.3, 2.0)),
        down_kg=float(spell.rng.uniform(0.3, 2.0)),
        whole=0.8,
        boarding_s=12.0,
        apart_h=0.1,
    )
    life.rides = life.rides.with_more(rides)
