"""What the controllers of the years' aids can tell: makers differ.

Codes are those of ``domain.md``'s makers where known; the rest is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway.protocol.vocabulary import AidKind

_T498 = {
    "power_down": "blank",
    "battery_flat": "0",
    "no_charge": "2",
    "overspeed_governor": "3",
    "seat_turned": "4",
    "key_off": "5",
    "final_limit": "6",
    "footrest_down_edge": "7",
    "footrest_up_edge": "8",
    "carriage_down_edge": "9",
    "carriage_up_edge": "A",
}
_TWO_DIGIT = {
    "no_charge": "C5",
    "battery_low": "C7",
    "battery_flat": "C7",
    "footrest_up_edge": "E1",
    "footrest_down_edge": "E2",
    "carriage_up_edge": "E3",
    "carriage_down_edge": "E4",
    "seat_turned": "E5",
    "relay": "F1",
    "over_current": "F2",
    "controller": "F3",
    "brake": "F4",
    "joystick": "F5",
    "charger": "F6",
    "seat_sensor": "F7",
    "final_limit": "H1",
    "overspeed_governor": "H2",
}
_FLASHES = {
    "battery_low": "1",
    "battery_flat": "2",
    "over_voltage": "3",
    "drive_hot": "4",
    "over_current": "4",
    "brake": "5",
    "inhibited": "6",
    "joystick": "7",
    "motor": "8",
    "controller": "9",
}
_HOIST = {
    "battery_low": "b1",
    "battery_flat": "b0",
    "overload": "o1",
    "over_current": "o2",
    "emergency_stop": "s1",
    "actuator": "a1",
    "controller": "c1",
    "charger": "c2",
}


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One maker's controller.

    Attributes:
        name: unique.
        maker: who made it.
        kind: of aid.
        codes: our vocabulary to the maker's.
        share: how many of the fleet have it, relative to the others.
        seat: whether it feels who sits on it; position, current, landings, counters likewise.
        digest: whether the modem can read settings and serial number.
        weighs: of hoists: a load cell.
        battery_step_mv: resolution of the voltage.
    """

    name: str
    maker: str
    kind: AidKind
    codes: Mapping[str, str]
    share: float = 1.0
    seat: bool = True
    position: bool = True
    current: bool = True
    landings: bool = True
    counters: bool = True
    digest: bool = True
    weighs: bool = False
    battery_step_mv: int = 100


def _all() -> tuple[Profile, ...]:
    lift, scooter = AidKind.STAIRLIFT, AidKind.SCOOTER
    chair, hoist = AidKind.WHEELCHAIR, AidKind.HOIST
    t498 = {"maker": "T498", "kind": lift, "codes": MappingProxyType(_T498)}
    duo = {"maker": "Duo", "kind": lift, "codes": MappingProxyType(_TWO_DIGIT)}
    flash = {"maker": "Flash", "codes": MappingProxyType(_FLASHES), "landings": False}
    lifter = {"maker": "Lifter", "codes": MappingProxyType(_HOIST), "landings": False}
    rows: list[dict[str, object]] = [
        {**t498, "name": "t498", "share": 3.0, "counters": False, "digest": False},
        {
            **t498,
            "name": "t498_no_seat",
            "seat": False,
            "counters": False,
            "digest": False,
        },
        {**duo, "name": "duo", "share": 3.0, "battery_step_mv": 50},
        {**duo, "name": "duo_no_position", "position": False, "landings": True},
        {**duo, "name": "duo_no_landings", "landings": False, "battery_step_mv": 50},
        {**duo, "name": "duo_no_current", "current": False, "share": 0.7},
        {**flash, "name": "flash_scooter", "kind": scooter, "share": 2.0},
        {**flash, "name": "flash_scooter_no_seat", "kind": scooter, "seat": False},
        {**flash, "name": "plain_scooter", "kind": scooter, "current": False, "digest": False},
        {**flash, "name": "flash_chair", "kind": chair, "share": 2.0},
        {**flash, "name": "flash_chair_no_seat", "kind": chair, "seat": False},
        {**lifter, "kind": hoist, "name": "weighing_hoist", "share": 1.5, "weighs": True},
        {**lifter, "kind": hoist, "name": "plain_hoist", "digest": False, "counters": False},
    ]
    return tuple(Profile(**row) for row in rows)  # type: ignore[arg-type]


PROFILES: Mapping[str, Profile] = MappingProxyType({one.name: one for one in _all()})


def profiles_of(kind: AidKind) -> tuple[Profile, ...]:
    """Return the controllers that this kind of aid is built with."""
    return tuple(one for one in PROFILES.values() if one.kind is kind)
