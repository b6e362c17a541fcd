"""How long a fault must stand, and how often it may come."""

from datetime import timedelta
from typing import Final

from msgspec import Struct

from diagnostics.detectors.baseline import Habit
from gateway.protocol.vocabulary import AidKind

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
WHEELS: Final = frozenset({AidKind.SCOOTER, AidKind.WHEELCHAIR})
# Left so on purpose: seats stay turned, belts and armrests open, keys off and rails folded for
# days. Whoever wants to ride puts them right.
POSTURE: Final = frozenset(
    {"seat_turned", "key_off", "belt_open", "armrest_open", "hinge_rail", "inhibited"}
    | {"emergency_stop"}
)
# What comes and goes by itself: batteries that are worn or not charged, and sockets. Others judge
# these, with more evidence than a code.
NEVER_FLAPPING: Final = frozenset({"charger", "no_charge", "battery_flat", "power_down"})


class Parameters(Struct, frozen=True, kw_only=True):
    """How long a fault must stand, and how often it may come. All assumed, with these reasons."""

    # Longer than a controller's restart or a second try; and the rest of a backlog comes first.
    stands: timedelta = 5 * MINUTE
    settles: timedelta = MINUTE
    # A flat battery on its charger is back within the hours; on wheels, overnight.
    flat_stands: timedelta = 3 * HOUR
    flat_stands_on_wheels: timedelta = 14 * HOUR
    # People switch off the isolator or the socket to clean, and leave a powered step half way.
    switched_off_stands: timedelta = HOUR
    # What clears by itself has cleared by the next day, or it is broken.
    self_clearing_stands: timedelta = 12 * HOUR
    # While the mechanic works on it, faults are his.
    attended_stands: timedelta = 4 * HOUR
    # Of a ride: time for the rider to be helped first, and for the call that then covers it.
    riding_stands: timedelta = 30 * MINUTE
    call_within: timedelta = 30 * MINUTE

    flaps: int = 4  # within ``flap_days``: once is chance, twice too
    flap_days: int = 7
    # Of faults that clear by themselves: far more than people's hands and feet make. A day's
    # obstacle or a playing child stays below the second.
    flaps_in_days: int = 35
    flaps_in_day: int = 12
    # Or fewer, on most days of the week: a child stays for a weekend, a loose contact stays.
    flaps_on_days: int = 12
    on_days: int = 5
    # So often, and on so many days, is nobody's habit, but of a posture: ten times a day and more.
    # A loose plug may have been loose since it came.
    flaps_always: int = 70
    times_habit: float = 3.0
    learn_days: int = 14  # some households turn the seat ten times a day
    chance: float = 1e-3  # of so many, by its own habit
    usual: Habit = Habit(0.5, 30.0)  # of any fault: every other month
