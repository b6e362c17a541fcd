"""Between the socket and the database: the one place where messages wait, and how many may."""

import asyncio
from collections.abc import Iterable
from typing import Generic

from ingest.batch import Batches, Item


class Intake(Generic[Item]):
    """A bounded queue that hands out batches, for one reader and one writer.

    Whoever waits for ``room`` before reading on holds back the broker, which keeps the rest.
    """

    def __init__(self, batches: Batches[Item]) -> None:
        self._batches = batches
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self.held = 0  # waiting here, or taken and not stored yet

    def put(self, items: Iterable[Item]) -> None:
        """Add ``items``."""
        now_s = _now_s()
        add = self._batches.add
        for item in items:
            self.held += 1
            add(item, now_s=now_s)
        if len(self._batches):
            self._wake.set()
        if self._batches.full:
            self._room.clear()

    async def room(self) -> None:
        """Wait until more may be added."""
        await self._room.wait()

    async def take(self) -> list[Item]:
        """Return the next batch, once it is due."""
        while True:
            wait_s = self._batches.due_in_s(_now_s())
            if wait_s == 0:
                batch = self._batches.take()
                if not self._batches.full:
                    self._room.set()
                return batch
            self._wake.clear()
            try:
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def stored(self, count: int) -> None:
        """Tell that so many items are kept elsewhere now."""
        self.held -= count


def _now_s() -> float:
    return asyncio.get_running_loop().time()
