"""In which share of the reports a term was kept, against the share the contract asks. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from diagnostics.tickets.clocks import Clocks, State, Target
from diagnostics.tickets.terms import Terms


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


def attainment(every: Iterable[Clocks], target: Target, terms: Terms) -> Attainment:
    """Return how often ``target`` was kept.

    A ticket counts once, as not kept if it has any breach of the target. Left out are those where
    nothing was promised, that still run in time, or that lapsed before their due moment.
    """
    kept = decided = 0
    for clocks in every:
        clock = clocks.on_site if target is Target.ON_SITE else clocks.repaired
        if any(breach.target is target for breach in clocks.breaches):
            decided += 1
        elif clock.state is State.MET and clock.due_at is not None:
            kept += 1
            decided += 1
    return Attainment(kept, decided, terms.share_on_time)
