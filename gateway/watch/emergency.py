"""Whether somebody on a stairlift needs help: its own judgement, from readings alone.

A person is in trouble who presses the emergency button; or who is aboard (or may be: no seat
sensor counts as aboard) while the lift stands between landings and refuses the joystick, or has
a fault that does not clear, or a battery that will not carry it to a landing, or stands for
longer than people pause; or whose seat empties between landings.

Nobody is when a mechanic's key or the hand wheel is in charge, or when the chair was sent empty.

Where the controller cannot tell landings apart, only what cannot happen in an ordinary arrival
counts: people sit on for a while, swivel the seat, open the belt and hold the joystick at the end.
"""

from collections.abc import Iterator

from gateway.protocol.vocabulary import CallReason, Contacts, Mode, Seat, fault_of
from gateway.watch.alarm import Alarm
from gateway.watch.settings import EmergencySettings
from gateway.watch.situation import Place, Situation, aboard

# What belongs to getting off, or to reaching the end of the rail.
_ARRIVAL_FAULTS = frozenset(
    {"seat_turned", "key_off", "final_limit", "belt_open", "armrest_open", "powered_step"}
)
_ARRIVAL_CONTACTS = (
    Contacts.SEAT_SWIVEL
    | Contacts.KEY_SWITCH
    | Contacts.FINAL_LIMIT
    | Contacts.SEAT_BELT
    | Contacts.ARMREST
    | Contacts.POWERED_STEP
)


class Emergency:
    """Watches for somebody in trouble.

    Each stand between landings alarms once: ``stand_told`` and ``sos_told`` say what has been
    alarmed already, and may be carried over a restart.
    """

    def __init__(
        self, settings: EmergencySettings, *, stand_told: bool = False, sos_told: bool = False
    ) -> None:
        self._settings = settings
        self.stand_told = stand_told
        self.sos_told = sos_told
        self._refusal_told = False
        self._was_occupied = False
        self._since: dict[CallReason, int] = {}

    @property
    def settled(self) -> bool:
        """Whether the same reading again, at any later time, brings nothing new."""
        return not self._since

    def step(self, situation: Situation, *, riding: bool) -> Alarm | None:
        """Take in a reading. ``riding``: a ride is under way, moving or interrupted."""
        self._remember(situation)
        safe = situation.place is Place.LANDING or (situation.moving and not self._lost(situation))
        if (safe and not situation.sos) or situation.reading.mode is Mode.SERVICE:
            self._since.clear()
            return None
        since, self._since = self._since, {}
        alarm = None
        for reason, limit_ms in self._evidence(situation, riding=riding):
            since_ms = self._since[reason] = since.get(reason, situation.now_ms)
            lasted_ms = situation.now_ms - since_ms
            if alarm is None and lasted_ms >= limit_ms and not self._told(reason):
                self._tell(reason)
                alarm = Alarm(reason, lasted_ms)
        return alarm

    def _remember(self, situation: Situation) -> None:
        seat = situation.reading.seat
        if situation.moving or situation.place is Place.LANDING:
            self.stand_told = False
        if not situation.sos:
            self.sos_told = False
        if not situation.demanded:
            self._refusal_told = False
        if situation.place is Place.LANDING or situation.attended:
            self._was_occupied = False
        elif seat is Seat.OCCUPIED:
            self._was_occupied = True

    def _evidence(self, situation: Situation, *, riding: bool) -> Iterator[tuple[CallReason, int]]:
        """Yield each reason that holds now, the gravest first, and how long it has to."""
        settings = self._settings
        if situation.sos:
            yield CallReason.SOS, 0
        if situation.attended:
            return
        between = situation.place is Place.BETWEEN
        seat = situation.reading.seat
        if between and self._lost(situation):
            yield CallReason.RIDER_GONE, settings.rider_gone_ms
        unknown = situation.place is Place.UNKNOWN and riding
        if situation.moving or not aboard(seat) or not (between or unknown):
            return
        if situation.demanded and (between or situation.refused):
            yield CallReason.REFUSED, settings.refused_ms
        if situation.stopped_by_fault and (between or not _part_of_arrival(situation)):
            yield CallReason.FAULT, settings.fault_ms
        battery_mv = situation.reading.battery_mv
        if battery_mv is not None and battery_mv <= settings.battery_low_mv:
            yield CallReason.POWER, settings.power_ms
        if between or seat is Seat.OCCUPIED:
            known = situation.place is not Place.UNKNOWN
            limit_ms = settings.stopped_ms if known else settings.stopped_unknown_ms
            yield CallReason.STOPPED, limit_ms

    def _lost(self, situation: Situation) -> bool:
        return self._was_occupied and situation.reading.seat is Seat.EMPTY

    def _told(self, reason: CallReason) -> bool:
        if reason is CallReason.SOS:
            return self.sos_told
        if reason is CallReason.REFUSED:
            return self._refusal_told  # trying again is the rider's own sign of life
        return self.stand_told

    def _tell(self, reason: CallReason) -> None:
        self.stand_told = True
        if reason is CallReason.SOS:
            self.sos_told = True
        if reason is CallReason.REFUSED:
            self._refusal_told = True


def _part_of_arrival(situation: Situation) -> bool:
    """Whether all that stops the drive is what people do when they get off."""
    reading = situation.reading
    stopping = {fault.code for fault in reading.faults if fault_of(fault.code).stops_drive}
    return stopping <= _ARRIVAL_FAULTS and not reading.contacts & ~_ARRIVAL_CONTACTS
