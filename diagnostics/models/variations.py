"""Made-up variations of recorded lives, so that the model learns more than the recorded cases.

Recorded episodes are few and of few sorts. Here recorded rides of quiet aids are changed from a
day on: another person of drawn weight and haste joins or takes over, or something harmless
happens that looks like it. All ranges are assumed, and wider than likely.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.habits.calendar import day_of
from diagnostics.facts import Order, RideEnded
from diagnostics.models.examples import Recording
from gateway.protocol.vocabulary import Direction, Seat

Rides = Sequence[tuple[Aid, RideEnded]]
Rng = np.random.Generator

# Downwards, and on wheels, the drive feels only a part of what the load changes upwards.
FELT_DOWN: Final = 0.25
FELT_ON_WHEELS: Final = 0.5
MADE_UP: Final = 1_000  # added to the outbox's number of rides that never were


def varied(recording: Recording, *, seed: int) -> list[Recording]:
    """Return variations of a recording without an episode: some with one, some without.

    The same recording and seed give the same variations.
    """
    if recording.spells or recording.unclear or len(recording.rides) < 100:
        return []
    rng = np.random.default_rng((seed, *recording.device.encode()))
    days = [day_of(ride) for _, ride in recording.rides]
    begins = int(days[0] + (days[-1] - days[0]) * rng.uniform(0.35, 0.6))
    harmless = _HARMLESS[int(rng.integers(len(_HARMLESS)))]
    return [
        _with_other_person(recording, begins, days[-1], rng),
        replace(recording, rides=harmless(recording.rides, begins, rng)),
    ]


def _with_other_person(recording: Recording, begins: int, ends: int, rng: Rng) -> Recording:
    replaces = rng.random() < 0.3
    share = 1.0 if replaces else float(rng.uniform(0.3, 1.2))
    load = float(np.exp(rng.choice([-1, 1]) * rng.uniform(0.06, 0.35)))
    haste = float(np.exp(rng.choice([-1, 1], p=[0.75, 0.25]) * rng.uniform(0.3, 1.7)))
    match int(rng.integers(8)):
        case 0:
            load = float(np.exp(rng.uniform(-0.02, 0.02)))
        case 1 | 2:
            haste = float(np.exp(rng.uniform(-0.1, 0.1)))
        case _:
            pass
    typical = _typical_boarding(recording.rides) * haste
    steady = float(rng.uniform(0.15, 0.4))
    shift_h, presses = float(rng.uniform(-3, 3)), float(rng.uniform(0, 1.2))
    rides: list[tuple[Aid, RideEnded]] = []
    for aid, ride in recording.rides:
        there = day_of(ride) >= begins and ride.seat is not Seat.EMPTY
        if not (there and replaces):
            rides.append((aid, ride))
        if there and rng.random() < share:
            boarding = typical * float(np.exp(rng.normal(0, steady)))
            later = timedelta(hours=shift_h + float(rng.normal(0, 0.7)))
            rides.append(
                (
                    aid,
                    replace(
                        _loaded(ride, aid, load),
                        boarding_ms=None if ride.boarding_ms is None else round(boarding * 1000),
                        presses=None if ride.presses is None else 1 + int(rng.poisson(presses)),
                        order=Order(ride.order.outbox_no + MADE_UP, ride.order.seq),
                        measured_at=ride.measured_at + later,
                        received_at=ride.received_at + later,
                    ),
                )
            )
    return replace(recording, rides=_in_order(rides), spells=[(begins, ends)])


def _gain(rides: Rides, begins: int, rng: Rng) -> Rides:
    """A sensor is off or a part exchanged: all currents differ, those of empty rides too."""
    factor = float(np.exp(rng.choice([-1, 1]) * rng.uniform(0.05, 0.3)))
    return [(aid, _scaled(ride, factor) if day_of(ride) >= begins else ride) for aid, ride in rides]


def _heavier(rides: Rides, begins: int, rng: Rng) -> Rides:
    """The client slowly grows heavier or lighter."""
    whole = float(rng.choice([-1, 1]) * rng.uniform(0.05, 0.25))
    over = float(rng.uniform(60, 200))
    return [
        (aid, _loaded(ride, aid, float(np.exp(whole * _grown(ride, begins, over)))))
        for aid, ride in rides
    ]


def _ill(rides: Rides, begins: int, rng: Rng) -> Rides:
    """The client moves with ever more difficulty, grows lighter, and rides less."""
    slower, lighter = float(rng.uniform(0.2, 0.9)), float(rng.uniform(0, 0.1))
    over, less = float(rng.uniform(10, 90)), float(rng.uniform(0, 0.7))
    found = []
    for aid, ride in rides:
        grown = _grown(ride, begins, over)
        if rng.random() < less * grown:
            continue
        ill = _loaded(ride, aid, float(np.exp(-lighter * grown)))
        if ill.boarding_ms is not None:
            ill = replace(ill, boarding_ms=round(ill.boarding_ms * float(np.exp(slower * grown))))
        found.append((aid, ill))
    return found


def _bouncing(rides: Rides, begins: int, rng: Rng) -> Rides:
    """The seat's contact bounces: boarding seems short, again and again."""
    share = float(rng.uniform(0.1, 0.9))
    found = []
    for aid, ride in rides:
        bounced = ride.boarding_ms is not None and day_of(ride) >= begins and rng.random() < share
        short = min(int(rng.uniform(100, 4_000)), ride.boarding_ms or 0)
        found.append((aid, replace(ride, boarding_ms=short) if bounced else ride))
    return found


