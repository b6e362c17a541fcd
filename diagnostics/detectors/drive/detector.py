"""The drive detector: rides into what they take, and where that leads."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from diagnostics.detectors import baseline
from diagnostics.detectors.baseline import Point
from diagnostics.detectors.contract import Aid, Ask, Level, Reason
from diagnostics.detectors.daily import ALL_KINDS, Daily, Judgement, day_number
from diagnostics.detectors.drive.memory import Group, Memory, Strand
from diagnostics.detectors.drive.parameters import Parameters
from diagnostics.detectors.drive.wear import PERMILLE, WHAT, WHEELS, Wear, middle
from diagnostics.facts import ConditionReported, RideEnded
from gateway.protocol.messages import PROFILE_PARTS
from gateway.protocol.vocabulary import Seat


class Drive(Daily):
    """Announces drives that will soon be too weak, or too heavy to move."""

    name: str = "drive"
    version: int = 4
    kinds: frozenset[str] = ALL_KINDS
    state_type: type = Memory
    reads = (RideEnded, ConditionReported)
    days = 3

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()
        self._wear = Wear(self._limits)

    def lent_anew(self, diary: Memory) -> None:
        """Forget what another client weighed."""
        self._forget(diary)

    def take(self, diary: Memory, fact: Any, aid: Aid) -> None:
        """Take in a ride, or how cold it was."""
        if isinstance(fact, ConditionReported):
            low, high = fact.temperature_min_dc, fact.temperature_max_dc
            if low is not None and high is not None:
                diary.temperatures_dc = (*diary.temperatures_dc, (low + high) // 2)
        elif fact.mean_current_ma and fact.duration_ms:
            self._take_ride(diary, fact, aid)

    def _take_ride(self, diary: Memory, ride: RideEnded, aid: Aid) -> None:
        limits = self._limits
        stood = self._stood(diary, ride)
        diary.ended_at = ride.measured_at
        mean_ma, peak_ma = self._currents(ride)
        name = _group(ride, aid)
        group = diary.groups.get(name) or Group(0, 0.0, 0.0, 0.0, 0.0, 0.0, (None,) * PROFILE_PARTS)
        if group.count < limits.learn_rides:
            diary.groups = {**diary.groups, name: self._learnt(group, ride, mean_ma, peak_ma)}
        if len(diary.ratios) >= limits.most_rides:
            return
        if group.count < limits.least_rides or not group.mean_ma:
            return
        if aid.kind in WHEELS and self._other_way(group, ride):
            return
        empty = ride.seat is Seat.EMPTY
        strongest = max(each.peak_ma for each in diary.groups.values())
        on_rail = aid.kind not in WHEELS and not empty
        # Out of doors the highest current is that of the steepest kerb or ramp, not of the drive.
        # Nought: no ride that it learnt from told its highest current.
        if on_rail and peak_ma and group.peak_ma and group.peak_ma >= limits.strong * strongest:
            diary.peaks = (*diary.peaks, round(PERMILLE * peak_ma / group.peak_ma))
        ratio = round(PERMILLE * mean_ma / group.mean_ma)
        if empty:
            diary.empty = (*diary.empty[1 - limits.most_rides :], ratio)
        else:
            diary.ratios = (*diary.ratios, ratio)
            diary.hardest = _held(diary.hardest, ratio)
            if stood:
                diary.stood = _held(diary.stood, ratio)
            if peak_ma and group.peak_ma:
                diary.starts = _held(
                    diary.starts, round(PERMILLE**2 * peak_ma / group.peak_ma / ratio)
                )
        if not ride.stops and group.duration_ms:
            slower = round(PERMILLE * ride.duration_ms / group.duration_ms)
            diary.slower = (*diary.slower[1 - limits.most_rides :], slower)
        self._take_parts(diary, group, ride)
        diary.log_nos = (*diary.log_nos[-5:], ride.log_no)

    def _stood(self, diary: Memory, ride: RideEnded) -> bool:
        """Tell whether it had stood for hours before ``ride``."""
        if diary.ended_at is None:
            return False
        began_at = ride.measured_at - timedelta(milliseconds=ride.duration_ms)
        return began_at - diary.ended_at >= timedelta(milliseconds=self._limits.stood_ms)

    def _other_way(self, group: Group, ride: RideEnded) -> bool:
        """Tell whether it was driven steeper or faster than usual: that takes more, too."""
        limits = self._limits
        steeper = (ride.max_incline_deg or 0) > group.incline_deg + limits.steeper_deg
        return steeper or abs(ride.max_speed_mm_s or 0) > limits.faster * group.speed_mm_s > 0

    def _currents(self, ride: RideEnded) -> tuple[float, float]:
        """Return mean and highest current as they would be at the usual voltage."""
        mean_ma, peak_ma = abs(ride.mean_current_ma or 0), abs(ride.peak_current_ma or 0)
        lowest = ride.min_battery_mv
        idle = [each for each in (ride.battery_before_mv, ride.battery_after_mv) if each]
        if not peak_ma or not lowest or not idle:
            return float(mean_ma), float(peak_ma)
        usual_mv = self._limits.usual_mv
        sag_mv = max(min(*idle, usual_mv + 1_200) - lowest, 0)
        halfway_mv = lowest + sag_mv * (1 - min(mean_ma / peak_ma, 1.0))
        return mean_ma * halfway_mv / usual_mv, peak_ma * lowest / usual_mv

    def _learnt(self, group: Group, ride: RideEnded, mean_ma: float, peak_ma: float) -> Group:
        """Return ``group`` with one ride more: a mean that one odd ride does not move far."""
        count = group.count + 1

        def mean(usual: float | None, value: float) -> float:
            if not usual:
                return round(value, 1)
            most = self._limits.clip * usual
            clipped = min(max(value, usual - most), usual + most) if count > 4 else value
            return round(usual + (clipped - usual) / count, 1)

        parts = list(group.parts_ma)
        for number, value in enumerate(ride.profile_ma[:PROFILE_PARTS]):
            if value:
                parts[number] = mean(parts[number], abs(value))
        duration_ms = group.duration_ms
        if not ride.stops or not duration_ms:
            duration_ms = mean(duration_ms, ride.duration_ms)
        incline_deg = group.incline_deg
        incline_deg += ((ride.max_incline_deg or 0) - incline_deg) / count
        speed_mm_s = group.speed_mm_s
        speed_mm_s += (abs(ride.max_speed_mm_s or 0) - speed_mm_s) / count
        return Group(
            count=count,
            mean_ma=mean(group.mean_ma, mean_ma),
            peak_ma=mean(group.peak_ma, peak_ma),
            duration_ms=duration_ms,
            incline_deg=round(incline_deg, 1),
            speed_mm_s=round(speed_mm_s, 1),
            parts_ma=tuple(parts),
        )

    def _take_parts(self, diary: Memory, group: Group, ride: RideEnded) -> None:
        """Follow how each part of the rail compares with the ride as a whole."""
        parts = [
            abs(value) / usual if value and usual else None
            for value, usual in zip(ride.profile_ma, group.parts_ma, strict=False)
        ]
        known = [part for part in parts if part is not None]
        if len(known) < 4:
            return
        whole = baseline.median(known)
        local = list(diary.local) or [PERMILLE] * PROFILE_PARTS
        diary.local_rides += 1
        weight = max(0.05, 1 / diary.local_rides)
        for number, part in enumerate(parts):
            if part is not None and whole:
                local[number] += round(weight * (PERMILLE * part / whole - local[number]))
        diary.local = tuple(local)

    def judge(self, diary: Memory, at: datetime, aid: Aid) -> Iterable[Judgement]:
        """Close a period: add to the series, and see where they lead."""
        limits = self._limits
        enough = self._close(diary, day_number(at))
        if diary.usual is None and len(diary.ratio) >= limits.learn_points:
            diary.usual = middle(diary.ratio)
        if not enough or diary.usual is None:
            return
        judged = self._wear.judge(diary, at, aid)
        if judged is not None:
            yield judged
        elif diary.open(WHAT) is not None and self._wear.well(diary):
            self._forget(diary)
            yield Judgement(
                what=WHAT, asks=Ask.ADVICE, level=Level.PASSED, reasons=(Reason("drive_well"),)
            )

    def _close(self, diary: Memory, day: float) -> bool:
        """Turn the open period into one point of each series; False if it held too little."""
        limits = self._limits
        if diary.temperatures_dc:
            diary.temperature_dc = round(baseline.median(diary.temperatures_dc))
        degrees = 0.0 if diary.temperature_dc is None else (150 - diary.temperature_dc) / 10
        colder = 1 + limits.cold * max(degrees, 0.0)
        enough = False  # then they wait for more
        if len(diary.peaks) >= 3:
            enough = True
            diary.peak = self._added(diary.peak, day, baseline.median(diary.peaks) / colder)
            diary.peaks = ()
        if len(diary.ratios) >= 3:
            enough = True
            diary.ratio = self._added(diary.ratio, day, baseline.median(diary.ratios) / colder)
            diary.ratios = ()
        diary.stood = self._closed(diary.stood, day, colder)
        diary.starts = self._closed(diary.starts, day)
        diary.hardest = self._closed(diary.hardest, day, colder, part=limits.hardest, least=6)
        if diary.empty:
            point = Point(day, round(baseline.median(diary.empty) / colder, 1))
            diary.empty_ratio = (*diary.empty_ratio[-3:], point)
        if diary.slower:
            diary.slow_ratio = (*diary.slow_ratio[-3:], Point(day, baseline.median(diary.slower)))
        diary.empty, diary.slower = (), ()
        diary.temperatures_dc = ()
        return enough

    def _closed(
        self, strand: Strand, day: float, colder: float = 1.0, *, part: float = 0.5, least: int = 3
    ) -> Strand:
        """Turn what ``strand`` holds into one point more; too little waits for more."""
        if len(strand.held) < least:
            return strand
        points = self._added(strand.points, day, baseline.quantile(strand.held, part) / colder)
        usual = strand.usual
        if usual is None and len(points) >= self._limits.learn_points:
            usual = middle(points)
        return Strand(points=points, usual=usual)

    def _added(self, points: tuple[Point, ...], day: float, value: float) -> tuple[Point, ...]:
        point = Point(day, round(value, 1))
        return tuple(baseline.extended(points, point, most=self._limits.most_points))

    def _forget(self, diary: Memory) -> None:
        """Begin anew: another client, or a repaired drive."""
        diary.groups, diary.local, diary.local_rides = {}, (), 0
        diary.ratio, diary.peak = (), ()
        diary.empty_ratio, diary.slow_ratio = (), ()
        diary.usual = None
        diary.stood, diary.starts, diary.hardest = Strand(), Strand(), Strand()


def _group(ride: RideEnded, aid: Aid) -> str:
    """Return the sort of ride: which way, with somebody or without, and of wheels how far."""
    sort = ride.direction[0] + ("e" if ride.seat is Seat.EMPTY else "s")
    if aid.kind in WHEELS:
        return ("a" if ride.away else "h") + sort[1]
    return sort


def _held(strand: Strand, value: int) -> Strand:
    return replace(strand, held=(*strand.held, value))
