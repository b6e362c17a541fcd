"""What the drive felt of the load, ride by ride, where nothing weighs."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.habits.calendar import HOME
from diagnostics.facts import RideEnded
from gateway.protocol.vocabulary import Direction, Seat

WHEELS: Final = frozenset({"scooter", "wheelchair"})
RIDES_A_DAY: Final = 8
LEAST_DISTANCE_MM: Final = 100_000  # nearer than this, starting and turning tell more than load
PER_DEGREE: Final = 0.2  # assumed: each degree of the steepest slope adds so much, on the whole way


class Felt(NamedTuple):
    """One ride, small. ``felt`` in units that compare only with the same aid's."""

    lot: int  # decides which rides are kept of a day with many, whatever their order of arrival
    felt: int
    stops: int
    at: int = -1  # its end, in minutes since the day began


def lot_of(ride: RideEnded) -> int:
    """Return a number that a ride is drawn by, from its own number."""
    return ride.order.seq * 7919 % 10_007


def minute_of(ride: RideEnded) -> int:
    """Return when a ride ended, in minutes since its day began."""
    moment = ride.measured_at.astimezone(HOME)
    return moment.hour * 60 + moment.minute


def felt_load(ride: RideEnded, aid: Aid) -> int | None:
    """Return what the drive felt, or None where nothing can be said.

    Of rails and hoists: the mean current upwards, in 10 mA. On wheels: what pushes, by the way
    driven and its steepest slope; only out of doors, where it goes far enough.
    """
    current = ride.mean_current_ma
    if current is None or current <= 0:
        return None
    if aid.kind not in WHEELS:
        return round(current / 10) if ride.direction is Direction.UP else None
    if ride.distance_mm < LEAST_DISTANCE_MM or ride.duration_ms <= 0:
        return None
    speed_m_s = ride.distance_mm / ride.duration_ms
    slope = 1 + PER_DEGREE * (ride.max_incline_deg or 0)
    return round(current / speed_m_s / slope / 10)


def with_felt(rides: tuple[Felt, ...], ride: RideEnded, aid: Aid) -> tuple[Felt, ...]:
    """Return the rides of a day with one more, if somebody or something rode."""
    felt = felt_load(ride, aid)
    if felt is None or ride.seat is Seat.EMPTY:
        return rides
    one = Felt(lot_of(ride), felt, ride.stops, minute_of(ride))
    return tuple(sorted((*rides, one))[:RIDES_A_DAY])


def weeks_with_both(
    days: Sequence[tuple[int, tuple[Felt, ...]]], *, heavy_from: float, usual_to: float
) -> int:
    """Return in how many weeks before the newest day there were heavy rides and usual ones.

    A drive that wore and was mended has had both, one after the other; a load comes and goes.

    Args:
        days: ordinals of days, oldest first, with their rides.
        heavy_from: felt as much or more.
        usual_to: felt as little or less.
    """
    newest = days[-1][0]
    heavy, usual = set(), set()
    for on, rides in days:
        week = (newest - on) // 7
        if any(ride.felt >= heavy_from for ride in rides):
            heavy.add(week)
        if any(ride.felt <= usual_to for ride in rides):
            usual.add(week)
    return len(heavy & usual)
