"""What a worker hears of some shards: a line to the broker, kept open, and how promptly it hears.

Brokers may go away and come back at any moment.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol

from ingest.broker import Shards
from ingest.decode import Arrived, Delivery, admit
from ingest.hearing import PROBE_INTERVAL_S, Hearing
from ingest.line import Line, Source
from ingest.mqtt.packets import Publish
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

# How often to look whether all that came is stored, once nothing more is read.
DRAIN_POLL_S: Final = 0.02
# How often to look whether a broker may be asked again.
PERMISSION_POLL_S: Final = 0.1


class Taker(Protocol):
    """Who stores what is heard."""

    def take(self, messages: Iterable[Arrived]) -> None:
        """Take messages in, in order."""

    async def room(self) -> None:
        """Wait until more may be taken in."""


class Ear:
    """Reads a line for ``shards`` until it is told to stop.

    Args:
        source: where the line leads.
        name: of the queue at the broker.
        shards: whose messages.
        taker: who stores them.
        now: the platform's clock.
        news: called when hearing has changed.
        permitted: whether a line may be opened now; to open it takes it from whoever has it.
    """

    def __init__(
        self,
        source: Source,
        *,
        name: str,
        shards: Shards,
        taker: Taker,
        now: Callable[[], datetime],
        news: Callable[[], None],
        permitted: Callable[[], bool] = lambda: True,
    ) -> None:
        self.name = name
        self.shards = shards
        self.line: Line | None = None
        self.received = 0
        self._source = source
        self._taker = taker
        self._now = now
        self._news = news
        self._permitted = permitted
        self._probe_topic = f"liftwacht/probe/{name}"
        self._hearing = Hearing()
        self._stopping = asyncio.Event()
        self._leave_at_s = float("inf")

    def stop(self, *, within_s: float) -> None:
        """Read nothing more; close the line when all is stored, or when the time is over."""
        self._leave_at_s = min(self._leave_at_s, _now_s() + within_s)
        self._stopping.set()

    async def run(self) -> None:
        """Listen until stopped."""
        trouble = Trouble(logger, f"broker ({self.name})")
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            while not self._stopping.is_set():
                if not self._permitted():
                    await asyncio.wait({stopping}, timeout=PERMISSION_POLL_S)
                    continue
                try:
                    await self._converse(stopping, trouble)
                except OSError as error:
                    delay_s = trouble.failed(error)
                    await asyncio.wait({stopping}, timeout=delay_s)
                finally:
                    self.line = None
                    self.deafen()
        finally:
            stopping.cancel()

    def deafen(self) -> None:
        """Take note that nothing is heard any more."""
        self._hearing.lost()
        self._news()

    def listening_since(self) -> datetime | None:
        """Return since when everything has been heard without a break; None if it is not now."""
        return self._hearing.listening_since(_now_s(), self._now())

    @property
    def lag_s(self) -> float | None:
        """How old at most what comes now may be; None if nothing tells."""
        return self._hearing.lag_s(_now_s())

    async def _converse(self, stopping: "asyncio.Task[bool]", trouble: Trouble) -> None:
        """Read one line until it breaks, or until we have to stop."""
        async with self._source.line(self.name, self.shards, self._probe_topic) as line:
            trouble.over()
            self._hearing.connected()
            self.line = line
            reading = asyncio.create_task(self._read(line))
            probing = asyncio.create_task(self._probe_regularly(line))
            try:
                await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if reading.done():
                    reading.result()
            finally:
                reading.cancel()
                probing.cancel()
                await asyncio.gather(reading, probing, return_exceptions=True)
            await self._settled(line)

    async def _settled(self, line: Line) -> None:
        while line.unsettled and _now_s() < self._leave_at_s:  # noqa: ASYNC110 - for a moment
            await asyncio.sleep(DRAIN_POLL_S)

    async def _read(self, line: Line) -> None:
        while True:
            self._taker.take(self._messages(await line.receive(), line))
            await self._taker.room()

    def _messages(self, publishes: Sequence[Publish], line: Line) -> Iterator[Arrived]:
        received_at = self._now()
        prompt = self._hearing.prompt(_now_s())
        for publish in publishes:
            topic, payload, packet_id = publish.topic, publish.payload, publish.packet_id
            if topic == self._probe_topic:
                self._hearing.echoed(payload)
                self._news()
                line.acknowledge([packet_id])
                prompt = self._hearing.prompt(_now_s())
                continue
            live = prompt and not publish.retain
            self.received += 1
            yield admit(Delivery(topic, payload, received_at, live, packet_id, line))

    async def _probe_regularly(self, line: Line) -> None:
        await line.subscribed()
        while True:
            line.publish(self._probe_topic, self._hearing.probe(_now_s()))
            with suppress(OSError):  # whoever reads will notice
                await line.flush()
            await asyncio.sleep(PROBE_INTERVAL_S)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
