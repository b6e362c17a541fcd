"""A worker, and another in its place when others took it for dead."""

import asyncio
import logging
from collections.abc import Callable, Iterable

from gateway.metrics import Family
from ingest.sharing.leases import FencedError
from ingest.worker import Worker

logger = logging.getLogger(__name__)


class Working:
    """Runs worker after worker.

    Args:
        make: returns one that has not run yet.
    """

    def __init__(self, make: Callable[[], Worker]) -> None:
        self._make = make
        self.worker = make()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set."""
        while True:
            logger.info("%s starts", self.worker.name)
            try:
                await self.worker.run(stop)
            except FencedError:
                logger.warning("%s was taken for dead: beginning anew", self.worker.name)
                self.worker = self._make()
            else:
                logger.info("%s stopped", self.worker.name)
                return

    def figures(self) -> Iterable[Family]:
        """Return what there is to tell; from any thread."""
        return self.worker.figures()
