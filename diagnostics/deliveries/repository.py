"""Commissions in the database: the only place that knows their SQL.

Nothing here commits: every function runs inside the caller's transaction.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from diagnostics.deliveries.errors import CommissionNotFound
from diagnostics.deliveries.life import Dossier, clock_events, commission_of
from diagnostics.deliveries.model import Commission, Event, Head
from diagnostics.queries import load
from diagnostics.tickets.terms import Terms

Connection = AsyncConnection[Any]
_SQL = load("diagnostics.deliveries")


async def lock(conn: Connection, commission_id: int) -> Dossier:
    """Read all that is written about a commission, and lock it until the transaction ends.

    Raises:
        CommissionNotFound: there is none with that number.
    """
    if await one(conn, "lock_commission", {"commission_id": commission_id}) is None:
        raise CommissionNotFound(commission_id)
    return await read(conn, commission_id)


async def read(conn: Connection, commission_id: int) -> Dossier:
    """Read all that is written about a commission.

    Raises:
        CommissionNotFound: there is none with that number.
    """
    row = await one(conn, "read_commission", {"commission_id": commission_id})
    if row is None:
        raise CommissionNotFound(commission_id)
    contracts = row.pop("contracts") or ()
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL["events"], {"commission_id": commission_id})
        events = await cursor.fetchall()
    return Dossier(
        head=msgspec.convert(row, Head),
        events=tuple(msgspec.convert(each, Event) for each in events),
        contracts=msgspec.convert(contracts, tuple[Terms, ...]),
    )


async def write(
    conn: Connection, dossier: Dossier, events: Iterable[Event], now: datetime
) -> tuple[Dossier, Commission]:
    """Write ``events`` into the log of a locked commission, with the warnings and breaches due."""
    longer = dossier.plus(events)
    longer = longer.plus(clock_events(longer, now))
    stands = commission_of(longer, now)
    columns = msgspec.structs.asdict(stands)
    for name in ("clocks", "delays"):
        del columns[name]
    await conn.execute(_SQL["update_commission"], columns | {"now": now})
    for event in longer.events[len(dossier.events) :]:
        await conn.execute(
            _SQL["insert_event"],
            {
                "commission_id": stands.commission_id,
                "number": event.number,
                "at": event.at,
                "happened_at": event.happened_at,
                "actor": event.actor,
                "kind": event.kind.value,
                "detail": Jsonb(event.detail),
                "request_id": event.request_id,
            },
        )
    return longer, stands


async def claim_clock(conn: Connection, now: datetime) -> int | None:
    """Lock the commission whose clocks are due first and return its number."""
    row = await one(conn, "claim_clock", {"now": now})
    return row["commission_id"] if row else None


async def postpone_clock(conn: Connection, commission_id: int, until: datetime) -> None:
    """Look at a commission's clocks again then, and not before."""
    await run(conn, "postpone_clock", {"commission_id": commission_id, "until": until})


async def insert(conn: Connection, columns: dict[str, Any]) -> int | None:
    """Store a new commission and return its number; None: there is no such client."""
    row = await one(conn, "insert_commission", columns)
    return row["commission_id"] if row else None


async def insert_file(
    conn: Connection,
    commission_id: int,
    *,
    kind: str,
    name: str,
    media_type: str,
    content: bytes,
    actor: str,
    now: datetime,
) -> int | None:
    """Store a file; None: it is there already."""
    row = await one(
        conn,
        "insert_file",
        {
            "commission_id": commission_id,
            "kind": kind,
            "name": name,
            "media_type": media_type,
            "sha256": hashlib.sha256(content).digest(),
            "bytes": len(content),
            "content": content,
            "actor": actor,
            "now": now,
        },
    )
    return row["file_id"] if row else None


async def one(conn: Connection, name: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
    """Run a statement and return its first row."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL[name], parameters)
        return await cursor.fetchone()


async def run(conn: Connection, name: str, parameters: dict[str, Any]) -> None:
    """Run a statement that returns nothing."""
    await conn.execute(_SQL[name], parameters)
