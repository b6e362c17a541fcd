"""Faults that a controller shows, other ways of flickering, and what is left as it is."""

import numpy as np

from gateway.protocol.vocabulary import FaultClass
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.signs import FLAPPING_TOO, put_right, stands
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.faults import BESIDES, codes_of, flaps, flickers, loose, warns
from simulator.years.behaviours.health import shows_current
from simulator.years.behaviours.keeping import has_failure
from simulator.years.behaviours.repairs import mechanic, serviced
from simulator.years.behaviours.wear import tells_motion
from simulator.years.life import FaultSpell, Life
from simulator.years.profiles import Profile

NOT_USE = ("unused", "modified")


def stopping(life: Life) -> list[str]:
    """Return the codes of parts that fail and stop it; not those of an empty battery."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=True)
    return [code for code in codes if code not in ("battery_flat", "power_down")]


# --- fault


@behaviour("fault/reset_by_telephone", lasts=(4, 9), allowed=BESIDES, forbidden=NOT_USE)
def reset_by_telephone(life: Life, spell: Spell) -> None:
    """The helpdesk has it switched off and on, and again the day after; then it stands for good."""
    code = str(spell.rng.choice(stopping(life)))
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(8, 20)))
    dead = spell.first + int(spell.rng.integers(1, 4))
    repair = dead + int(spell.rng.integers(2, 5))
    at_ms = spell.began_ms
    for day in range(spell.first, dead):
        until_ms = at_ms + int(spell.rng.uniform(0.3, 3.0) * 3_600_000)
        life.faults.append(FaultSpell(code=code, from_ms=at_ms, until_ms=until_ms))
        if day < life.calendar.days:
            life.days.restarts[day] += 1
        at_ms = life.moment(day + 1, float(spell.rng.uniform(8, 20)))
    life.faults.append(FaultSpell(code=code, from_ms=at_ms, until_ms=life.moment(repair, 11.0)))
    stands(life, dead + 1, repair)
    put_right(life, spell, repair)


@behaviour("fault/evening_after_the_service", lasts=(2, 7), allowed=BESIDES, forbidden=NOT_USE)
def evening_after_the_service(life: Life, spell: Spell) -> None:
    """Serviced in the morning, and in the evening it stands: a plug was not pushed home."""
    code = str(spell.rng.choice(stopping(life)))
    serviced(life, spell.first)
    repair = spell.first + int(spell.rng.integers(1, 6))
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(15, 22.5)))
    until_ms = life.moment(repair, 11.0)
    life.faults.append(FaultSpell(code=code, from_ms=spell.began_ms, until_ms=until_ms))
    stands(life, spell.first + 1, repair)
    put_right(life, spell, repair)


@behaviour("fault/while_nobody_was_home", lasts=(6, 15), allowed=BESIDES, forbidden=NOT_USE)
def while_nobody_was_home(life: Life, spell: Spell) -> None:
    """It fails by night while its client is in hospital, and stands there when he comes home."""
    code = str(spell.rng.choice(stopping(life)))
    stands(life, max(spell.first - int(spell.rng.integers(2, 6)), 0), spell.until)
    spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(0.2, 5.5)))
    until_ms = life.moment(spell.until, 11.0)
    life.faults.append(FaultSpell(code=code, from_ms=spell.began_ms, until_ms=until_ms))
    put_right(life, spell, spell.until)


# --- flapping


@behaviour("flapping/ants_in_a_switch", lasts=(4, 9), visible=flickers, allowed=FLAPPING_TOO)
def ants_in_a_switch(life: Life, spell: Spell) -> None:
    """Ants have found a switch: for some days it clicks every few minutes, day and night."""
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life)).tolist():
        hours = spell.rng.uniform(0, 24, int(spell.rng.integers(70, 190))).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour(
    "flapping/in_the_afternoon_sun",
    lasts=(25, 75),
    visible=flickers,
    allowed=FLAPPING_TOO,
)
def in_the_afternoon_sun(life: Life, spell: Spell) -> None:
    """A housing warps when the sun is on it: on fine afternoons its switch comes and goes."""
    code, during, warmest_c = loose(life, spell), spell.during(life), life.calendar.warmest_c
    fine = during & (warmest_c >= np.quantile(warmest_c[during], 0.3))
    for day in np.flatnonzero(fine).tolist():
        hours = spell.rng.uniform(12.5, 17.5, int(spell.rng.integers(7, 26))).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)


@behaviour(
    "flapping/as_it_settles",
    stage=Stage.SIGHT,
    lasts=(20, 70),
    visible=flickers,
    allowed=FLAPPING_TOO,
)
def as_it_settles(life: Life, spell: Spell) -> None:
    """A loose bolt: within a minute or two after a ride it comes and goes, three times or more."""
    code, rides = loose(life, spell), life.rides
    ends_ms = rides.at_ms + (rides.duration_s * 1000).astype(np.int64)
    moments: list[int] = []
    for number in np.flatnonzero(spell.rides(life)).tolist():
        after_ms = spell.rng.integers(2_000, 110_000, int(spell.rng.integers(3, 8)))
        moments += (ends_ms[number] + after_ms).tolist()
    flaps(life, spell, moments, code)


# --- neglected


def has_several(profile: Profile) -> bool:
    """Whether two parts or more can fail by a code of their own."""
    return len(codes_of(profile, FaultClass.TECHNICIAN)) >= 3


@behaviour(
    "neglected/three_parts_by_turns",
    lasts=(55, 150),
    visible=has_several,
    allowed=("fault", "flapping", "battery_worn", "brake_slipping", "drive_worn", "charger_failed"),
)
def three_parts_by_turns(life: Life, spell: Spell) -> None:
    """Now this part complains and now that, most days; whoever helps knows the trick for each."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN)
    codes = [code for code in codes if code not in ("battery_flat", "power_down")]
    some = spell.rng.permutation(codes)[:3].tolist()
    complains = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.8)
    for day in np.flatnonzero(complains).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(7, 20)))
        lasts_ms = int(spell.rng.uniform(0.1, 1.8) * 3_600_000)
        code = str(some[int(spell.rng.integers(len(some)))])
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=from_ms + lasts_ms))
        life.days.restarts[day] += int(spell.rng.random() < 0.5)


