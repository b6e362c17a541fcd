"""Mechanics who come, what they bring and change, and sensors that err."""

import numpy as np

from gateway.protocol.vocabulary import FaultClass, Seat
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.faults import codes_of
from simulator.years.behaviours.health import shows_current
from simulator.years.behaviours.purpose import on_days, trips_of_day
from simulator.years.behaviours.repairs import mechanic, serviced
from simulator.years.behaviours.wear import tells_motion
from simulator.years.life import FaultSpell, Life, Outage, Who

CHANGED = ("modified", "other_person")
NO_USE = ("other_person", "goods_transport", "play", "duty_cycle")


@behaviour(
    "fine/inspected_at_takeover",
    kinds=LIFTS | HOISTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=(*NO_USE, "overload", "modified"),
)
def inspected_at_takeover(life: Life, spell: Spell) -> None:
    """Another contractor takes it over and inspects it: opened, tried empty and with weights."""
    counts = on_days(life, spell, 1.0, 3, 6)
    weights_kg = spell.rng.choice([0.0, 75.0, float(life.aid.max_load_kg)], int(counts.sum()))
    tries = trips_of_day(
        life,
        spell,
        counts,
        hours=(11.1, 11.5),
        who=Who.GUEST,
        up_kg=weights_kg,
        down_kg=weights_kg,
        boarding_s=30,
    )
    life.rides = life.rides.with_more(tries)
    life.days.openings[spell.during(life)] += 1
    mechanic(life, spell.first)


@behaviour(
    "fine/carers_instructed",
    kinds=HOISTS,
    lasts=(1, 3),
    stage=Stage.RIDES,
    forbidden=(*NO_USE, "overload"),
)
def carers_instructed(life: Life, spell: Spell) -> None:
    """New carers are shown how it is done, on one another, for an hour."""
    counts = on_days(life, spell, 1.0, 3, 6)
    carer_kg = spell.rng.uniform(52, 88, int(counts.sum()))
    shown = trips_of_day(
        life,
        spell,
        counts,
        hours=(10, 15),
        who=Who.GUEST,
        up_kg=carer_kg,
        down_kg=carer_kg,
        boarding_s=60,
        apart_h=0.14,
    )
    life.rides = life.rides.with_more(shown)


@behaviour(
    "fine/current_glitches",
    stage=Stage.SIGHT,
    visible=shows_current,
    forbidden=("drive_worn", "overload", "other_person", "goods_transport", "battery_worn"),
)
def current_glitches(life: Life, spell: Spell) -> None:
    """A bad solder joint at its current sensor: one ride in thirty reads far too much."""
    rides = life.rides
    bad = spell.rides(life) & (spell.rng.random(len(rides)) < 0.03)
    factor = np.where(bad, spell.rng.uniform(1.2, 1.6, len(rides)), 1.0)
    rides.mean_a, rides.peak_a = rides.mean_a * factor, rides.peak_a * factor
    rides.profile_a = rides.profile_a * factor[:, None]


@behaviour(
    "fine/load_cell_drifts",
    kinds=HOISTS,
    stage=Stage.SIGHT,
    visible=lambda profile: profile.weighs,
    forbidden=("other_person", "overload", "goods_transport", "drive_worn"),
)
def load_cell_drifts(life: Life, spell: Spell) -> None:
    """Its load cell says more from month to month, or less; the client weighs what he weighed."""
    rides = life.rides
    drift_kg = float(spell.rng.choice([-1.0, 1.0]) * spell.rng.uniform(4, 9))
    grown = spell.grown(life, over=float(spell.rng.uniform(90, 200)))[rides.day]
    shown_kg = np.minimum(rides.load_kg + drift_kg * grown, life.aid.max_load_kg - 2.0)
    rides.load_kg = np.where(rides.load_kg > 20, np.maximum(shown_kg, 20.0), rides.load_kg)


@behaviour(
    "fine/cushion_on_the_seat",
    lasts=(15, 80),
    stage=Stage.SIGHT,
    visible=lambda profile: profile.seat,
    forbidden=("modified", "goods_transport", "other_person", "play"),
)
def cushion_on_the_seat(life: Life, spell: Spell) -> None:
    """A new cushion is so thick that its switch feels somebody, whether anybody sits or not."""
    rides = life.rides
    pressed = spell.rides(life) & (spell.rng.random(len(rides)) < 0.85)
    rides.seat_seen = np.where(pressed, int(Seat.OCCUPIED), rides.seat_seen)
    # Somebody "sits" since the ride before; how long getting on took nobody can tell.
    ends_ms = rides.at_ms + (rides.duration_s * 1000).astype(np.int64)
    since_s = np.append(rides.boarding_s[:1], (rides.at_ms[1:] - ends_ms[:-1]) / 1000)
    rides.boarding_s = np.where(pressed, np.maximum(since_s, 1.0), rides.boarding_s)


