"""Runs a search."""

from collections.abc import Collection
from typing import NamedTuple

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


async def search(connection: Connection, wanted: Wanted, *, clients: Collection[int] = ()) -> Found:
    """Return aids and the ticket that ``wanted`` means; ``clients`` are those found otherwise."""
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
