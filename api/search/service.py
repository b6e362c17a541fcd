"""Runs a search."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from api.accounts.principal import Principal
from api.accounts.roles import Permission
from api.contacts import service as contacts
from api.queries import Connection, Row, row, rows
from api.search.words import Wanted
from diagnostics.queries import load

QUERIES = load("api.search")
LISTED = 50


class Found(NamedTuple):
    """What there is. ``ticket``: the number, if that was asked for and exists."""

    aids: list[Row]
    ticket: int | None
    more: bool


async def clients(
    connection: Connection, who: Principal, wanted: Wanted, *, now: datetime
) -> list[str]:
    """Return the numbers of clients by their telephone, postcode with letters, or name."""
    if not who.may(Permission.READ_CONTACTS):
        return []
    phone = wanted.phone or ""
    postcode = f"{wanted.postcode4}{wanted.letters}" if wanted.letters else ""
    name = wanted.text if wanted.name else ""
    if not (phone or postcode or name):
        return []
    found = await contacts.find(connection, who, now=now, phone=phone, postcode=postcode, name=name)
    return [each.client_number for each in found]


async def search(connection: Connection, wanted: Wanted, *, clients: Collection[str] = ()) -> Found:
    """Return aids and the ticket that ``wanted`` means; ``clients``: numbers found otherwise."""
    ticket = None
    if wanted.ticket is not None:
        found = await row(connection, QUERIES["ticket"], {"ticket_id": wanted.ticket})
        ticket = found["ticket_id"] if found else None
    aids = await rows(
        connection,
        QUERIES["aids"],
        {
            "pattern": _pattern(wanted.beginning),
            "postcode4": wanted.postcode4,
            "clients": list(clients),
            "limit": LISTED + 1,
        },
    )
    return Found(list(aids[:LISTED]), ticket, more=len(aids) > LISTED)


def _pattern(beginning: str | None) -> str | None:
    if beginning is None:
        return None
    escaped = beginning.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"
