"""Edges: safety edges that trip ever more often. See docs/detectors/edges.md."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from diagnostics.detectors.baseline import Habit
from diagnostics.detectors.contract import Aid, Ask, Level, Reason
from diagnostics.detectors.daily import Daily, Diary, Judgement
from diagnostics.facts import ConditionReported, FaultChanged, RideEnded
from gateway.protocol.vocabulary import AidKind, Edge, Mode

EDGES: Final = frozenset(
    {"footrest_up_edge", "footrest_down_edge", "carriage_up_edge", "carriage_down_edge"}
)


class Parameters(Struct, frozen=True, kw_only=True):
    """When trips are too many. All assumed, with these reasons."""

    window_days: int = 21  # things left on the stairs, and guests' dogs, are gone sooner
    least_trips: int = 8
    least_days: int = 6
    # Of those, outside the worst days running: an obstacle for a weekend is none of its doing.
    obstacle_days: int = 5
    least_besides: int = 4
    # A touch now and then may be dust, and somebody cleans: it counts once it has lasted longer.
    mild: float = 0.2  # of the rides
    mild_days: int = 17
    lately_days: int = 7  # what has stopped is over
    times_habit: float = 3.0
    chance: float = 1e-6  # of so many by its own habit, on any one of some thousand days
    # What is usual: a trip in fifty rides, known as well as from 25 rides.
    usual: Habit = Habit(0.5, 25.0)
    memory_rides: float = 1_500.0  # half a year of a busy household
    learn_rides: float = 60.0
    # Where it was so from the first day on, habit excuses nothing.
    always_rate: float = 0.4
    always_trips: int = 20
    # Or less, and for longer than habits take to learn: sound edges trip once in fifty rides.
    always_habit: float = 0.12


class DayOfTrips(Struct, frozen=True, array_like=True):
    """One day: rides, and trips as the conditions, the rides and the faults count them."""

    number: int
    rides: int = 0
    trips: tuple[int, int, int] = (0, 0, 0)


class Memory(Diary, kw_only=True):
    """The open day, the days of the window, and the habit before them, by source."""

    rides: int = 0
    trips: tuple[int, int, int] = (0, 0, 0)
    days: tuple[DayOfTrips, ...] = ()
    habits: tuple[Habit, Habit, Habit] = (Habit(), Habit(), Habit())


class Edges(Daily):
    """Finds safety edges that trip more often than they used to."""

    name: str = "edges"
    version: int = 3
    kinds: frozenset[str] = frozenset({str(AidKind.STAIRLIFT)})
    state_type: type = Memory
    reads = (RideEnded, ConditionReported, FaultChanged)

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def lent_anew(self, diary: Memory) -> None:
        """Forget the habits of another household, and its stairs."""
        diary.habits = (Habit(), Habit(), Habit())
        diary.days = ()

    def take(self, diary: Memory, fact: Any, aid: Aid) -> None:  # noqa: ARG002 - the contract's
        """Count rides and trips."""
        conditions, rides, faults = diary.trips
        match fact:
            case RideEnded():
                diary.rides += 1
                rides += fact.trips or 0
            case ConditionReported():
                conditions += fact.trips
            case FaultChanged() if (
                fact.code in EDGES and fact.edge is Edge.RAISED and fact.sample.mode is Mode.NORMAL
            ):
                faults += 1
        if (conditions, rides, faults) != diary.trips:
            diary.trips = (conditions, rides, faults)
            diary.note(fact.log_no)

    def judge(self, diary: Memory, at: datetime, aid: Aid) -> Iterable[Judgement]:  # noqa: ARG002
        """Close a day: compare the window with the habit before it."""
        limits = self._limits
        number = at.toordinal()
        today = DayOfTrips(number, diary.rides, diary.trips)
        diary.rides, diary.trips = 0, (0, 0, 0)
        days = (*diary.days, today)
        diary.days = tuple(day for day in days if day.number > number - limits.window_days)
        said = diary.open("edges_tripping")
        if said is None:  # what is found out to be wrong is no habit
            for day in days[: len(days) - len(diary.days)]:
                first, second, third = (
                    habit.after(trips, day.rides, memory=limits.memory_rides)
                    for habit, trips in zip(diary.habits, day.trips, strict=True)
                )
                diary.habits = (first, second, third)
        rides = sum(day.rides for day in diary.days)
        for source, habit in enumerate(diary.habits):
            trips = sum(day.trips[source] for day in diary.days)
            if self._too_many(diary, source, trips, rides, number):
                yield Judgement(
                    what="edges_tripping",
                    asks=Ask.ADVICE,
                    level=Level.CERTAIN,
                    reasons=_reasons(trips, rides, habit),
                )
                return
        most = max(sum(day.trips[source] for day in diary.days) for source in range(3))
        if said is not None and most < limits.least_trips // 2:
            yield Judgement(
                what="edges_tripping",
                asks=Ask.ADVICE,
                level=Level.PASSED,
                reasons=(Reason("edges_quiet", {"days": limits.window_days}),),
            )

    def _too_many(self, diary: Memory, source: int, trips: int, rides: int, number: int) -> bool:
        limits = self._limits
        if trips < limits.least_trips or not rides:
            return False
        on = [day.number for day in diary.days if day.trips[source]]
        mild = trips < limits.mild * rides
        if (
            len(on) < limits.least_days
            or on[-1] <= number - limits.lately_days
            or (mild and on[-1] - on[0] < limits.mild_days)
        ):
            return False
        worst = max(
            sum(
                day.trips[source]
                for day in diary.days
                if first <= day.number < first + limits.obstacle_days
            )
            for first in on
        )
        if trips - worst < limits.least_besides:
            return False
        habit = diary.habits[source]
        if habit.exposure < limits.learn_rides:
            return trips >= limits.always_trips and trips >= limits.always_rate * rides
        if habit.rate >= limits.always_habit and trips >= limits.always_habit * rides:
            return True
        usual = max(habit.rate, limits.usual.rate)
        unusual = habit.chance(trips, float(rides), prior=limits.usual) < limits.chance
        return unusual and trips >= limits.times_habit * usual * rides


def _reasons(trips: int, rides: int, habit: Habit) -> tuple[Reason, ...]:
    reasons = [Reason("edges_more", {"times": trips, "rides": rides})]
    if habit.exposure:
        per_hundred = round(100 * habit.rate, 1)
        reasons.append(Reason("edges_usual", {"times": per_hundred}))
    return tuple(reasons)
