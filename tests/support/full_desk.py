"""A desk at work for years: many aids and tickets, written by the set. No trigger runs, no key is
checked."""

from datetime import datetime

from diagnostics.queries import load
from ingest.storage.pool import connect

STATEMENTS = load("tests.support", "full_desk.sql")
# What the desk looks at, by a name of what it shows.
PAGES = {
    "board": "/",
    "tickets": "/tickets",
    "tickets, all, by aid": "/tickets?status=all&q=sl-0123",
    "tickets, open, none found": "/tickets?q=zzzz",
    "tickets, of very many aids": "/tickets?status=all&q=sl-0",
    "tickets, terms near": "/tickets?soon=true",
    "tickets, closed, of a municipality": "/tickets?status=closed&municipality=GM0532",
    "search, aid": "/search?q=sl-0123",
    "search, client": "/search?q=c-001234",
    "search, postcode": "/search?q=1621",
    "search, name": "/search?q=bakker",
    "map": "/map",
    "device": "/devices/sl-000520",
    "rota": "/rota",
}


def fill(url: str, *, aids: int, open_tickets: int, closed_tickets: int, now: datetime) -> None:
    """Fill a migrated, empty database, and let it be analysed.

    ``aids`` has no divisor of 19, and at least as many as ``open_tickets``: each has its own aid.
    """
    sizes = {"aids": aids, "open": open_tickets, "closed": closed_tickets, "now": now}
    with connect(url, application="seed") as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in STATEMENTS.values():
            connection.execute(statement, sizes)


def pages(url: str) -> dict[str, str]:
    """Return ``PAGES``, and the newest tickets of a filled database."""
    with connect(url, application="seed") as connection:
        newest = connection.execute(
            "SELECT kind, max(ticket_id) FROM ticket"
            " WHERE kind IN ('emergency', 'repair') AND dedup_key IS NOT NULL GROUP BY kind"
        ).fetchall()
    return PAGES | {f"ticket, {kind}": f"/tickets/{ticket_id}" for kind, ticket_id in newest}
