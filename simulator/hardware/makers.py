"""The makers' controllers: five profiles, their codes and their quirks.

T498 and the two-digit codes stand in those boards' service manuals, the flash codes in that of the
drives of scooters and power chairs; order of display, and all of ``lamp`` and ``handset``, are
assumed. Blank, 0, A: what the display shows.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.protocol.vocabulary import AidKind
from simulator.hardware.profile import Profile, Quirk

_STAIRLIFT = frozenset({AidKind.STAIRLIFT})
_WHEELS = frozenset({AidKind.SCOOTER, AidKind.WHEELCHAIR})
_HOIST = frozenset({AidKind.HOIST})

T498 = Profile(
    name="t498",
    maker="T498",
    kinds=_STAIRLIFT,
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

# Knows most about itself, and says all of it at once.
TWO_DIGIT = Profile(
    name="two_digit",
    maker="CEFH",
    kinds=_STAIRLIFT,
    codes=MappingProxyType(
        {
            "power_down": "C9",
            "controller": "F1",
            "relay": "F2",
            "brake": "F4",
            "over_current": "H1",
            "overspeed_governor": "H6",
            "final_limit": "H4",
            "joystick": "F7",
            "hinge_rail": "E8",
            "powered_step": "E9",
            "footrest_up_edge": "E1",
            "footrest_down_edge": "E2",
            "carriage_up_edge": "E3",
            "carriage_down_edge": "E4",
            "seat_turned": "E5",
            "belt_open": "E6",
            "armrest_open": "E7",
            "key_off": "E0",
            "battery_flat": "C8",
            "battery_low": "C7",
            "charger": "C3",
            "no_charge": "C5",
        },
    ),
    one_code_at_a_time=False,
)

# A lamp for "fault", one for "battery", and switches at the landings: an old, plain board.
LAMP = Profile(
    name="lamp",
    maker="LAMP",
    kinds=_STAIRLIFT,
    codes=MappingProxyType(
        {
            "final_limit": "SAFETY",
            "overspeed_governor": "SAFETY",
            "footrest_up_edge": "SAFETY",
            "footrest_down_edge": "SAFETY",
            "carriage_up_edge": "SAFETY",
            "carriage_down_edge": "SAFETY",
            "seat_turned": "SEAT",
            "battery_flat": "BATT",
        },
    ),
    one_code_at_a_time=True,
    shown_as={"SAFETY": "unknown"},  # which contact it is, the lamp does not say
    quirks=frozenset(
        {
            Quirk.NO_POSITION,
            Quirk.NO_REFUSED_SIGNAL,
            Quirk.NO_BELT_SWITCH,
            Quirk.NO_COUNTERS,
            Quirk.NO_IDENTITY,
        }
    ),
)

# Dynamic's drives blink: so many flashes, and a pause.
FLASH = Profile(
    name="flash",
    maker="DYNAMIC",
    kinds=_WHEELS,
    codes=MappingProxyType(
        {
            "controller": "9",
            "relay": "9",
            "motor": "8",
            "joystick": "7",
            "inhibited": "6",
            "brake": "5",
            "drive_hot": "4",
            "over_current": "4",
            "over_voltage": "3",
            "battery_flat": "2",
            "battery_low": "1",
        },
    ),
    one_code_at_a_time=True,
    shown_as={"9": "controller", "4": "drive_hot"},
)

HANDSET = Profile(
    name="handset",
    maker="HANDSET",
    kinds=_HOIST,
    codes=MappingProxyType(
        {
            "emergency_stop": "STOP",
            "overload": "LOAD",
            "actuator": "ACT",
            "over_current": "LOAD",
            "controller": "ERR",
            "battery_flat": "BAT0",
            "battery_low": "BAT",
            "charger": "CHG",
        },
    ),
    one_code_at_a_time=False,
    shown_as={"LOAD": "overload"},
)

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {profile.name: profile for profile in (T498, TWO_DIGIT, LAMP, FLASH, HANDSET)}
)
DEFAULT_PROFILE: Mapping[AidKind, Profile] = MappingProxyType(
    {
        AidKind.STAIRLIFT: T498,
        AidKind.SCOOTER: FLASH,
        AidKind.WHEELCHAIR: FLASH,
        AidKind.HOIST: HANDSET,
    }
)


def profile_of_maker(maker: str, kind: AidKind) -> Profile:
    """Return the profile of a maker in the manifest; an unknown one has what is usual."""
    for profile in PROFILES.values():
        if profile.maker == maker and kind in profile.kinds:
            return profile
    return DEFAULT_PROFILE[kind]
