"""Collects messages until it pays to store them, and says when that is. Knows no clock."""

from collections import deque
from typing import Final, Generic, Protocol, TypeVar

# What is stored within some 100 ms, which is how long a call may have to wait behind it. Only full
# load gets there: each batch writes once for each device in it, however often that device spoke.
MAX_BYTES: Final = 800 * 1024
# For readings; what is urgent waits for nothing. Fewer, larger batches leave the machine to it.
MAX_AGE_S: Final = 0.2
# What may wait in all; beyond that the broker keeps the rest.
MAX_WAITING_BYTES: Final = 4 * MAX_BYTES


class Storable(Protocol):
    """What a batch needs to know of an item."""

    @property
    def size(self) -> int:
        """How many bytes came."""

    @property
    def urgent(self) -> bool:
        """Whether it must not wait for others to come."""

    @property
    def ahead(self) -> bool:
        """Whether it may overtake those that are not."""


Item = TypeVar("Item", bound=Storable)


class Batches(Generic[Item]):
    """Items on their way into batches: due when there are many, when one is old, or urgent.

    Items that go ahead come before the others and in batches of their own, which are small and
    so quickly stored; each kind in order of arrival.

    Args:
        max_bytes: what makes a batch due, and what it holds at most (one item may be larger).
        max_age_s: how long an item may wait for others to come.
        max_waiting_bytes: as soon as there are this many, it is full.
    """

    def __init__(
        self,
        *,
        max_bytes: int = MAX_BYTES,
        max_age_s: float = MAX_AGE_S,
        max_waiting_bytes: int = MAX_WAITING_BYTES,
    ) -> None:
        self._max_bytes = max_bytes
        self._max_age_s = max_age_s
        self._max_waiting_bytes = max_waiting_bytes
        self._ahead: deque[Item] = deque()
        self._others: deque[Item] = deque()
        self._bytes = 0
        self._due_s = 0.0

    def __len__(self) -> int:
        """Return how many items wait."""
        return len(self._ahead) + len(self._others)

    @property
    def full(self) -> bool:
        """Whether no more should be added."""
        return self._bytes >= self._max_waiting_bytes

    def add(self, item: Item, *, now_s: float) -> None:
        """Take ``item`` in. ``now_s`` is by any clock that does not jump."""
        if not (self._ahead or self._others):
            self._due_s = now_s + self._max_age_s
        (self._ahead if item.ahead else self._others).append(item)
        self._bytes += item.size
        if item.urgent or self._bytes >= self._max_bytes:
            self._due_s = min(self._due_s, now_s)

    def due_in_s(self, now_s: float) -> float | None:
        """Return how long it may still wait; 0 if it is due, None while nothing waits."""
        if not self:
            return None
        return max(0.0, self._due_s - now_s)

    def take(self) -> list[Item]:
        """Return a batch. What is left is due at once: it had to wait already."""
        items: list[Item] = []
        room = self._max_bytes
        for waiting in (self._ahead, self._others):
            while waiting and (not items or waiting[0].size <= room):
                item = waiting.popleft()
                items.append(item)
                room -= item.size
            if items:
                break
        self._bytes -= self._max_bytes - room
        return items
