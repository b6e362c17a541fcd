"""Ways, quiet hours, webhooks and deliveries, as told to the outside."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from api.rota.schemas import WallTime
from api.schema import Document, Input, Time

Name = Annotated[str, Field(max_length=60)]


class WayKind(StrEnum):
    """By what: a mail, a browser, or SMS, telephone and chat through Apprise."""

    EMAIL = "email"
    PUSH = "push"
    APPRISE = "apprise"


class Way(Document):
    """One of one's ways. Of addresses that hold secrets only the beginning is told."""

    number: int
    kind: WayKind
    name: str
    address: str
    rank: int = Field(description="The lowest is tried first.")
    enabled: bool
    ended_because: str | None = Field(description="Why the platform switched it off, if it did.")


class QuietHours(Document):
    """Times on the wall in the Netherlands. Emergencies do not heed them."""

    begins: WallTime
    ends: WallTime = Field(description="On the next day, unless it is later than the beginning.")


class Ways(Document):
    """How one can be reached."""

    items: list[Way]
    quiet_hours: QuietHours | None
    push_key: str | None = Field(
        description="Public key to subscribe a browser with; null: there is no push here."
    )


class NewWay(Input):
    """A way to be added behind the others."""

    kind: WayKind
    name: Name = ""
    address: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="E-mail address, push subscription as JSON, or address of Apprise."
    )


class WayChange(Input):
    """What is to be otherwise."""

    name: Name | None = None
    enabled: bool | None = None


class WayOrder(Input):
    """All ways, the first one first."""

    numbers: Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(max_length=50)]


class NewQuietHours(Input):
    """When to be left alone."""

    begins: WallTime
    ends: WallTime


class Webhook(Document):
    """Another system that hears of events."""

    number: int
    name: str
    url: str
    event_types: list[str] = Field(description="Empty: all.")
    municipality: str | None = Field(description="CBS code; null: all.")
    enabled: bool
    ended_because: str | None
    created_at: Time


class Webhooks(Document):
    """All of them."""

    items: list[Webhook]


class NewWebhook(Input):
    """A receiver of CloudEvents."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    url: Annotated[str, Field(min_length=8, max_length=500)]
    event_types: Annotated[
        list[Annotated[str, Field(pattern=r"^nl\.liftwacht\.[a-z_.]+$", max_length=80)]],
        Field(max_length=50, default_factory=list),
    ]
    municipality: Annotated[str | None, Field(pattern=r"^GM[0-9]{4}$")] = None


class Secret(Document):
    """What signs the events: told once."""

    number: int
    secret: str


class WebhookSwitch(Input):
    """On or off."""

    enabled: bool


class Attempt(Document):
    """One attempt to deliver something."""

    number: int
    at: Time
    outcome: str = Field(description="`delivered`, `failed`, `refused` or `needless`.")
    proof: dict[str, Any] = Field(description="What the other side answered.")
    error: str | None


class TestMessage(Document):
    """A test, and what became of it so far."""

    __test__ = False  # says pytest

    message: int
    delivered_at: Time | None
    given_up_at: Time | None
    next_attempt_at: Time | None
    attempts: list[Attempt]


class Sent(Document):
    """That a test is on its way."""

    message: int


class Delivery(Document):
    """A message about a ticket: to whom, by what, and how each attempt ended."""

    message: int
    channel: str
    recipient: str
    person: str | None
    target: str | None
    asks: str | None
    created_at: Time
    delivered_at: Time | None
    next_attempt_at: Time | None
    given_up_at: Time | None
    attempts: list[Attempt]


class Deliveries(Document):
    """All messages about a ticket, in the order in which they were written."""

    items: list[Delivery]
