"""Streets, rooms, seasons and lines around an aid with which all is well."""

import numpy as np

from simulator.years.behaviours.cases.lines import HOUR_MS
from simulator.years.behaviours.cases.stowage import enough
from simulator.years.behaviours.cases.upkeep import weather
from simulator.years.behaviours.cases.ways import reads, shown
from simulator.years.behaviours.cases.wiring import NOT_BROKEN
from simulator.years.behaviours.contract import ALL, HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import Life, Outage

NOT_OUTSIDE = ("unsheltered", "battery_worn", "neglected")


@behaviour(
    "fine/no_farther_in_winter",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=("unused", "other_person", "drive_worn", "neglected"),
)
def no_farther_in_winter(life: Life, spell: Spell) -> None:
    """In the dark months he goes as often, but only to the corner: half as far, or less."""
    spell.first = 0
    rides, winter = life.rides, life.calendar.winter[life.rides.day]
    shorter = 1 - float(spell.rng.uniform(0.4, 0.65)) * winter
    rides.length_m = np.where(rides.away, rides.length_m * shorter, rides.length_m)


@behaviour("fine/in_the_boiler_room", kinds=WHEELS | LIFTS, forbidden=NOT_OUTSIDE)
def in_the_boiler_room(life: Life, spell: Spell) -> None:
    """It stands by the flats' boiler: close on thirty degrees, in winter and in summer alike."""
    during = spell.during(life)
    life.days.room_c[during] = float(spell.rng.uniform(25, 30))
    life.days.shelter[during] = 0.03


@behaviour(
    "fine/by_easy_ways_in_the_hills",
    kinds=WHEELS,
    lasts=(6, 16),
    stage=Stage.RIDES,
    forbidden=("too_steep", "lost", "drive_worn", "other_person", "not_charged", "unused"),
    allowed=("fault", "flapping"),
)
def by_easy_ways_in_the_hills(life: Life, spell: Spell) -> None:
    """A holiday in the hills with it, by ways marked for it: steep, and never too steep."""
    rides, during = life.rides, spell.during(life)
    there = spell.rides(life) & rides.away
    limit_deg = float(life.aid.max_incline_deg or 10)
    hills_deg = limit_deg - spell.rng.uniform(0.6, 3.0, len(rides))
    rides.incline_deg = np.where(there, np.maximum(rides.incline_deg, hills_deg), rides.incline_deg)
    life.days.cell[during] = int(spell.rng.integers(400, 440))
    life.days.gone[during] = True
    life.days.plugs[during] = 0.97


@behaviour(
    "fine/street_laid_smooth",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=("too_fast", "modified", "other_person", "drive_worn"),
)
def street_laid_smooth(life: Life, spell: Spell) -> None:
    """The cobbles are gone: smoother from that day, a little faster, and with half the stops."""
    rides = life.rides
    there = spell.rides(life) & rides.away
    rides.speed = np.where(there, np.minimum(rides.speed * 1.08, 1.0), rides.speed)
    rides.incline_deg = np.where(there, rides.incline_deg * 0.8, rides.incline_deg)
    life.days.friction[spell.during(life)] *= float(spell.rng.uniform(0.9, 0.96))


@behaviour(
    "fine/heating_off_by_night",
    stage=Stage.RIDES,
    forbidden=(*NOT_OUTSIDE, "drive_worn"),
)
def heating_off_by_night(life: Life, spell: Spell) -> None:
    """Gas is dear: off at ten, on at seven, and twelve degrees in the hall on winter mornings."""
    calendar = life.calendar
    drop_c = float(spell.rng.uniform(5, 9)) * calendar.winter
    coldest_c = np.maximum(life.temperature_c[0] - drop_c, np.minimum(life.temperature_c[0], 9.0))
    weather(life, spell.during(life), coldest_c, None)


@behaviour(
    "fine/charged_at_noon",
    kinds=LIFTS | HOISTS,
    forbidden=(*NOT_BROKEN, "off_charge_point", "modified"),
)
def charged_at_noon(life: Life, spell: Spell) -> None:
    """Its plug is in while the sun is on the roof, some hours about noon: enough, and every day."""
    share = max(2.6 * enough(life), 0.25) + spell.rng.uniform(0, 0.08, life.calendar.days)
    during = spell.during(life)
    life.days.mains[during] = np.minimum(life.days.mains, share)[during]
    life.days.plugs[during] = 1.0


