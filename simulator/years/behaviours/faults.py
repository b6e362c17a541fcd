"""Faults that a controller shows: that stay, and that come and go."""

import numpy as np

from gateway.protocol.vocabulary import FAULTS, FaultClass
from simulator.years.behaviours.contract import LIFTS, Spell, Stage, behaviour
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import FaultSpell, Life
from simulator.years.profiles import Profile

BESIDES = ("flapping", "neglected", "charger_failed", "battery_worn", "brake_slipping")


def codes_of(profile: Profile, what: FaultClass, *, stops: bool | None = None) -> list[str]:
    """Return the codes of a class that this controller has."""
    return sorted(
        code
        for code in profile.codes
        if FAULTS[code].fault_class is what and (stops is None or FAULTS[code].stops_drive is stops)
    )


def stays(life: Life, spell: Spell, code: str, *, stops: bool, maker_code: str = "") -> None:
    """Have a fault come up, and stay until the mechanic has been."""
    days = life.days
    repair = spell.first + int(spell.rng.integers(1, 7))
    from_ms = life.moment(spell.first, float(spell.rng.uniform(7, 22)))
    until_ms = life.moment(repair, 11.0)
    life.faults.append(
        FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms, maker_code=maker_code)
    )
    mechanic(life, repair)
    spell.began_ms, spell.until_ms, spell.until = from_ms, until_ms, repair
    if stops:
        days.rides[spell.first + 1 : repair] = 0.0
        days.partner[spell.first + 1 : repair] = 0.0
    if repair < life.calendar.days:
        days.openings[repair] += 1


@behaviour("fault/drive_dead", lasts=(2, 8), allowed=BESIDES, forbidden=("unused", "modified"))
def drive_dead(life: Life, spell: Spell) -> None:
    """A part of the drive or its controller dies; nobody rides until it is repaired."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=True)
    stays(life, spell, str(spell.rng.choice(codes)), stops=True)


def warns(profile: Profile) -> bool:
    """Whether it has a code that asks for a technician though it still runs."""
    return bool(codes_of(profile, FaultClass.TECHNICIAN, stops=False))


@behaviour("fault/still_runs", lasts=(2, 8), visible=warns, allowed=BESIDES)
def still_runs(life: Life, spell: Spell) -> None:
    """It asks for a technician, and can still be used."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=False)
    stays(life, spell, str(spell.rng.choice(codes)), stops=False)


@behaviour("fault/after_power_cut", lasts=(2, 8), allowed=BESIDES, forbidden=("unused", "modified"))
def after_power_cut(life: Life, spell: Spell) -> None:
    """It does not come up again after its fuse blew."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=True)
    life.days.restarts[min(spell.first, life.calendar.days - 1)] += 2
    stays(life, spell, codes[0], stops=True)


@behaviour("fault/unknown_code", lasts=(2, 8), allowed=BESIDES, forbidden=("unused",))
def unknown_code(life: Life, spell: Spell) -> None:
    """A code that nobody has in a table yet, and the drive stands."""
    number = int(spell.rng.integers(50, 99))
    stays(life, spell, f"maker_{number}", stops=True, maker_code=f"X{number}")


def flaps(life: Life, spell: Spell, moments_ms: list[int], code: str) -> None:
    """Have ``code`` come and go at these moments."""
    for from_ms in sorted(moments_ms):
        until_ms = from_ms + int(spell.rng.integers(400, 25_000))
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))


def loose(life: Life, spell: Spell) -> str:
    """Return a code that clears by itself, not one of normal life."""
    codes = codes_of(life.aid.profile, FaultClass.SELF_CLEARING)
    rare = [code for code in codes if code != "seat_turned" or not life.aid.turns_seat]
    return str(spell.rng.choice(rare or codes))


def flickers(profile: Profile) -> bool:
    """Whether it has a code that clears by itself."""
    return bool(codes_of(profile, FaultClass.SELF_CLEARING))


@behaviour(
    "flapping/loose_contact",
    lasts=(8, 40),
    visible=flickers,
    allowed=("fault", "edges_tripping", "overload", "neglected"),
)
def loose_contact(life: Life, spell: Spell) -> None:
    """A loose contact: it comes and goes many times a day."""
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life)).tolist():
        count = int(spell.rng.integers(10, 60))
        hours = spell.rng.uniform(6, 23, count).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour(
    "flapping/damp_mornings",
    lasts=(15, 60),
    visible=flickers,
    allowed=("fault", "edges_tripping", "overload", "neglected"),
)
def damp_mornings(life: Life, spell: Spell) -> None:
    """Damp creeps in: every morning it comes and goes until it is dry."""
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life)).tolist():
        count = int(spell.rng.integers(5, 18))
        hours = spell.rng.uniform(6, 9, count).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour(
    "flapping/on_every_ride",
    lasts=(15, 60),
    stage=Stage.SIGHT,
    visible=flickers,
    allowed=("fault", "edges_tripping", "overload", "neglected"),
)
def on_every_ride(life: Life, spell: Spell) -> None:
    """It shakes: some times in every ride."""
    code, rides = loose(life, spell), life.rides
    moments: list[int] = []
    for number in np.flatnonzero(spell.rides(life)).tolist():
        shares = spell.rng.uniform(0, 0.8, int(spell.rng.integers(1, 5)))
        within_ms = rides.at_ms[number] + shares * rides.duration_s[number] * 1000
        moments += within_ms.astype(np.int64).tolist()
    flaps(life, spell, moments, code)


@behaviour("fine/key_taken_out", lasts=(60, 200), kinds=LIFTS, forbidden=("flapping", "fault"))
def key_taken_out(life: Life, spell: Spell) -> None:
    """Somebody takes the key out for the night: a code every evening, gone every morning."""
    if "key_off" not in life.aid.profile.codes:
        spell.skipped = True
        return
    for day in np.flatnonzero(spell.during(life)).tolist():
        from_ms = life.moment(day, 23.7 + float(spell.rng.uniform(0, 0.2)))
        until_ms = life.moment(day + 1, 5.8)
        life.faults.append(FaultSpell(code="key_off", from_ms=from_ms, until_ms=until_ms))


@behaviour("fine/code_once", lasts=(1, 1), visible=flickers, forbidden=("fault", "flapping"))
def code_once(life: Life, spell: Spell) -> None:
    """A code comes up twice and clears by itself."""
    hours = spell.rng.uniform(9, 20, 2).tolist()
    flaps(life, spell, [life.moment(spell.first, hour) for hour in hours], loose(life, spell))
