"""What can happen in a scenario: the words for its steps, and what each does to a home."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from gateway.protocol.vocabulary import Contacts, Demand, Mode
from simulator.hardware.breakdown import Breakdown
from simulator.home import Home
from simulator.people import call, rescue, ride


class Do(StrEnum):
    """What people do."""

    SIT_DOWN = "sit_down"
    STAND_UP = "stand_up"  # in mid-rail: falls off the seat
    RIDE_UP = "ride up"  # hold the joystick until arrived
    RIDE_DOWN = "ride down"
    HOLD_JOYSTICK_UP = "hold_joystick up"
    HOLD_JOYSTICK_DOWN = "hold_joystick down"
    RELEASE_JOYSTICK = "release_joystick"
    CALL_UP = "call up"  # hold the remote at the top until the lift has come
    CALL_DOWN = "call down"
    RELEASE_REMOTE = "release_remote"
    PRESS_SOS = "press_sos"
    RELEASE_SOS = "release_sos"
    TURN_SEAT = "turn_seat"
    TURN_SEAT_BACK = "turn_seat_back"
    OPEN_BELT = "open_belt"
    CLOSE_BELT = "close_belt"
    OPEN_ARMREST = "open_armrest"
    CLOSE_ARMREST = "close_armrest"
    KEY_OFF = "key off"
    KEY_NORMAL = "key normal"
    KEY_SERVICE = "key service"  # the mechanic's
    ENGAGE_HAND_WHEEL = "engage_hand_wheel"
    WIND_UP = "wind up"
    WIND_DOWN = "wind down"
    STOP_WINDING = "stop_winding"
    DISENGAGE_HAND_WHEEL = "disengage_hand_wheel"
    RESCUE = "rescue"  # helpers free the rider, the mechanic parks the lift


class Part(StrEnum):
    """What can fail, and be repaired."""

    FOOTREST_UP_EDGE = "footrest_up_edge"
    FOOTREST_DOWN_EDGE = "footrest_down_edge"
    CARRIAGE_UP_EDGE = "carriage_up_edge"
    CARRIAGE_DOWN_EDGE = "carriage_down_edge"
    FINAL_LIMIT = "final_limit"
    OVERSPEED_GOVERNOR = "overspeed_governor"
    HINGE_RAIL = "hinge_rail"
    POWERED_STEP = "powered_step"
    DRIVE = "drive"  # its relay does not close
    RAIL = "rail"  # something jams the carriage
    CONTROLLER = "controller"
    ISOLATOR = "isolator"  # the battery is disconnected
    CHARGER = "charger"
    BUS = "bus"  # the modem cannot hear the controller
    SEAT_SENSOR = "seat_sensor"  # says "empty" always
    BATTERY = "battery"  # nearly empty at once; repaired: 60 %


class Mains(StrEnum):
    """The house's mains."""

    FAIL = "fail"
    RETURN = "return"


class Line(StrEnum):
    """The modem's data line."""

    DOWN = "down"
    UP = "up"


class Modem(StrEnum):
    """The modem itself."""

    DIES = "dies"  # power gone: no goodbye
    STARTS = "starts"


class WallClock(StrEnum):
    """What the modem believes the time to be."""

    RESET_TO_1970 = "reset_to_1970"
    JUMP_AHEAD = "jump_ahead"  # 400 days
    JUMP_BACK = "jump_back"  # 40 days
    CORRECT = "correct"


EMPTY_BATTERY_CHARGE = 0.03
REPLACED_BATTERY_CHARGE = 0.6
CLOCK_AHEAD_MS = 400 * 86_400_000
CLOCK_BACK_MS = -40 * 86_400_000

_CONTACTS = {
    Part.FOOTREST_UP_EDGE: Contacts.FOOTREST_UP,
    Part.FOOTREST_DOWN_EDGE: Contacts.FOOTREST_DOWN,
    Part.CARRIAGE_UP_EDGE: Contacts.CARRIAGE_UP,
    Part.CARRIAGE_DOWN_EDGE: Contacts.CARRIAGE_DOWN,
    Part.FINAL_LIMIT: Contacts.FINAL_LIMIT,
    Part.OVERSPEED_GOVERNOR: Contacts.OVERSPEED,
    Part.HINGE_RAIL: Contacts.HINGE_RAIL,
    Part.POWERED_STEP: Contacts.POWERED_STEP,
}
_BREAKDOWNS = {
    Part.DRIVE: Breakdown.DRIVE,
    Part.RAIL: Breakdown.JAM,
    Part.CONTROLLER: Breakdown.CONTROLLER,
    Part.ISOLATOR: Breakdown.ISOLATOR,
    Part.CHARGER: Breakdown.CHARGER,
    Part.BUS: Breakdown.BUS,
    Part.SEAT_SENSOR: Breakdown.SEAT_SENSOR,
}


