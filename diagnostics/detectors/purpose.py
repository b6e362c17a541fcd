"""Another purpose: goods on the chair or behind the scooter, and play.

See docs/detectors/purpose.md. Judged by the order of rides rather than by single ones: whoever
rides up comes down again, and does not send the chair back empty for the next load.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import ClassVar, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.calendar import HOME
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.load import WHEELS, Felt, felt_load, weeks_with_both, with_felt
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.detectors.habits.numbers import median
from diagnostics.facts import Fact, RideEnded
from gateway.protocol.vocabulary import Direction, Seat

RIDDEN: Final = "round_after_round"
EMPTY: Final = "empty_rides"
TO_AND_FRO: Final = "to_and_fro"
LIGHT: Final = "light_lifts"
# What shows play, of which aid, in how many rides. What goes empty, or there and back, is at
# its work, unless it is a lift on a rail; a hoist goes empty twice for each that it lifts.
ODD: Final[Mapping[str, Mapping[str, int]]] = {
    "stairlift": {RIDDEN: 1, EMPTY: 1, TO_AND_FRO: 1},
    "scooter": {RIDDEN: 1},
    "wheelchair": {RIDDEN: 1},
    "hoist": {RIDDEN: 1, LIGHT: 1, EMPTY: 20},
}
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
        carry_s: …or, with no more than this between rides…
        carried: …so often: a household of two calls the chair for one another once…
            (also of loads both ways: rides upwards with less than
        light: …of what is usual, and more than
        heavier_than_empty: …of what empty rides take, by nobody who jumps on…)
        goods_days: …on so many days…
        span_days: …the first and last of which are so far apart: guests and movers leave.
        empty_run: so many empty rides together (or one that goes as far) are no calls…
        toy_run: …and so many occupied ones no way of getting about…
        toy_boards_ds: …by somebody who jumps on, in tenths of a second…
        fro: …nor do so many in a day that go there and straight back, empty or so ridden…
        light_lifts: nor are so many lifts in one go (``carry_s``) of something…
        light_part: …that weighs less than this part of the client, lifted that day too…
        client_lifts: …in so many strokes that the heaviest is no error…
        play_days: …on so many days…
        holiday_days: …or on so many…
        holiday_in: …of so many, since whoever plays may come in holidays only.
        towed: the drive feels so many times the usual load…
        towed_share: …on so much of the outings…
        as_ever_share: …while so much of them are as ever, or it is the drive…
        towed_weeks: …side by side in so many weeks…
        towed_stops: …and stops so much more often.
        laden: one way takes so many times the other…
        laden_ways: …so often, there laden and back empty or the other way round…
        laden_share: …which is so much of all ways there and back…
        laden_back: …no more than this part of them laden on the other way: wind turns, and hills…
        laden_before: …were there before: of all ways no more than this part of their share now…
        stood_s: …not the first after it stood so long: bearings that stick are heavy then.
        before_days: what was felt longer ago than this is what is usual, of
        before_rides: so many rides.
    """

    in_days: int = 28
    learn_days: int = 14
    gap_s: int = 300
    ferried: int = 2
    carry_s: int = 1800
    carried: int = 3
    light: float = 0.82
    heavier_than_empty: float = 1.1
    goods_days: int = 4
    span_days: int = 14
    empty_run: int = 4
    toy_run: int = 6
    toy_boards_ds: int = 45
    fro: int = 5
    light_lifts: int = 4
    light_part: float = 0.75
    client_lifts: int = 2
    play_days: int = 5
    holiday_days: int = 8
    holiday_in: int = 84
    towed: float = 1.35
    towed_share: float = 0.3
    as_ever_share: float = 0.1
    towed_weeks: int = 3
    towed_stops: float = 3.0
    laden: float = 1.3
    laden_ways: int = 8
    laden_share: float = 0.15
    laden_back: float = 0.25
    laden_before: float = 0.4
    stood_s: int = 18_000
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
    legs: int = 1  # how often the length of its rail: it may turn on the way and end only then
    felt: int = -1  # what the drive felt; on a rail or lifting upwards, or in hectograms


class Play(NamedTuple):
    """By what a day shows play, in how many rides, and where the first of them lies."""

    code: str
    rides: int
    log_no: int


