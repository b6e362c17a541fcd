"""What an aid said, and when it reached the platform: the common tongue of brokerless runs."""

from typing import NamedTuple

from gateway.protocol.messages import Upward
from gateway.protocol.topics import Kind


class Said(NamedTuple):
    """One message. ``received_ms`` is true wall time, milliseconds since 1970."""

    received_ms: int
    device: str
    kind: Kind
    message: Upward
