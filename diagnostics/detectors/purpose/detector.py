"""Another purpose: goods on the chair or behind the scooter, and play.

See docs/detectors/purpose.md. Judged by the order of rides rather than by single ones: whoever
rides up comes down again, and does not send the chair back empty for the next load.
"""

from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import replace

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.habits.calendar import HOME
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.load import WHEELS, felt_load, with_felt
from diagnostics.detectors.habits.memory import Memory
from diagnostics.detectors.purpose.goods import Goods
from diagnostics.detectors.purpose.memory import PurposeDay, Ride
from diagnostics.detectors.purpose.parameters import Parameters
from diagnostics.detectors.purpose.play import Games
from diagnostics.facts import Fact, RideEnded
from gateway.protocol.vocabulary import Direction

MAX_RIDES = 60  # of a day: more tell nothing new
FIRST_DAYS = 42  # the first weeks of a loan are kept for good, and the last months
LAST_DAYS = 84


class Purpose(Daily[PurposeDay]):
    """Finds goods and play."""

    name = "purpose"
    version = 6
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[PurposeDay]
    heeds: ClassVar = (RideEnded,)
    day_type = PurposeDay
    keeps = FIRST_DAYS + LAST_DAYS
    every = 7

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()
        self._goods = Goods(self._limits)
        self._games = Games(self._limits)

    def fold(self, day: PurposeDay, fact: Fact, aid: Aid) -> PurposeDay:
        """Keep the ride."""
        if not isinstance(fact, RideEnded) or len(day.rides) >= MAX_RIDES:
            return day
        moment = fact.measured_at.astimezone(HOME)
        ride = Ride(
            at_s=moment.hour * 3600 + moment.minute * 60 + moment.second,
            lasts_s=round(fact.duration_ms / 1000),
            up=int(fact.direction is Direction.UP),
            seat=int(fact.seat),
            boarding_ds=-1 if fact.boarding_ms is None else round(fact.boarding_ms / 100),
            log_no=fact.log_no,
            legs=max(1, fact.distance_mm // aid.rail_length_mm) if aid.rail_length_mm else 1,
            felt=-1 if self._beyond(fact, aid) else _felt(fact, aid),
        )
        felt = with_felt(day.felt, fact, aid) if aid.kind in WHEELS else ()
        return replace(day, rides=tuple(sorted((*day.rides, ride))), felt=felt)

    def _beyond(self, ride: RideEnded, aid: Aid) -> bool:
        """Return whether it went faster or steeper than it is made for: that takes more, too."""
        if aid.kind not in WHEELS:
            return False
        most_mm_s, most_deg = aid.max_speed_mm_s, aid.max_incline_deg
        fast = most_mm_s and (ride.max_speed_mm_s or 0) > self._limits.fast * most_mm_s
        return bool(fast or (most_deg and (ride.max_incline_deg or 0) > most_deg))

    def kept(self, days: tuple[PurposeDay, ...]) -> tuple[PurposeDay, ...]:
        """Return the first weeks and the last months; single rides only of the last weeks."""
        if len(days) > self.keeps:
            days = (*days[:FIRST_DAYS], *days[-LAST_DAYS:])
        recent = days[-1].on - self._limits.in_days - self.every
        return tuple(
            self._without_rides(day) if day.rides and day.on < recent else day for day in days
        )

    def _without_rides(self, day: PurposeDay) -> PurposeDay:
        return replace(day, rides=(), play=self._games.played(day), ways=self._goods.ways(day))

    def judge(self, days: tuple[PurposeDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge the last weeks."""
        limits = self._limits
        newest = days[-1].on
        learnt = 0 if aid.lent_on is None else aid.lent_on.toordinal() + limits.learn_days
        known = [day for day in days if day.on >= learnt]
        recent = [day for day in known if day.on > newest - limits.in_days]
        before = [day for day in days if day.on <= newest - limits.before_days]
        holidays = [day for day in known if day.on > newest - limits.holiday_in]
        cases = [
            self._games.judge(holidays, aid),
            self._goods.judge(before, recent, aid),
        ]
        return [case for case in cases if case is not None]


def _felt(ride: RideEnded, aid: Aid) -> int:
    if ride.load_kg is not None and ride.direction is Direction.UP:
        return round(ride.load_kg * 10)
    return felt_load(ride, aid) or -1
