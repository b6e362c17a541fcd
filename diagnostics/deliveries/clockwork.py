"""Warnings and breaches of commissions when their time comes; as ``tickets.clockwork``."""

import logging
from datetime import datetime, timedelta
from typing import Final

from diagnostics.deliveries import repository
from diagnostics.deliveries.repository import Connection
from diagnostics.turns import in_turn

logger = logging.getLogger(__name__)

AT_ONCE: Final = 100
# When one that could not be read is tried again.
_LATER: Final = timedelta(minutes=5)


async def tick(conn: Connection, now: datetime) -> int:
    """Write the warnings and breaches that are due; return how many were looked at."""

    async def look(number: int) -> None:
        await repository.write(conn, await repository.read(conn, number), (), now)

    return await in_turn(
        conn,
        claim=lambda: repository.claim_clock(conn, now),
        work=look,
        postpone=lambda number: repository.postpone_clock(conn, number, now + _LATER),
        at_most=AT_ONCE,
        logger=logger,
        failed="commission %d: its clocks cannot be read",
    )
