"""How far a takeover is, and when it ends if it goes on like this. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

_PACE_OF: Final = timedelta(days=30)


class Progress(NamedTuple):
    """How many of how many by when. ``expected_on``: all, at the pace of late; None: no telling."""

    done: int
    total: int
    due_on: date
    expected_on: date | None
    late: int

    @property
    def at_risk(self) -> bool:
        """Whether the term is over, or will be before all is done."""
        left = self.done < self.total
        return left and (
            self.late > 0 or self.expected_on is None or self.expected_on > self.due_on
        )


def progress(
    done_on: Sequence[date | None], starts_on: date, due_on: date, today: date
) -> Progress:
    """Return how far it is.

    Args:
        done_on: of each aid; None: not yet.
        starts_on: from which day there was time.
        due_on: by when all must be done.
        today: it is.
    """
    done = [day for day in done_on if day is not None]
    left = len(done_on) - len(done)
    since = max(starts_on, today - _PACE_OF)
    recent = sum(day > since for day in done)
    days = max(1, (today - since).days)
    expected: date | None = today
    if left:
        expected = today + timedelta(days=-(-left * days // recent)) if recent else None
    return Progress(len(done), len(done_on), due_on, expected, left if today > due_on else 0)
