"""From what the broker delivers to a message that can be stored, or the reason why it cannot."""

import logging
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
from gateway.protocol.topics import FOR_REGISTRAR, RELIABLE, UPWARD, Kind, Topic, parse_topic
from ingest.readings import decode_status

# Each device speaks on seven topics, and taking one apart costs more than reading the message.
TOPICS_REMEMBERED: Final = 100_000

# Why a message is in quarantine that is in order: we are not.
DEFECT: Final = "defect"

logger = logging.getLogger(__name__)

_URGENT: Final = frozenset({Kind.CALL, Kind.FAULT})
AHEAD: Final = _URGENT | {Kind.PRESENCE}

Upward = Status | FaultEdge | Usage | Condition | Call | Reply | Presence


class Delivery(Struct, frozen=True, gc=False):
    """A message as it came.

    Attributes:
        topic: where it was published.
        payload: what it says.
        received_at: when it came, by our clock.
        live: whether it was sent just now: not retained, not out of a backlog.
        packet_id: what to acknowledge to the broker; 0 if there is nothing to.
        connection: on which to do so.
    """

    topic: str
    payload: bytes
    received_at: datetime
    live: bool = False
    packet_id: int = 0
    connection: object = None

    @property
    def size(self) -> int:
        """How many bytes came."""
        return len(self.topic) + len(self.payload)


class Receipt(Struct, frozen=True):
    """What the modem waits to hear: that this number of its outbox is safe."""

    device: str
    outbox: str
    seq: int


class Accepted(Struct, frozen=True, gc=False):
    """A valid message of the device that its topic names.

    Attributes:
        delivery: how it came.
        shard: of the device.
        device: its name.
        kind: of message.
        message: what it says.
        urgent: whether somebody may be waiting for help: such a message waits for no batch.
        ahead: whether it goes before readings and rides: a call does, and what a call refers to.
        receipt: what to confirm to the modem once it is stored; None for what it does not keep.
    """

    delivery: Delivery
    shard: int
    device: str
    kind: Kind
    message: Upward
    urgent: bool = False
    ahead: bool = False
    receipt: Receipt | None = None

    @property
    def size(self) -> int:
        """How many bytes came."""
        return self.delivery.size


class Rejected(Struct, frozen=True):
    """A message for quarantine: a stable word for why, and what exactly is wrong with it."""

    delivery: Delivery
    reason: str
    detail: str
    receipt: Receipt | None = None

    shard = 0  # any will do: it goes into no log
    urgent = False
    ahead = False

    @property
    def size(self) -> int:
        """How many bytes came."""
        return self.delivery.size


class Unread(Struct, frozen=True, gc=False):
    """Readings that wait as they came: taken apart they are three times the size.

    Attributes:
        delivery: how they came.
        topic: whose they are.
        size: how many bytes came.
    """

    delivery: Delivery
    topic: Topic
    size: int

    urgent = False
    ahead = False

    @property
    def shard(self) -> int:
        """The device's."""
        return self.topic.shard


Decoded = Accepted | Rejected
Arrived = Decoded | Unread


class _Envelope(Struct):
    """As much as is needed to let the modem forget a message that nobody can read."""

    outbox: OutboxId
    seq: Seq


_ENVELOPE_JSON: Any = msgspec.json.Decoder(_Envelope)
_ENVELOPE_MSGPACK: Any = msgspec.msgpack.Decoder(_Envelope)


def admit(delivery: Delivery) -> Arrived:
    """Find out whose a message is and whether it is urgent; leave readings unread. Never raises."""
    try:
        topic = _upward(delivery.topic)
    except ProtocolError as error:
        return Rejected(delivery, error.reason, str(error))
    if topic.kind is Kind.STATUS:
        return Unread(delivery, topic, delivery.size)
    return _read(delivery, topic)


def read(message: Arrived) -> Decoded:
    """Read what is not read yet. Never raises."""
    return _read(message.delivery, message.topic) if isinstance(message, Unread) else message


def decode(delivery: Delivery) -> Decoded:
    """Read a message and check that it belongs to the device its topic names. Never raises."""
    return read(admit(delivery))


def _read(delivery: Delivery, topic: Topic) -> Decoded:
    shard, device, kind = topic
    try:
        message = _said(kind, device, delivery.payload)
    except ProtocolError as error:
        receipt = _receipt_of(device, kind, delivery.payload)
        return Rejected(delivery, error.reason, str(error), receipt)
    except Exception as error:  # one message that trips us up must not keep all others out
        logger.exception("a message on %s cannot be read", delivery.topic)
        receipt = _receipt_of(device, kind, delivery.payload)
        return Rejected(delivery, DEFECT, repr(error), receipt)
    if kind is Kind.STATUS:
        return Accepted(delivery, shard, device, kind, message)
    return Accepted(
        delivery,
        shard,
        device,
        kind,
        message,
        urgent=kind in _URGENT,
        ahead=kind in AHEAD,
        receipt=Receipt(device, message.outbox, message.seq) if kind in RELIABLE else None,
    )


def _said(kind: Kind, device: str, payload: bytes) -> Any:
    """Return a message of a device. Raises ProtocolError."""
    if kind is Kind.STATUS:
        message: Any = decode_status(payload, device)
    else:
        message = decode_payload(kind, payload)
    if message.device != device:
        raise IdentityError(f"{message.device!r} wrote on the topic of {device!r}")
    return message


@lru_cache(TOPICS_REMEMBERED)
def _upward(name: str) -> Topic:
    topic = parse_topic(name)
    if topic.kind in FOR_REGISTRAR:
        raise TopicError(f"{topic.kind.value} is for the registrar")
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
