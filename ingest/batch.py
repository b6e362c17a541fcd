"""Collects messages until it pays to store them, and says when that is. Knows no clock."""

from collections import deque
from typing import Final, Generic, TypeVar

# Stored within some 50 ms, which is how long a call may have to wait behind it.
MAX_ROWS: Final = 3_000
# For readings; what is urgent waits for nothing. Fewer, larger batches leave the machine to it.
MAX_AGE_S: Final = 0.1
# What may wait in all; beyond that the broker keeps the rest.
MAX_WAITING_ROWS: Final = 4 * MAX_ROWS

Item = TypeVar("Item")


class Batches(Generic[Item]):
    """Items on their way into batches: due when there are many, when one is old, or urgent.

    Items that go ahead come before the others and in batches of their own, which are small and
    so quickly stored; each kind in order of arrival.

    Args:
        max_rows: what makes a batch due, and what it holds at most (one item may be larger).
        max_age_s: how long an item may wait for others to come.
        max_waiting_rows: as soon as there are this many, it is full.
    """

    def __init__(
        self,
        *,
        max_rows: int = MAX_ROWS,
        max_age_s: float = MAX_AGE_S,
        max_waiting_rows: int = MAX_WAITING_ROWS,
    ) -> None:
        self._max_rows = max_rows
        self._max_age_s = max_age_s
        self._max_waiting_rows = max_waiting_rows
        self._ahead: deque[tuple[Item, int]] = deque()
        self._others: deque[tuple[Item, int]] = deque()
        self._rows = 0
        self._due_s = 0.0

    def __len__(self) -> int:
        """Return how many items wait."""
        return len(self._ahead) + len(self._others)

    @property
    def full(self) -> bool:
        """Whether no more should be added."""
        return self._rows >= self._max_waiting_rows

    def add(self, item: Item, *, rows: int, urgent: bool, ahead: bool, now_s: float) -> None:
        """Take ``item`` in.

        Args:
            item: what to store.
            rows: how many rows it will become.
            urgent: whether it must not wait for others to come.
            ahead: whether it may overtake those that are not.
            now_s: by any clock that does not jump.
        """
        if not self._rows:
            self._due_s = now_s + self._max_age_s
        (self._ahead if ahead else self._others).append((item, rows))
        self._rows += rows
        if urgent or self._rows >= self._max_rows:
            self._due_s = min(self._due_s, now_s)

    def due_in_s(self, now_s: float) -> float | None:
        """Return how long it may still wait; 0 if it is due, None while nothing waits."""
        if not self._rows:
            return None
        return max(0.0, self._due_s - now_s)

    def take(self) -> list[Item]:
        """Return a batch. What is left is due at once: it had to wait already."""
        items: list[Item] = []
        room = self._max_rows
        for waiting in (self._ahead, self._others):
            while waiting and (not items or waiting[0][1] <= room):
                item, rows = waiting.popleft()
                items.append(item)
                room -= rows
            if items:
                break
        self._rows -= self._max_rows - room
        return items
