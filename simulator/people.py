"""What people do with a lift, as activities: hands on the joystick, sitting down, the mechanic."""

from gateway.protocol.vocabulary import Contacts, Demand, Landing, Mode
from simulator.home import Activity, Home

LOOK_MS = 200  # assumed: how often a person notices where the lift is
_GOAL = {Demand.UP: Landing.TOP, Demand.DOWN: Landing.BOTTOM}


def arrived(home: Home, direction: Demand) -> bool:
    """Tell whether the lift stands still at the end of ``direction``."""
    return home.lift.landing is _GOAL[direction] and home.lift.speed_m_s == 0


def ride(home: Home, direction: Demand) -> Activity:
    """Hold the joystick until the lift has arrived; somebody else may let go of it before."""
    home.lift.joystick = direction
    while home.lift.joystick is direction:
        if arrived(home, direction):
            home.lift.joystick = Demand.NONE
            return
        yield LOOK_MS


def call(home: Home, direction: Demand) -> Activity:
    """Hold a remote's button until the lift has come."""
    home.lift.remote = direction
    while home.lift.remote is direction:
        if arrived(home, direction):
            home.lift.remote = Demand.NONE
            return
        yield LOOK_MS


def rescue(home: Home) -> Activity:
    """Let helpers free the rider, and the mechanic set the lift right with his key.

    Parks the lift at the nearest landing; takes as long as the driving takes.
    """
    lift = home.lift
    lift.joystick = lift.remote = lift.hand_wheel = Demand.NONE
    lift.mode = Mode.SERVICE
    yield 5_000  # assumed: the key first, then the rider
    lift.seat_load_kg = 0.0
    lift.sos = False
    yield 20_000  # assumed: the repair, shortened
    lift.broken.clear()
    lift.contacts = Contacts.NONE
    lift.mains = True
    lift.battery.charge = max(lift.battery.charge, 0.6)  # he brings charged ones
    lift.battery_flat = False
    lift.brake_grip = 1.0
    home.surroundings.set_right()
    if lift.position_m > lift.rail.length_m / 2:
        yield from ride(home, Demand.UP)
    else:
        yield from ride(home, Demand.DOWN)
    yield 2_000
    lift.mode = Mode.NORMAL
