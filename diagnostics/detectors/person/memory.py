"""What is kept of rides: a few a day are enough to tell who rides."""

from typing import NamedTuple

from msgspec.structs import replace

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.habits.calendar import HOME
from diagnostics.detectors.habits.load import WHEELS, felt_load, lot_of
from diagnostics.detectors.habits.memory import Day
from diagnostics.facts import RideEnded
from diagnostics.models.features import Ridden
from gateway.protocol.vocabulary import Direction, Seat

RIDES_A_DAY = 6
# By number: a year has a hundred thousand of them to look up.
_SEATED = {int(Seat.EMPTY): False, int(Seat.OCCUPIED): True, int(Seat.UNKNOWN): None}


class PersonRide(NamedTuple):
    """One ride, small: a tuple of integers in storage. -1: unknown.

    ``lot`` decides which rides are kept of a day with many: drawn from the ride's number, so that
    neither the hour nor the order of arrival does.
    """

    lot: int
    hour: int
    up: int
    seat: int
    load: int  # 10 mA of mean current, or hectograms
    boarding_ds: int
    presses: int
    weighed: int = 0  # whether ``load`` was weighed
    volts_dv: int = -1  # lowest of the battery
    incline_deg: int = -1
    speed_cm_s: int = -1

    def ridden(self, on: int) -> Ridden:
        """Return it as models see it."""
        return Ridden(
            on=on,
            up=bool(self.up),
            seated=_SEATED[self.seat],
            load=_known(self.load),
            boarding_s=None if self.boarding_ds < 0 else max(self.boarding_ds, 1) / 10,
            presses=None if self.presses < 0 else self.presses,
            hour=self.hour,
        )


class PersonDay(Day, frozen=True, array_like=True, kw_only=True):
    """The rides of a day: how many, and some of them in detail."""

    count: int = 0
    rides: tuple[PersonRide, ...] = ()


def with_ride(day: PersonDay, fact: RideEnded, aid: Aid) -> PersonDay:
    """Return ``day`` with one more ride."""
    wheels = aid.kind in WHEELS
    load: float | None
    if fact.load_kg is not None:
        load = fact.load_kg * 10
    elif wheels:
        load = felt_load(fact, aid)
    else:
        load = None if fact.mean_current_ma is None else fact.mean_current_ma / 10
    ride = PersonRide(
        lot=lot_of(fact),
        hour=fact.measured_at.astimezone(HOME).hour,
        up=int(wheels or fact.direction is Direction.UP),  # out or back: the road is the same
        seat=int(fact.seat),
        load=-1 if load is None else round(load),
        boarding_ds=-1 if fact.boarding_ms is None else round(fact.boarding_ms / 100),
        presses=-1 if fact.presses is None else fact.presses,
        weighed=int(fact.load_kg is not None),
        volts_dv=-1 if fact.min_battery_mv is None else round(fact.min_battery_mv / 100),
        incline_deg=-1 if fact.max_incline_deg is None else fact.max_incline_deg,
        speed_cm_s=round(fact.distance_mm * 100 / fact.duration_ms)
        if wheels and fact.duration_ms > 0
        else -1,
    )
    return replace(
        day,
        count=day.count + (fact.seat is not Seat.EMPTY),
        rides=tuple(sorted((*day.rides, ride))[:RIDES_A_DAY]),
        log_no=max(day.log_no, fact.log_no),
    )


def _known(value: int) -> float | None:
    return None if value < 0 else float(value)
