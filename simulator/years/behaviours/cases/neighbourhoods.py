"""Streets, sheds, masts and mains around an aid with which all is well."""

import numpy as np

from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.roads import HARD_GOING
from simulator.years.behaviours.cases.upkeep import weather
from simulator.years.behaviours.cases.wiring import NOT_BROKEN
from simulator.years.behaviours.contract import HOISTS, WHEELS, Spell, Stage, behaviour
from simulator.years.life import Life, Outage


@behaviour(
    "fine/tree_on_the_line",
    lasts=(2, 2),
    forbidden=(*NOT_BROKEN, "lost", "unused", "modified"),
    allowed=("fault", "flapping", "offline", "mute", "off_charge_point", "test_calls_missed"),
)
def tree_on_the_line(life: Life, spell: Spell) -> None:
    """A tree falls on the line to the farm: no mains for a day and a half, and then all as ever."""
    life.days.mains[spell.first : spell.first + 1] = float(spell.rng.uniform(0.1, 0.4))
    life.days.mains[spell.first + 1 : spell.first + 2] = float(spell.rng.uniform(0.4, 0.6))


@behaviour(
    "fine/plug_out_for_a_long_weekend",
    kinds=WHEELS | HOISTS,
    forbidden=NOT_BROKEN,
)
def plug_out_for_a_long_weekend(life: Life, spell: Spell) -> None:
    """Twice or so the plug is out for a night or two after the cleaning, and then it is noticed."""
    for after in (0, int(spell.rng.integers(35, 70))):
        day = spell.first + after
        nights = slice(day, day + int(spell.rng.integers(1, 3)))
        life.days.plugs[nights] = 0.0
        life.days.heeds[nights] = 0.3
        life.days.plugs[nights.stop : nights.stop + 1] = 1.0


@behaviour(
    "fine/under_the_library_by_day",
    kinds=WHEELS,
    lasts=(40, 160),
    forbidden=("offline", "mute", "unused", "lost", "neglected"),
    allowed=("signal_weak", "test_calls_missed"),
)
def under_the_library_by_day(life: Life, spell: Spell) -> None:
    """On working days it waits in the garage under the library: no network from ten until four."""
    for day in np.flatnonzero(spell.during(life) & ~life.calendar.weekend).tolist():
        if spell.rng.random() < 0.8:
            from_ms = life.moment(day, 9.6 + float(spell.rng.uniform(0, 0.8)))
            until_ms = life.moment(day, 15.4 + float(spell.rng.uniform(0, 1.2)))
            life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms))


@behaviour(
    "fine/boxes_before_its_aerial",
    lasts=(20, 34),
    forbidden=("signal_weak", "offline", "mute", "modified"),
)
def boxes_before_its_aerial(life: Life, spell: Spell) -> None:
    """For some weeks boxes of a move stand before its aerial: less signal, and still enough."""
    less_dbm = np.maximum(life.days.signal_dbm - float(spell.rng.uniform(7, 12)), -100.0)
    lower = np.minimum(less_dbm, life.days.signal_dbm)
    life.days.signal_dbm = np.where(spell.during(life), lower, life.days.signal_dbm)


@behaviour(
    "fine/outside_the_bridge_club",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=("unsheltered", "neglected", "battery_worn"),
)
def outside_the_bridge_club(life: Life, spell: Spell) -> None:
    """One evening a week it stands three hours outside the club, and the night in its warm hall."""
    evening = spell.during(life) & on_weekday(life, int(spell.rng.integers(5)))
    outside_c = (life.calendar.coldest_c + life.calendar.warmest_c) / 2
    coldest_c = np.minimum(life.temperature_c[0], outside_c + 2.0)
    weather(life, evening, coldest_c, None)


@behaviour(
    "fine/humped_bridge_now_and_then",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=("too_steep", "drive_worn", "overload"),
    allowed=HARD_GOING,
)
def humped_bridge_now_and_then(life: Life, spell: Spell) -> None:
    """To the dentist by the humped bridge, a hair steeper than it may climb: now and then."""
    rides = life.rides
    days = np.unique(rides.day[spell.rides(life) & rides.away])
    if len(days) < 2:
        spell.skipped = True
        return
    picked = spell.rng.choice(days, min(3, len(days)), replace=False)
    there = spell.rides(life) & rides.away & np.isin(rides.day, picked)
    hump_deg = float(life.aid.max_incline_deg or 10) + float(spell.rng.uniform(0.3, 0.9))
    first = np.zeros(len(rides), dtype=bool)
    number = np.flatnonzero(there)
    first[number[np.append([True], rides.day[number][1:] != rides.day[number][:-1])]] = True
    rides.incline_deg = np.where(first, hump_deg, rides.incline_deg)


