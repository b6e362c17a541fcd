"""Why something was found of a hoist, as codes that people's languages have a sentence for."""

from diagnostics.detectors.contract import Level, Reason
from diagnostics.detectors.emergency.rules import Silence
from diagnostics.detectors.emergency.seen import Seen
from diagnostics.detectors.emergency.track import Cause, Stop
from gateway.protocol.vocabulary import Seat


def of_press(seen: Seen) -> tuple[Reason, ...]:
    """The emergency button is pressed."""
    return (Reason("sos_pressed"), _load(seen.seat))


def of_stop(stop: Stop, level: Level) -> tuple[Reason, ...]:
    """It has stopped with somebody in it; or had."""
    found = [_stopped(stop)]
    if stop.cause is Cause.POWER and stop.battery_mv is not None:
        found.append(Reason("battery_at", {"battery_v": round(stop.battery_mv / 1000, 1)}))
    if level is Level.PASSED:
        found.append(Reason("laid_down" if stop.arrived else "aid_went_on"))
    else:
        found.append(_load(stop.seat))
    if not stop.fresh:
        found.append(Reason("from_backlog"))
    return tuple(found)


def of_silence(silence: Silence, level: Level) -> tuple[Reason, ...]:
    """Nothing is heard of it while somebody hangs in it."""
    minutes = silence.patience.minutes(level)
    return (Reason("hanging_silent", {"minutes": minutes}), _load(silence.last.seat))


def _stopped(stop: Stop) -> Reason:
    match stop.cause:
        case Cause.BLOCKED:
            return Reason("hanging_blocked", {"fault": stop.blocked_by})
        case Cause.REFUSED:
            return Reason("hanging_refused")
        case Cause.POWER:
            return Reason("hanging_power")
        case Cause.NONE:
            return Reason("hanging_long")
        case cause:
            return Reason(cause.value)


def _load(seat: Seat) -> Reason:
    codes = {Seat.OCCUPIED: "load_hangs", Seat.EMPTY: "load_none"}
    return Reason(codes.get(seat, "load_unknown"))
