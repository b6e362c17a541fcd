"""What carers do with a hoist: attach, lift, let down, and what is left when it does not go."""

from gateway.protocol.vocabulary import Contacts, Demand, Mode
from simulator.home import Activity, Home

LOOK_MS = 250  # assumed
LIFTED_M = 0.9  # assumed: high enough for bed and wheelchair


def hoist_up(home: Home, to_m: float = LIFTED_M) -> Activity:
    """Hold the button until it is so high; somebody else may let go of it before."""
    yield from _hold(home, Demand.UP, to_m)


def hoist_down(home: Home, to_m: float | None = None) -> Activity:
    """Let down until bed or chair carry the load (None), or to a height."""
    goal_m = max(0.0, home.hoist.carried_at_m - 0.1) if to_m is None else to_m
    yield from _hold(home, Demand.DOWN, goal_m)


def _hold(home: Home, direction: Demand, to_m: float) -> Activity:
    hoist = home.hoist
    hoist.joystick = direction
    while hoist.joystick is direction:
        there = hoist.position_m >= to_m if direction is Demand.UP else hoist.position_m <= to_m
        if there:
            hoist.joystick = Demand.NONE
            return
        yield LOOK_MS


def help_down(home: Home) -> Activity:
    """Let helpers lower it by hand, and the mechanic mend it."""
    hoist = home.hoist
    hoist.joystick = Demand.NONE
    hoist.mode = Mode.HAND_WOUND
    hoist.hand_wheel = Demand.DOWN
    while hoist.position_m > max(0.0, hoist.carried_at_m - 0.05):
        yield 500
    hoist.seat_load_kg = 0.0
    hoist.sos = False
    hoist.hand_wheel = Demand.NONE
    hoist.mode = Mode.SERVICE
    yield 20_000  # assumed: the repair, shortened
    mend_hoist(home)
    yield from _hold(home, Demand.DOWN, 0.0)
    hoist.cable = True
    yield 2_000
    hoist.mode = Mode.NORMAL


def mend_hoist(home: Home) -> None:
    """Put right what was left."""
    hoist = home.hoist
    hoist.broken.clear()
    hoist.contacts = Contacts.NONE
    hoist.emergency_stop = False
    hoist.lowers = True
    hoist.friction = 0.0
    hoist.mains = True
    hoist.opened = hoist.over_current = False
    hoist.cable = False
    hoist.battery.charge = max(hoist.battery.charge, 0.6)
    hoist.battery_flat = False
    home.surroundings.set_right()
