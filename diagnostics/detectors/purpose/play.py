"""Rides that take nobody anywhere."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case
from diagnostics.detectors.habits.numbers import median
from diagnostics.detectors.purpose.memory import Play, PurposeDay, Ride, Run
from diagnostics.detectors.purpose.parameters import Parameters
from diagnostics.detectors.purpose.rides import case_of, follows, lasts, runs_of
from gateway.protocol.vocabulary import Seat

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


class Games:
    """Judges play."""

    def __init__(self, limits: Parameters) -> None:
        self._limits = limits

    def judge(self, days: Sequence[PurposeDay], aid: Aid) -> Case | None:
        """Find rides that take nobody anywhere, of late or in one holiday after the other."""
        limits = self._limits
        played = {day: play for day in days if (play := day.play or self.played(day))}
        odd = ODD[aid.kind]
        played = {
            day: play
            for day, play in played.items()
            if play.code in odd and play.rides >= odd[play.code]
        }
        found = {day: play for day, play in played.items() if day.on > days[-1].on - limits.in_days}
        if not lasts(found, days=limits.play_days, span_days=limits.span_days):
            found = played
            if not lasts(found, days=limits.holiday_days, span_days=limits.span_days):
                return None
        rides: dict[str, list[int]] = {}
        for play in found.values():
            rides.setdefault(play.code, []).append(play.rides)
        reasons = [
            Reason(code, {"times": sum(each), "days": len(each)})
            for code, each in sorted(rides.items(), key=lambda item: (-len(item[1]), item[0]))
        ]
        evidence = {day: play.log_no for day, play in found.items()}
        return case_of(
            "play", evidence, reasons, ("other_remote", "other_children", "other_testing")
        )

    def played(self, day: PurposeDay) -> Play | None:
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
        runs = runs_of(
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
                and follows(one, back, self._limits.gap_s)
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
        runs = runs_of(day, fits, self._limits.gap_s)
        return max(runs, key=lambda run: sum(ride.legs for ride in run), default=())


def _play_of(code: str, rides: Run) -> Play:
    return Play(code, sum(ride.legs for ride in rides), rides[0].log_no)
