"""Ordinary life that is easily mistaken for improper use."""

from dataclasses import replace

import numpy as np

from gateway.protocol.vocabulary import FaultClass
from simulator.years.behaviours.contract import ALL, HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.faults import codes_of, warns
from simulator.years.behaviours.fine import AWAY, NOT_ANOTHER
from simulator.years.behaviours.people import add_rides
from simulator.years.behaviours.purpose import carry, on_days, trips_of_day
from simulator.years.behaviours.repairs import mechanic
from simulator.years.life import Bools, FaultSpell, Life, Who


def everybody_away(life: Life, away: Bools) -> None:
    """Have nobody of the household ride on these days."""
    life.days.rides[away] = 0.0
    life.days.partner[away] = 0.0


@behaviour("fine/rehabilitation", lasts=(35, 54), forbidden=AWAY)
def rehabilitation(life: Life, spell: Spell) -> None:
    """In a clinic for weeks, with a weekend at home now and then; slower afterwards."""
    day = np.arange(life.calendar.days)
    home = ((day - spell.first) % 14 >= 12) & (spell.rng.random() < 0.6)
    everybody_away(life, spell.during(life) & ~home)
    life.days.pace[day >= spell.until] *= 1.3


@behaviour(
    "fine/summer_at_campsite",
    kinds=WHEELS,
    lasts=(35, 70),
    forbidden=("lost", "other_person", "unused", "not_charged", "neglected"),
)
def summer_at_campsite(life: Life, spell: Spell) -> None:
    """Weeks at a campsite with it: another place, many rides, charged every night."""
    during = spell.during(life)
    life.days.cell[during] = 23
    life.days.gone[during] = True
    life.days.rides[during] *= float(spell.rng.uniform(0.8, 1.4))
    life.days.plugs[during] = 0.95


@behaviour("fine/loose_cover", lasts=(30, 150), forbidden=("modified", "lost"))
def loose_cover(life: Life, spell: Spell) -> None:
    """The contact of its housing is loose: it says "opened" now and then."""
    during = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.08)
    life.days.openings[during] += spell.rng.integers(1, 3, int(during.sum()))


@behaviour(
    "fine/update_from_afar",
    lasts=(1, 1),
    visible=lambda profile: profile.digest,
    forbidden=("modified", "other_person"),
)
def update_from_afar(life: Life, spell: Spell) -> None:
    """The maker updates it over the line: it starts anew, with other settings."""
    later = np.arange(life.calendar.days) >= spell.first
    life.days.settings[later] += 1
    life.days.restarts[spell.during(life)] += 1


@behaviour("fine/cover_opened_once", lasts=(1, 1), forbidden=("modified", "lost"))
def cover_opened_once(life: Life, spell: Spell) -> None:
    """A son looks under the cover for a fuse, and closes it again."""
    life.days.openings[spell.during(life)] += 1


@behaviour("fine/charger_by_post", forbidden=("modified",))
def charger_by_post(life: Life, spell: Spell) -> None:
    """A new charger comes by post; its voltage is a little different."""
    change_v = float(spell.rng.choice([-0.7, 0.7]))
    life.days.charger_v[spell.during(life)] += change_v


