"""How it is kept, in other ways: charge, shelter, neglect, service, and whether it is used."""

from datetime import timedelta

import numpy as np

from gateway.protocol.vocabulary import FaultClass
from simulator.years.behaviours.care import NOT_AT_FAULT, UNCHARGED
from simulator.years.behaviours.cases.journeys import client_kg
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.faults import codes_of, warns
from simulator.years.behaviours.health import shows_current
from simulator.years.behaviours.keeping import has_failure
from simulator.years.behaviours.purpose import trips_of_day
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.wear import last_serviced
from simulator.years.life import Bools, FaultSpell, Floats, Life, Who

# --- not_charged


@behaviour("not_charged/only_with_the_sun", allowed=UNCHARGED, forbidden=("charger_failed",))
def only_with_the_sun(life: Life, spell: Spell) -> None:
    """Charged only while the panels on the roof give enough: hours on fine days, else nothing."""
    span, during = life.calendar.days, spell.during(life)
    fine = spell.rng.random(span) < 0.4 - 0.36 * life.calendar.winter
    share = np.where(fine, spell.rng.uniform(0.08, 0.25, span), 0.0)
    life.days.mains[during] = share[during]


@behaviour(
    "not_charged/on_a_timer",
    kinds=LIFTS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def on_a_timer(life: Life, spell: Spell) -> None:
    """Its socket hangs on the timer of a lamp: two or three hours of an evening, on most days."""
    span, during = life.calendar.days, spell.during(life)
    lit = spell.rng.random(span) < 0.85
    share = np.where(lit, float(spell.rng.uniform(0.08, 0.15)), 0.0)
    life.days.mains[during] = share[during]


@behaviour(
    "not_charged/charger_at_the_daughters",
    kinds=WHEELS | HOISTS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def charger_at_the_daughters(life: Life, spell: Spell) -> None:
    """The charger lies at a daughter's: she brings it every few weeks, for one day."""
    during = spell.during(life)
    life.days.plugs[during], life.days.heeds[during] = 0.0, 0.0
    day = spell.first + int(spell.rng.integers(12, 24))
    while day < min(spell.until, life.calendar.days):
        life.days.plugs[day], life.days.heeds[day] = 1.0, 1.0
        day += int(spell.rng.integers(12, 24))


# --- off_charge_point


@behaviour(
    "off_charge_point/stair_gate",
    kinds=LIFTS,
    lasts=(60, 220),
    forbidden=("charger_failed",),
    allowed=UNCHARGED,
)
def stair_gate(life: Life, spell: Spell) -> None:
    """A gate for the grandchildren stands at its end on three days a week: it halts before that."""
    shut = spell.during(life) & on_weekday(life, *spell.rng.choice(5, 3, replace=False).tolist())
    life.days.parks_well[shut] = float(spell.rng.uniform(0.02, 0.15))


@behaviour(
    "off_charge_point/left_halfway_while_away",
    kinds=LIFTS,
    lasts=(9, 26),
    forbidden=("charger_failed",),
    allowed=(*UNCHARGED, "not_charged"),
)
def left_halfway_while_away(life: Life, spell: Spell) -> None:
    """Left halfway for the painters, and everybody went on holiday: it stands there for weeks."""
    during, day = spell.during(life), np.arange(life.calendar.days)
    life.days.parks_well[during] = 0.0
    # Down and up once more on the last day at home.
    life.days.rides[during & (day == spell.first)] = np.maximum(life.days.rides[spell.first], 1.0)
    life.days.rides[during & (day > spell.first)] = 0.0
    life.days.partner[during] = 0.0


@behaviour(
    "off_charge_point/decorators",
    kinds=LIFTS,
    lasts=(18, 50),
    forbidden=("charger_failed",),
    allowed=UNCHARGED,
)
def decorators(life: Life, spell: Spell) -> None:
    """While the hall is done up it stands between its ends on working days, for a month or so."""
    working = spell.during(life) & ~life.calendar.weekend
    life.days.parks_well[working] = float(spell.rng.uniform(0.0, 0.12))


# --- unsheltered


def weather(life: Life, there: Bools, coldest: Floats | None, warmest: Floats | None) -> None:
    """Have it as cold, or as warm, on these days."""
    cold, warm = life.temperature_c
    cold = cold if coldest is None else np.where(there, coldest, cold)
    warm = warm if warmest is None else np.where(there, warmest, warm)
    life.temperature_c = (cold, np.maximum(warm, cold + 0.5))
    life.seen_c = life.temperature_c


@behaviour(
    "unsheltered/out_at_night",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=("neglected", "battery_worn"),
)
def out_at_night(life: Life, spell: Spell) -> None:
    """By day in the warm hall, on its charger; by night on the pavement, for the way to be free."""
    out = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.92)
    weather(life, out, life.calendar.coldest_c + 0.3, life.days.room_c + 1.0)


@behaviour(
    "unsheltered/greenhouse",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=("neglected", "battery_worn"),
)
def greenhouse(life: Life, spell: Spell) -> None:
    """Among the tomatoes: damp, cold by night as outdoors, and like an oven when the sun shines."""
    span, calendar = life.calendar.days, life.calendar
    sun_c = spell.rng.uniform(2, 17, span) * (1.1 - 0.7 * calendar.winter)
    coldest_c = calendar.coldest_c + float(spell.rng.uniform(0.5, 2.0))
    weather(life, spell.during(life), coldest_c, calendar.warmest_c + sun_c)


@behaviour("unsheltered/weeks_about", kinds=WHEELS, allowed=("neglected", "battery_worn"))
def weeks_about(life: Life, spell: Spell) -> None:
    """Under the eaves whenever the guest room is let, for a week or two; between, in the hall."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        weeks = int(spell.rng.integers(7, 16))
        life.days.shelter[day : day + weeks] = float(spell.rng.uniform(0.92, 1.0))
        day += weeks + int(spell.rng.integers(4, 10))


# --- neglected


@behaviour(
    "neglected/stands_until_the_son_comes",
    lasts=(60, 160),
    visible=has_failure,
    allowed=("fault", "flapping", "battery_worn", "brake_slipping", "drive_worn", "charger_failed"),
)
def stands_until_the_son_comes(life: Life, spell: Spell) -> None:
    """Every week or so it stands for a day, until a son resets it; in months nobody calls."""
    codes = [
        code
        for code in codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=True)
        if code not in ("battery_flat", "power_down")
    ]
    code = str(spell.rng.choice(codes))
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        from_ms = life.moment(day, float(spell.rng.uniform(8, 21)))
        until_ms = from_ms + int(spell.rng.uniform(14, 34) * 3_600_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
        if day + 1 < life.calendar.days:
            life.days.rides[day + 1] *= 0.3
            life.days.restarts[day + 1] += 1
        day += int(spell.rng.integers(4, 9))


@behaviour(
    "neglected/taped_over",
    lasts=(70, 170),
    visible=warns,
    allowed=("fault", "flapping", "charger_failed", "battery_worn", "not_charged"),
)
def taped_over(life: Life, spell: Spell) -> None:
    """Its warning lamp is taped over: lit for some days, out for one, and so on for months."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=False)
    code = str(spell.rng.choice(codes))
    day = float(spell.first) + 0.4
    while day < min(spell.until, life.calendar.days):
        lit = float(spell.rng.uniform(1.5, 7.0))
        from_ms, until_ms = life.moment(0, 24 * day), life.moment(0, 24 * (day + lit))
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
        day += lit + float(spell.rng.uniform(0.2, 1.5))


@behaviour(
    "neglected/mud_and_salt",
    kinds=WHEELS,
    visible=shows_current,
    allowed=("drive_worn", "battery_worn", "service_due", "fault", "flapping", "unsheltered"),
)
def mud_and_salt(life: Life, spell: Spell) -> None:
    """Ridden over fields and never washed: mud in the wheels, rust on its terminals."""
    grown = spell.grown(life, over=float(spell.rng.uniform(45, 120)))
    caked = 1 + 0.12 * np.repeat(spell.rng.random(life.calendar.days // 6 + 1), 6)
    wear = float(spell.rng.uniform(0.32, 0.55)) * caked[: life.calendar.days]
    life.days.friction = life.days.friction * (1 + wear * grown)
    life.days.resistance_ohm = life.days.resistance_ohm * (1 + 0.5 * grown)


@behaviour(
    "neglected/left_to_the_cats",
    kinds=LIFTS,
    lasts=(70, 200),
    visible=shows_current,
    allowed=("drive_worn", "edges_tripping", "service_due", "fault", "flapping", "overload"),
)
def left_to_the_cats(life: Life, spell: Spell) -> None:
    """Hair in the rack and claws in its edges, brushed off every other month and back in weeks."""
    day = np.arange(life.calendar.days)
    period = int(spell.rng.integers(45, 75))
    hairy = np.clip(((day - spell.first) % period) / 18, 0, 1) * spell.during(life)
    life.days.friction = life.days.friction * (1 + float(spell.rng.uniform(0.3, 0.5)) * hairy)
    life.days.trips = life.days.trips + float(spell.rng.uniform(0.3, 0.7)) * hairy


# --- unused


def nobody_rides(life: Life, spell: Spell) -> None:
    """Leave out all rides while the spell lasts."""
    life.rides = life.rides.take(~spell.rides(life))


@behaviour("unused/only_by_the_mechanic", stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def only_by_the_mechanic(life: Life, spell: Spell) -> None:
    """Nobody rides it any more but the mechanic, who tries it when he is there."""
    nobody_rides(life, spell)
    counts = np.zeros(life.calendar.days, dtype=np.int64)
    for after in (spell.rng.integers(35, 80), spell.rng.integers(120, 180)):
        day = spell.first + int(after)
        if day < life.calendar.days:
            mechanic(life, day)
            counts[day] = int(spell.rng.integers(1, 4))
    tries = trips_of_day(
        life, spell, counts, hours=(11.1, 11.3), who=Who.GUEST, up_kg=82.0, down_kg=82.0
    )
    life.rides = life.rides.with_more(tries)


@behaviour("unused/after_a_death", allowed=(*NOT_AT_FAULT, "fault", "flapping", "offline"))
def after_a_death(life: Life, spell: Spell) -> None:
    """The client has died and nobody said so; after weeks the family takes the plugs out."""
    life.days.rides[spell.during(life)] = 0.0
    life.days.partner[spell.during(life)] = 0.0
    life.days.mains[spell.first + int(spell.rng.integers(12, 40)) :] = 0.0


@behaviour(
    "unused/no_farther_than_the_gate",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=NOT_AT_FAULT,
)
def no_farther_than_the_gate(life: Life, spell: Spell) -> None:
    """Too afraid of the traffic: every three weeks or so to the gate and back, and that is all."""
    nobody_rides(life, spell)
    counts = np.zeros(life.calendar.days, dtype=np.int64)
    day = spell.first + int(spell.rng.integers(14, 26))
    while day < life.calendar.days:
        counts[day] = 1
        day += int(spell.rng.integers(17, 28))
    own_kg = client_kg(life, counts)
    tries = trips_of_day(
        life, spell, counts, hours=(11, 16), who=Who.CLIENT, up_kg=own_kg, down_kg=own_kg
    )
    tries.length_m[:] = spell.rng.uniform(8, 25)
    tries.speed[:] = 0.3
    life.rides = life.rides.with_more(tries)


@behaviour(
    "unused/lifted_by_hand",
    kinds=HOISTS,
    stage=Stage.RIDES,
    allowed=NOT_AT_FAULT,
)
def lifted_by_hand(life: Life, spell: Spell) -> None:
    """The carers lift by hand; at times its empty arm is put out of the way."""
    nobody_rides(life, spell)
    away = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.05)
    arm = trips_of_day(
        life,
        spell,
        away.astype(np.int64),
        hours=(8, 18),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        whole=0.0,
    )
    life.rides = life.rides.with_more(arm)


# --- service_due


@behaviour("service_due/away_when_they_came", allowed=("neglected", "unused"))
def away_when_they_came(life: Life, spell: Spell) -> None:
    """The house was shut when service was due, and no other day was ever made."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=120))
    away = slice(max(spell.first - int(spell.rng.integers(5, 15)), 0), spell.first + 12)
    life.days.rides[away] = 0.0
    life.days.partner[away] = 0.0
    last_serviced(life, spell, serviced_on=last, built_on=built)


@behaviour("service_due/taken_for_the_service", allowed=("neglected",))
def taken_for_the_service(life: Life, spell: Spell) -> None:
    """A new battery some weeks before it was due is taken for the service, which never comes."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=900))
    day = max(spell.first - int(spell.rng.integers(5, 30)), 0)
    life.days.openings[day] += 1
    mechanic(life, day)
    life.days.capacity_ah[day:] = life.aid.battery.capacity_ah
    life.days.resistance_ohm[day:] = life.aid.battery.resistance_ohm
    last_serviced(life, spell, serviced_on=last, built_on=built)


@behaviour(
    "service_due/moved_off_the_plan",
    kinds=WHEELS | HOISTS,
    allowed=("neglected",),
)
def moved_off_the_plan(life: Life, spell: Spell) -> None:
    """The client moved, as the register knows; the service is planned in the old street."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=60))
    moved = max(spell.first - int(spell.rng.integers(20, 50)), 1)
    life.days.cell[moved:] = 37
    life.registered(life.moment(moved, 12.0), postcode4=1648)
    last_serviced(life, spell, serviced_on=last, built_on=built)
