"""The drive detector: rides into what they take, and where that leads."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from diagnostics.detectors import baseline
from diagnostics.detectors.baseline import Crossing, Point
from diagnostics.detectors.contract import Aid, Ask, Forecast, Level, Reason
from diagnostics.detectors.daily import ALL_KINDS, Daily, Judgement, day_number
from diagnostics.detectors.drive.memory import Group, Memory, Strand
from diagnostics.detectors.drive.parameters import Parameters
from diagnostics.detectors.remaining import remaining
from diagnostics.facts import ConditionReported, RideEnded
from gateway.protocol.messages import PROFILE_PARTS
from gateway.protocol.vocabulary import AidKind, Seat

WHAT: Final = "drive_worn"
WHEELS: Final = frozenset({AidKind.SCOOTER, AidKind.WHEELCHAIR})
PERMILLE: Final = 1_000


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
            diary.usual = _middle(diary.ratio)
        if not enough or diary.usual is None:
            return
        judged = self._worn(diary, at, aid) or self._worn_in_part(diary, at, aid)
        if judged is not None:
            yield judged
        elif diary.open(WHAT) is not None and self._well(diary):
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
            usual = _middle(points)
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

    def _growths(self, diary: Memory) -> tuple[float, float]:
        """Return how much more it takes than it used to: on average, and at most in a ride."""
        mean = _middle(diary.ratio[-2:]) or 0.0
        peak = _middle(diary.peak[-2:])
        mean = mean / diary.usual if diary.usual else 1.0
        return mean, mean if peak is None else peak / PERMILLE

    def _well(self, diary: Memory) -> bool:
        """Tell whether it takes what it used to again, in every way that is followed."""
        return (
            max(*self._growths(diary), _growth(diary.stood), _growth(diary.starts))
            < self._limits.well
        )

    def _worn(self, diary: Memory, at: datetime, aid: Aid) -> Judgement | None:
        limits = self._limits
        mean, peak = self._growths(diary)
        growth = max(mean, peak)
        least = limits.more_on_wheels if aid.kind in WHEELS else limits.more
        uneven = not any(diary.local) and peak >= max(limits.more_at_most, limits.uneven * mean)
        if growth < least or (not uneven and self._load_explains(diary)):
            return None
        if not uneven and min(mean, peak) < limits.more_both and self._worst_part(diary) is None:
            return None  # another sort of ride, not another drive
        strongest = max(each.peak_ma for each in diary.groups.values())
        limit_ma = limits.limit_ma[aid.kind]
        most = min(limit_ma / strongest if strongest else limits.worn, limits.worn)
        most = PERMILLE * max(most, limits.least_worn)
        soonest = [
            each
            for each in (
                self._soonest(diary.peak, most),
                self._soonest(diary.ratio, limits.worn * PERMILLE),
            )
            if each is not None
        ]
        if not soonest and not self._spent(diary):
            return None
        usual = diary.usual or PERMILLE
        ends = [
            self._soonest(diary.ratio, limits.end * usual),
            self._soonest(diary.peak, limits.end * PERMILLE),
        ]
        worn_days = min((each.median for each in soonest), default=0.0)
        reasons = self._reasons(diary, growth)
        return self._judgement(diary, at, reasons, worn_days, self._left(growth, ends, aid))

    def _worn_in_part(self, diary: Memory, at: datetime, aid: Aid) -> Judgement | None:
        """Judge what not every ride shows: it is hard to start, or hard when it has stood."""
        limits = self._limits
        if self._worst_part(diary) is not None or self._load_explains(diary):
            return None
        for code, strand in (
            ("drive_after_standing", diary.stood),
            ("drive_at_start", diary.starts),
            ("drive_at_times", diary.hardest),
        ):
            growth = _growth(strand)
            if growth < limits.more_in_part or strand.usual is None:
                continue
            worn = self._soonest(strand.points, limits.worn * strand.usual)
            if worn is None:
                continue
            end = self._soonest(strand.points, limits.end * strand.usual)
            reasons = (Reason(code, {"percent": round(100 * (growth - 1))}),)
            days = self._left(growth, [end], aid)
            return self._judgement(diary, at, reasons, worn.median, days)
        return None

    def _judgement(
        self,
        diary: Memory,
        at: datetime,
        reasons: tuple[Reason, ...],
        worn_days: float,
        days: Crossing,
    ) -> Judgement:
        """Return what to say of a drive that is worn in ``worn_days`` and stops in ``days``."""
        limits = self._limits
        soon = (
            min(worn_days, days.median) <= limits.announce_days
            or days.low <= limits.announce_low_days
        )
        return Judgement(
            what=WHAT,
            asks=Ask.ADVICE,
            level=Level.CERTAIN if soon else Level.SUSPECTED,
            reasons=reasons,
            otherwise=self._otherwise(diary),
            forecast=Forecast(at, round(days.low, 1), round(days.median, 1), round(days.high, 1)),
        )

    def _left(self, growth: float, ends: Sequence[Crossing | None], aid: Aid) -> Crossing:
        """Return how long it will still do its work."""
        limits = self._limits
        stages = limits.stages_on_wheels if aid.kind in WHEELS else limits.stages
        part = (growth - 1) / (limits.end - 1)
        lines = [each.median for each in ends if each is not None]
        return remaining(stages, part, min(lines, default=None))

    def _spent(self, diary: Memory) -> bool:
        """Tell whether it has been worn through for weeks, though it gets no worse."""
        limits = self._limits
        newest = [point.value for point in diary.ratio[-limits.spent_points :]]
        return len(newest) == limits.spent_points and min(newest) >= limits.worn * PERMILLE

    def _soonest(self, points: Sequence[Point], limit: float) -> Crossing | None:
        """Return when the rise ends that ends first, of those that are no chance and no step."""
        limits = self._limits
        if not points:
            return None
        newest = points[-1].day
        soonest: Crossing | None = None
        for window in limits.windows_days:
            part = [each for each in points if each.day > newest - window]
            line = baseline.line_through(part, least=limits.least_points)
            if line is None or line.slope - limits.steep * line.slope_error <= 0:
                continue
            if baseline.stepped(part, line=line):
                continue
            days = baseline.crossing(line, limit, rising=True)
            if soonest is None or days.median < soonest.median:
                soonest = days
        return soonest

    def _load_explains(self, diary: Memory) -> bool:
        """Tell whether only rides with somebody take more: then the load grew, not the wear."""
        if self._worst_part(diary) is not None or len(diary.empty_ratio) < 2:
            return False
        empty = baseline.median([point.value for point in diary.empty_ratio[-3:]])
        return empty < self._limits.more_empty * PERMILLE

    def _worst_part(self, diary: Memory) -> int | None:
        """Return the part of the rail, from 1, that takes far more than it did, the others not."""
        if diary.local_rides < self._limits.local_rides or not diary.local:
            return None
        worst = max(range(len(diary.local)), key=lambda number: diary.local[number])
        return worst + 1 if diary.local[worst] >= self._limits.local * PERMILLE else None

    def _reasons(self, diary: Memory, growth: float) -> tuple[Reason, ...]:
        strongest = max(each.peak_ma for each in diary.groups.values())
        ampere = round(growth * strongest / 1000, 1)
        reasons = [
            Reason("drive_current", {"percent": round(100 * (growth - 1)), "ampere": ampere})
        ]
        part = self._worst_part(diary)
        if part is not None:
            reasons.append(Reason("drive_local", {"part": part, "parts": PROFILE_PARTS}))
        slower = _middle(diary.slow_ratio[-2:])
        if slower is not None and slower >= 1.1 * PERMILLE:
            reasons.append(Reason("drive_slower", {"percent": round(slower / 10 - 100)}))
        return tuple(reasons)

    def _otherwise(self, diary: Memory) -> tuple[Reason, ...]:
        others = [Reason("normal_wear")]
        if diary.temperature_dc is not None and diary.temperature_dc < 50:
            others.append(Reason("cold", {"degrees": round(diary.temperature_dc / 10)}))
        return tuple(others)


def _group(ride: RideEnded, aid: Aid) -> str:
    """Return the sort of ride: which way, with somebody or without, and of wheels how far."""
    sort = ride.direction[0] + ("e" if ride.seat is Seat.EMPTY else "s")
    if aid.kind in WHEELS:
        return ("a" if ride.away else "h") + sort[1]
    return sort


def _middle(points: Sequence[Point]) -> float | None:
    return baseline.median([point.value for point in points]) if points else None


def _held(strand: Strand, value: int) -> Strand:
    return replace(strand, held=(*strand.held, value))


def _growth(strand: Strand) -> float:
    """Return how much more it is lately than it used to be; 1 while too little is known."""
    lately = _middle(strand.points[-2:])
    return lately / strand.usual if lately and strand.usual else 1.0