@behaviour(
    "fine/shed_with_a_sunny_roof",
    kinds=WHEELS,
    stage=Stage.RIDES,
    forbidden=("unsheltered", "battery_worn", "neglected"),
)
def shed_with_a_sunny_roof(life: Life, spell: Spell) -> None:
    """A tight brick shed with a dark roof: an oven when the sun shines, and never frozen."""
    calendar = life.calendar
    sun_c = spell.rng.uniform(0, 9, calendar.days) * (1.1 - calendar.winter)
    warmest_c = 0.5 * calendar.warmest_c + 0.5 * life.days.room_c + sun_c
    coldest_c = np.maximum(0.35 * calendar.coldest_c + 0.65 * life.days.room_c, 4.0)
    weather(life, spell.during(life), coldest_c, np.maximum(warmest_c, coldest_c + 1.0))


@behaviour(
    "fine/out_of_the_flood",
    kinds=WHEELS,
    lasts=(4, 10),
    forbidden=("lost", "unused", "unsheltered", "not_charged", "neglected", "other_person"),
)
def out_of_the_flood(life: Life, spell: Spell) -> None:
    """High water: some days in a gymnasium in another town with it, charged in the corridor."""
    during = spell.during(life)
    life.days.cell[during] = int(spell.rng.integers(400, 460))
    life.days.gone[during] = True
    life.days.plugs[during] = 0.9
    life.days.rides[during] *= 0.6


@behaviour(
    "fine/market_day_on_the_square",
    lasts=(60, 200),
    forbidden=("signal_weak", "offline", "mute", "test_calls_missed"),
)
def market_day_on_the_square(life: Life, spell: Spell) -> None:
    """On market days the square is full of telephones: less signal, and gaps of some minutes."""
    market = spell.during(life) & on_weekday(life, int(spell.rng.integers(6)))
    less_dbm = np.minimum(np.maximum(life.days.signal_dbm - 9.0, -100.0), life.days.signal_dbm)
    life.days.signal_dbm = np.where(market, less_dbm, life.days.signal_dbm)
    for day in np.flatnonzero(market).tolist():
        for hour in spell.rng.uniform(8, 15, int(spell.rng.integers(1, 4))).tolist():
            from_ms = life.moment(day, hour)
            until_ms = from_ms + int(spell.rng.uniform(3, 25) * 60_000)
            life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms))


@behaviour(
    "fine/mast_moved_by_night",
    lasts=(9, 14),
    forbidden=("signal_weak", "offline", "mute", "unused", "test_calls_missed"),
)
def mast_moved_by_night(life: Life, spell: Spell) -> None:
    """The mast moves to another roof: no network in three nights of one week, from one to five."""
    for night in np.sort(spell.rng.choice(8, 3, replace=False)).tolist():
        from_ms = life.moment(spell.first + night, 1.0 + float(spell.rng.uniform(0, 0.3)))
        until_ms = life.moment(spell.first + night, 4.5 + float(spell.rng.uniform(0, 0.8)))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms))
    moved = np.arange(life.calendar.days) >= spell.until
    life.days.signal_dbm = np.clip(life.days.signal_dbm + 4.0 * moved, -100.0, -50.0)


@behaviour("fine/one_call_lost_each_month", forbidden=("test_calls_missed", "offline"))
def one_call_lost_each_month(life: Life, spell: Spell) -> None:
    """The exchange is seen to at the beginning of each month: one test call is lost, every time."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        life.days.tests[day : day + 3] = False
        day += 30


@behaviour(
    "fine/restarts_on_sunday_nights",
    forbidden=("offline", "mute", "modified", "neglected"),
)
def restarts_on_sunday_nights(life: Life, spell: Spell) -> None:
    """By its settings the modem starts anew every Sunday, and is back within a minute."""
    life.days.restarts[spell.during(life) & on_weekday(life, 6)] += 1


@behaviour(
    "fine/shade_over_downhill",
    kinds=WHEELS,
    stage=Stage.SIGHT,
    forbidden=("too_fast", "modified", "other_person", "play"),
)
def shade_over_downhill(life: Life, spell: Spell) -> None:
    """Home it is downhill, and now and then it rolls a shade faster than it drives, and no more."""
    rides = life.rides
    home = spell.rides(life) & rides.away & ~rides.up & (spell.rng.random(len(rides)) < 0.15)
    limit = float(life.aid.max_speed_mm_s or 0)
    rolled = limit * spell.rng.uniform(0.98, 1.035, len(rides))
    faster = np.maximum(rolled, rides.max_speed_mm_s)
    rides.max_speed_mm_s = np.where(home, faster, rides.max_speed_mm_s)
