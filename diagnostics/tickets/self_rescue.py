"""Whether the rider of a stopped stairlift may still get to a landing by its own drive. Pure.

After a safety edge trips, the drive still runs the other way: reversing is the normal self-rescue.
What people can put right by hand (a seat not turned back, an open belt) is named first. It is a
hint for whoever talks to the rider, never a reason to send nobody.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from msgspec import Struct

from gateway.protocol.vocabulary import fault_of


class Way(StrEnum):
    """Where the drive may still go."""

    EITHER = "either"
    UP = "up"
    DOWN = "down"
    NONE = "none"
    UNKNOWN = "unknown"


class SelfRescue(Struct, frozen=True):
    """What may be tried.

    Attributes:
        way: where it may go, once ``first`` is put right.
        first: what the rider, or somebody in the house, can put right by hand.
    """

    way: Way
    first: tuple[str, ...] = ()


# What each open contact, and each fault that says the same, does to the drive.
_BLOCKS_UP: Final = frozenset(
    {"footrest_up", "carriage_up", "footrest_up_edge", "carriage_up_edge"}
)
_BLOCKS_DOWN: Final = frozenset(
    {"footrest_down", "carriage_down", "footrest_down_edge", "carriage_down_edge"}
)
_BY_HAND: Final = {
    "seat_swivel": "turn_seat",
    "seat_turned": "turn_seat",
    "seat_belt": "close_belt",
    "belt_open": "close_belt",
    "armrest": "lower_armrests",
    "armrest_open": "lower_armrests",
    "key_switch": "turn_key",
    "key_off": "turn_key",
}


def self_rescue(contacts: Collection[str], faults: Collection[str]) -> SelfRescue:
    """Judge the newest word of a stairlift: its open contacts, and the faults that are active."""
    said = {*contacts, *faults}
    first = tuple(dict.fromkeys(_BY_HAND[each] for each in sorted(said) if each in _BY_HAND))
    known = _BLOCKS_UP | _BLOCKS_DOWN | _BY_HAND.keys()
    if any(each not in known for each in contacts):
        return SelfRescue(Way.NONE)  # a limit, the governor, the rail: only a mechanic
    if any(each not in known and fault_of(each).stops_drive for each in faults):
        return SelfRescue(Way.NONE)
    up, down = not said & _BLOCKS_UP, not said & _BLOCKS_DOWN
    if up and down:
        return SelfRescue(Way.EITHER if said else Way.UNKNOWN, first)
    if not up and not down:
        return SelfRescue(Way.NONE, first)
    return SelfRescue(Way.UP if up else Way.DOWN, first)
