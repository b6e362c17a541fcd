"""Readings and troubles in the database. Nothing here commits."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from diagnostics import queries
from diagnostics.vigil.judgement import OVERDUE_AFTER, SILENT_AFTER, Readings
from diagnostics.vigil.paging import Step, Trouble

Connection = AsyncConnection[Any]

_SQL = queries.load("diagnostics.vigil")


async def claim(conn: Connection) -> bool:
    """Return whether nobody else is at it, until the transaction ends."""
    cursor = await conn.execute(_SQL["claim"])
    row = await cursor.fetchone()
    return bool(row and row[0])


async def readings(conn: Connection, now: datetime, *, test_due_since: datetime) -> Readings:
    """Return what the parts left behind."""
    where = {"alive_since": now - SILENT_AFTER, "overdue_before": now - OVERDUE_AFTER}
    (row,) = await queries.rows(conn, _SQL["readings"], where)
    return msgspec.convert({**row, "test_due_since": test_due_since}, Readings)


async def troubles(conn: Connection) -> list[Trouble]:
    """Return what is known to be ill."""
    return [msgspec.convert(row, Trouble) for row in await queries.rows(conn, _SQL["troubles"], {})]


async def apply(conn: Connection, step: Step, now: datetime) -> None:
    """Write down what is done about a part."""
    if step.trouble is None:
        await conn.execute(_SQL["begin"], {"part": step.part, "detail": step.detail, "now": now})
        return
    await conn.execute(
        _SQL["go_on"],
        {
            "trouble_id": step.trouble.trouble_id,
            "detail": step.detail,
            "paged": step.stage is not None and not step.ended,
            "ended": step.ended,
            "now": now,
        },
    )


async def odd(conn: Connection, since: datetime) -> list[dict[str, Any]]:
    """Return what an administrator must hear of: kind, device (or None) and day."""
    return await queries.rows(conn, _SQL["odd"], {"since": since})
