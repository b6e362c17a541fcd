"""The one vocabulary that every maker's codes and contacts are mapped to."""

from enum import Enum, IntEnum, IntFlag, StrEnum
from typing import NamedTuple


class Seat(IntEnum):
    """Whether somebody sits on the lift, as far as its sensor can tell.

    On a scooter or wheelchair: on its seat. On a hoist: whether a load hangs in the sling.
    """

    UNKNOWN = 0
    EMPTY = 1
    OCCUPIED = 2


class Demand(IntEnum):
    """What the joystick or a remote asks of the drive right now (hold-to-run).

    On wheels, up is forward and down is back.
    """

    NONE = 0
    UP = 1
    DOWN = 2


class Mode(IntEnum):
    """Who is in charge of the lift."""

    NORMAL = 0
    SERVICE = 1  # the mechanic's key
    HAND_WOUND = 2  # the hand wheel is engaged


class Landing(IntEnum):
    """Where the carriage stands, as the controller's own switches say.

    Only a stairlift has landings: other aids say UNKNOWN.
    """

    UNKNOWN = 0
    BETWEEN = 1
    BOTTOM = 2
    TOP = 3
    MIDDLE = 4


class Contacts(IntFlag):
    """Contacts of the safety chain that are open (tripped) now."""

    NONE = 0
    FOOTREST_UP = 1
    FOOTREST_DOWN = 2
    CARRIAGE_UP = 4
    CARRIAGE_DOWN = 8
    SEAT_SWIVEL = 16
    SEAT_BELT = 32
    ARMREST = 64
    KEY_SWITCH = 128
    FINAL_LIMIT = 256
    OVERSPEED = 512
    HINGE_RAIL = 1024
    POWERED_STEP = 2048  # powered footrest or swivel not in place


class Signals(IntFlag):
    """Inputs that are simply on or off."""

    NONE = 0
    SOS = 1  # the rider holds the emergency button
    CHARGING = 2
    MAINS = 4
    REFUSED = 8  # the controller says that it refuses the drive
    AWAY = 16  # farther from home than the home's surroundings (the modem compares, and keeps it)
    TILTED = 32  # leans over farther than it can stand
    OPENED = 64  # the controller's housing is open


class AidKind(StrEnum):
    """What sort of aid it is."""

    STAIRLIFT = "stairlift"
    SCOOTER = "scooter"
    WHEELCHAIR = "wheelchair"
    HOIST = "hoist"


class FaultClass(Enum):
    """What a fault asks for."""

    TECHNICIAN = "technician_needed"
    INFORMATIVE = "informative"
    SELF_CLEARING = "self_clearing"


class Fault(NamedTuple):
    """One word of the vocabulary: what it asks for, and whether the lift cannot run with it."""

    fault_class: FaultClass
    stops_drive: bool


FAULTS: dict[str, Fault] = {
    "power_down": Fault(FaultClass.TECHNICIAN, stops_drive=True),
    "battery_low": Fault(FaultClass.INFORMATIVE, stops_drive=False),
    "battery_flat": Fault(FaultClass.TECHNICIAN, stops_drive=True),
    "no_charge": Fault(FaultClass.INFORMATIVE, stops_drive=False),
    "overspeed_governor": Fault(FaultClass.TECHNICIAN, stops_drive=True),
    "seat_turned": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "key_off": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "final_limit": Fault(FaultClass.TECHNICIAN, stops_drive=True),
    "footrest_up_edge": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "footrest_down_edge": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "carriage_up_edge": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "carriage_down_edge": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "belt_open": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "armrest_open": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "hinge_rail": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "powered_step": Fault(FaultClass.TECHNICIAN, stops_drive=True),
    "over_current": Fault(FaultClass.TECHNICIAN, stops_drive=True),
    "relay": Fault(FaultClass.TECHNICIAN, stops_drive=True),
    "brake": Fault(FaultClass.TECHNICIAN, stops_drive=True),
    "joystick": Fault(FaultClass.TECHNICIAN, stops_drive=True),
    "controller": Fault(FaultClass.TECHNICIAN, stops_drive=True),
    "charger": Fault(FaultClass.TECHNICIAN, stops_drive=False),
    "seat_sensor": Fault(FaultClass.TECHNICIAN, stops_drive=False),
    # Of drives on wheels, and of hoists.
    "over_voltage": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "drive_hot": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "motor": Fault(FaultClass.TECHNICIAN, stops_drive=True),
    "inhibited": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "overload": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "emergency_stop": Fault(FaultClass.SELF_CLEARING, stops_drive=True),
    "actuator": Fault(FaultClass.TECHNICIAN, stops_drive=True),
}
# A code we do not know must not be taken lightly.
UNKNOWN_FAULT = Fault(FaultClass.TECHNICIAN, stops_drive=True)


def fault_of(code: str) -> Fault:
    """Return what ``code`` asks for; an unknown code counts as one that stops the drive."""
    return FAULTS.get(code, UNKNOWN_FAULT)


class CallReason(StrEnum):
    """Why the modem calls. Any other word than ``TEST``, known or not, is a real emergency."""

    SOS = "sos"
    STOPPED = "stopped_between_landings"
    REFUSED = "drive_refused"
    FAULT = "fault_while_riding"
    RIDER_GONE = "rider_gone"
    POWER = "power_too_low"
    STRANDED = "stranded_away"  # on wheels: cannot go on, away from home, with its client
    TILTED = "tilted"
    HANGING = "load_hanging"  # a hoist that cannot let down what hangs in it
    TEST = "test"


class CallPhase(StrEnum):
    """A call begins, goes on unanswered, or the lift believes it is over (only a hint)."""

    RAISED = "raised"
    REPEATED = "repeated"
    CLEARED = "cleared"


class Edge(StrEnum):
    """A fault comes or goes."""

    RAISED = "raised"
    CLEARED = "cleared"


class Direction(StrEnum):
    """Which way a ride went."""

    UP = "up"
    DOWN = "down"


class LoadClass(StrEnum):
    """How heavy the drive found the ride: a class, since a modem cannot weigh."""

    UNKNOWN = "unknown"
    EMPTY = "empty"
    NORMAL = "normal"
    HEAVY = "heavy"


class Stage(StrEnum):
    """How far an ``update`` or ``set_settings`` has come; the last three end it."""

    DOWNLOADED = "downloaded"  # all of it is there, and it is what was signed
    INSTALLED = "installed"  # beside the present one; settings: in force, on trial
    STARTED = "started"  # the new programme runs, on trial
    CONFIRMED = "confirmed"  # it reached the platform for long enough
    REFUSED = "refused"  # ``detail`` begins with one of ``Refusal``
    ROLLED_BACK = "rolled_back"  # the one before is back


class Refusal(StrEnum):
    """Why a modem does not take a package or settings; more words may come."""

    NOT_NEWER = "not newer"
    SUPERSEDED = "superseded"  # by a later order
    WITHDRAWN = "withdrawn"  # the platform has it no more
    SIGNATURE = "signature"
    DIGEST = "digest"
    ARCHIVE = "archive"
    DISK = "disk"
    UNABLE = "nothing here can do that"
    BUSY = "busy"
