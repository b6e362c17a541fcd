"""What three nodes of JetStream take and give when they are fed as fast as they can be. As root.

Each node is in a network of its own and writes to disk before it answers. Processor time is that of
all three. Each line of output is a JSON object.
"""

import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import Final

from nats.errors import Error
from nats.js import JetStreamContext

from benchmarks.ingest import cpu_s, report
from ingest.broker import ALL_SHARDS, context
from ingest.jetstream.cluster import Nodes, connect, nodes, prepare
from ingest.jetstream.line import JetStream
from ingest.jetstream.subjects import PROBES, Stream, stream_name, subject_of
from tests.support.nats_cluster import NODES, NatsCluster
from tests.support.publisher import device_name, payload_of

MESSAGES: Final = 10_000
TOGETHER: Final = 500


async def measure(cluster: NatsCluster) -> None:
    where = nodes(cluster.urls, context(*cluster.certificate("ingest")))
    js = await begun(where)
    title = stream_name(Stream.TELEMETRY)
    async with JetStream(where).line("bench", ALL_SHARDS, f"{PROBES}/bench") as line:
        before = spent(cluster)
        began = time.monotonic()
        payload = payload_of(device_name(0), 1)
        for _ in range(MESSAGES // TOGETHER):
            subject = subject_of("liftwacht/v1/17/sl-000000/status", retain=False)
            await asyncio.wait([await js.publish_async(subject, payload) for _ in range(TOGETHER)])
        report("nodes, taken by a majority", MESSAGES / (time.monotonic() - began), "messages/s")
        report("nodes, CPU to take", (spent(cluster) - before) / MESSAGES * 1e6, "us/message")
        kept = (await js.stream_info(title)).state
        report("nodes, payload", len(payload), "B")
        report("nodes, kept", kept.bytes / kept.messages, "B/message and node")
        before = spent(cluster)
        began = time.monotonic()
        left = MESSAGES
        while left:
            received = await line.receive()
            left -= len(received)
            line.acknowledge([each.packet_id for each in received])
        await line.flush()
        while (await js.stream_info(title)).state.messages:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
        report("nodes, given and acknowledged", MESSAGES / (time.monotonic() - began), "messages/s")
        report("nodes, CPU to give", (spent(cluster) - before) / MESSAGES * 1e6, "us/message")
    report("load average", os.getloadavg()[0], "")


async def ignored() -> None:
    """The connection ends with the process."""


async def begun(where: Nodes) -> JetStreamContext:
    """Return the streams, once the nodes have found each other."""
    while True:
        try:
            client = await connect(where, name="bench", lost=ignored)
            js = client.jetstream()
            await prepare(js, replicas=len(NODES))
        except (Error, OSError):
            await asyncio.sleep(0.2)
        else:
            return js


def spent(cluster: NatsCluster) -> float:
    """Return the processor time of all nodes, in seconds."""
    return sum(map(cpu_s, cluster.pids()))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, NatsCluster(Path(folder)) as cluster:
        asyncio.run(measure(cluster))


if __name__ == "__main__":
    main()
