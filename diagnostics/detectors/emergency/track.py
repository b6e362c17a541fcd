"""Rides and stops: what observations in the device's own order come to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.emergency.habits import Habits
from diagnostics.detectors.emergency.seen import Place, Seen
from diagnostics.facts import Order
from gateway.protocol.vocabulary import Seat

_LOG_NOS_KEPT: Final = 6
# Between two readings of a joystick that is held; longer ago says nothing of the time between.
_HELD: Final = timedelta(seconds=3)


class Cause(StrEnum):
    """Why the aid stands still where nobody can get off; the gravest that was seen."""

    NONE = "stopped"
    BLOCKED = "blocked"
    REFUSED = "refused"
    POWER = "power_low"
    RIDER_GONE = "rider_gone"
    SOS = "sos_pressed"
    TILTED = "tilted"


class Stop(Struct, frozen=True, array_like=True, kw_only=True):
    """A stop with somebody aboard (or perhaps), or one who has just left the seat.

    Attributes:
        last_at: of the newest observation within it.
        received_at: when the newest observation within it reached us.
        cause_since: since when there has been a cause without a break.
        fresh: some of it was seen as it happened, not in a backlog.
        ripe_at: when it became an emergency by its own duration; None until an observation
            within it (or after it) is past that moment.
        until: when it was seen to be over; None while it is the last we know.
        suspect_at: when it may be suspected, if it lasts; due_at: when it is an emergency, if it
            lasts until then. None: never by itself.
        pressed: for how long the joystick was held in vain; tried_at: when it last was.
    """

    order: Order
    since: datetime
    last_at: datetime
    received_at: datetime
    log_nos: tuple[int, ...]
    fresh: bool
    seat: Seat
    place: Place
    position_mm: int | None = None
    battery_mv: int | None = None
    cause: Cause = Cause.NONE
    cause_since: datetime | None = None
    blocked_by: str = ""
    ripe_at: datetime | None = None
    until: datetime | None = None
    arrived: bool = False
    suspect_at: datetime | None = None
    due_at: datetime | None = None
    pressed: timedelta = timedelta()
    tried_at: datetime | None = None


class Track(Struct, frozen=True, kw_only=True):
    """What the observations so far come to.

    Attributes:
        last: the newest observation.
        riding: a ride (an outing, a transfer) began and has not ended.
        carried: somebody was seen aboard during this ride.
        left: not moved since a mechanic or helper was with it.
        sagged: the battery was too low at some moment of this ride.
        stop: the stop that goes on at ``last``.
        began: when this ride began; None if we did not see it, or not without a gap.
        boarded_at: when somebody sat down, who sits there still and has not begun a ride.
        driven_at: when it last moved with somebody aboard, or perhaps.
        paused: the longest pause of this ride that nobody needed to help with.
        habits: of rides before this one.
    """

    last: Seen | None = None
    riding: bool = False
    carried: bool = False
    sagged: bool = False
    left: bool = False
    stop: Stop | None = None
    began: datetime | None = None
    boarded_at: datetime | None = None
    driven_at: datetime | None = None
    paused: timedelta = timedelta()
    habits: Habits = Habits()

    @property
    def at_rest(self) -> bool:
        """Whether it stands where anybody can get off."""
        return self.last is not None and not self.riding and self.last.place is Place.LANDING

    @property
    def may_carry(self) -> bool:
        """Whether somebody may be aboard."""
        return self.last is not None and (self.carried or self.last.seat is not Seat.EMPTY)


Due = Callable[[Stop], tuple[datetime | None, datetime | None]]
"""From what is known of a stop: when it may be suspected, and when it is an emergency."""


def in_order(track: Track, seen: Seen) -> Seen:
    """Return ``seen``, no earlier than what came before it: order is by number, clocks jump."""
    last = track.last
    return replace(seen, at=last.at) if last is not None and seen.at < last.at else seen


def end_stop(stop: Stop | None, seen: Seen) -> Stop | None:
    """Return the stop as ``seen`` ended it."""
    if stop is None:
        return None
    arrived = seen.over or seen.place is Place.LANDING
    return replace(_ripened(stop, seen), until=seen.at, arrived=arrived)


def go_on(
    track: Track, seen: Seen, *, fresh: bool, cause: Callable[[Stop], Cause], due: Due
) -> Stop:
    """Return the stop that goes on with ``seen``, or begins with it.

    Args:
        track: before.
        seen: shows it.
        fresh: whether it was seen as it happened.
        cause: the gravest cause, given what is known of the stop by now.
        due: when it may be suspected and is an emergency.
    """
    stop, last = track.stop, track.last
    if stop is None:
        stop = Stop(
            order=seen.order,
            since=seen.at,
            last_at=seen.at,
            received_at=seen.received_at,
            log_nos=(),
            fresh=fresh,
            seat=seen.seat,
            place=seen.place,
        )
    stop = _ripened(stop, seen)
    log_nos = stop.log_nos
    if seen.log_no not in log_nos:
        log_nos = (*log_nos[:_LOG_NOS_KEPT], seen.log_no)
    held = timedelta()
    if seen.refused and last is not None and last.refused:
        held = min(seen.at - last.at, _HELD)
    stop = replace(
        stop,
        last_at=seen.at,
        received_at=max(stop.received_at, seen.received_at),
        log_nos=log_nos,
        fresh=stop.fresh or fresh,
        seat=seen.seat,
        place=max(stop.place, seen.place),  # BETWEEN, once it was known to be
        position_mm=seen.position_mm if seen.position_mm is not None else stop.position_mm,
        battery_mv=seen.battery_mv if seen.battery_mv is not None else stop.battery_mv,
        pressed=stop.pressed + held,
        tried_at=seen.at if seen.refused else stop.tried_at,
    )
    if stop.ripe_at is not None:
        return stop  # why it became an emergency does not change any more
    found = cause(stop)
    alike = (found is Cause.RIDER_GONE) == (stop.cause is Cause.RIDER_GONE)
    since = None if found is Cause.NONE else (stop.cause_since if alike else None) or seen.at
    stop = replace(
        stop,
        cause=found,
        cause_since=since,
        blocked_by=stop.blocked_by if found is Cause.NONE else seen.blocked_by or stop.blocked_by,
    )
    suspect_at, due_at = due(stop)
    if due_at is not None:
        # What shows only now that it was due may be followed by what is late: that it moved since.
        due_at = max(due_at, seen.at)
    return replace(stop, suspect_at=suspect_at, due_at=due_at)


def _ripened(stop: Stop, seen: Seen) -> Stop:
    ripe = stop.ripe_at is None and stop.due_at is not None and stop.due_at <= seen.at
    return replace(stop, ripe_at=stop.due_at) if ripe else stop
