"""Signal: the mobile network is heard ever less, or the modem starts ever again.

See docs/detectors/signal.md.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from diagnostics.detectors import baseline
from diagnostics.detectors.baseline import Habit, Point
from diagnostics.detectors.contract import Aid, Ask, Forecast, Level, Reason
from diagnostics.detectors.daily import Daily, Diary, Judgement, day_number
from diagnostics.facts import ConditionReported

WHAT = "signal_weak"


class Parameters(Struct, frozen=True, kw_only=True):
    """When a signal is too weak. Assumed where nothing else is said."""

    weak_dbm: float = -105.0  # usual of the edge of a cell: repeats and losses begin
    lost_dbm: float = -115.0  # few modems stay connected
    # Weak from the first day on, whatever it is used to: half way from the edge to being lost, for
    # twice as long as a van or work on the mast lasts.
    always_dbm: float = -110.0
    always_days: int = 14
    dropped_db: float = 8.0  # more than the seasons' leaves and another parking place
    learn_days: int = 21
    lately_days: int = 7  # a van before the door is gone by then
    most_points: int = 60
    trend_days: float = 90.0
    soon_days: float = 45.0
    restarts: int = 10  # in ``lately_days``
    usual_restarts: Habit = Habit(1.0, 30.0)  # a modem starts anew once a month
    chance: float = 1e-6
    memory_days: float = 120.0


class Memory(Diary, kw_only=True):
    """Strength by day, what it was at first, and how often the modem starts."""

    today: tuple[int, ...] = ()
    restarts: int = 0
    days: float = 0.0
    points: tuple[Point, ...] = ()
    usual_dbm: float | None = None
    recent: tuple[tuple[int, int], ...] = ()  # day, restarts
    habit: Habit = Habit()


class Signal(Daily):
    """Finds modems that will soon not be heard any more."""

    name: str = "signal"
    version: int = 2
    state_type: type = Memory
    reads = (ConditionReported,)

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def lent_anew(self, diary: Memory) -> None:
        """Forget the signal in another house."""
        diary.points, diary.usual_dbm = (), None
        diary.recent, diary.habit = (), Habit()

    def take(self, diary: Memory, fact: Any, aid: Aid) -> None:  # noqa: ARG002 - the contract's
        """Take in a day's report."""
        diary.restarts += fact.restarts
        if fact.signal_dbm is not None:
            diary.today = (*diary.today, fact.signal_dbm)
            diary.note(fact.log_no)

    def judge(self, diary: Memory, at: datetime, aid: Aid) -> Iterable[Judgement]:  # noqa: ARG002
        """Close a day."""
        limits = self._limits
        day = day_number(at)
        if diary.today:
            point = Point(day, baseline.median(diary.today))
            diary.points = tuple(baseline.extended(diary.points, point, most=limits.most_points))
            diary.today = ()
        if diary.usual_dbm is None and len(diary.points) >= limits.learn_days:
            diary.usual_dbm = baseline.median([each.value for each in diary.points])
        often = self._restarts(diary, int(day))
        reasons, forecast = self._weakened(diary, day, at)
        if often is not None:
            reasons = (*reasons, often)
        if reasons:
            yield Judgement(
                what=WHAT,
                asks=Ask.ADVICE,
                level=Level.CERTAIN,
                reasons=reasons,
                forecast=forecast,
            )
        elif diary.open(WHAT) is not None and self._well(diary, day):
            yield Judgement(
                what=WHAT, asks=Ask.ADVICE, level=Level.PASSED, reasons=(Reason("signal_back"),)
            )

    def _weakened(
        self, diary: Memory, day: float, at: datetime
    ) -> tuple[tuple[Reason, ...], Forecast | None]:
        limits = self._limits
        always = self._always_weak(diary, day)
        if always is not None:
            return (always,), None
        lately = [each.value for each in diary.points if each.day > day - limits.lately_days]
        if diary.usual_dbm is None or len(lately) < limits.lately_days // 2:
            return (), None
        now_dbm = baseline.median(lately)
        if diary.usual_dbm - now_dbm < limits.dropped_db:
            return (), None
        values = {"dbm": round(now_dbm), "usual": round(diary.usual_dbm)}
        weak = now_dbm <= limits.weak_dbm
        line = baseline.line_through(
            [each for each in diary.points if each.day > day - limits.trend_days], least=10
        )
        forecast = None
        if line is not None and line.slope + 2 * line.slope_error < 0:
            days = baseline.crossing(line, limits.lost_dbm, rising=False)
            forecast = Forecast(at, round(days.low), round(days.median), round(days.high))
            soon = days.median <= limits.soon_days
        else:
            soon = False
        if weak or soon:
            return (Reason("signal_weaker", values),), forecast
        return (), None

    def _always_weak(self, diary: Memory, day: float) -> Reason | None:
        """Return a reason if it has been too weak since it was fitted."""
        limits = self._limits
        if diary.usual_dbm is None or diary.usual_dbm > limits.always_dbm:
            return None
        newest = [each.value for each in diary.points if each.day > day - limits.always_days]
        if len(newest) < limits.always_days // 2:
            return None
        now_dbm = baseline.median(newest)
        if now_dbm > limits.always_dbm:
            return None
        return Reason("signal_always_weak", {"dbm": round(now_dbm)})

    def _restarts(self, diary: Memory, day: int) -> Reason | None:
        """Return a reason if the modem started far more often than it used to."""
        limits = self._limits
        recent = (*diary.recent, (day, diary.restarts))
        diary.restarts = 0
        diary.recent = tuple(each for each in recent if each[0] > day - limits.lately_days)
        if diary.open(WHAT) is None:
            for _, count in recent[: len(recent) - len(diary.recent)]:
                diary.habit = diary.habit.after(count, 1.0, memory=limits.memory_days)
        count = sum(each[1] for each in diary.recent)
        if count < limits.restarts or sum(1 for each in diary.recent if each[1]) < 4:
            return None
        chance = diary.habit.chance(count, float(len(diary.recent)), prior=limits.usual_restarts)
        if diary.habit.exposure < limits.learn_days or chance >= limits.chance:
            return None
        return Reason("modem_restarts", {"times": count, "days": limits.lately_days})

    def _well(self, diary: Memory, day: float) -> bool:
        lately = [
            each.value for each in diary.points if each.day > day - 2 * self._limits.lately_days
        ]
        if diary.usual_dbm is None or not lately:
            return False
        now_dbm = baseline.median(lately)
        if diary.usual_dbm <= self._limits.always_dbm:  # its beginning was none to go back to
            return now_dbm > self._limits.always_dbm + self._limits.dropped_db / 2
        back = diary.usual_dbm - now_dbm < self._limits.dropped_db / 2
        return back and not any(count for _, count in diary.recent)