class Ways(NamedTuple):
    """Ways there and back in a day, and of how many the way there, or that back, was laden."""

    pairs: int = 0
    there: int = 0
    back: int = 0


class PurposeDay(Day, frozen=True, array_like=True, kw_only=True):
    """The rides of a day, by their time, and what the drive felt of some.

    Of a day longer ago only ``play`` is kept, if it showed any, and ``ways`` on wheels.
    """

    rides: tuple[Ride, ...] = ()
    felt: tuple[Felt, ...] = ()
    play: Play | None = None
    ways: Ways | None = None


def _felt(ride: RideEnded, aid: Aid) -> int:
    if ride.load_kg is not None and ride.direction is Direction.UP:
        return round(ride.load_kg * 10)
    return felt_load(ride, aid) or -1


Run = Sequence[Ride]


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
            felt=_felt(fact, aid),
        )
        felt = with_felt(day.felt, fact, aid) if aid.kind in WHEELS else ()
        return replace(day, rides=tuple(sorted((*day.rides, ride))), felt=felt)

    def kept(self, days: tuple[PurposeDay, ...]) -> tuple[PurposeDay, ...]:
        """Return the first weeks and the last months; single rides only of the last weeks."""
        if len(days) > self.keeps:
            days = (*days[:FIRST_DAYS], *days[-LAST_DAYS:])
        recent = days[-1].on - self._limits.in_days - self.every
        return tuple(
            self._without_rides(day) if day.rides and day.on < recent else day for day in days
        )

    def _without_rides(self, day: PurposeDay) -> PurposeDay:
        return replace(day, rides=(), play=self._played(day), ways=self._ways(day))

    def judge(self, days: tuple[PurposeDay, ...], aid: Aid) -> Sequence[Case]:
        """Judge the last weeks."""
        limits = self._limits
        newest = days[-1].on
        learnt = 0 if aid.lent_on is None else aid.lent_on.toordinal() + limits.learn_days
        known = [day for day in days if day.on >= learnt]
        recent = [day for day in known if day.on > newest - limits.in_days]
        before = [day for day in days if day.on <= newest - limits.before_days]
        cases = [self._play([day for day in known if day.on > newest - limits.holiday_in], aid)]
        if aid.kind == "stairlift":
            cases.append(self._ferried(recent))
        elif aid.kind in WHEELS:
            cases.append(self._towed(before, recent) or self._carted(before, recent))
        return [case for case in cases if case is not None]

    def _ferried(self, days: Sequence[PurposeDay]) -> Case | None:
        limits = self._limits
        goes = {day: self._goes(day, limits.carry_s) for day in days}
        usual, empty = self._felt(goes)
        loads = {
            day: sorted(
                {
                    *self._loads(self._goes(day, limits.gap_s), limits.gap_s, limits.ferried),
                    *self._loads(runs, limits.carry_s, limits.carried),
                    *self._light(runs, usual, empty),
                }
            )
            for day, runs in goes.items()
        }
        found = {day: rides[0].log_no for day, rides in loads.items() if rides}
        if not self._lasts(found, limits.goods_days):
            return None
        parameters = {"times": sum(map(len, loads.values())), "days": len(found)}
        reason = Reason("goods_ferried", parameters)
        return _case("goods_transport", found, [reason], ("other_luggage", "other_seat_sensor"))

    def _goes(self, day: PurposeDay, within_s: int) -> list[Run]:
        return self._runs(day, lambda _: True, within_s)

    def _loads(self, runs: Sequence[Run], within_s: int, least: int) -> list[Ride]:
        """Return rides laden one way and straight back empty, ``least`` or more in one go."""
        found: list[Ride] = []
        for run in runs:
            loads = [
                one
                for one, back in pairwise(run)
                if one.seat == Seat.OCCUPIED
                and back.seat == Seat.EMPTY
                and one.up != back.up
                and self._follows(one, back, within_s)
            ]
            if len(loads) >= least:
                found.extend(loads)
        return found

    def _felt(self, goes: Mapping[PurposeDay, Sequence[Run]]) -> tuple[float, float]:
        """Return what the usual rider takes upwards, and an empty seat; 0: not known.

        Of the usual rider by the days on which nothing goes up time after time.
        """
        limits = self._limits
        usual: list[int] = []
        for day, runs in goes.items():
            if max(map(len, runs), default=0) < 2 * limits.carried:
                usual += [
                    ride.felt for ride in day.rides if ride.felt > 0 and ride.seat == Seat.OCCUPIED
                ]
        empty = [
            ride.felt
            for day in goes
            for ride in day.rides
            if ride.felt > 0 and ride.seat == Seat.EMPTY
        ]
        return (
            median(usual) if len(usual) >= limits.before_rides else 0.0,
            median(empty) if empty else 0.0,
        )

    def _light(self, runs: Sequence[Run], usual: float, empty: float) -> list[Ride]:
        """Return rides up with something far lighter than the rider, time after time.

        Cans up and others down: nothing goes empty, and nobody is that light but a child, who jumps
        on.
        """
        limits = self._limits
        found: list[Ride] = []
        for run in runs:
            light = [
                ride
                for ride in run
                if ride.seat == Seat.OCCUPIED
                and limits.heavier_than_empty * empty < ride.felt <= limits.light * usual
                and ride.boarding_ds > limits.toy_boards_ds
            ]
            if len(light) >= limits.carried:
                found.extend(light)
        return found

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
            day: day.rides[0].log_no
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

    def _carted(self, before: Sequence[PurposeDay], days: Sequence[PurposeDay]) -> Case | None:
        """Find ways on which it goes laden and comes back empty, or the other way round."""
        limits = self._limits
        ways = {day: self._ways(day) for day in days}
        once = _sum_of(day.ways or self._ways(day) for day in before)
        now = _sum_of(ways.values())
        if once.pairs < limits.before_rides or not now.pairs:
            return None
        way = "there" if now.there >= now.back else "back"
        laden, other = max(now.there, now.back), min(now.there, now.back)
        found = {day: day.rides[0].log_no for day, some in ways.items() if getattr(some, way)}
        share = laden / now.pairs
        if (
            laden < limits.laden_ways
            or share < limits.laden_share
            or other > limits.laden_back * laden
            or getattr(once, way) / once.pairs > limits.laden_before * share
            or not self._lasts(found, limits.goods_days)
        ):
            return None
        reason = Reason("goods_carted", {"times": laden, "days": len(found)})
        return _case("goods_transport", found, [reason], ("other_luggage", "other_drive_heavy"))

    def _ways(self, day: PurposeDay) -> Ways:
        """Count the ways there and back of a day: rides by twos.

        A drive that has stood may run hard at first: what is heavy then is not taken for a load.
        """
        limits = self._limits
        pairs = there = back = 0
        before_s: int | None = None
        for out, home in zip(day.rides[::2], day.rides[1::2], strict=False):
            stood = before_s is None or out.at_s - out.lasts_s - before_s > limits.stood_s
            before_s = home.at_s
            if out.felt > 0 and home.felt > 0:
                pairs += 1
                there += not stood and out.felt >= limits.laden * home.felt
                back += home.felt >= limits.laden * out.felt
        return Ways(pairs, there, back)

    def _play(self, days: Sequence[PurposeDay], aid: Aid) -> Case | None:
        """Find rides that take nobody anywhere, of late or in one holiday after the other."""
        limits = self._limits
        played = {day: play for day in days if (play := day.play or self._played(day))}
        odd = ODD[aid.kind]
        played = {
            day: play
            for day, play in played.items()
            if play.code in odd and play.rides >= odd[play.code]
        }
        found = {day: play for day, play in played.items() if day.on > days[-1].on - limits.in_days}
        if not self._lasts(found, limits.play_days):
            found = played
            if not self._lasts(found, limits.holiday_days):
                return None
        rides: dict[str, list[int]] = {}
        for play in found.values():
            rides.setdefault(play.code, []).append(play.rides)
        reasons = [
            Reason(code, {"times": sum(each), "days": len(each)})
            for code, each in sorted(rides.items(), key=lambda item: (-len(item[1]), item[0]))
        ]
        evidence = {day: play.log_no for day, play in found.items()}
        return _case("play", evidence, reasons, ("other_remote", "other_children", "other_testing"))

    def _played(self, day: PurposeDay) -> Play | None:
        """Return by what a day shows play."""
        limits = self._limits
        ridden = self._longest(day, lambda ride: ride.seat == Seat.OCCUPIED)
        if sum(ride.legs for ride in ridden) >= limits.toy_run and self._jumped_on(ridden):
            return _play_of(RIDDEN, ridden)
        empty = self._longest(day, lambda ride: ride.seat == Seat.EMPTY)
        if sum(ride.legs for ride in empty) >= limits.empty_run:
            return _play_of(EMPTY, empty)
        fro = self._to_and_fro(day)
        if len(fro) >= 2 * limits.fro:
            return _play_of(TO_AND_FRO, fro)
        lifts = self._light_lifts(day)
        return _play_of(LIGHT, lifts) if len(lifts) >= limits.light_lifts else None

    def _light_lifts(self, day: PurposeDay) -> list[Ride]:
        """Return lifts, one after the other, of something far lighter than the client.

        He is lifted on the same day, so what a sensor or the battery makes of a load is in both.
        """
        limits = self._limits
        loads = sorted(
            ride.felt
            for ride in day.rides
            if ride.up and ride.felt > 0 and ride.seat == Seat.OCCUPIED
        )
        if len(loads) < limits.client_lifts:
            return []
        light = limits.light_part * loads[-limits.client_lifts]
        runs = self._runs(
            day,
            lambda ride: ride.seat == Seat.OCCUPIED and (not ride.up or 0 < ride.felt <= light),
            limits.carry_s,
        )
        lifts = [[one for one, then in pairwise(run) if one.up and not then.up] for run in runs]
        return max(lifts, key=len, default=[])

    def _to_and_fro(self, day: PurposeDay) -> list[Ride]:
        """Return rides there and straight back, by nobody or by somebody who jumps on."""
        found: list[Ride] = []
        rides = iter(pairwise(day.rides))
        for one, back in rides:
            pair = (one, back)
            if (
                one.seat == back.seat != Seat.UNKNOWN
                and one.up != back.up
                and self._follows(one, back, self._limits.gap_s)
                and (
                    one.seat == Seat.EMPTY or (one.seat == Seat.OCCUPIED and self._jumped_on(pair))
                )
            ):
                found.extend(pair)
                next(rides, None)  # the way back is not the way there as well
        return found

    def _jumped_on(self, run: Run) -> bool:
        known = [ride.boarding_ds for ride in run if ride.boarding_ds >= 0]
        return bool(known) and median(known) <= self._limits.toy_boards_ds

    def _longest(self, day: PurposeDay, fits: Callable[[Ride], bool]) -> Run:
        """Return the longest run of fitting rides."""
        runs = self._runs(day, fits, self._limits.gap_s)
        return max(runs, key=lambda run: sum(ride.legs for ride in run), default=())

    def _runs(self, day: PurposeDay, fits: Callable[[Ride], bool], gap_s: int) -> list[Run]:
        """Return rides that follow one another closely, all of them fitting."""
        runs: list[list[Ride]] = []
        run: list[Ride] = []
        for ride in day.rides:
            if not fits(ride):
                run = []
            elif run and self._follows(run[-1], ride, gap_s):
                run.append(ride)
            else:
                run = [ride]
                runs.append(run)
        return list(runs)

    def _follows(self, one: Ride, other: Ride, gap_s: int) -> bool:
        return other.at_s - other.lasts_s - one.at_s <= gap_s

    def _lasts(self, found: Collection[PurposeDay], days: int) -> bool:
        """Return whether days are enough, and far enough apart, to be a habit."""
        if len(found) < days:
            return False
        ons = [day.on for day in found]
        return max(ons) - min(ons) >= self._limits.span_days


def _sum_of(some: Iterable[Ways]) -> Ways:
    total = Ways()
    for each in some:
        total = Ways(*map(sum, zip(total, each, strict=True)))
    return total


def _play_of(code: str, rides: Run) -> Play:
    return Play(code, sum(ride.legs for ride in rides), rides[0].log_no)


def _case(
    what: str, found: Mapping[PurposeDay, int], reasons: Sequence[Reason], otherwise: Sequence[str]
) -> Case:
    """Return the case of these days, each with where its evidence lies."""
    days = sorted(found, key=lambda day: day.on)
    return Case(
        what=what,
        since=days[0].on,
        until=days[-1].on,
        reasons=tuple(reasons),
        otherwise=tuple(Reason(code) for code in otherwise),
        confidence=min(0.7 + 0.02 * len(found), 0.95),
        log_nos=tuple(found[day] for day in days),
    )
