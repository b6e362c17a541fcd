"""What one fact shows of an aid on wheels."""

from msgspec.structs import replace

from diagnostics.detectors.emergency.seen import (
    Place,
    Seen,
    Shown,
    seen_in,
    shown_by,
    stopping_fault,
)
from diagnostics.detectors.stranded.parameters import Parameters
from diagnostics.facts import Fact
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import Demand, Signals

# Where there is a charger, there are people and a roof.
_SHELTERED = Signals.CHARGING | Signals.MAINS

# The client's own doing, and undone as easily.
_CHOSEN = frozenset({"key_off"})


def see(fact: Fact, limits: Parameters) -> Seen | None:
    """Return what ``fact`` shows of it; None if it shows nothing."""
    shown = shown_by(fact)
    if shown is None:
        return None
    sample = shown.sample
    away = sample.signals & Signals.AWAY and not sample.signals & _SHELTERED
    seen = seen_in(
        fact,
        shown,
        Place.BETWEEN if away else Place.LANDING,
        _moving(sample, limits),
        "" if shown.fault in _CHOSEN else stopping_fault(shown.fault),
        limits.low_battery_mv,
    )
    held = sample.demand is not Demand.NONE and shown.fault not in _CHOSEN
    # Held in vain is refused, whether or not the controller says so.
    in_vain = seen.refused or seen.power_low or bool(seen.blocked_by) or _still(sample, limits)
    return replace(
        seen,
        tilted=bool(sample.signals & Signals.TILTED),
        weak=_weak(shown, limits),
        refused=held and in_vain,
    )


def _moving(sample: Sample, limits: Parameters) -> bool:
    if sample.speed_mm_s is not None:
        return abs(sample.speed_mm_s) >= limits.still_mm_s
    # No speed: what obeys its joystick moves.
    return sample.demand is not Demand.NONE and not sample.signals & Signals.REFUSED


def _still(sample: Sample, limits: Parameters) -> bool:
    """Whether it is known to stand."""
    return sample.speed_mm_s is not None and abs(sample.speed_mm_s) < limits.still_mm_s


def _weak(shown: Shown, limits: Parameters) -> bool:
    battery_mv = shown.sample.battery_mv
    return shown.fault == "battery_low" or (
        battery_mv is not None and battery_mv <= limits.weak_battery_mv
    )
