"""Which subject a topic of MQTT is in JetStream, and back. Pure.

``lw.{urgent or telemetry}.{shard}.{r or n}.{topic, level by level}``: who reads some shards filters
by them; ``r`` is what the broker had retained. Probes stand under ``lw.telemetry.probe``. What goes
down to the lifts is ``lw.down.{topic}``, which no stream keeps.
"""

import re
from enum import StrEnum
from typing import Final
from urllib.parse import quote, unquote

from msgspec import Struct

from gateway.protocol.topics import PREFIX, SHARD_COUNT
from ingest.broker import Shards
from ingest.mqtt.urgent_first import is_urgent

DOWN: Final = "lw.down"
PROBES: Final = "liftwacht/probe"
# In characters. No device has a longer topic; what is longer was made up, and would not fit into a
# subject. Its beginning is enough for quarantine.
LONGEST_TOPIC: Final = 128

_SHARD = re.compile(rf"{PREFIX}/([0-9]{{2}})/")
_PLAIN = re.compile(r"[a-zA-Z0-9_-]+(/[a-zA-Z0-9_-]+)*")
_EMPTY = "%"  # a level without a character; else a percent sign has two digits behind it


class Stream(StrEnum):
    """What is kept apart, so that a call waits for no readings."""

    URGENT = "urgent"
    TELEMETRY = "telemetry"


class Place(Struct, frozen=True):
    """What a subject says: where a message was published, and whether the broker had kept it."""

    topic: str
    retain: bool


def stream_name(stream: Stream) -> str:
    """Return the name of a stream in the cluster."""
    return f"liftwacht-{stream.value}"


def kept_in(stream: Stream) -> str:
    """Return the subjects that a stream keeps."""
    return f"lw.{stream.value}.>"


def consumer_name(name: str) -> str:
    """Return the name of the consumer for the queue ``name``."""
    return _level(name)


def filters(stream: Stream, shards: Shards, probe: str) -> list[str]:
    """Return the subjects of ``shards`` in a stream; in that of telemetry, of ``probe`` as well."""
    each = range(shards.first, shards.last + 1)
    found = [f"lw.{stream.value}.{shard:02d}.>" for shard in each]
    if stream is Stream.TELEMETRY:
        found.append(subject_of(probe, retain=False))
    return found


def subject_of(topic: str, *, retain: bool) -> str:
    """Return the subject for what was published on ``topic``, whatever stands in it.

    What names no shard goes with the first: it will end in quarantine.
    """
    stream = Stream.URGENT if is_urgent(topic) else Stream.TELEMETRY
    kept = "r" if retain else "n"
    return f"lw.{stream.value}.{_group(topic)}.{kept}.{_levels(topic[:LONGEST_TOPIC])}"


def place_of(subject: str) -> Place:
    """Return what was published, by its subject."""
    _, _, _, kept, *levels = subject.split(".")
    return Place(_topic(levels), kept == "r")


def downward(topic: str) -> str:
    """Return the subject of a message to a lift."""
    return f"{DOWN}.{_levels(topic)}"


def topic_below(subject: str) -> str:
    """Return the topic of a message to a lift, by its subject."""
    return _topic(subject.removeprefix(f"{DOWN}.").split("."))


def _group(topic: str) -> str:
    if topic.startswith(f"{PROBES}/") and not is_urgent(topic):
        return "probe"
    found = _SHARD.match(topic)
    return found[1] if found and int(found[1]) < SHARD_COUNT else "00"


def _levels(topic: str) -> str:
    if _PLAIN.fullmatch(topic):
        return topic.replace("/", ".")
    return ".".join(_level(level) for level in topic.split("/"))


def _level(text: str) -> str:
    # NATS has a meaning of its own for a dot and for nothing.
    return quote(text, safe="").replace(".", "%2E") or _EMPTY


def _topic(levels: list[str]) -> str:
    return "/".join("" if level == _EMPTY else unquote(level) for level in levels)
