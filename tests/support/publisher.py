"""A publisher fast enough to load the broker: ready-made MQTT 3.1.1 packets over a raw socket.

    python -m tests.support.publisher PORT DEVICES FIRST_SEQ MESSAGES NUMBER OF
        [--kind KIND] [--per-second RATE | --own-connections]

Publisher NUMBER of OF sends MESSAGES messages of KIND (status, or fault) with QoS 1, in turn from
its share of the devices sl-000000 …, and ends when the broker has acknowledged all. It has one
connection; with --own-connections each device has its own, as in life, and says its next message
when the broker has acknowledged the last.
"""

import argparse
import select
import socket
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from gateway.protocol.codec import Encoding, encode
from gateway.protocol.messages import FaultEdge, Sample, Status
from gateway.protocol.topics import Kind, topic_of
from gateway.protocol.vocabulary import Contacts, Demand, Edge, Landing, Mode, Seat

WINDOW = 500
OUTBOX = "0123456789abcdef" * 2
_SAMPLES = tuple(
    Sample(
        *(offset, 12_900 + offset // 8, 120, 9_120, 25_100),
        *(Seat.OCCUPIED, Demand.UP, Mode.NORMAL, Landing.BETWEEN),
        *(Contacts.HINGE_RAIL | Contacts.POWERED_STEP, 12, "drive_overload"),
    )
    for offset in (0, 500)
)


def device_name(number: int) -> str:
    """Return the name of a made-up device."""
    return f"sl-{number:06d}"


def payload_of(device: str, seq: int, kind: Kind = Kind.STATUS) -> bytes:
    """Return a status message of a lift that rides, or a fault of one that comes and goes."""
    head: Any = {"device": device, "outbox": OUTBOX, "seq": seq, "time_ms": 1_790_000_000_000 + seq}
    if kind is Kind.STATUS:
        return encode(Status(**head, samples=_SAMPLES), Encoding.JSON)
    edge = Edge.RAISED if seq % 2 else Edge.CLEARED
    return encode(FaultEdge(**head, code="relay", edge=edge, sample=_SAMPLES[0]), Encoding.JSON)


def packets(
    names: list[str], first_seq: int, messages: int, kind: Kind = Kind.STATUS
) -> Iterator[bytes]:
    """Yield PUBLISH packets."""
    topics = [topic_of(name, kind).encode() for name in names]
    for number in range(messages):
        turn, index = divmod(number, len(names))
        payload = payload_of(names[index], first_seq + turn, kind)
        yield packet(number, topics[index], payload)


def packet(number: int, topic: bytes, payload: bytes) -> bytes:
    """Return a PUBLISH packet with QoS 1, the ``number``-th on its connection."""
    packet_id = struct.pack("!H", number % 65_000 + 1)
    body = struct.pack("!H", len(topic)) + topic + packet_id + payload
    return b"\x32" + _length(len(body)) + body


def _length(number: int) -> bytes:
    low, high = number & 0x7F, number >> 7
    return bytes([low | 0x80, high]) if high else bytes([low])


def _flood(broker: socket.socket, ready: list[bytes]) -> None:
    """Publish as fast as the broker acknowledges."""
    messages = len(ready)
    sent = acknowledged = 0  # bytes, of which four acknowledge a message
    while acknowledged < 4 * messages:
        room = min(messages, acknowledged // 4 + WINDOW) - sent
        if room > WINDOW // 4 or (room and sent + room == messages):
            broker.sendall(b"".join(ready[sent : sent + room]))
            sent += room
        acknowledged += len(broker.recv(65_536))


def pace(broker: socket.socket, ready: list[bytes], per_s: float) -> None:
    """Publish at a steady rate, a hundred times a second."""
    messages = len(ready)
    sent = acknowledged = 0
    began = time.monotonic()
    broker.setblocking(False)
    while acknowledged < 4 * messages:
        due = min(messages, int((time.monotonic() - began) * per_s))
        if due > sent:
            broker.setblocking(True)
            broker.sendall(b"".join(ready[sent:due]))
            broker.setblocking(False)
            sent = due
        time.sleep(0.01)
        with suppress(BlockingIOError):
            acknowledged += len(broker.recv(1_048_576))


@contextmanager
def connected(port: int, name: str) -> Iterator[socket.socket]:
    """Connect to the broker as ``name``, with a clean session."""
    client_id = name.encode()
    connect = b"\x00\x04MQTT\x04\x02\x00\x00" + struct.pack("!H", len(client_id)) + client_id
    with socket.create_connection(("127.0.0.1", port)) as broker:
        broker.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        broker.sendall(b"\x10" + _length(len(connect)) + connect)
        broker.recv(4)
        yield broker


def _take_turns(brokers: Sequence[socket.socket], ready: Sequence[bytes]) -> None:
    """Publish on each connection what is its turn, as fast as the broker acknowledges there."""
    poll = select.epoll()
    turns = {}
    for index, broker in enumerate(brokers):
        turns[broker.fileno()] = broker, iter(ready[index :: len(brokers)])
        poll.register(broker, select.EPOLLIN)
    acknowledged = 0
    for broker, turn in turns.values():
        broker.sendall(next(turn))
    while acknowledged < 4 * len(ready):
        for number, _ in poll.poll():
            broker, turn = turns[number]
            acknowledged += len(broker.recv(4))
            if following := next(turn, None):
                broker.sendall(following)


def main() -> None:
    """Connect, say "ready", wait for a line on standard input, and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("port", "devices", "first_seq", "messages", "number", "of"):
        parser.add_argument(name, type=int)
    parser.add_argument("--kind", type=Kind, default=Kind.STATUS)
    manner = parser.add_mutually_exclusive_group()
    manner.add_argument("--per-second", type=float)
    manner.add_argument("--own-connections", action="store_true")
    asked = parser.parse_args()
    names = [device_name(index) for index in range(asked.number, asked.devices, asked.of)]
    ready = list(packets(names, asked.first_seq, asked.messages, asked.kind))
    clients = names if asked.own_connections else [f"publisher-{asked.number}"]
    with ExitStack() as stack:
        brokers = [stack.enter_context(connected(asked.port, client)) for client in clients]
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        if asked.own_connections:
            _take_turns(brokers, ready)
        elif asked.per_second is None:
            _flood(brokers[0], ready)
        else:
            pace(brokers[0], ready, asked.per_second)


if __name__ == "__main__":
    main()
