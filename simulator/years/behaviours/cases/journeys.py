"""Single ways there and back at an hour of their own: on wheels, or up and down a rail."""

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours.contract import Spell
from simulator.years.life import Bools, Floats, Ints, Life, Rides, Who, rides_of


def journeys(
    life: Life,
    spell: Spell,
    days: Bools,
    *,
    out_h: float,
    back_h: float,
    load_kg: Floats | float,
    who: Who,
    length_m: float = 0.0,
    boarding_s: float = 15.0,
    back_kg: Floats | float | None = None,
    spread_h: float = 0.15,
) -> Rides:
    """Return one way out (or up) and one back on each of ``days``; loads by such a day."""
    rng, aid = spell.rng, life.aid
    day = np.flatnonzero(days)
    count = len(day)
    wheels = aid.kind in (AidKind.SCOOTER, AidKind.WHEELCHAIR)
    rail_m = 0.7 if aid.rail is None else aid.rail.length_m
    hours = np.stack(
        [rng.normal(out_h, spread_h, count), rng.normal(back_h, spread_h, count)], axis=1
    )
    at_ms = life.calendar.midnight_ms[day][:, None] + (hours * 3_600_000).astype(np.int64)
    loads = np.stack(
        [
            np.broadcast_to(load_kg, count),
            np.broadcast_to(load_kg if back_kg is None else back_kg, count),
        ],
        axis=1,
    )
    return rides_of(
        at_ms.ravel(),
        np.repeat(day, 2),
        np.tile([True, False], count),
        who,
        load_kg=loads.ravel() + rng.normal(0, 0.5, 2 * count),
        boarding_s=boarding_s * np.exp(rng.normal(0, 0.3, 2 * count)),
        length_m=length_m * np.exp(rng.normal(0, 0.05, 2 * count)) if wheels else rail_m,
        incline_deg=np.abs(rng.normal(aid.terrain_deg, 0.5, 2 * count)) if wheels else 0.0,
        speed=np.clip(rng.normal(0.88, 0.06, 2 * count), 0.5, 1.0) if wheels else 1.0,
        away=wheels,
    )


def client_kg(life: Life, counts: Ints) -> Floats:
    """Return what the client weighs, dressed, on the day of each of so many rides a day."""
    by_day = life.aid.client.weight_kg + life.days.weight_kg + life.days.clothes_kg
    return np.repeat(by_day, counts)


def room_kg(life: Life) -> float:
    """Return what the client may weigh more without being too heavy, dressed and with bags."""
    return max(life.aid.max_load_kg - life.aid.client.weight_kg - 11.0, 0.0)


def hours_of(life: Life) -> Floats:
    """Return at what hour of its day each ride leaves."""
    rides = life.rides
    hours: Floats = (rides.at_ms - life.calendar.midnight_ms[rides.day]) / 3_600_000
    return hours


def some_outings(life: Life, spell: Spell, share: float) -> Bools:
    """Return the stretches of a share of all outings: out and back belong together."""
    rides = life.rides
    outing = np.cumsum(rides.up & rides.away)
    chosen = spell.rng.random(int(outing.max(initial=0)) + 1) < share
    picked: Bools = spell.rides(life) & rides.away & chosen[outing]
    return picked
