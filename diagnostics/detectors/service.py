"""Service: due by date, or by what the drive has done since. See docs/detectors/service.md."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from diagnostics.detectors.contract import (
    Aid,
    Ask,
    Evidence,
    Finding,
    Level,
    Outcome,
    Reason,
    Unhurried,
)
from diagnostics.facts import ConditionReported, Fact, RideEnded
from gateway.protocol.vocabulary import AidKind

WHAT: Final = "service_due"


class Parameters(Struct, frozen=True, kw_only=True):
    """When service is due, and how long before people want to know."""

    # At least one service a year for electric aids, one inspection a year for patient hoists
    # (requirements: SERVICE; Z 57, 58).
    every_days: int = 365
    # Assumed: time to plan a visit together with others in the street. Until the day itself it is
    # a warning (suspected): visits are planned in those days anyway. From then on nobody came.
    ahead_days: int = 30
    # Starts of the drive between services. Assumed: almost three times what busy households make in
    # a year (a stairlift 12 rides, a hoist 15 lifts a day), so that only hard use comes early.
    cycles: dict[str, int] = field(
        default_factory=lambda: {AidKind.STAIRLIFT: 12_000, AidKind.HOIST: 15_000}
    )
    nearly: float = 0.92  # of the count: about thirty days before, at the pace of a year


class Stage(IntEnum):
    """How near the day is."""

    NOT_YET = 0
    AHEAD = 1
    OVERDUE = 2


class Memory(Struct, frozen=True, kw_only=True):
    """What is known of one aid.

    Attributes:
        since: the service from which all else is counted.
        cycles_then: the controller's counter at the first report after it.
        cycles: the counter's newest word; ``rides``: rides since, where it has none.
        before: what was done on a controller that has since been exchanged.
        newest: order of the newest ride; ``reported``: of the newest report.
        log_no: where the newest of them lies.
        first_log_no: where the first of them lies.
        said_at: since when it has been said that service is due.
        stage: what was said of the day.
        by_count: whether it was said because of the count.
    """

    since: date | None = None
    cycles_then: int | None = None
    cycles: int | None = None
    before: int = 0
    rides: int = 0
    newest: tuple[int, int] = (0, 0)
    reported: tuple[int, int] = (0, 0)
    first_log_no: int = 0
    log_no: int = 0
    said_at: datetime | None = None
    stage: Stage = Stage.NOT_YET
    by_count: bool = False


class Service(Unhurried):
    """Warns when service is due, in time to plan it."""

    name: str = "service"
    version: int = 1
    kinds: frozenset[str] = frozenset(str(kind) for kind in AidKind)
    state_type: type = Memory

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def step(
        self,
        state: Memory | None,
        facts: Sequence[Fact],
        *,
        now: datetime,
        aid: Aid,
        listening_since: datetime | None,  # noqa: ARG002 - a calendar does not listen
    ) -> Outcome:
        """Judge ``facts`` on top of ``state``; see the contract."""
        if state is None and not facts:
            return Outcome(state=None)
        last = last_service(aid)
        memory = state or Memory(since=last)
        findings: list[Finding] = []
        if memory.since != last:
            if memory.said_at is not None:
                findings.append(self._passed(memory, now))
            memory = Memory(since=last, newest=memory.newest, reported=memory.reported)
        for fact in facts:
            memory = _taken(memory, fact)
        finding, memory = self._judged(memory, aid, now)
        if finding is not None:
            findings.append(finding)
        return Outcome(state=memory, findings=tuple(findings), due_at=self._due_at(memory))

    def _judged(self, memory: Memory, aid: Aid, now: datetime) -> tuple[Finding | None, Memory]:
        stage = self._stage(memory, now)
        limit = self._limits.cycles.get(aid.kind)
        done = _cycles_since(memory)
        by_count = limit is not None and done >= limit * self._limits.nearly
        if stage <= memory.stage and by_count <= memory.by_count:
            return None, memory
        memory = replace(
            memory,
            said_at=memory.said_at or now,
            stage=max(stage, memory.stage),
            by_count=by_count or memory.by_count,
        )
        reasons: list[Reason] = []
        if memory.since is not None and memory.stage:
            due_on = memory.since + timedelta(days=self._limits.every_days)
            code = "service_overdue" if memory.stage is Stage.OVERDUE else "service_due"
            reasons.append(Reason(code, {"date": due_on.isoformat()}))
        if memory.by_count:
            reasons.append(Reason("service_by_count", {"cycles": done, "limit": limit}))
        certain = memory.by_count or memory.stage is Stage.OVERDUE
        level = Level.CERTAIN if certain else Level.SUSPECTED
        return self._finding(memory, level, tuple(reasons), now), memory

    def _passed(self, memory: Memory, now: datetime) -> Finding:
        return self._finding(memory, Level.PASSED, (Reason("service_done"),), now)

    def _finding(
        self, memory: Memory, level: Level, reasons: tuple[Reason, ...], now: datetime
    ) -> Finding:
        since = memory.said_at or now
        return Finding(
            key=f"{WHAT}:{memory.since or 'count'}",
            what=WHAT,
            asks=Ask.ADVICE,
            level=level,
            since=since,
            reasons=reasons,
            evidence=Evidence(
                tuple(sorted({memory.first_log_no, memory.log_no} - {0})), since, now
            ),
            ended_at=now if level is Level.PASSED else None,
        )

    def _stage(self, memory: Memory, now: datetime) -> Stage:
        if memory.since is None:
            return Stage.NOT_YET
        left_days = memory.since.toordinal() + self._limits.every_days - now.toordinal()
        if left_days > self._limits.ahead_days:
            return Stage.NOT_YET
        return Stage.AHEAD if left_days > 0 else Stage.OVERDUE

    def _due_at(self, memory: Memory) -> datetime | None:
        """Return when the next stage begins."""
        if memory.since is None or memory.stage is Stage.OVERDUE:
            return None
        before = {
            Stage.NOT_YET: self._limits.ahead_days,
            Stage.AHEAD: 0,
        }[memory.stage]
        return _midnight(memory.since) + timedelta(days=self._limits.every_days - before)


def last_service(aid: Aid) -> date | None:
    """Return from when service counts: the last one, or when it was new; None if nobody knows."""
    known = [day for day in (aid.serviced_on, aid.built_on) if day is not None]
    return max(known) if known else None


def _taken(memory: Memory, fact: Fact) -> Memory:
    """Return ``memory`` with what ``fact`` counts."""
    if not isinstance(fact, ConditionReported | RideEnded):
        return memory
    if memory.since is not None and fact.measured_at < _midnight(memory.since):
        return memory
    counted = _ride(memory, fact) if isinstance(fact, RideEnded) else _report(memory, fact)
    if counted is memory:
        return memory
    first_log_no = memory.first_log_no or fact.log_no
    return replace(counted, log_no=fact.log_no, first_log_no=first_log_no)


def _ride(memory: Memory, ride: RideEnded) -> Memory:
    order = (ride.order.outbox_no, ride.order.seq)
    # A ride that comes late is not counted: one in thousands.
    if order <= memory.newest:
        return memory
    return replace(memory, rides=memory.rides + 1, newest=order)


def _report(memory: Memory, report: ConditionReported) -> Memory:
    order = (report.order.outbox_no, report.order.seq)
    if report.cycles is None or order <= memory.reported:
        return memory
    then, highest, before = memory.cycles_then, memory.cycles, memory.before
    if then is None or highest is None:
        then = report.cycles
    elif report.cycles < highest:
        # A lower counter is another controller: it starts again from there.
        before += highest - then
        then = report.cycles
    return replace(memory, cycles_then=then, cycles=report.cycles, before=before, reported=order)


def _cycles_since(memory: Memory) -> int:
    if memory.cycles is None or memory.cycles_then is None:
        return memory.rides
    return memory.before + memory.cycles - memory.cycles_then


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
