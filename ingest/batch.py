"""Collects messages until it pays to store them, and says when that is. Knows no clock."""

from typing import Final, Generic, TypeVar

MAX_ROWS: Final = 5_000
MAX_AGE_S: Final = 0.05

Item = TypeVar("Item")


class Batch(Generic[Item]):
    """Items in order of arrival, due when there are many, when one is old, or when one is urgent.

    Args:
        max_rows: as soon as the items make this many rows, it is full and due.
        max_age_s: how long an item may wait for others to come.
    """

    def __init__(self, *, max_rows: int = MAX_ROWS, max_age_s: float = MAX_AGE_S) -> None:
        self._max_rows = max_rows
        self._max_age_s = max_age_s
        self._items: list[Item] = []
        self._rows = 0
        self._due_s = 0.0

    def __len__(self) -> int:
        """Return how many items wait."""
        return len(self._items)

    @property
    def full(self) -> bool:
        """Whether no more may be added."""
        return self._rows >= self._max_rows

    def add(self, item: Item, *, rows: int, urgent: bool, now_s: float) -> bool:
        """Take ``item`` in, and tell whether that changes when the batch is due.

        Args:
            item: what to store.
            rows: how many rows it will become.
            urgent: whether it must not wait for others.
            now_s: by any clock that does not jump.
        """
        first = not self._items
        self._items.append(item)
        self._rows += rows
        if first:
            self._due_s = now_s + self._max_age_s
        if urgent or self.full:
            self._due_s = min(self._due_s, now_s)
        return first or urgent or self.full

    def due_in_s(self, now_s: float) -> float | None:
        """Return how long it may still wait; 0 if it is due, None while it is empty."""
        if not self._items:
            return None
        return max(0.0, self._due_s - now_s)

    def take(self) -> list[Item]:
        """Return all items, and begin anew."""
        items, self._items, self._rows = self._items, [], 0
        return items
