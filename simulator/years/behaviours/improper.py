"""More ways of improper use, several for each word: what a detector learns from must be wide."""

from dataclasses import replace

import numpy as np

from gateway.protocol.vocabulary import FaultClass
from simulator.years.behaviours.care import NOT_AT_FAULT, UNCHARGED
from simulator.years.behaviours.contract import ALL, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.faults import codes_of
from simulator.years.behaviours.limits import TOO_HEAVY, TOO_OFTEN
from simulator.years.behaviours.people import add_rides, shows_load, somebody, weight_apart
from simulator.years.behaviours.purpose import (
    GOODS_TOO,
    PLAY_TOO,
    carry,
    on_days,
    sees_seat,
    trips_of_day,
    weighs_roughly,
)
from simulator.years.behaviours.tamper import GONE
from simulator.years.life import FaultSpell, Life, Outage, Who
from simulator.years.profiles import Profile

WHEELS_AND_HOISTS = ALL - LIFTS


# --- other_person


@behaviour("other_person/weekend_guest", stage=Stage.RIDES, visible=shows_load)
def weekend_guest(life: Life, spell: Spell) -> None:
    """A grandson, strong and quick, has it to himself every weekend."""
    person = somebody(life, spell, weight_kg=weight_apart(life, spell, 15, 40), rounds=4.0)
    person = replace(person, boarding_s=float(spell.rng.uniform(2, 6)))
    add_rides(life, spell, person, Who.OTHER, np.where(life.calendar.weekend, 1.3, 0.0))


@behaviour("other_person/two_lodgers", stage=Stage.RIDES, visible=shows_load)
def two_lodgers(life: Life, spell: Spell) -> None:
    """Two lodgers of different build ride as they please."""
    for _ in range(2):
        weight_kg = weight_apart(life, spell, 10, 35)
        person = somebody(life, spell, weight_kg=weight_kg, rounds=1.8)
        add_rides(life, spell, person, Who.OTHER, float(spell.rng.uniform(0.4, 0.9)))


@behaviour("other_person/more_and_more", stage=Stage.RIDES, visible=shows_load)
def more_and_more(life: Life, spell: Spell) -> None:
    """A daughter takes it now and then at first, after months as often as the client."""
    person = somebody(life, spell, weight_kg=weight_apart(life, spell, 14, 35), rounds=2.5)
    add_rides(life, spell, person, Who.OTHER, 1.2 * spell.grown(life, over=90))


@behaviour("other_person/takes_half", stage=Stage.RIDES, visible=shows_load)
def takes_half(life: Life, spell: Spell) -> None:
    """The client gets about half as much; the other half is somebody else's."""
    rides = life.rides
    gone = spell.rides(life) & (rides.who == int(Who.CLIENT)) & (spell.rng.random(len(rides)) < 0.5)
    life.rides = rides.take(~gone)
    person = somebody(life, spell, weight_kg=weight_apart(life, spell, 12, 40), rounds=2.0)
    add_rides(life, spell, person, Who.OTHER, float(spell.rng.uniform(0.7, 1.2)))


# --- goods_transport


@behaviour(
    "goods_transport/web_shop",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=GOODS_TOO,
)
def web_shop(life: Life, spell: Spell) -> None:
    """The stock of a web shop lives upstairs: a delivery carried up three times a week."""
    carry(life, spell, on_days(life, spell, 0.45, 3, 7), 21, 50)


@behaviour(
    "goods_transport/laundry_for_others",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=GOODS_TOO,
)
def laundry_for_others(life: Life, spell: Spell) -> None:
    """Washing for half the street, basket by basket, on most days."""
    carry(life, spell, on_days(life, spell, 0.7, 3, 6), 21, 35)


@behaviour(
    "goods_transport/market_stall_too",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=weighs_roughly,
    allowed=(*GOODS_TOO, "drive_worn"),
)
def market_stall_too(life: Life, spell: Spell) -> None:
    """A laden cart behind it to the market and back, on half of all outings."""
    rides = life.rides
    towed = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.5)
    load_kg = rides.load_kg + spell.rng.uniform(120, 220, len(rides))
    rides.load_kg = np.where(towed, load_kg, rides.load_kg)
    rides.stops = rides.stops + np.where(towed, spell.rng.poisson(8, len(rides)), 0)


