"""One connection to the broker: bytes in and out, messages by the list.

It lives once: what was received on it can be acknowledged on it alone, since packet identifiers
begin anew with each. Whatever is not acknowledged, the broker delivers again.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Self, cast

from ingest.broker import Address
from ingest.mqtt import packets
from ingest.mqtt.packets import (
    MAX_PACKET_ID,
    Connected,
    MalformedPacketError,
    Packet,
    Parser,
    Publish,
    Subscribed,
)

KEEPALIVE_S: Final = 20
CONNECT_TIMEOUT_S: Final = 5.0
# Brokers write message by message. To wake for each costs ten times as much as to come by now and
# then and take what is there.
NAP_S: Final = 0.003


class BrokerError(ConnectionError):
    """The broker refuses us, breaks the protocol, or is gone."""


class Connection(asyncio.Protocol):
    """A connection with a persistent session, as an asynchronous context manager.

    The socket is read only while somebody waits in ``arrived``: who stops asking holds back the
    broker, and the memory in use stays that of one chunk.

    Args:
        address: the broker.
        client_id: the same after every restart, so that the broker keeps what came meanwhile.
        topics: filters to subscribe to, with QoS 1. They are subscribed anew each time, while the
            backlog is already being read: that also brings the retained messages again. Without
            any, nothing is kept.
    """

    def __init__(self, address: Address, *, client_id: str, topics: Sequence[str]) -> None:
        self._address = address
        self._client_id = client_id
        self._topics = topics
        self._parser = Parser()
        self._transport: asyncio.Transport | None = None
        self._received: list[Publish] = []
        self._unacknowledged: deque[int] = deque()
        self._done: set[int] = set()
        self._news = asyncio.Event()
        self._connected = asyncio.Event()
        self._subscribed = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._error: Exception | None = None
        self._packet_id = 0
        self._heard_s = 0.0
        self._pinging: asyncio.Task[None] | None = None
        self._napping_until_s = 0.0

    async def __aenter__(self) -> Self:
        """Connect, and ask for the messages.

        Raises:
            BrokerError: refused, or not MQTT.
            OSError: cannot be reached.
        """
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await asyncio.get_running_loop().create_connection(
                    lambda: self, self._address.host, self._address.port, ssl=self._address.tls
                )
                self._write(
                    packets.connect(
                        self._client_id, keepalive_s=KEEPALIVE_S, clean=not self._topics
                    )
                )
                await self._connected.wait()
        except BaseException:
            self.close()
            raise
        if self._error is not None:
            raise self._error
        if self._topics:
            self._write(packets.subscribe(self._next_packet_id(), self._topics))
        self._pinging = asyncio.create_task(self._ping())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnect; the session stays."""
        if self._pinging is not None:
            self._pinging.cancel()
            await asyncio.gather(self._pinging, return_exceptions=True)
        self._write(packets.DISCONNECT)
        self.close()

    def close(self) -> None:
        """Let go of the socket, after what is written already."""
        if self._transport is not None:
            self._transport.close()

    async def subscribed(self) -> None:
        """Wait until the broker has confirmed the subscription: after the whole backlog."""
        await self._subscribed.wait()

    @property
    def unsettled(self) -> int:
        """How many messages were taken that the broker does not know to be stored."""
        waiting = sum(1 for each in self._received if each.packet_id)
        return len(self._unacknowledged) - waiting

    async def receive(self) -> list[Publish]:
        """Return what has arrived since the last call, in order; wait until there is something.

        Raises:
            BrokerError: the connection is lost.
        """
        await self.arrived()
        return self.take()

    async def arrived(self) -> None:
        """Wait until there is something to ``take``.

        Raises:
            BrokerError: the connection is lost.
        """
        loop = asyncio.get_running_loop()
        nap_s = self._napping_until_s - loop.time()
        if nap_s > 0:
            await asyncio.sleep(nap_s)
        while not self._received:
            if self._error is not None:
                raise self._error
            self._news.clear()
            self._resume()
            await self._news.wait()

    def take(self) -> list[Publish]:
        """Return what has arrived since the last call, in order; nothing if there is nothing."""
        received, self._received = self._received, []
        if received:
            self._napping_until_s = asyncio.get_running_loop().time() + NAP_S
        return received

    def acknowledge(self, packet_ids: Iterable[int]) -> None:
        """Tell the broker to forget these messages; nothing if the connection is lost.

        Each is told as soon as all that came before it is done as well: the standard wants the
        order of arrival, and mosquitto searches its list from the front.
        """
        self._done.update(packet_ids)
        ready = []
        while self._unacknowledged and self._unacknowledged[0] in self._done:
            ready.append(self._unacknowledged.popleft())
        self._done.difference_update(ready)
        self._write(packets.acknowledge(ready))

    def publish(self, topic: str, payload: bytes) -> None:
        """Send with QoS 1, without waiting for the broker's answer; nothing if disconnected."""
        self._write(packets.publish(topic, payload, packet_id=self._next_packet_id()))

    async def flush(self) -> None:
        """Wait while more is written than the broker takes."""
        await self._writable.wait()

    # -- called by the event loop ---------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)
        self._heard_s = asyncio.get_running_loop().time()

    def data_received(self, data: bytes) -> None:
        """Take in a chunk, and stop reading until somebody asks for more."""
        self._heard_s = asyncio.get_running_loop().time()
        try:
            for packet in self._parser.feed(data):
                if type(packet) is Publish:
                    self._received.append(packet)
                    if packet.packet_id:
                        self._unacknowledged.append(packet.packet_id)
                else:
                    self._answered(packet)
        except MalformedPacketError as error:
            self._fail(BrokerError(f"the broker sent {error}"))
            return
        if self._received:
            self._pause()
            self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell everybody who waits."""
        self._fail(BrokerError(str(exc or "the broker closed the connection")))

    def pause_writing(self) -> None:
        """Make ``flush`` wait."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Let ``flush`` return."""
        self._writable.set()

    # -- inside ---------------------------------------------------------------------------------

    def _answered(self, packet: Packet) -> None:
        match packet:
            case Connected(code=0):
                self._connected.set()
            case Connected(code=code):
                self._fail(BrokerError(f"the broker refuses us, with code {code}"))
            case Subscribed(refused=True):
                self._fail(BrokerError("the broker refuses the subscription"))
            case Subscribed():
                self._subscribed.set()

    def _fail(self, error: Exception) -> None:
        if self._error is None:
            self._error = error
        if self._transport is not None:
            self._transport.abort()
        for event in (self._connected, self._news, self._writable):
            event.set()

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _pause(self) -> None:
        if self._transport is not None and self._transport.is_reading():
            self._transport.pause_reading()

    def _resume(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if not self._transport.is_reading():
            self._heard_s = asyncio.get_running_loop().time()
            self._transport.resume_reading()

    def _next_packet_id(self) -> int:
        # The broker answers at once, so a number is free long before its turn comes again.
        self._packet_id = self._packet_id % MAX_PACKET_ID + 1
        return self._packet_id

    async def _ping(self) -> None:
        """Show that we live, and find out whether the broker does, while we read it."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(KEEPALIVE_S / 2)
            transport = self._transport
            if transport is None or transport.is_closing():
                return
            if transport.is_reading() and loop.time() - self._heard_s > KEEPALIVE_S:
                self._fail(BrokerError("the broker is silent"))
                return
            with suppress(OSError):
                self._write(packets.PING)
