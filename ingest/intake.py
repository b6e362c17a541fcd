"""Between the socket and the database: the one place where messages wait, and how many may."""

import asyncio
from typing import Generic

from ingest.batch import Batch, Item


class Intake(Generic[Item]):
    """A bounded queue that hands out batches.

    While a batch is full, ``put`` waits, so its caller stops reading the socket: the broker keeps
    the rest. For one reader and one writer.
    """

    def __init__(self, batch: Batch[Item]) -> None:
        self._batch = batch
        self._wake = asyncio.Event()
        self._space = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    async def put(self, item: Item, *, rows: int, urgent: bool) -> None:
        """Add ``item``, once there is room for it."""
        self._idle.clear()
        while self._batch.full:
            self._space.clear()
            await self._space.wait()
        if self._batch.add(item, rows=rows, urgent=urgent, now_s=_now_s()):
            self._wake.set()

    async def take(self) -> list[Item]:
        """Return the next batch, once it is due. Call ``done`` when it is dealt with."""
        while True:
            wait_s = self._batch.due_in_s(_now_s())
            if wait_s == 0:
                self._space.set()
                return self._batch.take()
            self._wake.clear()
            try:
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def done(self) -> None:
        """Tell that the batch taken last has been dealt with."""
        if not len(self._batch):
            self._idle.set()

    async def drained(self) -> None:
        """Wait until nothing is left, here or in hands."""
        await self._idle.wait()


def _now_s() -> float:
    return asyncio.get_running_loop().time()
