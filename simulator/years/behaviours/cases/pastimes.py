"""Played with: by hour, by weather, for money, and to fall asleep."""

import numpy as np

from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import PLAY_TOO, on_days, sees_seat, trips_of_day
from simulator.years.life import Life, Who


@behaviour(
    "play/on_the_half_hour",
    kinds=LIFTS,
    lasts=(20, 70),
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def on_the_half_hour(life: Life, spell: Spell) -> None:
    """A grandson has wired its remote to his computer: empty up and down, as the clock strikes."""
    rides = trips_of_day(
        life,
        spell,
        on_days(life, spell, 0.8, 6, 18),
        hours=(10.0, 10.02),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        boarding_s=0.3,
        apart_h=0.5,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/slide_and_ride",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "edges_tripping"),
)
def slide_and_ride(life: Life, spell: Spell) -> None:
    """They slide down the banister, call it down and ride up again: three afternoons a week."""
    days = on_weekday(life, *spell.rng.choice(7, 3, replace=False).tolist())
    counts = on_days(life, spell, 0.85, 5, 12) * days
    child_kg = spell.rng.choice(spell.rng.uniform(22, 45, 3), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13.5, 16),
        who=Who.OTHER,
        up_kg=child_kg,
        down_kg=0.0,
        boarding_s=1.5,
        presses=0.8,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/teddies_upstairs",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def teddies_upstairs(life: Life, spell: Spell) -> None:
    """Before breakfast a small boy sends his teddies up, one by one, and calls it for the next."""
    rides = trips_of_day(
        life,
        spell,
        on_days(life, spell, 0.75, 3, 8),
        hours=(6.0, 7.2),
        who=Who.NOBODY,
        up_kg=float(spell.rng.uniform(0.5, 3.0)),
        down_kg=0.0,
        whole=0.9,
        boarding_s=4.0,
        presses=0.4,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/penny_a_ride",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "overload", "not_charged", "drive_worn"),
)
def penny_a_ride(life: Life, spell: Spell) -> None:
    """A boy takes others down the lane for a penny: there with a passenger, and back alone."""
    counts = on_days(life, spell, 0.85, 6, 15) * on_weekday(life, 2, 5, 6)
    boy_kg, fares = float(spell.rng.uniform(34, 52)), int(counts.sum())
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13.5, 15),
        who=Who.OTHER,
        up_kg=boy_kg + spell.rng.uniform(20, 45, fares),
        down_kg=boy_kg,
        boarding_s=5.0,
        presses=0.8,
        apart_h=0.12,
    )
    rides.length_m = np.full(len(rides), float(spell.rng.uniform(80, 200)))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/on_warm_afternoons",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "not_charged", "drive_worn"),
)
def on_warm_afternoons(life: Life, spell: Spell) -> None:
    """Whenever it is warm the street's children take it through the sprinklers, round and round."""
    during, warmest_c = spell.during(life), life.calendar.warmest_c
    warm = warmest_c >= np.quantile(warmest_c[during], 0.5)
    counts = on_days(life, spell, 0.8, 7, 16) * warm
    child_kg = spell.rng.choice(spell.rng.uniform(21, 50, 5), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(14.5, 16.5),
        who=Who.OTHER,
        up_kg=child_kg,
        down_kg=child_kg,
        boarding_s=1.5,
        presses=3.0,
        apart_h=0.09,
    )
    rides.length_m = spell.rng.uniform(20, 90, len(rides))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/rocked_to_sleep",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def rocked_to_sleep(life: Life, spell: Spell) -> None:
    """A toddler is rocked to sleep in the sling: a hand up, a hand down, over and over at noon."""
    child_kg = float(spell.rng.uniform(21, 28))
    rides = trips_of_day(
        life,
        spell,
        on_days(life, spell, 0.75, 6, 14),
        hours=(12.3, 13.3),
        who=Who.OTHER,
        up_kg=child_kg,
        down_kg=child_kg,
        whole=0.05,
        boarding_s=3.0,
        apart_h=0.05,
    )
    rides.length_m = spell.rng.uniform(0.1, 0.25, len(rides))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/hangs_on_the_arm",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "overload"),
)
def hangs_on_the_arm(life: Life, spell: Spell) -> None:
    """Two brothers hang on its arm to be pulled up, one or both, after school and by jerks."""
    counts = on_days(life, spell, 0.6, 4, 10) * ~life.calendar.weekend
    one_kg, other_kg = spell.rng.uniform(28, 48, 2)
    hanging_kg = spell.rng.choice([one_kg, other_kg, one_kg + other_kg], int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(15.3, 16.8),
        who=Who.OTHER,
        up_kg=hanging_kg,
        down_kg=hanging_kg,
        whole=0.5,
        boarding_s=2.0,
        presses=4.0,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/theatre_on_sundays",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def theatre_on_sundays(life: Life, spell: Spell) -> None:
    """The cousins play theatre, and the empty arm is their curtain: on Sundays, all afternoon."""
    rides = trips_of_day(
        life,
        spell,
        on_days(life, spell, 0.9, 9, 22) * on_weekday(life, 6),
        hours=(13, 14.5),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        whole=0.8,
        boarding_s=0.5,
        presses=0.5,
        apart_h=0.14,
    )
    life.rides = life.rides.with_more(rides)
