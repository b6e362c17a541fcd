"""The packet parser: however the stream is cut, and whatever comes instead of packets."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mqtt import packets
from ingest.mqtt.packets import (
    Connected,
    MalformedPacketError,
    Packet,
    Parser,
    Pong,
    Publish,
    Published,
    Subscribed,
)

numbers = st.integers(1, 65_535)
topics = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
publishes = st.builds(
    Publish,
    topic=topics,
    payload=st.one_of(st.binary(max_size=300), st.just(b"x" * 20_000)),
    packet_id=st.just(0) | numbers,
    retain=st.booleans(),
)
answers = st.one_of(
    st.builds(Connected, st.booleans(), st.integers(0, 5)),
    st.builds(Published, numbers),
    st.builds(Subscribed, numbers, st.booleans()),
    st.just(Pong()),
)


def as_sent(packet: Packet) -> bytes:
    """Return ``packet`` as a broker sends it, by the standard and not by our own encoder."""
    match packet:
        case Connected(session_present=present, code=code):
            return bytes([0x20, 2, present, code])
        case Published(packet_id=packet_id):
            return struct.pack(">BBH", 0x40, 2, packet_id)
        case Subscribed(packet_id=packet_id, refused=refused):
            return struct.pack(">BBHBB", 0x90, 4, packet_id, 1, 0x80 if refused else 0)
        case Pong():
            return b"\xd0\x00"
        case Publish(topic=topic, payload=payload, packet_id=packet_id, retain=retain):
            name = topic.encode()
            body = struct.pack(">H", len(name)) + name
            body += struct.pack(">H", packet_id) if packet_id else b""
            body += payload
            first = 0x30 | (0x02 if packet_id else 0) | retain
            length, rest = b"", len(body)
            while rest > 127:
                length += bytes([rest % 128 + 128])
                rest //= 128
            return bytes([first]) + length + bytes([rest]) + body


def parsed(parser: Parser, data: bytes, cuts: list[int]) -> list[Packet]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    parts = [data[start:end] for start, end in pairwise(edges)]
    return [packet for part in parts for packet in parser.feed(part)]


@given(
    sent=st.lists(publishes | answers, max_size=8),
    cuts=st.lists(st.integers(0, 100_000), max_size=12),
)
def test_any_cut_of_the_stream_gives_the_same_packets(sent: list[Packet], cuts: list[int]) -> None:
    assert parsed(Parser(), b"".join(map(as_sent, sent)), cuts) == sent


@given(data=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=5))
def test_anything_else_is_refused_or_waited_for(data: bytes, cuts: list[int]) -> None:
    def outcome(cuts: list[int]) -> list[Packet] | str:
        try:
            return parsed(Parser(), data, cuts)
        except MalformedPacketError:
            return "refused"

    assert outcome(cuts) == outcome([])


@given(packet=publishes, cut=st.integers(2, 50))
def test_a_packet_larger_than_allowed_is_refused_before_it_is_there(
    packet: Publish, cut: int
) -> None:
    data = as_sent(packet)
    if len(data) <= 130:
        assert Parser(max_packet_bytes=127).feed(data) == [packet]
    else:
        with pytest.raises(MalformedPacketError, match="limit"):
            Parser(max_packet_bytes=127).feed(data[: cut + 2])


@given(topic=topics, payload=st.binary(max_size=20_000), packet_id=numbers)
def test_what_we_publish_reads_as_it_was_meant(topic: str, payload: bytes, packet_id: int) -> None:
    data = packets.publish(topic, payload, packet_id=packet_id)
    assert Parser().feed(data) == [Publish(topic, payload, packet_id, retain=False)]


@given(st.lists(numbers))
def test_acknowledgements_go_in_a_row(packet_ids: list[int]) -> None:
    data = packets.acknowledge(packet_ids)
    assert Parser().feed(data) == [Published(packet_id) for packet_id in packet_ids]
