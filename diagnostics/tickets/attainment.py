"""In which share of the reports a term was kept, against the share the contract asks. Pure."""

from collections.abc import Iterable
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
    kept = decided = 0
    for each in outcomes:
        kept += each in (Outcome.KEPT, Outcome.EXCUSED)
        decided += each in (Outcome.KEPT, Outcome.EXCUSED, Outcome.MISSED)
    return Attainment(kept, decided, asked)
