"""What people mean to do: the rides of one person over all days, by that person's rhythm."""

from typing import NamedTuple

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.aids import Aid, Person
from simulator.years.calendar import HOUR_MS, Calendar
from simulator.years.life import Days, Floats, Ints, Rides, Who, rides_of

BAG_CHANCE = 0.06  # assumed: shopping on the lap
MIN_WEIGHT_KG = 20.0  # the spring of the seat switch, of ``ControllerParameters``


def rides_of_person(
    person: Person,
    who: Who,
    *,
    aid: Aid,
    calendar: Calendar,
    days: Days,
    often: Floats,
    rng: np.random.Generator,
    extra_kg: Floats | float = 0.0,
) -> Rides:
    """Return one person's rides.

    Args:
        person: whose.
        who: what they are to the aid.
        aid: which.
        calendar: the days.
        days: how things stand by day.
        often: by day, a factor on the person's habit; 0: no ride.
        rng: their whims.
        extra_kg: by day, beside the person's weight.
    """
    if aid.kind is AidKind.STAIRLIFT:
        rides = _between_floors(person, who, _Frame(aid, calendar), often, rng)
    elif aid.kind is AidKind.HOIST:
        rides = _transfers(person, who, _Frame(aid, calendar), often, rng)
    else:
        rides = _outings(person, who, _Frame(aid, calendar), often, rng)
    return _laden(rides, person, days, extra_kg, rng)


class _Frame(NamedTuple):
    """What all rides of one aid share."""

    aid: Aid
    calendar: Calendar


def _laden(
    rides: Rides, person: Person, days: Days, extra_kg: Floats | float, rng: np.random.Generator
) -> Rides:
    """Put the person on the seat, and have them take their time."""
    count, day = len(rides), rides.day
    body_kg = person.weight_kg + np.broadcast_to(np.asarray(extra_kg, float), len(days.rides))[day]
    bags_kg = np.where(rng.random(count) < BAG_CHANCE, rng.uniform(2, 8, count), 0.0)
    seated = rides.load_kg >= 0  # negative: marked as empty by the plan
    load_kg = body_kg + days.clothes_kg[day] + bags_kg + rng.normal(0, 0.4, count)
    rides.load_kg = np.where(seated, np.maximum(load_kg, 0), 0.0)
    rides.boarding_s = (
        person.boarding_s * days.pace[day] * np.exp(rng.normal(0, person.steady, count))
    )
    paused = rng.random(count) < np.minimum(person.pauses * days.pace[day], 0.6)
    rides.stops = paused.astype(np.int64)
    rides.presses = 1 + rides.stops + rng.poisson(person.presses * days.pace[day])
    return rides


def _rounds(
    person: Person, calendar: Calendar, often: Floats, rng: np.random.Generator, least: int
) -> Ints:
    """Return how often there and back, by day: ``least`` on any day that is not empty."""
    mean = np.maximum(person.rounds - least, 0.0) * often
    drawn = least + rng.poisson(mean)
    # A day at less than half of the habit may also pass without.
    there = rng.random(calendar.days) < np.minimum(1.0, often * 1.5)
    return np.where(there & (often > 0), drawn, 0).astype(np.int64)


