"""From what the broker delivers to a message that can be stored, or the reason why it cannot."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Struct

from gateway.protocol.codec import decode as decode_payload
from gateway.protocol.errors import IdentityError, ProtocolError, TopicError
from gateway.protocol.messages import (
    Call,
    Condition,
    FaultEdge,
    OutboxId,
    Presence,
    Reply,
    Seq,
    Status,
    Usage,
)
from gateway.protocol.topics import RELIABLE, UPWARD, Kind, Topic, parse_topic

# Each device speaks on seven topics, and taking one apart costs more than reading the message.
TOPICS_REMEMBERED: Final = 100_000

_URGENT: Final = frozenset({Kind.CALL, Kind.FAULT})
_AHEAD: Final = _URGENT | {Kind.PRESENCE}

Upward = Status | FaultEdge | Usage | Condition | Call | Reply | Presence


class Delivery(Struct, frozen=True):
    """A message as it came.

    ``live`` tells that it was sent just now: not retained, not out of a backlog.
    """

    topic: str
    payload: bytes
    received_at: datetime
    live: bool = False


class Receipt(Struct, frozen=True):
    """What the modem waits to hear: that this number of its outbox is safe."""

    device: str
    outbox: str
    seq: int


class Accepted(Struct, frozen=True):
    """A valid message of the device that its topic names."""

    delivery: Delivery
    shard: int
    device: str
    kind: Kind
    message: Upward

    @property
    def receipt(self) -> Receipt | None:
        """What to confirm to the modem once it is stored; None for what it does not keep."""
        if self.kind is Kind.STATUS:  # most of the load: answered without a look at the sets
            return None
        if self.kind not in RELIABLE or isinstance(self.message, Presence):
            return None
        return Receipt(self.device, self.message.outbox, self.message.seq)

    @property
    def urgent(self) -> bool:
        """Whether somebody may be waiting for help: such a message waits for no batch."""
        return self.kind is not Kind.STATUS and self.kind in _URGENT

    @property
    def ahead(self) -> bool:
        """Whether it goes before readings and rides: a call does, and what a call refers to."""
        return self.kind is not Kind.STATUS and self.kind in _AHEAD

    @property
    def rows(self) -> int:
        """How many rows it becomes."""
        return len(self.message.samples) if isinstance(self.message, Status) else 1


class Rejected(Struct, frozen=True):
    """A message for quarantine: a stable word for why, and what exactly is wrong with it."""

    delivery: Delivery
    reason: str
    detail: str
    receipt: Receipt | None = None

    urgent = False
    ahead = False
    rows = 1


Decoded = Accepted | Rejected


class _Envelope(Struct):
    """As much as is needed to let the modem forget a message that nobody can read."""

    outbox: OutboxId
    seq: Seq


_ENVELOPE_JSON: Any = msgspec.json.Decoder(_Envelope)
_ENVELOPE_MSGPACK: Any = msgspec.msgpack.Decoder(_Envelope)


def decode(delivery: Delivery) -> Decoded:
    """Read a message and check that it belongs to the device its topic names. Never raises."""
    try:
        topic = _upward(delivery.topic)
    except ProtocolError as error:
        return Rejected(delivery, error.reason, str(error))
    try:
        message: Any = decode_payload(topic.kind, delivery.payload)
        if message.device != topic.device:
            raise IdentityError(f"{message.device!r} wrote on the topic of {topic.device!r}")
    except ProtocolError as error:
        receipt = _receipt_of(topic.device, topic.kind, delivery.payload)
        return Rejected(delivery, error.reason, str(error), receipt)
    return Accepted(delivery, topic.shard, topic.device, topic.kind, message)


@lru_cache(TOPICS_REMEMBERED)
def _upward(name: str) -> Topic:
    topic = parse_topic(name)
    if topic.kind not in UPWARD:
        raise TopicError(f"{topic.kind.value} goes to devices, and does not come from them")
    return topic


def reject(accepted: Accepted, reason: str, detail: str) -> Rejected:
    """Return the quarantine entry for a message that turned out not to be storable."""
    return Rejected(accepted.delivery, reason, detail, accepted.receipt)


def _receipt_of(device: str, kind: Kind, payload: bytes) -> Receipt | None:
    if kind not in RELIABLE:
        return None
    decoder = _ENVELOPE_JSON if payload[:1] == b"{" else _ENVELOPE_MSGPACK
    try:
        envelope = decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return Receipt(device, envelope.outbox, envelope.seq)
