"""Brake: the aid runs on after it should stand. See docs/detectors/brake.md."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from diagnostics.detectors import baseline
from diagnostics.detectors.contract import Aid, Ask, Level, Reason
from diagnostics.detectors.daily import Daily, Diary, Judgement
from diagnostics.detectors.habits.calendar import HOME
from diagnostics.facts import FaultChanged, RideEnded
from gateway.protocol.vocabulary import AidKind, Direction, Edge, Landing, Mode

WHAT: Final = "brake_slipping"
LANDINGS: Final = frozenset({Landing.BOTTOM, Landing.TOP, Landing.MIDDLE})


class Parameters(Struct, frozen=True, kw_only=True):
    """How far is too far. Assumed, with these reasons."""

    learn_periods: int = 8
    least_rides: int = 3  # of one period and direction
    most_rides: int = 40
    # A spring brake stops a lift within a few centimetres; a landing is 5 cm wide.
    farther_mm: float = 25.0
    faster: float = 1.08  # a load that pulls the drive along; drives hold their speed within 2 %
    spreads: float = 5.0  # of this aid's own scatter
    # Both directions longer by as much: the position is counted otherwise, no brake slips.
    one_sided: float = 3.0
    # Whatever it is used to: so much farther down than up, though it is the same way, or so much
    # faster than its drive takes it up. A hoist's arm sinks a quarter faster with somebody in it.
    always_mm: float = 60.0
    always_faster: dict[str, float] = field(
        default_factory=lambda: {AidKind.STAIRLIFT: 1.2, AidKind.HOIST: 1.5}
    )
    same_way: float = 0.1  # down and up differ by less, or they are different ways
    running: int = 2  # periods one after the other
    final_limits: int = 2  # run past the end of the rail, within ``fault_days``
    fault_days: int = 30
    unusable_mm: float = 60.0  # past the landing, to where no one can get off
    # A new lining runs on a little until it has bedded in; less than ``unusable_mm`` can wait.
    beds_in_days: int = 24
    beds_in_faster: float = 1.12


class Watched(Struct, frozen=True, array_like=True):
    """One figure: what it was at first (middle, scatter), and its newest values."""

    learnt: tuple[float, ...] = ()
    middle: float | None = None
    scatter: float = 0.0
    newest: tuple[float, ...] = ()

    def after(self, value: float, *, learn: int) -> "Watched":
        """Return it with one period more."""
        newest = (*self.newest, round(value, 1))[-3:]
        if self.middle is not None:
            return Watched((), self.middle, self.scatter, newest)
        learnt = (*self.learnt, round(value, 1))
        if len(learnt) < learn:
            return Watched(learnt, None, 0.0, newest)
        return Watched((), baseline.median(learnt), round(baseline.spread(learnt), 1), newest)

    def least(self, running: int) -> float | None:
        """Return the least of the newest ``running`` values; None: too few."""
        return min(self.newest[-running:]) if len(self.newest) >= running else None

    def most(self, running: int) -> float | None:
        """Return the most of the newest ``running`` values; None: too few."""
        return max(self.newest[-running:]) if len(self.newest) >= running else None

    def above(self, running: int) -> float:
        """Return by how much the newest ``running`` values are all above what is usual."""
        if self.middle is None or len(self.newest) < running:
            return 0.0
        return min(self.newest[-running:]) - self.middle


class Memory(Diary, kw_only=True):
    """The open period's rides, and four figures: distance (mm) and speed (mm/s), down and up."""

    down_mm: tuple[int, ...] = ()
    up_mm: tuple[int, ...] = ()
    down_speed: tuple[int, ...] = ()
    up_speed: tuple[int, ...] = ()
    farther_down: Watched = Watched()
    farther_up: Watched = Watched()
    faster_down: Watched = Watched()
    faster_up: Watched = Watched()
    final_limits: tuple[int, ...] = ()  # day numbers
    rail_length_mm: int | None = None


FIGURES: Final = (
    ("farther_down", "down_mm"),
    ("farther_up", "up_mm"),
    ("faster_down", "down_speed"),
    ("faster_up", "up_speed"),
)


