"""A running ingest worker: as a process that can be killed, or within a test's own loop."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from gateway.protocol.codec import encode, kind_of
from gateway.protocol.messages import Message
from gateway.protocol.topics import topic_of
from ingest.broker import address
from ingest.line import Mqtt
from ingest.storage.pool import connect
from ingest.worker import Worker
from tests.support.broker import Broker

DEADLINE_S = 30.0


def query(url: str, statement: str, *parameters: Any) -> list[Any]:
    """Return all rows of a query."""
    with connect(url, application="test") as connection:
        return connection.execute(statement.encode(), parameters or None).fetchall()


async def until(
    condition: Callable[[], bool], what: str, *, deadline_s: float = DEADLINE_S
) -> None:
    """Wait for ``condition`` while other parts work; fail when the time is over."""
    give_up_at = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > give_up_at:
            raise AssertionError(f"waited {deadline_s} s in vain for: {what}")
        await asyncio.sleep(0.05)


@asynccontextmanager
async def running_worker(broker: Broker, database: str, **options: Any) -> AsyncIterator[Worker]:
    """Run a worker in this loop until it hears everything, and stop it cleanly at the end."""
    worker = Worker(
        source=Mqtt(address(broker.url)),
        database_url=database,
        now=lambda: datetime.now(UTC),
        **options,
    )
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run(stop))
    try:
        await until(lambda: listening(database, worker.name), "a worker that listens")
        yield worker
    finally:
        stop.set()
        await task


def listening(database: str, worker: str = "ingest-00-63") -> bool:
    """Tell whether a worker says that it hears everything."""
    statement = "SELECT listening_since IS NOT NULL FROM listener WHERE worker = %s"
    return query(database, statement, worker) == [(True,)]


class WorkerProcess:
    """An ingest worker as a process of its own; or another of its commands that runs on."""

    def __init__(
        self,
        broker: Broker,
        database: str,
        *arguments: str,
        command: str = "run",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._command = [sys.executable, "-m", "ingest", command, *arguments]
        self._environment = os.environ | {
            "LIFTWACHT_MQTT_URL": broker.url,
            "LIFTWACHT_DATABASE_URL": database,
            **(settings or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start, or start again."""
        self._process = subprocess.Popen(self._command, env=self._environment)

    def kill(self) -> None:
        """Kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Stop cleanly, and return the exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(how)
        return process.wait(timeout=15)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class Lift:
    """An MQTT client that publishes ready-made messages and keeps what it is sent."""

    def __init__(self, broker: Broker, *, device: str, client_id: str | None = None) -> None:
        self.received: list[mqtt.MQTTMessage] = []
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id or f"test-{device}"
        )
        self._client.max_inflight_messages_set(1_000)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_message = lambda _client, _data, message: self.received.append(message)
        self._client.on_connect = lambda client, *_: client.subscribe(
            [(f"liftwacht/v1/+/{device}/ack", 1), (f"liftwacht/v1/+/{device}/command", 1)]
        )
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    def send(self, message: Message, *, retain: bool = False) -> mqtt.MQTTMessageInfo:
        """Publish on the topic that the message belongs to."""
        topic = topic_of(message.device, kind_of(message))  # type: ignore[union-attr]
        return self._client.publish(topic, encode(message), qos=1, retain=retain)

    def send_raw(self, topic: str, payload: bytes) -> mqtt.MQTTMessageInfo:
        """Publish anything."""
        return self._client.publish(topic, payload, qos=1)

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
