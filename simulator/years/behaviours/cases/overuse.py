"""More than it bears, and more often than it is made for."""

import numpy as np
from msgspec import structs

from simulator.years.behaviours.cases.excess import lent_a_type_too_light_for
from simulator.years.behaviours.cases.journeys import client_kg
from simulator.years.behaviours.cases.limits import on_weekday
from simulator.years.behaviours.cases.ways import (
    bursts,
    by_turns,
    clients,
    season,
    some_days,
)
from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, Stage, behaviour
from simulator.years.behaviours.limits import TOO_HEAVY, TOO_OFTEN, feels_load
from simulator.years.behaviours.purpose import on_days
from simulator.years.life import Life, Who

# --- overload


@behaviour(
    "overload/copiers_upstairs",
    kinds=LIFTS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=(*TOO_HEAVY, "duty_cycle"),
)
def copiers_upstairs(life: Life, spell: Spell) -> None:
    """A dealer stores copiers upstairs: one or two ride up on some days, as heavy as two men."""
    counts = on_days(life, spell, 0.25, 1, 2)
    copier_kg = life.aid.max_load_kg * spell.rng.uniform(1.08, 1.35, int(counts.sum()))
    bursts(
        life,
        spell,
        counts,
        hours=(9, 16),
        who=Who.THINGS,
        up_kg=copier_kg,
        down_kg=0.0,
        apart_h=0.4,
        boarding_s=60,
    )


@behaviour(
    "overload/spare_batteries_bolted_on",
    kinds=WHEELS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=(*TOO_HEAVY, "modified"),
)
def spare_batteries_bolted_on(life: Life, spell: Spell) -> None:
    """Two spare batteries and a box of tools are bolted to it: on every ride, at home as well."""
    rides, more_kg = life.rides, float(spell.rng.uniform(42, 60))
    if not lent_a_type_too_light_for(life, life.aid.client.weight_kg + more_kg):
        spell.skipped = True
        return
    rides.load_kg = np.where(spell.rides(life), rides.load_kg + more_kg, rides.load_kg)


@behaviour(
    "overload/big_bags_of_potatoes",
    kinds=HOISTS,
    lasts=(18, 50),
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=(*TOO_HEAVY, "duty_cycle", "not_charged"),
)
def big_bags_of_potatoes(life: Life, spell: Spell) -> None:
    """At harvest time a farmer loads big bags on a cart with it: some on most working days."""
    counts = on_days(life, spell, 0.75, 2, 7) * on_weekday(life, 0, 1, 2, 3, 4, 5)
    bag_kg = life.aid.max_load_kg * spell.rng.uniform(1.06, 1.32, int(counts.sum()))
    bursts(
        life,
        spell,
        counts,
        hours=(13, 16),
        who=Who.THINGS,
        up_kg=bag_kg,
        down_kg=bag_kg,
        apart_h=0.3,
        boarding_s=90,
    )


@behaviour("overload/too_much_in_winter_only", visible=feels_load, allowed=TOO_HEAVY)
def too_much_in_winter_only(life: Life, spell: Spell) -> None:
    """In summer it just bears him; over the dark months he puts on so much that it does not."""
    own_kg = life.aid.client.weight_kg
    limit_kg = min(int(own_kg + spell.rng.uniform(8, 11)), life.aid.max_load_kg)
    if limit_kg < 80 or own_kg < limit_kg - 14 or not season(life, spell, cold=True, least=35):
        spell.skipped = True
        return
    life.register[0] = structs.replace(life.register[0], max_load_kg=limit_kg)
    most_kg = limit_kg * float(spell.rng.uniform(1.1, 1.17)) - own_kg
    inside = np.clip(np.convolve(spell.during(life), np.ones(25) / 25, "same") * 1.6, 0, 1)
    life.days.weight_kg = life.days.weight_kg + most_kg * inside
    spell.first += 10
    spell.until -= 10


@behaviour(
    "overload/brings_home_ever_more",
    kinds=LIFTS | WHEELS,
    stage=Stage.RIDES,
    visible=feels_load,
    allowed=TOO_HEAVY,
)
def brings_home_ever_more(life: Life, spell: Spell) -> None:
    """He hoards: each week heavier bags ride up, or home, with him, on half of those ways."""
    rides, own_kg = life.rides, life.aid.client.weight_kg
    homewards = rides.up if life.aid.at_landings else rides.away & ~rides.up
    laden = clients(life, spell) & homewards & (spell.rng.random(len(rides)) < 0.5)
    most_kg = float(spell.rng.uniform(36, 55))
    if int(laden.sum()) < 12 or not lent_a_type_too_light_for(life, own_kg + most_kg):
        spell.skipped = True  # hardly ever out, or so light that no bag is too much
        return
    over = float(spell.rng.uniform(50, 90))
    bags_kg = most_kg * spell.grown(life, over=over)[rides.day]
    rides.load_kg = np.where(laden, rides.load_kg + bags_kg, rides.load_kg)
    rides.boarding_s = np.where(laden, rides.boarding_s * 1.4, rides.boarding_s)
    limit_kg = (own_kg + most_kg) / 1.12  # of the type that it was lent as
    spell.first += round(over * np.clip(1.05 * (limit_kg - own_kg) / most_kg, 0, 1))


