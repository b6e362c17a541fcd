"""Where messages travel: ``liftwacht/v1/{shard}/{device}/{kind}``.

The shard is fixed by the device's name, so that every party finds the same one without asking.
It is the unit of order and of scale: workers take shards, never single devices.
"""

import re
import zlib
from enum import StrEnum
from typing import NamedTuple

from gateway.protocol.errors import TopicError

PREFIX = "liftwacht/v1"
SHARD_COUNT = 64
DEVICE_NAME_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{1,30}[a-z0-9])$"

_DEVICE_NAME = re.compile(DEVICE_NAME_PATTERN)


class Kind(StrEnum):
    """What a message is about; the last level of its topic."""

    STATUS = "status"
    FAULT = "fault"
    USAGE = "usage"
    CONDITION = "condition"
    CALL = "call"
    REPLY = "reply"
    PRESENCE = "presence"
    ACK = "ack"
    COMMAND = "command"
    IDENTITY = "identity"
    FETCH = "fetch"


UPWARD = frozenset(
    {
        Kind.STATUS,
        Kind.FAULT,
        Kind.USAGE,
        Kind.CONDITION,
        Kind.CALL,
        Kind.REPLY,
        Kind.PRESENCE,
        Kind.IDENTITY,
        Kind.FETCH,
    },
)
# What a modem asks for itself: for the registrar and nobody else, ingest does not store it.
FOR_REGISTRAR = frozenset({Kind.IDENTITY, Kind.FETCH})
DOWNWARD = frozenset({Kind.ACK, Kind.COMMAND})
# Kept on the modem's disk until the platform itself acknowledges them.
RELIABLE = frozenset({Kind.FAULT, Kind.USAGE, Kind.CONDITION, Kind.CALL, Kind.REPLY})


class Topic(NamedTuple):
    """A parsed topic. ``shard`` is the one the topic names, right or wrong."""

    shard: int
    device: str
    kind: Kind


def is_device_name(name: str) -> bool:
    """Tell whether ``name`` may be a device's: 3 to 32 of a-z, 0-9 and inner hyphens."""
    return _DEVICE_NAME.fullmatch(name) is not None


def shard_of(device: str) -> int:
    """Return the shard (0 to 63) of a device name: CRC-32 modulo 64, the same in any language."""
    return zlib.crc32(device.encode()) % SHARD_COUNT


def topic_of(device: str, kind: Kind) -> str:
    """Return the topic for messages of ``kind`` from or to ``device``."""
    return f"{PREFIX}/{shard_of(device):02d}/{device}/{kind.value}"


def parse_topic(topic: str) -> Topic:
    """Take a topic apart.

    Raises:
        TopicError: not one of ours, an unknown kind, or a shard that is not the device's.
    """
    if not topic.startswith(PREFIX + "/"):
        raise TopicError(f"topic outside {PREFIX}: {topic!r}")
    parts = topic[len(PREFIX) + 1 :].split("/")
    if len(parts) != 3:
        raise TopicError(f"topic has {len(parts)} levels after {PREFIX}, expected 3: {topic!r}")
    shard_text, device, kind_text = parts
    if not is_device_name(device):
        raise TopicError(f"not a device name: {device!r}")
    try:
        kind = Kind(kind_text)
    except ValueError:
        raise TopicError(f"unknown kind of message: {kind_text!r}") from None
    if shard_text != f"{shard_of(device):02d}":
        raise TopicError(f"shard {shard_text!r} is not the shard of {device!r}")
    return Topic(shard_of(device), device, kind)


def subscription(shard: int, kinds: str = "+") -> str:
    """Return the topic filter for one shard, of one kind or (default) of all."""
    return f"{PREFIX}/{shard:02d}/+/{kinds}"
