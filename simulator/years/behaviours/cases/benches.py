"""Mechanics at work, sensors with a will of their own, and codes of normal use."""

from collections.abc import Callable

import numpy as np

from gateway.protocol.vocabulary import AidKind, Seat
from simulator.years.behaviours.cases.codes import stopping
from simulator.years.behaviours.cases.gears import runs_on
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.wiring import NO_FAULT
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.health import shows_current
from simulator.years.behaviours.purpose import sees_seat
from simulator.years.behaviours.repairs import mechanic, serviced
from simulator.years.behaviours.wear import tells_motion
from simulator.years.life import FaultSpell, Life
from simulator.years.profiles import Profile

CHANGED = ("modified", "other_person")
NOT_HEAVIER = ("drive_worn", "other_person", "overload", "goods_transport")


def shows(code: str) -> Callable[[Profile], bool]:
    """Return what tells whether a controller has this code."""
    return lambda profile: code in profile.codes


# --- mechanics


@behaviour(
    "fine/new_joystick_in_service",
    stage=Stage.RIDES,
    forbidden=(*CHANGED, "play", "neglected"),
)
def new_joystick_in_service(life: Life, spell: Spell) -> None:
    """A joystick that needs less strength is put in in service: half the presses, sooner away."""
    rides, since = life.rides, spell.rides(life)
    fewer = 1 + spell.rng.binomial(np.maximum(rides.presses - 1, 0), 0.4)
    rides.presses = np.where(since, fewer, rides.presses)
    rides.boarding_s = np.where(since, rides.boarding_s * 0.8, rides.boarding_s)
    serviced(life, spell.first)


@behaviour(
    "fine/brake_tried_in_service",
    kinds=LIFTS | HOISTS,
    stage=Stage.SIGHT,
    lasts=(1, 1),
    visible=tells_motion,
    forbidden=("brake_slipping", "modified", "too_fast"),
)
def brake_tried_in_service(life: Life, spell: Spell) -> None:
    """In service its brake is let off and set anew: two ways down that day run on by a foot."""
    rides = life.rides
    down = np.flatnonzero(spell.rides(life) & ~rides.up)[:2]
    if not len(down):
        spell.skipped = True  # nobody rode that day
        return
    there = np.zeros(len(rides), dtype=bool)
    there[down] = True
    runs_on(life, there, np.full(len(rides), float(spell.rng.uniform(150, 300))))
    serviced(life, spell.first)


@behaviour(
    "fine/new_battery_forms",
    forbidden=("battery_worn", "modified", "charger_failed", "neglected", "not_charged"),
)
def new_battery_forms(life: Life, spell: Spell) -> None:
    """A mechanic puts in a new battery: it holds four fifths at first, and all within weeks."""
    during, new = spell.during(life), life.aid.battery
    formed = 0.8 + 0.2 * spell.grown(life, over=35)
    life.days.capacity_ah = np.where(during, new.capacity_ah * formed, life.days.capacity_ah)
    life.days.resistance_ohm[during] = new.resistance_ohm
    if spell.first < life.calendar.days:
        life.days.openings[spell.first] += 1
        mechanic(life, spell.first)


@behaviour(
    "fine/heavier_sling",
    kinds=HOISTS,
    stage=Stage.RIDES,
    forbidden=(*NOT_HEAVIER, "play", "modified"),
)
def heavier_sling(life: Life, spell: Spell) -> None:
    """A sling with a head rest and a spreader bar: four kilograms more, full or empty."""
    rides, since = life.rides, spell.rides(life)
    more_kg = float(spell.rng.uniform(3, 5))
    rides.load_kg = np.where(since, rides.load_kg + more_kg, rides.load_kg)
    rides.boarding_s = np.where(since, rides.boarding_s * 1.25, rides.boarding_s)


@behaviour(
    "fine/a_higher_bed",
    kinds=HOISTS,
    stage=Stage.RIDES,
    forbidden=(*CHANGED, "duty_cycle", "brake_slipping", "drive_worn"),
)
def a_higher_bed(life: Life, spell: Spell) -> None:
    """A bed that can be raised has come: every stroke is a third shorter than it was."""
    rides = life.rides
    shorter = float(spell.rng.uniform(0.6, 0.75))
    rides.length_m = np.where(spell.rides(life), rides.length_m * shorter, rides.length_m)


