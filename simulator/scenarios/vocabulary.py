"""What can happen in a scenario: the words for its steps, and what each does to a home."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from gateway.protocol.vocabulary import AidKind, Contacts, Demand, Mode
from simulator.carers import hoist_down, hoist_up
from simulator.drivers import drive_home
from simulator.helpers import rescue_from
from simulator.home import Home
from simulator.people import call, ride


class Do(StrEnum):
    """What people do."""

    # With every aid.
    SIT_DOWN = "sit_down"  # of a hoist: the sling is attached
    STAND_UP = "stand_up"  # in mid-rail: falls off the seat
    HOLD_JOYSTICK_UP = "hold_joystick up"  # on wheels: forward
    HOLD_JOYSTICK_DOWN = "hold_joystick down"
    RELEASE_JOYSTICK = "release_joystick"
    PRESS_SOS = "press_sos"
    RELEASE_SOS = "release_sos"
    KEY_OFF = "key off"
    KEY_NORMAL = "key normal"
    KEY_SERVICE = "key service"  # the mechanic's
    OPEN_HOUSING = "open_housing"
    CLOSE_HOUSING = "close_housing"
    RESCUE = "rescue"  # helpers free the rider, the mechanic sets the aid right
    # With a stairlift.
    RIDE_UP = "ride up"  # hold the joystick until arrived
    RIDE_DOWN = "ride down"
    CALL_UP = "call up"  # hold the remote at the top until the lift has come
    CALL_DOWN = "call down"
    RELEASE_REMOTE = "release_remote"
    TURN_SEAT = "turn_seat"
    TURN_SEAT_BACK = "turn_seat_back"
    OPEN_BELT = "open_belt"
    CLOSE_BELT = "close_belt"
    OPEN_ARMREST = "open_armrest"
    CLOSE_ARMREST = "close_armrest"
    ENGAGE_HAND_WHEEL = "engage_hand_wheel"
    WIND_UP = "wind up"
    WIND_DOWN = "wind down"
    STOP_WINDING = "stop_winding"
    DISENGAGE_HAND_WHEEL = "disengage_hand_wheel"
    # On wheels.
    PLUG_IN = "plug_in"  # of a hoist: the battery goes on its charger
    UNPLUG = "unplug"
    DRIVE_HOME = "drive home"
    TIP_OVER = "tip_over"
    SET_UPRIGHT = "set_upright"
    LEAN = "lean"  # sideways on a slope, but it stands
    STAND_STEEP = "stand_steep"  # on a slope that it cannot climb
    ENGAGE_FREEWHEEL = "engage_freewheel"
    PUSH = "push"
    STOP_PUSHING = "stop_pushing"
    DISENGAGE_FREEWHEEL = "disengage_freewheel"
    # With a hoist.
    HOIST_UP = "hoist up"  # until high enough for bed and chair
    HOIST_DOWN = "hoist down"  # until bed or chair carry the load
    PRESS_STOP = "press_stop"  # the emergency stop
    RELEASE_STOP = "release_stop"
    LOWER_BY_HAND = "lower_by_hand"  # the emergency lowering
    STOP_LOWERING = "stop_lowering"


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
    HOUR_AHEAD = "hour_ahead"  # as at the change to summer time, by mistake
    HOUR_BACK = "hour_back"
    CORRECT = "correct"


CLOCK_AHEAD_MS = 400 * 86_400_000
CLOCK_BACK_MS = -40 * 86_400_000
HOUR_MS = 3_600_000
FALLEN_DEG = 85.0
LEANING_DEG = 14.0
TOO_STEEP_DEG = 30.0


def do(home: Home, action: Do, *, weight_kg: float) -> None:
    """Let people do ``action`` now; ``weight_kg`` is what sits down.

    Raises:
        TypeError: nobody can do that with this kind of aid.
    """
    if action is Do.SIT_DOWN:
        home.aid.seat_load_kg = weight_kg
    else:
        _ACTIONS[action](home)


def surround(home: Home, event: Mains | Line | Modem | WallClock) -> None:
    """Change what is around the aid."""
    surroundings = home.surroundings
    match event:
        case Mains():
            home.aid.mains = event is Mains.RETURN
        case Line():
            surroundings.line_up = event is Line.UP
        case Modem():
            surroundings.modem_on = event is Modem.STARTS
        case WallClock():
            surroundings.clock_stopped_at_1970 = event is WallClock.RESET_TO_1970
            surroundings.clock_offset_ms = {
                WallClock.JUMP_AHEAD: CLOCK_AHEAD_MS,
                WallClock.JUMP_BACK: CLOCK_BACK_MS,
                WallClock.HOUR_AHEAD: HOUR_MS,
                WallClock.HOUR_BACK: -HOUR_MS,
            }.get(event, 0)


def _joystick(direction: Demand, home: Home) -> None:
    home.aid.joystick = direction


def _remote(home: Home) -> None:
    home.lift.remote = Demand.NONE


def _stand_up(home: Home) -> None:
    home.aid.seat_load_kg = 0.0


def _sos(pressed: bool, home: Home) -> None:  # noqa: FBT001 - bound below, by name of the action
    home.aid.sos = pressed


def _housing(opened: bool, home: Home) -> None:  # noqa: FBT001 - likewise
    home.aid.opened = opened


def _open(contact: Contacts, home: Home) -> None:
    home.lift.contacts |= contact


def _close(contact: Contacts, home: Home) -> None:
    home.lift.contacts &= ~contact


def _key_off(home: Home) -> None:
    home.aid.contacts |= Contacts.KEY_SWITCH


def _key_normal(home: Home) -> None:
    home.aid.mode = Mode.NORMAL
    home.aid.contacts &= ~Contacts.KEY_SWITCH


def _service(home: Home) -> None:
    home.aid.mode = Mode.SERVICE
    if home.aid.kind is AidKind.STAIRLIFT:
        home.lift.hand_wheel = Demand.NONE


def _mode(mode: Mode, home: Home) -> None:
    home.lift.mode = mode
    home.lift.hand_wheel = Demand.NONE


def _wind(direction: Demand, home: Home) -> None:
    home.lift.hand_wheel = direction


def _cable(plugged: bool, home: Home) -> None:  # noqa: FBT001 - likewise
    if home.aid.kind is AidKind.HOIST:
        home.hoist.cable = plugged
    else:
        home.vehicle.cable = plugged


def _tilt(degrees: float, home: Home) -> None:
    home.vehicle.tilt_deg = degrees


def _freewheel(mode: Mode, home: Home) -> None:
    home.vehicle.mode = mode
    home.vehicle.pushed = Demand.NONE


def _push(direction: Demand, home: Home) -> None:
    home.vehicle.pushed = direction


def _slope(home: Home) -> None:
    home.vehicle.incline_deg = TOO_STEEP_DEG


def _emergency_stop(pressed: bool, home: Home) -> None:  # noqa: FBT001 - likewise
    home.hoist.emergency_stop = pressed


def _lower(mode: Mode, direction: Demand, home: Home) -> None:
    home.hoist.mode = mode
    home.hoist.hand_wheel = direction


_ACTIONS: dict[Do, Callable[[Home], None]] = {
    Do.STAND_UP: _stand_up,
    Do.HOLD_JOYSTICK_UP: partial(_joystick, Demand.UP),
    Do.HOLD_JOYSTICK_DOWN: partial(_joystick, Demand.DOWN),
    Do.RELEASE_JOYSTICK: partial(_joystick, Demand.NONE),
    Do.PRESS_SOS: partial(_sos, True),  # noqa: FBT003
    Do.RELEASE_SOS: partial(_sos, False),  # noqa: FBT003
    Do.KEY_OFF: _key_off,
    Do.KEY_NORMAL: _key_normal,
    Do.KEY_SERVICE: _service,
    Do.OPEN_HOUSING: partial(_housing, True),  # noqa: FBT003
    Do.CLOSE_HOUSING: partial(_housing, False),  # noqa: FBT003
    Do.RESCUE: lambda home: home.begin(rescue_from(home)),
    Do.RIDE_UP: lambda home: home.begin(ride(home, Demand.UP)),
    Do.RIDE_DOWN: lambda home: home.begin(ride(home, Demand.DOWN)),
    Do.CALL_UP: lambda home: home.begin(call(home, Demand.UP)),
    Do.CALL_DOWN: lambda home: home.begin(call(home, Demand.DOWN)),
    Do.RELEASE_REMOTE: _remote,
    Do.TURN_SEAT: partial(_open, Contacts.SEAT_SWIVEL),
    Do.TURN_SEAT_BACK: partial(_close, Contacts.SEAT_SWIVEL),
    Do.OPEN_BELT: partial(_open, Contacts.SEAT_BELT),
    Do.CLOSE_BELT: partial(_close, Contacts.SEAT_BELT),
    Do.OPEN_ARMREST: partial(_open, Contacts.ARMREST),
    Do.CLOSE_ARMREST: partial(_close, Contacts.ARMREST),
    Do.ENGAGE_HAND_WHEEL: partial(_mode, Mode.HAND_WOUND),
    Do.WIND_UP: partial(_wind, Demand.UP),
    Do.WIND_DOWN: partial(_wind, Demand.DOWN),
    Do.STOP_WINDING: partial(_wind, Demand.NONE),
    Do.DISENGAGE_HAND_WHEEL: partial(_mode, Mode.NORMAL),
    Do.PLUG_IN: partial(_cable, True),  # noqa: FBT003
    Do.UNPLUG: partial(_cable, False),  # noqa: FBT003
    Do.DRIVE_HOME: lambda home: home.begin(drive_home(home)),
    Do.TIP_OVER: partial(_tilt, FALLEN_DEG),
    Do.LEAN: partial(_tilt, LEANING_DEG),
    Do.SET_UPRIGHT: partial(_tilt, 0.0),
    Do.STAND_STEEP: _slope,
    Do.ENGAGE_FREEWHEEL: partial(_freewheel, Mode.HAND_WOUND),
    Do.PUSH: partial(_push, Demand.UP),
    Do.STOP_PUSHING: partial(_push, Demand.NONE),
    Do.DISENGAGE_FREEWHEEL: partial(_freewheel, Mode.NORMAL),
    Do.HOIST_UP: lambda home: home.begin(hoist_up(home)),
    Do.HOIST_DOWN: lambda home: home.begin(hoist_down(home)),
    Do.PRESS_STOP: partial(_emergency_stop, True),  # noqa: FBT003
    Do.RELEASE_STOP: partial(_emergency_stop, False),  # noqa: FBT003
    Do.LOWER_BY_HAND: partial(_lower, Mode.HAND_WOUND, Demand.DOWN),
    Do.STOP_LOWERING: partial(_lower, Mode.NORMAL, Demand.NONE),
}