@behaviour(
    "fine/thermometer_in_the_sun",
    kinds=WHEELS,
    stage=Stage.SIGHT,
    forbidden=("unsheltered", "battery_worn", "neglected"),
)
def thermometer_in_the_sun(life: Life, spell: Spell) -> None:
    """The sun falls on its thermometer through a window: far too warm on fine days."""
    coldest_c, warmest_c = life.seen_c
    fine = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.5)
    sun_c = spell.rng.uniform(6, 18, life.calendar.days)
    life.seen_c = (coldest_c, np.where(fine, warmest_c + sun_c, warmest_c))


@behaviour("fine/recalled", lasts=(1, 1), forbidden=(*CHANGED, "fault", "lost"))
def recalled(life: Life, spell: Spell) -> None:
    """The maker calls a series back: its mechanic puts another board in, and that is no service."""
    later = np.arange(life.calendar.days) >= spell.first
    life.days.board[later] += 2
    life.days.settings[later] += 1
    life.days.openings[spell.during(life)] += 1
    mechanic(life, spell.first)


@behaviour(
    "fine/modem_exchanged",
    lasts=(1, 1),
    forbidden=(*CHANGED, "lost", "signal_weak", "unused"),
    allowed=("offline", "mute", "test_calls_missed"),
)
def modem_exchanged(life: Life, spell: Spell) -> None:
    """The mechanic puts another modem in; it is some hours before that one speaks."""
    from_ms = life.moment(spell.first, 10.5)
    until_ms = from_ms + int(spell.rng.uniform(0.5, 8) * 3_600_000)
    life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False, service=True))
    life.days.openings[spell.during(life)] += 1
    later = np.arange(life.calendar.days) >= spell.first
    other_dbm = np.clip(life.days.signal_dbm + spell.rng.uniform(-8, 8), -97, -55)
    life.days.signal_dbm = np.where(later, other_dbm, life.days.signal_dbm)


@behaviour(
    "fine/quicker_after_service",
    kinds=WHEELS,
    forbidden=(*CHANGED, "too_fast"),
)
def quicker_after_service(life: Life, spell: Spell) -> None:
    """A new motor in service: a little quicker, within what it is allowed."""
    life.days.speed[spell.during(life)] *= float(spell.rng.uniform(1.02, 1.05))
    life.days.settings[spell.during(life)] += 1
    serviced(life, spell.first)


@behaviour(
    "fine/tilt_sensor_off",
    kinds=WHEELS,
    lasts=(10, 35),
    stage=Stage.SIGHT,
    forbidden=("too_steep", "modified"),
)
def tilt_sensor_off(life: Life, spell: Spell) -> None:
    """Knocked askew, its tilt sensor says a degree or two too much, until it is set right."""
    rides = life.rides
    more_deg = float(spell.rng.uniform(1.0, 2.2))
    rides.incline_deg = rides.incline_deg + np.where(spell.rides(life), more_deg, 0.0)
    mechanic(life, spell.until)


@behaviour(
    "fine/new_lining_beds_in",
    kinds=LIFTS | HOISTS,
    lasts=(8, 20),
    visible=tells_motion,
    forbidden=("brake_slipping", "modified", "too_fast"),
)
def new_lining_beds_in(life: Life, spell: Spell) -> None:
    """A new brake lining in service: it runs on by a finger's breadth until it has bedded in."""
    bedding = np.where(spell.during(life), 1 - spell.grown(life), 0.0)
    life.days.slip_mm = life.days.slip_mm + float(spell.rng.uniform(10, 20)) * bedding
    serviced(life, spell.first)


@behaviour(
    "fine/codes_in_service",
    lasts=(1, 1),
    forbidden=("fault", "flapping", "modified", "neglected"),
)
def codes_in_service(life: Life, spell: Spell) -> None:
    """In service the mechanic tries all that can stop it: code after code, with his key in."""
    known = codes_of(life.aid.profile, FaultClass.TECHNICIAN)
    known += codes_of(life.aid.profile, FaultClass.SELF_CLEARING)
    at_ms = life.moment(spell.first, 11.05)
    for code in spell.rng.permutation(sorted(known))[:8].tolist():
        until_ms = at_ms + int(spell.rng.uniform(3, 50) * 1_000)
        life.faults.append(FaultSpell(code=code, from_ms=at_ms, until_ms=until_ms, service=True))
        at_ms = until_ms + int(spell.rng.uniform(5, 60) * 1_000)
    serviced(life, spell.first)


@behaviour(
    "fine/dusty_until_service",
    kinds=LIFTS,
    lasts=(8, 16),
    forbidden=("edges_tripping", "neglected", "drive_worn"),
)
def dusty_until_service(life: Life, spell: Spell) -> None:
    """Dust from works next door: an edge catches now and then, until it is cleaned in service."""
    life.days.trips[spell.during(life)] += float(spell.rng.uniform(0.05, 0.13))
    life.days.friction[spell.during(life)] *= float(spell.rng.uniform(1.01, 1.05))
    serviced(life, spell.until)
