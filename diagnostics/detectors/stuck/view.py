"""What one fact shows of a stairlift."""

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.emergency.seen import (
    CHARGING,
    REFUSED,
    Place,
    Seen,
    seen_in,
    shown_by,
    stopping_fault,
)
from diagnostics.detectors.stuck.parameters import Parameters
from diagnostics.facts import Fact, RideEnded
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import Contacts, Demand, Landing, Seat


def see(fact: Fact, aid: Aid, limits: Parameters) -> Seen | None:
    """Return what ``fact`` shows of the lift; None if it shows nothing of it."""
    shown = shown_by(fact)
    if shown is None:
        return _end_of_ride(fact) if isinstance(fact, RideEnded) else None
    sample = shown.sample
    return seen_in(
        fact,
        shown,
        _place(sample, aid, limits),
        _moving(sample, limits),
        stopping_fault(shown.fault) or (_open_contact(sample) if sample.contacts else ""),
        limits.low_battery_mv,
    )


def _end_of_ride(fact: RideEnded) -> Seen | None:
    """Return the end of a ride; None: it was given up between landings."""
    if fact.end_landing is Landing.BETWEEN:
        return None
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


def _place(sample: Sample, aid: Aid, limits: Parameters) -> Place:
    if sample.landing is not Landing.UNKNOWN:
        return Place.BETWEEN if sample.landing is Landing.BETWEEN else Place.LANDING
    if sample.signals & CHARGING:
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
    return sample.demand is not Demand.NONE and not sample.signals & REFUSED


def _open_contact(sample: Sample) -> str:
    """Return the first contact that is open."""
    contacts = sample.open_contacts
    known = next((contact for contact in Contacts if contact in contacts), None)
    if known is not None and known.name is not None:
        return known.name.lower()
    return "unknown_contact"
