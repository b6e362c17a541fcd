"""A lane of the engine: one kind of step without end, woken for shards, and for all on a clock."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Final

from msgspec import Struct

from gateway.protocol.topics import SHARD_COUNT

_ALL_SHARDS: Final = frozenset(range(SHARD_COUNT))
# Another engine had the shard just when its log grew: it may have read its head before.
RETRY_INTERVAL_S: Final = 0.02


class Progress(Struct, frozen=True):
    """How a step left things: shards to come back to soon, and whether there is more at once."""

    missed: frozenset[int] = frozenset()
    behind: bool = False


Step = Callable[[frozenset[int], bool], Awaitable[Progress]]


class Lane:
    """Steps for the shards that were woken, and for all at least once an interval.

    Args:
        step: gets the shards, and whether the interval is over.
        poll_interval_s: how long to sleep at most.
    """

    def __init__(self, step: Step, *, poll_interval_s: float) -> None:
        self._step = step
        self._poll_interval_s = poll_interval_s
        self._awake = asyncio.Event()
        self._wanted: set[int] = set()

    def wake(self, shards: Iterable[int]) -> None:
        """There is news in ``shards``."""
        self._wanted.update(_ALL_SHARDS.intersection(shards))
        self._awake.set()

    async def run(self) -> None:
        """Run until cancelled, or until a step fails."""
        loop = asyncio.get_running_loop()
        poll_at = loop.time()
        behind = False
        while True:
            pause_s = RETRY_INTERVAL_S if self._wanted else poll_at - loop.time()
            if not behind and pause_s > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause_s):
                        await self._awake.wait()
            self._awake.clear()
            polling = loop.time() >= poll_at
            shards = _ALL_SHARDS if polling or behind else frozenset(self._wanted)
            self._wanted.clear()
            if not shards:
                continue
            progress = await self._step(shards, polling)
            behind = progress.behind
            self._wanted |= progress.missed
            if polling:
                poll_at = loop.time() + self._poll_interval_s
