"""What a run knows of one aid while it is made: by day, by ride, and all that happens besides.

Behaviours shape these arrays; physics and messages follow from them. ``Days`` and ``Rides`` are
columns: one entry a day or a ride.
"""

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from gateway.protocol.messages import PROFILE_PARTS
from simulator.years.aids import Aid
from simulator.years.calendar import Calendar
from simulator.years.register import Register

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Who(IntEnum):
    """Who or what rides."""

    CLIENT = 0
    PARTNER = 1
    GUEST = 2
    OTHER = 3  # who has no business there
    NOBODY = 4
    THINGS = 5


@dataclass(kw_only=True)
class Days:
    """Day by day, how things stand.

    Attributes:
        rides: the client's habits, as a factor on how often.
        partner: likewise of who may use it once in a while; ``calls``: empty rides to fetch it.
        weight_kg: what the client weighs; ``clothes_kg`` besides.
        pace: factor on how long getting on takes.
        friction: factor of the drive against new; ``bend_friction``: in one part of the rail only.
        capacity_ah: of the battery at 20 degrees; ``resistance_ohm`` likewise.
        dropped_v: voltage that a dead cell is short of.
        charger: how much of its current the charger gives; ``gives``: share of the time that it
            gives any; ``charger_v``: its voltage.
        mains: share of the day with mains.
        parks_well: share of rides that end on the contacts.
        plugs: chance that it is plugged in for the night, of what is plugged in; ``heeds``: state
            of charge below which it is plugged in anyway.
        shelter: 0 a heated room, 1 outdoors; ``room_c``: what the room is heated to.
        signal_dbm: of the mobile network.
        trips: edges tripped a ride, on average.
        slip_mm: how far it runs on when braked.
        speed: factor on its set speed.
        on: whether the modem is switched on at all; ``speaks``: whether anything but presence
            comes from it; ``tests``: whether it makes test calls.
        restarts: of the modem; ``openings``: of the controller's housing.
        settings: number of the controller's settings; ``board``: of the controller itself.
        cell: where it is kept: a number of a place; ``gone``: whether that is not its home.
    """

    rides: Floats
    partner: Floats
    calls: Floats
    weight_kg: Floats
    clothes_kg: Floats
    pace: Floats
    friction: Floats
    bend_friction: Floats
    capacity_ah: Floats
    resistance_ohm: Floats
    dropped_v: Floats
    charger: Floats
    gives: Floats
    charger_v: Floats
    mains: Floats
    parks_well: Floats
    plugs: Floats
    heeds: Floats
    shelter: Floats
    room_c: Floats
    signal_dbm: Floats
    trips: Floats
    slip_mm: Floats
    speed: Floats
    on: Bools
    speaks: Bools
    tests: Bools
    restarts: Ints
    openings: Ints
    settings: Ints
    board: Ints
    cell: Ints
    gone: Bools


@dataclass(kw_only=True)
class Rides:
    """Rides as people mean them, then as they went.

    Attributes:
        at_ms: when it leaves, true time; ``day``: of the run.
        up: which way; of wheels: out, of a hoist: lifting.
        who: see ``Who``; ``load_kg``: on the seat, clothes and bags included.
        boarding_s: from sitting down to leaving.
        presses: of the joystick; ``stops``: on the way; ``trips``: of a safety edge.
        length_m: how far; of wheels the whole stretch, of a hoist its stroke.
        landed: whether it ended at a landing other than where it began (stairlifts).
        incline_deg: steepest slope, of wheels; ``speed``: factor on the set speed.
        away: whether it led away from home.
        duration_s and what follows: as it went.
    """

    at_ms: Ints
    day: Ints
    up: Bools
    who: Ints
    load_kg: Floats
    boarding_s: Floats
    presses: Ints
    stops: Ints
    trips: Ints
    length_m: Floats
    landed: Bools
    incline_deg: Floats
    speed: Floats
    away: Bools
    duration_s: Floats = field(default_factory=lambda: np.empty(0))
    distance_m: Floats = field(default_factory=lambda: np.empty(0))
    mean_a: Floats = field(default_factory=lambda: np.empty(0))
    peak_a: Floats = field(default_factory=lambda: np.empty(0))
    max_speed_mm_s: Floats = field(default_factory=lambda: np.empty(0))
    profile_a: Floats = field(default_factory=lambda: np.empty((0, PROFILE_PARTS)))
    before_v: Floats = field(default_factory=lambda: np.empty(0))
    min_v: Floats = field(default_factory=lambda: np.empty(0))
    after_v: Floats = field(default_factory=lambda: np.empty(0))
    seat_seen: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __len__(self) -> int:
        """Return how many rides there are."""
        return len(self.at_ms)

    def take(self, which: Bools | Ints) -> "Rides":
        """Return some of them: a mask, or positions in a new order. Only before they went."""
        return Rides(**{name: getattr(self, name)[which] for name in PLANNED})

    def went(self, which: Bools) -> None:
        """Forget those that did not come about after all."""
        for one in fields(self):
            column = getattr(self, one.name)
            if len(column):  # some are filled in later
                setattr(self, one.name, column[which])

    def with_more(self, *others: "Rides") -> "Rides":
        """Return these and ``others``, in order of time."""
        together = {
            name: np.concatenate([getattr(one, name) for one in (self, *others)])
            for name in PLANNED
        }
        return Rides(**together).sorted()

    def sorted(self) -> "Rides":
        """Return them in order of time."""
        return self.take(np.argsort(self.at_ms, kind="stable"))


