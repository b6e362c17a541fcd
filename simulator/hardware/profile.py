"""Makers differ: which codes a controller shows, and what it cannot tell.

The physics know what is the matter in our own vocabulary; a profile says which of it this maker's
display shows, under which code, and one code at a time or all. What has no code stays unseen:
the drive just does not run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import compress, product
from operator import or_
from types import MappingProxyType

from gateway.hal import ActiveFault, Reading
from gateway.protocol.vocabulary import Contacts, Landing, Seat, Signals
from simulator.hardware.safety import FAULT_OF_CONTACT
from simulator.hardware.stairlift import Breakdown, Stairlift


class Quirk(StrEnum):
    """What a controller does not have."""

    NO_SEAT_SENSOR = "no_seat_sensor"
    NO_LANDING_SWITCHES = "no_landing_switches"
    NO_POSITION = "no_position"
    NO_REFUSED_SIGNAL = "no_refused_signal"
    NO_CONTACTS = "no_contacts"


# Looked up, since adding flags up is slow and every reading needs it.
_SIGNALS: Mapping[tuple[bool, ...], Signals] = MappingProxyType(
    {
        states: reduce(
            or_,
            compress((Signals.SOS, Signals.CHARGING, Signals.MAINS, Signals.REFUSED), states),
            Signals.NONE,
        )
        for states in product((False, True), repeat=4)
    },
)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One maker's controller. ``codes`` maps our vocabulary to the maker's, most serious first."""

    maker: str
    codes: Mapping[str, str]
    one_code_at_a_time: bool


# Codes as in that board's service manual (blank, 0, 2-9, A); the order of display is assumed.
T498 = Profile(
    maker="T498",
    codes=MappingProxyType(
        {
            "power_down": "blank",
            "overspeed_governor": "3",
            "final_limit": "6",
            "battery_flat": "0",
            "key_off": "5",
            "seat_turned": "4",
            "footrest_down_edge": "7",
            "footrest_up_edge": "8",
            "carriage_down_edge": "9",
            "carriage_up_edge": "A",
            "no_charge": "2",
        },
    ),
    one_code_at_a_time=True,
)
PROFILES: Mapping[str, Profile] = MappingProxyType({"t498": T498})


def conditions(lift: Stairlift) -> set[str]:
    """Return all that is the matter with ``lift``, in our vocabulary, shown or not."""
    present = set()
    if lift.contacts:  # mostly none are open, and this is asked at every reading
        present = {name for contact, name in FAULT_OF_CONTACT.items() if lift.contacts & contact}
    if not lift.powered:
        present.add("power_down")
    if lift.battery_flat:
        present.add("battery_flat")
    if lift.over_current:
        present.add("over_current")
    if lift.uncharged_too_long:
        present.add("no_charge")
    for breakdown, name in (
        (Breakdown.DRIVE, "relay"),
        (Breakdown.CONTROLLER, "controller"),
    ):
        if breakdown in lift.broken:
            present.add(name)
    return present


def reading_of(
    lift: Stairlift,
    *,
    profile: Profile = T498,
    quirks: frozenset[Quirk] = frozenset(),
    battery_step_mv: int = 100,
) -> Reading:
    """Return what ``lift``'s controller says now.

    Raises:
        OSError: its bus does not answer.
    """
    if Breakdown.BUS in lift.broken:
        raise OSError("the controller does not answer")
    present = conditions(lift)
    faults = tuple(
        ActiveFault(code=code, maker_code=maker_code)
        for code, maker_code in profile.codes.items()
        if code in present
    )
    if profile.one_code_at_a_time:
        faults = faults[:1]
    return Reading(
        position_mm=None if Quirk.NO_POSITION in quirks else round(lift.position_m * 1000),
        speed_mm_s=None if Quirk.NO_POSITION in quirks else _speed_mm_s(lift.speed_m_s),
        current_ma=round(lift.current_a * 1000),
        battery_mv=round(lift.battery_v * 1000 / battery_step_mv) * battery_step_mv,
        seat=_seat(lift, quirks),
        demand=lift.demand,
        mode=lift.mode,
        landing=Landing.UNKNOWN if Quirk.NO_LANDING_SWITCHES in quirks else lift.landing,
        contacts=Contacts.NONE if Quirk.NO_CONTACTS in quirks else lift.contacts,
        signals=_signals(lift, quirks),
        faults=faults,
    )


def _speed_mm_s(speed_m_s: float) -> int:
    # The slightest motion is still motion: never rounded to standing still.
    rounded = round(speed_m_s * 1000)
    if rounded == 0 and speed_m_s != 0:
        return 1 if speed_m_s > 0 else -1
    return rounded


def _seat(lift: Stairlift, quirks: frozenset[Quirk]) -> Seat:
    if Quirk.NO_SEAT_SENSOR in quirks:
        return Seat.UNKNOWN
    return Seat.OCCUPIED if lift.occupied else Seat.EMPTY


def _signals(lift: Stairlift, quirks: frozenset[Quirk]) -> Signals:
    refused = lift.refused and Quirk.NO_REFUSED_SIGNAL not in quirks
    return _SIGNALS[lift.sos, lift.charging, lift.mains, refused]