def _within_day(counts: Ints) -> tuple[Ints, Ints]:
    """Return for so many things a day: each one's day, and its place in the day."""
    day = np.repeat(np.arange(len(counts)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    return day, np.arange(len(day)) - first


def _between_floors(
    person: Person, who: Who, frame: _Frame, often: Floats, rng: np.random.Generator
) -> Rides:
    """Down in the morning, up at night, and some times up and down between."""
    lives_here = who in (Who.CLIENT, Who.PARTNER)
    rounds = _rounds(person, frame.calendar, often, rng, least=1 if who is Who.CLIENT else 0)
    per_day = 2 * rounds
    day, place = _within_day(per_day)
    share = rng.random(len(day))
    share = share[np.lexsort((share, day))]
    wakes_h = person.wakes_h + 0.5 * frame.calendar.weekend[day]
    hour = wakes_h + 0.4 + (person.sleeps_h - wakes_h - 0.8) * share
    if who is Who.CLIENT:
        hour = np.where(place == 0, wakes_h + rng.normal(0, 0.25, len(day)), hour)
        last = place == per_day[day] - 1
        hour = np.where(last, person.sleeps_h + rng.normal(0, 0.35, len(day)), hour)
    # Who lives here begins the day upstairs; who comes, at the bottom.
    up = (place % 2 == 1) if lives_here else (place % 2 == 0)
    at_ms = frame.calendar.midnight_ms[day] + (hour * HOUR_MS).astype(np.int64)
    assert frame.aid.rail is not None  # noqa: S101 - of this kind
    return rides_of(at_ms, day, up, who, length_m=frame.aid.rail.length_m).sorted()


def _outings(
    person: Person, who: Who, frame: _Frame, often: Floats, rng: np.random.Generator
) -> Rides:
    """Out and back, less often in the cold; of a wheelchair also rides within the home."""
    often = often * (1 - 0.45 * frame.calendar.winter)
    rounds = rng.poisson(person.rounds * often)
    day, place = _within_day(2 * rounds)
    back = place % 2 == 1
    pair_day, _ = _within_day(rounds)
    # Out by day, but for those who live by night.
    first_h, last_h = (9.0, min(person.sleeps_h, 19.5)) if person.sleeps_h > 10 else (0.5, 6.0)
    hour = np.repeat(rng.uniform(first_h, last_h, len(pair_day)), 2)
    stay_h = np.repeat(rng.uniform(0.2, 2.0, len(pair_day)), 2)
    range_m = np.repeat(person.range_m * np.exp(rng.normal(0, 0.45, len(pair_day))), 2)
    range_m = np.clip(range_m, 60, 9_000) * np.exp(rng.normal(0, 0.05, len(day)))
    ride_h = range_m / frame.aid.speed_m_s / 3600
    hour += np.where(back, stay_h + ride_h, 0.0)
    steepest = np.abs(rng.normal(frame.aid.terrain_deg, 0.7, len(day)))
    limit = frame.aid.max_incline_deg or 90
    out = rides_of(
        frame.calendar.midnight_ms[day] + (hour * HOUR_MS).astype(np.int64),
        day,
        ~back,
        who,
        length_m=range_m,
        incline_deg=np.minimum(steepest, limit - 1.0),
        speed=np.clip(rng.normal(0.85, 0.06, len(day)), 0.5, 1.0),
        away=True,
    )
    if person.indoor <= 0:
        return out.sorted()
    at_home, _ = _within_day(rng.poisson(person.indoor * np.minimum(often * 1.3, 1.5)))
    hour = rng.uniform(person.wakes_h, person.sleeps_h, len(at_home))
    indoors = rides_of(
        frame.calendar.midnight_ms[at_home] + (hour * HOUR_MS).astype(np.int64),
        at_home,
        rng.random(len(at_home)) < 0.8,
        who,
        length_m=rng.uniform(8, 90, len(at_home)),
        speed=rng.uniform(0.2, 0.45, len(at_home)),
    )
    return out.with_more(indoors)


def _transfers(
    person: Person, who: Who, frame: _Frame, often: Floats, rng: np.random.Generator
) -> Rides:
    """Lifted and let down again, at the hours when somebody helps; the arm then set empty."""
    rounds = _rounds(person, frame.calendar, often, rng, least=1)
    day, place = _within_day(4 * rounds)
    pair_day, _ = _within_day(rounds)
    wakes_h, sleeps_h = person.wakes_h, person.sleeps_h
    hour = np.repeat(np.sort(rng.uniform(0, 1, len(pair_day))), 4)
    hour = np.repeat(rng.choice([0.0, 0.35, 0.65, 1.0], len(pair_day)), 4) * 0.9 + hour * 0.1
    hour = wakes_h + (sleeps_h - wakes_h) * hour
    # Lift, swing, let down; then the arm goes up a little and back, empty.
    phase = place % 4
    minutes = np.choose(phase, [0.0, 2.0, 4.0, 5.5]) * rng.uniform(0.8, 1.4, len(day))
    empty = phase >= 2
    stroke_m = np.repeat(rng.uniform(0.35, 0.9, len(pair_day)), 4)
    return rides_of(
        frame.calendar.midnight_ms[day] + ((hour + minutes / 60) * HOUR_MS).astype(np.int64),
        day,
        phase % 2 == 0,
        who,
        length_m=np.where(empty, stroke_m * 0.5, stroke_m * rng.uniform(0.95, 1.05, len(day))),
        load_kg=np.where(empty, -1.0, 0.0),
    ).sorted()
