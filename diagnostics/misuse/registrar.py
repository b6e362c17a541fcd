"""Makes cases of what detectors found, and reminds municipalities that have not decided.

It looks at findings as they are stored, so a restart loses none; rows are locked one by one and
skipped by others, so that any number of engines may do it.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg

from diagnostics.misuse import repository, service
from diagnostics.misuse.commands import EndSignal, Remind
from diagnostics.misuse.model import Source
from diagnostics.misuse.repository import Connection
from diagnostics.tickets.commands import By
from diagnostics.turns import in_turn
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

INTERVAL_S: Final = 10.0
AT_ONCE: Final = 50
ACTOR: Final = "system:misuse"
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=6)
_DOUBLINGS: Final = 16  # by then it is the longest by far
# When one that could not be read is tried again.
_LATER: Final = timedelta(minutes=30)


class Registrar:
    """Works until cancelled.

    Args:
        database_url: where the findings are.
        name: of this process.
        now: the platform's clock.
    """

    def __init__(self, database_url: str, *, name: str, now: Callable[[], datetime]) -> None:
        self._database_url = database_url
        self._name = name
        self._now = now

    async def run(self) -> None:
        """Run until cancelled. A database that goes away is waited for."""
        trouble = Trouble(logger, "database")
        while True:
            try:
                application = f"{self._name}-misuse"
                async with await connect_async(
                    self._database_url, application=application, lapses=True
                ) as conn:
                    while True:
                        await register(conn, now=self._now())
                        await remind(conn, now=self._now())
                        trouble.over()
                        await asyncio.sleep(INTERVAL_S)
            except psycopg.Error as error:
                await asyncio.sleep(trouble.failed(error))


async def register(conn: Connection, *, now: datetime) -> int:
    """Bring cases up to date with what is found; return how many signals there were."""
    count = 0
    async with conn.transaction():
        for finding in await repository.due_signals(conn, AT_ONCE, now):
            count += await _alone(conn, finding, _signal, now)
        for over in await repository.signals_over(conn, AT_ONCE, now):
            await _alone(conn, over, _end, now)
    return count


async def remind(conn: Connection, *, now: datetime) -> int:
    """Remind municipalities of what is due; return of how many cases."""
    by = By(actor=ACTOR, now=now)
    return await in_turn(
        conn,
        claim=lambda: repository.claim_reminder(conn, now),
        work=lambda number: service.carry_out(conn, number, Remind(), by),
        postpone=lambda number: repository.postpone_reminder(conn, number, now + _LATER),
        at_most=AT_ONCE,
        logger=logger,
        failed="case %d: nobody can be reminded of it",
    )


async def _alone(
    conn: Connection, row: Mapping[str, Any], do: Callable[..., Any], now: datetime
) -> bool:
    """Do something with one finding; its odd values must not stop the others.

    One that fails is tried again ever more seldom, and is on the page of health meanwhile.
    """
    finding = row["finding_id"]
    try:
        async with conn.transaction():
            await do(conn, row, now)
    except psycopg.OperationalError:
        raise  # the database itself is away
    except Exception as error:
        # Whatever is in one finding: the others are somebody's as well.
        logger.exception("finding %d cannot be brought into a case", finding)
        attempts = 1 + (row["attempts"] or 0)
        again_at = now + postponed_by(attempts)
        await repository.postpone_finding(
            conn, finding, attempts=attempts, again_at=again_at, error=str(error)
        )
        return False
    if row["attempts"] is not None:
        await repository.forget_trouble(conn, finding)
    return True


def postponed_by(attempts: int) -> timedelta:
    """Return how long a finding waits after so many failures: twice as long each time."""
    return min(_FIRST_WAIT * (1 << min(attempts - 1, _DOUBLINGS)), _LONGEST_WAIT)


async def _signal(conn: Connection, finding: Mapping[str, Any], now: datetime) -> None:
    case = await service.signal(
        conn,
        finding["device_id"],
        finding["what"],
        source=Source.DETECTOR,
        since=min(finding["since"], now),
        detail={
            "detector": finding["detector"],
            "detector_version": finding["detector_version"],
            "finding": finding["finding_id"],
            "found_at": finding["found_at"].isoformat(),
            "confidence": finding["confidence"],
            "reasons": finding["reasons"],
            "otherwise": finding["otherwise"],
        },
        by=By(actor=f"system:{finding['detector']}", now=now),
    )
    await repository.link_finding(conn, finding["finding_id"], case.case_id)
    logger.info("device %s: case %d: %s", finding["device"], case.case_id, case.kind)


async def _end(conn: Connection, row: Mapping[str, Any], now: datetime) -> None:
    by = By(actor=ACTOR, now=now)
    await service.carry_out(conn, row["case_id"], EndSignal(finding=row["finding_id"]), by)
