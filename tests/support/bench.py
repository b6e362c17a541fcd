"""The far end of ``gateway.adapters.lines``, and a platform: what a real modem process talks to."""

import socket
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from gateway.hal import Reading
from gateway.protocol.codec import decode, encode
from gateway.protocol.messages import (
    PIECE_BYTES,
    Ack,
    Call,
    CallStatus,
    Command,
    Fetch,
    Message,
    Numbered,
    Piece,
)
from gateway.protocol.topics import RELIABLE, UPWARD, Kind, parse_topic, topic_of
from tests.support.broker import Broker
from tests.support.lift import PARKED

Result = TypeVar("Result")
Wanted = TypeVar("Wanted")


def eventually(check: Callable[[], Result | None], *, timeout_s: float = 40.0) -> Result:
    """Return the first truthy result of ``check``; fail when there is none in time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if result := check():
            return result
        time.sleep(0.01)
    raise AssertionError(f"not within {timeout_s:g} s: {check}")


class Bench:
    """A lift controller on a TCP port: sends its reading ten times a second."""

    def __init__(self) -> None:
        self._reading = PARKED
        self._changed = threading.Condition()
        self._closing = False
        self.notices: list[str] = []
        self.texts: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def address(self) -> str:
        return "tcp://{}:{}".format(*self._server.getsockname())

    def set(self, **changes: Any) -> None:
        """Change the reading."""
        with self._changed:
            self._reading = msgspec.structs.replace(self._reading, **changes)
            self._changed.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=5)

    def _accept(self) -> None:
        while not self._closing:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            for work in (self._talk, self._listen):
                thread = threading.Thread(target=work, args=(line,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _talk(self, line: socket.socket) -> None:
        with line:
            while not self._closing:
                with self._changed:
                    reading: Reading = self._reading
                try:
                    line.sendall(msgspec.json.encode(reading) + b"\n")
                except OSError:
                    return
                with self._changed:
                    self._changed.wait(0.1)

    def _listen(self, line: socket.socket) -> None:
        try:
            with line.makefile("rb") as lines:
                for text in lines:
                    message = msgspec.json.decode(text)
                    if "notice" in message:
                        self.notices.append(message["notice"])
                    if "fallback" in message:
                        self.texts.append(message["fallback"])
        except OSError:
            return


class Platform:
    """Hears everything, acknowledges if told to, and commands: ingest and desk in miniature."""

    def __init__(
        self,
        broker: Broker,
        identity: str = "ingest",
        *,
        version: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv311,
    ) -> None:
        self.acknowledges = True
        self.packages: dict[str, bytes] = {}  # by SHA-256, as they are handed out
        self.heard: list[Message] = []
        self.retained: list[Message] = []
        self.times: list[float] = []
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=f"test-{identity}", protocol=version
        )
        if broker.certificates is not None:
            self._client.tls_set(
                str(broker.certificates / "ca.crt"),
                str(broker.certificates / f"{identity}.crt"),
                str(broker.certificates / f"{identity}.key"),
            )
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *_: client.subscribe("liftwacht/v1/#", 1)
        self._client.on_message = self._on_message
        self._client.connect_async(broker.host, broker.port)
        self._client.loop_start()

    def __enter__(self) -> Self:
        eventually(self._client.is_connected)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def of(self, type_: type[Wanted]) -> list[Wanted]:
        return [message for message in list(self.heard) if isinstance(message, type_)]

    def command(self, device: str, type_: type[Command], **fields: Any) -> str:
        """Send a command that is valid for a minute. Returns its id."""
        command_id = uuid.uuid4().hex
        expires_ms = time.time_ns() // 1_000_000 + 60_000
        header: dict[str, Any] = {"command_id": command_id, "expires_ms": expires_ms}
        command = type_(**(header | fields))
        self._client.publish(topic_of(device, Kind.COMMAND), encode(command), 1)
        return command_id

    def answer(self, call: Call, state: str) -> str:
        return self.command(call.device, CallStatus, call_id=call.call_id, state=state)

    def _on_message(self, client: Client, _userdata: Any, message: MQTTMessage) -> None:
        topic = parse_topic(message.topic)
        if topic.kind not in UPWARD:
            return
        decoded = decode(topic.kind, bytes(message.payload))
        if message.retain:
            self.retained.append(decoded)
            return
        self.heard.append(decoded)
        self.times.append(time.monotonic())
        if isinstance(decoded, Fetch) and decoded.sha256 in self.packages:
            data = self.packages[decoded.sha256][decoded.offset : decoded.offset + PIECE_BYTES]
            self.command(
                topic.device, Piece, sha256=decoded.sha256, offset=decoded.offset, data=data
            )
        if self.acknowledges and topic.kind in RELIABLE and isinstance(decoded, Numbered):
            ack = Ack(
                outbox=decoded.outbox,
                seqs=(decoded.seq,),
                time_ms=time.time_ns() // 1_000_000,
            )
            client.publish(topic_of(topic.device, Kind.ACK), encode(ack), 1)


def write_config(
    path: Path,
    *,
    device: str,
    bench: Bench,
    broker: Broker,
    link: str = "",
    more: str = "",
) -> Path:
    """Write a modem's configuration into the folder ``path``. Returns the file."""
    tls = ""
    if broker.certificates is not None:
        folder = broker.certificates
        tls = (
            f'[link.tls]\nca = "{folder}/ca.crt"\ncertificate = "{folder}/{device}.crt"\n'
            f'key = "{folder}/{device}.key"\n'
        )
    file = path / f"{device}.toml"
    file.write_text(
        f'device = "{device}"\nfirmware = "test"\ncontroller = "{bench.address}"\n'
        f'outbox = "{device}.db"\n{more}\n'
        f'[link]\nhost = "{broker.host}"\nport = {broker.port}\npause_ms = 100\n'
        f"will_delay_s = 0\n{link}\n{tls}"
    )
    return file
