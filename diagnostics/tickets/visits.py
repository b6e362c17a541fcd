"""What became of the visits agreed with a client. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from diagnostics.tickets.entries import (
    AnyEntry,
    AppointmentMade,
    AppointmentMoved,
    Closed,
    OnSite,
    Repaired,
    Window,
)
from diagnostics.tickets.terms import Terms


class Outcome(StrEnum):
    """What became of a visit."""

    AWAITED = "awaited"
    KEPT = "kept"  # somebody came within the window
    MOVED = "moved"  # before the window was over
    MISSED = "missed"  # nobody came within the window
    NOT_NEEDED = "not_needed"  # repaired or closed before the window was over


class Visit(Struct, frozen=True, kw_only=True):
    """An agreed window, what became of it, and whether it is wider than the contract allows."""

    agreed_at: datetime
    window: Window
    too_wide: bool
    outcome: Outcome

    @property
    def awaited(self) -> bool:
        """Whether somebody is still to come."""
        return self.outcome is Outcome.AWAITED


def visits_of(log: Sequence[AnyEntry], terms: Terms, now: datetime) -> tuple[Visit, ...]:
    """Return the visits of ``log`` (in order of time, up to ``now``) as they were agreed."""
    agreed = [entry for entry in log if isinstance(entry, AppointmentMade | AppointmentMoved)]
    came = [entry.at for entry in log if isinstance(entry, OnSite)]
    over = next((entry.at for entry in log if isinstance(entry, Repaired | Closed)), None)
    moved = [entry.at if isinstance(entry, AppointmentMoved) else None for entry in agreed]
    return tuple(
        Visit(
            agreed_at=entry.at,
            window=entry.window,
            too_wide=terms.too_wide(entry.window),
            outcome=_outcome(entry.window, came, moved=moved_at, over=over, now=now),
        )
        for entry, moved_at in zip(agreed, [*moved[1:], None], strict=False)
    )


def _outcome(
    window: Window,
    came: Sequence[datetime],
    *,
    moved: datetime | None,
    over: datetime | None,
    now: datetime,
) -> Outcome:
    if any(window.begin <= at <= window.end for at in came):
        return Outcome.KEPT
    if moved is not None and moved <= window.end:
        return Outcome.MOVED
    if over is not None and over <= window.end:
        return Outcome.NOT_NEEDED
    return Outcome.AWAITED if now <= window.end else Outcome.MISSED
