"""Why something was found of a stairlift, as codes that people's languages have a sentence for."""

from datetime import timedelta
from typing import Any

from diagnostics.detectors.contract import Level, Reason
from diagnostics.detectors.emergency.rules import Silence
from diagnostics.detectors.emergency.seen import Place, Seen
from diagnostics.detectors.emergency.track import Cause, Stop, Track
from gateway.protocol.vocabulary import Seat


def of_press(seen: Seen) -> tuple[Reason, ...]:
    """The emergency button is pressed."""
    return (Reason("sos_pressed"), *_whereabouts(seen.seat, seen.position_mm))


def of_stop(stop: Stop, level: Level) -> tuple[Reason, ...]:
    """The lift stands still between landings, or did."""
    found = [_stopped(stop)]
    if stop.cause is Cause.NONE and stop.blocked_by:
        found.append(Reason("block_cleared", {"fault": stop.blocked_by}))
    if level is Level.PASSED:
        found.append(Reason("arrived" if stop.arrived else "went_on"))
    elif stop.cause is not Cause.RIDER_GONE:
        found.extend(_whereabouts(stop.seat, stop.position_mm))
    if not stop.fresh:
        found.append(Reason("from_backlog"))
    return tuple(found)


def of_silence(silence: Silence, level: Level) -> tuple[Reason, ...]:
    """Nothing is heard of a ride that goes on."""
    last, lost_at = silence.last, silence.lost_at
    if last.place is Place.LANDING and not last.moving:
        return (Reason("lost_as_boarded"), *_whereabouts(last.seat, last.position_mm))
    code = "silent" if lost_at is None or lost_at < silence.since else "connection_lost"
    certain = {"seconds": int(silence.patience.certain.total_seconds())}
    parameters = certain if level is Level.CERTAIN else {}
    return (Reason(code, parameters), *_whereabouts(last.seat, last.position_mm))


def of_overlong(track: Track, limit: timedelta) -> tuple[Reason, ...]:
    """A ride lasts for longer than this lift's rides do, with stops in between."""
    found = [Reason("ride_overlong", {"minutes": round(limit.total_seconds() / 60, 1)})]
    if track.habits.ride is not None:
        seconds = round(track.habits.ride.total_seconds())
        found.append(Reason("ride_usual", {"seconds": seconds}))
    if track.last is not None:
        found.extend(_whereabouts(track.last.seat, track.last.position_mm))
    return tuple(found)


def _stopped(stop: Stop) -> Reason:
    parameters: dict[str, Any] = {}
    if stop.cause is Cause.BLOCKED:
        parameters["fault"] = stop.blocked_by
    if stop.cause is Cause.POWER and stop.battery_mv is not None:
        parameters["battery_v"] = round(stop.battery_mv / 1000, 1)
    return Reason(stop.cause.value, parameters)


def _whereabouts(seat: Seat, position_mm: int | None) -> tuple[Reason, ...]:
    aboard = Reason("rider_aboard" if seat is Seat.OCCUPIED else "rider_unknown")
    if seat is Seat.EMPTY:
        aboard = Reason("seat_empty")
    if position_mm is None:
        return (aboard, Reason("position_unknown"))
    return (aboard, Reason("position", {"metres": round(position_mm / 1000, 1)}))
