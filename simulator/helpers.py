"""Who comes when something is wrong, whatever the kind of aid: help, tidying up, a fresh start."""

from gateway.protocol.vocabulary import AidKind, Contacts, Demand, Landing, Mode
from simulator.carers import help_down, hoist_down, mend_hoist
from simulator.drivers import help_driver, mend_vehicle
from simulator.home import Activity, Home
from simulator.people import call, rescue


def rescue_from(home: Home) -> Activity:
    """Let helpers free whoever needs it, and the mechanic set the aid right."""
    match home.aid.kind:
        case AidKind.STAIRLIFT:
            yield from rescue(home)
        case AidKind.HOIST:
            yield from help_down(home)
        case _:
            yield from help_driver(home)


def tidy(home: Home) -> Activity:
    """Put right what was left after something harmless, and leave the aid where it belongs."""
    aid = home.aid
    home.surroundings.set_right()
    aid.broken.clear()
    aid.contacts = Contacts.NONE
    aid.mode = Mode.NORMAL
    aid.sos = aid.opened = False
    aid.mains = True
    aid.joystick = Demand.NONE
    match aid.kind:
        case AidKind.STAIRLIFT:
            yield from _tidy_lift(home)
        case AidKind.HOIST:
            mend_hoist(home)
            yield 2_000
            yield from hoist_down(home, 0.0)
            home.hoist.seat_load_kg = 0.0
            home.hoist.cable = True
        case _:
            mend_vehicle(home)
            home.vehicle.seat_load_kg = 0.0
            yield 2_000
            home.vehicle.place = home.vehicle.home
            home.vehicle.cable = True


def _tidy_lift(home: Home) -> Activity:
    lift = home.lift
    lift.seat_load_kg = 0.0
    lift.brake_grip = 1.0
    lift.remote = lift.hand_wheel = Demand.NONE
    yield 2_000
    if lift.landing is Landing.BETWEEN:
        yield from call(home, Demand.DOWN)


def at_rest(home: Home) -> bool:
    """Tell whether the aid stands empty where it belongs, and nothing is wrong with it."""
    aid = home.aid
    if aid.seat_load_kg or aid.broken or aid.contacts or aid.battery_flat or aid.speed_m_s:
        return False
    match aid.kind:
        case AidKind.STAIRLIFT:
            return home.lift.landing is not Landing.BETWEEN
        case AidKind.HOIST:
            return not home.hoist.hanging
        case _:
            return not home.vehicle.away
