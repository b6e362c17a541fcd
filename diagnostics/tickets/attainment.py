"""In which share of the reports a term was kept, against the share the contract asks. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from diagnostics.tickets.clocks import Clock, Clocks, State, Target
from diagnostics.tickets.terms import Terms


class Outcome(StrEnum):
    """What became of one term."""

    KEPT = "kept"
    EXCUSED = "excused"  # kept, but only because evidenced delays moved the due moment
    MISSED = "missed"
    OPEN = "open"  # still runs in time
    LAPSED = "lapsed"  # over before it was due, without it
    NOT_PROMISED = "not_promised"


class Attainment(NamedTuple):
    """How many were kept of those of which that is decided, and the share asked for."""

    kept: int
    decided: int
    asked: float

    @property
    def share(self) -> float | None:
        """The share kept, 0 to 1; None: nothing is decided."""
        return self.kept / self.decided if self.decided else None

    @property
    def reached(self) -> bool:
        """Whether the contract's share is reached; where nothing is decided nothing is amiss."""
        return self.share is None or self.share >= self.asked


def outcome(clocks: Clocks, target: Target) -> Outcome:
    """Return what became of ``target``: missed as soon as any of its due moments passed."""
    clock = clock_of(clocks, target)
    if any(breach.target is target for breach in clocks.breaches):
        return Outcome.MISSED
    if clock.due_at is None:
        return Outcome.NOT_PROMISED
    if clock.state is State.LAPSED:
        return Outcome.LAPSED
    if clock.state is not State.MET:
        return Outcome.OPEN
    excused = any(breach.target is target for breach in clocks.excused)
    return Outcome.EXCUSED if excused else Outcome.KEPT


class Standing(NamedTuple):
    """What became of a term, as it is kept, and in which month it counts.

    Attributes:
        certain_at: when it was certain. Of one that is open: when it will be missed if nothing more
            happens; None: not by the passing of time.
    """

    outcome: Outcome
    certain_at: datetime | None

    def at(self, now: datetime) -> "Standing":
        """Return how it stands at ``now``, if nothing was written since: time alone goes on."""
        if self.outcome is Outcome.OPEN and self.certain_at is not None and self.certain_at < now:
            return Standing(Outcome.MISSED, self.certain_at)
        return self


def standing(clocks: Clocks, target: Target, over_at: datetime | None) -> Standing:
    """Return how ``target`` stands.

    Args:
        clocks: as of the last event.
        target: which term.
        over_at: when the aid was repaired or the ticket closed, if it is.
    """
    what, clock = outcome(clocks, target), clock_of(clocks, target)
    match what:
        case Outcome.MISSED:
            broken = [each.breached_at for each in clocks.breaches if each.target is target]
            return Standing(what, min(broken))
        case Outcome.OPEN:
            return Standing(what, clock.due_at if clock.state is State.RUNNING else None)
    return Standing(what, clock.done_at or over_at)


def clock_of(clocks: Clocks, target: Target) -> Clock:
    """Return the clock of ``target``."""
    return clocks.on_site if target is Target.ON_SITE else clocks.repaired


def attainment(every: Iterable[Clocks], target: Target, terms: Terms) -> Attainment:
    """Return how often ``target`` was kept.

    A ticket counts once, as not kept if it has any breach of the target. Left out are those where
    nothing was promised, that still run in time, or that lapsed before their due moment.
    """
    return of_outcomes((outcome(clocks, target) for clocks in every), asked=terms.share_on_time)


def of_outcomes(outcomes: Iterable[Outcome], *, asked: float) -> Attainment:
    """Return how often a term was kept, of what became of each."""
    return of_counts(Counter(outcomes), asked=asked)


def of_counts(outcomes: Mapping[Outcome, int], *, asked: float) -> Attainment:
    """Return how often a term was kept, of how many there are of each outcome."""
    kept = sum(outcomes.get(each, 0) for each in (Outcome.KEPT, Outcome.EXCUSED))
    return Attainment(kept, kept + outcomes.get(Outcome.MISSED, 0), asked)
