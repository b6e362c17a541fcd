"""MQTT 3.1.1 packets to bytes and back: those that a consumer sends and receives. Pure.

Source: OASIS MQTT 3.1.1, chapters 2 and 3. Strings are UTF-8, numbers are big-endian.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

# Far more than the broker lets through (``max_packet_size``): only what is no MQTT is larger.
MAX_PACKET_BYTES: Final = 1024 * 1024
MAX_PACKET_ID: Final = 65_535

PING: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"

_PUBACK: Final = 0x4002  # its kind, and the length of what follows
_REFUSED: Final = 0x80


class MalformedPacketError(Exception):
    """These bytes are not what a broker sends to a consumer."""


class Connected(Struct, frozen=True):
    """CONNACK. ``code`` is 0 if the broker lets us in."""

    session_present: bool
    code: int


class Subscribed(Struct, frozen=True):
    """SUBACK."""

    packet_id: int
    refused: bool


class Published(Struct, frozen=True):
    """PUBACK: the broker has what we sent."""

    packet_id: int


class Pong(Struct, frozen=True):
    """PINGRESP."""


class Publish(Struct, frozen=True, gc=False):
    """A message. ``packet_id`` is what to acknowledge; 0 if there is nothing to."""

    topic: str
    payload: bytes
    packet_id: int
    retain: bool


Packet = Connected | Subscribed | Published | Pong | Publish


class Parser:
    """Takes a stream of bytes apart, however it is cut."""

    def __init__(self, *, max_packet_bytes: int = MAX_PACKET_BYTES) -> None:
        self._max_packet_bytes = max_packet_bytes
        self._rest = b""

    def feed(self, data: bytes) -> list[Packet]:
        """Return the packets that ``data`` completes.

        Raises:
            MalformedPacketError: what came is not MQTT, larger than allowed, or not for consumers.
                Nothing sensible can follow: close the connection.
        """
        data = self._rest + data if self._rest else data
        packets: list[Packet] = []
        start, available = 0, len(data)
        while start + 2 <= available:
            first, length = data[start], data[start + 1]
            body = start + 2
            if length > 0x7F:
                # Nearly always two bytes; one comparison is cheaper than a call.
                if body < available and data[body] <= 0x7F:
                    length += (data[body] - 1) << 7
                    body += 1
                else:
                    length, body = self._long_length(data, start + 1)
                    if not body:
                        break
            if length > self._max_packet_bytes:
                raise MalformedPacketError(
                    f"a packet of {length} bytes; the limit is {self._max_packet_bytes}"
                )
            end = body + length
            if end > available:
                break
            if first & 0xF0 == 0x30:
                packets.append(_publish(data, first, body, end))
            else:
                packets.append(_other(first, data[body:end]))
            start = end
        self._rest = data[start:]
        return packets

    @staticmethod
    def _long_length(data: bytes, at: int) -> tuple[int, int]:
        """Return the remaining length and where it ends; 0 for the latter if it is not complete."""
        length = 0
        for index, byte in enumerate(data[at : at + 4]):
            length |= (byte & 0x7F) << 7 * index
            if byte <= 0x7F:
                return length, at + index + 1
        if len(data) - at >= 4:
            raise MalformedPacketError("a length of more than four bytes")
        return 0, 0


def _publish(data: bytes, first: int, start: int, end: int) -> Publish:
    qos = first & 0x06
    topic_start = start + 2
    topic_end = topic_start + (data[start] << 8 | data[start + 1]) if topic_start <= end else end
    payload_start = topic_end + 2 if qos else topic_end
    if qos > 0x02 or topic_start > end or payload_start > end:
        raise MalformedPacketError(f"a message with flags {first & 0x0F:#x} in {end - start} bytes")
    packet_id = data[topic_end] << 8 | data[topic_end + 1] if qos else 0
    if qos and not packet_id:
        raise MalformedPacketError("a message that cannot be acknowledged: its number is 0")
    try:
        topic = data[topic_start:topic_end].decode()
    except UnicodeDecodeError as error:
        raise MalformedPacketError(f"a topic that is not UTF-8: {error}") from error
    return Publish(topic, data[payload_start:end], packet_id, bool(first & 0x01))


def _other(first: int, body: bytes) -> Packet:
    match first, len(body):
        case 0x20, 2:
            return Connected(bool(body[0] & 1), body[1])
        case 0x40, 2:
            return Published(body[0] << 8 | body[1])
        case 0x90, length if length > 2:
            return Subscribed(body[0] << 8 | body[1], any(code >= _REFUSED for code in body[2:]))
        case 0xD0, 0:
            return Pong()
    raise MalformedPacketError(f"a packet of type {first:#04x} in {len(body)} bytes")


def connect(client_id: str, *, keepalive_s: int, clean: bool = False) -> bytes:
    """Return CONNECT, for a session that outlives the connection unless ``clean``."""
    flags = 0x02 if clean else 0  # no will; the certificate says who we are
    body = _string("MQTT") + struct.pack(">BBH", 4, flags, keepalive_s) + _string(client_id)
    return _packet(0x10, body)


def subscribe(packet_id: int, topics: Sequence[str]) -> bytes:
    """Return SUBSCRIBE with QoS 1 for each of the filters ``topics``."""
    filters = b"".join(_string(topic) + b"\x01" for topic in topics)
    return _packet(0x82, struct.pack(">H", packet_id) + filters)


def publish(topic: str, payload: bytes, *, packet_id: int) -> bytes:
    """Return PUBLISH with QoS 1."""
    return _packet(0x32, _string(topic) + struct.pack(">H", packet_id) + payload)


def acknowledge(packet_ids: Iterable[int]) -> bytes:
    """Return one PUBACK for each of ``packet_ids``, in a row."""
    words = [word for packet_id in packet_ids for word in (_PUBACK, packet_id)]
    return struct.pack(f">{len(words)}H", *words)


def _packet(first: int, body: bytes) -> bytes:
    return bytes([first]) + _length(len(body)) + body


def _length(length: int) -> bytes:
    encoded = bytearray()
    while length > 0x7F:
        encoded.append(length & 0x7F | 0x80)
        length >>= 7
    encoded.append(length)
    return bytes(encoded)


def _string(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack(">H", len(encoded)) + encoded
