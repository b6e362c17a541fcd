"""Outings and stops of an aid on wheels: a fold over observations in the device's own order.

An outing begins with the first movement away from home. Standing still is nothing in itself: only
what keeps it from going on makes a stop.
"""

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from diagnostics.detectors.emergency.seen import Place, Seen
from diagnostics.detectors.emergency.track import Cause, Stop, Track, end_stop, go_on, in_order
from diagnostics.detectors.stranded.parameters import Parameters
from gateway.protocol.vocabulary import FaultClass, Seat, fault_of

# Readings on wheels are five seconds apart.
_CONSECUTIVE: Final = timedelta(seconds=6)


def advance(track: Track, seen: Seen, limits: Parameters) -> tuple[Track, Stop | None]:
    """Take the next observation; return the new track and the stop that it ended, if any."""
    seen = in_order(track, seen)
    if seen.attended:
        return Track(last=seen, left=True), end_stop(track.stop, seen)
    away = seen.place is not Place.LANDING
    moving = bool(seen.moving) and not seen.tilted
    riding = away and (track.riding or moving)
    carried = riding and (track.carried or seen.seat is Seat.OCCUPIED)
    driven_at = seen.at if moving and seen.seat is not Seat.EMPTY else track.driven_at
    if seen.seat is Seat.OCCUPIED and not seen.tilted:
        driven_at = seen.at  # who sits on it when it tips has been on it until then
    cut_out = _cut_out(track, seen)
    cause = Cause.NONE
    if not moving:
        cause = _cause(track, seen, riding=riding, cut_out=cut_out, limits=limits)
    stop, ended = None, None
    if cause is Cause.NONE:
        ended = end_stop(track.stop, seen)
    else:
        stop = _stand(track, seen, cause, cut_out=cut_out, limits=limits)
    after = Track(last=seen, riding=riding, carried=carried, stop=stop, driven_at=driven_at)
    return after, ended


def _cut_out(track: Track, seen: Seen) -> bool:
    """Whether the drive gave up under way: nobody needs to try to know that he wants to go on."""
    last = track.last
    under_way = last is not None and bool(last.moving) and seen.at - last.at <= _CONSECUTIVE
    return under_way and (seen.power_low or bool(seen.blocked_by))


def _cause(track: Track, seen: Seen, *, riding: bool, cut_out: bool, limits: Parameters) -> Cause:
    """Return what keeps it, with somebody aboard, from going on; the gravest."""
    known = track.stop.cause if track.stop is not None else Cause.NONE
    if seen.tilted:
        fell = track.driven_at is not None and seen.at - track.driven_at <= limits.thrown
        if seen.seat is Seat.OCCUPIED or fell or known is Cause.TILTED:
            return Cause.TILTED
        return Cause.NONE  # an empty one, on its side in a car
    if not riding or not _aboard(track, seen, limits):
        return Cause.NONE
    # A fault that nobody drives against is nothing: people park, and switch off.
    tried = seen.refused or cut_out or known is not Cause.NONE
    found = {
        Cause.SOS: seen.sos or known is Cause.SOS,
        Cause.POWER: seen.power_low and tried,
        Cause.BLOCKED: bool(seen.blocked_by) and tried,
        Cause.REFUSED: seen.refused or _tries(track.stop, seen, limits),
    }
    return next((cause for cause, holds in found.items() if holds), Cause.NONE)


def _tries(stop: Stop | None, seen: Seen, limits: Parameters) -> bool:
    """Whether somebody still tries to go on: now and then, as a drive cools down between."""
    tried_at = None if stop is None else stop.tried_at
    return tried_at is not None and seen.at - tried_at <= limits.forgotten


def _aboard(track: Track, seen: Seen, limits: Parameters) -> bool:
    """Whether somebody is aboard. Without a sensor, somebody has driven it here."""
    if seen.seat is Seat.EMPTY:  # and a sensor may flicker
        return (
            track.stop is not None
            and track.driven_at is not None
            and seen.at - track.driven_at <= limits.got_off
        )
    return seen.seat is Seat.OCCUPIED or track.riding


def _stand(track: Track, seen: Seen, cause: Cause, *, cut_out: bool, limits: Parameters) -> Stop:
    def due(known: Stop) -> tuple[datetime | None, datetime | None]:
        since = known.cause_since or known.since
        tried = cut_out or known.pressed >= limits.pressed
        if not tried and cause not in (Cause.SOS, Cause.TILTED):
            return None, None
        patience = _patience(known, limits)
        return since + min(limits.suspect, patience), since + patience

    fresh = seen.received_at - seen.at <= limits.fresh
    stop = go_on(track, seen, fresh=fresh, cause=lambda _: cause, due=due)
    return replace(stop, pressed=limits.pressed, tried_at=seen.at) if cut_out else stop


def _patience(stop: Stop, limits: Parameters) -> timedelta:
    match stop.cause:
        case Cause.SOS:
            return timedelta()
        case Cause.TILTED:
            return limits.confirm_tilt
        case Cause.BLOCKED | Cause.REFUSED if _clears(stop.blocked_by):
            return limits.confirm_clearing
        case _:
            return limits.confirm


def _clears(fault: str) -> bool:
    """Whether this fault usually clears by itself, as a motor that cools down."""
    return bool(fault) and fault_of(fault).fault_class is FaultClass.SELF_CLEARING
