"""What the person model learns from: windows of recorded rides, and who really rode."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from diagnostics.detectors.contract import Aid
from diagnostics.detectors.habits.daily import Case
from diagnostics.detectors.person import Person, windows
from diagnostics.detectors.person.memory import PersonDay
from diagnostics.facts import RideEnded
from diagnostics.models import features
from diagnostics.models.features import Floats

# Before windows that hold more than this of an episode no longer show the client alone.
MIXED_DAYS = 14
MOST_OF_FAMILY = 100


class Recording(Struct, frozen=True, kw_only=True):
    """One aid's rides, and the truth.

    Attributes:
        device: its name.
        rides: each with what was registered of the aid as it was received.
        spells: first and last day (ordinals) of each time that another person used it.
        unclear: likewise of times that can be called so or not: nothing is learnt from them.
    """

    device: str
    rides: Sequence[tuple[Aid, RideEnded]]
    spells: Sequence[tuple[int, int]] = ()
    unclear: Sequence[tuple[int, int]] = ()


class Window(NamedTuple):
    """Recent weeks of one aid, compared.

    Attributes:
        group: number of the aid, which its variations share.
        recording: number of the recording.
        end: last day, as an ordinal.
        rows: one for each comparison.
        label: whether another person rode: 1, 0, or -1 where it is neither clearly.
        within: whether something told now would be right.
        outside: whether it would be wrong.
    """

    group: int
    recording: int
    end: int
    rows: list[Floats]
    label: int
    within: bool
    outside: bool


class Examples(NamedTuple):
    """Rows to learn from. ``group`` is the aid, so that no aid is learnt from and tested on."""

    rows: Floats
    labels: NDArray[np.int64]
    group: NDArray[np.int64]


class _Collector(Person):
    """The detector itself, which keeps what it would have judged instead of judging it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[int, list[Floats]]] = []

    def judge(self, days: tuple[PersonDay, ...], aid: Aid) -> Sequence[Case]:  # noqa: ARG002
        compared = windows.rows(days, days[-1].on)
        if compared:
            self.seen.append((days[-1].on, compared))
        return ()


def windows_of(group: int, family: Sequence[Recording]) -> list[Window]:
    """Return the windows of an aid's recordings, as the detector itself would see them.

    ``family`` are a recording and its variations: they share their group.
    """
    return [
        _window(group, group * MOST_OF_FAMILY + number, end, rows, recording)
        for number, recording in enumerate(family)
        for end, rows in _seen(recording.rides)
    ]


def _seen(rides: Sequence[tuple[Aid, RideEnded]]) -> list[tuple[int, list[Floats]]]:
    collector, state = _Collector(), None
    for aid, ride in rides:
        outcome = collector.step(
            state, (ride,), now=ride.received_at, aid=aid, listening_since=None
        )
        state = outcome.state
    return collector.seen


def _window(group: int, number: int, end: int, rows: list[Floats], recording: Recording) -> Window:
    first = end - features.RECENT_DAYS + 1
    label, outside, within = 0, True, False
    for began, until in recording.spells:
        if began <= first and end <= until and first - features.GAP_DAYS - began <= MIXED_DAYS:
            label = 1
        elif end >= began:
            label = -1  # mixed: of both, or compared with both
        within = within or began <= end <= until + features.RECENT_DAYS
        # For as long as what was before it is compared with.
        outside = outside and not began <= end <= until + features.RECENT_DAYS
    if any(began <= end for began, _ in recording.unclear):
        label, outside = -1, False
    return Window(group, number, end, rows, label, within, outside)


def examples_of(found: Sequence[Window]) -> Examples:
    """Return the rows of all windows whose label is clear."""
    clear = [window for window in found if window.label >= 0]
    rows = [row for window in clear for row in window.rows]
    times = [len(window.rows) for window in clear]
    return Examples(
        np.array(rows).reshape(len(rows), len(features.NAMES)),
        np.repeat([window.label for window in clear], times).astype(np.int64),
        np.repeat([window.group for window in clear], times).astype(np.int64),
    )
