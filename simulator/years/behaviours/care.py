"""How it is cared for: charging, shelter, neglect, and whether it is used at all."""

import numpy as np

from simulator.years.behaviours.contract import ALL, HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.life import FaultSpell, Life, Who
from simulator.years.profiles import Profile

UNCHARGED = ("battery_worn", "fault", "flapping", "off_charge_point", "neglected")


def plugs(life: Life, spell: Spell, chance: float, heeds: float) -> None:
    """Set the chance of being plugged in at night."""
    during = spell.during(life)
    life.days.plugs[during] = chance
    life.days.heeds[during] = heeds


@behaviour(
    "not_charged/rarely_plugged",
    kinds=WHEELS | HOISTS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def rarely_plugged(life: Life, spell: Spell) -> None:
    """Plugged in once in some weeks, whether low or not."""
    plugs(life, spell, float(spell.rng.uniform(0.02, 0.06)), 0.12)


@behaviour(
    "not_charged/only_when_flat",
    kinds=WHEELS | HOISTS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def only_when_flat(life: Life, spell: Spell) -> None:
    """Plugged in only when it will hardly go."""
    plugs(life, spell, 0.0, float(spell.rng.uniform(0.08, 0.18)))


@behaviour(
    "not_charged/socket_switched_off",
    kinds=LIFTS,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def socket_switched_off(life: Life, spell: Spell) -> None:
    """Switched off to save power, for days on end until it hardly runs."""
    days = life.calendar.days
    off = np.zeros(days, dtype=bool)
    day = spell.first
    while day < min(spell.until, days):
        length = int(spell.rng.integers(3, 7))
        off[day : day + length] = True
        day += length + int(spell.rng.integers(1, 3))
    life.days.mains[off & spell.during(life)] = 0.0


@behaviour(
    "not_charged/holiday_habit",
    kinds=ALL,
    allowed=UNCHARGED,
    forbidden=("charger_failed",),
)
def holiday_habit(life: Life, spell: Spell) -> None:
    """The charger is pulled out before every weekend away and forgotten until midweek."""
    day = np.arange(life.calendar.days)
    off = spell.during(life) & (day % 7 <= 4)
    life.days.mains[off] = 0.0
    life.days.plugs[off] = 0.0
    life.days.heeds[off] = 0.0


@behaviour(
    "fine/every_third_night",
    kinds=WHEELS | HOISTS,
    forbidden=("not_charged", "neglected", "charger_failed", "battery_worn"),
)
def every_third_night(life: Life, spell: Spell) -> None:
    """Plugged in every third night, and always in time."""
    plugs(life, spell, 0.35, 0.65)


def outdoors(life: Life, spell: Spell, least: float, most: float) -> None:
    """Keep it so far outdoors."""
    during = spell.during(life)
    life.days.shelter[during] = float(spell.rng.uniform(least, most))


@behaviour("unsheltered/garden", kinds=WHEELS, allowed=("neglected", "battery_worn"))
def garden(life: Life, spell: Spell) -> None:
    """It stands in the garden, day and night."""
    outdoors(life, spell, 0.95, 1.0)


@behaviour("unsheltered/gallery", kinds=WHEELS, allowed=("neglected", "battery_worn"))
def gallery(life: Life, spell: Spell) -> None:
    """It stands on the open gallery of a block of flats."""
    outdoors(life, spell, 0.85, 0.95)


@behaviour("unsheltered/tarpaulin", kinds=WHEELS, allowed=("neglected", "battery_worn"))
def tarpaulin(life: Life, spell: Spell) -> None:
    """Under a tarpaulin at the fence: as cold as outside, and hotter in the sun."""
    outdoors(life, spell, 0.9, 1.0)
    during = spell.during(life)
    life.days.room_c[during] += 1.5


@behaviour("fine/cold_shed", kinds=WHEELS, forbidden=("unsheltered",))
def cold_shed(life: Life, spell: Spell) -> None:
    """A shed that is heated just enough, through a cold winter."""
    during = spell.during(life)
    life.days.shelter[during] = 0.25
    life.days.room_c[during] = 9.0


@behaviour("fine/heat_wave", lasts=(4, 9), forbidden=("unsheltered", "battery_worn"))
def heat_wave(life: Life, spell: Spell) -> None:
    """Some days of heat, indoors too."""
    life.days.room_c[spell.during(life)] += 9.0


def has_warnings(profile: Profile) -> bool:
    """Whether it has a code that it can still be used with."""
    return bool({"charger", "battery_low", "seat_sensor"} & set(profile.codes))


@behaviour(
    "neglected/warning_ignored",
    lasts=(30, 80),
    visible=has_warnings,
    allowed=("fault", "flapping", "charger_failed", "battery_worn", "not_charged"),
)
def warning_ignored(life: Life, spell: Spell) -> None:
    """A warning stays up for weeks, everybody rides on, and nobody reports it."""
    known = [one for one in ("charger", "seat_sensor", "battery_low") if one in codes(life)]
    from_ms = life.moment(spell.first, 9.0)
    until_ms = life.moment(spell.until, 12.0)
    life.faults.append(FaultSpell(code=known[0], from_ms=from_ms, until_ms=until_ms))


@behaviour(
    "neglected/dirty_and_dry",
    kinds=LIFTS,
    allowed=("drive_worn", "edges_tripping", "service_due", "fault", "flapping"),
    visible=lambda profile: profile.current,
)
def dirty_and_dry(life: Life, spell: Spell) -> None:
    """Never cleaned: dust on the rail, crumbs in the edges, harder from month to month."""
    grown = spell.grown(life, over=120)
    life.days.friction = life.days.friction * (1 + 0.5 * grown)
    life.days.trips = life.days.trips + 0.35 * grown


@behaviour(
    "neglected/flat_for_weeks",
    kinds=WHEELS | HOISTS,
    allowed=("not_charged", "battery_worn", "unused", "fault", "offline", "flapping"),
    forbidden=("charger_failed",),
)
def flat_for_weeks(life: Life, spell: Spell) -> None:
    """Left flat for weeks at a time, time and again; each costs capacity."""
    day = np.arange(life.calendar.days)
    idle = spell.during(life) & ((day - spell.first) % 35 < 26)
    life.days.plugs[spell.during(life)] = 0.0
    life.days.heeds[spell.during(life)] = np.where(idle[spell.during(life)], 0.0, 0.3)
    life.days.rides[idle] *= 0.15
    life.days.capacity_ah *= 1 - 0.4 * spell.grown(life, over=150)


@behaviour(
    "neglected/stop_and_go",
    lasts=(35, 90),
    allowed=("fault", "flapping", "edges_tripping", "overload"),
)
def stop_and_go(life: Life, spell: Spell) -> None:
    """A fault that stops the drive comes back every day; it is switched off and on, and used on."""
    known = [code for code in codes(life) if code not in ("seat_turned", "no_charge")]
    code = str(spell.rng.choice(sorted(known)))
    for day in np.flatnonzero(spell.during(life)).tolist():
        life.days.restarts[day] += 1
        from_ms = life.moment(day, float(spell.rng.uniform(8, 18)))
        lasts_ms = int(spell.rng.uniform(1.0, 4.0) * 3_600_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=from_ms + lasts_ms))


def codes(life: Life) -> list[str]:
    """Return what its controller has codes for."""
    return list(life.aid.profile.codes)


NOT_AT_FAULT = ("neglected", "not_charged", "off_charge_point", "battery_worn")


def nobody(life: Life, spell: Spell, since: int) -> None:
    """Let nobody ride any more."""
    left = np.arange(life.calendar.days) >= since
    life.days.rides[left & spell.during(life)] = 0.0
    life.days.partner[left & spell.during(life)] = 0.0


@behaviour("unused/moved_out", allowed=NOT_AT_FAULT)
def moved_out(life: Life, spell: Spell) -> None:
    """The client lives elsewhere now; it still stands there."""
    nobody(life, spell, spell.first)


@behaviour("unused/fades_out", allowed=NOT_AT_FAULT)
def fades_out(life: Life, spell: Spell) -> None:
    """Less and less, until nobody uses it any more."""
    over = float(spell.rng.uniform(20, 50))
    life.days.rides = life.days.rides * (1 - spell.grown(life, over=over))
    spell.first += round(over)
    nobody(life, spell, spell.first)


@behaviour("unused/tried_once_a_month", stage=Stage.RIDES, allowed=NOT_AT_FAULT)
def tried_once_a_month(life: Life, spell: Spell) -> None:
    """Only tried, there and back, once a month."""
    rides = life.rides
    day = rides.day
    tried = (day - spell.first) % 30 == 20
    client = rides.who == int(Who.CLIENT)
    first_two = np.append([True, True], day[2:] != day[:-2]) if len(day) > 2 else tried
    life.rides = rides.take(~spell.rides(life) | (tried & client & first_two))
