"""Looks after what is due while the service runs: warnings, reports, what was kept long enough.

Reports are made by a process of their own, at low priority: a large one takes a minute and
hundreds of megabytes, which pages of people in an emergency must not wait for. So is removing.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import psycopg
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from api.breaches import service as breaches
from api.kpi import cases, keeping, watching
from api.privacy import removing
from api.queries import Connection, rows
from api.reports import schedule, service
from api.reports.loading import QUERIES
from api.subjects import service as requests
from diagnostics.tickets.calendar import dutch_day

logger = logging.getLogger(__name__)

INTERVAL: Final = timedelta(minutes=15)
# Not at once: a service that is started again and again has more urgent things to do.
_FIRST_AFTER: Final = timedelta(minutes=2)
_TIME_OUT: Final = "SET LOCAL statement_timeout = '60s'"
_TURN: Final = "SELECT pg_try_advisory_xact_lock(hashtext('liftwacht-clerk'))"


class Clerk:
    """Looks every quarter of an hour, in one of the processes at a time."""

    def __init__(
        self,
        pool: AsyncConnectionPool[Connection],
        *,
        database_url: str,
        now: Callable[[], datetime],
    ) -> None:
        self._pool = pool
        self._database_url = database_url
        self._now = now

    async def run(self) -> None:
        """Run until cancelled."""
        await asyncio.sleep(_FIRST_AFTER.total_seconds())
        while True:
            try:
                async with self._pool.connection() as connection, connection.transaction():
                    due = await look(connection, self._now())
                    over = await removing.due(connection, self._now())
                if due:
                    await self._start("reports", "run")
                if over:
                    await self._start("retention", "run")
            except (psycopg.Error, PoolTimeout, OSError) as error:
                logger.warning("the contract's figures have to wait: %s", error)
            except Exception:
                # Whatever is in one indicator or one row: the next look may do better.
                logger.exception("the contract's figures cannot be looked at")
            await asyncio.sleep(INTERVAL.total_seconds())

    async def _start(self, *command: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "api", *command),
            env={**os.environ, "LIFTWACHT_DATABASE_URL": self._database_url},
            stdin=asyncio.subprocess.DEVNULL,
            preexec_fn=_yielding,
        )
        try:
            if await process.wait():
                logger.error("%s failed (exit %d)", " ".join(command), process.returncode)
        except asyncio.CancelledError:
            process.terminate()
            raise


def _yielding() -> None:
    os.nice(10)


async def look(connection: Connection, now: datetime) -> bool:
    """Warn of targets at risk and of reports that are not there; return whether any is due.

    Does nothing while another process is at it.
    """
    await connection.execute(_TIME_OUT)
    turn = await (await connection.execute(_TURN)).fetchone()
    if turn is None or not turn[0]:
        return False
    await keeping.keep(connection, now)
    await watching.watch(connection, now)
    await breaches.remind(connection, now)
    await requests.remind(connection, now)
    today, due = dutch_day(now), False
    for one, made in await service.owed_now(connection, now):
        if made or today < one.makes_on:
            continue
        due = True
        if today >= one.due_on - schedule.LAST_CALL:
            await _last_call(connection, one, now)
    return due


async def _last_call(connection: Connection, one: schedule.Owed, now: datetime) -> None:
    text = (
        f"Het rapport {one.kind} {one.period.name} van {one.contract} is er nog niet; het moet er"
        f" uiterlijk {one.due_on:%d-%m-%Y} zijn ({one.source})."
    )
    key = f"report:{one.contract}:{one.kind}:{one.period.name}"
    for person in await rows(connection, QUERIES["managers"]):
        await connection.execute(
            cases.QUERIES["tell"],
            {
                "dedup_key": f"{key}:{person['login']}",
                "login": person["login"],
                "payload": Jsonb({"kind": "report_due", "text": text, "path": "/reports"}),
                "now": now,
            },
        )
