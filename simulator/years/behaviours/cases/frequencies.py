"""Modems and their lines, test calls, and dates of service."""

from datetime import timedelta

import numpy as np
from msgspec import structs

from simulator.years.behaviours.cases.airwaves import MUTE_TOO, no_better_than
from simulator.years.behaviours.cases.lines import HOUR_MS, NOT_SILENT, SILENT_TOO
from simulator.years.behaviours.cases.quiet import WEAK_TOO
from simulator.years.behaviours.cases.ways import another_client, by_turns, some_days
from simulator.years.behaviours.contract import WHEELS, Spell, behaviour
from simulator.years.behaviours.repairs import mechanic
from simulator.years.behaviours.silence import NOT_ITS_PEOPLE, outages
from simulator.years.behaviours.wear import last_serviced
from simulator.years.life import Life, Outage

# --- signal_weak


@behaviour("signal_weak/a_decibel_a_week", allowed=WEAK_TOO)
def a_decibel_a_week(life: Life, spell: Spell) -> None:
    """A young wood grows up before the mast, so slowly that nobody sees it: a decibel a week."""
    lowest = float(spell.rng.uniform(-117, -112))
    grown = spell.grown(life, over=float(spell.rng.uniform(90, 160)), power=0.8)
    no_better_than(life, spell, life.aid.signal_dbm + grown * (lowest - life.aid.signal_dbm))
    weak = np.flatnonzero(spell.during(life) & (life.days.signal_dbm < -102))
    if not len(weak):
        spell.skipped = True
        return
    spell.first = int(weak[0])


@behaviour("signal_weak/while_the_lorry_stands_there", lasts=(60, 170), allowed=WEAK_TOO)
def while_the_lorry_stands_there(life: Life, spell: Spell) -> None:
    """A driver's lorry stands before the window while he is at home: some days, and again."""
    there = by_turns(life, spell, (4, 8), (3, 7))
    blocked_dbm = float(spell.rng.uniform(-117, -111))
    no_better_than(life, spell, np.where(there, blocked_dbm, -50.0))
    outages(life, spell, a_day=0.2, longest_h=1.0)


@behaviour("signal_weak/tightened_and_loose_again", lasts=(70, 180), allowed=WEAK_TOO)
def tightened_and_loose_again(life: Life, spell: Spell) -> None:
    """A son turns its aerial tight; in two weeks or three it has worked loose again."""
    day, end = spell.first, min(spell.until, life.calendar.days)
    share = np.zeros(life.calendar.days)
    while day < end:
        loosens = int(spell.rng.integers(13, 26))
        last = min(day + loosens, end)
        share[day:last] = np.clip(1.7 * (np.arange(last - day) + 1) / loosens, 0, 1)
        day += loosens
    lowest = float(spell.rng.uniform(-118, -112))
    no_better_than(life, spell, life.aid.signal_dbm + share * (lowest - life.aid.signal_dbm))
    outages(life, spell, a_day=0.3, longest_h=1.5)


# --- offline


@behaviour(
    "offline/only_at_weekends",
    lasts=(30, 100),
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def only_at_weekends(life: Life, spell: Spell) -> None:
    """It hangs on the socket of an office that is cut off from Sunday night to Friday night."""
    while life.calendar.date_of(spell.first).weekday() != 6:
        spell.first += 1
    for day in range(spell.first, min(spell.until, life.calendar.days), 7):
        from_ms = life.moment(day, float(spell.rng.uniform(19, 22)))
        until_ms = life.moment(day + 5, float(spell.rng.uniform(16.5, 19)))
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms, on=False))
        spell.began_ms, spell.until_ms = spell.began_ms or from_ms, until_ms


@behaviour(
    "offline/while_there_is_sun_enough",
    lasts=(20, 60),
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def while_there_is_sun_enough(life: Life, spell: Spell) -> None:
    """Its relay lives on a solar panel: there for some hours about noon, on dark days never."""
    at_ms = spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(14, 16)))
    for day in range(spell.first + 1, spell.until):
        if spell.rng.random() < 0.65:
            noon_ms = life.moment(day, float(spell.rng.uniform(10.5, 12)))
            life.outages.append(Outage(from_ms=at_ms, until_ms=noon_ms))
            at_ms = noon_ms + int(spell.rng.uniform(1.0, 3.5) * HOUR_MS)
    spell.until_ms = life.moment(spell.until, 11.0)
    life.outages.append(Outage(from_ms=at_ms, until_ms=spell.until_ms))


