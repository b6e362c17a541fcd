"""Too fast and too steep: seldom, by the weather, or ever more."""

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.behaviours.cases.gradients import SEEN_OFTEN
from simulator.years.behaviours.cases.journeys import client_kg, journeys
from simulator.years.behaviours.cases.limits import on_weekday, slopes
from simulator.years.behaviours.cases.roads import HARD_GOING
from simulator.years.behaviours.cases.ways import (
    another_client,
    coldest_of,
    some_days,
    warmest_of,
)
from simulator.years.behaviours.contract import WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import has_digest
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import Life, Who

# --- too_fast


def _often_out(life: Life, spell: Spell, share: float = 1.0) -> bool:
    """Tell whether so much of its ways would be seen; else it is left out."""
    seen = int((spell.rides(life) & life.rides.away).sum()) * share >= 2 * SEEN_OFTEN
    spell.skipped = not seen
    return seen


@behaviour("too_fast/one_way_in_eight", kinds=WHEELS, stage=Stage.RIDES, allowed=("modified",))
def one_way_in_eight(life: Life, spell: Spell) -> None:
    """He knows a trick that takes its limit off, and plays it seldom: one way in eight, for fun."""
    if not _often_out(life, spell, 0.125):
        return
    rides = life.rides
    free = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.125)
    rides.speed = np.where(free, spell.rng.uniform(1.35, 1.7, len(rides)), rides.speed)


@behaviour(
    "too_fast/a_notch_more",
    kinds=WHEELS,
    visible=has_digest,
    allowed=("modified",),
)
def a_notch_more(life: Life, spell: Spell) -> None:
    """Somebody with a programmer gave it a notch more: a seventh over its limit at its best."""
    during = spell.during(life)
    life.days.speed[during] *= float(spell.rng.uniform(1.36, 1.5))
    life.days.settings[during] += 1


@behaviour("too_fast/on_fine_days", kinds=WHEELS, stage=Stage.RIDES, allowed=("modified",))
def on_fine_days(life: Life, spell: Spell) -> None:
    """On the finer days he pulls a plug and lets it run; when it is cold and wet he does not."""
    if not _often_out(life, spell, 0.4):
        return
    rides = life.rides
    fine = warmest_of(life, spell, float(spell.rng.uniform(0.4, 0.55)))[rides.day] & rides.away
    rides.speed = np.where(fine, spell.rng.uniform(1.25, 1.55, len(rides)), rides.speed)


@behaviour(
    "too_fast/lent_on_to_a_slower_class",
    kinds=WHEELS,
    allowed=("other_person", "unused"),
)
def lent_on_to_a_slower_class(life: Life, spell: Spell) -> None:
    """Lent on to one who may go no faster than at a walk, as is registered; nobody set it so."""
    slow_mm_s = round(life.aid.speed_m_s * 1000 / float(spell.rng.uniform(1.4, 1.9)))
    spell.began_ms = life.moment(spell.first, 10.0)
    another_client(life, spell, 720_000, max_speed_mm_s=slow_mm_s)


@behaviour(
    "too_fast/by_an_older_board",
    kinds=WHEELS,
    lasts=(60, 190),
    visible=has_digest,
    allowed=("modified", "not_charged"),
)
def by_an_older_board(life: Life, spell: Spell) -> None:
    """A mechanic puts in a board out of the store that knows no limit, until one notices it."""
    during = spell.during(life)
    mechanic(life, spell.first)
    life.days.board[during] += 1
    life.days.settings[during] += 1
    life.days.speed[during] *= float(spell.rng.uniform(1.35, 1.6))
    mechanic(life, spell.until)


# --- too_steep


@behaviour("too_steep/ramp_that_sinks", kinds=WHEELS, stage=Stage.RIDES, allowed=HARD_GOING)
def ramp_that_sinks(life: Life, spell: Spell) -> None:
    """The street sinks before the door, and its ramp tilts: by a degree too many, then by four."""
    if not _often_out(life, spell):
        return
    rides = life.rides
    over_deg = 5.0 * spell.grown(life, over=float(spell.rng.uniform(70, 130)))[rides.day]
    there = spell.rides(life) & rides.away & (over_deg > 0.8)
    ramp_deg = float(life.aid.max_incline_deg or 10) + over_deg
    ramp_deg = ramp_deg + spell.rng.normal(0, 0.2, len(rides))
    rides.incline_deg = np.where(there, ramp_deg, rides.incline_deg)
    spell.first += 20


@behaviour("too_steep/seldom_and_very", kinds=WHEELS, stage=Stage.RIDES, allowed=HARD_GOING)
def seldom_and_very(life: Life, spell: Spell) -> None:
    """To the view from the old tip: one way in eight, and twice as steep as it may climb."""
    if not _often_out(life, spell, 0.125):
        return
    rides = life.rides
    there = spell.rides(life) & rides.away & (spell.rng.random(len(rides)) < 0.125)
    slopes(life, spell, there, 5.0, 11.0)


@behaviour(
    "too_steep/to_a_friend_on_the_mound",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=(*HARD_GOING, "not_charged"),
)
def to_a_friend_on_the_mound(life: Life, spell: Spell) -> None:
    """A friend lives on the church's mound: up to her on three evenings a week, and home again."""
    days = on_weekday(life, *spell.rng.choice(7, 3, replace=False).tolist())
    there = days & some_days(life, spell, 0.9)
    ways = journeys(
        life,
        spell,
        there,
        out_h=float(spell.rng.uniform(18.5, 19.8)),
        back_h=float(spell.rng.uniform(21.5, 22.8)),
        load_kg=client_kg(life, there.astype(np.int64)),
        length_m=float(spell.rng.uniform(300, 1_500)),
        who=Who.CLIENT,
        boarding_s=life.aid.client.boarding_s,
    )
    mound_deg = float(life.aid.max_incline_deg or 10) + float(spell.rng.uniform(1.5, 4.0))
    ways.incline_deg = mound_deg + spell.rng.normal(0, 0.4, len(ways))
    life.rides = life.rides.with_more(ways.sorted())


@behaviour(
    "too_steep/by_the_viaduct_in_frost",
    kinds=WHEELS,
    stage=Stage.RIDES,
    allowed=HARD_GOING,
)
def by_the_viaduct_in_frost(life: Life, spell: Spell) -> None:
    """On cold days the path by the water is slippery: then he goes over the steep viaduct."""
    cold = coldest_of(life, spell, float(spell.rng.uniform(0.35, 0.5)))[life.rides.day]
    over = cold & life.rides.away
    if int(over.sum()) < 2 * SEEN_OFTEN:
        spell.skipped = True
        return
    slopes(life, spell, over, 1.2, 3.5)


@behaviour(
    "too_steep/steps_within_the_house",
    kinds={AidKind.WHEELCHAIR},
    stage=Stage.RIDES,
    allowed=HARD_GOING,
)
def steps_within_the_house(life: Life, spell: Spell) -> None:
    """A plank lies over two steps within the house: some times a day, and far too steep."""
    rides = life.rides
    there = spell.rides(life) & ~rides.away & (spell.rng.random(len(rides)) < 0.35)
    slopes(life, spell, there, 2.5, 8.0)
