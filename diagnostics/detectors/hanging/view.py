"""What one fact shows of a hoist."""

from msgspec.structs import replace

from diagnostics.detectors.emergency.seen import Place, Seen, seen_in, shown_by, stopping_fault
from diagnostics.detectors.hanging.parameters import Parameters
from diagnostics.facts import Fact
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import Demand, Seat, Signals

# Something hangs, or nothing does: a hoist has no other places.
_PLACES = {Seat.OCCUPIED: Place.BETWEEN, Seat.EMPTY: Place.LANDING, Seat.UNKNOWN: Place.UNKNOWN}

# What keeps it from going up, and from nothing else.
_UPWARDS_ONLY = frozenset({"overload", "final_limit"})


def see(fact: Fact, limits: Parameters) -> Seen | None:
    """Return what ``fact`` shows of it; None if it shows nothing."""
    shown = shown_by(fact)
    if shown is None:
        return None
    seen = seen_in(
        fact,
        shown,
        Place.UNKNOWN,
        _moving(shown.sample, limits),
        "" if shown.fault in _UPWARDS_ONLY else stopping_fault(shown.fault),
        limits.low_battery_mv,
    )
    # What matters is whether it lets down; upwards it also refuses at the end of its stroke.
    lowering = shown.sample.demand is Demand.DOWN
    stopped = seen.refused or seen.power_low or bool(seen.blocked_by)
    return replace(seen, place=_PLACES[seen.seat], refused=lowering and stopped)


def _moving(sample: Sample, limits: Parameters) -> bool:
    if sample.speed_mm_s is not None:
        return abs(sample.speed_mm_s) >= limits.still_mm_s
    # No speed: what obeys its buttons moves.
    return sample.demand is not Demand.NONE and not sample.signals & Signals.REFUSED
