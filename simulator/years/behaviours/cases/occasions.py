"""Houses where something happens once, or now and then, and that is all."""

import numpy as np

from simulator.years.behaviours.cases.codes import stopping
from simulator.years.behaviours.cases.drives import touched
from simulator.years.behaviours.cases.gatherings import NO_USE
from simulator.years.behaviours.cases.journeys import client_kg, journeys
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.people import weight_apart
from simulator.years.behaviours.purpose import carry, on_days, trips_of_day
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import FaultSpell, Life, Who

MIN_SEATED_KG = 20.0


@behaviour(
    "fine/viewers_of_the_house",
    kinds=LIFTS,
    lasts=(18, 32),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def viewers_of_the_house(life: Life, spell: Spell) -> None:
    """The house is for sale: on three Saturdays some of those who view it try the chair once."""
    saturdays = np.flatnonzero(spell.during(life) & on_weekday(life, 5))[:3]
    counts = np.zeros(life.calendar.days, dtype=np.int64)
    counts[saturdays] = spell.rng.integers(1, 4, len(saturdays))
    viewer_kg = spell.rng.uniform(52, 96, int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(11, 13),
        who=Who.GUEST,
        up_kg=viewer_kg,
        down_kg=spell.rng.choice([0.0, 1.0], len(viewer_kg)) * viewer_kg,
        apart_h=0.4,
        boarding_s=8.0,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/plumbers_tools",
    kinds=LIFTS,
    lasts=(1, 2),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def plumbers_tools(life: Life, spell: Spell) -> None:
    """A plumber lets his tools and a cistern ride up: some loads, for a day or two."""
    carry(life, spell, on_days(life, spell, 1.0, 2, 4), 12, 30)


@behaviour(
    "fine/weekend_with_nieces",
    kinds=LIFTS,
    lasts=(2, 2),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def weekend_with_nieces(life: Life, spell: Spell) -> None:
    """Two nieces stay for a weekend: they may ride as often as they like, and do, and go home."""
    counts = on_days(life, spell, 1.0, 5, 9)
    niece_kg = np.resize(spell.rng.uniform(22, 42, 2), int(counts.sum()))
    rides = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 15),
        who=Who.GUEST,
        up_kg=niece_kg,
        down_kg=niece_kg,
        boarding_s=2.5,
        presses=0.8,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/tray_goes_up",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def tray_goes_up(life: Life, spell: Spell) -> None:
    """Her breakfast tray rides up by itself, most mornings, and rides down again an hour later."""
    there = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.85)
    served_h = life.aid.client.wakes_h - float(spell.rng.uniform(0.8, 1.3))
    tray = journeys(
        life,
        spell,
        there,
        out_h=served_h,
        back_h=served_h + 0.4,
        load_kg=float(spell.rng.uniform(2, 4)),
        who=Who.THINGS,
        boarding_s=10.0,
        spread_h=0.1,
    )
    tray.load_kg = np.maximum(tray.load_kg, 0.5)
    life.rides = life.rides.with_more(tray.sorted())


@behaviour(
    "fine/mother_in_law_on_sundays",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def mother_in_law_on_sundays(life: Life, spell: Spell) -> None:
    """Every third Sunday or so an old mother-in-law comes, and takes it to the bathroom."""
    there = np.zeros(life.calendar.days, dtype=bool)
    sundays = np.flatnonzero(spell.during(life) & on_weekday(life, 6))
    there[sundays[:: int(spell.rng.integers(3, 5))]] = True
    visit = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(14, 16)),
        back_h=float(spell.rng.uniform(16.3, 16.8)),
        load_kg=weight_apart(life, spell, 8, 30),
        who=Who.GUEST,
        boarding_s=float(spell.rng.uniform(12, 30)),
    )
    life.rides = life.rides.with_more(visit.sorted())