@behaviour(
    "fine/part_on_order",
    lasts=(28, 60),
    visible=warns,
    allowed=("fault", "flapping", "charger_failed", "not_charged"),
    forbidden=("neglected", "modified"),
)
def part_on_order(life: Life, spell: Spell) -> None:
    """The mechanic has been at once; the part that its warning asks for takes weeks to come."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=False)
    from_ms, until_ms = life.moment(spell.first, 9.0), life.moment(spell.until, 11.0)
    life.faults.append(FaultSpell(code=codes[0], from_ms=from_ms, until_ms=until_ms))
    for day in (spell.first + 2, spell.until):
        mechanic(life, day)


@behaviour(
    "fine/warning_for_a_fortnight",
    lasts=(9, 17),
    visible=warns,
    allowed=("fault", "flapping", "charger_failed"),
    forbidden=("neglected",),
)
def warning_for_a_fortnight(life: Life, spell: Spell) -> None:
    """A warning that nobody notices at first; then it is reported and mended."""
    codes = codes_of(life.aid.profile, FaultClass.TECHNICIAN, stops=False)
    from_ms, until_ms = life.moment(spell.first, 9.0), life.moment(spell.until, 11.0)
    life.faults.append(FaultSpell(code=codes[-1], from_ms=from_ms, until_ms=until_ms))
    mechanic(life, spell.until)


@behaviour(
    "fine/restarts_every_day",
    lasts=(20, 70),
    forbidden=("neglected", "modified", "unused"),
    allowed=("offline", "mute", "signal_weak"),
)
def restarts_every_day(life: Life, spell: Spell) -> None:
    """Its modem starts anew every day, and an edge is touched as ever."""
    life.days.restarts[spell.during(life)] += 1


@behaviour(
    "fine/weekends_away",
    kinds=LIFTS,
    lasts=(40, 120),
    forbidden=("not_charged", "neglected", "unused", "charger_failed"),
    allowed=("off_charge_point",),
)
def weekends_away(life: Life, spell: Spell) -> None:
    """Away from Friday to Sunday, and the mains are switched off meanwhile."""
    away = spell.during(life) & (np.arange(life.calendar.days) % 7 >= 4)
    everybody_away(life, away)
    life.days.mains[away] = 0.0


@behaviour(
    "fine/charged_at_half",
    kinds=WHEELS | HOISTS,
    forbidden=("not_charged", "neglected", "charger_failed", "battery_worn"),
)
def charged_at_half(life: Life, spell: Spell) -> None:
    """Plugged in when it is half empty, and never later."""
    during = spell.during(life)
    life.days.plugs[during] = 0.1
    life.days.heeds[during] = 0.58


@behaviour(
    "fine/heavy_partner",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=(*NOT_ANOTHER, "overload", "duty_cycle"),
)
def heavy_partner(life: Life, spell: Spell) -> None:
    """A couple, both entitled from the beginning: one light, one as heavy as is allowed."""
    spell.first = 0
    partner = replace(life.aid.partner, weight_kg=float(life.aid.max_load_kg) - 8, rounds=2.0)
    add_rides(life, spell, partner, Who.PARTNER, float(spell.rng.uniform(0.4, 1.0)))


@behaviour(
    "fine/birthday_party",
    lasts=(1, 2),
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=("duty_cycle", *NOT_ANOTHER),
)
def birthday_party(life: Life, spell: Spell) -> None:
    """All the guests want to ride it once."""
    counts = on_days(life, spell, 1.0, 8, 15)
    guests_kg = spell.rng.uniform(50, 95, int(counts.sum()))
    rides = trips_of_day(
        life, spell, counts, hours=(14, 16), who=Who.GUEST, up_kg=guests_kg, down_kg=guests_kg
    )
    life.rides = life.rides.with_more(rides)


@behaviour(
    "fine/laundry_basket",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=(*NOT_ANOTHER, "overload"),
)
def laundry_basket(life: Life, spell: Spell) -> None:
    """Twice a week a basket of washing rides up by itself."""
    days = spell.during(life) & np.isin(np.arange(life.calendar.days) % 7, (1, 4))
    carry(life, spell, days.astype(np.int64), 9, 24)


@behaviour("fine/conservatory_too", kinds=WHEELS, forbidden=("unsheltered",))
def conservatory_too(life: Life, spell: Spell) -> None:
    """It stands in an unheated conservatory: warm by day, cool at night, without frost."""
    during = spell.during(life)
    life.days.shelter[during] = 0.55
    life.days.room_c[during] = 15.0


@behaviour("fine/oxygen_bottle", forbidden=("other_person", "overload", "goods_transport"))
def oxygen_bottle(life: Life, spell: Spell) -> None:
    """From one day to the next with a bottle of oxygen, which takes its time to stow."""
    room_kg = life.aid.max_load_kg - 8.0 - life.aid.client.weight_kg
    during = spell.during(life)
    life.days.weight_kg[during] += min(float(spell.rng.uniform(3, 9)), max(room_kg, 0.0))
    life.days.pace[during] *= float(spell.rng.uniform(1.1, 1.4))


@behaviour(
    "fine/with_it_to_hospital",
    kinds=WHEELS,
    lasts=(6, 13),
    forbidden=("lost", "unused", "not_charged", "neglected"),
)
def with_it_to_hospital(life: Life, spell: Spell) -> None:
    """Taken along to hospital, where it stands unused and uncharged."""
    during = spell.during(life)
    life.days.cell[during] = 29
    life.days.gone[during] = True
    life.days.rides[during] = 0.0
    life.days.plugs[during], life.days.heeds[during] = 0.0, -1.0


@behaviour("fine/new_hip", forbidden=("other_person", "play", "modified"))
def new_hip(life: Life, spell: Spell) -> None:
    """After an operation everything goes better, from week to week."""
    gained = float(spell.rng.uniform(0.3, 0.55)) * spell.grown(life, over=40)
    life.days.pace *= 1 - gained
    life.days.rides *= 1 + 0.4 * gained


@behaviour(
    "fine/helper_sends_it_back",
    kinds=LIFTS,
    stage=Stage.RIDES,
    forbidden=(*NOT_ANOTHER, "duty_cycle"),
)
def helper_sends_it_back(life: Life, spell: Spell) -> None:
    """Whoever helps likes the chair downstairs: sent back empty once a day."""
    counts = (spell.during(life) & (spell.rng.random(life.calendar.days) < 0.6)).astype(np.int64)
    sent = trips_of_day(life, spell, counts, hours=(9, 20), who=Who.NOBODY, up_kg=0.0, down_kg=0.0)
    life.rides = life.rides.with_more(sent)


@behaviour(
    "fine/fewer_outings",
    kinds=ALL,
    forbidden=("unused", "other_person", "neglected"),
)
def fewer_outings(life: Life, spell: Spell) -> None:
    """Older and tired: a third of the rides that there were, and then no fewer."""
    life.days.rides = life.days.rides * (1 - 0.65 * spell.grown(life, over=60))
