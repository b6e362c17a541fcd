"""Everything that can fail, by one name each: at a moment, by rate, or bit by bit.

Scenarios, control panels and the fleets that run by themselves all use these names.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from random import Random
from types import MappingProxyType
from typing import Any, NamedTuple

from gateway.protocol.vocabulary import AidKind, Contacts
from simulator.hardware.breakdown import Breakdown
from simulator.hardware.climate import OUTDOORS, STEADY
from simulator.home import GOOD_SIGNAL_DBM, Activity, Home

DAY_MS = 86_400_000
EMPTY_BATTERY_CHARGE = 0.03
REPLACED_BATTERY_CHARGE = 0.6
OLD_BATTERY_HEALTH = 0.45
SLOW_PARTS = 120  # more than days: nobody sees a step
WEAK_SIGNAL_DBM = -121

_ALL = frozenset(AidKind)
_LIFT = frozenset({AidKind.STAIRLIFT})
_WHEELS = frozenset({AidKind.SCOOTER, AidKind.WHEELCHAIR})
_HOIST = frozenset({AidKind.HOIST})


class Failure(StrEnum):
    """What can fail, and be repaired."""

    # Of every aid.
    BATTERY = "battery"
    BATTERY_OLD = "battery_old"
    DRIVE = "drive"
    CONTROLLER = "controller"
    ISOLATOR = "isolator"
    CHARGER = "charger"
    BUS = "bus"
    SEAT_SENSOR = "seat_sensor"
    JOYSTICK = "joystick"
    DRIVE_WORN = "drive_worn"
    SIGNAL = "signal"
    COLD = "cold"
    # Of the stairlift: contacts of its safety chain…
    FOOTREST_UP_EDGE = "footrest_up_edge"
    FOOTREST_DOWN_EDGE = "footrest_down_edge"
    CARRIAGE_UP_EDGE = "carriage_up_edge"
    CARRIAGE_DOWN_EDGE = "carriage_down_edge"
    FINAL_LIMIT = "final_limit"
    OVERSPEED_GOVERNOR = "overspeed_governor"
    HINGE_RAIL = "hinge_rail"
    POWERED_STEP = "powered_step"
    # …and the rest of it.
    RAIL = "rail"
    RAIL_STIFF = "rail_stiff"
    BRAKE_SLIPS = "brake_slips"
    FOOTREST_BENT = "footrest_bent"
    PARKING = "parking"
    HINGE = "hinge"
    STEP = "step"
    # On wheels.
    MOTOR = "motor"
    BRAKE = "brake"
    WHEELS_BLOCKED = "wheels_blocked"
    TYRES = "tyres"
    MOTOR_HOT = "motor_hot"
    # Of the hoist.
    ACTUATOR = "actuator"
    SPINDLE = "spindle"
    LOWERING = "lowering"


class Slow(NamedTuple):
    """What comes slowly: its value now, how it is set, and what it is in the end."""

    now: Callable[[Home], float]
    set: Callable[[Home, float], None]
    bad: float


class Switch(NamedTuple):
    """How a failure is switched. ``kinds``: which aids can have it; ``doc``: what it is."""

    kinds: frozenset[AidKind]
    doc: str
    begin: Callable[[Home], None]
    end: Callable[[Home], None]


def fail(home: Home, failure: Failure) -> None:
    """Let ``failure`` happen now. Raises ValueError where the aid has no such part."""
    _switch(home, failure).begin(home)


def repair(home: Home, failure: Failure) -> None:
    """Put ``failure`` right. Raises ValueError likewise."""
    _switch(home, failure).end(home)


def by_rate(
    home: Home, failure: Failure, *, per_day: float, lasting_ms: int | None, rng: Random
) -> Activity:
    """Let ``failure`` happen again and again, at random, ``per_day`` times a day on average.

    Each lasts ``lasting_ms``; None: until somebody repairs it. Raises ValueError: no such rate.
    """
    if not per_day > 0:
        raise ValueError(f"a rate must be more than 0 a day, not {per_day}")
    while True:
        yield max(1, round(rng.expovariate(per_day / DAY_MS)))
        fail(home, failure)
        if lasting_ms is not None:
            yield lasting_ms
            repair(home, failure)


def bit_by_bit(home: Home, failure: Failure, *, over_ms: int) -> Activity:
    """Let ``failure`` come slowly, from what is there now until it is whole after ``over_ms``.

    Raises ValueError: it comes at once, or not at all.
    """
    _switch(home, failure)
    if failure not in SLOW:
        raise ValueError(f"{failure!r} comes at once: one of {', '.join(sorted(SLOW))} does not")
    end = SLOW[failure]
    begin = end.now(home)
    for part in range(1, SLOW_PARTS + 1):
        yield max(1, over_ms // SLOW_PARTS)
        end.set(home, begin + (end.bad - begin) * part / SLOW_PARTS)


def _switch(home: Home, failure: Failure) -> Switch:
    switch = FAILURES[failure]
    if home.aid.kind not in switch.kinds:
        raise ValueError(f"a {home.aid.kind} cannot have {failure!r}")
    return switch


def _broken(part: Breakdown, kinds: frozenset[AidKind], doc: str) -> Switch:
    return Switch(
        kinds,
        doc,
        lambda home: home.aid.broken.add(part),
        lambda home: home.aid.broken.discard(part),
    )


def _open(home: Home, contact: Contacts) -> None:
    home.aid.contacts |= contact


def _close(home: Home, contact: Contacts) -> None:
    home.aid.contacts &= ~contact


def _contact(contact: Contacts, doc: str) -> Switch:
    return Switch(_LIFT, doc, partial(_open, contact=contact), partial(_close, contact=contact))


def _set(
    kinds: frozenset[AidKind],
    doc: str,
    *,
    of: Callable[[Home], Any],
    name: str,
    bad: Any,
    good: Any,
) -> Switch:
    return Switch(
        kinds,
        doc,
        lambda home: setattr(of(home), name, bad),
        lambda home: setattr(of(home), name, good),
    )


def _empty(home: Home) -> None:
    home.aid.battery.charge = EMPTY_BATTERY_CHARGE


def _replace_battery(home: Home) -> None:
    home.aid.battery.charge = max(home.aid.battery.charge, REPLACED_BATTERY_CHARGE)
    home.aid.battery_flat = False


def _wear_drive(home: Home, part: float) -> None:
    """Make the drive take up to some 30 to 40 % more current for the same work; 0 is as new."""
    if home.aid.kind is AidKind.STAIRLIFT:
        home.lift.wear.general = 3.0 * part
    elif home.aid.kind is AidKind.HOIST:
        home.hoist.friction = 0.4 * part
    else:
        home.vehicle.brushes = 0.4 * part


def _worn_part(home: Home) -> float:
    if home.aid.kind is AidKind.STAIRLIFT:
        return home.lift.wear.general / 3.0
    return (home.hoist.friction if home.aid.kind is AidKind.HOIST else home.vehicle.brushes) / 0.4


def _heat(home: Home) -> None:
    home.vehicle.motor_c = home.vehicle.drive.hot_c
    home.vehicle.hot = True


def _cool(home: Home) -> None:
    home.vehicle.motor_c = home.vehicle.temperature_c
    home.vehicle.hot = False


def _stiffen(home: Home, gained: float) -> None:
    """Make the middle of the rail stiffer, or as it was."""
    wear = home.lift.wear
    middle = len(wear.places) // 2
    wear.places[middle - 1 : middle + 2] = [gained] * 3


FAILURES: Mapping[Failure, Switch] = MappingProxyType(
    {
        Failure.BATTERY: Switch(
            _ALL, "nearly empty at once; repaired: 60 % at least", _empty, _replace_battery
        ),
        Failure.BATTERY_OLD: _set(
            _ALL,
            "45 % of its capacity left, and the resistance of that age",
            of=lambda home: home.aid.battery,
            name="health",
            bad=OLD_BATTERY_HEALTH,
            good=1.0,
        ),
        Failure.DRIVE: _broken(Breakdown.DRIVE, _ALL, "the motor's relay does not close"),
        Failure.CONTROLLER: _broken(Breakdown.CONTROLLER, _ALL, "the board hangs"),
        Failure.ISOLATOR: _broken(Breakdown.ISOLATOR, _ALL, "the battery is disconnected"),
        Failure.CHARGER: _broken(Breakdown.CHARGER, _ALL, "the charger is dead"),
        Failure.BUS: _broken(Breakdown.BUS, _ALL, "the modem hears nothing from the controller"),
        Failure.SEAT_SENSOR: _broken(
            Breakdown.SEAT_SENSOR, _ALL, 'says "empty", whoever sits or hangs there'
        ),
        Failure.JOYSTICK: _broken(Breakdown.JOYSTICK, _ALL, "its signal is out of range"),
        Failure.DRIVE_WORN: Switch(
            _ALL,
            "dry gear, worn rollers or brushes: clearly more current for the same work",
            partial(_wear_drive, part=1.0),
            partial(_wear_drive, part=0.0),
        ),
        Failure.SIGNAL: _set(
            _ALL,
            "the mobile network is hardly there",
            of=lambda home: home.surroundings,
            name="signal_dbm",
            bad=WEAK_SIGNAL_DBM,
            good=GOOD_SIGNAL_DBM,
        ),
        Failure.COLD: _set(
            _ALL,
            "it stands outdoors in winter; repaired: at 20 degrees",
            of=lambda home: home.aid,
            name="climate",
            bad=OUTDOORS,
            good=STEADY,
        ),
        Failure.FOOTREST_UP_EDGE: _contact(Contacts.FOOTREST_UP, "open: something above it"),
        Failure.FOOTREST_DOWN_EDGE: _contact(Contacts.FOOTREST_DOWN, "open: something below it"),
        Failure.CARRIAGE_UP_EDGE: _contact(Contacts.CARRIAGE_UP, "open: something above it"),
        Failure.CARRIAGE_DOWN_EDGE: _contact(Contacts.CARRIAGE_DOWN, "open: something below it"),
        Failure.FINAL_LIMIT: _contact(Contacts.FINAL_LIMIT, "open: run past the end"),
        Failure.OVERSPEED_GOVERNOR: _contact(Contacts.OVERSPEED, "open: the governor has tripped"),
        Failure.HINGE_RAIL: _contact(Contacts.HINGE_RAIL, "open: the hinge is not locked"),
        Failure.POWERED_STEP: _contact(Contacts.POWERED_STEP, "open: the step is not in place"),
        Failure.RAIL: _broken(Breakdown.JAM, _LIFT, "something jams the carriage"),
        Failure.RAIL_STIFF: Switch(
            _LIFT,
            "dirt or a moved joint in the middle of the rail: more current there, only there",
            partial(_stiffen, gained=2.0),
            partial(_stiffen, gained=0.0),
        ),
        Failure.BRAKE_SLIPS: _set(
            _LIFT,
            "the brake hardly holds: the carriage slides down after a stop",
            of=lambda home: home.lift,
            name="brake_grip",
            bad=0.2,
            good=1.0,
        ),
        Failure.FOOTREST_BENT: _set(
            _LIFT,
            "touches the rail's cover now and then on the way up: an edge trips for a second",
            of=lambda home: home.lift,
            name="touches_per_m",
            bad=0.3,
            good=0.0,
        ),
        Failure.PARKING: _broken(
            Breakdown.PARKING, _LIFT, "parks at the landing, but short of its charge contacts"
        ),
        Failure.HINGE: _broken(Breakdown.HINGE, _LIFT, "the hinged piece of rail does not move"),
        Failure.STEP: _broken(Breakdown.STEP, _LIFT, "the powered footrest does not move"),
        Failure.MOTOR: _broken(Breakdown.MOTOR, _WHEELS, "open circuit"),
        Failure.BRAKE: _broken(Breakdown.BRAKE, _WHEELS, "does not lift"),
        Failure.WHEELS_BLOCKED: _broken(
            Breakdown.JAM, _WHEELS, "a kerb, mud or a stick in the wheel: it cannot move"
        ),
        Failure.TYRES: _set(
            _WHEELS,
            "soft tyres: it rolls heavily",
            of=lambda home: home.vehicle,
            name="stiffness",
            bad=1.5,
            good=0.0,
        ),
        Failure.MOTOR_HOT: Switch(_WHEELS, "the motor's thermal cut-out has tripped", _heat, _cool),
        Failure.ACTUATOR: _broken(Breakdown.ACTUATOR, _HOIST, "the actuator does not run"),
        Failure.SPINDLE: _broken(Breakdown.JAM, _HOIST, "the spindle jams"),
        Failure.LOWERING: _set(
            _HOIST,
            "its button for down is dead",
            of=lambda home: home.hoist,
            name="lowers",
            bad=False,
            good=True,
        ),
    }
)

# What ages or wears rather than breaks.
SLOW: Mapping[Failure, Slow] = MappingProxyType(
    {
        Failure.BATTERY_OLD: Slow(
            lambda home: home.aid.battery.health,
            lambda home, health: setattr(home.aid.battery, "health", health),
            OLD_BATTERY_HEALTH,
        ),
        Failure.DRIVE_WORN: Slow(_worn_part, _wear_drive, 1.0),
    }
)
