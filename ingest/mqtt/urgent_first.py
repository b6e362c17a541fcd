"""Two connections to the broker that look like one: what is urgent has a queue of its own there.

A broker delivers a queue in order. After an outage of ours, a call for help would come behind all
readings that were queued meanwhile, minutes later; so it does not stand in their queue.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, Self

from msgspec import structs

from ingest.broker import Address
from ingest.decode import AHEAD
from ingest.mqtt.connection import Connection
from ingest.mqtt.packets import MAX_PACKET_ID, Publish

# By this much the numbers of urgent messages differ from those of others, which are the broker's.
_URGENT_FROM: Final = MAX_PACKET_ID + 1
_SUFFIXES: Final = tuple(f"/{kind.value}" for kind in AHEAD)


def is_urgent(topic: str) -> bool:
    """Tell whether a topic, or a filter of topics, is for what goes first."""
    return topic.endswith(_SUFFIXES)


class UrgentFirst:
    """As ``Connection``, which see."""

    def __init__(self, address: Address, *, client_id: str, topics: Sequence[str]) -> None:
        urgent = [topic for topic in topics if is_urgent(topic)]
        others = [topic for topic in topics if not is_urgent(topic)]
        self._urgent = Connection(address, client_id=f"{client_id}-urgent", topics=urgent)
        self._others = Connection(address, client_id=client_id, topics=others)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Connect both. Raises what ``Connection`` raises."""
        async with AsyncExitStack() as stack:
            for connection in (self._urgent, self._others):
                await stack.enter_async_context(connection)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnect; the sessions stay."""
        await self._stack.aclose()

    @property
    def unsettled(self) -> int:
        """How many messages were taken that the broker does not know to be stored."""
        return self._urgent.unsettled + self._others.unsettled

    async def subscribed(self) -> None:
        """Wait until the broker has confirmed both subscriptions."""
        await self._urgent.subscribed()
        await self._others.subscribed()

    async def receive(self) -> list[Publish]:
        """Return what has arrived since the last call, what is urgent first.

        Raises:
            BrokerError: a connection is lost.
        """
        waiting = [asyncio.create_task(each.arrived()) for each in (self._urgent, self._others)]
        try:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        for task in done:
            task.result()  # raises if its connection is lost
        return [*_renumbered(self._urgent.take()), *self._others.take()]

    def acknowledge(self, packet_ids: Iterable[int]) -> None:
        """Tell the broker to forget these messages; nothing if the connection is lost."""
        urgent, others = [], []
        for packet_id in packet_ids:
            if packet_id >= _URGENT_FROM:
                urgent.append(packet_id - _URGENT_FROM)
            else:
                others.append(packet_id)
        self._urgent.acknowledge(urgent)
        self._others.acknowledge(others)

    def publish(self, topic: str, payload: bytes) -> None:
        """Send with QoS 1, without waiting for the broker's answer; nothing if disconnected."""
        self._others.publish(topic, payload)

    async def flush(self) -> None:
        """Wait while more is written than the broker takes."""
        await self._others.flush()


def _renumbered(received: Iterable[Publish]) -> list[Publish]:
    return [
        structs.replace(each, packet_id=each.packet_id + _URGENT_FROM) if each.packet_id else each
        for each in received
    ]
