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
    "orders": "/orders",
    "orders, late": "/orders?state=late&kind=delivery",
    "orders, ended, of a client": "/orders?state=ended&q=C-0012",
    "complaints": "/complaints",
    "letters": "/letters",
    "letters, sent": "/letters?sent=yes",
    "satisfaction": "/satisfaction",
    "client": "/clients/C-0001234",
}

# …and a consultant of Hoorn.
PORTAL = {
    "open actions": "/portal",
    "open actions, late repairs": "/portal?group=repair&late=yes",
    "list as a file": "/portal/open.csv",
    "search, aid": "/portal/search?q=sl-0123",
    "search, client": "/portal/search?q=c-001234",
    "figures": "/portal/figures",
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


def portal_pages(url: str) -> dict[str, str]:
    """Return ``PORTAL``, and the file, an order and a complaint of a client of Hoorn."""
    with connect(url, application="seed") as connection:
        found = connection.execute(
            "SELECT client_number, device.name, max(commission.commission_id), complaint_id"
            " FROM complaint JOIN client USING (client_id) JOIN device USING (device_id)"
            " JOIN commission ON commission.device_id = complaint.device_id"
            " WHERE complaint.municipality_code = 'GM0405' GROUP BY 1, 2, 4 LIMIT 1"
        ).fetchone()
    assert found is not None
    client, aid, order, complaint = found
    return PORTAL | {
        "file of a client": f"/portal/clients/{client}",
        "file of an aid": f"/portal/aids/{aid}",
        "file to take along": f"/portal/clients/{client}/file.zip",
        "order": f"/portal/orders/{order}",
        "complaint": f"/portal/complaints/{complaint}",
    }
