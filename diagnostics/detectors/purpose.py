"""Another purpose: goods on the chair or in the sling, and play with the empty lift.

See docs/detectors/purpose.md.
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.calendar import HOME
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.detectors.habits.numbers import median
from diagnostics.facts import Fact, RideEnded
from gateway.protocol.vocabulary import Direction, Seat


class Parameters(Struct, frozen=True, kw_only=True):
    """What a person does not do; why stands in docs/detectors/purpose.md.

    Attributes:
        in_days: looked at together.
        learn_days: so long after it was lent everybody tries it.
        references: rides of each kind needed to know an empty from a loaded one.
        apart: an occupied ride takes at least so much more current than an empty one, if the
            sensors are right.
        loaded: between empty (0) and occupied (1), from here on something heavy is on it.
        goods_rides: loaded rides with nobody on the seat, or never boarded…
        goods_days: …on so many days.
        boards_ms: nobody who needs a lift sits down and leaves within this time.
        run: so many empty rides one after another are no calls…
        gap_s: …with no longer between them than this.
        play_days: on so many days…
        play_weeks: …in so many weeks: visitors come and go.
    """

    in_days: int = 28
    learn_days: int = 14
    references: int = 8
    apart: float = 1.25
    loaded: float = 0.5
    goods_rides: int = 10
    goods_days: int = 5
    boards_ms: int = 3_000
    run: int = 4
    gap_s: int = 300
    play_days: int = 5
    play_weeks: int = 3


class Ride(NamedTuple):
    """What is kept of a ride. None: unknown."""

    at_s: int  # since the day began
    up: bool
    seat: int
    current_ma: int | None
    boarding_ms: int | None
    duration_s: int
    log_no: int


class PurposeDay(Day, frozen=True, array_like=True, kw_only=True):
    """The rides of a day, by their time."""

    rides: tuple[Ride, ...] = ()


MAX_RIDES = 60  # of a day: more tell nothing new


class Purpose(Daily[PurposeDay]):
    """Finds goods and play."""

    name = "purpose"
    version = 1
    kinds = frozenset({"stairlift"})
    state_type: type = Memory[PurposeDay]
    heeds: ClassVar = (RideEnded,)
    day_type = PurposeDay
    keeps = 28

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def fold(self, day: PurposeDay, fact: Fact, aid: Aid) -> PurposeDay:  # noqa: ARG002
        """Keep the ride."""
        if not isinstance(fact, RideEnded) or len(day.rides) >= MAX_RIDES:
            return day
        moment = fact.measured_at.astimezone(HOME)
        ride = Ride(
            at_s=moment.hour * 3600 + moment.minute * 60 + moment.second,
            up=fact.direction is Direction.UP,
            seat=fact.seat,
            current_ma=fact.mean_current_ma,
            boarding_ms=fact.boarding_ms,
            duration_s=round(fact.duration_ms / 1000),
            log_no=fact.log_no,
        )
        rides = sorted((*day.rides, ride), key=lambda each: (each.at_s, each.log_no))
        return replace(day, rides=tuple(rides))

    def judge(self, days: tuple[PurposeDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge the last weeks."""
        limits = self._limits
        days = tuple(day for day in days if day.on > days[-1].on - limits.in_days)
        if aid.lent_on is not None:
            learnt = aid.lent_on.toordinal() + limits.learn_days
            days = tuple(day for day in days if day.on >= learnt)
        scale = _scale(days, limits)
        cases = (self._goods(days, scale), self._play(days, scale))
        return [case for case in cases if case is not None]

    def _goods(self, days: Sequence[PurposeDay], scale: "Scale | None") -> Case | None:
        limits = self._limits
        if scale is None:
            return None
        found = {
            day: [ride for ride in day.rides if scale.of(ride) >= limits.loaded and self._odd(ride)]
            for day in days
        }
        found = {day: rides for day, rides in found.items() if rides}
        rides = [ride for each in found.values() for ride in each]
        if len(rides) < limits.goods_rides or len(found) < limits.goods_days:
            return None
        unseated = sum(ride.seat == Seat.EMPTY for ride in rides)
        reasons = [Reason("goods_loaded", {"times": len(rides), "days": len(found)})]
        if unseated:
            reasons.append(Reason("goods_no_seat", {"times": unseated}))
        if unseated < len(rides):
            reasons.append(Reason("goods_not_boarded", {"times": len(rides) - unseated}))
        return _case("goods_transport", found, reasons, ("other_seat_sensor", "other_luggage"))

    def _odd(self, ride: Ride) -> bool:
        """Return whether no person rides so."""
        if ride.seat == Seat.EMPTY:
            return True
        boarding = ride.boarding_ms
        return boarding is not None and boarding < self._limits.boards_ms

    def _play(self, days: Sequence[PurposeDay], scale: "Scale | None") -> Case | None:
        limits = self._limits
        found = {}
        for day in days:
            longest: list[Ride] = []
            run: list[Ride] = []
            for ride in day.rides:
                empty = ride.seat == Seat.EMPTY and (
                    scale is None or scale.of(ride) < limits.loaded
                )
                near = run and ride.at_s - ride.duration_s - run[-1].at_s <= limits.gap_s
                run = ([*run, ride] if near else [ride]) if empty else []
                longest = max(longest, run, key=len)
            if len(longest) >= limits.run:
                found[day] = longest
        weeks = {day.on // 7 for day in found}
        if len(found) < limits.play_days or len(weeks) < limits.play_weeks:
            return None
        rides = sum(len(each) for each in found.values())
        reason = Reason("empty_rides", {"times": rides, "days": len(found)})
        return _case("play", found, [reason], ("other_remote", "other_children", "other_testing"))


class Scale(NamedTuple):
    """Median currents of empty and occupied rides, up and down."""

    empty_up: float
    full_up: float

    def of(self, ride: Ride) -> float:
        """Return how loaded a ride was: 0 as empty ones, 1 as occupied ones; only upwards."""
        if ride.current_ma is None or not ride.up:
            return 0.0
        return (ride.current_ma - self.empty_up) / (self.full_up - self.empty_up)


def _scale(days: Sequence[PurposeDay], limits: Parameters) -> Scale | None:
    """Learn what empty and occupied rides take; None if they cannot be told apart."""
    empty, full = [], []
    for day in days:
        for ride in day.rides:
            if ride.up and ride.current_ma is not None:
                if ride.seat == Seat.EMPTY:
                    empty.append(ride.current_ma)
                elif ride.seat == Seat.OCCUPIED:
                    full.append(ride.current_ma)
    if len(empty) < limits.references or len(full) < limits.references:
        return None
    low = sorted(empty)[: max(len(empty) // 3, 1)]
    scale = Scale(median(low), median(full))
    return scale if scale.full_up >= limits.apart * scale.empty_up else None


def _case(
    what: str,
    found: dict[PurposeDay, list[Ride]],
    reasons: Sequence[Reason],
    otherwise: Sequence[str],
) -> Case:
    days = sorted(found, key=lambda day: day.on)
    return Case(
        what=what,
        since=days[0].on,
        until=days[-1].on,
        reasons=tuple(reasons),
        otherwise=tuple(Reason(code) for code in otherwise),
        confidence=min(0.7 + 0.02 * sum(map(len, found.values())), 0.95),
        log_nos=tuple(found[day][0].log_no for day in days),
    )