# --- duty_cycle


@behaviour(
    "duty_cycle/ever_more_callers",
    kinds=LIFTS,
    stage=Stage.RIDES,
    allowed=TOO_OFTEN,
)
def ever_more_callers(life: Life, spell: Spell) -> None:
    """A healer has her couch upstairs: some callers a day at first, by and by more than a score."""
    over = float(spell.rng.uniform(35, 70))
    mean = np.where(some_days(life, spell, 0.9), 3 + 23 * spell.grown(life, over=over), 0.0)
    counts = spell.rng.poisson(mean).astype(np.int64) * ~life.calendar.weekend
    caller_kg = spell.rng.uniform(48, min(105, life.aid.max_load_kg - 5), int(counts.sum()))
    bursts(
        life,
        spell,
        counts,
        hours=(8.3, 9),
        who=Who.OTHER,
        up_kg=caller_kg,
        down_kg=np.roll(caller_kg, 2),
        apart_h=0.38,
        boarding_s=9,
    )
    spell.first += round(0.5 * over)


@behaviour(
    "duty_cycle/his_own_program_calls_it",
    kinds=LIFTS,
    lasts=(14, 60),
    stage=Stage.RIDES,
    allowed=TOO_OFTEN,
)
def his_own_program_calls_it(life: Life, spell: Spell) -> None:
    """A hobbyist's program sends it up and down empty, every quarter of an hour, all day."""
    counts = on_days(life, spell, 0.9, 34, 52)
    bursts(
        life,
        spell,
        counts,
        hours=(7, 8),
        who=Who.NOBODY,
        up_kg=0.0,
        down_kg=0.0,
        apart_h=0.26,
        boarding_s=0.5,
    )


@behaviour(
    "duty_cycle/stands_up_forty_times",
    kinds=HOISTS,
    stage=Stage.RIDES,
    allowed=(*TOO_OFTEN, "not_charged"),
)
def stands_up_forty_times(life: Life, spell: Spell) -> None:
    """To learn to stand he is pulled up and let down a dozen times, morning, noon and night."""
    for hour in (9.2, 13.8, 18.7):
        counts = on_days(life, spell, 0.92, 10, 16)
        own_kg = client_kg(life, counts)
        bursts(
            life,
            spell,
            counts,
            hours=(hour - 0.2, hour + 0.4),
            who=Who.CLIENT,
            up_kg=own_kg * 0.9,
            down_kg=own_kg * 0.9,
            whole=0.6,
            boarding_s=20,
            apart_h=0.07,
        )


@behaviour(
    "duty_cycle/two_weeks_on_a_ward",
    kinds=HOISTS,
    stage=Stage.RIDES,
    allowed=(*TOO_OFTEN, "not_charged"),
)
def two_weeks_on_a_ward(life: Life, spell: Spell) -> None:
    """Time and again a ward has it for two weeks: all its people, from early until late."""
    there = by_turns(life, spell, (11, 17), (18, 35))
    counts = on_days(life, spell, 0.97, 24, 40) * there
    patient_kg = np.resize(
        spell.rng.uniform(45, min(115, life.aid.max_load_kg - 8), 9), int(counts.sum())
    )
    bursts(
        life,
        spell,
        counts,
        hours=(6.8, 7.3),
        who=Who.OTHER,
        up_kg=patient_kg,
        down_kg=patient_kg,
        apart_h=0.38,
        boarding_s=0.7 * life.aid.client.boarding_s,
    )


@behaviour(
    "duty_cycle/calmed_by_riding",
    kinds=LIFTS,
    stage=Stage.RIDES,
    allowed=TOO_OFTEN,
)
def calmed_by_riding(life: Life, spell: Spell) -> None:
    """Nothing else calms him: on bad evenings he rides without a pause, a score of times."""
    counts = on_days(life, spell, 0.6, 17, 30)
    own_kg = client_kg(life, counts)
    bursts(
        life,
        spell,
        counts,
        hours=(17.5, 19),
        who=Who.CLIENT,
        up_kg=own_kg,
        down_kg=own_kg,
        boarding_s=3.0,
        apart_h=0.09,
    )
