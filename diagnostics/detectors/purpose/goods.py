"""Goods on the chair, behind the scooter, or on it: taken one way, time after time."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case
from diagnostics.detectors.habits.load import WHEELS, weeks_with_both
from diagnostics.detectors.habits.numbers import median
from diagnostics.detectors.purpose.memory import PurposeDay, Ride, Run, Ways
from diagnostics.detectors.purpose.parameters import Parameters
from diagnostics.detectors.purpose.rides import case_of, follows, lasts, runs_of
from gateway.protocol.vocabulary import Seat


class Goods:
    """Judges what is carried or pulled."""

    def __init__(self, limits: Parameters) -> None:
        self._limits = limits

    def judge(
        self, before: Sequence[PurposeDay], days: Sequence[PurposeDay], aid: Aid
    ) -> Case | None:
        """Judge the last weeks, ``before`` which something else may have been usual."""
        if aid.kind == "stairlift":
            return self._ferried(days)
        if aid.kind in WHEELS:
            return self._towed(before, days) or self._carted(before, days)
        return None

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
        if not lasts(found, days=limits.goods_days, span_days=limits.span_days):
            return None
        parameters = {"times": sum(map(len, loads.values())), "days": len(found)}
        reason = Reason("goods_ferried", parameters)
        return case_of("goods_transport", found, [reason], ("other_luggage", "other_seat_sensor"))

    def _goes(self, day: PurposeDay, within_s: int) -> list[Run]:
        return runs_of(day, lambda _: True, within_s)

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
                and follows(one, back, within_s)
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
            or not lasts(found, days=limits.play_days, span_days=limits.span_days)
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
        return case_of("goods_transport", found, [reason], ("other_luggage", "other_drive_heavy"))

    def _carted(self, before: Sequence[PurposeDay], days: Sequence[PurposeDay]) -> Case | None:
        """Find ways on which it goes laden and comes back empty, or the other way round."""
        limits = self._limits
        ways = {day: self.ways(day) for day in days}
        once = _sum_of(day.ways or self.ways(day) for day in before)
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
            or not lasts(found, days=limits.goods_days, span_days=limits.span_days)
        ):
            return None
        reason = Reason("goods_carted", {"times": laden, "days": len(found)})
        return case_of("goods_transport", found, [reason], ("other_luggage", "other_drive_heavy"))

    def ways(self, day: PurposeDay) -> Ways:
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


def _sum_of(some: Iterable[Ways]) -> Ways:
    total = Ways()
    for each in some:
        total = Ways(*map(sum, zip(total, each, strict=True)))
    return total
