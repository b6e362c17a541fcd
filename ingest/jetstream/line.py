"""A line to JetStream: the same port as the one to an MQTT broker.

A queue is a consumer in each stream. It outlives its workers and any node: who opens a line of its
name asks it for messages. What another left unacknowledged comes at once if that one closed its
line, else after a while. A stream keeps what nobody has acknowledged, whether there is a consumer
or not.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Protocol, Self, cast

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import NotFoundError

from ingest.broker import Shards
from ingest.jetstream.cluster import Nodes, connect
from ingest.jetstream.subjects import (
    Stream,
    consumer_name,
    downward,
    filters,
    place_of,
    stream_name,
)
from ingest.mqtt.connection import NAP_S, BrokerError
from ingest.mqtt.packets import Publish

# So many are asked for at once: what waits in memory is not more.
BATCH: Final = 500
# A request for messages ends after so long, and another is made; so one that got lost with its
# node does not matter for long.
REQUEST_S: Final = 2.0
GRACE_S: Final = 1.0
FIND_TIMEOUT_S: Final = 1.0
LEAVE_S: Final = 1.0
# Before a consumer that has no leader is asked again.
NAP_LEADERLESS_S: Final = 0.2
# Nodes need four to nine seconds to find out that a leader died, and then elect another.
SILENT_AFTER_S: Final = 15.0
# What was delivered and not acknowledged comes again after so long: what a dead worker had in hand.
ACK_WAIT_S: Final = {Stream.URGENT: 5.0, Stream.TELEMETRY: 15.0}
# Delivered and not acknowledged: more than all lanes of a worker take in.
MAX_UNACKNOWLEDGED: Final = 20_000
# A consumer that nobody asks any more ends, and what it would have had is free for another's.
INACTIVE_AFTER_S: Final = 60.0

_ACK: Final = b"+ACK"
_NAK: Final = b"-NAK"
_ENDED: Final = ("404", "408")  # a request, in peace


class JetStream:
    """A source of lines to a cluster."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes

    def line(self, name: str, shards: Shards, probe: str) -> "JetStreamLine":
        """Return a line that asks the consumers of that name."""
        return JetStreamLine(self._nodes, name, shards, probe)

    async def knock(self, name: str) -> None:
        """Connect and go again. Raises OSError: no node lets us in."""

        async def lost() -> None:
            """Nothing to do: nobody waits for it."""

        client = await connect(self._nodes, name=name, lost=lost)
        await client.close()


class _Drained(Protocol):
    """What its library has not typed of a subscription."""

    async def drain(self) -> None:
        """End it, and return when all that the server had sent has been handled."""


class _Consumer:
    """Asks a consumer for messages whenever those that came have been taken.

    Args:
        client: the connection.
        stream: in which stream it is.
        name: of the consumer.
        news: called when something came.
    """

    def __init__(self, client: Client, stream: Stream, name: str, news: Callable[[], None]) -> None:
        self.waiting: list[Msg] = []
        self._client = client
        self._news = news
        self._ask = f"$JS.API.CONSUMER.MSG.NEXT.{stream_name(stream)}.{name}"
        self._inbox = client.new_inbox()
        self._request = 0
        self._due = 0  # of the present request
        self._leaderless = False
        self._ended = asyncio.Event()
        self._taken = asyncio.Event()
        self._heard_s = _now_s()

    async def run(self) -> None:
        """Ask on and on.

        Raises:
            BrokerError: the consumer is silent, or gone.
            nats.errors.Error: the connection is gone.
        """
        inbox = await self._client.subscribe(f"{self._inbox}.*", cb=self._arrived)
        try:
            await self._ask_on()
        finally:
            await cast("_Drained", inbox).drain()  # what is on its way still comes

    async def _ask_on(self) -> None:
        while True:
            await self._asked()
            if _now_s() - self._heard_s > SILENT_AFTER_S:
                raise BrokerError("JetStream is silent")
            while self.waiting:
                self._taken.clear()
                await self._taken.wait()
                self._heard_s = _now_s()  # we did not listen meanwhile

    def take(self) -> list[Msg]:
        """Return what came since the last call."""
        taken, self.waiting = self.waiting, []
        self._taken.set()
        return taken

    async def _asked(self) -> None:
        """Return when a request has ended."""
        self._request += 1
        self._due = BATCH
        self._leaderless = False
        self._ended.clear()
        wanted = {"batch": BATCH, "expires": int(REQUEST_S * 1e9)}
        reply = f"{self._inbox}.{self._request}"
        await self._client.publish(self._ask, msgspec.json.encode(wanted), reply=reply)
        with suppress(TimeoutError):
            async with asyncio.timeout(REQUEST_S + GRACE_S):
                await self._ended.wait()
        if self._leaderless:
            await asyncio.sleep(NAP_LEADERLESS_S)

    async def _arrived(self, message: Msg) -> None:
        if not message.reply:
            self._told(message.subject, message.headers or {})
            return
        self._heard_s = _now_s()
        self.waiting.append(message)
        self._due -= 1
        if self._due == 0:
            self._ended.set()
        self._news()

    def _told(self, inbox: str, headers: dict[str, str]) -> None:
        if not inbox.endswith(f".{self._request}"):
            return  # of an earlier request
        if headers.get("Status") in _ENDED:
            self._heard_s = _now_s()
        else:
            self._leaderless = True
        self._ended.set()


