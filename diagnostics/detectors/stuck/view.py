"""What one fact shows of the lift, in the words that stuck is judged by."""

from datetime import datetime
from enum import IntEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.stuck.parameters import Parameters
from diagnostics.facts import Called, Fact, FaultChanged, Order, PresenceChanged, RideEnded, Sampled
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import (
    CallPhase,
    Contacts,
    Demand,
    Edge,
    Landing,
    Mode,
    Seat,
    Signals,
    fault_of,
)

_POWER_FAULTS: Final = frozenset({"power_down", "battery_flat"})
_AFTER_ALL_SAMPLES: Final = 2**15 - 1


class Place(IntEnum):
    """Where the lift stands, as far as we can tell."""

    UNKNOWN = 0
    BETWEEN = 1
    LANDING = 2


class Seen(Struct, frozen=True, array_like=True, kw_only=True):
    """One observation. An array in the stored state, since a ride has many: append only.

    Attributes:
        moving: None if only the way since the last reading can tell.
        attended: the mechanic's key or the hand wheel is in use: somebody is with the lift.
        blocked_by: the fault or open contact that keeps the drive from running, or "".
        over: the lift itself says that the ride is over.
    """

    order: Order
    log_no: int
    at: datetime
    received_at: datetime
    place: Place
    moving: bool | None
    position_mm: int | None
    seat: Seat
    attended: bool = False
    blocked_by: str = ""
    refused: bool = False
    power_low: bool = False
    battery_mv: int | None = None
    sos: bool = False
    over: bool = False

    @property
    def resting(self) -> bool:
        """Whether the lift stands at a landing and nobody presses the button."""
        return self.place is Place.LANDING and not self.moving and not self.sos


def see(fact: Fact, aid: Aid, limits: Parameters) -> Seen | None:
    """Return what ``fact`` shows of the lift; None if it shows nothing of it."""
    match fact:
        case Sampled(sample=sample):
            return _from_sample(fact, fact.order, sample, sample.fault, aid, limits)
        case FaultChanged(sample=sample):
            fault = sample.fault
            if fact.edge is Edge.RAISED:
                fault = fault or fact.code
            elif fault == fact.code:
                fault = None
            return _from_sample(fact, fact.order, sample, fault, aid, limits)
        case Called(sample=sample) if fact.phase is not CallPhase.REPEATED:
            # The call is judged by itself, so its button counts once. A repetition may carry the
            # sample that began it, long ago.
            seen = _from_sample(fact, fact.order, sample, sample.fault, aid, limits)
            return replace(seen, sos=False)
        case RideEnded() if fact.end_landing is not Landing.BETWEEN:
            return Seen(
                order=fact.order,
                log_no=fact.log_no,
                at=fact.measured_at,
                received_at=fact.received_at,
                place=Place.UNKNOWN if fact.end_landing is Landing.UNKNOWN else Place.LANDING,
                moving=False,
                position_mm=None,
                seat=Seat.UNKNOWN,
                over=True,
            )
        case PresenceChanged(sample=Sample() as sample):
            order = Order(fact.order.outbox_no, fact.order.seq, _AFTER_ALL_SAMPLES)
            return _from_sample(fact, order, sample, sample.fault, aid, limits)
        case _:
            return None


def _from_sample(  # noqa: PLR0917 - the sample in all its circumstances
    fact: Fact, order: Order, sample: Sample, fault: str | None, aid: Aid, limits: Parameters
) -> Seen:
    battery_mv = sample.battery_mv
    return Seen(
        order=order,
        log_no=fact.log_no,
        at=fact.measured_at,
        received_at=fact.received_at,
        place=_place(sample, aid, limits),
        moving=_moving(sample, limits),
        position_mm=sample.position_mm,
        # A seat sensor that reports itself broken knows nothing.
        seat=Seat.UNKNOWN if fault == "seat_sensor" else sample.seat,
        attended=sample.mode is not Mode.NORMAL,
        blocked_by=_blocked_by(sample, fault),
        refused=bool(sample.signals & Signals.REFUSED) and sample.demand is not Demand.NONE,
        power_low=fault in _POWER_FAULTS
        or (battery_mv is not None and battery_mv <= limits.low_battery_mv),
        battery_mv=battery_mv,
        sos=sample.sos,
    )


def _place(sample: Sample, aid: Aid, limits: Parameters) -> Place:
    if sample.landing is not Landing.UNKNOWN:
        return Place.BETWEEN if sample.landing is Landing.BETWEEN else Place.LANDING
    if sample.signals & Signals.CHARGING:
        return Place.LANDING  # charging contacts stand at the landings
    if sample.position_mm is None or aid.rail_length_mm is None:
        return Place.UNKNOWN
    to_end_mm = min(sample.position_mm, aid.rail_length_mm - sample.position_mm)
    return Place.LANDING if to_end_mm <= limits.landing_mm else Place.BETWEEN


def _moving(sample: Sample, limits: Parameters) -> bool | None:
    if sample.speed_mm_s is not None:
        return abs(sample.speed_mm_s) >= limits.still_mm_s
    if sample.position_mm is not None:
        return None
    # No speed, no position: a lift that obeys its joystick moves.
    return sample.demand is not Demand.NONE and not sample.signals & Signals.REFUSED


def _blocked_by(sample: Sample, fault: str | None) -> str:
    if fault is not None and fault_of(fault).stops_drive:
        return fault
    if not sample.contacts:
        return ""
    contacts = sample.open_contacts
    known = next((contact for contact in Contacts if contact in contacts), None)
    if known is not None and known.name is not None:
        return known.name.lower()
    return "unknown_contact" if contacts else ""
