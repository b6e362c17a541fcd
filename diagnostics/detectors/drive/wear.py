"""How worn a drive is, and how long it will still do its work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from diagnostics.detectors import baseline
from diagnostics.detectors.baseline import Crossing, Point
from diagnostics.detectors.contract import Aid, Ask, Forecast, Level, Reason
from diagnostics.detectors.daily import Judgement
from diagnostics.detectors.drive.memory import Memory, Strand
from diagnostics.detectors.drive.parameters import Parameters
from diagnostics.detectors.remaining import remaining
from gateway.protocol.messages import PROFILE_PARTS
from gateway.protocol.vocabulary import AidKind

WHAT: Final = "drive_worn"
WHEELS: Final = frozenset({AidKind.SCOOTER, AidKind.WHEELCHAIR})
PERMILLE: Final = 1_000


class Wear:
    """Judges what has been followed."""

    def __init__(self, limits: Parameters) -> None:
        self._limits = limits

    def _growths(self, diary: Memory) -> tuple[float, float]:
        """Return how much more it takes than it used to: on average, and at most in a ride."""
        mean = middle(diary.ratio[-2:]) or 0.0
        peak = middle(diary.peak[-2:])
        mean = mean / diary.usual if diary.usual else 1.0
        return mean, mean if peak is None else peak / PERMILLE

    def well(self, diary: Memory) -> bool:
        """Tell whether it takes what it used to again, in every way that is followed."""
        return (
            max(*self._growths(diary), _growth(diary.stood), _growth(diary.starts))
            < self._limits.well
        )

    def judge(self, diary: Memory, at: datetime, aid: Aid) -> Judgement | None:
        """Judge the drive as a whole, then what only some rides show."""
        return self._worn(diary, at, aid) or self._worn_in_part(diary, at, aid)

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
        slower = middle(diary.slow_ratio[-2:])
        if slower is not None and slower >= 1.1 * PERMILLE:
            reasons.append(Reason("drive_slower", {"percent": round(slower / 10 - 100)}))
        return tuple(reasons)

    def _otherwise(self, diary: Memory) -> tuple[Reason, ...]:
        others = [Reason("normal_wear")]
        if diary.temperature_dc is not None and diary.temperature_dc < 50:
            others.append(Reason("cold", {"degrees": round(diary.temperature_dc / 10)}))
        return tuple(others)


def middle(points: Sequence[Point]) -> float | None:
    """Return the median of some points; None of none."""
    return baseline.median([point.value for point in points]) if points else None


def _growth(strand: Strand) -> float:
    """Return how much more it is lately than it used to be; 1 while too little is known."""
    lately = middle(strand.points[-2:])
    return lately / strand.usual if lately and strand.usual else 1.0
