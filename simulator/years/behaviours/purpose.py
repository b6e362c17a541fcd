"""Used for what it is not meant for: things on the chair, and children's play."""

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours.contract import ALL, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.life import Floats, Ints, Life, Rides, Who, rides_of
from simulator.years.profiles import Profile

GOODS_TOO = ("other_person", "overload", "duty_cycle", "play")
PLAY_TOO = ("other_person", "duty_cycle", "goods_transport", "service_due")


def weighs_roughly(profile: Profile) -> bool:
    """Whether current and seat together tell that something rides that nobody sits on."""
    return profile.current and profile.seat


def sees_seat(profile: Profile) -> bool:
    """Whether it feels who sits on it."""
    return profile.seat


def trips_of_day(
    life: Life,
    spell: Spell,
    counts: Ints,
    *,
    hours: tuple[float, float],
    who: Who,
    up_kg: Floats | float,
    down_kg: Floats | float,
    whole: float = 1.0,
    boarding_s: float = 15.0,
    presses: float = 0.0,
    apart_h: float = 0.085,
) -> Rides:
    """Return bursts: ``counts`` there and back again on each day, one after the other.

    Args:
        life: of the aid.
        spell: whose randomness.
        counts: by day.
        hours: when a burst may begin.
        who: rides.
        up_kg: upwards (or out), by pair.
        down_kg: on the way back, likewise.
        whole: share of pairs that go all the way.
        boarding_s: before each ride; ``presses`` on the way, besides the first.
        presses: mean of further presses of the joystick.
        apart_h: from one pair to the next.
    """
    rng, aid = spell.rng, life.aid
    pairs = int(counts.sum())
    day = np.repeat(np.arange(life.calendar.days), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    place = np.arange(pairs) - first
    began_h = rng.uniform(*hours, life.calendar.days)[day]
    gap_h = rng.uniform(0.05, 0.12, pairs)
    start_ms = life.calendar.midnight_ms[day] + (
        (began_h + place * apart_h + gap_h * 0.1) * 3_600_000
    ).astype(np.int64)
    wheels = aid.kind in (AidKind.SCOOTER, AidKind.WHEELCHAIR)
    rail_m = 0.7 if aid.rail is None else aid.rail.length_m
    if wheels:
        rail_m = 60.0
    landed = rng.random(pairs) < whole
    reach = np.where(landed, 1.0, rng.uniform(0.2, 0.8, pairs)) * rail_m
    moments = np.stack([start_ms, start_ms + 130_000], axis=1).ravel()
    pair_day, pair_up = np.repeat(day, 2), np.tile([True, False], pairs)
    loads = np.stack([np.broadcast_to(up_kg, pairs), np.broadcast_to(down_kg, pairs)], axis=1)
    return rides_of(
        moments,
        pair_day,
        pair_up,
        who,
        load_kg=loads.ravel(),
        boarding_s=boarding_s * np.exp(rng.normal(0, 0.4, 2 * pairs)),
        length_m=np.repeat(np.where(landed, rail_m, 2 * reach), 2),
        landed=np.repeat(landed, 2),
        presses=1 + rng.poisson(presses, 2 * pairs),
        stops=rng.poisson(presses * 0.5, 2 * pairs),
        speed=1.0,
        incline_deg=1.0,
    )


def on_days(life: Life, spell: Spell, chance: float, least: int, most: int) -> Ints:
    """Return by day how many: on each with ``chance``, else none."""
    span = life.calendar.days
    there = spell.during(life) & (spell.rng.random(span) < chance)
    counts = spell.rng.integers(least, most + 1, span)
    return np.where(there, counts, 0).astype(np.int64)


def carry(life: Life, spell: Spell, counts: Ints, least_kg: float, most_kg: float) -> None:
    """Let things ride: one way laden, and back empty."""
    load_kg = spell.rng.uniform(least_kg, most_kg, int(counts.sum()))
    down = spell.rng.random(len(load_kg)) < 0.25
    up_kg, down_kg = np.where(down, 0.0, load_kg), np.where(down, load_kg, 0.0)
    things = trips_of_day(
        life, spell, counts, hours=(9, 17), who=Who.THINGS, up_kg=up_kg, down_kg=down_kg
    )
    life.rides = life.rides.with_more(things)


@behaviour(
    "goods_transport/moving_boxes",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=GOODS_TOO,
)
def moving_boxes(life: Life, spell: Spell) -> None:
    """Boxes up and down, in bursts on some days a week: up laden, back empty."""
    carry(life, spell, on_days(life, spell, 0.4, 4, 12), 22, 60)


@behaviour(
    "goods_transport/firewood",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=GOODS_TOO,
)
def firewood(life: Life, spell: Spell) -> None:
    """Wood for the stove upstairs, some loads every day."""
    carry(life, spell, on_days(life, spell, 0.9, 2, 5), 24, 42)


@behaviour(
    "goods_transport/trailer",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn"),
)
def trailer(life: Life, spell: Spell) -> None:
    """A trailer behind it on most outings, laden like a cart."""
    rides = life.rides
    towed = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.7)
    load_kg = rides.load_kg + spell.rng.uniform(90, 180, len(rides))
    rides.load_kg = np.where(towed, load_kg, rides.load_kg)
    rides.stops = rides.stops + np.where(towed, spell.rng.poisson(6, len(rides)), 0)