@behaviour(
    "fine/waxed_every_week",
    kinds=LIFTS,
    visible=shows_current,
    forbidden=("drive_worn", "neglected", "brake_slipping", "other_person"),
)
def waxed_every_week(life: Life, spell: Spell) -> None:
    """Every Saturday a proud owner wipes its rail and waxes it: lighter, and less so by day."""
    spell.first = 0
    saturday = np.flatnonzero(on_weekday(life, 5))
    if not saturday.size:
        spell.skipped = True
        return
    day = np.arange(life.calendar.days)
    since = day - saturday[np.maximum(np.searchsorted(saturday, day, side="right") - 1, 0)]
    lighter = float(spell.rng.uniform(0.04, 0.07)) * (1 - np.clip(since, 0, 6) / 7)
    life.days.friction = life.days.friction * (1 - lighter)


# --- sensors


@behaviour(
    "fine/reads_voltage_roughly",
    lasts=(25, 120),
    stage=Stage.SIGHT,
    forbidden=("battery_worn", "charger_failed", "not_charged", "modified"),
    allowed=("fault", "flapping"),
)
def reads_voltage_roughly(life: Life, spell: Spell) -> None:
    """A damp plug: what it says of its voltage is a quarter of a volt off, to and fro."""
    rides, there = life.rides, spell.rides(life)
    for name in ("before_v", "min_v", "after_v"):
        rough = spell.rng.normal(0, 0.22, len(rides))
        setattr(rides, name, getattr(rides, name) + np.where(there, rough, 0.0))


@behaviour(
    "fine/current_reads_noisily",
    lasts=(30, 150),
    stage=Stage.SIGHT,
    visible=shows_current,
    forbidden=NOT_HEAVIER,
)
def current_reads_noisily(life: Life, spell: Spell) -> None:
    """Its current sensor sits loose: each ride reads some percent too much or too little."""
    rides, there = life.rides, spell.rides(life)
    noise = np.exp(spell.rng.normal(0, float(spell.rng.uniform(0.03, 0.05)), len(rides)))
    noise = np.where(there, noise, 1.0)
    rides.mean_a, rides.peak_a = rides.mean_a * noise, rides.peak_a * noise
    rides.profile_a = rides.profile_a * noise[:, None]


@behaviour(
    "fine/seat_sticks_on_cool_days",
    kinds=HOISTS,
    lasts=(40, 140),
    stage=Stage.SIGHT,
    visible=sees_seat,
    forbidden=("other_person", "goods_transport", "play", "unused"),
)
def seat_sticks_on_cool_days(life: Life, spell: Spell) -> None:
    """Its switch sticks on the cooler days: it says that somebody hangs in the empty sling."""
    rides, during = life.rides, spell.during(life)
    cold = during & (life.calendar.coldest_c <= np.quantile(life.calendar.coldest_c[during], 0.3))
    sticks = cold[rides.day] & (spell.rng.random(len(rides)) < 0.8)
    rides.seat_seen = np.where(sticks, int(Seat.OCCUPIED), rides.seat_seen)


@behaviour(
    "fine/speed_reads_a_little_high",
    kinds=WHEELS,
    stage=Stage.SIGHT,
    forbidden=("too_fast", "modified", "other_person"),
)
def speed_reads_a_little_high(life: Life, spell: Spell) -> None:
    """New tyres in service, a little smaller: it says three percent more than it goes."""
    rides = life.rides
    more = np.where(spell.rides(life), float(spell.rng.uniform(1.02, 1.04)), 1.0)
    rides.max_speed_mm_s = rides.max_speed_mm_s * more
    rides.distance_m = rides.distance_m * more
    serviced(life, spell.first)


@behaviour(
    "fine/thick_carpet_in_the_hall",
    kinds={AidKind.WHEELCHAIR},
    stage=Stage.SIGHT,
    visible=shows_current,
    forbidden=(*NOT_HEAVIER, "battery_worn"),
)
def thick_carpet_in_the_hall(life: Life, spell: Spell) -> None:
    """Carpet is laid at home: heavier going indoors by a tenth or more, outdoors as ever."""
    rides = life.rides
    heavier = 1 + float(spell.rng.uniform(0.08, 0.18)) * (spell.rides(life) & ~rides.away)
    rides.mean_a, rides.peak_a = rides.mean_a * heavier, rides.peak_a * heavier


# --- codes of normal use


def _shown(life: Life, code: str, from_ms: int, lasts_s: float) -> None:
    until_ms = from_ms + round(lasts_s * 1000)
    life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))


@behaviour(
    "fine/swivels_below_as_well",
    kinds=LIFTS,
    stage=Stage.SIGHT,
    visible=shows("seat_turned"),
    forbidden=NO_FAULT,
)
def swivels_below_as_well(life: Life, spell: Spell) -> None:
    """Since her new hip she turns the seat to get off below as well: a code after each way down."""
    rides = life.rides
    ends_ms = rides.at_ms + (rides.duration_s * 1000).astype(np.int64)
    seated = spell.rides(life) & ~rides.up & (rides.load_kg > 20) & rides.landed
    for end_ms in ends_ms[seated].tolist():
        from_ms = end_ms + int(spell.rng.uniform(2_500, 7_000))
        _shown(life, "seat_turned", from_ms, float(spell.rng.uniform(5, 25)))