# --- play


@behaviour("play/dog_rides", kinds=LIFTS, stage=Stage.RIDES, visible=sees_seat, allowed=PLAY_TOO)
def dog_rides(life: Life, spell: Spell) -> None:
    """The dog may ride, up and down, for the children's delight."""
    counts = on_days(life, spell, 0.5, 3, 8)
    dog_kg = float(spell.rng.uniform(6, 17))
    rides = trips_of_day(
        life, spell, counts, hours=(13, 19), who=Who.NOBODY, up_kg=dog_kg, down_kg=dog_kg
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "play/friday_nights",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=sees_seat,
    allowed=(*PLAY_TOO, "overload"),
)
def friday_nights(life: Life, spell: Spell) -> None:
    """Friends of a grandson race each other up and down, on most evenings of the weekend."""
    counts = on_days(life, spell, 0.85, 5, 10) * life.calendar.weekend
    weight_kg = spell.rng.uniform(55, 90, int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(19, 21),
        who=Who.OTHER,
        up_kg=weight_kg,
        down_kg=weight_kg,
        boarding_s=2.0,
        presses=1.0,
    )
    life.rides = life.rides.with_more(rides)


# --- overload


@behaviour(
    "overload/child_on_the_lap",
    stage=Stage.RIDES,
    visible=lambda profile: profile.current or profile.weighs,
    allowed=TOO_HEAVY,
)
def child_on_the_lap(life: Life, spell: Spell) -> None:
    """A big child rides on the lap of a client who is heavy already, in a third of the rides."""
    rides, limit_kg = life.rides, life.aid.max_load_kg
    both = spell.rides(life) & (rides.load_kg > 20) & (spell.rng.random(len(rides)) < 0.35)
    extra_kg = max(35.0, limit_kg * 1.15 - life.aid.client.weight_kg)
    rides.load_kg = np.where(both, rides.load_kg + extra_kg, rides.load_kg)
    rides.boarding_s = np.where(both, rides.boarding_s * 1.3, rides.boarding_s)


# --- duty_cycle, too_steep, too_fast


@behaviour("duty_cycle/day_care", kinds=LIFTS, allowed=TOO_OFTEN, stage=Stage.RIDES)
def day_care(life: Life, spell: Spell) -> None:
    """A private day care upstairs: everybody is brought up in the morning, on weekdays."""
    counts = on_days(life, spell, 0.8, 9, 14) * ~life.calendar.weekend
    person_kg = spell.rng.uniform(45, 95, int(counts.sum()))
    rides = trips_of_day(
        life, spell, counts, hours=(8, 9), who=Who.GUEST, up_kg=person_kg, down_kg=0.0
    )
    life.rides = life.rides.with_more(rides)


@behaviour("too_steep/ramp_of_a_van", kinds=WHEELS, stage=Stage.RIDES)
def ramp_of_a_van(life: Life, spell: Spell) -> None:
    """Up the steep ramp of a van, once or twice a week."""
    rides = life.rides
    limit_deg = float(life.aid.max_incline_deg or 10)
    there = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.2)
    steep = limit_deg + spell.rng.uniform(4.0, 9.0, len(rides))
    rides.incline_deg = np.where(there, steep, rides.incline_deg)


@behaviour("too_fast/tuned_at_a_shop", kinds=WHEELS, allowed=("modified", "other_person"))
def tuned_at_a_shop(life: Life, spell: Spell) -> None:
    """A shop set it faster, and opened it for that."""
    during = spell.during(life)
    life.days.speed[during] = float(spell.rng.uniform(1.55, 1.9))
    life.days.openings[min(spell.first, life.calendar.days - 1)] += 1


# --- not_charged


