"""What is certain to need repair becomes tickets: load → decide → apply, again and again.

It looks at findings as they are stored, not at the step that found them, so a restart loses nothing
and any number of engines may run. While an emergency of the same aid is open,
released or not, its mechanic takes the repair along: one visit, one ticket. What is left of it
afterwards gets its own.
"""

import logging
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from diagnostics import store
from diagnostics.queries import load
from diagnostics.tickets import repository, service

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

_SQL = load("diagnostics", "repairs.sql")
AT_ONCE: Final = 50


async def follow_up(conn: Connection, *, now: datetime) -> int:
    """Bring tickets of repairs up to date with what is found; return how many were opened."""
    opened = 0
    async with conn.transaction():
        for finding in await _rows(conn, "due_repairs"):
            try:
                async with conn.transaction():
                    opened += await _act(conn, finding, now)
            except psycopg.OperationalError:
                raise  # the database itself is away
            except Exception:
                # One finding's odd values must not stop the others.
                logger.exception("finding %d: no repair can be opened", finding["finding_id"])
        for ticket in await _rows(conn, "repairs_over"):
            await service.repair_all_clear(conn, ticket["ticket_id"], now)
    return opened


async def _act(conn: Connection, finding: dict[str, Any], now: datetime) -> bool:
    """Open the repair, or have it go with what is open already; return whether it was opened."""
    if finding["ticket_id"] is not None:
        await service.repair_worse(conn, finding["ticket_id"], now)
        return False
    emergency = await repository.find_mechanics(conn, finding["device_id"])
    if emergency is not None:
        await store.link_finding(conn, finding["finding_id"], emergency)
        return False
    opening = await service.open_repair(
        conn,
        finding["device_id"],
        finding["what"],
        usable=finding["usable"],
        actor=f"system:{finding['detector']}",
        detail={
            "finding": finding["finding_id"],
            "reasons": finding["reasons"],
            "evidence": finding["evidence"],
        },
        evidence_at=finding["found_at"],
        since=finding["since"],
        now=now,
    )
    if opening.created:
        logger.info("device %s: repair: %s", finding["device"], finding["what"])
    await store.link_finding(conn, finding["finding_id"], opening.ticket.ticket_id)
    return opening.created


async def _rows(conn: Connection, name: str) -> list[dict[str, Any]]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL[name], {"limit": AT_ONCE})
        return await cursor.fetchall()