@behaviour(
    "fine/roof_against_the_rain",
    kinds=WHEELS,
    stage=Stage.SIGHT,
    forbidden=("drive_worn", "modified", "other_person", "overload", "goods_transport"),
)
def roof_against_the_rain(life: Life, spell: Spell) -> None:
    """From October to April it has a roof and a windscreen: more to draw against the wind."""
    spell.first = 0
    covered = (life.calendar.winter > 0.42)[life.rides.day] & life.rides.away
    reads(life, np.where(covered, 1 + float(spell.rng.uniform(0.05, 0.1)), 1.0))


@behaviour(
    "fine/rewired_room_by_room",
    lasts=(5, 9),
    forbidden=(*NOT_BROKEN, "unused", "modified", "fault"),
    allowed=("offline", "mute", "off_charge_point", "test_calls_missed", "flapping"),
)
def rewired_room_by_room(life: Life, spell: Spell) -> None:
    """Electricians take the house in hand: off from eight to four on working days, for a week."""
    for day in np.flatnonzero(spell.during(life) & ~life.calendar.weekend).tolist():
        from_ms = life.moment(day, 7.8 + float(spell.rng.uniform(0, 0.7)))
        until_ms = life.moment(day, 15.2 + float(spell.rng.uniform(0, 1.0)))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
        life.days.mains[day] = 1 - (until_ms - from_ms) / (24 * HOUR_MS)


@behaviour(
    "fine/first_tuesday_of_the_month",
    lasts=(90, 280),
    forbidden=("offline", "mute", "test_calls_missed", "signal_weak", "neglected"),
)
def first_tuesday_of_the_month(life: Life, spell: Spell) -> None:
    """On the first Tuesday of the month its mast is worked on by night, for an hour or two."""
    for day in np.flatnonzero(spell.during(life)).tolist():
        date = life.calendar.date_of(day)
        if date.weekday() == 1 and date.day <= 7:
            from_ms = life.moment(day, float(spell.rng.uniform(0.5, 2.0)))
            until_ms = from_ms + int(spell.rng.uniform(0.8, 2.4) * HOUR_MS)
            life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms))


@behaviour(
    "fine/bed_in_another_room",
    kinds=HOISTS,
    stage=Stage.RIDES,
    forbidden=("modified", "other_person", "brake_slipping", "drive_worn", "duty_cycle"),
)
def bed_in_another_room(life: Life, spell: Spell) -> None:
    """His bed has come down to the garden room, and is lower: every stroke a quarter longer."""
    rides = life.rides
    longer = float(spell.rng.uniform(1.15, 1.35))
    rides.length_m = np.where(spell.rides(life), rides.length_m * longer, rides.length_m)
    rides.boarding_s = np.where(spell.rides(life), rides.boarding_s * 1.15, rides.boarding_s)


@behaviour(
    "fine/washed_down_every_month",
    kinds=ALL - LIFTS,
    lasts=(90, 280),
    visible=lambda profile: bool({"inhibited", "emergency_stop"} & set(profile.codes)),
    forbidden=("flapping", "fault", "neglected"),
)
def washed_down_every_month(life: Life, spell: Spell) -> None:
    """It is washed on the first Saturday of the month: a switch is touched some times."""
    known = [one for one in ("inhibited", "emergency_stop") if one in life.aid.profile.codes]
    for day in np.flatnonzero(spell.during(life)).tolist():
        date = life.calendar.date_of(day)
        if date.weekday() == 5 and date.day <= 7:
            hours = 10 + spell.rng.uniform(0, 0.5, int(spell.rng.integers(2, 6)))
            for hour in hours.tolist():
                shown(life, known[0], life.moment(day, hour), float(spell.rng.uniform(1, 15)))


@behaviour(
    "fine/modem_gets_a_battery",
    forbidden=("modified", "offline", "mute", "charger_failed"),
)
def modem_gets_a_battery(life: Life, spell: Spell) -> None:
    """A mechanic gives its modem another aerial: from then on a better signal, and no more."""
    mechanic(life, spell.first)
    life.days.openings[spell.first : spell.first + 1] += 1
    better_dbm = np.minimum(life.days.signal_dbm + float(spell.rng.uniform(6, 14)), -52.0)
    life.days.signal_dbm = np.where(spell.during(life), better_dbm, life.days.signal_dbm)
