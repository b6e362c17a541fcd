"""Chargers, brakes and edges that fail; service that does not come."""

from datetime import timedelta

import numpy as np
from msgspec import structs

from simulator.years.behaviours.contract import HOISTS, LIFTS, Spell, behaviour
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import Life
from simulator.years.profiles import Profile

UNCHARGED = ("fault", "flapping", "battery_worn", "neglected")


def mended(life: Life, spell: Spell, *names: str) -> None:
    """At the end of the spell the mechanic sets these columns right."""
    repair = spell.until
    if repair < life.calendar.days:
        for name in names:
            column = getattr(life.days, name)
            column[repair:] = column[0]
        life.days.openings[repair] += 1
        mechanic(life, repair)


@behaviour(
    "charger_failed/dead", lasts=(6, 25), allowed=UNCHARGED, forbidden=("not_charged", "unused")
)
def dead(life: Life, spell: Spell) -> None:
    """It gives nothing from one moment to the next."""
    life.days.charger[spell.during(life)] = 0.0
    mended(life, spell, "charger")


@behaviour(
    "charger_failed/weak", lasts=(30, 150), allowed=UNCHARGED, forbidden=("not_charged", "unused")
)
def weak(life: Life, spell: Spell) -> None:
    """It gives little, at too low a voltage: the battery never gets full again."""
    during = spell.during(life)
    life.days.charger[during] = float(spell.rng.uniform(0.05, 0.2))
    life.days.charger_v[during] = float(spell.rng.uniform(25.2, 26.0))
    mended(life, spell, "charger", "charger_v")


@behaviour(
    "charger_failed/corroded_contact",
    kinds=LIFTS,
    lasts=(30, 120),
    allowed=(*UNCHARGED, "off_charge_point"),
    forbidden=("not_charged",),
)
def corroded_contact(life: Life, spell: Spell) -> None:
    """Corroded contacts: on ever more days it does not charge wherever it is parked."""
    chance = 0.3 + 0.6 * spell.grown(life)
    bad = spell.during(life) & (spell.rng.random(life.calendar.days) < chance)
    life.days.charger[bad] = 0.0
    mended(life, spell, "charger")


@behaviour(
    "charger_failed/overcharging",
    lasts=(20, 120),
    allowed=UNCHARGED,
    forbidden=("not_charged",),
)
def overcharging(life: Life, spell: Spell) -> None:
    """Its regulator is broken: far too high a voltage, day and night."""
    life.days.charger_v[spell.during(life)] += float(spell.rng.uniform(2.2, 4.0))
    mended(life, spell, "charger_v")


@behaviour(
    "off_charge_point/stops_short", kinds=LIFTS, forbidden=("charger_failed",), allowed=UNCHARGED
)
def stops_short(life: Life, spell: Spell) -> None:
    """The client lets go of the joystick a hand too early, nearly always."""
    life.days.parks_well[spell.during(life)] = float(spell.rng.uniform(0.05, 0.3))


@behaviour(
    "off_charge_point/one_end_blocked",
    kinds=LIFTS,
    lasts=(30, 150),
    forbidden=("charger_failed",),
    allowed=UNCHARGED,
)
def one_end_blocked(life: Life, spell: Spell) -> None:
    """Something stands at one end of the rail: there it never reaches its contacts."""
    life.days.parks_well[spell.during(life)] = float(spell.rng.uniform(0.4, 0.5))


