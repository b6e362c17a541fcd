"""A message on its way out, and the port that senders implement."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from msgspec import Struct

EMERGENCY_PRIORITY = 1


class Subject(Struct, frozen=True, kw_only=True):
    """The ticket that a message is about, as it was at the claim. Nothing personal of a client."""

    ticket_id: int
    kind: str
    what: str | None
    priority: int | None
    since: datetime
    open: bool
    device: str
    device_kind: str
    postcode4: int


class Outgoing(Struct, frozen=True, kw_only=True):
    """A claimed message.

    Attributes:
        recipient: whom it is for; at any moment one message at most is on its way to each.
        payload: as the channel needs it.
        attempts: counts this one.
        subject: None if it is about no ticket.
        address: where it goes, as the channel's sender understands it; None: nowhere any more.
        language: of the person.
    """

    notification_id: int
    dedup_key: str
    recipient: str
    payload: dict[str, Any]
    created_at: datetime
    attempts: int
    subject: Subject | None = None
    address: dict[str, Any] | None = None
    language: str = "nl"

    @property
    def ticket_open(self) -> bool:
        """Whether its ticket is open."""
        return self.subject is not None and self.subject.open

    @property
    def urgent(self) -> bool:
        """Whether it is about an emergency that is not over."""
        return (
            self.subject is not None
            and self.subject.open
            and self.subject.priority == EMERGENCY_PRIORITY
        )


def asked(payload: Mapping[str, Any]) -> str:
    """Return what a message asks of a person: the way it insists, or what it is about."""
    return str(payload.get("how") or payload.get("kind"))


Proof = Mapping[str, Any]  # what the other side answered, for the log


class SendError(Exception):
    """The message did not get through. Without a flag: try again later.

    Attributes:
        needless: nobody wants it, which is no failure.
        refused: for good: sending the same again is of no use.
        gone: the address is no more; nothing is to be sent there again. Implies ``refused``.
        again_after: the receiver asked for this much time.
    """

    def __init__(
        self,
        text: str,
        *,
        needless: bool = False,
        refused: bool = False,
        gone: bool = False,
        again_after: timedelta | None = None,
    ) -> None:
        super().__init__(text)
        self.needless = needless
        self.refused = refused or gone
        self.gone = gone
        self.again_after = again_after


class Sender(Protocol):
    """One way out. Several messages may be on their way at once, each to another recipient."""

    channel: str

    async def send(self, message: Outgoing, now: datetime) -> Proof:
        """Send ``message``, at least once; return what shows that it was taken.

        Raises:
            SendError: it was not taken.
        """

    async def close(self) -> None:
        """Give back connections."""
