"""Moves what an MQTT broker has to JetStream, and what workers answer back to the broker.

It stands beside its broker. A message is acknowledged to the broker when JetStream has it on a
majority of its nodes; until then the broker keeps it. What comes twice by that, ingest knows by its
number.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from typing import Final, cast

import psycopg
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.api import PubAck
from psycopg.types.json import Jsonb

from gateway.metrics import Family, counter, gauge
from ingest.broker import ALL_SHARDS, Address, filters
from ingest.hearing import PROBE_INTERVAL_S
from ingest.jetstream.cluster import Nodes, connect, prepare
from ingest.jetstream.pulse import BEAT, Pulse
from ingest.jetstream.subjects import (
    DOWN,
    PROBES,
    Stream,
    stream_name,
    subject_of,
    topic_below,
)
from ingest.line import Mqtt
from ingest.mqtt.connection import BrokerError, Connection
from ingest.mqtt.packets import Publish
from ingest.mqtt.urgent_first import is_urgent
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

# An answer that has not come by then does not come: a leader fell.
ANSWER_TIMEOUT_S: Final = 3.0
RETRY_S: Final = 0.2
OWN_PROBES: Final = f"{PROBES}/bridge-"
# So many at once: the nodes write them together.
TOGETHER: Final = 500


class Bridge:
    """One bridge.

    Args:
        broker: where the lifts are.
        nodes: where the messages go.
        now: the platform's clock.
        database_url: where it says how it does; None: nowhere.
        replicas: on how many nodes each is kept.
        name: of the sessions at the broker; a bridge of the same name takes them over.
    """

    def __init__(
        self,
        broker: Address,
        nodes: Nodes,
        *,
        now: Callable[[], datetime],
        database_url: str | None = None,
        replicas: int = 3,
        name: str = "bridge",
    ) -> None:
        self._broker = broker
        self._database_url = database_url
        # Another's, or an earlier one's that waited in the queue, says nothing of this bridge.
        self._probe_topic = f"{OWN_PROBES}{secrets.token_hex(4)}"
        self._pulse = Pulse(now)
        self._now = now
        self._nodes = nodes
        self._replicas = replicas
        self._name = name
        self._knocking: asyncio.Task[None] | None = None
        self._prepared = False
        self._connected = False
        self._up = 0
        self._again = 0
        self._down = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Move messages until ``stop`` is set. Broker and cluster may go away and come back."""
        trouble = Trouble(logger, self._name)
        stopping = asyncio.create_task(stop.wait())
        beating = asyncio.create_task(self._beat())
        try:
            while not stop.is_set():
                try:
                    await self._serve(stopping, trouble)
                except (Error, OSError) as error:
                    self._lost()
                    if self._knocking is None or self._knocking.done():
                        self._knocking = asyncio.create_task(self._knock())
                    await asyncio.wait({stopping}, timeout=trouble.failed(error))
                finally:
                    self._lost()
        finally:
            tasks = [each for each in (stopping, beating, self._knocking) if each is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        yield gauge("bridge_connected", "Whether broker and JetStream are.", self._connected)
        sides = self._pulse.look(time.monotonic())
        yield Family(
            "bridge_well",
            "Whether probes come back from this side in time.",
            [({"side": side}, well) for side, (well, _) in sides.items()],
        )
        yield Family(
            "bridge_since_seconds",
            "Since when that is so, as seconds since 1970.",
            [({"side": side}, since.timestamp()) for side, (_, since) in sides.items()],
        )
        yield counter("bridge_up", "Messages that JetStream has.", self._up)
        yield counter("bridge_again", "Messages that had to be sent to it again.", self._again)
        yield counter("bridge_down", "Messages brought down to lifts.", self._down)

    async def _serve(self, stopping: "asyncio.Task[bool]", trouble: Trouble) -> None:
        """Move messages until a connection breaks, or until we have to stop.

        What is urgent has a session, a stream and a task of its own: it waits for nothing else.
        """
        over = asyncio.Event()

        async def lost() -> None:
            over.set()

        async with AsyncExitStack() as stack:
            client = await connect(self._nodes, name=self._name, lost=lost)
            stack.push_async_callback(_close, client)
            if not self._prepared:
                await prepare(client.jetstream(), replicas=self._replicas)
                self._prepared = True
            topics = [*filters(ALL_SHARDS), f"{PROBES}/#"]
            urgent = await stack.enter_async_context(
                self._session("-urgent", [topic for topic in topics if is_urgent(topic)])
            )
            others = await stack.enter_async_context(
                self._session("", [topic for topic in topics if not is_urgent(topic)])
            )
            await client.subscribe(f"{DOWN}.>", cb=self._downward(others))
            trouble.over()
            self._connected = True
            self._pulse.connected()
            ends = [asyncio.create_task(over.wait())]
            moves = [
                asyncio.create_task(self._move(session, client.jetstream()))
                for session in (urgent, others)
            ]
            moves += [
                asyncio.create_task(self._probe(others)),
                asyncio.create_task(self._ask(client.jetstream())),
            ]
            try:
                await asyncio.wait({*moves, *ends, stopping}, return_when=asyncio.FIRST_COMPLETED)
                for move in moves:
                    if move.done():
                        move.result()
                if over.is_set():
                    raise BrokerError("NATS closed the connection")
            finally:
                for task in (*moves, *ends):
                    task.cancel()
                await asyncio.gather(*moves, *ends, return_exceptions=True)

    def _lost(self) -> None:
        self._connected = False
        self._pulse.lost()

    async def _knock(self) -> None:
        """See which side it is that fails, while the next attempt waits for nothing."""
        with suppress(OSError):
            await Mqtt(self._broker).knock(f"{self._name}-knocking")
            self._pulse.reached(time.monotonic())
        with suppress(Error, OSError):
            client = await connect(self._nodes, name=f"{self._name}-knocking", lost=_unnoticed)
            try:
                await self._leaders(client.jetstream())
            finally:
                await client.close()

    def _session(self, suffix: str, topics: Sequence[str]) -> Connection:
        client_id = f"liftwacht-{self._name}{suffix}"
        return Connection(self._broker, client_id=client_id, topics=topics)

    def _downward(self, session: Connection) -> Callable[[Msg], Awaitable[None]]:
        async def down(message: Msg) -> None:
            self._down += 1
            session.publish(topic_below(message.subject), message.data)
            await session.flush()

        return down

    async def _move(self, session: Connection, js: JetStreamContext) -> None:
        trouble = Trouble(logger, f"{self._name}: JetStream")
        while True:
            received = self._but_probes(await session.receive(), session)
            for start in range(0, len(received), TOGETHER):
                part = received[start : start + TOGETHER]
                await self._hand_over(part, js, trouble)
                session.acknowledge(each.packet_id for each in part if each.packet_id)

    def _but_probes(self, received: Sequence[Publish], session: Connection) -> list[Publish]:
        """Take note of our own probes, and return the rest."""
        rest = []
        for each in received:
            if not each.topic.startswith(OWN_PROBES):
                rest.append(each)
                continue
            if each.topic == self._probe_topic:
                self._pulse.echoed(each.payload)
            session.acknowledge([each.packet_id])
        return rest

    async def _probe(self, session: Connection) -> None:
        while True:
            session.publish(self._probe_topic, self._pulse.probe(time.monotonic()))
            await session.flush()
            await asyncio.sleep(PROBE_INTERVAL_S)

    async def _ask(self, js: JetStreamContext) -> None:
        while True:
            await self._leaders(js)
            await asyncio.sleep(PROBE_INTERVAL_S)

    async def _leaders(self, js: JetStreamContext) -> None:
        """Ask each stream for its leader's word; an election is none of ours to end."""
        with suppress(Error, TimeoutError):
            for stream in Stream:
                await js.stream_info(stream_name(stream))
            self._pulse.answered(time.monotonic())

    async def _beat(self) -> None:
        if self._database_url is None:
            return
        trouble = Trouble(logger, f"{self._name}: heartbeat")
        process = f"bridge {self._broker.host}:{self._broker.port}"
        while True:
            try:
                async with await connect_async(self._database_url, application=process) as conn:
                    while True:
                        now_s = time.monotonic()
                        detail = self._pulse.detail(now_s)
                        well = all(side["well"] for side in detail.values())
                        values = {"process": process, "now": self._now(), "well": well}
                        await conn.execute(BEAT, values | {"detail": Jsonb(detail)})
                        trouble.over()
                        await asyncio.sleep(PROBE_INTERVAL_S)
            except (psycopg.Error, OSError) as error:
                await asyncio.sleep(trouble.failed(error))

    async def _hand_over(
        self, messages: Sequence[Publish], js: JetStreamContext, trouble: Trouble
    ) -> None:
        """Return when JetStream has all of them."""
        left = messages
        while left:
            offered = [(each, await _offer(each, js)) for each in left]
            await asyncio.wait([answer for _, answer in offered], timeout=ANSWER_TIMEOUT_S)
            refused = [(each, error) for each, answer in offered if (error := _refusal(answer))]
            self._up += len(left) - len(refused)
            self._again += len(refused)
            left = [each for each, _ in refused]
            if refused:
                trouble.failed(refused[0][1])
                await asyncio.sleep(RETRY_S)
        trouble.over()


async def _offer(message: Publish, js: JetStreamContext) -> asyncio.Future[PubAck]:
    return await js.publish_async(
        subject_of(message.topic, retain=message.retain), message.payload, wait_stall=1.0
    )


def _refusal(answer: asyncio.Future[PubAck]) -> Exception | None:
    """Return why JetStream does not have a message; None if it has."""
    if not answer.done():
        answer.cancel()  # frees its place among those under way
        return TimeoutError("no answer")
    return cast("Exception | None", answer.exception())


async def _unnoticed() -> None:
    """Nobody waits for it."""


async def _close(client: Client) -> None:
    with suppress(Error, OSError):
        await client.close()
