"""What is accepted, what is refused, and why."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from gateway.protocol.codec import Encoding, encode
from gateway.protocol.messages import Message
from gateway.protocol.topics import Kind, topic_of
from ingest.decode import Accepted, Delivery, Receipt, Rejected, decode
from tests.support import telemetry as say

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("encoding", list(Encoding))
@pytest.mark.parametrize(
    "message",
    [
        say.status(1),
        say.fault(2),
        say.usage(3),
        say.call(4),
        say.reply(5),
        say.condition(6),
        say.presence(),
        say.presence(online=False),
    ],
    ids=lambda message: type(message).__name__,
)
def test_every_kind_is_accepted_in_either_encoding(message: Message, encoding: Encoding) -> None:
    decoded = decode(say.deliver(message, NOW, encoding=encoding))
    assert isinstance(decoded, Accepted)
    assert isinstance(decoded.message, type(message))
    assert msgspec.to_builtins(decoded.message) == msgspec.to_builtins(message)


def test_only_what_the_modem_keeps_is_confirmed() -> None:
    receipts = [
        decode(say.deliver(message, NOW)).receipt
        for message in (
            *(say.status(1), say.presence(), say.usage(3), say.call(4), say.condition(5)),
        )
    ]
    kept = [Receipt(say.DEVICE, say.OUTBOX, seq) for seq in (3, 4, 5)]
    assert receipts == [None, None, *kept]


def test_calls_and_faults_are_urgent() -> None:
    messages = (say.status(1), say.fault(2), say.usage(3), say.call(4))
    assert [decode(say.deliver(m, NOW)).urgent for m in messages] == [False, True, False, True]


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("liftwacht/v2/05/sl-000001/status", b"{}", "topic"),
        ("liftwacht/v1/06/sl-000001/status", b"{}", "topic"),
        ("liftwacht/v1/05/sl-000001/ack", b"{}", "topic"),
        ("liftwacht/v1/05/sl-000001/status", b"", "payload"),
        ("liftwacht/v1/05/sl-000001/status", b"{}", "payload"),
        ("liftwacht/v1/05/sl-000001/status", b"{" + b" " * 70_000, "too_large"),
        (topic_of("sl-000002", Kind.USAGE), encode(say.usage(1)), "identity"),
    ],
)
def test_what_is_wrong_is_named(topic: str, payload: bytes, reason: str) -> None:
    decoded = decode(Delivery(topic, payload, NOW))
    assert isinstance(decoded, Rejected)
    assert decoded.reason == reason
    assert decoded.detail
    assert (decoded.delivery.topic, decoded.delivery.payload) == (topic, payload)


@pytest.mark.parametrize("to_bytes", [msgspec.json.encode, msgspec.msgpack.encode])
def test_the_modem_may_forget_what_nobody_can_read(to_bytes: Callable[[Any], bytes]) -> None:
    ride = msgspec.to_builtins(say.usage(7)) | {"distance_mm": -1}
    decoded = decode(Delivery(topic_of(say.DEVICE, Kind.USAGE), to_bytes(ride), NOW))
    assert isinstance(decoded, Rejected)
    assert decoded.receipt == Receipt(say.DEVICE, say.OUTBOX, 7)


def test_a_refused_status_is_not_confirmed_since_the_modem_does_not_wait() -> None:
    words = msgspec.to_builtins(say.status(7)) | {"samples": []}
    payload = msgspec.json.encode(words)
    decoded = decode(Delivery(topic_of(say.DEVICE, Kind.STATUS), payload, NOW))
    assert decoded.receipt is None


@pytest.mark.parametrize("message", [say.call(4), say.status(4)])
def test_a_message_that_trips_us_up_is_put_aside_and_ends_nothing(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(*_: object) -> None:
        raise ZeroDivisionError("by a defect of ours")

    for name in ("decode_payload", "decode_status"):
        monkeypatch.setattr("ingest.decode." + name, defect)
    decoded = decode(say.deliver(message, NOW))
    assert isinstance(decoded, Rejected)
    assert (decoded.reason, decoded.detail) == (
        "defect",
        "ZeroDivisionError('by a defect of ours')",
    )
