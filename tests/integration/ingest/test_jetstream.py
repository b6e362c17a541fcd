"""The distributed shape: broker, bridge, JetStream on three nodes, workers; deaths under load."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from nats.errors import Error
from nats.js import JetStreamContext

from gateway.protocol.codec import decode
from gateway.protocol.messages import Ack
from gateway.protocol.topics import Kind
from ingest.broker import Shards, address, context
from ingest.jetstream.bridge import Bridge
from ingest.jetstream.cluster import MAX_BYTES, Nodes, connect, nodes, prepare
from ingest.jetstream.line import JetStream
from ingest.jetstream.subjects import Stream, stream_name, subject_of
from ingest.mqtt.connection import BrokerError
from ingest.mqtt.packets import Publish
from ingest.provisioning.authority import Authority
from ingest.provisioning.manifest import NODE
from tests.support import telemetry as say
from tests.support.broker import Broker
from tests.support.crowd import DEVICES, Crowd
from tests.support.database import as_user, register_devices
from tests.support.nats_cluster import NODES, STRANGER, NatsCluster
from tests.support.sharing import even, heard
from tests.support.worker import Lift, WorkerProcess, query, until

CALLER = "sl-000999"
SAID_BY_EACH = 40
READINGS = 600  # more than come at once


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path, persistent=False) as running:
        yield running


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsCluster]:
    try:
        made = NatsCluster(tmp_path_factory.mktemp("nats"))
    except OSError as error:
        pytest.skip(f"no networks of their own for the nodes: {error}")
    with made:
        yield made


def where(cluster: NatsCluster, name: str = "ingest") -> Nodes:
    return nodes(cluster.urls, context(*cluster.certificate(name)))


def clock() -> datetime:
    return datetime.now(UTC)


async def ignored() -> None:
    """The node may be the one that is killed."""


@asynccontextmanager
async def asking(cluster: NatsCluster) -> AsyncIterator[JetStreamContext]:
    client = await connect(where(cluster), name="test", lost=ignored)
    try:
        yield client.jetstream()
    finally:
        await client.close()


async def leader(cluster: NatsCluster, stream: Stream) -> str:
    async with asking(cluster) as js:
        info = await js.stream_info(stream_name(stream))
    assert info.config.num_replicas == len(NODES)
    assert info.cluster is not None
    assert info.cluster.leader is not None
    return info.cluster.leader


async def kept(cluster: NatsCluster, stream: Stream, *, want: int) -> int:
    """Return how many messages are not acknowledged; it may take a moment until it is ``want``."""
    async with asking(cluster) as js:
        for _ in range(100):
            info = await js.stream_info(stream_name(stream))
            if info.state.messages == want:
                break
            await asyncio.sleep(0.1)
        return info.state.messages


async def empty_streams(cluster: NatsCluster) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                async with asking(cluster) as js:
                    await prepare(js, replicas=len(NODES))
                    for stream in Stream:
                        await js.purge_stream(stream_name(stream))
            except (Error, OSError):  # they are still looking for each other
                await asyncio.sleep(0.2)
            else:
                return


async def test_calls_wait_for_no_readings_and_who_takes_a_line_over_has_what_was_left(
    cluster: NatsCluster,
) -> None:
    await empty_streams(cluster)
    for other in ("sl-000001", NODE):  # theirs have the same authority
        with pytest.raises(BrokerError, match="Authorization"):
            await connect(where(cluster, other), name=other, lost=ignored)
    source, shards = JetStream(where(cluster)), Shards(16, 19)
    async with asking(cluster) as js:
        for number in range(READINGS):
            subject = subject_of("liftwacht/v1/17/sl-000001/status", retain=False)
            await js.publish_async(subject, str(number).encode())
        await js.publish_async(subject_of("liftwacht/v1/17/é .*/call", retain=True), b"help")
        await js.publish_async(subject_of("liftwacht/v1/20/sl-000002/call", retain=False), b"not")
        await js.publish_async_completed()
    async with source.line("ingest-16-19", shards, "liftwacht/probe/ingest-16-19") as line:
        came: list[Publish] = []
        while not any(each.payload == b"help" for each in came):
            came += await line.receive()
        assert len(came) < READINGS  # it overtook some
        (call,) = (each for each in came if each.payload == b"help")
        assert call == Publish("liftwacht/v1/17/é .*/call", b"help", call.packet_id, retain=True)
        line.acknowledge([call.packet_id])
        while len(came) <= READINGS:
            came += await line.receive()
        assert line.unsettled == READINGS
    async with source.line("ingest-16-19", shards, "liftwacht/probe/ingest-16-19") as heir:
        left: list[Publish] = []
        while len(left) < READINGS:
            left += await heir.receive()
        assert sorted(int(each.payload) for each in left) == list(range(READINGS))
        assert {each.topic for each in left} == {"liftwacht/v1/17/sl-000001/status"}
        heir.acknowledge(each.packet_id for each in left)
        assert heir.unsettled == 0
    assert await kept(cluster, Stream.TELEMETRY, want=0) == 0
    assert await kept(cluster, Stream.URGENT, want=1) == 1  # of a shard that nobody asked for


async def test_nodes_encrypt_what_they_say_to_each_other_and_take_no_other_for_one(
    cluster: NatsCluster, tmp_path: Path
) -> None:
    cluster.mend()
    await until(cluster.complete, "all nodes")
    foreign = Authority.open(tmp_path, now=datetime.now(UTC))
    foreign.issue_node(NODE, ("127.0.0.1",), now=datetime.now(UTC))
    strangers = {
        # An impostor may trust whom it likes.
        "of another authority": (
            cluster.directory / "ca.crt", tmp_path / "nats.crt", tmp_path / "nats.key"
        ),
        "a modem's": cluster.certificate("sl-000001"),
        "ingest's": cluster.certificate("ingest"),
    }  # fmt: skip
    refusal = re.compile("TLS route handshake error|authentication error")
    for what, files in strangers.items():
        known = {name: cluster.log(name).stat().st_size for name in NODES}

        def turned_away(known: dict[str, int] = known) -> bool:
            fresh = [cluster.log(name).read_text()[size:] for name, size in known.items()]
            return all(refusal.search(text) for text in fresh)

        cluster.start(STRANGER, files)
        try:
            await until(turned_away, f"all to turn away whose certificate is {what}")
            assert cluster.complete(), what
        finally:
            cluster.kill(STRANGER)
    assert cluster.in_the_clear(NODES[0]) == b""


async def test_a_full_stream_of_readings_holds_up_no_call_and_loses_no_reading(
    broker: Broker, cluster: NatsCluster
) -> None:
    await empty_streams(cluster)
    bridge, stop = Bridge(address(broker.url), where(cluster), now=clock), asyncio.Event()
    running = asyncio.create_task(bridge.run(stop))
    with Lift(broker, device=CALLER) as lift:
        await until(lambda: figure(bridge, "bridge_connected") == 1, "a bridge")
        await limit(cluster, Stream.TELEMETRY, max_bytes=1)
        for seq in (1, 2, 3):
            lift.send(say.status(seq, device=CALLER))
        await until(lambda: figure(bridge, "bridge_again") > 0, "a refusal")
        lift.send(say.call(4, device=CALLER))
        assert await kept(cluster, Stream.URGENT, want=1) == 1
        assert await kept(cluster, Stream.TELEMETRY, want=0) == 0
        await limit(cluster, Stream.TELEMETRY, max_bytes=MAX_BYTES[Stream.TELEMETRY])
        assert await kept(cluster, Stream.TELEMETRY, want=3) == 3
    stop.set()
    await running


async def test_a_bridge_says_which_side_is_ill_and_another_is_no_comfort(
    cluster: NatsCluster, database: str, tmp_path: Path
) -> None:
    def word(broker: Broker) -> dict[str, Any]:
        found = query(
            database,
            "SELECT beat_at > now() - interval '6 s' AS well, detail FROM heartbeat"
            " WHERE process = %s AND process = part", f"bridge {broker.host}:{broker.port}"
        )  # fmt: skip
        ((well, detail),) = found or [(False, {})]
        return {"all": well} | {side: each["well"] for side, each in detail.items()}

    def silence() -> dict[str, float]:
        asked = "SELECT label, value FROM objectives(now()) WHERE name = 'silence'"
        return dict(query(database, asked))

    await empty_streams(cluster)
    well = {"all": True, "broker": True, "jetstream": True}
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        folder.mkdir()
    with ExitStack() as stack:
        brokers = [stack.enter_context(Broker(folder, persistent=False)) for folder in folders]
        url, stop = as_user(database, "liftwacht_ingest"), asyncio.Event()
        bridges = [
            Bridge(address(each.url), where(cluster), now=clock, database_url=url)
            for each in brokers
        ]
        running = asyncio.gather(*(bridge.run(stop) for bridge in bridges))
        await until(lambda: [word(each) for each in brokers] == [well] * 2, "both well")
        assert await kept(cluster, Stream.TELEMETRY, want=0) == 0  # its own probes stay with it
        brokers[1].stop()
        ill = {"all": False, "broker": False, "jetstream": True}
        await until(lambda: word(brokers[1]) == ill, "one ill, its broker")
        assert word(brokers[0]) == well
        label = f"bridge {brokers[1].host}:{brokers[1].port}"
        assert silence()[label] > 5
        detail = query(database, "SELECT detail FROM heartbeat WHERE process = %s", label)[0][0]
        assert datetime.fromisoformat(detail["broker"]["since"]) < clock()
        brokers[1].start()
        await until(lambda: [word(each) for each in brokers] == [well] * 2, "both well again")
        assert silence()[label] < 5
        for node in NODES:
            cluster.kill(node)
        sick = {"all": False, "broker": True, "jetstream": False}
        await until(lambda: [word(each) for each in brokers] == [sick] * 2, "JetStream ill")
        cluster.mend()
        await until(
            lambda: [word(each) for each in brokers] == [well] * 2, "all well", deadline_s=60
        )
        stop.set()
        await running


def figure(bridge: Bridge, name: str) -> float:
    (family,) = (each for each in bridge.figures() if each.name == name)
    ((_, value),) = family.values
    assert isinstance(value, int | float)
    return value


async def limit(cluster: NatsCluster, stream: Stream, *, max_bytes: int) -> None:
    async with asking(cluster) as js:
        config = (await js.stream_info(stream_name(stream))).config
        await js.update_stream(config.evolve(max_bytes=max_bytes))


@pytest.mark.slow
async def test_node_worker_and_bridge_die_under_load_and_nothing_is_lost_or_doubled(
    broker: Broker, cluster: NatsCluster, database: str
) -> None:
    register_devices(database, [*DEVICES, CALLER])
    crowd = Crowd(broker, each=SAID_BY_EACH)
    with ExitStack() as stack:
        bridge = WorkerProcess(broker, database, command="bridge", settings=cluster.settings)
        workers = [
            WorkerProcess(broker, database, "--shared", settings=cluster.settings) for _ in range(2)
        ]
        for process in (bridge, *workers):
            process.start()
            stack.callback(process.kill)
        await until(lambda: even(database, 2) and heard(database), "two", deadline_s=90)
        with Lift(broker, device=CALLER) as lift, crowd:
            await until(lambda: crowd.said > crowd.total / 4, "some talk")
            bridge.kill()
            bridge.start()
            await until(lambda: crowd.said > crowd.total / 2, "more talk")
            cluster.kill(await leader(cluster, Stream.URGENT))
            workers[0].kill()
            lift.send(say.call(1, device=CALLER))

            def answered() -> bool:
                acks = [decode(Kind.ACK, bytes(each.payload)) for each in lift.received]
                return any(isinstance(ack, Ack) and ack.seqs == (1,) for ack in acks)

            await until(answered, "the word that the call is stored", deadline_s=60)
            await until(lambda: crowd.stored(database), "every message", deadline_s=90)
        await until(lambda: even(database, 1) and heard(database), "one that hears", deadline_s=60)
        for process in (bridge, workers[1]):
            assert process.stop() == 0
    crowd.assert_stored_once(database, others={"call": 1})
