"""Transfers and stops of a hoist: a fold over observations in the device's own order.

A transfer begins when a hoist moves with something in it, and ends when nothing hangs in it.
"""

from datetime import datetime, timedelta
from typing import Final

from diagnostics.detectors.emergency.habits import Habits, within
from diagnostics.detectors.emergency.seen import Seen
from diagnostics.detectors.emergency.track import Cause, Stop, Track, end_stop, go_on, in_order
from diagnostics.detectors.hanging.parameters import Parameters
from gateway.protocol.vocabulary import FaultClass, Seat, fault_of

# A hoist that has just moved is at work, however long the transfer has lasted.
_AT_WORK: Final = timedelta(minutes=1)


def advance(track: Track, seen: Seen, limits: Parameters) -> tuple[Track, Stop | None]:
    """Take the next observation; return the new track and the stop that it ended, if any."""
    seen = in_order(track, seen)
    if seen.attended or seen.seat is Seat.EMPTY or _forgotten(track, seen, limits):
        habits = track.habits if seen.attended else _habits_after(track, seen)
        return Track(last=seen, left=seen.attended, habits=habits), end_stop(track.stop, seen)
    moving = bool(seen.moving)
    stop, ended = None, None
    if moving:
        ended = end_stop(track.stop, seen)
    elif track.riding or seen.seat is Seat.OCCUPIED or seen.refused:
        stop = _stand(track, seen, limits)
    after = Track(
        last=seen,
        riding=track.riding or moving or stop is not None,
        carried=track.carried or seen.seat is Seat.OCCUPIED,
        stop=stop,
        began=track.began or (seen.at if moving else None),
        driven_at=seen.at if moving else track.driven_at,
        habits=track.habits,
    )
    return after, ended


def longest_transfer(habits: Habits, limits: Parameters) -> timedelta:
    """Return how long somebody may hang in a hoist with these habits."""
    usual = habits.ride
    if usual is None:
        return limits.certain_transfer
    longest = limits.transfer_times * usual + limits.transfer_more
    return within(longest, limits.transfer_least, limits.transfer_most)


def _forgotten(track: Track, seen: Seen, limits: Parameters) -> bool:
    """Whether it stands for so long that, without a sensor, nobody hangs in it any more."""
    return (
        seen.seat is Seat.UNKNOWN
        and not track.carried
        and not seen.moving
        and track.stop is not None
        and track.stop.cause is Cause.NONE
        and seen.at - track.stop.since >= limits.known_for
    )


def _habits_after(track: Track, seen: Seen) -> Habits:
    """Return the habits as a transfer that ``seen`` ended leaves them."""
    if track.began is None or not track.carried:
        return track.habits
    return track.habits.after(seen.at - track.began, timedelta())


def _stand(track: Track, seen: Seen, limits: Parameters) -> Stop:
    """Return the stop that goes on, or begins, with ``seen``."""
    hangs = track.carried or seen.seat is Seat.OCCUPIED

    def cause(known: Stop) -> Cause:
        tried = known.pressed >= limits.pressed
        found = {
            Cause.SOS: seen.sos or known.cause is Cause.SOS,
            # Without a sensor, one who tries to let it down tells that somebody hangs in it.
            Cause.POWER: seen.power_low and (hangs or tried),
            Cause.BLOCKED: bool(seen.blocked_by) and (hangs or tried),
            Cause.REFUSED: (seen.refused or known.cause is Cause.REFUSED) and tried,
        }
        return next((each for each, holds in found.items() if holds), Cause.NONE)

    def due(known: Stop) -> tuple[datetime | None, datetime | None]:
        longest = _longest_at(track, known, limits) if hangs else None
        if known.cause_since is None:
            return longest, longest
        due_at = known.cause_since + _patience(known, limits)
        due_at = due_at if longest is None else min(due_at, longest)
        return min(known.cause_since + limits.suspect, due_at), due_at

    fresh = seen.received_at - seen.at <= limits.fresh
    return go_on(track, seen, fresh=fresh, cause=cause, due=due)


def _longest_at(track: Track, stop: Stop, limits: Parameters) -> datetime:
    """Return when somebody will have been hanging for too long, whatever the reason."""
    if track.began is None:
        return stop.since + limits.transfer_most
    return max(track.began + longest_transfer(track.habits, limits), stop.since + _AT_WORK)


def _patience(stop: Stop, limits: Parameters) -> timedelta:
    if stop.cause is Cause.SOS:
        return timedelta()
    clears = (
        stop.cause is Cause.BLOCKED
        and stop.pressed < limits.pressed
        and fault_of(stop.blocked_by).fault_class is FaultClass.SELF_CLEARING
    )
    return limits.confirm_clearing if clears else limits.confirm
