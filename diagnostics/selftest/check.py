"""What the platform makes of the test lift's calls: written down and closed, without anybody."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from diagnostics.queries import load
from diagnostics.tickets import repository
from diagnostics.tickets import service as tickets
from diagnostics.tickets.model import ReleaseHow

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

_SQL = load("diagnostics.selftest")
ACTOR: Final = "system:self-test"
# By then the lift has heard that help is coming, and said so; else the test failed.
ANSWERED_WITHIN: Final = timedelta(seconds=60)


async def follow_up(conn: Connection, *, now: datetime) -> int:
    """Write down tests that are over, and close their tickets; return how many."""
    ended = 0
    async with conn.transaction():
        for test in await _open(conn):
            age = now - test["opened_at"]
            if test["heard_at"] is None and timedelta(0) <= age < ANSWERED_WITHIN:
                continue
            await conn.execute(_SQL["end"], {**test, "now": now})
            await _close(conn, test["ticket_id"], now)
            ended += 1
    return ended


async def _close(conn: Connection, ticket_id: int, now: datetime) -> None:
    ticket = await repository.lock(conn, ticket_id)
    await tickets.confirm_release(
        conn, ticket_id, ACTOR, ReleaseHow.SELF_TEST, "", now, ticket.version
    )


async def _open(conn: Connection) -> list[dict[str, Any]]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL["open"])
        return await cursor.fetchall()
