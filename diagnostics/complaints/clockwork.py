"""Warnings before a complaint's term is broken, and breaches, in its log."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from diagnostics.complaints.due import Due, Stands, next_look, words_due
from diagnostics.queries import load
from diagnostics.tickets.calendar import dutch_day
from diagnostics.tickets.terms import Terms, terms_on
from diagnostics.turns import in_turn

logger = logging.getLogger(__name__)

Connection = AsyncConnection[Any]
QUERIES = load("diagnostics.complaints")
AT_ONCE: Final = 100
# When one that could not be read is tried again.
_LATER: Final = timedelta(minutes=5)
_ACTOR: Final = "system:clocks"


async def tick(conn: Connection, now: datetime) -> int:
    """Write the warnings and breaches that are due; return how many were looked at."""

    async def claim() -> int | None:
        found = await one(conn, "claim_clock", {"now": now})
        return found["complaint_id"] if found else None

    async def postpone(complaint_id: int) -> None:
        later = {"complaint_id": complaint_id, "until": now + _LATER}
        await conn.execute(QUERIES["postpone_clock"], later)

    return await in_turn(
        conn,
        claim=claim,
        work=lambda number: look(conn, number, now),
        postpone=postpone,
        at_most=AT_ONCE,
        logger=logger,
        failed="complaint %d: its clocks cannot be read",
    )


async def look(conn: Connection, complaint_id: int, now: datetime) -> None:
    """Write what is due of one complaint, and when to look again; in the caller's transaction."""
    found = await one(conn, "lock", {"complaint_id": complaint_id})
    assert found is not None  # noqa: S101 - whoever calls has just seen it
    terms = await terms_of(conn, found["municipality_code"], found["received_at"])
    stands = Stands(
        Due(found["take_up_due_at"], found["handle_due_at"]),
        found["taken_up_at"],
        found["handled_at"],
    )
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["told"], {"complaint_id": complaint_id})
        told = {(each["kind"], each["target"]) for each in await cursor.fetchall()}
    for word in words_due(stands, terms, now):
        if (word.kind, word.target) not in told:
            detail = {"target": word.target, "due_at": word.due_at.isoformat()}
            await write(conn, complaint_id, word.kind, detail, actor=_ACTOR, at=now)
    wanted = {"complaint_id": complaint_id, "next_clock_at": next_look(stands, terms, now)}
    await conn.execute(QUERIES["clocked"], wanted)


async def terms_of(conn: Connection, municipality_code: str, received_at: datetime) -> Terms:
    """Return the terms that hold for what became known then."""
    found = await one(conn, "terms_of", {"code": municipality_code})
    contracts = msgspec.convert((found and found["contracts"]) or (), tuple[Terms, ...])
    return terms_on(contracts, municipality_code, dutch_day(received_at))


async def write(
    conn: Connection,
    complaint_id: int,
    kind: str,
    detail: dict[str, Any],
    *,
    actor: str,
    at: datetime,
    happened_at: datetime | None = None,
) -> None:
    """Append to a complaint's log."""
    await conn.execute(
        QUERIES["insert_event"],
        {
            "complaint_id": complaint_id,
            "kind": kind,
            "detail": Jsonb(detail),
            "actor": actor,
            "at": at,
            "happened_at": happened_at,
        },
    )


async def one(conn: Connection, name: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
    """Run a statement and return its first row."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES[name], parameters)
        return await cursor.fetchone()