class Brake(Daily):
    """Finds brakes that let the load run on."""

    name: str = "brake"
    version: int = 3
    kinds: frozenset[str] = frozenset({str(AidKind.STAIRLIFT), str(AidKind.HOIST)})
    state_type: type = Memory
    reads = (RideEnded, FaultChanged)
    days = 2

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def take(self, diary: Memory, fact: Any, aid: Aid) -> None:
        """Take in a ride from landing to landing, or that it ran past the end."""
        if isinstance(fact, FaultChanged):
            if (
                fact.code == "final_limit"
                and fact.edge is Edge.RAISED
                and fact.sample.mode is Mode.NORMAL
            ):
                diary.final_limits = (*diary.final_limits[-9:], fact.measured_at.toordinal())
                diary.note(fact.log_no)
            return
        _measure_anew(diary, aid)
        if fact.stops or fact.trips:
            return
        if aid.kind == AidKind.STAIRLIFT and not _whole(fact, aid):
            return
        down = fact.direction is Direction.DOWN
        keep = 1 - self._limits.most_rides
        if fact.distance_mm and aid.kind == AidKind.STAIRLIFT:
            if down:
                diary.down_mm = (*diary.down_mm[keep:], fact.distance_mm)
            else:
                diary.up_mm = (*diary.up_mm[keep:], fact.distance_mm)
        if fact.max_speed_mm_s:
            speed = abs(fact.max_speed_mm_s)
            if down:
                diary.down_speed = (*diary.down_speed[keep:], speed)
            else:
                diary.up_speed = (*diary.up_speed[keep:], speed)
        if down:
            diary.log_nos = (*diary.log_nos[-5:], fact.log_no)

    def judge(self, diary: Memory, at: datetime, aid: Aid) -> Iterable[Judgement]:
        """Close a period."""
        limits = self._limits
        for figure, name in FIGURES:
            values = getattr(diary, name)
            if len(values) >= limits.least_rides:  # or they wait for more
                watched: Watched = getattr(diary, figure)
                learn = limits.learn_periods
                setattr(diary, figure, watched.after(baseline.median(values), learn=learn))
                setattr(diary, name, ())
        today = at.toordinal()
        diary.final_limits = tuple(
            day for day in diary.final_limits if day > today - limits.fault_days
        )
        farther_mm = self._farther(diary) or self._always_farther(diary)
        faster = self._faster(diary) or self._always_faster(diary, aid)
        past_end = len(diary.final_limits) >= limits.final_limits
        if (
            self._beds_in(at, aid)
            and farther_mm < limits.unusable_mm
            and faster < limits.beds_in_faster - 1
        ):
            farther_mm = faster = 0.0
        if farther_mm or faster or past_end:
            yield Judgement(
                what=WHAT,
                asks=Ask.REPAIR,
                level=Level.CERTAIN,
                reasons=_reasons(farther_mm, faster, len(diary.final_limits)),
                usable=farther_mm < limits.unusable_mm and not past_end,
            )
        elif diary.open(WHAT) is not None and self._well(diary):
            yield Judgement(
                what=WHAT, asks=Ask.REPAIR, level=Level.PASSED, reasons=(Reason("brake_well"),)
            )

    def _beds_in(self, at: datetime, aid: Aid) -> bool:
        """Tell whether it was serviced so shortly before that its lining may be a new one."""
        if aid.serviced_on is None:
            return False
        today = at.astimezone(HOME).date()
        return 0 <= (today - aid.serviced_on).days <= self._limits.beds_in_days

    def _farther(self, diary: Memory) -> float:
        """Return how much farther it runs downwards, mm; 0: no more than usual."""
        limits = self._limits
        above = diary.farther_down.above(limits.running)
        least = max(limits.farther_mm, limits.spreads * diary.farther_down.scatter)
        if above < least or above < limits.one_sided * abs(diary.farther_up.above(limits.running)):
            return 0.0
        return round(above)

    def _faster(self, diary: Memory) -> float:
        """Return by what part it runs faster downwards; 0: no more than usual."""
        limits = self._limits
        down, up = diary.faster_down, diary.faster_up
        above = down.above(limits.running)
        if not down.middle or above < limits.spreads * down.scatter:
            return 0.0
        part = above / down.middle
        upwards = abs(up.above(limits.running)) / up.middle if up.middle else 0.0
        if part < limits.faster - 1 or part < limits.one_sided * upwards:
            return 0.0
        return round(part, 3)

    def _always_farther(self, diary: Memory) -> float:
        """Return how much farther it runs down than up, mm; 0: no more than a brake may."""
        limits = self._limits
        down, up = diary.farther_down.least(limits.running), diary.farther_up.most(limits.running)
        if down is None or up is None:
            return 0.0
        more = down - up
        return round(more) if limits.always_mm <= more <= limits.same_way * up else 0.0

    def _always_faster(self, diary: Memory, aid: Aid) -> float:
        """Return by what part it runs faster down than up; 0: no more than a brake may."""
        limits = self._limits
        down, up = diary.faster_down.least(limits.running), diary.faster_up.most(limits.running)
        if not down or not up or down < limits.always_faster[aid.kind] * up:
            return 0.0
        return round(down / up - 1, 3)

    def _well(self, diary: Memory) -> bool:
        limits = self._limits
        slow = diary.faster_down.middle is None or (
            diary.faster_down.above(1) < 0.3 * (limits.faster - 1) * diary.faster_down.middle
        )
        return diary.farther_down.above(1) < 0.3 * limits.farther_mm and slow


def _measure_anew(diary: Memory, aid: Aid) -> None:
    """Forget how far its rides led on another rail, in place."""
    if diary.rail_length_mm != aid.rail_length_mm:
        diary.rail_length_mm = aid.rail_length_mm
        diary.down_mm = diary.up_mm = ()
        diary.farther_down = diary.farther_up = Watched()


def _whole(ride: RideEnded, aid: Aid) -> bool:
    """Tell whether a ride led from one landing to another."""
    start, end = ride.start_landing, ride.end_landing
    if Landing.UNKNOWN in (start, end):
        length_mm = aid.rail_length_mm
        return length_mm is not None and ride.distance_mm >= 0.9 * length_mm
    return {start, end} <= LANDINGS and start is not end


def _reasons(farther_mm: float, faster: float, final_limits: int) -> tuple[Reason, ...]:
    reasons = []
    if farther_mm:
        reasons.append(Reason("runs_on", {"centimetre": round(farther_mm / 10, 1)}))
    if faster:
        reasons.append(Reason("runs_faster", {"percent": round(100 * faster)}))
    if final_limits:
        reasons.append(Reason("runs_past_end", {"times": final_limits}))
    return tuple(reasons)
