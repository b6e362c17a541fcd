"""Whether somebody hangs in a hoist that does not let him down: the hoist's own judgement.

It calls for whoever presses the emergency button; when a load hangs and does not move because of
a fault, an emergency stop or an empty battery, or a button is held and nothing happens; and when a
load hangs still for far longer than a transfer takes.

An empty hoist calls nobody, whatever is wrong with it; nor does one that only refuses to go higher
(too heavy, or at the end of its stroke), since it can still go down.
"""

from typing import Final

from msgspec import Struct, field

from gateway.protocol.vocabulary import CallReason, Demand, FaultClass, Mode, Seat, fault_of
from gateway.watch.alarm import Alarm
from gateway.watch.settings import HoistSettings
from gateway.watch.situation import Situation
from gateway.watch.tries import Tries

# What keeps it from going up, and from nothing else.
_UPWARDS_ONLY: Final = frozenset({"overload", "final_limit"})
# Without a sensor for it, so much in the sling is somebody.
SOMEBODY_KG: Final = 15


class _Stand(Struct):
    """A load hangs, or may hang, and does not move."""

    since_ms: int
    stops_since_ms: int | None = None
    tries: Tries = field(default_factory=Tries)


class Hanging:
    """Watches over somebody in a hoist.

    Args:
        settings: how long what must last.
        battery_low_mv: at this or less no drive runs.
        stand_told: this standstill was alarmed before the modem restarted.
        sos_told: likewise the button that is held.
    """

    def __init__(
        self,
        settings: HoistSettings,
        *,
        battery_low_mv: int,
        stand_told: bool = False,
        sos_told: bool = False,
    ) -> None:
        self._settings = settings
        self._battery_low_mv = battery_low_mv
        self.stand_told = stand_told
        self.sos_told = sos_told
        self._stand: _Stand | None = None

    @property
    def settled(self) -> bool:
        """Whether the same reading again, at any later time, brings nothing new."""
        return self._stand is None

    def step(self, situation: Situation, *, riding: bool) -> Alarm | None:  # noqa: ARG002 (a Judge's)
        """Take in a reading."""
        if not situation.sos:
            self.sos_told = False
        if situation.reading.mode is Mode.SERVICE:
            self._stand = None
            return None
        if situation.sos and not self.sos_told:
            self.sos_told = self.stand_told = True
            return Alarm(CallReason.SOS, 0)
        return self._hanging(situation)

    def _hanging(self, situation: Situation) -> Alarm | None:
        may_hang = self._may_hang(situation)
        if situation.moving or situation.attended or not may_hang:
            self._stand = None
            if not situation.sos:
                self.stand_told = False
            return None
        now_ms = situation.now_ms
        stand = self._stand = self._stand or _Stand(now_ms)
        # Only downwards: up, it stops at the end of its stroke and when too heavy.
        holding = situation.reading.demand is Demand.DOWN
        stand.tries.note(now_ms, holding=holding, refused=situation.refused)
        if not holding and now_ms - stand.tries.last_ms > self._settings.forgotten_ms:
            stand.tries = Tries()
        stops, certain = self._what_stops(situation)
        if not stops:
            stand.stops_since_ms = None
        elif stand.stops_since_ms is None:
            stand.stops_since_ms = now_ms
        lasted_ms = self._lasted_ms(stand, situation, certain=certain)
        if lasted_ms is None or self.stand_told:
            return None
        self.stand_told = True
        return Alarm(CallReason.HANGING, lasted_ms)

    def _lasted_ms(self, stand: _Stand, situation: Situation, *, certain: bool) -> int | None:
        """Return for how long it has been an emergency, or None if it is none (yet)."""
        settings, tries, now_ms = self._settings, stand.tries, situation.now_ms
        known = situation.reading.seat is Seat.OCCUPIED or _weighs(situation)
        tried = tries.held_ms >= settings.tried_ms
        if stand.stops_since_ms is not None and (known or tried):
            limit_ms = settings.hanging_ms if certain or tried else settings.hanging_unclear_ms
            if now_ms - stand.stops_since_ms >= limit_ms:
                return now_ms - stand.stops_since_ms
        if not known:
            return None
        enough_ms = settings.tried_ms if tries.refused else settings.futile_ms
        if tries.first_ms is not None and tries.held_ms >= enough_ms:
            trying_ms = now_ms - tries.first_ms
            if trying_ms >= settings.hanging_ms:
                return trying_ms
        hangs_ms = now_ms - stand.since_ms
        return hangs_ms if hangs_ms >= settings.long_ms else None

    def _may_hang(self, situation: Situation) -> bool:
        """Whether somebody may hang in it; without any sensor, only who presses a button tells."""
        reading = situation.reading
        if reading.seat is not Seat.UNKNOWN:
            return reading.seat is Seat.OCCUPIED
        if reading.load_kg is not None:
            return _weighs(situation)
        tried = self._stand is not None and self._stand.tries.first_ms is not None
        return tried or reading.demand is Demand.DOWN

    def _what_stops(self, situation: Situation) -> tuple[bool, bool]:
        """Return whether something known keeps it up, and whether that needs a technician."""
        reading = situation.reading
        faults = [
            fault_of(fault.code)
            for fault in reading.faults
            if fault_of(fault.code).stops_drive and fault.code not in _UPWARDS_ONLY
        ]
        flat = reading.battery_mv is not None and reading.battery_mv <= self._battery_low_mv
        certain = flat or any(f.fault_class is FaultClass.TECHNICIAN for f in faults)
        return certain or bool(faults), certain


def _weighs(situation: Situation) -> bool:
    load_kg = situation.reading.load_kg
    return load_kg is not None and load_kg >= SOMEBODY_KG
