"""Why something was found, as codes that people's languages have a sentence for."""

from datetime import datetime
from typing import Any

from diagnostics.detectors.contract import Level, Reason
from diagnostics.detectors.stuck.calls import CallMemo
from diagnostics.detectors.stuck.parameters import Parameters
from diagnostics.detectors.stuck.track import Cause, Stop
from diagnostics.detectors.stuck.view import Seen
from gateway.protocol.vocabulary import Seat


def of_press(seen: Seen) -> tuple[Reason, ...]:
    """The emergency button is pressed."""
    return (Reason("sos_pressed"), *_whereabouts(seen.seat, seen.position_mm))


def of_call(memo: CallMemo) -> tuple[Reason, ...]:
    """The modem calls, or says that it has a call open."""
    if not memo.reason:
        return (Reason("call_open"),)
    return (Reason(f"call_{memo.reason}"),)


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


def of_silence(
    last: Seen, since: datetime, level: Level, lost_at: datetime | None, limits: Parameters
) -> tuple[Reason, ...]:
    """Nothing is heard of a ride that goes on."""
    patience = limits.certain_silence if level is Level.CERTAIN else limits.suspect_silence
    code = "silent" if lost_at is None or lost_at < since else "connection_lost"
    seconds = {"seconds": int(patience.total_seconds())} if level is Level.CERTAIN else {}
    return (Reason(code, seconds), *_whereabouts(last.seat, last.position_mm))


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
