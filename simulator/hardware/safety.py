"""The safety chain: which open contact stops the drive in which direction.

An edge or footrest stops the drive only towards what it touched: reversing is how a rider frees
himself. Every other contact cuts the drive altogether.
"""

from types import MappingProxyType

from gateway.protocol.vocabulary import Contacts, Demand

BLOCKS_UP = Contacts.FOOTREST_UP | Contacts.CARRIAGE_UP
BLOCKS_DOWN = Contacts.FOOTREST_DOWN | Contacts.CARRIAGE_DOWN
BLOCKS_BOTH = (
    Contacts.SEAT_SWIVEL
    | Contacts.SEAT_BELT
    | Contacts.ARMREST
    | Contacts.KEY_SWITCH
    | Contacts.FINAL_LIMIT
    | Contacts.OVERSPEED
    | Contacts.HINGE_RAIL
    | Contacts.POWERED_STEP
)

# The word of our vocabulary for each contact, most serious first.
FAULT_OF_CONTACT = MappingProxyType(
    {
        Contacts.OVERSPEED: "overspeed_governor",
        Contacts.FINAL_LIMIT: "final_limit",
        Contacts.KEY_SWITCH: "key_off",
        Contacts.SEAT_SWIVEL: "seat_turned",
        Contacts.CARRIAGE_UP: "carriage_up_edge",
        Contacts.CARRIAGE_DOWN: "carriage_down_edge",
        Contacts.FOOTREST_UP: "footrest_up_edge",
        Contacts.FOOTREST_DOWN: "footrest_down_edge",
        Contacts.SEAT_BELT: "belt_open",
        Contacts.ARMREST: "armrest_open",
        Contacts.HINGE_RAIL: "hinge_rail",
        Contacts.POWERED_STEP: "powered_step",
    },
)


def permits(contacts: Contacts, direction: Demand) -> bool:
    """Tell whether the chain lets the drive run in ``direction`` with these contacts open."""
    if not contacts:
        return True
    if contacts & BLOCKS_BOTH:
        return False
    if direction is Demand.UP:
        return not contacts & BLOCKS_UP
    if direction is Demand.DOWN:
        return not contacts & BLOCKS_DOWN
    return True