def _gone(rides: Rides, begins: int, rng: Rng) -> Rides:
    """The client is away for weeks, and comes back slower for a while."""
    back = begins + int(rng.integers(14, 60))
    slower, over = float(rng.uniform(0, 0.6)), float(rng.uniform(20, 60))
    found = []
    for aid, ride in rides:
        on = day_of(ride)
        if begins <= on < back:
            continue
        recovers = max(0.0, 1 - (on - back) / over) if on >= back else 0.0
        if recovers and ride.boarding_ms is not None:
            factor = float(np.exp(slower * recovers))
            found.append((aid, replace(ride, boarding_ms=round(ride.boarding_ms * factor))))
        else:
            found.append((aid, ride))
    return found


def _guests(rides: Rides, begins: int, rng: Rng) -> Rides:
    """Guests use it, too, for some days."""
    device = Recording(device="", rides=rides)
    until = begins + int(rng.integers(3, 17))
    known = {id(ride) for _, ride in rides}
    joined = _with_other_person(device, begins, until, rng).rides
    guests = [(aid, ride) for aid, ride in joined if id(ride) not in known and day_of(ride) < until]
    return _in_order([*rides, *guests])


_HARMLESS: Final[tuple[Callable[[Rides, int, Rng], Rides], ...]] = (
    _gain,
    _heavier,
    _ill,
    _bouncing,
    _gone,
    _guests,
)


def _grown(ride: RideEnded, begins: int, over: float) -> float:
    """Return how far something has come that began on a day: 0 to 1."""
    return min(max((day_of(ride) - begins) / over, 0.0), 1.0)


def _typical_boarding(rides: Rides) -> float:
    known = [ride.boarding_ms for _, ride in rides if ride.boarding_ms is not None]
    return float(np.median(known)) / 1000 if known else 0.0


def _loaded(ride: RideEnded, aid: Aid, factor: float) -> RideEnded:
    """Return ``ride`` with what it carried made heavier, as the drive feels it."""
    if ride.seat is Seat.EMPTY:
        return ride
    felt = FELT_ON_WHEELS if aid.kind in {"scooter", "wheelchair"} else 1.0
    if aid.kind in {"stairlift", "hoist"} and ride.direction is Direction.DOWN:
        felt = FELT_DOWN
    scaled = _scaled(ride, 1 + (factor - 1) * felt)
    if ride.load_kg is None:
        return scaled
    return replace(scaled, load_kg=round(ride.load_kg * factor))


def _scaled(ride: RideEnded, factor: float) -> RideEnded:
    changes: dict[str, Any] = {}
    if ride.mean_current_ma is not None:
        changes["mean_current_ma"] = round(ride.mean_current_ma * factor)
    if ride.peak_current_ma is not None:
        changes["peak_current_ma"] = round(ride.peak_current_ma * factor)
    return replace(ride, **changes) if changes else ride


def _in_order(rides: list[tuple[Aid, RideEnded]]) -> Rides:
    def received(each: tuple[Aid, RideEnded]) -> datetime:
        return each[1].received_at

    return sorted(rides, key=received)
