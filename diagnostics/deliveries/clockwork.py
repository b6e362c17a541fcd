"""Warnings and breaches of commissions when their time comes; as ``tickets.clockwork``."""

import logging
from datetime import datetime, timedelta
from typing import Final

import psycopg

from diagnostics.deliveries import repository
from diagnostics.deliveries.repository import Connection

logger = logging.getLogger(__name__)

AT_ONCE: Final = 100
# One that cannot be read must not stop the others, nor be tried without end.
_LATER: Final = timedelta(minutes=5)


async def tick(conn: Connection, now: datetime) -> int:
    """Write the warnings and breaches that are due; return how many were looked at."""
    looked_at = 0
    while looked_at < AT_ONCE and await _look(conn, now):
        looked_at += 1
    return looked_at


async def _look(conn: Connection, now: datetime) -> bool:
    async with conn.transaction():
        found = await repository.one(conn, "claim_clock", {"now": now})
        if found is None:
            return False
        number = found["commission_id"]
        try:
            async with conn.transaction():
                await repository.write(conn, await repository.read(conn, number), (), now)
        except psycopg.OperationalError:
            raise  # the database itself is away
        except Exception:
            # Whatever is in one log: the others' terms run on.
            logger.exception("commission %d: its clocks cannot be read", number)
            later = {"commission_id": number, "until": now + _LATER}
            await repository.run(conn, "postpone_clock", later)
    return True
