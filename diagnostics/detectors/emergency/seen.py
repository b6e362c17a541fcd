"""What one fact shows of an aid, in the words that emergencies are judged by."""

from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from msgspec import Struct

from diagnostics.facts import Called, Fact, FaultChanged, Order, PresenceChanged, Sampled
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import CallPhase, Demand, Edge, Mode, Seat, Signals, fault_of

POWER_FAULTS = frozenset({"power_down", "battery_flat"})
# The reading of a birth message comes after all that was numbered before it.
AFTER_ALL_SAMPLES = 2**15 - 1
# As numbers: masking with a flag is slow, and this is done to every reading.
SOS = int(Signals.SOS)
REFUSED = int(Signals.REFUSED)
CHARGING = int(Signals.CHARGING)


class Place(IntEnum):
    """Where the aid stands, as far as we can tell; each kind has its own words for it.

    BETWEEN: where somebody cannot simply get off (between landings, away from home, hanging).
    LANDING: where he can (at a landing, at home, laid down).
    """

    UNKNOWN = 0
    BETWEEN = 1
    LANDING = 2


class Seen(Struct, frozen=True, array_like=True, kw_only=True):
    """One observation. An array in the stored state, since a ride has many: append only.

    Attributes:
        moving: None if only the way since the last reading can tell.
        attended: the mechanic's key or the hand wheel is in use: somebody is with the aid.
        blocked_by: the fault or open contact that keeps the drive from running, or "".
        over: the aid itself says that the ride is over.
        tilted: it leans over farther than it can stand.
        weak: the battery is low, though it still goes.
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
    tilted: bool = False
    weak: bool = False

    @property
    def resting(self) -> bool:
        """Whether it stands where anybody can get off, and nobody presses the button."""
        return self.place is Place.LANDING and not self.moving and not self.sos and not self.tilted


class Shown(NamedTuple):
    """The reading that a fact carries, its place in the device's order, and the fault it tells of.

    ``felt``: whether a pressed button in it counts.
    """

    order: Order
    sample: Sample
    fault: str | None
    felt: bool = True


def shown_by(fact: Fact) -> Shown | None:
    """Return what ``fact`` shows; None if it shows nothing of the aid."""
    match fact:
        case Sampled(sample=sample):
            return Shown(fact.order, sample, sample.fault)
        case FaultChanged(sample=sample):
            fault = sample.fault
            if fact.edge is Edge.RAISED:
                fault = fault or fact.code
            elif fault == fact.code:
                fault = None
            return Shown(fact.order, sample, fault)
        case Called(sample=sample) if fact.phase is not CallPhase.REPEATED:
            # The call is judged by itself, so its button counts once. A repetition may carry the
            # sample that began it, long ago.
            return Shown(fact.order, sample, sample.fault, felt=False)
        case PresenceChanged(sample=Sample() as sample):
            order = Order(fact.order.outbox_no, fact.order.seq, AFTER_ALL_SAMPLES)
            return Shown(order, sample, sample.fault)
        case _:
            return None


def seen_in(  # noqa: PLR0917 - a reading in its circumstances
    fact: Fact,
    shown: Shown,
    place: Place,
    moving: bool | None,  # noqa: FBT001 - a reading, not a switch
    blocked_by: str,
    low_battery_mv: int,
) -> Seen:
    """Return what every kind of aid shows alike."""
    order, sample, fault, felt = shown
    battery_mv = sample.battery_mv
    signals = sample.signals
    return Seen(
        order=order,
        log_no=fact.log_no,
        at=fact.measured_at,
        received_at=fact.received_at,
        place=place,
        moving=moving,
        position_mm=sample.position_mm,
        # A seat sensor that reports itself broken knows nothing.
        seat=sample.seat if fault != "seat_sensor" else Seat.UNKNOWN,
        attended=sample.mode is not Mode.NORMAL,
        blocked_by=blocked_by,
        refused=bool(signals & REFUSED) and sample.demand is not Demand.NONE,
        power_low=fault in POWER_FAULTS
        or (battery_mv is not None and battery_mv <= low_battery_mv),
        battery_mv=battery_mv,
        sos=felt and bool(signals & SOS),
    )


def stopping_fault(fault: str | None) -> str:
    """Return the fault if the drive cannot run with it, else ""."""
    return fault if fault is not None and fault_of(fault).stops_drive else ""