@behaviour(
    "offline/away_with_the_jammer",
    lasts=(30, 90),
    forbidden=NOT_ITS_PEOPLE,
    allowed=SILENT_TOO,
)
def away_with_the_jammer(life: Life, spell: Spell) -> None:
    """A neighbour has a jammer in his van: no line while it is parked, two days or four."""
    for day in np.flatnonzero(np.diff(by_turns(life, spell, (1, 1), (5, 11)).astype(int)) == 1):
        from_ms = life.moment(int(day) + 1, float(spell.rng.uniform(14, 21)))
        until_ms = from_ms + int(spell.rng.uniform(38, 92) * HOUR_MS)
        life.outages.append(Outage(from_ms=from_ms, until_ms=until_ms))
        spell.began_ms, spell.until_ms = spell.began_ms or from_ms, until_ms


@behaviour(
    "offline/more_away_than_there",
    lasts=(12, 40),
    forbidden=NOT_ITS_PEOPLE,
    allowed=(*SILENT_TOO, "signal_weak"),
)
def more_away_than_there(life: Life, spell: Spell) -> None:
    """Its modem is worn out: gone for hours, back for one or two, gone again, for weeks on end."""
    at_ms = spell.began_ms = life.moment(spell.first, float(spell.rng.uniform(0, 20)))
    last_ms = life.moment(min(spell.until, life.calendar.days), 9.0)
    while at_ms < last_ms:
        until_ms = at_ms + int(spell.rng.uniform(4, 14) * HOUR_MS)
        life.outages.append(Outage(from_ms=at_ms, until_ms=until_ms, on=False))
        spell.until_ms = until_ms
        at_ms = until_ms + int(spell.rng.uniform(0.4, 2.5) * HOUR_MS)
    mechanic(life, spell.until + 1)


# --- mute


@behaviour(
    "mute/a_word_now_and_then",
    lasts=(35, 110),
    forbidden=NOT_ITS_PEOPLE,
    allowed=MUTE_TOO,
)
def a_word_now_and_then(life: Life, spell: Spell) -> None:
    """Its program starts by luck: on one day of eight it speaks, on the others it is only there."""
    life.days.speaks &= ~some_days(life, spell, 0.87)


@behaviour(
    "mute/while_they_were_on_holiday",
    lasts=(10, 26),
    forbidden=NOT_ITS_PEOPLE,
    allowed=MUTE_TOO,
)
def while_they_were_on_holiday(life: Life, spell: Spell) -> None:
    """It falls dumb while everybody is away and nothing is missed: connected, without a reading."""
    home = spell.first + (spell.until - spell.first) * 3 // 4
    life.days.rides[max(spell.first - 2, 0) : home] = 0.0
    life.days.partner[max(spell.first - 2, 0) : home] = 0.0
    life.days.speaks &= ~spell.during(life)
    life.days.restarts[spell.until : spell.until + 1] += 1


@behaviour("mute/fades_out_day_by_day", forbidden=NOT_ITS_PEOPLE, allowed=MUTE_TOO)
def fades_out_day_by_day(life: Life, spell: Spell) -> None:
    """Its store of words breaks sector by sector: dumb on some days, on most, and then for good."""
    dumb = some_days(life, spell, spell.grown(life, over=float(spell.rng.uniform(25, 45))))
    life.days.speaks &= ~dumb
    run = np.convolve(dumb, np.ones(5))[4:] >= 5  # from here on five days without a word
    spell.first = int(np.flatnonzero(run)[0]) if run.any() else spell.first


@behaviour(
    "mute/speaks_while_one_looks",
    lasts=(24, 60),
    forbidden=NOT_ITS_PEOPLE,
    allowed=MUTE_TOO,
)
def speaks_while_one_looks(life: Life, spell: Spell) -> None:
    """Dumb, but for the days when a mechanic is there; at his third visit he exchanges it."""
    visits = np.linspace(spell.first, spell.until, 4).round().astype(int)[1:].tolist()
    life.days.speaks &= ~spell.during(life)
    for visit in visits:
        mechanic(life, visit)
        life.days.speaks[visit : visit + 1] = True


