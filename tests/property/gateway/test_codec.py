"""The decoder on anything at all."""

from typing import Any

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.protocol.codec import (
    MAX_PAYLOAD_BYTES,
    Encoding,
    decode,
    decode_command,
    encode,
    kind_of,
)
from gateway.protocol.errors import ProtocolError, TooLargeError, TopicError
from gateway.protocol.messages import Message
from gateway.protocol.topics import Kind, is_device_name, parse_topic, shard_of, topic_of
from tests.support.messages import COMMANDS, any_message, examples

KINDS = st.sampled_from(Kind)


def survives(kind: Kind, payload: bytes) -> Message | None:
    """Decode; anything but a message or a ProtocolError fails the test."""
    try:
        return decode(kind, payload)
    except ProtocolError:
        return None


@given(KINDS, st.binary(max_size=300))
@example(Kind.STATUS, b"")
@example(Kind.STATUS, b"{" * 50_000)
@example(Kind.STATUS, b"\x91" * 60_000)
@example(Kind.STATUS, b'{"device":"\xff\xfe"}')
@example(Kind.CALL, b'{"seq":' + b"9" * 5_000 + b"}")
def test_arbitrary_bytes(kind: Kind, payload: bytes) -> None:
    survives(kind, payload)


@given(
    KINDS,
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**64 - 1)
        | st.floats()
        | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=10,
    ),
)
def test_arbitrary_values(kind: Kind, value: Any) -> None:
    survives(kind, msgspec.json.encode({"device": value}))
    survives(kind, msgspec.msgpack.encode(value))


@given(
    st.sampled_from(sorted(examples())),
    st.sampled_from(Encoding),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, 10_000),
)
def test_mutated_messages(
    name: str, encoding: Encoding, changes: list[tuple[int, int]], cut: int
) -> None:
    message = examples()[name]
    payload = bytearray(encode(message, encoding))
    for place, value in changes:
        payload[place % len(payload)] = value
    for mutated in (bytes(payload), bytes(payload[: cut % len(payload)])):
        decoded = survives(kind_of(message), mutated)
        if decoded is not None:  # whatever is accepted can be sent on and read again
            assert decode(kind_of(decoded), encode(decoded, encoding)) == decoded


@given(any_message(), st.sampled_from(Encoding))
def test_round_trip(message: Message, encoding: Encoding) -> None:
    assert decode(kind_of(message), encode(message, encoding)) == message


@given(any_message(), st.sampled_from(Encoding))
def test_header_of_any_command_can_be_read(message: Message, encoding: Encoding) -> None:
    if isinstance(message, COMMANDS):
        header, command = decode_command(encode(message, encoding))
        assert (header.command_id, header.expires_ms) == (message.command_id, message.expires_ms)
        assert command == message


def test_size_is_bounded() -> None:
    payload = encode(examples()["reply"], Encoding.JSON)
    padded = payload + b" " * (MAX_PAYLOAD_BYTES - len(payload))
    assert survives(Kind.REPLY, padded) == examples()["reply"]
    try:
        decode(Kind.REPLY, padded + b" ")
    except TooLargeError:
        return
    raise AssertionError("one byte too many was accepted")


@given(st.text(max_size=80) | st.text(max_size=40).map(lambda rest: f"liftwacht/v1/{rest}"))
def test_arbitrary_topics(text: str) -> None:
    try:
        topic = parse_topic(text)
    except TopicError:
        return
    assert text == topic_of(topic.device, topic.kind)


@given(st.from_regex(r"\A[a-z0-9][a-z0-9-]{1,30}[a-z0-9]\Z"), KINDS)
def test_topics_round_trip(device: str, kind: Kind) -> None:
    assert is_device_name(device)
    assert parse_topic(topic_of(device, kind)) == (shard_of(device), device, kind)
