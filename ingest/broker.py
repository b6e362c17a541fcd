"""Where the MQTT broker is, how to prove who we are, and what to ask it for."""

import ssl
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from gateway.protocol.topics import FOR_REGISTRAR, PREFIX, SHARD_COUNT, UPWARD, subscription


class Shards(Struct, frozen=True):
    """A range of shards, ends included."""

    first: int
    last: int

    def __str__(self) -> str:
        """Return the range as it stands in names."""
        return f"{self.first:02d}-{self.last:02d}"


class Address(Struct, frozen=True):
    """Where the broker is, and how to prove who we are."""

    host: str
    port: int
    tls: ssl.SSLContext | None


def address(
    url: str, *, ca: Path | None = None, certificate: Path | None = None, key: Path | None = None
) -> Address:
    """Return the address behind ``mqtt://host:port`` or ``mqtts://host:port``.

    Raises:
        ValueError: another kind of URL, or mqtts without ``ca``, ``certificate`` and ``key``.
        OSError: one of these files cannot be read.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise ValueError(f"not an address of a broker: {url!r}")
    if parts.scheme == "mqtt":
        return Address(parts.hostname, parts.port or 1883, None)
    return Address(parts.hostname, parts.port or 8883, context(ca, certificate, key))


def context(ca: Path | None, certificate: Path | None, key: Path | None) -> ssl.SSLContext:
    """Return how to know the other side by ``ca``, and to be known by ``certificate``.

    Raises:
        ValueError: one of them is missing.
        OSError: one of these files cannot be read.
    """
    if ca is None or certificate is None or key is None:
        raise ValueError("mqtts and tls need a CA, a certificate and a key")
    made = ssl.create_default_context(cafile=str(ca))
    made.load_cert_chain(certificate, key)
    return made


ALL_SHARDS: Final = Shards(0, SHARD_COUNT - 1)


def filters(shards: Shards) -> list[str]:
    """Return what to subscribe to for a range of shards: only what comes from devices."""
    kinds = sorted(kind.value for kind in UPWARD - FOR_REGISTRAR)
    if shards == ALL_SHARDS:
        return [f"{PREFIX}/+/+/{kind}" for kind in kinds]
    each = range(shards.first, shards.last + 1)
    return [subscription(shard, kind) for shard in each for kind in kinds]
