"""The NATS cluster: where it is, and the streams that it keeps."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from random import SystemRandom
from typing import Any, Final

import nats
from msgspec import Struct
from nats.aio.client import Client
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from ingest.jetstream.subjects import Stream, kept_in, stream_name
from ingest.mqtt.connection import BrokerError

CONNECT_TIMEOUT_S: Final = 3.0
PING_INTERVAL_S: Final = 3
# For workers that are away: days of calls, and hours of a large fleet's readings.
MAX_BYTES: Final = {Stream.URGENT: 256 << 20, Stream.TELEMETRY: 4 << 30}


class Nodes(Struct, frozen=True):
    """Where the nodes are, and how to prove who we are."""

    urls: tuple[str, ...]
    tls: ssl.SSLContext | None = None


def nodes(urls: str, tls: ssl.SSLContext | None = None) -> Nodes:
    """Return the nodes behind ``tls://host:4222,tls://…``, or ``nats://…`` in the clear.

    Raises:
        ValueError: other kinds of URL, none at all, or ``tls`` without certificates.
    """
    listed = tuple(url.strip() for url in urls.split(",") if url.strip())
    schemes = {url.partition("://")[0] for url in listed}
    if schemes not in ({"nats"}, {"tls"}):
        raise ValueError(f"not addresses of NATS, all of one kind: {urls!r}")
    if schemes == {"tls"} and tls is None:
        raise ValueError("tls needs a CA, a certificate and a key")
    return Nodes(listed, tls if schemes == {"tls"} else None)


async def connect(where: Nodes, *, name: str, lost: Callable[[], Awaitable[None]]) -> Client:
    """Open one connection to whichever node answers. It lives once, and is never made anew.

    Args:
        where: the nodes.
        name: who connects.
        lost: called when it has ended.

    Raises:
        BrokerError: none answers.
    """
    options: dict[str, Any] = {} if where.tls is None else {"tls": where.tls}
    failed = []
    for url in SystemRandom().sample(where.urls, len(where.urls)):
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                return await nats.connect(
                    url,
                    name=name,
                    allow_reconnect=False,
                    max_reconnect_attempts=1,  # else it knocks at a dead node for two minutes
                    reconnect_time_wait=0,
                    ping_interval=PING_INTERVAL_S,
                    closed_cb=lost,
                    error_cb=_quietly,  # whoever waits for an answer is told
                    **options,
                )
        except (Error, OSError) as error:
            failed.append(f"{url}: {error or type(error).__name__}")
    raise BrokerError(f"no node of NATS answers: {'; '.join(failed)}")


async def _quietly(_: Exception) -> None:
    """Say nothing."""


async def prepare(js: JetStreamContext, *, replicas: int) -> None:
    """Make the streams that are not there yet.

    Raises:
        nats.errors.Error: they cannot be made now.
    """
    for stream in Stream:
        try:
            await js.stream_info(stream_name(stream))
        except NotFoundError:
            await js.add_stream(_config(stream, replicas))


def _config(stream: Stream, replicas: int) -> StreamConfig:
    return StreamConfig(
        name=stream_name(stream),
        subjects=[kept_in(stream)],
        # What is acknowledged is gone; what is full refuses, and the broker keeps the rest.
        retention=RetentionPolicy.WORK_QUEUE,
        discard=DiscardPolicy.NEW,
        storage=StorageType.FILE,
        max_bytes=MAX_BYTES[stream],
        num_replicas=replicas,
    )
