"""How it is cared for: charging, shelter, neglect, and whether it is used at all."""

from datetime import timedelta

import numpy as np
from msgspec import structs

from simulator.years.behaviours.care import NOT_AT_FAULT, UNCHARGED, codes, outdoors
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.purpose import trips_of_day
from simulator.years.life import FaultSpell, Life, Who
from simulator.years.profiles import Profile


@behaviour(
    "not_charged/forgets_more_and_more",
    test=True,
    kinds=WHEELS | HOISTS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def forgets_more_and_more(life: Life, spell: Spell) -> None:
    """The client forgets: charged every night at first, at last only when it will hardly go."""
    over = float(spell.rng.uniform(30, 70))
    grown = spell.grown(life, over=over)
    life.days.plugs = life.days.plugs * (1 - 0.97 * grown)
    life.days.heeds = life.days.heeds * (1 - grown) + 0.12 * grown
    spell.first += round(0.8 * over)


@behaviour(
    "not_charged/every_second_sunday",
    test=True,
    kinds=WHEELS | HOISTS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def every_second_sunday(life: Life, spell: Spell) -> None:
    """Charged when the son comes, every second Sunday; often it does not last till then."""
    day, during = np.arange(life.calendar.days), spell.during(life)
    visit = (day - spell.first) % 14 == 13
    life.days.plugs[during] = np.where(visit, 1.0, 0.0)[during]
    life.days.heeds[during] = np.where(visit, 1.0, 0.04)[during]
    life.days.rides[during] *= 1.3


@behaviour(
    "not_charged/after_the_cleaning",
    test=True,
    kinds=LIFTS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def after_the_cleaning(life: Life, spell: Spell) -> None:
    """The vacuum cleaner needs its socket: out every week, and not back in for some days."""
    out = np.zeros(life.calendar.days, dtype=bool)
    for week in range(spell.first, min(spell.until, life.calendar.days), 7):
        out[week : week + int(spell.rng.integers(3, 6))] = True
    life.days.mains[out & spell.during(life)] = 0.0


@behaviour(
    "unsheltered/open_carport", test=True, kinds=WHEELS, allowed=("neglected", "battery_worn")
)
def open_carport(life: Life, spell: Spell) -> None:
    """A roof on four posts: dry in light rain, else as outdoors."""
    outdoors(life, spell, 0.8, 0.93)


@behaviour(
    "unsheltered/most_nights", test=True, kinds=WHEELS, allowed=("neglected", "battery_worn")
)
def most_nights(life: Life, spell: Spell) -> None:
    """Left at the door on most days; put away before a storm or when visitors come."""
    out = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.75)
    life.days.shelter[out] = float(spell.rng.uniform(0.92, 1.0))


def warns_in_turn(profile: Profile) -> bool:
    """Whether it has two or more warnings that it can be used with."""
    return len({"charger", "battery_low", "seat_sensor"} & set(profile.codes)) >= 2


@behaviour(
    "neglected/one_warning_after_another",
    test=True,
    lasts=(45, 100),
    visible=warns_in_turn,
    allowed=("fault", "flapping", "charger_failed", "battery_worn", "not_charged"),
)
def one_warning_after_another(life: Life, spell: Spell) -> None:
    """A warning for weeks, then another: everybody rides on, and nobody reports either."""
    known = [one for one in ("charger", "seat_sensor", "battery_low") if one in codes(life)]
    picked = spell.rng.permutation(known).tolist()
    places = np.linspace(spell.first, spell.until, len(picked) + 1).round().astype(int).tolist()
    for code, first, until in zip(picked, places, places[1:], strict=False):
        from_ms = life.moment(first, float(spell.rng.uniform(8, 20)))
        # It overlaps with the next by a day or so.
        until_ms = life.moment(until, float(spell.rng.uniform(8, 40)))
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))


def warns_of_battery(profile: Profile) -> bool:
    """Whether it has a code for a battery that runs low."""
    return "battery_low" in profile.codes


@behaviour(
    "neglected/low_every_evening",
    test=True,
    lasts=(40, 100),
    visible=warns_of_battery,
    allowed=("fault", "flapping", "charger_failed", "battery_worn", "not_charged"),
)
def low_every_evening(life: Life, spell: Spell) -> None:
    """It warns of its battery every evening for months, and nobody does anything about it."""
    for day in np.flatnonzero(spell.during(life)).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(15, 20)))
        lasts_ms = int(spell.rng.uniform(2.0, 10.0) * 3_600_000)
        life.faults.append(
            FaultSpell(code="battery_low", from_ms=from_ms, until_ms=from_ms + lasts_ms)
        )


@behaviour(
    "neglected/wedged_and_pushed_on",
    test=True,
    kinds=LIFTS,
    lasts=(60, 150),
    visible=lambda profile: profile.current,
    allowed=("drive_worn", "edges_tripping", "service_due", "fault", "flapping", "other_person"),
)
def wedged_and_pushed_on(life: Life, spell: Spell) -> None:
    """Things pile up on the stairs: it trips in most rides and is pushed on, for months."""
    grown = spell.grown(life, over=25)
    life.days.trips = life.days.trips + float(spell.rng.uniform(0.7, 1.4)) * grown
    life.days.friction = life.days.friction * (1 + float(spell.rng.uniform(0.15, 0.35)) * grown)


def shows_empty(profile: Profile) -> bool:
    """Whether an empty ride looks different from one with somebody on it."""
    return profile.seat or profile.current


@behaviour(
    "unused/sent_out_of_the_way",
    test=True,
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=lambda profile: profile.seat,
    allowed=(*NOT_AT_FAULT, "play"),
)
def sent_out_of_the_way(life: Life, spell: Spell) -> None:
    """Nobody rides it any more; whoever cleans the stairs sends it up and down, once a week."""
    life.rides = life.rides.take(~spell.rides(life))
    day = np.arange(life.calendar.days)
    counts = np.where(spell.during(life) & ((day - spell.first) % 7 == 3), 1, 0).astype(np.int64)
    empty = trips_of_day(life, spell, counts, hours=(9, 12), who=Who.NOBODY, up_kg=0.0, down_kg=0.0)
    life.rides = life.rides.with_more(empty)


@behaviour("unused/from_the_first_day", test=True, allowed=NOT_AT_FAULT)
def from_the_first_day(life: Life, spell: Spell) -> None:
    """Delivered, tried out that day, and never used: there is nothing to compare with."""
    spell.first, spell.until = 1, life.calendar.days + 1
    life.days.rides[1:] = 0.0
    life.days.partner[1:] = 0.0
    lent = life.calendar.date_of(0)
    built = min(life.register[0].built_on or lent, lent - timedelta(days=30))
    life.register[0] = structs.replace(life.register[0], lent_on=lent, built_on=built)


@behaviour("unused/a_try_in_spring", test=True, allowed=NOT_AT_FAULT)
def a_try_in_spring(life: Life, spell: Spell) -> None:
    """Given up; after months it is used again for some days, and given up for good."""
    during, day = spell.during(life), np.arange(life.calendar.days)
    again = spell.first + int(spell.rng.integers(70, 120))
    tried = (day >= again) & (day < again + int(spell.rng.integers(2, 5)))
    life.days.rides[during & ~tried] = 0.0
    life.days.partner[during & ~tried] = 0.0
