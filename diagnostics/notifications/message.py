"""A message on its way out, and the port that senders implement."""

from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct


class Outgoing(Struct, frozen=True, kw_only=True):
    """A claimed message. ``attempts`` counts this one; ``ticket_open`` as it was at the claim."""

    notification_id: int
    dedup_key: str
    recipient: str
    payload: dict[str, Any]
    created_at: datetime
    attempts: int
    ticket_open: bool


class SendError(Exception):
    """The message did not get through. ``needless``: nobody wants it, which is no failure."""

    def __init__(self, text: str, *, needless: bool = False) -> None:
        super().__init__(text)
        self.needless = needless


class Sender(Protocol):
    """One way out."""

    channel: str

    async def send(self, message: Outgoing, now: datetime) -> None:
        """Send ``message``, at least once.

        Raises:
            SendError: it was not taken.
        """

    async def close(self) -> None:
        """Give back connections."""
