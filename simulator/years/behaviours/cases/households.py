"""Households that change for a while: guests, absences, children, festivals, carers."""

from dataclasses import replace

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours.cases.bodies import every_day, lives_as
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
from simulator.years.behaviours.people import add_rides, somebody
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.life import Life, Outage, Who


@behaviour(
    "fine/sleeps_downstairs_for_a_while",
    kinds=LIFTS,
    lasts=(18, 38),
    forbidden=("unused", "other_person", "neglected", "lost"),
)
def sleeps_downstairs_for_a_while(life: Life, spell: Spell) -> None:
    """After an operation the bed stands downstairs: up only for the shower, twice a week."""
    during, showers = spell.during(life), on_weekday(life, 1, 4)
    life.days.rides[during & ~showers] = 0.0
    life.days.pace[during] *= 1.8


@behaviour(
    "fine/bedroom_moves",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=("other_person", "unused", "duty_cycle", "play"),
)
def bedroom_moves(life: Life, spell: Spell) -> None:
    """The bedroom is downstairs now, the bathroom still upstairs: a few rides at new hours."""
    person = life.aid.client
    moved = replace(
        person,
        wakes_h=person.wakes_h + 1.2,
        sleeps_h=person.sleeps_h - 1.5,
        rounds=max(1.0, person.rounds * float(spell.rng.uniform(0.4, 0.7))),
    )
    lives_as(life, spell, moved, every_day(life))


@behaviour(
    "fine/guests_in_summer",
    lasts=(8, 14),
    stage=Stage.RIDES,
    forbidden=("other_person", "play", "duty_cycle", "goods_transport", "overload"),
)
def guests_in_summer(life: Life, spell: Spell) -> None:
    """A sister and her husband stay for a week or two, and take it like the client does."""
    for share in (0.7, 0.5):
        person = somebody(life, spell, frail=True, rounds=1.3)
        add_rides(life, spell, person, Who.GUEST, share)


@behaviour(
    "fine/grandchild_on_wheels",
    kinds=WHEELS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=("play", "duty_cycle", "other_person", "goods_transport", "too_fast"),
)
def grandchild_on_wheels(life: Life, spell: Spell) -> None:
    """A grandchild has its one afternoon with it, up and down the path."""
    counts = on_days(life, spell, 1.0, 3, 8)
    child_kg = float(spell.rng.uniform(22, 40))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(13, 16),
        who=Who.GUEST,
        up_kg=child_kg,
        down_kg=child_kg,
        whole=0.6,
        boarding_s=2,
        presses=1.5,
    )
    life.rides = life.rides.with_more(rides)


@behaviour("fine/with_the_children_overseas", lasts=(25, 42), forbidden=AWAY)
def with_the_children_overseas(life: Life, spell: Spell) -> None:
    """Some weeks with the children overseas; everything stays plugged in."""
    life.days.rides[spell.during(life)] = 0.0
    life.days.partner[spell.during(life)] = 0.0


@behaviour(
    "fine/neighbour_looks_after_it",
    kinds=LIFTS,
    lasts=(14, 35),
    stage=Stage.RIDES,
    forbidden=("other_person", "unused", "play", "goods_transport"),
)
def neighbour_looks_after_it(life: Life, spell: Spell) -> None:
    """Away for weeks; the neighbour waters the plants, and rides up once a week."""
    life.rides = life.rides.take(~spell.rides(life))
    person = somebody(life, spell, rounds=1.0)
    counts = np.where(spell.during(life) & on_weekday(life, 2), 1, 0).astype(np.int64)
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(16, 19),
        who=Who.GUEST,
        up_kg=person.weight_kg,
        down_kg=person.weight_kg,
        apart_h=0.5,
        boarding_s=5,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/street_festival",
    lasts=(2, 3),
    stage=Stage.RIDES,
    forbidden=("offline", "mute", "play", "other_person", "duty_cycle", "goods_transport"),
)
def street_festival(life: Life, spell: Spell) -> None:
    """A festival in the street: the network is full, and the client is out late."""
    late = replace(life.aid.client, sleeps_h=23.9, rounds=life.aid.client.rounds * 1.4)
    lives_as(life, spell, late, every_day(life))
    for day in np.flatnonzero(spell.during(life)).tolist():
        for hour in spell.rng.uniform(12, 23, int(spell.rng.integers(3, 8))).tolist():
            from_ms = life.moment(day, hour)
            lasts_ms = int(spell.rng.uniform(2, 35) * 60_000)
            life.outages.append(Outage(from_ms=from_ms, until_ms=from_ms + lasts_ms))


@behaviour(
    "fine/relief_carer",
    kinds=HOISTS,
    lasts=(10, 25),
    stage=Stage.RIDES,
    forbidden=("other_person", "play", "goods_transport", "duty_cycle", "unused"),
)
def relief_carer(life: Life, spell: Spell) -> None:
    """The usual carer is on holiday: another lifts at other hours, and in less time."""
    person = life.aid.client
    other = replace(
        person,
        wakes_h=person.wakes_h + float(spell.rng.uniform(0.8, 1.8)),
        sleeps_h=person.sleeps_h - float(spell.rng.uniform(0.5, 1.5)),
        boarding_s=person.boarding_s * float(spell.rng.uniform(0.45, 0.7)),
        rounds=max(1.0, person.rounds * 0.8),
    )
    lives_as(life, spell, other, every_day(life))


@behaviour(
    "fine/caravan_at_weekends",
    kinds=WHEELS,
    lasts=(40, 120),
    forbidden=("lost", "other_person", "unused", "not_charged"),
)
def caravan_at_weekends(life: Life, spell: Spell) -> None:
    """It comes along to the caravan, Friday to Sunday, and is charged there."""
    there = spell.during(life) & on_weekday(life, 4, 5, 6)
    life.days.cell[there] = 21
    life.days.gone[there] = True
    life.days.plugs[there] = 1.0
    life.days.rides[there] *= 1.2


@behaviour(
    "fine/ferry_once",
    kinds=WHEELS,
    lasts=(1, 4),
    stage=Stage.RIDES,
    forbidden=("too_steep",),
)
def ferry_once(life: Life, spell: Spell) -> None:
    """An island for a day: the ferry's ramp at low tide, once out and once back."""
    rides = life.rides
    there = np.flatnonzero(spell.rides(life) & rides.away)[:2]
    if len(there) == 0:
        spell.skipped = True
        return
    limit_deg = float(life.aid.max_incline_deg or 10)
    rides.incline_deg[there] = limit_deg + float(spell.rng.uniform(0.5, 2.5))


@behaviour(
    "fine/wind_behind",
    kinds=(AidKind.SCOOTER, AidKind.WHEELCHAIR),
    lasts=(5, 30),
    stage=Stage.SIGHT,
    forbidden=("too_fast", "modified"),
)
def wind_behind(life: Life, spell: Spell) -> None:
    """Once or twice down a bridge with the wind behind: a little over its speed."""
    rides = life.rides
    there = np.flatnonzero(spell.rides(life) & rides.away)
    if len(there) == 0:
        spell.skipped = True
        return
    picked = spell.rng.choice(there, min(int(spell.rng.integers(1, 3)), len(there)), replace=False)
    limit = float(life.aid.max_speed_mm_s or 0)
    rides.max_speed_mm_s[picked] = limit * float(spell.rng.uniform(1.03, 1.12))
