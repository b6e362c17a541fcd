"""What counts as charging, and for how long it may fail."""

from typing import Final

from msgspec import Struct

HOUR_MS: Final = 3_600_000


class Parameters(Struct, frozen=True, kw_only=True):
    """What counts as charging, and for how long it may fail. Assumed, with these reasons."""

    # A chance to charge: the charger has mains (and is plugged in), long enough that any charger
    # would begin.
    chance_ms: int = 4 * HOUR_MS
    nothing: float = 0.02  # of the chance
    nothing_days: int = 2
    nothing_ms: int = 16 * HOUR_MS  # in those days together
    # A lift's modem sees the charging current, not the contact. Whoever lets go too early misses
    # the contact often, not always: so many rides, and not once charged, is the charger.
    rides_on_rail: int = 12
    rides_adrift: int = 48  # where it is known to be parked beside its contacts
    rides: int = 4  # elsewhere; without use there is nothing to charge
    rest_drop_mv: int = 300  # some tenth of the charge, in days
    unsure_days: int = 4  # where mains are not reported
    proven_days: int = 3  # it must have charged before, or its modem cannot tell
    # A charger that gives too little: it charges as long as ever, and never reaches its voltage.
    weak_days: int = 5
    weak_mv: int = 800
    # Float voltage of lead-acid is 2.25-2.30 V a cell, 27.0-27.6 V: below this nothing gets full.
    # Above it a battery may just be on its way, after hard use.
    never_full_mv: int = 26_400
    # Whatever it is used to: no more than a full battery holds by itself, on charge for most of so
    # many days. A charger of another type reaches no more from the first day on.
    always_weak_mv: int = 26_200
    always_weak_days: int = 8
    rest_ms: int = (
        HOUR_MS  # between rides, on the middle: what is ridden more often never gets full
    )
    weak_hours: float = 0.6  # of the usual time; less is a matter of parking
    # Contacts that fail: whole days with nothing among days with all, to and fro.
    full: float = 0.85
    turns: int = 5
    partial_days: int = 2
    # What is plugged in cannot be parked beside its contacts.
    plugged_nothing_days: int = 3
    plugged_turns: int = 2
    # Fewer turns do where it fails on the cold days only, or the warm: nobody parks by the weather.
    cold_turns: int = 3
    cold_days: int = 4  # of each: with nothing, with all
    cold_part: float = 0.95  # of pairs of such days in which that with nothing is the colder, or
    # the warmer
    # A charger that switches itself off: most rides end on charge, and little of the day is.
    cuts_days: int = 6
    cuts_share: float = 0.6  # of what is usual
    cuts_least: float = 0.8  # of the least that was usual
    ends: int = 12
    ends_on_charge: float = 0.85
    on_charge_mv: int = 26_200  # right after a ride: more than any battery holds by itself
    # Too high, day after day. Float voltage is 2.25-2.30 V a cell; held above 2.44 V, 29.3 V,
    # sealed lead-acid loses its water. Makers' chargers are of 27-30 V: so it counts from well
    # above what this one used to hold, and for one not known from above them all.
    high_days: int = 5
    high_mv: int = 29_300
    higher_mv: int = 900
    far_too_high_mv: int = 30_600
    # Far too high on some days only: a joint in its regulator that lets go at times.
    wild_days: int = 3
    # Both far too high and far too low, on so many days each: no charger is meant to do that.
    hunts_days: int = 3
    # A good charger follows the temperature: 3 mV a cell for each degree below 20.
    colder_mv_per_c: int = 36
    well_days: int = 8  # what comes and goes is not over after one good week
    learn_days: int = 10
    window_days: int = 14
    lately_days: int = 7
    whole_day: float = 0.8
    besides_days: int = 2  # of both: the charger gives, where it is reached
    whole_days: int = 2  # it has then lost most of a battery's charge to its own electronics
    often_share: float = 0.3
    often_days: int = 4
    often_times_habit: float = 3.0
