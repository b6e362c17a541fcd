"""The battery detector: rides and days into series, series into what they lead to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from diagnostics.detectors import baseline
from diagnostics.detectors.baseline import Crossing, Line, Point
from diagnostics.detectors.battery.memory import Load, Memory, Usual
from diagnostics.detectors.battery.parameters import Parameters
from diagnostics.detectors.contract import Aid, Ask, Forecast, Level, Reason
from diagnostics.detectors.daily import Daily, Judgement, day_number
from diagnostics.detectors.remaining import remaining
from diagnostics.facts import ConditionReported, RideEnded
from gateway.protocol.vocabulary import AidKind, Direction, Seat

WHAT: Final = "battery_worn"
WHEELS: Final = frozenset({AidKind.SCOOTER, AidKind.WHEELCHAIR})
MAH_OF_MA_MS: Final = 1 / 3_600_000


class Trend(NamedTuple):
    """A decline that leads to a flat battery."""

    line: Line
    days: Crossing


class Battery(Daily):
    """Announces batteries some weeks before they fail under their client."""

    name: str = "battery"
    version: int = 3
    state_type: type = Memory
    reads = (RideEnded, ConditionReported)
    days = 3

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def take(self, diary: Memory, fact: Any, aid: Aid) -> None:  # noqa: ARG002 - the contract's
        """Take in what a ride or a day did to the battery."""
        if isinstance(fact, RideEnded):
            self._take_ride(diary, fact)
        else:
            self._take_condition(diary, fact)

    def _take_ride(self, diary: Memory, ride: RideEnded) -> None:
        limits = self._limits
        before, lowest, peak = ride.battery_before_mv, ride.min_battery_mv, ride.peak_current_ma
        if before is None:
            return
        after = ride.battery_after_mv
        idle = min(before, limits.full_mv, limits.full_mv if after is None else after)
        if after is not None and after < before <= limits.full_mv and ride.mean_current_ma:
            mah = abs(ride.mean_current_ma) * ride.duration_ms * MAH_OF_MA_MS
            if mah >= 400:  # less than that is lost in the steps of the measurement
                diary.drops = (*diary.drops[-15:], round((before - after) * 1000 / mah))
        if peak is None and ride.seat is not Seat.EMPTY:
            up = ride.direction is Direction.UP
            peak = limits.unknown_ma if up else limits.unknown_light_ma
        if lowest is None or peak is None or len(diary.loads) >= limits.most_rides:
            return
        if abs(peak) < limits.least_ma or lowest > before:
            return
        diary.loads = (*diary.loads, Load(abs(peak), max(idle - lowest, 0), lowest))
        diary.log_nos = (*diary.log_nos[-5:], ride.log_no)

    def _take_condition(self, diary: Memory, day: ConditionReported) -> None:
        if day.battery_rest_mv is not None:
            diary.rests = (*diary.rests, day.battery_rest_mv)
        if day.battery_min_mv is not None:
            diary.emptiest = (*diary.emptiest, day.battery_min_mv)
        low, high = day.temperature_min_dc, day.temperature_max_dc
        if low is not None and high is not None:
            diary.temperatures_dc = (*diary.temperatures_dc, (low + high) // 2)
        if day.charging_ms is not None:
            diary.charging = (*diary.charging, 100 * day.charging_ms // day.period_ms)

    def judge(self, diary: Memory, at: datetime, aid: Aid) -> Iterable[Judgement]:
        """Close a period: add to the series, and see where they lead."""
        enough = self._close(diary, day_number(at), aid)
        if self._exchanged(diary):
            renewed = diary.open(WHAT) is not None
            self._forget(diary)
            if renewed:
                yield Judgement(
                    what=WHAT, asks=Ask.ADVICE, level=Level.PASSED, reasons=(Reason("battery_new"),)
                )
            return
        if not enough:
            return
        self._learn(diary)
        flat_mv = self._limits.flat_mv[aid.kind]
        on_wheels = aid.kind in WHEELS
        judged = self._trend_judged(diary, flat_mv, at, on_wheels=on_wheels)
        certain = judged is not None and judged.level is Level.CERTAIN
        if not certain and (
            self._cell_dead(diary, on_wheels=on_wheels) or self._spent(diary, flat_mv)
        ):
            judged = Judgement(
                what=WHAT,
                asks=Ask.ADVICE,
                level=Level.CERTAIN,
                reasons=(
                    Reason("battery_sags", _volts(diary.lowest[-1].value, flat_mv)),
                    *self._ageing(diary),
                ),
                otherwise=self._otherwise(diary),
                forecast=_forecast(self._left(diary, flat_mv, on_wheels=on_wheels), at),
            )
        if judged is not None:
            yield judged

    def _close(self, diary: Memory, day: float, aid: Aid) -> bool:
        """Turn the open period into one point of each series; False: it says nothing new."""
        limits = self._limits
        if diary.temperatures_dc:
            diary.temperature_dc = round(baseline.median(diary.temperatures_dc))
        usual_peak = diary.usual_peak_ma
        if diary.loads:
            # Up the stairs, not down: what this aid takes when it works.
            here = round(baseline.quantile([load.peak_ma for load in diary.loads], 0.8))
            usual_peak = max(here, round(0.9 * usual_peak + 0.1 * here))
        loads = [load for load in diary.loads if load.peak_ma >= limits.loaded * usual_peak]
        diary.usual_peak_ma = usual_peak
        enough = len(loads) >= limits.least_rides and not self._uncharged(diary)
        if enough:
            colder = 1 + self._colder(diary)
            ohms = self._resistance(diary, loads, on_wheels=aid.kind in WHEELS)
            if ohms is not None:
                diary.resistance = self._added(diary.resistance, day, ohms / colder)
            # What it would have been at 20 degrees.
            sag = (ohms or 0.0) / 1000
            best_mv = max(load.min_mv + load.sag_mv for load in loads)
            if aid.kind not in WHEELS and ohms is not None:
                # Beside its charger that is the charger's voltage: what light rides leave, and what
                # they take, tell its own.
                own_mv = [each.min_mv + sag * each.peak_ma for each in self._light(diary)]
                best_mv = round(baseline.median(own_mv))
            diary.best_mv = (*diary.best_mv[1 - limits.learn_points :], best_mv)
            lows = [load.min_mv + sag * load.peak_ma * (1 - 1 / colder) for load in loads]
            lowest = baseline.quantile(lows, limits.low_part)
            diary.lowest = self._added(diary.lowest, day, lowest)
        if diary.rests:
            diary.rest = self._added(diary.rest, day, baseline.median(diary.rests))[-20:]
        if diary.drops:
            diary.drop = self._added(diary.drop, day, baseline.median(diary.drops))[-20:]
        few = len(loads) < limits.least_rides  # then they wait for more
        diary.loads = diary.loads[-limits.most_rides // 2 :] if few else ()
        diary.drops, diary.rests, diary.emptiest = (), (), ()
        diary.temperatures_dc = ()
        diary.charging = diary.charging[-6:]
        return enough

    def _resistance(self, diary: Memory, loads: Sequence[Load], *, on_wheels: bool) -> float | None:
        """Return the resistance as it is now (mOhm), or None if it cannot be told."""
        limits = self._limits
        light = self._light(diary)
        if not on_wheels:
            # Between light rides and heavy ones, whatever the charge: the charger's voltage and
            # that of its surface charge are in both.
            if len(light) < limits.least_rides:
                return None
            lost_mv = baseline.median([load.min_mv for load in light]) - baseline.median(
                [load.min_mv for load in loads]
            )
            more_ma = baseline.median([load.peak_ma for load in loads]) - baseline.median(
                [load.peak_ma for load in light]
            )
            return max(1_000 * lost_mv / more_ma, 1.0)
        # Away from its charger the voltage before and after is the battery's own.
        ohms = [
            load.sag_mv * 1_000 / load.peak_ma
            for load in loads
            if load.min_mv + load.sag_mv >= limits.charged_mv
        ]
        return baseline.median(ohms) if len(ohms) >= limits.least_rides else None

    def _light(self, diary: Memory) -> list[Load]:
        """Return the rides that ask little: down the stairs."""
        most_ma = self._limits.light * diary.usual_peak_ma
        return [load for load in diary.loads if load.peak_ma <= most_ma]

    def _added(self, points: tuple[Point, ...], day: float, value: float) -> tuple[Point, ...]:
        point = Point(day, round(value, 1))
        return tuple(baseline.extended(points, point, most=self._limits.most_points))

    def _colder(self, diary: Memory) -> float:
        """Return how much more resistance the cold alone makes."""
        if diary.temperature_dc is None:
            return 0.0
        degrees = (200 - max(diary.temperature_dc, self._limits.coldest_dc)) / 10
        return max(self._limits.cold * degrees, -0.2)

    def _learn(self, diary: Memory) -> None:
        count = self._limits.learn_points
        if diary.usual is None and len(diary.resistance) >= count:
            diary.usual = Usual(
                resistance=_middle(diary.resistance[:count]) or 0.0,
                lowest_mv=_middle(diary.lowest[:count]) or 0.0,
                rest_mv=_middle(diary.rest),
                drop=_middle(diary.drop),
                charging=baseline.median(diary.charging) if diary.charging else None,
                best_mv=baseline.median(diary.best_mv) if diary.best_mv else None,
            )

    def _forget(self, diary: Memory) -> None:
        """Begin anew with another battery."""
        diary.resistance = diary.resistance[-1:]
        diary.lowest = diary.lowest[-1:]
        diary.rest, diary.drop = diary.rest[-1:], diary.drop[-1:]
        diary.best_mv, diary.usual = (), None

    def _exchanged(self, diary: Memory) -> bool:
        """Tell whether it has become like new, which no battery does by itself."""
        points = diary.resistance
        usual = diary.usual
        if usual is None or len(points) < 4 or points[-3].value < 1.25 * usual.resistance:
            return False
        before = min(points[-3].value, points[-4].value)
        return max(points[-1].value, points[-2].value) < self._limits.like_new * before

    def _trend_judged(
        self, diary: Memory, flat_mv: int, at: datetime, *, on_wheels: bool
    ) -> Judgement | None:
        limits = self._limits
        usual = diary.usual
        if usual is None:
            return None
        lately = _middle(diary.lowest[-2:]) or 0.0
        ageing = self._ageing(diary)
        # Voltage at rest alone proves nothing.
        if all(reason.code == "battery_rest" for reason in ageing):
            return None
        margin = max(usual.lowest_mv - flat_mv, 0.0)
        trends = []
        if any(
            reason.code == "battery_resistance" for reason in ageing
        ) and self._sags_as_it_should(diary):
            trends.append(
                self._steepest(diary.resistance, limits.spent_resistance * usual.resistance)
            )
        if usual.lowest_mv - lately >= limits.lost_margin * margin and not self._empty(diary):
            trends.append(self._steepest(diary.lowest, flat_mv))
        trend = min(
            (each for each in trends if each is not None),
            key=lambda each: each.days.median,
            default=None,
        )
        if trend is None:
            return None
        days = self._left(diary, flat_mv, on_wheels=on_wheels)
        spent = trend.days.median <= limits.announce_days
        soon = spent or days.median <= limits.announce_days or days.low <= limits.announce_low_days
        return Judgement(
            what=WHAT,
            asks=Ask.ADVICE,
            level=Level.CERTAIN if soon else Level.SUSPECTED,
            reasons=(Reason("battery_sags", _volts(lately, flat_mv)), *ageing),
            otherwise=self._otherwise(diary),
            forecast=_forecast(days, at),
        )

    def _left(self, diary: Memory, flat_mv: int, *, on_wheels: bool) -> Crossing:
        """Return how long it will still carry its client, by the voltage under load."""
        limits, usual = self._limits, diary.usual
        stages = limits.stages_on_wheels if on_wheels else limits.stages
        lately = _middle(diary.lowest[-2:])
        if usual is None or lately is None:
            return remaining(stages, 1.0, None)
        margin = usual.lowest_mv - flat_mv
        end_mv = flat_mv + (limits.margin_left_on_wheels * margin if on_wheels else 0.0)
        part = (usual.lowest_mv - lately) / max(usual.lowest_mv - end_mv, 1.0)
        trend = self._steepest(diary.lowest, end_mv)
        return remaining(stages, part, None if trend is None else trend.days.median)

    def _steepest(self, points: Sequence[Point], limit: float) -> Trend | None:
        """Return the way to ``limit`` that ends first, of those that are no chance."""
        limits = self._limits
        if not points:
            return None
        newest = points[-1].day
        rising = limit > points[0].value
        trends = []
        for window in limits.windows_days:
            part = [each for each in points if each.day > newest - window]
            line = baseline.line_through(part, least=limits.least_points)
            if line is None or baseline.stepped(part, line=line):
                continue  # batteries age; loads and habits change from one day to the next
            slope = line.slope if rising else -line.slope
            if slope > limits.steep * line.slope_error:
                trends.append(Trend(line, baseline.crossing(line, limit, rising=rising)))
        return min(trends, key=lambda trend: trend.days.median, default=None)

    def _ageing(self, diary: Memory) -> tuple[Reason, ...]:
        """Return what shows that the battery itself is worse than it was."""
        limits, usual = self._limits, diary.usual
        if usual is None:
            return ()
        reasons = []
        ohms = _middle(diary.resistance[-2:])
        if ohms is not None and ohms >= limits.more_resistance * usual.resistance:
            percent = round(100 * (ohms / usual.resistance - 1)) if usual.resistance else 100
            reasons.append(Reason("battery_resistance", {"percent": percent}))
        rest = _middle(self._lately(diary, diary.rest))
        if rest is not None and usual.rest_mv and usual.rest_mv - rest >= limits.rest_drop_mv:
            volts = {"volt": round(rest / 1000, 1), "usual": round(usual.rest_mv / 1000, 1)}
            reasons.append(Reason("battery_rest", volts))
        drop = _middle(self._lately(diary, diary.drop))
        if drop and usual.drop and usual.drop <= limits.less_capacity * drop:
            percent = round(100 * usual.drop / drop)
            reasons.append(Reason("battery_capacity", {"percent": percent}))
        return tuple(reasons)

    def _lately(self, diary: Memory, points: Sequence[Point]) -> Sequence[Point]:
        """Return the newest few points, those of long ago left out."""
        newest = diary.lowest[-1].day if diary.lowest else 0.0
        return [each for each in points[-3:] if each.day > newest - self._limits.stale_days]

    def _empty(self, diary: Memory) -> bool:
        """Tell whether it is just not charged: then low voltage says nothing of its age."""
        rest = _middle(self._lately(diary, diary.rest))
        return rest is not None and rest < self._limits.empty_mv

    def _uncharged(self, diary: Memory) -> bool:
        """Tell whether it lacks charging, not strength: such days say nothing of its age."""
        usual = None if diary.usual is None else diary.usual.charging
        if usual is None or not diary.charging:
            return False
        lately = baseline.median(diary.charging[-3:])
        rests = (*diary.rests, *diary.emptiest)
        low = not rests or min(rests) < self._limits.empty_mv
        return low and lately < 0.6 * usual

    def _sags_as_it_should(self, diary: Memory) -> bool:
        """Tell whether the voltage has fallen as the resistance says, not just the current."""
        ohms, lowest, usual = (
            _middle(diary.resistance[-2:]),
            _middle(diary.lowest[-2:]),
            diary.usual,
        )
        if usual is None or ohms is None or lowest is None:
            return False
        expected_mv = (ohms - usual.resistance) * diary.usual_peak_ma / 1_000
        return usual.lowest_mv - lowest >= max(0.5 * expected_mv, self._limits.least_sag_mv)

    def _cell_dead(self, diary: Memory, *, on_wheels: bool) -> bool:
        """Tell whether it lacks a cell: even freshly charged, and under load as well."""
        usual, lowest = diary.usual, _middle(diary.lowest[-2:])
        if usual is None or usual.best_mv is None or lowest is None or len(diary.best_mv) < 2:
            return False
        least_mv = self._limits.dead_cell_mv if on_wheels else self._limits.dead_cell_on_charge_mv
        return (
            usual.best_mv - max(diary.best_mv[-2:]) >= least_mv
            and usual.lowest_mv - lowest >= least_mv
        )

    def _spent(self, diary: Memory, flat_mv: int) -> bool:
        """Tell whether it is at its end, whatever the trend: near flat in ride after ride."""
        limits = self._limits
        ageing = self._ageing(diary)
        if diary.usual is not None and all(each.code == "battery_rest" for each in ageing):
            return False  # used harder: not the battery's doing
        if self._empty(diary):
            return False
        newest = diary.lowest[-limits.spent_points :]
        if len(newest) < limits.spent_points:
            return False
        return all(point.value <= flat_mv + limits.spent_mv for point in newest)

    def _otherwise(self, diary: Memory) -> tuple[Reason, ...]:
        if diary.temperature_dc is not None and diary.temperature_dc < 50:
            return (Reason("cold", {"degrees": round(diary.temperature_dc / 10)}),)
        return ()


def _middle(points: Sequence[Point]) -> float | None:
    return baseline.median([point.value for point in points]) if points else None


def _forecast(days: Crossing, at: datetime) -> Forecast:
    return Forecast(at, round(days.low, 1), round(days.median, 1), round(days.high, 1))


def _volts(lowest_mv: float, flat_mv: int) -> dict[str, float]:
    return {"volt": round(lowest_mv / 1000, 1), "limit": round(flat_mv / 1000, 1)}
