"""Why something was found of an aid on wheels, as codes that people's languages know."""

from diagnostics.detectors.contract import Level, Reason
from diagnostics.detectors.emergency.rules import Silence
from diagnostics.detectors.emergency.seen import Seen
from diagnostics.detectors.emergency.track import Cause, Stop
from gateway.protocol.vocabulary import Seat


def of_press(seen: Seen) -> tuple[Reason, ...]:
    """The emergency button is pressed."""
    return (Reason("sos_pressed"), _aboard(seen.seat))


def of_stop(stop: Stop, level: Level) -> tuple[Reason, ...]:
    """It cannot go on, away from home; or could not."""
    found = [_stopped(stop)]
    if stop.cause is Cause.POWER and stop.battery_mv is not None:
        found.append(Reason("battery_at", {"battery_v": round(stop.battery_mv / 1000, 1)}))
    if level is Level.PASSED:
        found.append(Reason("aid_at_home" if stop.arrived else "aid_went_on"))
    else:
        found.append(_aboard(stop.seat))
    if not stop.fresh:
        found.append(Reason("from_backlog"))
    return tuple(found)


def of_silence(silence: Silence, level: Level) -> tuple[Reason, ...]:
    """Nothing is heard of it, under way with a low battery."""
    last, minutes = silence.last, silence.patience.minutes(level)
    found = [Reason("stranded_silent", {"minutes": minutes}), _aboard(last.seat)]
    if last.battery_mv is not None:
        found.append(Reason("battery_at", {"battery_v": round(last.battery_mv / 1000, 1)}))
    return tuple(found)


def _stopped(stop: Stop) -> Reason:
    match stop.cause:
        case Cause.BLOCKED:
            return Reason("stranded_blocked", {"fault": stop.blocked_by})
        case Cause.REFUSED:
            return Reason("stranded_refused")
        case Cause.POWER:
            return Reason("stranded_power")
        case cause:
            return Reason(cause.value)


def _aboard(seat: Seat) -> Reason:
    return Reason(
        {Seat.OCCUPIED: "client_aboard", Seat.EMPTY: "seat_empty"}.get(seat, "client_unknown")
    )