@behaviour(
    "neglected/lit_since_it_came",
    visible=warns,
    allowed=("fault", "flapping", "charger_failed", "battery_worn", "not_charged"),
)
def lit_since_it_came(life: Life, spell: Spell) -> None:
    """A warning has been lit since the day it came; nobody there knows it otherwise."""
    spell.first = 0
    known = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=False)
    spell.until = int(spell.rng.integers(90, 240))
    until_ms = life.moment(spell.until, 11.0)
    life.faults.append(FaultSpell(code=known[0], from_ms=life.moment(0, 9.5), until_ms=until_ms))
    mechanic(life, spell.until)


@behaviour(
    "neglected/rebuilt_round_it",
    kinds=LIFTS,
    visible=shows_current,
    allowed=("drive_worn", "edges_tripping", "service_due", "fault", "flapping", "overload"),
)
def rebuilt_round_it(life: Life, spell: Spell) -> None:
    """The house is rebuilt round it, uncovered: plaster in rack and edges, more each weekend."""
    weekend = spell.during(life) & on_weekday(life, 5)
    caked = np.minimum(np.cumsum(weekend) / float(spell.rng.integers(7, 14)), 1.0)
    life.days.friction = life.days.friction * (1 + float(spell.rng.uniform(0.3, 0.5)) * caked)
    life.days.trips = life.days.trips + float(spell.rng.uniform(0.25, 0.6)) * caked


@behaviour(
    "neglected/hosed_down",
    kinds=WHEELS,
    lasts=(60, 150),
    visible=has_failure,
    allowed=("fault", "flapping", "battery_worn", "brake_slipping", "drive_worn", "charger_failed"),
)
def hosed_down(life: Life, spell: Spell) -> None:
    """Cleaned with the garden hose every Saturday: it refuses until it is dry, for months."""
    code = str(spell.rng.choice(stopping(life)))
    for day in np.flatnonzero(spell.during(life) & on_weekday(life, 5)).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(10, 15)))
        until_ms = from_ms + int(spell.rng.uniform(7, 26) * 3_600_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
        life.days.restarts[day] += int(spell.rng.integers(1, 3))


@behaviour(
    "neglected/a_hand_on_it",
    kinds=LIFTS | HOISTS,
    lasts=(40, 130),
    visible=tells_motion,
    allowed=("brake_slipping", "fault", "flapping", "too_fast", "drive_worn", "battery_worn"),
)
def a_hand_on_it(life: Life, spell: Spell) -> None:
    """It runs on, and refuses every morning; for months they keep a hand on it, and call nobody."""
    code = str(spell.rng.choice(stopping(life)))
    during = spell.during(life)
    life.days.slip_mm[during] += float(spell.rng.uniform(55, 110))
    for day in np.flatnonzero(during & (spell.rng.random(life.calendar.days) < 0.9)).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(6.5, 9.5)))
        lasts_ms = int(spell.rng.uniform(0.1, 1.2) * 3_600_000)
        life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=from_ms + lasts_ms))
