"""Rides and stops of a stairlift: a fold over observations in the device's own order."""

from datetime import datetime, timedelta
from typing import Final

from diagnostics.detectors.emergency.habits import Habits, within
from diagnostics.detectors.emergency.seen import Place, Seen
from diagnostics.detectors.emergency.track import Cause, Stop, Track, end_stop, go_on, in_order
from diagnostics.detectors.stuck.parameters import Parameters
from gateway.protocol.vocabulary import Seat

_MOVED_MM: Final = 20
_CONSECUTIVE: Final = timedelta(seconds=5)
# After so long without a word we do not know how long a ride has lasted.
_GAP: Final = timedelta(seconds=60)


def advance(track: Track, seen: Seen, limits: Parameters) -> tuple[Track, Stop | None]:
    """Take the next observation; return the new track and the stop that it ended, if any."""
    seen = in_order(track, seen)
    last = track.last
    moving = _moving(seen, last)
    if seen.attended or seen.over or (not moving and seen.place is Place.LANDING):
        habits = track.habits if seen.attended else _habits_after(track, seen)
        boarded_at = None if seen.attended else _boarded_at(track, seen)
        after = Track(last=seen, left=seen.attended, boarded_at=boarded_at, habits=habits)
        return after, end_stop(track.stop, seen)
    carried = track.carried or seen.seat is Seat.OCCUPIED
    sagged = track.sagged or seen.power_low
    stop, ended = track.stop, None
    if not (moving or track.riding or _found_stranded(seen, left=track.left)):
        boarded_at = _boarded_at(track, seen)
        after = Track(last=seen, left=track.left, boarded_at=boarded_at, habits=track.habits)
        return after, end_stop(stop, seen)
    if moving or (seen.seat is Seat.EMPTY and not carried):
        # On its way; or a chair that was sent, and stopped on its way.
        stop, ended = None, end_stop(stop, seen)
    else:
        stop = _stand(track, seen, sagged=sagged, limits=limits)
    began = track.began
    if not track.riding or (last is not None and seen.at - last.at > _GAP):
        began = seen.at if moving else None
    after = Track(
        last=seen,
        riding=True,
        carried=carried,
        sagged=sagged,
        stop=stop,
        began=began,
        paused=track.paused if ended is None else max(track.paused, _chosen(ended)),
        habits=track.habits,
    )
    return after, ended


def longest_stop(habits: Habits, limits: Parameters) -> timedelta:
    """Return how long a stop without a reason may last on a lift with these habits."""
    pause = habits.pause
    if pause is None:
        return limits.certain_stop
    usual = limits.pause_times * pause + limits.pause_more
    return within(usual, limits.certain_stop_least, limits.certain_stop_most)


def longest_ride(habits: Habits, limits: Parameters) -> timedelta:
    """Return how long a ride may last on a lift with these habits, moving or not."""
    ride = habits.ride
    if ride is None:
        return limits.overlong_most
    usual = limits.ride_times * ride + limits.ride_more
    return within(usual, limits.overlong_least, limits.overlong_most)


def _boarded_at(track: Track, seen: Seen) -> datetime | None:
    """Return when somebody sat down on a lift that was empty, and waits there; None: nobody did."""
    last = track.last
    if seen.seat is not Seat.OCCUPIED or last is None or track.riding:
        return None
    return seen.at if last.seat is Seat.EMPTY else track.boarded_at


def _habits_after(track: Track, seen: Seen) -> Habits:
    """Return the habits as a ride that ``seen`` ended leaves them."""
    if not track.riding or not track.carried or track.began is None:
        return track.habits
    return track.habits.after(seen.at - track.began, track.paused)


def _chosen(stop: Stop) -> timedelta:
    """Return how long a stop was a pause that somebody chose; nought: it was none."""
    if stop.until is None or stop.arrived or stop.cause is not Cause.NONE or stop.blocked_by:
        return timedelta()
    return stop.until - stop.since


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


def _stand(track: Track, seen: Seen, *, sagged: bool, limits: Parameters) -> Stop:
    """Return the stop that goes on, or begins, with ``seen``."""
    habits = track.habits

    def cause(known: Stop) -> Cause:
        """Return the gravest cause. A fault goes when it clears; the rest stay for this stop."""
        if seen.sos or known.cause is Cause.SOS:
            return Cause.SOS
        if seen.seat is Seat.EMPTY:
            return Cause.RIDER_GONE
        if sagged:
            return Cause.POWER
        if seen.blocked_by:
            return Cause.BLOCKED
        if seen.refused or known.cause is Cause.REFUSED:
            return Cause.REFUSED
        return Cause.NONE

    def due(known: Stop) -> tuple[datetime, datetime]:
        longest = longest_stop(habits, limits)
        if known.place is not Place.BETWEEN:
            longest = limits.certain_stop_unknown
        if known.cause_since is None:
            pause = (habits.pause or timedelta()) + limits.suspect_stop / 2
            suspect = within(pause, limits.suspect_stop, limits.suspect_stop_most)
            return known.since + suspect, known.since + longest
        patience = {Cause.SOS: timedelta(), Cause.RIDER_GONE: limits.confirm_gone}.get(
            known.cause, limits.confirm
        )
        return known.since, min(known.since + longest, known.cause_since + patience)

    fresh = seen.received_at - seen.at <= limits.fresh
    return go_on(track, seen, fresh=fresh, cause=cause, due=due)
