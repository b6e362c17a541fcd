"""What the platform makes of the test lift's calls: written down and closed, without anybody."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from diagnostics.queries import load
from diagnostics.tickets import service as tickets
from diagnostics.tickets.commands import By, ConfirmRelease
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
            command = ConfirmRelease(how=ReleaseHow.SELF_TEST, aid_works=True)
            await tickets.carry_out(conn, test["ticket_id"], command, By(actor=ACTOR, now=now))
            ended += 1
    return ended


async def _open(conn: Connection) -> list[dict[str, Any]]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL["open"])
        return await cursor.fetchall()