@behaviour(
    "fine/handset_in_small_hands",
    kinds=HOISTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=NO_USE,
)
def handset_in_small_hands(life: Life, spell: Spell) -> None:
    """A visitor's child finds the handset: the empty arm up and down for a while, one afternoon."""
    rides = trips_of_day(
        life,
        spell,
        on_days(life, spell, 1.0, 3, 7),
        hours=(13, 17),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        whole=0.4,
        boarding_s=0.5,
        presses=1.5,
        apart_h=0.06,
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/family_lifts_on_sundays",
    kinds=HOISTS,
    stage=Stage.RIDES,
    forbidden=("other_person", "play", "duty_cycle", "goods_transport", "modified"),
)
def family_lifts_on_sundays(life: Life, spell: Spell) -> None:
    """On Sundays no carer comes: the family does it, an hour later, and takes twice as long."""
    rides = life.rides
    sunday = spell.rides(life) & on_weekday(life, 6)[rides.day]
    longer = float(spell.rng.uniform(1.5, 2.3))
    rides.boarding_s = np.where(sunday, rides.boarding_s * longer, rides.boarding_s)
    later_ms = round(float(spell.rng.uniform(0.5, 1.2)) * 3_600_000)
    rides.at_ms = np.where(sunday, rides.at_ms + later_ms, rides.at_ms)


@behaviour(
    "fine/carnival_parade",
    kinds=WHEELS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=(*NO_USE, "drive_worn"),
)
def carnival_parade(life: Life, spell: Spell) -> None:
    """Hung with paper and lath it goes along in the parade, at a foot's pace, and that once."""
    there = spell.during(life)
    own_kg = client_kg(life, there.astype(np.int64))
    dressed_kg = np.minimum(own_kg + float(spell.rng.uniform(12, 25)), life.aid.max_load_kg + 4.0)
    rides = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(12.5, 13.5)),
        back_h=float(spell.rng.uniform(15.5, 16.5)),
        load_kg=np.maximum(dressed_kg, own_kg),
        length_m=float(spell.rng.uniform(1_200, 2_500)),
        who=Who.CLIENT,
        boarding_s=2 * life.aid.client.boarding_s,
    )
    rides.speed = rides.speed * 0.35
    rides.stops = spell.rng.poisson(25, len(rides))
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/wet_coats_now_and_then",
    kinds=LIFTS,
    forbidden=("edges_tripping", "neglected", "flapping", "fault"),
)
def wet_coats_now_and_then(life: Life, spell: Spell) -> None:
    """Every few weeks, when all come home wet, coats dry on the rail for a day and are touched."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        life.days.trips[day] += float(spell.rng.uniform(0.4, 0.9))
        day += int(spell.rng.integers(14, 33))


@behaviour(
    "fine/freed_by_the_fire_brigade",
    lasts=(1, 2),
    forbidden=("modified", "neglected", "other_person", "unused", "lost"),
    allowed=("fault", "flapping", "offline", "test_calls_missed"),
)
def freed_by_the_fire_brigade(life: Life, spell: Spell) -> None:
    """It stops with its client; firemen take its cover off to free him; mended the next morning."""
    code, day = str(spell.rng.choice(stopping(life))), min(spell.first, life.calendar.days - 1)
    from_ms = life.moment(day, float(spell.rng.uniform(16, 21)))
    until_ms = life.moment(day + 1, 11.0)
    life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
    life.days.openings[day] += 1
    if day + 1 < life.calendar.days:
        life.days.openings[day + 1] += 1
        mechanic(life, day + 1)


@behaviour(
    "fine/parked_short_by_a_visitor",
    kinds=LIFTS,
    forbidden=("off_charge_point", "charger_failed", "battery_worn", "neglected"),
)
def parked_short_by_a_visitor(life: Life, spell: Spell) -> None:
    """Every few weeks a visitor lets go too early, and it stands a hand short overnight."""
    day = spell.first
    while day < min(spell.until, life.calendar.days):
        life.days.parks_well[day] = 0.3
        day += int(spell.rng.integers(12, 27))


@behaviour(
    "fine/new_orthopaedic_shoes",
    kinds=LIFTS,
    lasts=(5, 8),
    stage=Stage.RIDES,
    forbidden=("edges_tripping", "neglected", "flapping", "other_person"),
)
def new_orthopaedic_shoes(life: Life, spell: Spell) -> None:
    """New shoes, an inch longer: they touch the footrest's edge for a week, until he minds them."""
    rides = life.rides
    there = spell.rides(life) & (rides.who == int(Who.CLIENT)) & (rides.load_kg > MIN_SEATED_KG)
    touched(life, spell, there, float(spell.rng.uniform(0.25, 0.5)))
