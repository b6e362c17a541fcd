"""Whether somebody on wheels needs help: a scooter's or wheelchair's own judgement.

The client is in trouble who presses the emergency button, anywhere; whose aid has tipped over,
anywhere, in use or shortly after; or who, away from home, *tried* to go on and cannot: the control
held against a drive that refuses, has a fault or no battery, or a drive that cut out under way.
What may clear by itself (a hot drive, say) gets time to.

An aid that merely stands away from home, switched off, on charge or with a fault that nobody drives
against, calls nobody: people park. So does one that fails at home, where its client can use the
button, and one that its client got off and left standing.
"""

from typing import Final

from gateway.protocol.vocabulary import (
    CallReason,
    FaultClass,
    Mode,
    Seat,
    Signals,
    fault_of,
)
from gateway.watch.alarm import Alarm
from gateway.watch.settings import WheelsSettings
from gateway.watch.situation import Situation
from gateway.watch.tries import Tries

# The client's own doing, and undone as easily.
_CHOSEN: Final = frozenset({"key_off"})
# Drives are inhibited while they charge.
_AT_SOCKET: Final = int(Signals.CHARGING | Signals.MAINS)
# A fault that comes so shortly after the last motion has cut the drive out.
_CUT_OUT_MS: Final = 3_000


class Stranding:
    """Watches over somebody on wheels.

    Args:
        settings: how long what must last.
        battery_low_mv: at this or less no drive runs.
        stand_told: this standstill was alarmed before the modem restarted.
        sos_told: likewise the button that is held.
    """

    def __init__(
        self,
        settings: WheelsSettings,
        *,
        battery_low_mv: int,
        stand_told: bool = False,
        sos_told: bool = False,
    ) -> None:
        self._settings = settings
        self._battery_low_mv = battery_low_mv
        self.stand_told = stand_told
        self.sos_told = sos_told
        self._in_use = False
        self._left_ms: int | None = None  # since when it is not in use any more
        self._tilted_since_ms: int | None = None
        self._tilted_with_client = False
        self._moved_ms: int | None = None
        self._empty_since_ms: int | None = None
        self._tries = Tries()

    @property
    def settled(self) -> bool:
        """Whether the same reading again, at any later time, brings nothing new."""
        return self._tries.first_ms is None and self._tilted_since_ms is None

    def step(self, situation: Situation, *, riding: bool) -> Alarm | None:  # noqa: ARG002 (a Judge's)
        """Take in a reading."""
        self._note_use(situation)
        if not situation.sos:
            self.sos_told = False
        if situation.reading.mode is Mode.SERVICE:
            self._tilted_since_ms = None
            self._tries = Tries()
            return None
        return self._sos(situation) or self._tilt(situation) or self._stranded(situation)

    def _note_use(self, situation: Situation) -> None:
        seat = situation.reading.seat
        used = situation.moving or situation.demanded
        in_use = seat is Seat.OCCUPIED or (seat is Seat.UNKNOWN and used)
        if self._in_use and not in_use:
            self._left_ms = situation.now_ms
        self._in_use = in_use
        if situation.moving:
            self._moved_ms = situation.now_ms
            if not situation.tilted:
                self.stand_told = False

    def _sos(self, situation: Situation) -> Alarm | None:
        if not situation.sos or self.sos_told:
            return None
        self.sos_told = self.stand_told = True
        return Alarm(CallReason.SOS, 0)

    def _tilt(self, situation: Situation) -> Alarm | None:
        if not situation.tilted:
            self._tilted_since_ms = None
            return None
        if self._tilted_since_ms is None:
            self._tilted_since_ms = situation.now_ms
            self._tilted_with_client = self._was_in_use(situation.now_ms)
        self._tilted_with_client |= self._in_use
        lasted_ms = situation.now_ms - self._tilted_since_ms
        if not self._tilted_with_client or lasted_ms < self._settings.tilted_ms:
            return None
        return self._tell(CallReason.TILTED, lasted_ms)

    def _was_in_use(self, now_ms: int) -> bool:
        if self._in_use:
            return True
        return (
            self._left_ms is not None
            and now_ms - self._left_ms <= self._settings.occupied_within_ms
        )

    def _stranded(self, situation: Situation) -> Alarm | None:
        if situation.moving or not situation.away or situation.attended:
            self._tries = Tries()
            return None
        now_ms, settings = situation.now_ms, self._settings
        stops, certain = self._what_stops(situation)
        self._note_try(situation, stopped=stops)
        tries = self._tries
        if tries.first_ms is None or tries.held_ms < settings.tried_ms:
            return None
        if not stops and now_ms - tries.last_ms > settings.forgotten_ms:
            self._tries = Tries()
            return None
        limit_ms = settings.stranded_ms if certain else settings.stranded_unclear_ms
        lasted_ms = now_ms - tries.first_ms
        return self._tell(CallReason.STRANDED, lasted_ms) if lasted_ms >= limit_ms else None

    def _note_try(self, situation: Situation, *, stopped: bool) -> None:
        """Note that the client wants to go on, and whether he still sits there."""
        now_ms = situation.now_ms
        if situation.reading.seat is Seat.EMPTY:
            if self._empty_since_ms is None:
                self._empty_since_ms = now_ms
            if now_ms - self._empty_since_ms >= self._settings.got_off_ms:
                self._tries = Tries()
            return
        self._empty_since_ms = None
        if stopped and self._tries.first_ms is None and self._cut_out(situation):
            self._tries = Tries(first_ms=now_ms, last_ms=now_ms, held_ms=self._settings.tried_ms)
        self._tries.note(now_ms, holding=situation.demanded, refused=situation.refused)

    def _cut_out(self, situation: Situation) -> bool:
        return (
            situation.stopped_by_fault
            and self._moved_ms is not None
            and situation.now_ms - self._moved_ms <= _CUT_OUT_MS
        )

    def _what_stops(self, situation: Situation) -> tuple[bool, bool]:
        """Return whether something known stops it, and whether that cannot clear by itself."""
        reading = situation.reading
        if situation.signals & _AT_SOCKET:
            return False, False
        faults = [
            fault_of(fault.code)
            for fault in reading.faults
            if fault.code not in _CHOSEN and fault_of(fault.code).stops_drive
        ]
        flat = reading.battery_mv is not None and reading.battery_mv <= self._battery_low_mv
        certain = flat or any(f.fault_class is FaultClass.TECHNICIAN for f in faults)
        return certain or bool(faults) or situation.refused, certain

    def _tell(self, reason: CallReason, lasted_ms: int) -> Alarm | None:
        if self.stand_told:
            return None
        self.stand_told = True
        return Alarm(reason, lasted_ms)