PLANNED = tuple(one.name for one in fields(Rides))[:14]


def rides_of(at_ms: Ints, day: Ints, up: Bools, who: Who, **columns: object) -> Rides:
    """Return rides of which only some columns matter; each of the others has its usual value."""
    count = len(at_ms)
    usual: dict[str, tuple[object, type]] = {
        "load_kg": (0.0, float),
        "boarding_s": (8.0, float),
        "presses": (1, np.int64),
        "stops": (0, np.int64),
        "trips": (0, np.int64),
        "length_m": (0.0, float),
        "landed": (True, np.bool_),
        "incline_deg": (0.0, float),
        "speed": (1.0, float),
        "away": (False, np.bool_),
    }
    filled: dict[str, Any] = {
        name: np.array(np.broadcast_to(np.asarray(columns.get(name, value), dtype=kind), count))
        for name, (value, kind) in usual.items()
    }
    return Rides(
        at_ms=np.asarray(at_ms, dtype=np.int64),
        day=np.asarray(day, dtype=np.int64),
        up=np.asarray(up, dtype=np.bool_),
        who=np.full(count, int(who), dtype=np.int64),
        **filled,
    )


@dataclass(frozen=True, kw_only=True)
class FaultSpell:
    """A fault, from when until when; ``until_ms`` None: it lasts. ``service``: key in use."""

    code: str
    from_ms: int
    until_ms: int | None
    service: bool = False
    maker_code: str = ""  # of a code that our vocabulary does not know


@dataclass(frozen=True, kw_only=True)
class Outage:
    """A time without connection. ``on``: the modem itself goes on; it keeps what it has to say."""

    from_ms: int
    until_ms: int
    on: bool = True
    service: bool = False  # connects again with the mechanic's key in use


@dataclass(kw_only=True)
class Life:
    """Everything about one aid in one run."""

    aid: Aid
    calendar: Calendar
    rng: np.random.Generator
    days: Days
    rides: Rides
    register: list[Register]
    changes: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    faults: list[FaultSpell] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    usual_outages: tuple[Outage, ...] = ()  # of these, what its line has anyway
    charge: Floats = field(default_factory=lambda: np.empty(0))  # by day, at its end
    charging_ms: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    plugged_ms: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    adrift_ms: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    rested: Floats = field(default_factory=lambda: np.empty(0))
    lowest: Floats = field(default_factory=lambda: np.empty(0))
    charged: Bools = field(default_factory=lambda: np.empty(0, dtype=bool))  # after each ride
    temperature_c: tuple[Floats, Floats] = field(default_factory=lambda: (np.empty(0), np.empty(0)))
    seen_c: tuple[Floats, Floats] = field(default_factory=lambda: (np.empty(0), np.empty(0)))

    def moment(self, day: int, hour: float) -> int:
        """Return true time at ``hour`` of ``day``, within the run or beyond its end."""
        calendar = self.calendar
        if day >= calendar.days:
            return calendar.end_ms + round((hour + 24 * (day - calendar.days)) * 3_600_000)
        return int(calendar.midnight_ms[max(day, 0)]) + round(hour * 3_600_000)

    def registered(self, at_ms: int, **changes: object) -> None:
        """Have the register changed at a moment; ``settle_register`` puts the changes in order."""
        self.changes.append((at_ms, changes))

    def settle_register(self) -> None:
        """Make the register's versions of all changes, oldest first."""
        for at_ms, changes in sorted(self.changes, key=lambda change: change[0]):
            last = self.register[-1]
            self.register.append(structs.replace(last, since_ms=at_ms, **changes))
        self.changes.clear()
