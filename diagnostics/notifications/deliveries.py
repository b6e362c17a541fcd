"""What was sent for a ticket, to whom, and what shows that it arrived: for people to read."""

from datetime import datetime
from typing import Any

from msgspec import Struct, convert
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from diagnostics.queries import load

_SQL = load("diagnostics.notifications")


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt: ``delivered``, ``failed`` (to be repeated), ``refused`` or ``needless``."""

    number: int
    at: datetime
    outcome: str
    proof: dict[str, Any]
    error: str | None


class Delivery(Struct, frozen=True, kw_only=True):
    """One message.

    Attributes:
        channel: by which it goes; ``person`` is what becomes messages on somebody's ways.
        recipient: a login, an aid, or a number.
        person: the name of the account, if it is for one.
        target: what the way, subscription or centre is called.
        asks: what is asked of a person.
        delivered_at: with proof.
        next_attempt_at: None: it is over.
        given_up_at: it never arrived.
    """

    notification_id: int
    channel: str
    recipient: str
    person: str | None
    target: str | None
    asks: str | None
    created_at: datetime
    delivered_at: datetime | None
    next_attempt_at: datetime | None
    given_up_at: datetime | None
    attempts: list[Attempt]


async def deliveries_of(connection: AsyncConnection[Any], ticket_id: int) -> list[Delivery]:
    """Return every message about a ticket, in the order in which they were written."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL["deliveries"], {"ticket_id": ticket_id})
        rows = await cursor.fetchall()
    return [convert(row, Delivery) for row in rows]
