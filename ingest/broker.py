"""Connections to the MQTT broker. ADR 0002 says why with this client.

A ``Connection`` lives once: what was received on it can be acknowledged on it alone, since packet
identifiers begin anew with each. Whatever is not acknowledged, the broker delivers again.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from mqttium import MQTTError
from mqttium.api import AsyncClient, Message
from msgspec import Struct

from gateway.protocol.topics import PREFIX, SHARD_COUNT, UPWARD, subscription

# How much may wait between socket and batch; beyond that the socket is not read.
QUEUE_MESSAGES: Final = 4_000
QUEUE_BYTES: Final = 16 * 1024 * 1024
KEEPALIVE_S: Final = 20
# The answer to SUBSCRIBE queues behind the whole backlog of a resumed session.
SUBSCRIBE_TIMEOUT_S: Final = 3_600.0

BROKER_ERRORS: Final = (MQTTError, OSError)


class Address(Struct, frozen=True):
    """Where the broker is, and how to prove who we are."""

    host: str
    port: int
    tls: ssl.SSLContext | None


def address(
    url: str, *, ca: Path | None = None, certificate: Path | None = None, key: Path | None = None
) -> Address:
    """Return the address behind ``mqtt://host:port`` or ``mqtts://host:port``.

    Raises:
        ValueError: another kind of URL, or mqtts without ``ca``, ``certificate`` and ``key``.
        OSError: one of these files cannot be read.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise ValueError(f"not an address of a broker: {url!r}")
    if parts.scheme == "mqtt":
        return Address(parts.hostname, parts.port or 1883, None)
    if ca is None or certificate is None or key is None:
        raise ValueError("mqtts needs a CA, a certificate and a key")
    context = ssl.create_default_context(cafile=str(ca))
    context.load_cert_chain(certificate, key)
    return Address(parts.hostname, parts.port or 8883, context)


def filters(first_shard: int, last_shard: int) -> list[str]:
    """Return what to subscribe to for a range of shards: only what comes from devices."""
    kinds = sorted(kind.value for kind in UPWARD)
    if (first_shard, last_shard) == (0, SHARD_COUNT - 1):
        return [f"{PREFIX}/+/+/{kind}" for kind in kinds]
    shards = range(first_shard, last_shard + 1)
    return [subscription(shard, kind) for shard in shards for kind in kinds]


class Connection:
    """One connection with a persistent session, as an asynchronous context manager.

    Args:
        address: the broker.
        client_id: the same after every restart, so that the broker keeps what came meanwhile.
        topics: filters to subscribe to, with QoS 1. They are subscribed anew each time, while the
            backlog is already being read: that also brings the retained messages again.
    """

    def __init__(self, address: Address, *, client_id: str, topics: Sequence[str]) -> None:
        self._address = address
        self._topics = topics
        self._client = AsyncClient(
            client_id,
            clean_start=False,
            keepalive=KEEPALIVE_S,
            manual_ack=True,
            max_iterator_messages=QUEUE_MESSAGES,
            max_iterator_bytes=QUEUE_BYTES,
        )
        self._subscribing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            MQTTError: refused, or not MQTT.
            OSError: cannot be reached.
        """
        await self._client.connect(self._address.host, self._address.port, ssl=self._address.tls)
        self._subscribing = asyncio.create_task(self._subscribe())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnect; the session stays."""
        if self._subscribing is not None:
            self._subscribing.cancel()
            await asyncio.gather(self._subscribing, return_exceptions=True)
        await self._client.disconnect()

    async def subscribed(self) -> None:
        """Wait until the broker has confirmed the subscription.

        Raises:
            MQTTError: it refused.
        """
        if self._subscribing is not None:
            await asyncio.shield(self._subscribing)

    async def messages(self) -> AsyncIterator[Message]:
        """Yield messages until the connection is lost.

        Raises:
            ConnectionError: it is.
            MQTTError: the broker refused the subscription.
        """
        async for message in self._client.messages():
            yield message
        if self._subscribing is not None and self._subscribing.done():
            self._subscribing.result()
        raise ConnectionError("the broker closed the connection")

    async def acknowledge(self, messages: Iterable[Message]) -> None:
        """Tell the broker to forget ``messages``, given in order of arrival.

        If the connection is lost meanwhile, the rest will be delivered again.
        """
        try:
            for message in messages:
                await self._client.ack(message)
        except BROKER_ERRORS:
            return  # whoever reads ``messages`` learns why

    async def publish(self, topic: str, payload: bytes) -> None:
        """Send with QoS 1, without waiting for the broker's answer; nothing if disconnected."""
        try:
            await self._client.publish(topic, payload, qos=1)
        except BROKER_ERRORS:
            return  # likewise

    async def _subscribe(self) -> None:
        try:
            await self._client.subscribe(self._topics, qos=1, timeout=SUBSCRIBE_TIMEOUT_S)
        except BROKER_ERRORS:
            await self._client.disconnect()
            raise
