"""An aid's life through a run: its usual days, what behaviours make of them, and the physics."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from gateway.protocol.vocabulary import AidKind, Seat
from simulator.years import hoist, power, stairlift, wheels
from simulator.years.aids import Aid
from simulator.years.behaviours.contract import Spell, Stage
from simulator.years.behaviours.repairs import serviced
from simulator.years.calendar import Calendar
from simulator.years.life import Days, Floats, Life, Outage, Rides, Who, rides_of
from simulator.years.line import usual_outages
from simulator.years.people import MIN_WEIGHT_KG, rides_of_person
from simulator.years.register import Register

PHYSICS = {
    AidKind.STAIRLIFT: stairlift,
    AidKind.SCOOTER: wheels,
    AidKind.WHEELCHAIR: wheels,
    AidKind.HOIST: hoist,
}
DELIVERED = {AidKind.STAIRLIFT: stairlift.delivered_a, AidKind.HOIST: hoist.delivered_a}
YEAR_DAYS = 365
CALL_GAP_S = 45  # assumed: from the chair's coming to sitting down


def sized(aid: Aid) -> Aid:
    """Return ``aid`` with a cut-off that its largest permitted load does not reach.

    A drive is sized for the rated load and a quarter more (``domain.md``).
    """
    power_w = PHYSICS[aid.kind].hardest_w(aid, 1.25 * aid.max_load_kg)
    largest_a = power_w / (0.9 * power.NOMINAL_V) + aid.drive.no_load_current_a
    return replace(aid, over_current_a=max(aid.over_current_a, 1.15 * largest_a))


def live(
    aid: Aid,
    calendar: Calendar,
    spells: Sequence[Spell],
    *,
    rng: np.random.Generator,
    dark: Sequence[tuple[int, int]] = (),
) -> Life:
    """Return the whole life of ``aid``; ``dark``: when its street was without mains."""
    days = usual_days(aid, calendar, rng)
    life = Life(
        aid=aid,
        calendar=calendar,
        rng=rng,
        days=days,
        rides=rides_of(*(np.empty(0, dtype=int),) * 3, Who.NOBODY),
        register=[registered_at_first(aid, calendar, rng)],
        outages=usual_outages(aid.line, calendar, rng),
    )
    life.usual_outages = tuple(life.outages)
    before_days, opened = int(life.rng.integers(12, 60)), bool(life.rng.random() < 0.5)
    ignored = any(one.behaviour.finding == "service_due" for one in spells)
    planned = [] if ignored else _service_days(life, before_days)
    for from_ms, until_ms in dark:
        _darken(life, from_ms, until_ms)
    _act(life, spells, Stage.DAYS)
    life.temperature_c = _temperature(life)
    life.seen_c = life.temperature_c
    life.rides = _planned(life)
    _act(life, spells, Stage.RIDES)
    _settle(life)
    _trip(life)
    drawn_ah = PHYSICS[aid.kind].drive(life)
    _apart(life)
    power.load_voltages(life, drawn_ah)
    rides = life.rides
    seated = rides.load_kg >= MIN_WEIGHT_KG
    rides.seat_seen = np.where(seated, int(Seat.OCCUPIED), int(Seat.EMPTY))
    _act(life, spells, Stage.SIGHT)
    _service(life, planned, opened=opened)
    life.settle_register()
    return life


def _act(life: Life, spells: Sequence[Spell], stage: Stage) -> None:
    for spell in spells:
        if spell.first >= life.calendar.days:
            spell.skipped = True  # nothing of it is to be seen any more
        if spell.behaviour.stage is stage and not spell.skipped:
            spell.behaviour.act(life, spell)


def usual_days(aid: Aid, calendar: Calendar, rng: np.random.Generator) -> Days:
    """Return how things stand by day when nothing is the matter."""
    span = calendar.days

    def flat(value: float) -> Floats:
        return np.full(span, value, dtype=float)

    # Habits wander over weeks; weight by a kilogram or so.
    mood = np.convolve(rng.normal(0, 0.5, span + 20), np.ones(21) / 21, mode="valid")
    ageing = np.arange(span) / YEAR_DAYS
    battery = aid.battery
    return Days(
        rides=np.clip(1 + mood, 0.4, 1.6),
        partner=flat(rng.choice([0.0, 0.0, 0.02, 0.05])),
        calls=flat(0.0),
        weight_kg=np.cumsum(rng.normal(0, 0.08, span)).clip(-3, 3),
        clothes_kg=rng.uniform(1.0, 5.0) * calendar.winter,
        pace=flat(1.0),
        friction=1 + rng.uniform(0, 0.03) * ageing,
        bend_friction=flat(1.0),
        capacity_ah=battery.capacity_ah * (1 - aid.aged) * (1 - rng.uniform(0, 0.05) * ageing),
        resistance_ohm=battery.resistance_ohm
        * (1 + aid.aged)
        * (1 + rng.uniform(0, 0.06) * ageing),
        dropped_v=flat(0.0),
        charger=flat(1.0),
        gives=flat(1.0),
        charger_v=flat(battery.charger_v),
        mains=flat(1.0),
        parks_well=flat(aid.parks_well),
        plugs=flat(aid.plugs),
        heeds=flat(rng.uniform(0.5, 0.75)),
        shelter=flat(aid.shelter),
        room_c=flat(aid.room_c),
        signal_dbm=aid.signal_dbm + rng.normal(0, 1.5, span),
        trips=flat(rng.uniform(0, 0.012)),
        slip_mm=np.abs(rng.normal(0, 1.5, span)),
        speed=flat(1.0),
        on=np.ones(span, dtype=bool),
        speaks=np.ones(span, dtype=bool),
        tests=np.ones(span, dtype=bool),
        restarts=(rng.random(span) < 0.004).astype(np.int64),
        openings=np.zeros(span, dtype=np.int64),
        settings=np.zeros(span, dtype=np.int64),
        board=np.zeros(span, dtype=np.int64),
        cell=np.zeros(span, dtype=np.int64),
        gone=np.zeros(span, dtype=bool),
    )


def registered_at_first(aid: Aid, calendar: Calendar, rng: np.random.Generator) -> Register:
    """Draw what the register says at the beginning."""
    age_days = int(rng.integers(150, 2_400))
    lent_days = int(rng.integers(100, max(101, age_days)))
    serviced_days = int(rng.integers(5, 330))
    young = age_days < 330
    return Register(
        device=aid.device,
        kind=aid.kind,
        profile=aid.profile.name,
        maker=aid.profile.maker,
        since_ms=int(calendar.midnight_ms[0]),
        postcode4=aid.postcode4,
        client_number=f"C-{aid.number:06d}",
        rail_length_mm=None if aid.rail is None else round(aid.rail.length_m * 1000),
        built_on=calendar.date_of(-age_days),
        serviced_on=None if young else calendar.date_of(-serviced_days),
        lent_on=calendar.date_of(-min(lent_days, age_days)),
        max_load_kg=aid.max_load_kg,
        max_speed_mm_s=aid.max_speed_mm_s,
        max_incline_deg=aid.max_incline_deg,
        **_delivery_values(aid),
    )


def _delivery_values(aid: Aid) -> dict[str, int]:
    """Return what was measured at delivery: without a load, and with weights on the seat.

    That this is done and kept is assumed of stairlifts; of hoists it is what their yearly
    inspection compares with (``domain.md``).
    """
    if aid.kind not in DELIVERED or not aid.profile.current:
        return {}
    rng = np.random.default_rng((aid.number, 6))  # of its own: nothing else changes by it
    delivered_a = DELIVERED[aid.kind]
    tested_kg = int(rng.choice([60, 75, aid.max_load_kg]))
    off = aid.gain * rng.normal(1, 0.015, 2) * 1000
    return {
        "empty_ma": round(delivered_a(aid, 0.0) * float(off[0])),
        "tested_ma": round(delivered_a(aid, tested_kg) * float(off[1])),
        "tested_kg": tested_kg,
    }


def _service_days(life: Life, before_days: int) -> list[int]:
    """Return the days on which it is to be serviced, so long before it is due, year after year."""
    last = life.register[0].serviced_on or life.register[0].built_on
    days: list[int] = []
    if last is None:
        return days
    due = last + timedelta(days=YEAR_DAYS - before_days)
    while (day := (due - life.calendar.start).days) < life.calendar.days:
        days.append(max(day, 0))
        due += timedelta(days=YEAR_DAYS - before_days)
    return days


def _service(life: Life, days: Iterable[int], *, opened: bool) -> None:
    """Service it on these days, or where it was gone when it was home again, if it ever was."""
    for day in days:
        home = np.flatnonzero(~life.days.gone[day:])
        if home.size:
            serviced(life, day + int(home[0]), opened=opened)


def _darken(life: Life, from_ms: int, until_ms: int) -> None:
    """Have the mains of the whole street fail; the mobile mast may go with it."""
    first, last = life.calendar.day_of(np.array([from_ms, until_ms - 1])).tolist()
    for day in range(first, last + 1):
        midnight_ms, next_ms = life.calendar.midnight_ms[day : day + 2].tolist()
        lost_ms = min(until_ms, next_ms) - max(from_ms, midnight_ms)
        life.days.mains[day] = max(0.0, life.days.mains[day] - lost_ms / (next_ms - midnight_ms))
    start_ms = from_ms + int(life.rng.integers(0, 120_000))
    life.outages.append(
        Outage(from_ms=start_ms, until_ms=until_ms + int(life.rng.integers(5_000, 300_000)))
    )


def _temperature(life: Life) -> tuple[Floats, Floats]:
    calendar, days, rng = life.calendar, life.days, life.rng
    room_c = days.room_c + rng.normal(0, 0.6, calendar.days)
    coldest = room_c + days.shelter * (calendar.coldest_c - room_c)
    warmest = room_c + days.shelter * (calendar.warmest_c - room_c) + rng.uniform(0.5, 3)
    return coldest, np.maximum(warmest, coldest + 0.5)


def _planned(life: Life) -> Rides:
    aid, calendar, days, rng = life.aid, life.calendar, life.days, life.rng
    client = rides_of_person(
        aid.client,
        Who.CLIENT,
        aid=aid,
        calendar=calendar,
        days=days,
        often=days.rides,
        rng=rng,
        extra_kg=days.weight_kg,
    )
    if aid.kind is AidKind.HOIST or not days.partner.any():
        return client
    partner = rides_of_person(
        aid.partner,
        Who.PARTNER,
        aid=aid,
        calendar=calendar,
        days=days,
        often=days.partner,
        rng=rng,
    )
    return client.with_more(partner)


def _settle(life: Life) -> None:
    """Put the rides in order; on a rail the chair must be where somebody gets on."""
    rides = life.rides.sorted()
    place = 2 * np.arange(len(rides))
    rides.at_ms = np.maximum.accumulate(rides.at_ms - place) + place  # no two at once
    if life.aid.kind is AidKind.STAIRLIFT and len(rides) > 1:
        top_after = np.where(rides.landed, rides.up, ~rides.up)
        needs_top = ~rides.up
        there = np.append([needs_top[0]], top_after[:-1])
        called = np.flatnonzero(there != needs_top)
        rail_m = 0.0 if life.aid.rail is None else life.aid.rail.length_m
        before_ms = round((rail_m / life.aid.speed_m_s + CALL_GAP_S) * 1000)
        # Called early enough, but never before whoever rode before.
        earlier = np.append([rides.at_ms[0] - before_ms], rides.at_ms[:-1])[called]
        calls = rides_of(
            np.maximum(rides.at_ms[called] - before_ms, earlier + 1),
            rides.day[called],
            needs_top[called],
            Who.NOBODY,
            boarding_s=0.0,
            length_m=rail_m,
        )
        rides = rides.with_more(calls)
    inside = (rides.at_ms >= life.calendar.midnight_ms[0]) & (
        rides.at_ms < life.calendar.end_ms - 3_600_000
    )
    life.rides = rides.take(inside)


def _trip(life: Life) -> None:
    """Have safety edges trip; each costs a stop, and presses to get free and on."""
    rides, rng = life.rides, life.rng
    trips = rng.poisson(life.days.trips[rides.day])
    rides.trips = rides.trips + trips
    rides.stops = rides.stops + trips
    rides.presses = rides.presses + trips + rng.poisson(0.7 * trips)


def _apart(life: Life) -> None:
    """Move each ride on until the one before has ended."""
    rides = life.rides
    if not len(rides):
        return
    lasts_ms = (rides.duration_s * 1000).astype(np.int64) + 12_000
    earlier = np.cumsum(lasts_ms) - lasts_ms
    rides.at_ms = np.maximum.accumulate(rides.at_ms - earlier) + earlier
    rides.day = life.calendar.day_of(rides.at_ms)
