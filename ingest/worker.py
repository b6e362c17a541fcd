"""The ingest process: from the broker, through batches, into the database, and back to the lifts.

Several loops share one thread: each ear reads a socket, each lane stores batches, which are then
acknowledged, and one says that the worker lives. Broker and database may go away and come back at
any moment.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, cast

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from gateway.metrics import Family, counter, gauge
from gateway.protocol.codec import encode
from gateway.protocol.messages import MAX_SEQS, Ack, Presence
from gateway.protocol.topics import SHARD_COUNT, Kind, shard_of, topic_of
from ingest import statements
from ingest.broker import ALL_SHARDS, Shards
from ingest.decode import Accepted, Arrived, Receipt
from ingest.ear import Ear
from ingest.hearing import PROBE_INTERVAL_S
from ingest.lane import Lane
from ingest.line import Line, Source
from ingest.sharing.leases import FencedError, Leases
from ingest.sharing.parts import shards_of
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
# What is not stored by then comes again to whoever has the shards next.
GIVE_TIMEOUT_S: Final = 10.0
# Several ears say the same at about the same time: one trip for all.
TOGETHER_S: Final = 0.25
# Of one batch. To tell of a message costs twice as much as to store it, and a few traces of a storm
# of faults say as much as all.
FAULTS_TOLD: Final = 20
# Who was offline for longer sends nothing again that anybody still waits for.
RECOVERY_TOLD_FOR: Final = timedelta(days=30)


class Worker:
    """One ingest process: ears that listen, lanes that store.

    Args:
        source: where the messages come from.
        database_url: where they go.
        shards: whose messages; or, with ``leases``, whose it turns out to be.
        leases: shares the shards with other workers; None: ``shards`` are its own.
        now: the platform's clock.
        name: distinguishes workers of the same shards; the broker keeps a queue for each.
        tracer: is told of calls and faults; None: nobody is.
    """

    def __init__(
        self,
        *,
        source: Source,
        database_url: str,
        shards: Shards = ALL_SHARDS,
        leases: Leases | None = None,
        now: Callable[[], datetime],
        name: str = "ingest",
        tracer: Tracer | None = None,
    ) -> None:
        self.name = f"{name}-{shards}" if leases is None else leases.worker
        self._source = source
        self._database_url = database_url
        self._shards = shards
        self._leases = leases
        self._now = now
        self._queue = name
        self._ears: dict[Shards, Ear] = {}
        self._ear_of: list[Ear | None] = [None] * SHARD_COUNT
        self._hearing: dict[Shards, asyncio.Task[None]] = {}
        self._broken: asyncio.Future[None] | None = None
        self._lanes = [
            Lane(self._connect, name=f"{self.name}/{number}", stored=self._stored)
            for number in range(LANES)
        ]
        self._news = asyncio.Event()
        self._strangers = Strangers()
        self._totals = Outcome()
        self._received = 0  # by ears that are gone
        self._recovery: str | None = None
        self._tracer = tracer

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; then store and acknowledge what has been received.

        What the database has not taken within a second and a half stays with the broker.

        Raises:
            FencedError: others took us for dead. Begin anew, with another worker.
        """
        self._broken = asyncio.get_running_loop().create_future()
        tasks: list[asyncio.Future[None]] = [
            asyncio.create_task(self._listen(stop)),
            asyncio.create_task(self._beat()),
            *(asyncio.create_task(lane.run()) for lane in self._lanes),
        ]
        try:
            await asyncio.wait([*tasks, self._broken], return_when=asyncio.FIRST_COMPLETED)
            for task in (*tasks, self._broken):
                if task.done():
                    task.result()  # raises if it ended by a bug, or we are fenced
        finally:
            for lane in self._lanes:
                lane.abandon()
            tasks += self._hearing.values()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=LEAVE_TIMEOUT_S)
            await self._leave()

    async def _connect(self, application: str) -> AsyncConnection[TupleRow]:
        if self._leases is None:
            return await connect_async(self._database_url, application=application)
        return await self._leases.connect(application)

    # -- from the broker ------------------------------------------------------------------------

    async def _listen(self, stop: asyncio.Event) -> None:
        """Keep ears open for our shards, or for those that we hold, until ``stop`` is set."""
        if self._leases is None:
            self._open(self._shards)
            await stop.wait()
        else:
            await self._leases.run(
                stop,
                take=lambda part: self._open(shards_of(part)),
                give=self._give,
                broker=self,
            )
        closing = [self._close(shards, within_s=DRAIN_TIMEOUT_S) for shards in self._ears]
        await asyncio.gather(*closing)

    def hears(self) -> bool:
        """Tell whether any line to the broker is open."""
        return any(ear.line is not None for ear in self._ears.values())

    async def knock(self) -> None:
        """Connect to the broker and go again. Raises OSError: it does not let us in."""
        await self._source.knock(self.name)

    def _open(self, shards: Shards) -> None:
        leases = self._leases
        ear = Ear(
            self._source,
            name=f"{self._queue}-{shards}",
            shards=shards,
            taker=self,
            now=self._now,
            news=self._news.set,
            permitted=lambda: leases is None or leases.valid,
        )
        self._ears[shards] = ear
        self._attach(shards, ear)
        self._hearing[shards] = task = asyncio.create_task(ear.run())
        task.add_done_callback(self._ended)
        self._news.set()

    async def _close(self, shards: Shards, *, within_s: float) -> None:
        """Hear no more of ``shards``, and return when what was heard is stored."""
        ear = self._ears[shards]
        ear.stop(within_s=within_s)
        await asyncio.wait({self._hearing[shards]})

    async def _give(self, part: int) -> None:
        shards = shards_of(part)
        await self._close(shards, within_s=GIVE_TIMEOUT_S)
        self._attach(shards, None)
        del self._hearing[shards]
        self._received += self._ears.pop(shards).received

    def _attach(self, shards: Shards, ear: Ear | None) -> None:
        for shard in range(shards.first, shards.last + 1):
            self._ear_of[shard] = ear

    def _ended(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and self._broken is not None and not self._broken.done():
            self._broken.set_exception(error)

    def take(self, messages: Iterable[Arrived]) -> None:
        """Hand messages out to the lanes."""
        parts: list[list[Arrived]] = [[] for _ in self._lanes]
        for message in messages:
            parts[message.shard % LANES].append(message)
        for lane, part in zip(self._lanes, parts, strict=True):
            lane.intake.put(part)

    async def room(self) -> None:
        """Wait until every lane can take more."""
        for lane in self._lanes:
            await lane.intake.room()

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
        done: dict[object, list[int]] = defaultdict(list)
        for message in batch:
            if message.delivery.packet_id:
                done[message.delivery.connection].append(message.delivery.packet_id)
        for line, packet_ids in done.items():
            cast("Line", line).acknowledge(packet_ids)
        time_ms = int((self._now() - EPOCH).total_seconds() * 1000)
        lines = set()
        for device, ack in self._answers(batch, outcome, time_ms):
            ear = self._ear_of[shard_of(device)]
            if ear is not None and ear.line is not None:  # else all of it will come again
                ear.line.publish(topic_of(device, Kind.ACK), encode(ack))
                lines.add(ear.line)
        for answered in lines:
            await answered.flush()

    def _answers(
        self, batch: Sequence[Arrived], outcome: Outcome, time_ms: int
    ) -> Iterator[tuple[str, Ack]]:
        yield from acks(outcome.receipts, time_ms=time_ms, recovery=self._recovery)
        if self._recovery is not None:
            for device, outbox in connected(batch):
                yield device, Ack(outbox=outbox, time_ms=time_ms, recovery=self._recovery)

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
                async with await self._connect(f"{self.name}/beat") as beat:
                    while True:
                        self._news.clear()
                        await self._tell(beat)
                        trouble.over()
                        with suppress(TimeoutError):  # deafness is no news, but must be told too
                            async with asyncio.timeout(PROBE_INTERVAL_S):
                                await self._news.wait()
                        if len(self._ears) > 1:
                            await asyncio.sleep(TOGETHER_S)
            except (psycopg.Error, OSError) as error:
                await asyncio.sleep(trouble.failed(error))

    async def _tell(self, beat: AsyncConnection[TupleRow]) -> None:
        for vitals in self._vitals():
            beaten = await beat.execute(statements.BEAT, vitals)
            (self._recovery,) = await beaten.fetchone() or (None,)

    def _vitals(self) -> list[tuple[object, ...]]:
        """Return a row for each ear. What lanes count together stands in the first."""
        now = self._now()
        counts: tuple[int, ...] = (
            *(self._heard, self._totals.stored, self._totals.duplicate),
            *(self._totals.quarantined, self._waiting),
        )
        rows: list[tuple[object, ...]] = []
        for shards, ear in sorted(self._ears.items(), key=lambda item: item[0].first):
            since = ear.listening_since()
            who = (ear.name, self.name, shards.first, shards.last)
            rows.append((*who, since, now, *counts, now - RECOVERY_TOLD_FOR))
            counts = (0,) * len(counts)
        return rows

    @property
    def _heard(self) -> int:
        return self._received + sum(ear.received for ear in self._ears.values())

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
        ears = list(self._ears.values())
        yield counter("ingest_received", "Messages that came from the broker.", self._heard)
        yield Family(
            "ingest_messages",
            "Messages by what became of them.",
            [({"outcome": name}, value) for name, value in ends],
            "counter",
        )
        yield gauge("ingest_waiting", "Messages received and not stored yet.", self._waiting)
        yield gauge(
            "ingest_connected",
            "Whether the broker is connected, for all shards that are ours.",
            all(ear.line is not None for ear in ears),
        )
        yield Family(
            "ingest_shards",
            "Shards that this worker takes.",
            [({}, sum(ear.shards.last - ear.shards.first + 1 for ear in ears))],
        )
        yield Family(
            "ingest_lag_seconds",
            "How old at most what comes from the broker now may be, by shards of one queue.",
            [({"shards": str(ear.shards)}, lag) for ear in ears if (lag := ear.lag_s) is not None],
        )
        if self._leases is not None:
            yield counter(
                "ingest_taken_over",
                "Parts taken over from workers that were dead.",
                self._leases.taken_over,
            )
        yield Family(
            "ingest_batch_seconds",
            "How long the database took for a batch, until its commit.",
            [({"lane": str(number)}, lane.stored_in) for number, lane in enumerate(self._lanes)],
        )

    async def _leave(self) -> None:
        """Say that nobody listens any more, as far as the database can be told."""
        for ear in self._ears.values():
            ear.deafen()
        with suppress(psycopg.Error, OSError, FencedError):
            async with asyncio.timeout(LEAVE_TIMEOUT_S):
                async with await self._connect(f"{self.name}/leaving") as last:
                    await self._tell(last)
        if self._leases is not None:
            await self._leases.leave()


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
