"""Parts that can be broken, of any kind of aid. What each does is the aid's own physics."""

from enum import StrEnum


class Breakdown(StrEnum):
    """Parts that are broken now."""

    # Of every aid.
    DRIVE = "drive"  # the motor relay does not close
    CONTROLLER = "controller"  # the board's watchdog holds everything
    ISOLATOR = "isolator"  # the battery is disconnected
    CHARGER = "charger"
    BUS = "bus"  # the modem gets no answer from the controller
    JAM = "jam"  # something blocks what should move
    SEAT_SENSOR = "seat_sensor"  # says "empty", whoever sits there
    JOYSTICK = "joystick"  # its signal is out of range
    # Of the stairlift.
    PARKING = "parking"  # stops short of the charge contacts, though at the landing
    HINGE = "hinge"  # the hinged piece of rail does not move
    STEP = "step"  # the powered footrest does not move
    # Of aids on wheels.
    BRAKE = "brake"  # does not lift: the controller will not drive
    MOTOR = "motor"  # open circuit
    # Of the hoist.
    ACTUATOR = "actuator"


STOPS_DRIVE = frozenset(
    {
        Breakdown.DRIVE,
        Breakdown.CONTROLLER,
        Breakdown.ISOLATOR,
        Breakdown.JOYSTICK,
        Breakdown.BRAKE,
        Breakdown.MOTOR,
        Breakdown.ACTUATOR,
    }
)
STOPS_CHARGING = frozenset({Breakdown.CHARGER, Breakdown.ISOLATOR})

# The word of our vocabulary for what a controller may notice of itself.
FAULT_OF_BREAKDOWN = {
    Breakdown.DRIVE: "relay",
    Breakdown.CONTROLLER: "controller",
    Breakdown.JOYSTICK: "joystick",
    Breakdown.BRAKE: "brake",
    Breakdown.MOTOR: "motor",
    Breakdown.ACTUATOR: "actuator",
    Breakdown.CHARGER: "charger",
}
