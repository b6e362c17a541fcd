"""Mechanics at work, sensors with a will of their own, and codes of normal use."""

import numpy as np

from simulator.years.behaviours.cases.benches import CHANGED, NOT_HEAVIER, shows
from simulator.years.behaviours.cases.codes import stopping
from simulator.years.behaviours.cases.signs import stands
from simulator.years.behaviours.cases.ways import reads, shown
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.health import shows_current
from simulator.years.behaviours.limits import has_digest
from simulator.years.behaviours.purpose import sees_seat
from simulator.years.behaviours.repairs import mechanic, serviced
from simulator.years.behaviours.wear import tells_motion
from simulator.years.life import FaultSpell, Life

# --- mechanics


@behaviour(
    "fine/maker_follows_it_up",
    lasts=(28, 60),
    forbidden=("modified", "neglected", "other_person", "drive_worn"),
)
def maker_follows_it_up(life: Life, spell: Spell) -> None:
    """Its maker tries a new part on it: his engineer opens it every week, with his key."""
    for day in range(spell.first, min(spell.until, life.calendar.days), 7):
        life.days.openings[day] += int(spell.rng.integers(1, 3))
        mechanic(life, day, hour=float(spell.rng.uniform(9, 15)))


@behaviour(
    "fine/board_under_warranty",
    lasts=(2, 5),
    visible=has_digest,
    forbidden=("modified", "neglected", "unused", "other_person"),
    allowed=("fault", "flapping", "charger_failed", "brake_slipping", "battery_worn"),
)
def board_under_warranty(life: Life, spell: Spell) -> None:
    """It stands with a code; within days the mechanic puts another board in, for nothing."""
    code = str(spell.rng.choice(stopping(life)))
    from_ms, until_ms = life.moment(spell.first, 13.0), life.moment(spell.until, 11.0)
    life.faults.append(FaultSpell(code=code, from_ms=from_ms, until_ms=until_ms))
    stands(life, spell.first + 1, spell.until)
    since = np.arange(life.calendar.days) >= spell.until
    life.days.board[since] += 1
    life.days.settings[since] += 1
    if spell.until < life.calendar.days:
        life.days.openings[spell.until] += 1
        mechanic(life, spell.until)


@behaviour(
    "fine/new_gear_runs_in",
    visible=shows_current,
    forbidden=(*NOT_HEAVIER, "modified", "battery_worn"),
)
def new_gear_runs_in(life: Life, spell: Spell) -> None:
    """A new gear in service: a tenth stiffer than the old, and easier by the week for months."""
    over = np.maximum(np.arange(life.calendar.days) - spell.first, 0) / 40.0
    stiff = float(spell.rng.uniform(0.06, 0.12)) * np.exp(-over) * spell.during(life)
    life.days.friction = life.days.friction * (1 + stiff)
    serviced(life, spell.first)


@behaviour(
    "fine/slow_charge_after_service",
    kinds=WHEELS | HOISTS,
    forbidden=("charger_failed", "not_charged", "battery_worn", "modified", "neglected"),
)
def slow_charge_after_service(life: Life, spell: Spell) -> None:
    """In service its charger is set to spare the battery: a quarter slower, a shade lower."""
    during = spell.during(life)
    life.days.charger[during] *= float(spell.rng.uniform(0.7, 0.85))
    life.days.charger_v[during] -= float(spell.rng.uniform(0.1, 0.3))
    serviced(life, spell.first)


# --- sensors


@behaviour(
    "fine/loses_count_now_and_then",
    kinds=LIFTS | HOISTS,
    stage=Stage.SIGHT,
    visible=tells_motion,
    forbidden=("brake_slipping", *CHANGED, "drive_worn"),
)
def loses_count_now_and_then(life: Life, spell: Spell) -> None:
    """Its counter skips: one way in thirty reads a tenth too little or too much."""
    rides = life.rides
    skips = spell.rides(life) & (spell.rng.random(len(rides)) < 1 / 30)
    off = spell.rng.choice([-1.0, 1.0], len(rides)) * spell.rng.uniform(0.05, 0.15, len(rides))
    rides.distance_m = np.where(skips, rides.distance_m * (1 + off), rides.distance_m)


@behaviour(
    "fine/tilt_reads_flat",
    kinds=WHEELS,
    stage=Stage.SIGHT,
    forbidden=("too_steep", *CHANGED, "unused"),
)
def tilt_reads_flat(life: Life, spell: Spell) -> None:
    """Its tilt sensor is dead: wherever it goes, the world is flat."""
    rides = life.rides
    rides.incline_deg = np.where(spell.rides(life), 0.0, rides.incline_deg)