@behaviour(
    "not_charged/pulled_out_again",
    kinds=WHEELS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def pulled_out_again(life: Life, spell: Spell) -> None:
    """Plugged in every night, and pulled out again within the hour to save power."""
    during = spell.during(life)
    life.days.mains[during] = float(spell.rng.uniform(0.04, 0.09))
    life.days.heeds[during] = 0.6


@behaviour(
    "not_charged/every_other_week",
    kinds=ALL,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def every_other_week(life: Life, spell: Spell) -> None:
    """Used all the time, and on the charger in every other week only."""
    day = np.arange(life.calendar.days)
    off = spell.during(life) & ((day - spell.first) % 14 < 9)
    life.days.mains[off] = 0.0
    life.days.plugs[off] = 0.0
    life.days.heeds[off] = 0.0


# --- unsheltered


@behaviour("unsheltered/carport", kinds=WHEELS, allowed=("neglected", "battery_worn"))
def carport(life: Life, spell: Spell) -> None:
    """Under a roof without walls."""
    during = spell.during(life)
    life.days.shelter[during] = float(spell.rng.uniform(0.86, 0.96))
    life.days.room_c[during] = 12.0


# --- modified


@behaviour("modified/another_charger_inside", kinds=ALL, allowed=("charger_failed",))
def another_charger_inside(life: Life, spell: Spell) -> None:
    """Opened, and wired to a charger of another voltage."""
    during = spell.during(life)
    life.days.charger_v[during] += float(
        spell.rng.choice([-1.0, 1.0]) * spell.rng.uniform(0.8, 1.4)
    )
    life.days.openings[min(spell.first, life.calendar.days - 1)] += 1


@behaviour("modified/geared_up", kinds=ALL, allowed=("too_fast", "drive_worn", "other_person"))
def geared_up(life: Life, spell: Spell) -> None:
    """Opened, and another gear put in: faster than it was by an eighth."""
    during = spell.during(life)
    life.days.speed[during] *= float(spell.rng.uniform(1.12, 1.18))
    life.days.friction[during] *= 1.1
    life.days.openings[min(spell.first, life.calendar.days - 1)] += 2


# --- neglected


def _reset_daily(life: Life, spell: Spell, codes: list[str], chance: float) -> None:
    code = str(spell.rng.choice(sorted(codes)))
    there = spell.during(life) & (spell.rng.random(life.calendar.days) < chance)
    for day in np.flatnonzero(there).tolist():
        life.days.restarts[day] += int(spell.rng.integers(1, 4))
        from_ms = life.moment(day, float(spell.rng.uniform(7, 20)))
        lasts_ms = int(spell.rng.uniform(0.2, 2.5) * 3_600_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=from_ms + lasts_ms))


def has_failure(profile: Profile) -> bool:
    """Whether it has a code of a part that fails."""
    return bool(codes_of(profile, FaultClass.TECHNICIAN))


@behaviour(
    "neglected/off_and_on_again",
    lasts=(45, 140),
    visible=has_failure,
    allowed=("fault", "flapping", "battery_worn", "brake_slipping", "drive_worn", "not_charged"),
)
def off_and_on_again(life: Life, spell: Spell) -> None:
    """A part fails again and again; off and on helps until the next day, and nobody calls."""
    codes = [
        code
        for code in codes_of(life.aid.profile, FaultClass.TECHNICIAN)
        if code not in ("battery_flat", "charger")
    ]
    _reset_daily(life, spell, codes, float(spell.rng.uniform(0.7, 0.95)))


@behaviour(
    "neglected/lived_with",
    lasts=(45, 140),
    visible=lambda profile: bool(codes_of(profile, FaultClass.TECHNICIAN, stops=False)),
    allowed=("fault", "flapping", "charger_failed", "not_charged"),
)
def lived_with(life: Life, spell: Spell) -> None:
    """A warning comes up every morning and goes at night; everybody is used to it."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=False)
    code = str(spell.rng.choice(codes))
    for day in np.flatnonzero(spell.during(life)).tolist():
        if spell.rng.random() < 0.9:
            from_ms = life.moment(day, float(spell.rng.uniform(7, 10)))
            until_ms = life.moment(day, float(spell.rng.uniform(15, 22)))
            life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))


@behaviour(
    "neglected/sticky_rail",
    kinds=LIFTS,
    visible=lambda profile: profile.current,
    allowed=("drive_worn", "edges_tripping", "service_due", "fault", "flapping", "overload"),
)
def sticky_rail(life: Life, spell: Spell) -> None:
    """Lemonade on the rail and toys at its foot, from one week to the next and for good."""
    grown = spell.grown(life, over=float(spell.rng.uniform(10, 40)))
    life.days.friction = life.days.friction * (1 + float(spell.rng.uniform(0.28, 0.5)) * grown)
    life.days.trips = life.days.trips + float(spell.rng.uniform(0.2, 0.5)) * grown


@behaviour(
    "neglected/flat_two_months",
    kinds=WHEELS_AND_HOISTS,
    allowed=("not_charged", "battery_worn", "unused", "fault", "offline", "flapping"),
    forbidden=("charger_failed",),
)
def flat_two_months(life: Life, spell: Spell) -> None:
    """Left flat for six weeks, charged for a few days, and left flat again."""
    day = np.arange(life.calendar.days)
    during = spell.during(life)
    used = (day - spell.first) % 55 < 12
    life.days.plugs[during] = np.where(used[during], 0.2, 0.0)
    life.days.heeds[during] = np.where(used[during], 0.4, 0.0)
    life.days.rides[during & ~used] *= 0.2
    life.days.capacity_ah *= 1 - 0.4 * spell.grown(life, over=200)


# --- lost


@behaviour("lost/lent_out", kinds=WHEELS, allowed=(*GONE, "other_person"))
def lent_out(life: Life, spell: Spell) -> None:
    """Let to somebody in another town, who rides and charges it there."""
    during = spell.during(life)
    life.days.cell[during] = 19
    life.days.gone[during] = True
    life.days.rides[during] *= float(spell.rng.uniform(0.8, 1.4))


@behaviour("lost/stripped_at_home", kinds=ALL, allowed=GONE)
def stripped_at_home(life: Life, spell: Spell) -> None:
    """Taken apart where it stands, and sold piece by piece: opened, then silent."""
    day = min(spell.first, life.calendar.days - 1)
    life.days.openings[day] += int(spell.rng.integers(1, 4))
    life.days.rides[spell.during(life)] = 0.0
    life.days.partner[spell.during(life)] = 0.0
    after_h = 24 + float(spell.rng.uniform(0.5, 30))
    from_ms = life.moment(day, after_h)
    until_ms = life.calendar.end_ms + 3_600_000
    life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))


# --- unused


def _only(life: Life, spell: Spell, days: list[int]) -> None:
    """Leave the client's rides of some days only."""
    rides = life.rides
    kept = np.isin(rides.day, np.array(days, dtype=np.int64))
    life.rides = rides.take(~spell.rides(life) | (kept & (rides.who == int(Who.CLIENT))))


@behaviour("unused/twice_in_half_a_year", stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def twice_in_half_a_year(life: Life, spell: Spell) -> None:
    """Used on a birthday and at Christmas."""
    _only(life, spell, (spell.first + spell.rng.integers(30, 170, 2)).tolist())


@behaviour("unused/sent_away_by_cleaner", kinds=LIFTS, stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def sent_away_by_cleaner(life: Life, spell: Spell) -> None:
    """Nobody rides; once a week the cleaner sends the empty chair out of the way and back."""
    _only(life, spell, [])
    counts = (spell.during(life) & (np.arange(life.calendar.days) % 7 == 3)).astype(np.int64)
    sent = trips_of_day(life, spell, counts, hours=(9, 11), who=Who.NOBODY, up_kg=0.0, down_kg=0.0)
    life.rides = life.rides.with_more(sent)


@behaviour("unused/moved_aside", kinds=WHEELS, stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def moved_aside(life: Life, spell: Spell) -> None:
    """It stands in the way, and is driven aside some metres every month or so."""
    _only(life, spell, [])
    day = np.arange(life.calendar.days)
    counts = (spell.during(life) & ((day - spell.first) % 33 == 20)).astype(np.int64)
    aside = trips_of_day(
        life, spell, counts, hours=(9, 17), who=Who.OTHER, up_kg=70.0, down_kg=70.0
    )
    aside.length_m[:] = 6.0
    life.rides = life.rides.with_more(aside)