@behaviour(
    "goods_transport/building_material",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=GOODS_TOO,
)
def building_material(life: Life, spell: Spell) -> None:
    """The attic is rebuilt: cement and tiles, on weekends for months."""
    counts = on_days(life, spell, 0.8, 6, 14) * life.calendar.weekend
    carry(life, spell, counts, 60, 110)


@behaviour(
    "goods_transport/cargo_scooter",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn", "too_fast"),
)
def cargo_scooter(life: Life, spell: Spell) -> None:
    """It delivers papers in the early morning: heavily laden, a stop at every door."""
    counts = on_days(life, spell, 0.85, 1, 2)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(5, 6.5),
        who=Who.THINGS,
        up_kg=spell.rng.uniform(120, 190, int(counts.sum())),
        down_kg=75.0,
        presses=40.0,
        boarding_s=5,
    )
    rides.length_m = spell.rng.uniform(2_500, 5_000, len(rides))
    rides.away = np.ones(len(rides), dtype=bool)
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/children_after_school",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def children_after_school(life: Life, spell: Spell) -> None:
    """The empty chair is sent up and down in the afternoon, on most days."""
    counts = on_days(life, spell, 0.6, 4, 12)
    play = trips_of_day(
        life,
        spell,
        counts,
        hours=(14.5, 17),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        whole=0.4,
        boarding_s=0.5,
        presses=1.5,
    )
    life.rides = life.rides.with_more(play)


@behaviour("play/ride_on_toy", kinds=ALL, stage=Stage.RIDES, allowed=PLAY_TOO, visible=sees_seat)
def ride_on_toy(life: Life, spell: Spell) -> None:
    """A child rides round after round, on two days of three."""
    counts = on_days(life, spell, 0.65, 4, 10)
    weight_kg = float(spell.rng.uniform(21, 36))
    play = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 18),
        who=Who.OTHER,
        up_kg=weight_kg,
        down_kg=weight_kg,
        whole=0.7,
        boarding_s=2,
        presses=2.0,
    )
    life.rides = life.rides.with_more(play)


@behaviour("play/remote_races", kinds=LIFTS, stage=Stage.RIDES, visible=sees_seat, allowed=PLAY_TOO)
def remote_races(life: Life, spell: Spell) -> None:
    """Whole weekends of the empty chair racing against the clock."""
    counts = on_days(life, spell, 0.9, 10, 25) * life.calendar.weekend
    play = trips_of_day(
        life, spell, counts, hours=(10, 16), who=Who.NOBODY, up_kg=0.0, down_kg=0.0, boarding_s=0.5
    )
    life.rides = life.rides.with_more(play)


@behaviour(
    "play/cat_in_the_chair",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=PLAY_TOO,
)
def cat_in_the_chair(life: Life, spell: Spell) -> None:
    """The cat is taken for rides, at all hours."""
    counts = on_days(life, spell, 0.8, 3, 9)
    play = trips_of_day(
        life, spell, counts, hours=(8, 21), who=Who.NOBODY, up_kg=4.5, down_kg=4.5, boarding_s=1.0
    )
    life.rides = life.rides.with_more(play)


@behaviour(
    "play/swing",
    kinds=ALL - LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "overload"),
)
def swing(life: Life, spell: Spell) -> None:
    """Two children at once take turns, all weekend and on Wednesdays."""
    counts = on_days(life, spell, 0.5, 6, 14)
    weight_kg = float(spell.rng.uniform(40, 60))
    play = trips_of_day(
        life,
        spell,
        counts,
        hours=(11, 17),
        who=Who.OTHER,
        up_kg=weight_kg,
        down_kg=weight_kg,
        boarding_s=3,
        presses=3.0,
        whole=0.5,
    )
    life.rides = life.rides.with_more(play)


@behaviour(
    "fine/grandchildren_afternoon",
    kinds=LIFTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=("play", "duty_cycle", "other_person", "goods_transport"),
)
def grandchildren_afternoon(life: Life, spell: Spell) -> None:
    """Grandchildren visit, and play with it for an afternoon."""
    counts = on_days(life, spell, 1.0, 2, 6)
    play = trips_of_day(
        life, spell, counts, hours=(13, 16), who=Who.NOBODY, up_kg=0.0, down_kg=0.0, whole=0.5
    )
    life.rides = life.rides.with_more(play)


@behaviour(
    "fine/suitcases_once",
    kinds=LIFTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=("goods_transport", "other_person", "overload"),
)
def suitcases_once(life: Life, spell: Spell) -> None:
    """Some suitcases ride up after a journey."""
    carry(life, spell, on_days(life, spell, 1.0, 2, 4), 15, 25)


@behaviour(
    "fine/cleaner",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=("play", "other_person", "goods_transport"),
)
def cleaner(life: Life, spell: Spell) -> None:
    """Once a week the cleaner sends the empty chair out of the way and back."""
    day = np.arange(life.calendar.days)
    counts = np.where(spell.during(life) & (day % 7 == 2), 1, 0).astype(np.int64)
    away = trips_of_day(life, spell, counts, hours=(9, 11), who=Who.NOBODY, up_kg=0.0, down_kg=0.0)
    life.rides = life.rides.with_more(away)
