"""How messages come in: the port behind which a broker stands, whichever it is.

What a line delivered and nobody acknowledged comes again, on the next line for the same shards,
whoever opens it. A worker acknowledges after the commit; so between broker and database nothing is
lost, and what comes twice is known by its number.
"""

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from ingest.broker import Address, Shards, filters
from ingest.mqtt.connection import Connection
from ingest.mqtt.packets import Publish
from ingest.mqtt.urgent_first import UrgentFirst


class Line(Protocol):
    """One connection, for as long as it holds. Where it breaks, methods raise ``OSError``."""

    @property
    def unsettled(self) -> int:
        """How many messages were taken that the broker does not know to be stored."""

    async def subscribed(self) -> None:
        """Wait until all that is sent from now on comes here."""

    async def receive(self) -> list[Publish]:
        """Return what has arrived since the last call, in order; wait until there is something."""

    def acknowledge(self, packet_ids: Iterable[int]) -> None:
        """Tell the broker to forget these messages; nothing if the line is gone."""

    def publish(self, topic: str, payload: bytes) -> None:
        """Send a message down; nothing if the line is gone."""

    async def flush(self) -> None:
        """Wait while more is written than the broker takes."""


class Source(Protocol):
    """A broker, to which lines can be opened."""

    def line(self, name: str, shards: Shards, probe: str) -> AbstractAsyncContextManager[Line]:
        """Return a line that opens when it is entered.

        Args:
            name: of the queue at the broker. Whoever opens a line takes the one of the same name
                over: its holder hears nothing more, and all that it left comes here.
            shards: whose messages.
            probe: the topic on which the worker hears itself.
        """

    async def knock(self, name: str) -> None:
        """Connect under a name of nobody else's, and go again.

        Raises:
            OSError: the broker does not let us in.
        """


class Mqtt:
    """An MQTT broker: two persistent sessions for each name, one for what is urgent."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def line(self, name: str, shards: Shards, probe: str) -> UrgentFirst:
        """Return connections that take the sessions of ``name`` over."""
        topics = [*filters(shards), probe]
        return UrgentFirst(self._address, client_id=f"liftwacht-{name}", topics=topics)

    async def knock(self, name: str) -> None:
        """Connect and go again. Raises OSError: the broker does not let us in."""
        async with Connection(self._address, client_id=f"liftwacht-{name}", topics=()):
            pass