@behaviour(
    "fine/strapped_down_in_the_taxi",
    kinds=WHEELS,
    visible=shows("inhibited"),
    forbidden=(*NO_FAULT, "lost", "unused"),
)
def strapped_down_in_the_taxi(life: Life, spell: Spell) -> None:
    """Three days a week by taxi to the day centre: strapped down it says inhibited, both ways."""
    days = on_weekday(life, *spell.rng.choice(5, 3, replace=False).tolist())
    for day in np.flatnonzero(spell.during(life) & days).tolist():
        for hour in (8.9, 16.1):
            from_ms = life.moment(day, hour + float(spell.rng.uniform(-0.3, 0.3)))
            _shown(life, "inhibited", from_ms, float(spell.rng.uniform(700, 2_400)))


@behaviour(
    "fine/red_button_tried_on_mondays",
    kinds=HOISTS,
    visible=shows("emergency_stop"),
    forbidden=NO_FAULT,
)
def red_button_tried_on_mondays(life: Life, spell: Spell) -> None:
    """By the care home's rules its red button is tried every Monday, before the first is lifted."""
    for day in np.flatnonzero(spell.during(life) & on_weekday(life, 0)).tolist():
        hour = life.aid.client.wakes_h - float(spell.rng.uniform(0.1, 0.4))
        _shown(life, "emergency_stop", life.moment(day, hour), float(spell.rng.uniform(4, 40)))


@behaviour(
    "fine/too_full_for_the_bridge",
    kinds=WHEELS,
    stage=Stage.SIGHT,
    visible=shows("over_voltage"),
    forbidden=NO_FAULT,
)
def too_full_for_the_bridge(life: Life, spell: Spell) -> None:
    """Fresh from its charger it rolls down the bridge: too much voltage for some seconds."""
    rides = life.rides
    out = np.flatnonzero(spell.rides(life) & rides.away & rides.up)
    for number in out[spell.rng.random(len(out)) < 0.12].tolist():
        from_ms = int(rides.at_ms[number] + 0.3 * rides.duration_s[number] * 1000)
        _shown(life, "over_voltage", from_ms, float(spell.rng.uniform(1, 8)))


@behaviour(
    "fine/hot_on_the_hottest_days",
    kinds=WHEELS,
    lasts=(60, 150),
    stage=Stage.SIGHT,
    visible=shows("drive_hot"),
    forbidden=(*NO_FAULT, "drive_worn"),
)
def hot_on_the_hottest_days(life: Life, spell: Spell) -> None:
    """On the four or five hottest days it gets too hot on a long way, rests, and goes again."""
    rides, during = life.rides, spell.during(life)
    days = np.flatnonzero(during)
    hottest = days[np.argsort(life.calendar.warmest_c[days])[-int(spell.rng.integers(4, 6)) :]]
    there = spell.rides(life) & rides.away & np.isin(rides.day, hottest)
    if not there.any():
        spell.skipped = True  # at home in the heat
        return
    number = np.flatnonzero(there)
    day = rides.day[number]
    for one in number[np.append([True], day[1:] != day[:-1])].tolist():
        from_ms = int(rides.at_ms[one] + 0.8 * rides.duration_s[one] * 1000)
        _shown(life, "drive_hot", from_ms, float(spell.rng.uniform(120, 900)))


@behaviour(
    "fine/helped_by_telephone",
    lasts=(1, 1),
    forbidden=("neglected", "modified", "unused"),
    allowed=("fault", "flapping"),
)
def helped_by_telephone(life: Life, spell: Spell) -> None:
    """It refuses for a quarter of an hour; by telephone they find a plug, and that was all."""
    code = str(spell.rng.choice(stopping(life)))
    from_ms = life.moment(spell.first, float(spell.rng.uniform(9, 17)))
    _shown(life, code, from_ms, float(spell.rng.uniform(500, 1_500)))
    life.days.restarts[spell.first : spell.first + 1] += 1


# --- chargers


@behaviour(
    "fine/equalises_once_a_month",
    forbidden=("charger_failed", "battery_worn", "modified", "not_charged"),
)
def equalises_once_a_month(life: Life, spell: Spell) -> None:
    """A new charger lifts all cells alike once a month, a volt higher for a day, as it should."""
    if spell.first < life.calendar.days:
        mechanic(life, spell.first)
    day = spell.first + int(spell.rng.integers(2, 12))
    while day < min(spell.until, life.calendar.days):
        life.days.charger_v[day] += float(spell.rng.uniform(0.8, 1.3))
        day += 28
