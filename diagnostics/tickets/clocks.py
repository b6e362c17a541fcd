"""How a ticket stands against the contract's terms: derived from its log, never counted along.

Everything follows from the entries, the terms and ``now``; nothing is kept in between, so no clock
can be left running, or paused, by mistake. Moments are in UTC. Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from diagnostics.tickets import sla
from diagnostics.tickets.calendar import Span
from diagnostics.tickets.delays import Delay, agreed, delays_of
from diagnostics.tickets.entries import (
    AgreedLater,
    AnyEntry,
    Closed,
    OnSite,
    PriorityChanged,
    Repaired,
    Reported,
    Safe,
    gathered,
    in_utc,
)
from diagnostics.tickets.terms import EMERGENCY, Terms
from diagnostics.tickets.visits import Visit, visits_of


class Target(StrEnum):
    """What a term is about."""

    ON_SITE = "on_site"
    REPAIRED = "repaired"


class State(StrEnum):
    """How a target stands."""

    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"  # not reached, and its due moment is past
    MET = "met"
    MISSED = "missed"  # reached after its due moment
    LAPSED = "lapsed"  # repaired or closed without it


class Clock(Struct, frozen=True, kw_only=True):
    """How one target stands under the present priority.

    Attributes:
        due_at: by when; None: nothing is promised. While paused: as if it went on now.
        due_without_delay_at: likewise, had nothing been paused or agreed: the difference is the
            effect of the delays.
        warn_at: from when to warn.
        done_at: when it was reached.
    """

    target: Target
    state: State
    due_at: datetime | None
    due_without_delay_at: datetime | None
    warn_at: datetime | None
    done_at: datetime | None


class Breach(Struct, frozen=True, kw_only=True):
    """A due moment that passed.

    Attributes:
        priority: under which it was due.
        breached_at: when that became so: the due moment, or the change of priority that put it
            into the past.
        late: by how much: until it was reached or lapsed, or now.
    """

    target: Target
    priority: int
    due_at: datetime
    breached_at: datetime
    late: timedelta

    @property
    def by_change(self) -> bool:
        """Whether the due moment was past already when the priority became this one."""
        return self.due_at < self.breached_at


class Why(StrEnum):
    """Why to warn before a breach."""

    NEAR = "near"  # the due moment comes
    PLANNED_LATE = "planned_late"  # the visit may end after it


class Risk(NamedTuple):
    """A breach that can still be prevented."""

    target: Target
    why: Why
    due_at: datetime


class Effect(Struct, frozen=True, kw_only=True):
    """What a change of priority did to the due moments, each reckoned from the report."""

    at: datetime
    reason: str
    before: int
    after: int
    on_site_due: tuple[datetime | None, datetime | None]
    repaired_due: tuple[datetime | None, datetime | None]


class Durations(NamedTuple):
    """How long it took from the report, on the clock; None: not (yet) reached."""

    on_site: timedelta | None
    safe: timedelta | None
    repaired: timedelta | None


class Clocks(Struct, frozen=True, kw_only=True):
    """How a ticket stands at a moment.

    Attributes:
        breaches: the due moments that passed, earliest first; at most one a target and priority.
        excused: those that would have passed without the evidenced delays, to be shown with them.
        next_at: when to look again at the latest; None: nothing changes by itself any more.
    """

    reported_at: datetime
    priority: int
    on_site: Clock
    repaired: Clock
    durations: Durations
    breaches: tuple[Breach, ...]
    excused: tuple[Breach, ...]
    warnings: tuple[Risk, ...]
    effects: tuple[Effect, ...]
    delays: tuple[Delay, ...]
    visits: tuple[Visit, ...]
    next_at: datetime | None


class NotReported(ValueError):  # noqa: N818 - reads as the fact it states
    """No report is in the log up to now, so no term runs."""


def clocks_of(log: Iterable[AnyEntry], terms: Terms, now: datetime) -> Clocks:
    """Return how a ticket stands at ``now`` (aware).

    Args:
        log: its entries in any order; those of after ``now`` are left out.
        terms: those of the municipality on the day of the report (``terms_for``).
        now: the platform's time.

    Raises:
        NotReported: nothing was reported yet.
        LookupError: the terms do not know a priority.
        ValueError: two different entries have the same number.
    """
    return _Reading(gathered(log), terms, in_utc(now)).clocks()


class _Phase(NamedTuple):
    """The priority from a moment until the next change (None: until now)."""

    begin: datetime
    end: datetime | None
    priority: int
    reason: str


class _Reading:
    """One log, read at one moment."""

    def __init__(self, log: Sequence[AnyEntry], terms: Terms, now: datetime) -> None:
        self.log = tuple(entry for entry in log if entry.at <= now)
        self.terms = terms
        self.now = now
        report = next((entry for entry in self.log if isinstance(entry, Reported)), None)
        if report is None:
            raise NotReported(f"nothing was reported until {now}")
        self.report = report
        self.closed_at = self.first(Closed)
        # A repaired aid needs nobody on site any more.
        self.over_at = min(filter(None, (self.first(Repaired), self.closed_at)), default=None)
        self.delays = delays_of(self.log, terms, until=self.over_at or now)
        self.pauses = tuple(delay.span for delay in self.delays if delay.counts)
        self.agreements = tuple(e for e in self.log if isinstance(e, AgreedLater))
        self.phases = self.phases_of()
        self.priority = self.phases[-1].priority

    def clocks(self) -> Clocks:
        breaches = self.breaches()
        plain = self.breaches(delayed=False)
        kept = {(breach.target, breach.priority) for breach in breaches}
        clocks = {target: self.clock(target, breaches) for target in Target}
        visits = visits_of(self.log, self.terms, self.now)
        return Clocks(
            reported_at=self.report.at,
            priority=self.priority,
            on_site=clocks[Target.ON_SITE],
            repaired=clocks[Target.REPAIRED],
            durations=Durations(*(self.since_report(of) for of in (OnSite, Safe, Repaired))),
            breaches=breaches,
            excused=tuple(each for each in plain if (each.target, each.priority) not in kept),
            warnings=tuple(self.warnings(clocks.values(), visits)),
            effects=tuple(self.effect(*pair) for pair in pairwise(self.phases)),
            delays=self.delays,
            visits=visits,
            next_at=self.next_at(clocks.values()),
        )

    def first(self, kind: type[AnyEntry]) -> datetime | None:
        return next((entry.at for entry in self.log if isinstance(entry, kind)), None)

    def done_at(self, target: Target) -> datetime | None:
        done = self.first(OnSite if target is Target.ON_SITE else Repaired)
        return None if done and self.over_at and self.over_at < done else done

    def stopped_at(self, target: Target) -> datetime | None:
        return self.done_at(target) or self.over_at

    def since_report(self, kind: type[AnyEntry]) -> timedelta | None:
        at = self.first(kind)
        # A defect found in preventive maintenance: somebody was there before the report.
        return None if at is None else max(at - self.report.at, timedelta())

    def phases_of(self) -> tuple[_Phase, ...]:
        begun = [(self.report.at, self.report.priority, "")]
        for entry in self.log:
            if not isinstance(entry, PriorityChanged) or entry.priority == begun[-1][1]:
                continue
            if self.closed_at is None or entry.at <= self.closed_at:
                begun.append((entry.at, entry.priority, entry.reason))
        ends = [*(at for at, *_ in begun[1:]), None]
        return tuple(
            _Phase(at, end, priority, reason)
            for (at, priority, reason), end in zip(begun, ends, strict=True)
        )

    def due_at(self, target: Target, priority: int, *, delayed: bool = True) -> datetime | None:
        """Return by when, from the report on, whatever the priority was meanwhile."""
        promised = self.terms.of(priority)
        pauses: tuple[Span, ...] = self.pauses if delayed else ()
        if target is Target.ON_SITE:
            if promised.on_site is None or self.terms.exempt(self.report.postcode4):
                return None
            # Somebody on the stairs is not helped by a reason, however good.
            pauses = () if priority == EMERGENCY else pauses
            return sla.due_at(promised.on_site, self.report.at, paused=pauses)
        due = sla.due_at(promised.repaired, self.report.at, paused=pauses)
        return agreed(due, self.agreements) if delayed and promised.may_agree_later else due

    def clock(self, target: Target, breaches: Iterable[Breach]) -> Clock:
        due = self.due_at(target, self.priority)
        missed = any(
            breach.target is target and breach.priority == self.priority for breach in breaches
        )
        return Clock(
            target=target,
            state=self.state(target, missed=missed),
            due_at=due,
            due_without_delay_at=self.due_at(target, self.priority, delayed=False),
            warn_at=due and due - self.lead(target),
            done_at=self.done_at(target),
        )

    def state(self, target: Target, *, missed: bool) -> State:
        if self.done_at(target):
            return State.MISSED if missed else State.MET
        if self.stopped_at(target):
            return State.LAPSED
        if missed:
            return State.OVERDUE
        pausable = target is Target.REPAIRED or self.priority != EMERGENCY
        paused = pausable and any(delay.counts and delay.open for delay in self.delays)
        return State.PAUSED if paused else State.RUNNING

    def lead(self, target: Target) -> timedelta:
        on_site = target is Target.ON_SITE
        return self.terms.on_site_warning if on_site else self.terms.repaired_warning

    def breaches(self, *, delayed: bool = True) -> tuple[Breach, ...]:
        found: dict[tuple[Target, int], Breach] = {}
        for phase in self.phases:
            for target in Target:
                due = self.due_at(target, phase.priority, delayed=delayed)
                breach = due and self.breach(target, phase, due)
                if breach:
                    found.setdefault((target, phase.priority), breach)
        return tuple(sorted(found.values(), key=lambda each: (each.breached_at, each.target)))

    def breach(self, target: Target, phase: _Phase, due: datetime) -> Breach | None:
        stopped = self.stopped_at(target) or self.now
        at = max(due, phase.begin)
        if stopped <= due or (phase.end is not None and phase.end <= at):
            return None
        return Breach(
            target=target,
            priority=phase.priority,
            due_at=due,
            breached_at=at,
            late=stopped - due,
        )

    def warnings(self, clocks: Iterable[Clock], visits: Sequence[Visit]) -> Iterable[Risk]:
        ends = [visit.window.end for visit in visits if visit.awaited]
        for clock in clocks:
            if clock.state not in {State.RUNNING, State.PAUSED} or clock.due_at is None:
                continue
            if clock.warn_at is not None and clock.warn_at <= self.now:
                yield Risk(clock.target, Why.NEAR, clock.due_at)
            if any(clock.due_at < end for end in ends):
                yield Risk(clock.target, Why.PLANNED_LATE, clock.due_at)

    def effect(self, before: _Phase, after: _Phase) -> Effect:
        both = (before.priority, after.priority)
        on_site, repaired = (
            tuple(self.due_at(target, priority) for priority in both) for target in Target
        )
        return Effect(
            at=after.begin,
            reason=after.reason,
            before=before.priority,
            after=after.priority,
            on_site_due=(on_site[0], on_site[1]),
            repaired_due=(repaired[0], repaired[1]),
        )

    def next_at(self, clocks: Iterable[Clock]) -> datetime | None:
        running = [clock for clock in clocks if clock.state is State.RUNNING]
        moments = [
            moment
            for clock in running
            # At its due moment itself it can still be reached in time: so that is to come.
            for moment in (clock.due_at, clock.warn_at if self.now != clock.warn_at else None)
            if moment is not None and self.now <= moment
        ]
        return min(moments, default=None)
