"""Rides and stops: a fold over observations in the device's own order. Pure and small."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.stuck.parameters import Parameters
from diagnostics.detectors.stuck.view import Place, Seen
from diagnostics.facts import Order
from gateway.protocol.vocabulary import Seat

_LOG_NOS_KEPT: Final = 6
_MOVED_MM: Final = 20
_CONSECUTIVE: Final = timedelta(seconds=5)


class Cause(StrEnum):
    """Why the lift stands still between landings; the gravest that was seen."""

    NONE = "stopped"
    BLOCKED = "blocked"
    REFUSED = "refused"
    POWER = "power_low"
    RIDER_GONE = "rider_gone"
    SOS = "sos_pressed"


class Stop(Struct, frozen=True, array_like=True, kw_only=True):
    """A stop between landings with a rider aboard, or one that has just left the seat there.

    Attributes:
        last_at: of the newest observation within it.
        received_at: when the newest observation within it reached us.
        cause_since: since when there has been a cause without a break.
        fresh: some of it was seen as it happened, not in a backlog.
        ripe_at: when it became an emergency by its own duration; None until an observation
            within it (or after it) is past that moment.
        until: when it was seen to be over; None while it is the last we know.
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

    def due_at(self, limits: Parameters) -> datetime:
        """Return when the stop is an emergency, if it lasts until then."""
        known = self.place is Place.BETWEEN
        longest = self.since + (limits.certain_stop if known else limits.certain_stop_unknown)
        if self.cause_since is None:
            return longest
        return min(longest, self.cause_since + _patience(self.cause, limits))


class Track(Struct, frozen=True, kw_only=True):
    """What the observations so far come to.

    Attributes:
        last: the newest observation.
        riding: a ride began and has not ended.
        carried: somebody was seen on the seat during this ride.
        left: not moved since a mechanic or helper was with it.
        sagged: the battery was too low at some moment of this ride.
        stop: the stop that goes on at ``last``.
    """

    last: Seen | None = None
    riding: bool = False
    carried: bool = False
    sagged: bool = False
    left: bool = False
    stop: Stop | None = None

    @property
    def at_rest(self) -> bool:
        """Whether the lift stands at a landing."""
        return self.last is not None and not self.riding and self.last.place is Place.LANDING

    @property
    def may_carry(self) -> bool:
        """Whether somebody may be aboard."""
        return self.last is not None and (self.carried or self.last.seat is not Seat.EMPTY)


def advance(track: Track, seen: Seen, limits: Parameters) -> tuple[Track, Stop | None]:
    """Take the next observation; return the new track and the stop that it ended, if any."""
    last = track.last
    if last is not None and seen.at < last.at:
        seen = replace(seen, at=last.at)  # a clock that jumped back: order is by number
    if seen.attended or seen.over:
        return Track(last=seen, left=seen.attended), _ended(track, seen, limits)
    moving = _moving(seen, last)
    if not moving and seen.place is Place.LANDING:
        return Track(last=seen), _ended(track, seen, limits)
    carried = track.carried or seen.seat is Seat.OCCUPIED
    sagged = track.sagged or seen.power_low
    if moving:
        after = Track(last=seen, riding=True, carried=carried, sagged=sagged)
        return after, _ended(track, seen, limits)
    if not track.riding and not _found_stranded(seen, left=track.left):
        return Track(last=seen, left=track.left), _ended(track, seen, limits)
    if seen.seat is Seat.EMPTY and not carried:
        # A chair that was sent, and stopped on its way.
        after = Track(last=seen, riding=True, sagged=sagged)
        return after, _ended(track, seen, limits)
    stop = _continue(track.stop, seen, sagged=sagged, limits=limits)
    return Track(last=seen, riding=True, carried=carried, sagged=sagged, stop=stop), None


def _moving(seen: Seen, last: Seen | None) -> bool:
    if seen.moving or last is None or last.position_mm is None or seen.position_mm is None:
        return bool(seen.moving)
    way_mm = abs(seen.position_mm - last.position_mm)
    if seen.moving is None:
        return way_mm >= _MOVED_MM and seen.place is not Place.LANDING
    # A speed sensor that says nought twice in a row, while the lift moves on, is broken.
    consecutive = seen.at - last.at <= _CONSECUTIVE and last.moving is False
    return way_mm >= _MOVED_MM and consecutive and seen.place is not Place.LANDING


def _found_stranded(seen: Seen, *, left: bool) -> bool:
    """Whether a lift that we saw no ride of stands with a rider between landings all the same.

    ``left``: the last we know is that a mechanic or helper was with it, so that an unknown seat is
    rather an empty one.
    """
    if seen.place is not Place.BETWEEN:
        return False
    return seen.seat is Seat.OCCUPIED or (seen.seat is Seat.UNKNOWN and not left)


def _ended(track: Track, seen: Seen, limits: Parameters) -> Stop | None:
    if track.stop is None:
        return None
    arrived = seen.over or seen.place is Place.LANDING
    return replace(_ripened(track.stop, seen, limits), until=seen.at, arrived=arrived)


def _ripened(stop: Stop, seen: Seen, limits: Parameters) -> Stop:
    due_at = stop.due_at(limits)
    return replace(stop, ripe_at=due_at) if stop.ripe_at is None and due_at <= seen.at else stop


def _continue(stop: Stop | None, seen: Seen, *, sagged: bool, limits: Parameters) -> Stop:
    fresh = seen.received_at - seen.at <= limits.fresh
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
    stop = _ripened(stop, seen, limits)
    log_nos = stop.log_nos
    if seen.log_no not in log_nos:
        log_nos = (*log_nos[:_LOG_NOS_KEPT], seen.log_no)
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
    )
    if stop.ripe_at is not None:
        return stop  # why it became an emergency does not change any more
    cause = _cause(stop, seen, sagged=sagged)
    if cause is Cause.NONE:
        return replace(stop, cause=cause, cause_since=None)
    alike = (cause is Cause.RIDER_GONE) == (stop.cause is Cause.RIDER_GONE)
    return replace(
        stop,
        cause=cause,
        cause_since=(stop.cause_since if alike else None) or seen.at,
        blocked_by=seen.blocked_by or stop.blocked_by,
    )


def _cause(stop: Stop, seen: Seen, *, sagged: bool) -> Cause:
    """Return the gravest cause. A fault goes when it clears; the rest stay for this stop."""
    if seen.sos or stop.cause is Cause.SOS:
        return Cause.SOS
    if seen.seat is Seat.EMPTY:
        return Cause.RIDER_GONE
    if sagged:
        return Cause.POWER
    if seen.blocked_by:
        return Cause.BLOCKED
    if seen.refused or stop.cause is Cause.REFUSED:
        return Cause.REFUSED
    return Cause.NONE


def _patience(cause: Cause, limits: Parameters) -> timedelta:
    if cause is Cause.SOS:
        return timedelta()
    return limits.confirm_gone if cause is Cause.RIDER_GONE else limits.confirm