@behaviour(
    "off_charge_point/left_in_bend",
    kinds=LIFTS,
    lasts=(30, 120),
    forbidden=("charger_failed",),
    allowed=UNCHARGED,
)
def left_in_bend(life: Life, spell: Spell) -> None:
    """It is left on the way, out of the way of others, for days at a time."""
    blocks = np.repeat(spell.rng.random(life.calendar.days // 3 + 1) < 0.7, 3)
    left = spell.during(life) & blocks[: life.calendar.days]
    life.days.parks_well[left] = 0.05


def tells_motion(profile: Profile) -> bool:
    """Whether it tells how far and how fast it went."""
    return profile.position


def slips(life: Life, spell: Spell, over_days: float, power: float) -> None:
    """Have the brake slip ever more, until it is mended."""
    most_mm = float(spell.rng.uniform(80, 180))
    life.days.slip_mm = life.days.slip_mm + most_mm * spell.grown(life, over=over_days, power=power)
    mended(life, spell, "slip_mm")


@behaviour(
    "brake_slipping/lining_worn",
    kinds=LIFTS | HOISTS,
    lasts=(60, 150),
    visible=tells_motion,
    allowed=("fault", "too_fast"),
)
def lining_worn(life: Life, spell: Spell) -> None:
    """Its lining wears: every week it runs on a little farther."""
    slips(life, spell, over_days=float(spell.rng.uniform(40, 90)), power=1.0)


@behaviour(
    "brake_slipping/oil",
    kinds=LIFTS | HOISTS,
    lasts=(15, 60),
    visible=tells_motion,
    allowed=("fault", "too_fast"),
)
def oil(life: Life, spell: Spell) -> None:
    """Oil on the brake: it slips from one day to the next."""
    slips(life, spell, over_days=1.0, power=1.0)


@behaviour(
    "brake_slipping/spring_tired",
    kinds=LIFTS | HOISTS,
    lasts=(60, 150),
    visible=tells_motion,
    allowed=("fault", "too_fast"),
)
def spring_tired(life: Life, spell: Spell) -> None:
    """Its spring tires: nothing for long, then ever faster."""
    slips(life, spell, over_days=float(spell.rng.uniform(50, 120)), power=2.5)


def edges_trip(life: Life, spell: Spell, rate: float, over_days: float, power: float) -> None:
    """Have the edges trip ``rate`` times a ride more after ``over_days``."""
    life.days.trips = life.days.trips + rate * spell.grown(life, over=over_days, power=power)
    mended(life, spell, "trips")


@behaviour(
    "edges_tripping/footrest_bent", kinds=LIFTS, lasts=(30, 120), allowed=("fault", "flapping")
)
def footrest_bent(life: Life, spell: Spell) -> None:
    """A bent footrest touches in every third ride."""
    edges_trip(life, spell, float(spell.rng.uniform(0.2, 0.5)), 1.0, 1.0)


@behaviour("edges_tripping/dirt", kinds=LIFTS, lasts=(60, 200), allowed=("fault", "flapping"))
def dirt(life: Life, spell: Spell) -> None:
    """Dirt in the edges: more often from month to month."""
    edges_trip(life, spell, float(spell.rng.uniform(0.3, 0.8)), 90.0, 1.0)


@behaviour(
    "edges_tripping/carpet",
    kinds=LIFTS,
    lasts=(30, 150),
    allowed=("fault", "flapping"),
)
def carpet(life: Life, spell: Spell) -> None:
    """A new carpet: the lower edge touches, worse as it frays."""
    edges_trip(life, spell, float(spell.rng.uniform(0.2, 0.6)), 60.0, 0.5)


@behaviour("fine/dog_on_stairs", kinds=LIFTS, lasts=(2, 4), forbidden=("edges_tripping", "play"))
def dog_on_stairs(life: Life, spell: Spell) -> None:
    """A visitor's dog lies on the stairs for some days."""
    life.days.trips[spell.during(life)] += 0.3


def last_serviced(life: Life, spell: Spell, **dates: object) -> None:
    """Have the register say so from the beginning; in some cases service comes late."""
    life.register[0] = structs.replace(life.register[0], **dates)
    spell.until = life.calendar.days + 1
    if spell.rng.random() < 0.4:  # it comes at last
        late = spell.first + int(spell.rng.integers(40, 150))
        if late < life.calendar.days:
            spell.until = late
            mechanic(life, late)
            life.registered(life.moment(late, 18.0), serviced_on=life.calendar.date_of(late))


@behaviour("service_due/forgotten", allowed=("neglected",))
def forgotten(life: Life, spell: Spell) -> None:
    """A year goes by since the last service, and nobody comes."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=40))
    last_serviced(life, spell, serviced_on=last, built_on=built)


@behaviour("service_due/never_since_new", allowed=("neglected",))
def never_since_new(life: Life, spell: Spell) -> None:
    """Delivered new, and left out of the schedule."""
    built = life.calendar.date_of(spell.first) - timedelta(days=365)
    last_serviced(life, spell, serviced_on=None, built_on=built, lent_on=built)


@behaviour("service_due/overdue_when_taken_over", allowed=("neglected",))
def overdue_when_taken_over(life: Life, spell: Spell) -> None:
    """Overdue already when the fleet was taken over."""
    last = life.calendar.start - timedelta(days=int(spell.rng.integers(380, 700)))
    spell.first = 0
    built = min(life.register[0].built_on or last, last - timedelta(days=40))
    last_serviced(life, spell, serviced_on=last, built_on=built)
