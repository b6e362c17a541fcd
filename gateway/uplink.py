"""The port to the platform: what carries bytes there and back.

``gateway.link`` carries them over MQTT. ``DirectUplink`` hands them to a function instead, for
runs without a broker.
"""

from collections.abc import Callable
from typing import Protocol

from gateway.protocol.topics import Kind


class Listener(Protocol):
    """Who uses an uplink, and hears from it. All calls come from the thread that drives it."""

    def last_will(self) -> bytes:
        """Return the presence to publish should the connection that is now made be lost."""

    def connected(self, *, resumed: bool) -> None:
        """There is a connection. ``resumed``: the broker remembers us and what we sent it."""

    def disconnected(self) -> None:
        """The connection is gone; a new one is already being tried."""

    def received(self, kind: Kind, payload: bytes) -> None:
        """Something came down."""


class Uplink(Protocol):
    """Carries messages to the platform, while there is a connection."""

    @property
    def is_connected(self) -> bool:
        """Whether ``publish`` has a chance."""

    def open(self, listener: Listener) -> None:
        """Begin to connect, and keep doing so."""

    def publish(self, kind: Kind, payload: bytes, delivered: Callable[[bool], None]) -> bool:
        """Hand over a message; presence is retained.

        ``delivered`` is called once the other side took it (True) or refused it (False), perhaps
        before this returns, and never if the connection is lost before that. Returns False, and
        does nothing, without a connection.
        """

    def hurry(self) -> None:
        """Somebody needs help: do not wait out a long pause between attempts."""

    def reconnect(self, why: str) -> None:
        """Make another connection, with another last will; nothing without one."""

    def close(self, farewell: bytes) -> None:
        """Publish ``farewell`` as presence if connected, then end the connection."""

    def cut(self) -> None:
        """Be gone without a word, as in a power cut: the last will is published."""

    @property
    def is_closed(self) -> bool:
        """Whether ``close`` has come to its end."""


class DirectUplink:
    """An uplink that is always there: every message goes straight to ``sink``.

    Acknowledgements and commands come back through the agent's ``received``, which ``sink`` may
    call at once.
    """

    def __init__(self, sink: Callable[[Kind, bytes], None]) -> None:
        self._sink = sink
        self._open = False
        self._listener: Listener | None = None

    @property
    def is_connected(self) -> bool:
        """Whether it is open."""
        return self._open

    @property
    def is_closed(self) -> bool:
        """Whether it is not open."""
        return not self._open

    def open(self, listener: Listener) -> None:
        """Be connected from now on."""
        self._open = True
        self._listener = listener
        listener.last_will()  # counts the connection; there is nobody to keep the will
        listener.connected(resumed=False)

    def publish(self, kind: Kind, payload: bytes, delivered: Callable[[bool], None]) -> bool:
        """Hand ``payload`` to the sink, which cannot refuse it."""
        if not self._open:
            return False
        self._sink(kind, payload)
        delivered(True)  # noqa: FBT003 (the port's own word)
        return True

    def hurry(self) -> None:
        """Nothing to hurry."""

    def reconnect(self, why: str) -> None:  # noqa: ARG002 - the port's
        """Be told apart from before."""
        if self._open and self._listener is not None:
            self._listener.last_will()
            self._listener.connected(resumed=True)

    def close(self, farewell: bytes) -> None:
        """Hand over the farewell, and be closed."""
        if self._open:
            self._sink(Kind.PRESENCE, farewell)
            self._open = False

    def cut(self) -> None:
        """Be gone. There is nobody to publish a will: the caller may, with ``last_will``."""
        self._open = False
