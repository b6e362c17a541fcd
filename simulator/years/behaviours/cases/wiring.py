"""Sockets, codes and lines with which all is well."""

import numpy as np
from msgspec import structs

from simulator.years.behaviours.contract import HOISTS, LIFTS, WHEELS, Spell, behaviour
from simulator.years.behaviours.faults import flaps
from simulator.years.behaviours.fine import AWAY
from simulator.years.life import FaultSpell, Life, Outage

NOT_BROKEN = ("charger_failed", "battery_worn", "not_charged", "neglected")
NO_FAULT = ("flapping", "fault", "neglected")

# --- sockets


@behaviour(
    "fine/plug_out_while_away",
    kinds=WHEELS,
    lasts=(8, 18),
    forbidden=(*NOT_BROKEN, "unused", "lost"),
)
def plug_out_while_away(life: Life, spell: Spell) -> None:
    """Abroad for a fortnight, all plugs out: it was full, and is plugged in when they are back."""
    during = spell.during(life)
    life.days.rides[during], life.days.partner[during] = 0.0, 0.0
    life.days.plugs[during], life.days.heeds[during] = 0.0, -1.0
    if spell.until < life.calendar.days:
        life.days.plugs[spell.until], life.days.heeds[spell.until] = 1.0, 1.0


@behaviour(
    "fine/gentler_charger",
    forbidden=(*NOT_BROKEN, "off_charge_point", "modified"),
)
def gentler_charger(life: Life, spell: Spell) -> None:
    """It gets a gentler charger, of two thirds the strength: it is full every morning still."""
    life.days.charger[spell.during(life)] = float(spell.rng.uniform(0.6, 0.75))


@behaviour(
    "fine/inhibited_while_it_charges",
    kinds=WHEELS,
    forbidden=(*NO_FAULT, "charger_failed"),
)
def inhibited_while_it_charges(life: Life, spell: Spell) -> None:
    """Its controller says "inhibited" while it is plugged in: every night, as it is meant to."""
    if "inhibited" not in life.aid.profile.codes:
        spell.skipped = True
        return
    for day in np.flatnonzero(spell.during(life)).tolist():
        from_ms = life.moment(day, 21.9 + float(spell.rng.uniform(0, 1.5)))
        until_ms = life.moment(day + 1, 5.5 + float(spell.rng.uniform(0, 1.0)))
        life.faults.append(FaultSpell(code="inhibited", from_ms=from_ms, until_ms=until_ms))


@behaviour("fine/red_button_for_the_night", kinds=HOISTS, forbidden=NO_FAULT)
def red_button_for_the_night(life: Life, spell: Spell) -> None:
    """Its red button is pressed to switch it off: every night, from the last lift to the first."""
    if "emergency_stop" not in life.aid.profile.codes:
        spell.skipped = True
        return
    client = life.aid.client
    for day in np.flatnonzero(spell.during(life)).tolist():
        from_ms = life.moment(day, client.sleeps_h + float(spell.rng.uniform(0.8, 1.4)))
        until_ms = life.moment(day + 1, client.wakes_h - float(spell.rng.uniform(0.2, 0.5)))
        life.faults.append(FaultSpell(code="emergency_stop", from_ms=from_ms, until_ms=until_ms))


@behaviour("fine/key_out_for_the_children", kinds=LIFTS, forbidden=NO_FAULT)
def key_out_for_the_children(life: Life, spell: Spell) -> None:
    """Whenever children visit its key is taken out: on some afternoons, and a few times in each."""
    if "key_off" not in life.aid.profile.codes:
        spell.skipped = True
        return
    visits = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.1)
    for day in np.flatnonzero(visits).tolist():
        hours = spell.rng.uniform(13, 19, int(spell.rng.integers(1, 4))).tolist()
        flaps(life, spell, [life.moment(day, hour) for hour in hours], "key_off")


# --- lines


@behaviour(
    "fine/full_network_every_evening",
    lasts=(30, 150),
    forbidden=("offline", "mute", "signal_weak", "unused"),
)
def full_network_every_evening(life: Life, spell: Spell) -> None:
    """When all the street watches films the network is full: some minutes' gap every evening."""
    for day in np.flatnonzero(spell.during(life)).tolist():
        from_ms = life.moment(day, 20.0 + float(spell.rng.uniform(0, 2.5)))
        lasts_ms = int(spell.rng.uniform(4, 40) * 60_000)
        life.outages.append(Outage(from_ms=from_ms, until_ms=from_ms + lasts_ms))


@behaviour(
    "fine/off_in_every_thunderstorm",
    lasts=(60, 150),
    forbidden=("unused", "neglected", "test_calls_missed", "modified", "lost"),
    allowed=("offline", "mute"),
)
def off_in_every_thunderstorm(life: Life, spell: Spell) -> None:
    """For fear of lightning all plugs are out while it thunders: some hours, some times a month."""
    storms = spell.during(life) & (spell.rng.random(life.calendar.days) < 0.1)
    for day in np.flatnonzero(storms).tolist():
        from_ms = life.moment(day, float(spell.rng.uniform(14, 21)))
        lasts_ms = int(spell.rng.uniform(0.5, 3.5) * 3_600_000)
        life.outages.append(Outage(from_ms=from_ms, until_ms=from_ms + lasts_ms, on=False))


@behaviour("fine/signal_by_the_tide", forbidden=("signal_weak", "offline", "mute"))
def signal_by_the_tide(life: Life, spell: Spell) -> None:
    """Across the water from its mast: ten decibels more or less by the day, and always enough."""
    spell.first = 0
    swing_db = spell.rng.normal(0, 6, life.calendar.days).clip(-12, 12)
    life.days.signal_dbm = np.clip(life.days.signal_dbm + swing_db, -99.0, -52.0)


@behaviour(
    "fine/painters_switch_it_off",
    lasts=(2, 3),
    forbidden=("lost", "unused", "neglected", "not_charged", "battery_worn"),
    allowed=("offline", "mute", "test_calls_missed", "charger_failed", "off_charge_point"),
)
def painters_switch_it_off(life: Life, spell: Spell) -> None:
    """Painters take the power off by day, for two days or three; in the evening it is on."""
    for day in np.flatnonzero(spell.during(life)).tolist():
        life.days.mains[day] = min(float(life.days.mains[day]), 0.6)
        from_ms = life.moment(day, 7.5 + float(spell.rng.uniform(0, 0.6)))
        until_ms = life.moment(day, 15.5 + float(spell.rng.uniform(0, 2)))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))


@behaviour("fine/waits_for_its_client", forbidden=AWAY)
def waits_for_its_client(life: Life, spell: Spell) -> None:
    """Fitted while its client is still in a clinic: nobody rides in its first weeks."""
    spell.first, spell.until = 0, int(spell.rng.integers(11, 22))
    life.days.rides[: spell.until] = 0.0
    life.days.partner[: spell.until] = 0.0
    life.register[0] = structs.replace(life.register[0], lent_on=None)
    home = life.calendar.date_of(spell.until)
    life.registered(life.moment(spell.until, 9.0), lent_on=home)
