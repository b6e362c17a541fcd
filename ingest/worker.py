"""The ingest process: from the broker, through batches, into the database, and back to the lifts.

Several loops share one thread: one reads the socket, one for each lane stores batches, which are
then acknowledged, and one says that the worker lives. Broker and database may go away and come
back at any moment.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import psycopg
from msgspec import Struct

from gateway.metrics import Family, counter, gauge
from gateway.protocol.codec import encode
from gateway.protocol.messages import MAX_SEQS, Ack, Presence
from gateway.protocol.topics import Kind, topic_of
from ingest import statements
from ingest.broker import Address, filters
from ingest.decode import Accepted, Arrived, Delivery, Receipt, admit
from ingest.hearing import PROBE_INTERVAL_S, Hearing
from ingest.lane import Lane
from ingest.mqtt.connection import Connection
from ingest.mqtt.packets import Publish
from ingest.storage.pool import connect_async
from ingest.strangers import Strangers
from ingest.timing import EPOCH
from ingest.tracing import Key, Tracer
from ingest.trouble import Trouble
from ingest.writer import Outcome

logger = logging.getLogger(__name__)

# As many as keep the database busy while a batch is worked out.
LANES: Final = 3
# Whoever stops us waits some seconds in all, whatever state broker and database are in.
DRAIN_TIMEOUT_S: Final = 1.5
LEAVE_TIMEOUT_S: Final = 0.5
# Of one batch. To tell of a message costs twice as much as to store it, and a few traces of a storm
# of faults say as much as all.
FAULTS_TOLD: Final = 20
# Who was offline for longer sends nothing again that anybody still waits for.
RECOVERY_TOLD_FOR: Final = timedelta(days=30)


class Shards(Struct, frozen=True):
    """The range of shards that a worker takes, ends included."""

    first: int
    last: int

    def __str__(self) -> str:
        """Return the range as it stands in names."""
        return f"{self.first:02d}-{self.last:02d}"


class Worker:
    """One ingest process.

    Args:
        broker: where the messages come from.
        database_url: where they go.
        shards: whose messages.
        now: the platform's clock.
        name: distinguishes workers of the same shards; the broker keeps a session for each.
        tracer: is told of calls and faults; None: nobody is.
    """

    def __init__(
        self,
        *,
        broker: Address,
        database_url: str,
        shards: Shards,
        now: Callable[[], datetime],
        name: str = "ingest",
        tracer: Tracer | None = None,
    ) -> None:
        self.name = f"{name}-{shards}"
        self._broker = broker
        self._database_url = database_url
        self._shards = shards
        self._now = now
        self._probe_topic = f"liftwacht/probe/{self.name}"
        self._lanes = [
            Lane(database_url, name=f"{self.name}/{number}", stored=self._stored)
            for number in range(LANES)
        ]
        self._hearing = Hearing()
        self._news = asyncio.Event()
        self._connection: Connection | None = None
        self._strangers = Strangers()
        self._totals = Outcome()
        self._received = 0
        self._recovery: str | None = None
        self._tracer = tracer

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; then store and acknowledge what has been received.

        What the database has not taken within a second and a half stays with the broker.
        """
        receiving = asyncio.create_task(self._receive(stop))
        tasks = [
            receiving,
            asyncio.create_task(self._beat()),
            *(asyncio.create_task(lane.run()) for lane in self._lanes),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()  # raises if it ended by a bug
        finally:
            for lane in self._lanes:
                lane.abandon()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=LEAVE_TIMEOUT_S)
            await self._leave()

    # -- from the broker ------------------------------------------------------------------------

    async def _receive(self, stop: asyncio.Event) -> None:
        trouble = Trouble(logger, "broker")
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                try:
                    await self._converse(stopping, trouble)
                except OSError as error:
                    delay_s = trouble.failed(error)
                    await asyncio.wait({stopping}, timeout=delay_s)
                finally:
                    self._connection = None
                    self._hearing.lost()
                    self._news.set()
        finally:
            stopping.cancel()

    async def _converse(self, stopping: "asyncio.Task[bool]", trouble: Trouble) -> None:
        """Read one connection until it breaks, or until the worker has to stop."""
        topics = [*filters(self._shards.first, self._shards.last), self._probe_topic]
        client_id = f"liftwacht-{self.name}"
        async with Connection(self._broker, client_id=client_id, topics=topics) as connection:
            trouble.over()
            self._hearing.connected()
            self._connection = connection
            reading = asyncio.create_task(self._read(connection))
            probing = asyncio.create_task(self._probe_regularly(connection))
            try:
                await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if reading.done():
                    reading.result()
            finally:
                reading.cancel()
                probing.cancel()
                await asyncio.gather(reading, probing, return_exceptions=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(DRAIN_TIMEOUT_S):
                    for lane in self._lanes:
                        await lane.intake.drained()

    async def _read(self, connection: Connection) -> None:
        while True:
            self._hand_out(self._messages(await connection.receive(), connection))
            for lane in self._lanes:
                await lane.intake.room()

    def _hand_out(self, messages: Iterable[Arrived]) -> None:
        parts: list[list[Arrived]] = [[] for _ in self._lanes]
        for message in messages:
            parts[message.shard % LANES].append(message)
        for lane, part in zip(self._lanes, parts, strict=True):
            lane.intake.put(part)

    def _messages(self, publishes: Iterable[Publish], connection: Connection) -> Iterator[Arrived]:
        received_at = self._now()
        prompt = self._hearing.prompt(asyncio.get_running_loop().time())
        for publish in publishes:
            topic, payload, packet_id = publish.topic, publish.payload, publish.packet_id
            if topic == self._probe_topic:
                self._hearing.echoed(payload)
                self._news.set()
                connection.acknowledge([packet_id])
                prompt = self._hearing.prompt(asyncio.get_running_loop().time())
                continue
            live = prompt and not publish.retain
            self._received += 1
            yield admit(Delivery(topic, payload, received_at, live, packet_id, connection))

    # -- from the database ----------------------------------------------------------------------

    async def _stored(self, batch: Sequence[Arrived], outcome: Outcome) -> None:
        """Acknowledge a batch that is committed: to the broker, and to the lifts."""
        self._totals.add(Outcome(outcome.stored, outcome.duplicate, outcome.quarantined))
        for device in self._strangers.to_tell(outcome.strangers, self._now()):
            logger.warning(
                "%s calls for help and is not registered or retired: its calls are in quarantine",
                device,
            )
        if self._tracer is not None:
            self._trace(self._tracer, batch)
        connection = self._connection
        if connection is None:
            return  # all of it will come again
        deliveries = [message.delivery for message in batch]
        connection.acknowledge(
            delivery.packet_id
            for delivery in deliveries
            if delivery.connection is connection and delivery.packet_id
        )
        time_ms = int((self._now() - EPOCH).total_seconds() * 1000)
        for device, ack in acks(outcome.receipts, time_ms=time_ms, recovery=self._recovery):
            connection.publish(topic_of(device, Kind.ACK), encode(ack))
        if self._recovery is not None:
            for device, outbox in connected(batch):
                ack = Ack(outbox=outbox, time_ms=time_ms, recovery=self._recovery)
                connection.publish(topic_of(device, Kind.ACK), encode(ack))
        await connection.flush()

    def _trace(self, tracer: Tracer, batch: Sequence[Arrived]) -> None:
        now = self._now()
        for message, receipt in told(batch):
            key = Key(message.device, receipt.outbox, receipt.seq)
            tracer.message(key, message.kind.value, message.delivery.received_at, now)

    # -- signs of life --------------------------------------------------------------------------

    async def _beat(self) -> None:
        trouble = Trouble(logger, "heartbeat")
        while True:
            try:
                async with await connect_async(self._database_url, application=self.name) as beat:
                    while True:
                        self._news.clear()
                        beaten = await beat.execute(statements.BEAT, self._vitals())
                        (self._recovery,) = await beaten.fetchone() or (None,)
                        trouble.over()
                        with suppress(TimeoutError):  # deafness is no news, but must be told too
                            async with asyncio.timeout(PROBE_INTERVAL_S):
                                await self._news.wait()
            except (psycopg.Error, OSError) as error:
                await asyncio.sleep(trouble.failed(error))

    async def _probe_regularly(self, connection: Connection) -> None:
        await connection.subscribed()
        while True:
            now_s = asyncio.get_running_loop().time()
            connection.publish(self._probe_topic, self._hearing.probe(now_s))
            await asyncio.sleep(PROBE_INTERVAL_S)

    def _vitals(self) -> tuple[object, ...]:
        now, now_s = self._now(), asyncio.get_running_loop().time()
        return (
            *(self.name, self._shards.first, self._shards.last),
            *(self._hearing.listening_since(now_s, now), now),
            *(self._received, self._totals.stored),
            *(self._totals.duplicate, self._totals.quarantined, self._waiting),
            now - RECOVERY_TOLD_FOR,
        )

    @property
    def _waiting(self) -> int:
        return sum(lane.intake.held for lane in self._lanes)

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        totals = self._totals
        ends = (
            ("stored", totals.stored),
            ("duplicate", totals.duplicate),
            ("quarantined", totals.quarantined),
        )
        yield counter("ingest_received", "Messages that came from the broker.", self._received)
        yield Family(
            "ingest_messages",
            "Messages by what became of them.",
            [({"outcome": name}, value) for name, value in ends],
            "counter",
        )
        yield gauge("ingest_waiting", "Messages received and not stored yet.", self._waiting)
        yield gauge(
            "ingest_connected", "Whether the broker is connected.", self._connection is not None
        )
        yield Family(
            "ingest_batch_seconds",
            "How long the database took for a batch, until its commit.",
            [({"lane": str(number)}, lane.stored_in) for number, lane in enumerate(self._lanes)],
        )

    async def _leave(self) -> None:
        """Say that nobody listens any more, as far as the database can be told."""
        self._hearing.lost()
        with suppress(psycopg.Error, OSError):
            async with asyncio.timeout(LEAVE_TIMEOUT_S):
                async with await connect_async(self._database_url, application=self.name) as last:
                    await last.execute(statements.BEAT, self._vitals())


def told(batch: Iterable[Arrived]) -> Iterator[tuple[Accepted, Receipt]]:
    """Yield what traces are told of: every call, and the first faults of a batch."""
    room = FAULTS_TOLD
    for message in batch:
        if type(message) is Accepted and message.receipt is not None and message.urgent:
            if message.kind is not Kind.CALL:
                if not room:
                    continue
                room -= 1
            yield message, message.receipt


def connected(batch: Iterable[Arrived]) -> set[tuple[str, str]]:
    """Return which devices say that they are there, and their outboxes."""
    return {
        (message.device, presence.outbox)
        for message in batch
        if type(message) is Accepted
        and isinstance(presence := message.message, Presence)
        and presence.online
        and presence.outbox is not None
    }


def acks(
    receipts: Iterable[Receipt], *, time_ms: int, recovery: str | None
) -> list[tuple[str, Ack]]:
    """Return the confirmations to send: few messages, each for one outbox of one device."""
    seqs: dict[tuple[str, str], list[int]] = defaultdict(list)
    for receipt in receipts:
        seqs[receipt.device, receipt.outbox].append(receipt.seq)
    return [
        (device, Ack(outbox=outbox, seqs=tuple(part), time_ms=time_ms, recovery=recovery))
        for (device, outbox), numbers in seqs.items()
        for part in _parts(sorted(set(numbers)))
    ]


def _parts(numbers: list[int]) -> list[list[int]]:
    return [numbers[start : start + MAX_SEQS] for start in range(0, len(numbers), MAX_SEQS)]
