"""The data line between a modem and the platform, which may fail at any moment.

A line that is interrupted goes without a goodbye, so that the last will of the modem is published:
by the broker in a live run, by the line itself where there is no broker.
"""

from collections.abc import Callable
from typing import Protocol

from gateway.link import Link
from gateway.protocol.topics import Kind
from gateway.uplink import Listener, Uplink


class Line(Uplink, Protocol):
    """An uplink that can be interrupted and restored from outside."""

    def interrupt(self) -> None:
        """Lose the connection now, and make no other until ``restore``."""

    def restore(self) -> None:
        """Let it connect again."""


class MqttLine(Link):
    """The gateway's own link to a real broker, over a line that can fail."""

    _down = False

    def interrupt(self) -> None:
        """Close the socket without a word: the broker publishes the will."""
        if self._down or self._state == "closed":
            return
        self._down = True
        was_connected = self._state == "connected"
        self._drop_client()
        self._state = "idle"
        if was_connected and self._listener is not None:
            self._listener.disconnected()

    def restore(self) -> None:
        """Dial again."""
        if self._down:
            self._down = False
            if self._listener is not None and self._state == "idle":
                self._dial()

    def _dial(self) -> None:
        if not self._down:
            super()._dial()


class DirectLine:
    """A line straight into a function, for runs without a broker."""

    def __init__(self, sink: Callable[[Kind, bytes], None]) -> None:
        self._sink = sink
        self._listener: Listener | None = None
        self._down = False
        self._closed = False
        self._will = b""

    @property
    def is_connected(self) -> bool:
        """Whether messages get through."""
        return self._listener is not None and not self._down and not self._closed

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def open(self, listener: Listener) -> None:
        """Connect, if the line is up."""
        self._listener = listener
        if not self._down:
            self._connect(resumed=False)

    def publish(self, kind: Kind, payload: bytes, delivered: Callable[[bool], None]) -> bool:
        """Hand ``payload`` to the sink, which cannot refuse it."""
        if not self.is_connected:
            return False
        self._sink(kind, payload)
        delivered(True)  # noqa: FBT003 - the port's own word
        return True

    def hurry(self) -> None:
        """Nothing to hurry: it is up, or it is not."""

    def reconnect(self, why: str) -> None:  # noqa: ARG002 - the port's
        """Go down and come up again."""
        if self.is_connected:
            self.interrupt()
            self.restore()

    def close(self, farewell: bytes) -> None:
        """Hand over the farewell and be closed."""
        if self.is_connected:
            self._sink(Kind.PRESENCE, farewell)
        self._closed = True

    def cut(self) -> None:
        """Be gone for good; the will is told at once."""
        if self.is_connected:
            self._sink(Kind.PRESENCE, self._will)
        self._closed = True

    def interrupt(self) -> None:
        """Go down; the will is told at once."""
        if self._down or self._closed:
            return
        connected = self.is_connected
        self._down = True
        if connected and self._listener is not None:
            self._sink(Kind.PRESENCE, self._will)
            self._listener.disconnected()

    def restore(self) -> None:
        """Come up again."""
        if self._down:
            self._down = False
            if self._listener is not None and not self._closed:
                self._connect(resumed=True)

    def _connect(self, *, resumed: bool) -> None:
        assert self._listener is not None  # noqa: S101 - open has set it
        self._will = self._listener.last_will()
        self._listener.connected(resumed=resumed)