# --- test_calls_missed


@behaviour("test_calls_missed/number_is_ported", lasts=(30, 70), forbidden=NOT_SILENT)
def number_is_ported(life: Life, spell: Spell) -> None:
    """The number that it calls goes to another operator: none gets through, then half, then all."""
    half = spell.first + 2 * (spell.until - spell.first) // 3
    later = np.arange(life.calendar.days) >= half
    lost = np.where(later, some_days(life, spell, 0.55), spell.during(life))
    life.days.tests &= ~lost


@behaviour("test_calls_missed/since_it_was_lent_on", forbidden=NOT_SILENT)
def since_it_was_lent_on(life: Life, spell: Spell) -> None:
    """Lent on, as the register says; its subscription was the last client's, and is closed."""
    another_client(life, spell, 650_000)
    life.days.tests &= ~spell.during(life)


@behaviour("test_calls_missed/waits_twice_as_long", forbidden=NOT_SILENT)
def waits_twice_as_long(life: Life, spell: Spell) -> None:
    """An error doubles its interval with each call: after six days, after twelve, twenty-four."""
    life.days.tests &= ~spell.during(life)
    day, wait = spell.first + 2, 6
    while day < life.calendar.days:
        life.days.tests[day : day + 3] = True
        day, wait = day + wait, wait * 2
    spell.first += 8


# --- service_due


@behaviour("service_due/date_corrected", allowed=("neglected",))
def date_corrected(life: Life, spell: Spell) -> None:
    """Its date of service was another aid's, as is found and put right; it is long overdue."""
    last = life.calendar.date_of(spell.first) - timedelta(days=int(spell.rng.integers(380, 600)))
    seeming = life.calendar.date_of(spell.first) - timedelta(days=int(spell.rng.integers(60, 250)))
    built = min(life.register[0].built_on or last, last - timedelta(days=60))
    last_serviced(life, spell, serviced_on=seeming, built_on=built)
    spell.began_ms = life.moment(spell.first, 12.0)
    life.registered(spell.began_ms, serviced_on=last)


@behaviour("service_due/with_the_rest_of_the_street", allowed=("neglected",))
def with_the_rest_of_the_street(life: Life, spell: Spell) -> None:
    """To save journeys it waits until all of its street is due: five weeks late, or ten."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=90))
    life.register[0] = structs.replace(life.register[0], serviced_on=last, built_on=built)
    spell.until = spell.first + int(spell.rng.integers(35, 72))
    if spell.until < life.calendar.days:
        mechanic(life, spell.until)
        life.registered(
            life.moment(spell.until, 18.0), serviced_on=life.calendar.date_of(spell.until)
        )


@behaviour("service_due/hardly_used_so_it_can_wait", allowed=("neglected", "unused"))
def hardly_used_so_it_can_wait(life: Life, spell: Spell) -> None:
    """Ridden a third as often as it was, it is left out of the round: that one can wait."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=150))
    life.days.rides[max(spell.first - 60, 0) :] *= 0.35
    last_serviced(life, spell, serviced_on=last, built_on=built)


@behaviour(
    "service_due/crossed_off_at_the_workshop",
    kinds=WHEELS,
    allowed=("neglected", "lost"),
)
def crossed_off_at_the_workshop(life: Life, spell: Spell) -> None:
    """In the workshop for its lamps, weeks before it is due, it is crossed off for that."""
    last = life.calendar.date_of(spell.first) - timedelta(days=365)
    built = min(life.register[0].built_on or last, last - timedelta(days=45))
    there = max(spell.first - int(spell.rng.integers(12, 40)), 0)
    stay = slice(there, there + int(spell.rng.integers(3, 6)))
    life.days.cell[stay], life.days.gone[stay], life.days.rides[stay] = 5, True, 0.0
    mechanic(life, there + 1)
    last_serviced(life, spell, serviced_on=last, built_on=built)
