"""What the live stream says."""

from enum import StrEnum

from api.schema import Document


class EventName(StrEnum):
    """What happened.

    ``refresh``: something may have been missed, read everything again. ``interrupted``: changes do
    not reach us for now; a ``refresh`` follows when they do. ``alive``: nothing, every ten seconds.
    """

    TICKET = "ticket"
    DEVICE = "device"
    HEALTH = "health"
    REFRESH = "refresh"
    INTERRUPTED = "interrupted"
    ALIVE = "alive"


class Change(Document):
    """The data of an event: which ticket, device or state; nothing for the others."""

    ticket: int | None = None
    device: str | None = None
    state: str | None = None
