"""Mechanics and what they leave behind, and sensors that err: nothing is the matter."""

import numpy as np

from gateway.protocol.vocabulary import Seat
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.faults import flaps, flickers, loose
from simulator.years.behaviours.health import shows_current
from simulator.years.behaviours.purpose import trips_of_day
from simulator.years.behaviours.repairs import mechanic, serviced
from simulator.years.life import Life, Outage, Who

CHANGED = ("modified", "other_person")
NO_USE = ("other_person", "goods_transport", "play")


@behaviour(
    "fine/charger_and_battery_together",
    forbidden=("modified", "charger_failed", "battery_worn", "off_charge_point", "neglected"),
)
def charger_and_battery_together(life: Life, spell: Spell) -> None:
    """A mechanic brings a new battery and the charger that goes with it, of another make."""
    during, new = spell.during(life), life.aid.battery
    life.days.capacity_ah[during] = new.capacity_ah * float(spell.rng.uniform(0.9, 1.15))
    life.days.resistance_ohm[during] = new.resistance_ohm * float(spell.rng.uniform(0.8, 1.15))
    life.days.charger_v[during] = float(spell.rng.uniform(27.2, 29.0))
    life.days.charger[during] *= float(spell.rng.uniform(0.8, 1.4))
    if spell.first < life.calendar.days:
        life.days.openings[spell.first] += 1
        mechanic(life, spell.first)


@behaviour(
    "fine/overhauled",
    kinds=WHEELS,
    lasts=(5, 12),
    forbidden=(*CHANGED, "too_fast", "drive_worn", "lost", "unused", "not_charged"),
)
def overhauled(life: Life, spell: Spell) -> None:
    """Overhauled by the maker: ten days away, and back as new, with settings of its own."""
    during, after = spell.during(life), np.arange(life.calendar.days) >= spell.until
    life.days.cell[during] = 690
    life.days.gone[during] = True
    life.days.rides[during] = 0.0
    later = during | after
    life.days.friction[later] = 1.0
    life.days.settings[later] += 2
    life.days.capacity_ah[later] = life.aid.battery.capacity_ah
    life.days.resistance_ohm[later] = life.aid.battery.resistance_ohm
    serviced(life, min(spell.first + 1, life.calendar.days - 1))


@behaviour(
    "fine/carriage_exchanged",
    kinds=LIFTS,
    forbidden=(*CHANGED, "drive_worn", "overload", "battery_worn", "goods_transport"),
)
def carriage_exchanged(life: Life, spell: Spell) -> None:
    """The whole carriage is exchanged in service, board and motor and all: the rail stays."""
    during = spell.during(life)
    life.days.board[during] += 2
    life.days.settings[during] += 2
    life.days.friction[during] = float(spell.rng.uniform(0.93, 1.06))
    life.days.speed[during] *= float(spell.rng.uniform(0.97, 1.03))
    serviced(life, spell.first)


@behaviour(
    "fine/mended_within_days",
    lasts=(2, 3),
    visible=flickers,
    allowed=("flapping", "fault"),
    forbidden=("neglected", "modified", "other_person"),
)
def mended_within_days(life: Life, spell: Spell) -> None:
    """A switch begins to rattle; it is reported that evening, and mended two days later."""
    code = loose(life, spell)
    for day in np.flatnonzero(spell.during(life)).tolist():
        hours = spell.rng.uniform(8, 21, int(spell.rng.integers(3, 8))).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], code)
    if spell.until < life.calendar.days:
        life.days.openings[spell.until] += 1
        mechanic(life, spell.until)


@behaviour(
    "fine/reads_a_little_otherwise",
    forbidden=("battery_worn", "charger_failed", "not_charged", "modified", "neglected"),
)
def reads_a_little_otherwise(life: Life, spell: Spell) -> None:
    """Another modem is put in by the mechanic: it reads a quarter of a volt more, or less."""
    off_v = float(spell.rng.choice([-0.25, 0.2]))
    during = spell.during(life)
    life.days.dropped_v[during] += off_v
    life.days.charger_v[during] -= off_v
    mechanic(life, spell.first)


@behaviour(
    "fine/counts_anew_after_service",
    kinds=WHEELS,
    stage=Stage.SIGHT,
    forbidden=("too_fast", *CHANGED),
)
def counts_anew_after_service(life: Life, spell: Spell) -> None:
    """New wheels in service, a little larger than the old: it reads some percent less, or more."""
    rides = life.rides
    factor = np.where(spell.rides(life), float(spell.rng.choice([0.95, 0.97, 1.03])), 1.0)
    rides.max_speed_mm_s = rides.max_speed_mm_s * factor
    rides.distance_m = rides.distance_m * factor
    serviced(life, spell.first, opened=False)


@behaviour(
    "fine/seat_cleaned",
    lasts=(1, 2),
    stage=Stage.SIGHT,
    visible=lambda profile: profile.seat,
    forbidden=(*NO_USE, "modified", "unused", "fault"),
)
def seat_cleaned(life: Life, spell: Spell) -> None:
    """Its seat was washed, and until it is dry its switch says now this and now that."""
    rides = life.rides
    wet = spell.rides(life) & (spell.rng.random(len(rides)) < 0.5)
    other = np.where(rides.seat_seen == int(Seat.EMPTY), int(Seat.OCCUPIED), int(Seat.EMPTY))
    rides.seat_seen = np.where(wet, other, rides.seat_seen)