@behaviour(
    "fine/seat_switch_bounces",
    stage=Stage.SIGHT,
    visible=sees_seat,
    forbidden=("other_person", "play", "goods_transport", "modified"),
)
def seat_switch_bounces(life: Life, spell: Spell) -> None:
    """Its seat switch bounces: every third time or so it says he sat down only just then."""
    rides = life.rides
    bounced = spell.rides(life) & (
        spell.rng.random(len(rides)) < float(spell.rng.uniform(0.25, 0.5))
    )
    part = spell.rng.uniform(0.02, 1.0, len(rides))
    rides.boarding_s = np.where(bounced, rides.boarding_s * part, rides.boarding_s)


@behaviour(
    "fine/highest_current_is_cut",
    stage=Stage.SIGHT,
    visible=shows_current,
    forbidden=(*CHANGED, "drive_worn", "battery_worn"),
)
def highest_current_is_cut(life: Life, spell: Spell) -> None:
    """A mechanic changes its sensor for one that cuts off the top: the peaks are gone."""
    rides, since = life.rides, spell.rides(life)
    if int(since.sum()) < 10:
        spell.skipped = True
        return
    most_a = float(np.quantile(rides.peak_a[since], float(spell.rng.uniform(0.5, 0.75))))
    cut_a = np.maximum(np.minimum(rides.peak_a, most_a), rides.mean_a)
    rides.peak_a = np.where(since, cut_a, rides.peak_a)
    mechanic(life, spell.first)


@behaviour("fine/thermometer_ages", stage=Stage.SIGHT, forbidden=("unsheltered", "battery_worn"))
def thermometer_ages(life: Life, spell: Spell) -> None:
    """Its thermometer ages: a degree less every month, by day and night alike."""
    lower_c = float(spell.rng.uniform(9, 16)) * spell.grown(life, over=260)
    coldest_c, warmest_c = life.seen_c
    life.seen_c = (coldest_c - lower_c, warmest_c - lower_c)


@behaviour(
    "fine/current_sensor_hums",
    stage=Stage.SIGHT,
    visible=shows_current,
    forbidden=(*NOT_HEAVIER, "battery_worn", "modified"),
)
def current_sensor_hums(life: Life, spell: Spell) -> None:
    """A new lamp beside it: in the evening its current reads some percent too much."""
    rides, since = life.rides, spell.rides(life)
    hour = (rides.at_ms - life.calendar.midnight_ms[rides.day]) / 3_600_000
    evening = since & (hour > 17.5)
    reads(life, np.where(evening, 1 + float(spell.rng.uniform(0.05, 0.1)), 1.0))


# --- codes of normal use


@behaviour(
    "fine/tips_its_seat",
    kinds=WHEELS,
    stage=Stage.SIGHT,
    visible=shows("inhibited"),
    forbidden=("flapping", "fault", "neglected"),
)
def tips_its_seat(life: Life, spell: Spell) -> None:
    """To get off he tips its seat: inhibited for a moment, after half of his outings."""
    rides = life.rides
    home = spell.rides(life) & rides.away & ~rides.up & (spell.rng.random(len(rides)) < 0.5)
    ends_ms = rides.at_ms + (rides.duration_s * 1000).astype(np.int64)
    for end_ms in ends_ms[home].tolist():
        after_ms = int(spell.rng.uniform(4_000, 20_000))
        shown(life, "inhibited", end_ms + after_ms, float(spell.rng.uniform(5, 45)))


@behaviour(
    "fine/too_heavy_for_its_test",
    kinds=HOISTS,
    lasts=(1, 1),
    visible=shows("overload"),
    forbidden=("overload", "flapping", "fault", "neglected", "goods_transport"),
)
def too_heavy_for_its_test(life: Life, spell: Spell) -> None:
    """In service it must refuse what is too heavy: so it does, three times, with the key in."""
    if spell.first >= life.calendar.days:
        spell.skipped = True
        return
    serviced(life, spell.first)
    for minute in (32, 37, 43):
        at_ms = life.moment(spell.first, 10.5 + minute / 60)
        until_ms = at_ms + int(spell.rng.uniform(5, 30) * 1000)
        life.faults.append(
            FaultSpell(code="overload", from_ms=at_ms, until_ms=until_ms, service=True)
        )