class JetStreamLine:
    """One connection, with a consumer in each stream."""

    def __init__(self, nodes: Nodes, name: str, shards: Shards, probe: str) -> None:
        self._nodes = nodes
        self._name = name
        self._shards = shards
        self._probe = probe
        self._client: Client | None = None
        self._consumers: list[_Consumer] = []  # what is urgent first
        self._replies: dict[int, str] = {}  # where to acknowledge, by our number of the message
        self._number = 0
        self._outgoing: deque[tuple[str, bytes]] = deque()
        self._news = asyncio.Event()
        self._to_write = asyncio.Event()
        self._written = asyncio.Event()
        self._written.set()
        self._error: BaseException | None = None
        self._writing: asyncio.Task[None] | None = None
        self._asking: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Connect, and find or make the consumers.

        Raises:
            BrokerError: no node can be reached, or JetStream does not answer.
        """
        client = await connect(self._nodes, name=self._name, lost=self._lost)
        try:
            for stream in Stream:
                await self._find(client.jetstream(), stream)
        except Error as error:
            await client.close()
            raise BrokerError(f"JetStream: {error}") from error
        except BaseException:
            await client.close()
            raise
        self._client = client
        self._consumers = [
            _Consumer(client, stream, consumer_name(self._name), self._news.set)
            for stream in Stream
        ]
        self._writing = asyncio.create_task(self._write(client))
        self._asking = [asyncio.create_task(each.run()) for each in self._consumers]
        for task in (self._writing, *self._asking):
            task.add_done_callback(self._ended)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give back what is not acknowledged, and disconnect."""
        client, writing = self._client, self._writing
        if client is None or writing is None:
            return
        with suppress(Error, OSError):
            async with asyncio.timeout(LEAVE_S):
                await _cancelled(self._asking)
                waiting = [each.reply for consumer in self._consumers for each in consumer.take()]
                for reply in (*self._replies.values(), *waiting):
                    self._send(reply, _NAK)
                await self._written.wait()
                await client.flush()
        await _cancelled([*self._asking, writing])
        with suppress(Error, OSError):
            await client.close()

    @property
    def unsettled(self) -> int:
        """How many messages were taken that are not acknowledged."""
        return len(self._replies)

    async def subscribed(self) -> None:
        """Return at once: what is sent from now on comes after what the streams have."""

    async def receive(self) -> list[Publish]:
        """Return what has arrived since the last call, what is urgent first.

        Raises:
            BrokerError: the line is lost.
        """
        while not any(each.waiting for each in self._consumers):
            if self._error is not None:
                raise self._error
            self._news.clear()
            await self._news.wait()
        await asyncio.sleep(NAP_S)
        return [self._publish(message) for each in self._consumers for message in each.take()]

    def acknowledge(self, packet_ids: Iterable[int]) -> None:
        """Have the streams forget these messages; nothing if the line is lost."""
        for packet_id in packet_ids:
            reply = self._replies.pop(packet_id, None)
            if reply is not None:
                self._send(reply, _ACK)

    def publish(self, topic: str, payload: bytes) -> None:
        """Send down, through whichever bridge has the lift; nothing if the line is lost."""
        self._send(downward(topic), payload)

    async def flush(self) -> None:
        """Wait while more is written than the cluster takes."""
        await self._written.wait()

    # -- inside ---------------------------------------------------------------------------------

    async def _find(self, js: JetStreamContext, stream: Stream) -> None:
        title, name = stream_name(stream), consumer_name(self._name)
        try:
            await js.consumer_info(title, name, timeout=FIND_TIMEOUT_S)
        except NotFoundError:
            await js.add_consumer(
                title,
                ConsumerConfig(
                    name=name,
                    durable_name=name,
                    ack_policy=AckPolicy.EXPLICIT,
                    ack_wait=ACK_WAIT_S[stream],
                    max_ack_pending=MAX_UNACKNOWLEDGED,
                    filter_subjects=filters(stream, self._shards, self._probe),
                    inactive_threshold=INACTIVE_AFTER_S,
                ),
            )
        except TimeoutError:
            pass  # it has no leader; who asks on will be answered by the next

    def _publish(self, message: Msg) -> Publish:
        place = place_of(message.subject)
        self._number += 1
        self._replies[self._number] = message.reply
        # What had been delivered before is no news: no more than what the broker had kept.
        again = message.metadata.num_delivered > 1
        return Publish(place.topic, message.data, self._number, place.retain or again)

    def _send(self, subject: str, payload: bytes) -> None:
        if self._error is None:
            self._outgoing.append((subject, payload))
            self._written.clear()
            self._to_write.set()

    async def _write(self, client: Client) -> None:
        while True:
            await self._to_write.wait()
            self._to_write.clear()
            while self._outgoing:
                await client.publish(*self._outgoing.popleft())
            self._written.set()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._fail(BrokerError(f"NATS: {error}") if isinstance(error, Error) else error)

    async def _lost(self) -> None:
        self._fail(BrokerError("NATS closed the connection"))

    def _fail(self, error: BaseException) -> None:
        if self._error is None:
            self._error = error
        self._news.set()
        self._written.set()


async def _cancelled(tasks: Sequence["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