@behaviour(
    "fine/proof_load",
    kinds=HOISTS,
    lasts=(1, 1),
    stage=Stage.RIDES,
    forbidden=(*NO_USE, "overload", "duty_cycle", "modified"),
)
def proof_load(life: Life, spell: Spell) -> None:
    """Its yearly inspection: weights as heavy as it bears, or a quarter more, are lifted twice."""
    weights_kg = float(life.aid.max_load_kg) * float(spell.rng.choice([1.0, 1.1, 1.25]))
    tries = trips_of_day(
        life,
        spell,
        2 * spell.during(life).astype(np.int64),
        hours=(11.05, 11.3),
        who=Who.GUEST,
        up_kg=weights_kg,
        down_kg=weights_kg,
        boarding_s=60,
    )
    life.rides = life.rides.with_more(tries)
    serviced(life, spell.first, opened=False)


@behaviour(
    "fine/noted_weeks_later",
    forbidden=(*CHANGED, "neglected", "battery_worn"),
    allowed=("service_due",),
)
def noted_weeks_later(life: Life, spell: Spell) -> None:
    """The mechanic has been, opened and greased it; the register hears of it three weeks later."""
    if spell.first < life.calendar.days:
        life.days.openings[spell.first] += 1
        mechanic(life, spell.first)
    life.days.friction[spell.during(life)] *= float(spell.rng.uniform(0.94, 0.99))
    noted = spell.first + int(spell.rng.integers(14, 30))
    if noted < life.calendar.days:
        served = life.calendar.date_of(spell.first)
        life.registered(life.moment(noted, 15.0), serviced_on=served)


@behaviour(
    "fine/battery_on_loan",
    lasts=(5, 13),
    forbidden=("battery_worn", "modified", "neglected", "charger_failed", "not_charged"),
)
def battery_on_loan(life: Life, spell: Spell) -> None:
    """A smaller battery on loan for a week or more, while its own is tested and comes back."""
    during = spell.during(life)
    life.days.capacity_ah[during] *= float(spell.rng.uniform(0.7, 0.9))
    life.days.resistance_ohm[during] *= float(spell.rng.uniform(1.05, 1.3))
    for day in (spell.first, spell.until):
        if day < life.calendar.days:
            life.days.openings[day] += 1
            mechanic(life, day)


@behaviour(
    "fine/helpdesk_restarts_it",
    lasts=(1, 1),
    forbidden=("modified", "fault", "flapping", "offline", "mute", "neglected"),
)
def helpdesk_restarts_it(life: Life, spell: Spell) -> None:
    """The helpdesk has its plug pulled and put back, some times in one afternoon."""
    life.days.restarts[spell.during(life)] += 1
    for hour in np.sort(spell.rng.uniform(13, 17, 3)).tolist():
        from_ms = life.moment(spell.first, hour)
        life.outages.append(Outage(from_ms=from_ms, until_ms=from_ms + 120_000, on=False))


@behaviour(
    "fine/load_cell_spikes",
    kinds=HOISTS,
    stage=Stage.SIGHT,
    lasts=(30, 120),
    visible=lambda profile: profile.weighs,
    forbidden=("overload", *NO_USE, "drive_worn"),
)
def load_cell_spikes(life: Life, spell: Spell) -> None:
    """Set down hard, its load cell says twice as much: in two or three strokes in all."""
    rides = life.rides
    there = np.flatnonzero(spell.rides(life) & (rides.load_kg > 30))
    if len(there):
        picked = spell.rng.choice(there, min(3, len(there)), replace=False)
        rides.load_kg[picked] *= spell.rng.uniform(1.5, 2.2, len(picked))


@behaviour(
    "fine/on_the_roller_bench",
    kinds=WHEELS,
    lasts=(1, 1),
    stage=Stage.SIGHT,
    forbidden=("too_fast", *CHANGED, "drive_worn"),
)
def on_the_roller_bench(life: Life, spell: Spell) -> None:
    """In service its speed is tested on rollers, without a limit: one ride is far too fast."""
    there = np.flatnonzero(spell.rides(life))
    limit = float(life.aid.max_speed_mm_s or 0)
    if len(there):
        life.rides.max_speed_mm_s[there[0]] = limit * float(spell.rng.uniform(1.2, 1.5))
    serviced(life, spell.first)


@behaviour(
    "fine/thermometer_by_the_charger",
    stage=Stage.SIGHT,
    forbidden=("unsheltered", "battery_worn", "charger_failed", "neglected"),
)
def thermometer_by_the_charger(life: Life, spell: Spell) -> None:
    """Its thermometer hangs over the charger: it says far more on days when that works hard."""
    coldest, warmest = life.seen_c
    works = np.clip(life.charging_ms / 86_400_000, 0, 1)
    more_c = float(spell.rng.uniform(6, 12)) * works * spell.during(life)
    life.seen_c = (coldest + 0.4 * more_c, warmest + more_c)


@behaviour(
    "fine/current_reads_by_the_weather",
    stage=Stage.SIGHT,
    visible=shows_current,
    forbidden=("drive_worn", "overload", "other_person", "goods_transport", "battery_worn"),
)
def current_reads_by_the_weather(life: Life, spell: Spell) -> None:
    """Its current sensor reads by the weather: some percent more when warm, less when cold."""
    rides = life.rides
    mean_c = (life.calendar.coldest_c + life.calendar.warmest_c) / 2
    drift = 0.004 * np.clip(mean_c - 10, -12, 12) * spell.during(life)
    factor = 1 + drift[rides.day]
    rides.mean_a, rides.peak_a = rides.mean_a * factor, rides.peak_a * factor
    rides.profile_a = rides.profile_a * factor[:, None]
