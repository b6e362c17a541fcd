"""Modems that say nothing: off, cut off, mute, or without their test calls."""

import numpy as np

from simulator.years.behaviours.contract import Spell, behaviour
from simulator.years.life import Life, Outage

NOT_ITS_PEOPLE = ("unused", "neglected", "other_person")


def cut_off(life: Life, spell: Spell, *, on: bool, until: int | None = None) -> None:
    """Cut the modem off from some hour of the first day until the last, to the minute."""
    from_ms = life.moment(spell.first, float(spell.rng.uniform(1, 22)))
    until = spell.until if until is None else until
    until_ms = life.moment(until, float(spell.rng.uniform(8, 18)))
    life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=on))
    spell.began_ms, spell.until_ms = from_ms, until_ms


@behaviour(
    "offline/modem_unplugged",
    lasts=(6, 25),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed",),
)
def modem_unplugged(life: Life, spell: Spell) -> None:
    """Somebody needed the socket: the modem is off until somebody notices."""
    cut_off(life, spell, on=False)


@behaviour(
    "offline/card_expired", lasts=(10, 40), forbidden=NOT_ITS_PEOPLE, allowed=("test_calls_missed",)
)
def card_expired(life: Life, spell: Spell) -> None:
    """Its card is refused; the modem lives on and keeps what it has to say."""
    cut_off(life, spell, on=True)


@behaviour("offline/modem_dead", forbidden=NOT_ITS_PEOPLE, allowed=("test_calls_missed",))
def modem_dead(life: Life, spell: Spell) -> None:
    """It dies, and nobody replaces it."""
    cut_off(life, spell, on=False, until=life.calendar.days + 1)


@behaviour(
    "mute/watch_hangs", lasts=(8, 30), forbidden=NOT_ITS_PEOPLE, allowed=("test_calls_missed",)
)
def watch_hangs(life: Life, spell: Spell) -> None:
    """Its program hangs though the connection is kept."""
    life.days.speaks &= ~spell.during(life)


@behaviour("mute/outbox_full", forbidden=NOT_ITS_PEOPLE, allowed=("test_calls_missed",))
def outbox_full(life: Life, spell: Spell) -> None:
    """Its disk is full for good: it connects and can store nothing to say."""
    life.days.speaks &= ~spell.during(life)


@behaviour(
    "mute/only_presence",
    lasts=(10, 40),
    forbidden=NOT_ITS_PEOPLE,
    allowed=("test_calls_missed", "offline"),
)
def only_presence(life: Life, spell: Spell) -> None:
    """It starts again every few hours, connects, and says nothing more."""
    during = spell.during(life)
    life.days.speaks &= ~during
    life.days.restarts[during] += 1


@behaviour("test_calls_missed/timer_dead", forbidden=("offline", "mute"))
def timer_dead(life: Life, spell: Spell) -> None:
    """The timer of its test calls is broken; everything else is said."""
    life.days.tests &= ~spell.during(life)


@behaviour("test_calls_missed/since_update", lasts=(20, 80), forbidden=("offline", "mute"))
def since_update(life: Life, spell: Spell) -> None:
    """An update broke them, another mended them."""
    life.days.restarts[min(spell.first, life.calendar.days - 1)] += 1
    life.days.tests &= ~spell.during(life)


@behaviour("test_calls_missed/path_gone", lasts=(14, 45), forbidden=("offline", "mute"))
def path_gone(life: Life, spell: Spell) -> None:
    """The path of calls is gone, but for a rare one that gets through."""
    lucky = spell.rng.random(life.calendar.days) < 0.05
    life.days.tests &= ~spell.during(life) | lucky


@behaviour("fine/one_missed_test_call", lasts=(3, 3), forbidden=("test_calls_missed",))
def one_missed_test_call(life: Life, spell: Spell) -> None:
    """One test call is missed: of mobile lines one in ten is."""
    life.days.tests &= ~spell.during(life)


@behaviour("fine/short_outages", lasts=(20, 60), forbidden=("offline", "mute"))
def short_outages(life: Life, spell: Spell) -> None:
    """A poor line for some weeks: many outages of minutes."""
    outages(life, spell, a_day=2.0, longest_h=0.7)


@behaviour("fine/night_switch", lasts=(20, 90), forbidden=("offline", "unused"))
def night_switch(life: Life, spell: Spell) -> None:
    """Somebody switches the modem off with the lights, every night."""
    off_h, on_h = spell.rng.uniform(22.0, 23.5), spell.rng.uniform(6.5, 8.5)
    for day in np.flatnonzero(spell.during(life)).tolist():
        life.outages.append(
            Outage(
                from_ms=life.moment(day, float(off_h)),
                until_ms=life.moment(day + 1, float(on_h)),
                on=False,
            )
        )


def outages(life: Life, spell: Spell, *, a_day: float, longest_h: float) -> None:
    """Have the line fail some times a day."""
    days = np.flatnonzero(spell.during(life))
    for day, count in zip(days.tolist(), spell.rng.poisson(a_day, len(days)), strict=True):
        for _ in range(int(count)):
            from_ms = life.moment(day, float(spell.rng.uniform(0, 23.5)))
            lasts_ms = int(spell.rng.uniform(0.02, longest_h) * 3_600_000)
            life.outages.append(Outage(from_ms=from_ms, until_ms=from_ms + lasts_ms))


@behaviour("signal_weak/antenna_corroding", allowed=("offline", "mute", "test_calls_missed"))
def antenna_corroding(life: Life, spell: Spell) -> None:
    """Its aerial corrodes: weaker from month to month, then outages."""
    lost_db = float(spell.rng.uniform(-114, -108)) - life.aid.signal_dbm
    grown = spell.grown(life, over=float(spell.rng.uniform(60, 140)))
    life.days.signal_dbm = life.days.signal_dbm + lost_db * grown
    outages(life, spell, a_day=0.4, longest_h=3.0)


@behaviour("signal_weak/wall_built", allowed=("offline", "mute", "test_calls_missed"))
def wall_built(life: Life, spell: Spell) -> None:
    """A wall, a mirror, a cupboard: weaker from one day to the next."""
    target_dbm = float(spell.rng.uniform(-113, -107))
    life.days.signal_dbm = np.where(
        spell.during(life),
        target_dbm + spell.rng.normal(0, 1.5, life.calendar.days),
        life.days.signal_dbm,
    )
    outages(life, spell, a_day=0.5, longest_h=2.0)


@behaviour("signal_weak/mast_gone", allowed=("offline", "mute", "test_calls_missed"))
def mast_gone(life: Life, spell: Spell) -> None:
    """The nearest mast is gone: every other day hardly anything gets through."""
    good = spell.rng.random(life.calendar.days) < 0.3
    weak_dbm = np.where(good, -103.0, -115.0) + spell.rng.normal(0, 1.5, life.calendar.days)
    life.days.signal_dbm = np.where(spell.during(life), weak_dbm, life.days.signal_dbm)
    outages(life, spell, a_day=1.0, longest_h=4.0)


@behaviour("fine/mast_maintenance", lasts=(2, 5), forbidden=("signal_weak", "offline"))
def mast_maintenance(life: Life, spell: Spell) -> None:
    """The mast is worked on for some days."""
    life.days.signal_dbm = life.days.signal_dbm - 15.0 * spell.during(life)