def do(home: Home, action: Do, *, weight_kg: float) -> None:
    """Let people do ``action`` now; ``weight_kg`` is what sits down."""
    if action is Do.SIT_DOWN:
        home.lift.seat_load_kg = weight_kg
    else:
        _ACTIONS[action](home)


def fail(home: Home, part: Part) -> None:
    """Break ``part``."""
    if part in _CONTACTS:
        home.lift.contacts |= _CONTACTS[part]
    elif part in _BREAKDOWNS:
        home.lift.broken.add(_BREAKDOWNS[part])
    else:
        home.lift.battery.charge = EMPTY_BATTERY_CHARGE


def repair(home: Home, part: Part) -> None:
    """Make ``part`` whole."""
    if part in _CONTACTS:
        home.lift.contacts &= ~_CONTACTS[part]
    elif part in _BREAKDOWNS:
        home.lift.broken.discard(_BREAKDOWNS[part])
    else:
        home.lift.battery.charge = REPLACED_BATTERY_CHARGE
        home.lift.battery_flat = False


def surround(home: Home, event: Mains | Line | Modem | WallClock) -> None:
    """Change what is around the lift."""
    surroundings = home.surroundings
    match event:
        case Mains():
            home.lift.mains = event is Mains.RETURN
        case Line():
            surroundings.line_up = event is Line.UP
        case Modem():
            surroundings.modem_on = event is Modem.STARTS
        case WallClock():
            surroundings.clock_stopped_at_1970 = event is WallClock.RESET_TO_1970
            surroundings.clock_offset_ms = {
                WallClock.JUMP_AHEAD: CLOCK_AHEAD_MS,
                WallClock.JUMP_BACK: CLOCK_BACK_MS,
            }.get(event, 0)


def _joystick(direction: Demand, home: Home) -> None:
    home.lift.joystick = direction


def _remote(home: Home) -> None:
    home.lift.remote = Demand.NONE


def _stand_up(home: Home) -> None:
    home.lift.seat_load_kg = 0.0


def _sos(pressed: bool, home: Home) -> None:  # noqa: FBT001 - bound below, by name of the action
    home.lift.sos = pressed


def _open(contact: Contacts, home: Home) -> None:
    home.lift.contacts |= contact


def _close(contact: Contacts, home: Home) -> None:
    home.lift.contacts &= ~contact


def _key_normal(home: Home) -> None:
    home.lift.mode = Mode.NORMAL
    home.lift.contacts &= ~Contacts.KEY_SWITCH


def _mode(mode: Mode, home: Home) -> None:
    home.lift.mode = mode
    home.lift.hand_wheel = Demand.NONE


def _wind(direction: Demand, home: Home) -> None:
    home.lift.hand_wheel = direction


_ACTIONS: dict[Do, Callable[[Home], None]] = {
    Do.STAND_UP: _stand_up,
    Do.RIDE_UP: lambda home: home.begin(ride(home, Demand.UP)),
    Do.RIDE_DOWN: lambda home: home.begin(ride(home, Demand.DOWN)),
    Do.HOLD_JOYSTICK_UP: partial(_joystick, Demand.UP),
    Do.HOLD_JOYSTICK_DOWN: partial(_joystick, Demand.DOWN),
    Do.RELEASE_JOYSTICK: partial(_joystick, Demand.NONE),
    Do.CALL_UP: lambda home: home.begin(call(home, Demand.UP)),
    Do.CALL_DOWN: lambda home: home.begin(call(home, Demand.DOWN)),
    Do.RELEASE_REMOTE: _remote,
    Do.PRESS_SOS: partial(_sos, True),  # noqa: FBT003
    Do.RELEASE_SOS: partial(_sos, False),  # noqa: FBT003
    Do.TURN_SEAT: partial(_open, Contacts.SEAT_SWIVEL),
    Do.TURN_SEAT_BACK: partial(_close, Contacts.SEAT_SWIVEL),
    Do.OPEN_BELT: partial(_open, Contacts.SEAT_BELT),
    Do.CLOSE_BELT: partial(_close, Contacts.SEAT_BELT),
    Do.OPEN_ARMREST: partial(_open, Contacts.ARMREST),
    Do.CLOSE_ARMREST: partial(_close, Contacts.ARMREST),
    Do.KEY_OFF: partial(_open, Contacts.KEY_SWITCH),
    Do.KEY_NORMAL: _key_normal,
    Do.KEY_SERVICE: partial(_mode, Mode.SERVICE),
    Do.ENGAGE_HAND_WHEEL: partial(_mode, Mode.HAND_WOUND),
    Do.WIND_UP: partial(_wind, Demand.UP),
    Do.WIND_DOWN: partial(_wind, Demand.DOWN),
    Do.STOP_WINDING: partial(_wind, Demand.NONE),
    Do.DISENGAGE_HAND_WHEEL: partial(_mode, Mode.NORMAL),
    Do.RESCUE: lambda home: home.begin(rescue(home)),
}
