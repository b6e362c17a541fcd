"""Calls for help go first, on the one thread that all lanes of an engine share."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

# Nobody waits for ever, whatever holds up the calls.
MAX_WAIT_S: Final = 1.0


class RightOfWay:
    """Held while calls are heard; whoever has much to do gives way now and then."""

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._free.set()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have others wait for as long as this lasts."""
        self._free.clear()
        try:
            yield
        finally:
            self._free.set()

    async def give(self) -> None:
        """Let others run, and calls to their end. Not to be used with a ticket locked."""
        await asyncio.sleep(0)
        if not self._free.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(MAX_WAIT_S):
                    await self._free.wait()
