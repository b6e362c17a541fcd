"""Others than the client, who come and go by their own calendars."""

from dataclasses import replace

import numpy as np

from simulator.years.behaviours.cases.journeys import journeys
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.riders import tended
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.people import add_rides, shows_load, somebody, weight_apart
from simulator.years.life import Life, Who


@behaviour(
    "other_person/by_the_month",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def by_the_month(life: Life, spell: Spell) -> None:
    """A room is let by the month, the aid along with it: somebody else in every one of them."""
    day, month = np.arange(life.calendar.days), int(spell.rng.integers(25, 36))
    for first in range(spell.first, min(spell.until, life.calendar.days), month):
        lodger = somebody(
            life,
            spell,
            frail=bool(spell.rng.random() < 0.3),
            weight_kg=weight_apart(life, spell, 12, 38),
            rounds=float(spell.rng.uniform(1.6, 3.0)),
        )
        here = (day >= first) & (day < first + month)
        add_rides(life, spell, lodger, Who.OTHER, np.where(here, 0.9, 0.0))


@behaviour(
    "other_person/school_run",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("overload", "duty_cycle", "goods_transport"),
)
def school_run(life: Life, spell: Spell) -> None:
    """A daughter takes her child to school on it, and fetches it again, on every school day."""
    there = spell.during(life) & ~life.calendar.weekend
    there &= spell.rng.random(life.calendar.days) < 0.9
    her_kg = weight_apart(life, spell, 8, 30)
    child_kg = min(float(spell.rng.uniform(17, 26)), life.aid.max_load_kg - her_kg - 3.0)
    school_m = float(spell.rng.uniform(400, 1_800))
    for hour, out_kg, back_kg in ((8.2, child_kg, 0.0), (14.5, 0.0, child_kg)):
        run = journeys(
            life,
            spell,
            there,
            out_h=hour,
            back_h=hour + 0.35,
            load_kg=her_kg + out_kg,
            back_kg=her_kg + back_kg,
            length_m=school_m,
            who=Who.OTHER,
            boarding_s=float(spell.rng.uniform(4, 12)),
            spread_h=0.05,
        )
        life.rides = life.rides.with_more(run)


@behaviour(
    "other_person/to_the_pub",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=shows_load,
)
def to_the_pub(life: Life, spell: Spell) -> None:
    """A grandson takes it to the pub on Fridays and Saturdays: out at nine, home towards two."""
    there = spell.during(life) & on_weekday(life, 4, 5)
    there &= spell.rng.random(life.calendar.days) < 0.9
    his = journeys(
        life,
        spell,
        there,
        out_h=21.0,
        back_h=float(spell.rng.uniform(24.8, 26.5)),
        load_kg=weight_apart(life, spell, 10, 35),
        length_m=float(spell.rng.uniform(600, 2_800)),
        who=Who.OTHER,
        boarding_s=3.0,
        spread_h=0.4,
    )
    life.rides = life.rides.with_more(his)


@behaviour(
    "other_person/carers_by_turns",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def carers_by_turns(life: Life, spell: Spell) -> None:
    """Carers ride up to him and down again, morning and evening: a dozen of them, by turns."""
    span = life.calendar.days
    carers_kg = spell.rng.uniform(50, min(105, life.aid.max_load_kg - 5), 12)
    for hour in (float(spell.rng.uniform(7.2, 8.5)), float(spell.rng.uniform(18.5, 21))):
        there = spell.during(life) & (spell.rng.random(span) < 0.85)
        visit = journeys(
            life,
            spell,
            there,
            out_h=hour,
            back_h=hour + 0.6,
            load_kg=spell.rng.choice(carers_kg, int(there.sum())),
            who=Who.OTHER,
            boarding_s=float(spell.rng.uniform(3, 6)),
            spread_h=0.3,
        )
        life.rides = life.rides.with_more(visit)


@behaviour(
    "other_person/house_sat",
    kinds=LIFTS | WHEELS,
    lasts=(40, 90),
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("unused",),
)
def house_sat(life: Life, spell: Spell) -> None:
    """While the client is with a daughter overseas a student keeps the house, and rides."""
    life.rides = life.rides.take(~spell.rides(life))
    student = somebody(
        life,
        spell,
        weight_kg=weight_apart(life, spell, 12, 36),
        rounds=float(spell.rng.uniform(1.5, 3.5)),
        wakes_h=float(spell.rng.uniform(8.5, 10.5)),
        sleeps_h=23.8,
    )
    add_rides(life, spell, student, Who.OTHER, 1.0)


@behaviour(
    "other_person/their_own_is_broken",
    kinds=HOISTS,
    lasts=(25, 70),
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def their_own_is_broken(life: Life, spell: Spell) -> None:
    """The neighbours' own is broken for weeks: this one is wheeled over, some times a day."""
    theirs = replace(tended(life, spell, weight_apart(life, spell, 12, 38)), rounds=3.5)
    add_rides(life, spell, theirs, Who.OTHER, 1.0)


@behaviour(
    "other_person/respite_bed",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def respite_bed(life: Life, spell: Spell) -> None:
    """Their spare bed is let for respite: another patient is lifted too, week after week or two."""
    first, day = spell.first, np.arange(life.calendar.days)
    while first < min(spell.until, life.calendar.days):
        stays = int(spell.rng.integers(6, 15))
        patient = tended(life, spell, weight_apart(life, spell, 11, 38))
        here = (day >= first) & (day < first + stays)
        add_rides(life, spell, patient, Who.OTHER, np.where(here, 1.0, 0.0))
        first += stays + int(spell.rng.integers(0, 7))


@behaviour(
    "other_person/home_every_other_week",
    kinds=HOISTS,
    stage=Stage.RIDES,
    visible=shows_load,
    allowed=("duty_cycle",),
)
def home_every_other_week(life: Life, spell: Spell) -> None:
    """A grown daughter is home from her institution every other week, and is lifted with his."""
    hers = replace(tended(life, spell, weight_apart(life, spell, 12, 36)), rounds=3.0)
    home = (np.arange(life.calendar.days) - spell.first) % 14 < 7
    add_rides(life, spell, hers, Who.OTHER, np.where(home, 1.0, 0.0))
