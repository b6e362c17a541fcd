"""Another purpose: goods on the chair or behind the scooter, and play.

See docs/detectors/purpose.md. Judged by the order of rides rather than by single ones: whoever
rides up comes down again, and does not send the chair back empty for the next load.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import ClassVar, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.calendar import HOME
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.load import WHEELS, Felt, weeks_with_both, with_felt
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.detectors.habits.numbers import median
from diagnostics.facts import Fact, RideEnded
from gateway.protocol.vocabulary import Direction, Seat

MAX_RIDES = 60  # of a day: more tell nothing new
FIRST_DAYS = 42  # the first weeks of a loan are kept for good, and the last months
LAST_DAYS = 84


class Parameters(Struct, frozen=True, kw_only=True):
    """What a person does not do; why stands in docs/detectors/purpose.md.

    Attributes:
        in_days: looked at together.
        learn_days: so long after it was lent everybody tries it.
        gap_s: rides with no more than this between them belong together.
        ferried: so often in one go, laden there and straight back empty…
        goods_days: …on so many days…
        span_days: …the first and last of which are so far apart: guests and movers leave.
        empty_run: so many empty rides together are no calls…
        toy_run: …and so many occupied ones no way of getting about…
        toy_boards_ds: …by somebody who jumps on, in tenths of a second…
        play_days: …on so many days.
        towed: the drive feels so many times the usual load…
        towed_share: …on so much of the outings…
        as_ever_share: …while so much of them are as ever, or it is the drive…
        towed_weeks: …side by side in so many weeks…
        towed_stops: …and stops so much more often.
        before_days: what was felt longer ago than this is what is usual, of
        before_rides: so many rides.
    """

    in_days: int = 28
    learn_days: int = 14
    gap_s: int = 300
    ferried: int = 2
    goods_days: int = 4
    span_days: int = 14
    empty_run: int = 4
    toy_run: int = 6
    toy_boards_ds: int = 45
    play_days: int = 5
    towed: float = 1.35
    towed_share: float = 0.3
    as_ever_share: float = 0.1
    towed_weeks: int = 3
    towed_stops: float = 3.0
    before_days: int = 28
    before_rides: int = 20


class Ride(NamedTuple):
    """What is kept of a ride. -1: unknown."""

    at_s: int  # its end, since the day began
    lasts_s: int
    up: int
    seat: int
    boarding_ds: int
    log_no: int


class PurposeDay(Day, frozen=True, array_like=True, kw_only=True):
    """The rides of a day, by their time; and what the drive felt of some."""

    rides: tuple[Ride, ...] = ()
    felt: tuple[Felt, ...] = ()


Run = Sequence[Ride]


class Purpose(Daily[PurposeDay]):
    """Finds goods and play."""

    name = "purpose"
    version = 1
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[PurposeDay]
    heeds: ClassVar = (RideEnded,)
    day_type = PurposeDay
    keeps = FIRST_DAYS + LAST_DAYS
    every = 7

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

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
        )
        felt = with_felt(day.felt, fact, aid) if aid.kind in WHEELS else ()
        return replace(day, rides=tuple(sorted((*day.rides, ride))), felt=felt)

    def kept(self, days: tuple[PurposeDay, ...]) -> tuple[PurposeDay, ...]:
        """Return the first weeks and the last months; single rides only of the last weeks."""
        if len(days) > self.keeps:
            days = (*days[:FIRST_DAYS], *days[-LAST_DAYS:])
        recent = days[-1].on - self._limits.in_days - self.every
        return tuple(
            replace(day, rides=()) if day.rides and day.on < recent else day for day in days
        )

    def judge(self, days: tuple[PurposeDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge the last weeks."""
        limits = self._limits
        newest = days[-1].on
        recent = [day for day in days if day.on > newest - limits.in_days]
        if aid.lent_on is not None:
            learnt = aid.lent_on.toordinal() + limits.learn_days
            recent = [day for day in recent if day.on >= learnt]
        before = [day for day in days if day.on <= newest - limits.before_days]
        cases = [self._toy(recent)]
        if aid.kind == "stairlift":
            cases += [self._ferried(recent), self._empty(recent)]
        elif aid.kind in WHEELS:
            cases.append(self._towed(before, recent))
        # One word once: the chair as a toy, empty or ridden.
        return list({case.what: case for case in cases if case is not None}.values())

    def _ferried(self, days: Sequence[PurposeDay]) -> Case | None:
        limits = self._limits
        found: dict[PurposeDay, Run] = {}
        for day in days:
            for run in self._runs(day, lambda _: True):
                pairs = [
                    one
                    for one, back in pairwise(run)
                    if one.seat == Seat.OCCUPIED and back.seat == Seat.EMPTY and one.up != back.up
                ]
                if len(pairs) >= limits.ferried:
                    found[day] = [*found.get(day, []), *pairs]
        if not self._lasts(found, limits.goods_days):
            return None
        reason = Reason("goods_ferried", {"times": _total(found), "days": len(found)})
        return _case("goods_transport", found, [reason], ("other_luggage", "other_seat_sensor"))

    def _towed(self, before: Sequence[PurposeDay], days: Sequence[PurposeDay]) -> Case | None:
        limits = self._limits
        usual = [ride for day in before for ride in day.felt]
        recent = [ride for day in days for ride in day.felt]
        if len(usual) < limits.before_rides or not recent:
            return None
        middle = median([ride.felt for ride in usual])
        from_felt = limits.towed * middle
        heavy = [ride for ride in recent if ride.felt >= from_felt]
        as_ever = sum(ride.felt <= 1.15 * middle for ride in recent)
        found = {
            day: day.rides[:1]
            for day in days
            if day.rides and any(ride.felt >= from_felt for ride in day.felt)
        }
        if (
            len(heavy) < limits.towed_share * len(recent)
            or as_ever < limits.as_ever_share * len(recent)
            or not self._lasts(found, limits.play_days)
            or weeks_with_both(
                [(day.on, day.felt) for day in days],
                heavy_from=from_felt,
                usual_to=1.15 * middle,
            )
            < limits.towed_weeks
        ):
            return None
        stops = median([ride.stops for ride in heavy]) - median([ride.stops for ride in usual])
        if stops < limits.towed_stops:
            return None
        reason = Reason("goods_towed", {"times": len(heavy), "days": len(found)})
        return _case("goods_transport", found, [reason], ("other_luggage", "other_drive_heavy"))

    def _empty(self, days: Sequence[PurposeDay]) -> Case | None:
        found = self._longest(
            days, lambda ride: ride.seat == Seat.EMPTY, self._limits.empty_run, lambda _: True
        )
        if not self._lasts(found, self._limits.play_days):
            return None
        reason = Reason("empty_rides", {"times": _total(found), "days": len(found)})
        return _case("play", found, [reason], ("other_remote", "other_children", "other_testing"))

    def _toy(self, days: Sequence[PurposeDay]) -> Case | None:
        limits = self._limits

        def jumped_on(run: Run) -> bool:
            known = [ride.boarding_ds for ride in run if ride.boarding_ds >= 0]
            return bool(known) and median(known) <= limits.toy_boards_ds

        found = self._longest(
            days, lambda ride: ride.seat == Seat.OCCUPIED, limits.toy_run, jumped_on
        )
        if not self._lasts(found, limits.play_days):
            return None
        reason = Reason("round_after_round", {"times": _total(found), "days": len(found)})
        return _case("play", found, [reason], ("other_children", "other_testing"))

    def _longest(
        self,
        days: Sequence[PurposeDay],
        fits: Callable[[Ride], bool],
        least: int,
        holds: Callable[[Run], bool],
    ) -> dict[PurposeDay, Run]:
        """Return the days with a run of so many fitting rides, and the longest of each."""
        found = {}
        for day in days:
            run = max(self._runs(day, fits), key=len, default=())
            if len(run) >= least and holds(run):
                found[day] = run
        return found

    def _runs(self, day: PurposeDay, fits: Callable[[Ride], bool]) -> list[Run]:
        """Return rides that follow one another closely, all of them fitting."""
        runs: list[list[Ride]] = []
        run: list[Ride] = []
        for ride in day.rides:
            near = run and ride.at_s - ride.lasts_s - run[-1].at_s <= self._limits.gap_s
            if not fits(ride):
                run = []
            elif near:
                run.append(ride)
            else:
                run = [ride]
                runs.append(run)
        return list(runs)

    def _lasts(self, found: Mapping[PurposeDay, Run], days: int) -> bool:
        """Return whether days are enough, and far enough apart, to be a habit."""
        if len(found) < days:
            return False
        ons = [day.on for day in found]
        return max(ons) - min(ons) >= self._limits.span_days


def _total(found: Mapping[PurposeDay, Run]) -> int:
    return sum(len(run) for run in found.values())


def _case(
    what: str, found: Mapping[PurposeDay, Run], reasons: Sequence[Reason], otherwise: Sequence[str]
) -> Case:
    days = sorted(found, key=lambda day: day.on)
    return Case(
        what=what,
        since=days[0].on,
        until=days[-1].on,
        reasons=tuple(reasons),
        otherwise=tuple(Reason(code) for code in otherwise),
        confidence=min(0.7 + 0.02 * len(found), 0.95),
        log_nos=tuple(found[day][0].log_no for day in days),
    )
