"""What people do with an aid that they should not: switched on and off per home.

Households act upon it while they live; the words are those of the platform's catalogue.
"""

from enum import StrEnum
from types import MappingProxyType

from gateway.protocol.vocabulary import AidKind

_ALL = frozenset(AidKind)
_LIFT = frozenset({AidKind.STAIRLIFT})
_WHEELS = frozenset({AidKind.SCOOTER, AidKind.WHEELCHAIR})


class Misuse(StrEnum):
    """What is done with it."""

    OTHER_PERSON = "other_person"
    GOODS = "goods_transport"
    PLAY = "play"
    OVERLOAD = "overload"
    DUTY_CYCLE = "duty_cycle"
    TOO_STEEP = "too_steep"
    TOO_FAST = "too_fast"
    NOT_CHARGED = "not_charged"
    UNSHELTERED = "unsheltered"
    MODIFIED = "modified"
    NEGLECTED = "neglected"
    LOST = "lost"
    UNUSED = "unused"


# Which aids it can be done with, and what it is.
MISUSES = MappingProxyType(
    {
        Misuse.OTHER_PERSON: (_ALL, "somebody of another weight and tempo uses it, not the client"),
        Misuse.GOODS: (_LIFT, "shopping, a laundry basket or a crate rides on the seat"),
        Misuse.PLAY: (_LIFT | _WHEELS, "children send it to and fro, or race with it"),
        Misuse.OVERLOAD: (_ALL, "more sits on it, or hangs in it, than it is made for"),
        Misuse.DUTY_CYCLE: (_LIFT, "many rides without a rest, for hours on end"),
        Misuse.TOO_STEEP: (_WHEELS, "it drives on slopes beyond its specification"),
        Misuse.TOO_FAST: (_WHEELS, "it drives faster than it is built for: downhill or tuned"),
        Misuse.NOT_CHARGED: (_ALL, "it is left without its charger, night after night"),
        Misuse.UNSHELTERED: (_WHEELS, "it is kept out in the open"),
        Misuse.MODIFIED: (_ALL, "its settings or its controller are changed, without a mechanic"),
        Misuse.NEGLECTED: (_ALL, "soft tyres, dirt on the rail: what its user should see to"),
        Misuse.LOST: (_WHEELS, "it is taken away and does not come back"),
        Misuse.UNUSED: (_ALL, "nobody uses it"),
    }
)
