"""The engine: cycles without end, woken by the log, at least once a second for the timers."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from diagnostics.cycle import Report, cycle
from diagnostics.detectors.contract import Detector
from diagnostics.detectors.registry import DETECTORS
from diagnostics.queries import load
from gateway.protocol.topics import SHARD_COUNT
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

_SQL = load("diagnostics")
_ALL_SHARDS: Final = frozenset(range(SHARD_COUNT))
POLL_INTERVAL_S: Final = 1.0
# Another engine had the shard just when its log grew: it may have read its head before.
RETRY_INTERVAL_S: Final = 0.02
LOG_CHANNEL: Final = "liftwacht_log"


class Engine:
    """One engine process. Any number may run side by side.

    Args:
        database_url: the one with the log.
        name: of this process, for its heartbeat.
        now: the platform's clock.
        detectors: what to run.
        poll_interval_s: how long to sleep at most.
    """

    def __init__(
        self,
        database_url: str,
        *,
        name: str,
        now: Callable[[], datetime],
        detectors: Sequence[Detector] = DETECTORS,
        poll_interval_s: float = POLL_INTERVAL_S,
    ) -> None:
        self._database_url = database_url
        self._name = name
        self._now = now
        self._detectors = detectors
        self._poll_interval_s = poll_interval_s
        self._awake = asyncio.Event()
        self._wanted: set[int] = set()
        self._totals = {"cycles": 0, "facts": 0, "opened": 0, "failed": 0}
        self._failed: tuple[int, ...] = ()

    async def run(self) -> None:
        """Run until cancelled. A database that goes away is waited for."""
        trouble = Trouble(logger, "database")
        while True:
            try:
                await self._serve(trouble)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                await asyncio.sleep(trouble.failed(error))
            except psycopg.Error as error:
                # A schema that is not there yet comes with the migration.
                await asyncio.sleep(trouble.failed(error))

    async def _serve(self, trouble: Trouble) -> None:
        connect = connect_async
        async with (
            await connect(self._database_url, application=self._name) as conn,
            await connect(self._database_url, application=f"{self._name}-listener") as ears,
        ):
            await ears.execute(b"LISTEN " + LOG_CHANNEL.encode())
            listening = asyncio.create_task(self._listen(ears))
            try:
                await self._cycles(conn, listening, trouble)
            finally:
                listening.cancel()
                with suppress(asyncio.CancelledError, psycopg.Error):
                    await listening

    async def _listen(self, ears: Connection) -> None:
        async for notice in ears.notifies():
            with suppress(ValueError):
                self._wanted.update(map(int, notice.payload.split(",")))
            self._awake.set()

    async def _cycles(
        self, conn: Connection, listening: asyncio.Task[None], trouble: Trouble
    ) -> None:
        loop = asyncio.get_running_loop()
        poll_at = loop.time()
        behind = False
        while True:
            pause_s = RETRY_INTERVAL_S if self._wanted else poll_at - loop.time()
            if not behind and pause_s > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), pause_s)
            self._awake.clear()
            if listening.done():
                await listening  # raises what ended it
                raise psycopg.OperationalError("the listening connection ended")
            polling = behind or loop.time() >= poll_at
            shards = _ALL_SHARDS if polling else frozenset(self._wanted) & _ALL_SHARDS
            self._wanted.clear()
            report = await self._cycle(conn, shards)
            behind = report.behind
            self._count(report)
            await self._ask_again(conn, shards - report.shards)
            if polling:
                await self._beat(conn, report)
                poll_at = loop.time() + self._poll_interval_s
            trouble.over()

    async def _cycle(self, conn: Connection, shards: frozenset[int]) -> Report:
        """Run a cycle; if it fails, run it for each shard alone, so that one stops no other."""
        try:
            return await cycle(conn, shards, now=self._now(), detectors=self._detectors)
        except psycopg.OperationalError:
            raise
        except Exception:
            # Whatever is in one shard's log: lifts of the others may be calling.
            logger.exception("a cycle failed; trying each shard alone")
        behind, taken, facts, opened = False, set[int](), 0, 0
        for shard in sorted(shards):
            try:
                report = await cycle(conn, [shard], now=self._now(), detectors=self._detectors)
            except psycopg.OperationalError:
                raise
            except Exception:  # as above
                logger.exception("shard %d cannot be judged", shard)
                taken.add(shard)  # asking for it again at once would help nobody
                continue
            taken |= report.shards
            facts, opened = facts + report.facts, opened + report.opened
            behind = behind or report.behind
        return Report(shards=frozenset(taken), facts=facts, opened=opened, behind=behind)

    async def _ask_again(self, conn: Connection, missed: frozenset[int]) -> None:
        """Come back to shards that another engine held while their log went on."""
        if missed:
            cursor = await conn.execute(_SQL["behind_shards"], {"shards": sorted(missed)})
            self._wanted.update(row[0] for row in await cursor.fetchall())

    def _count(self, report: Report) -> None:
        self._totals["cycles"] += 1
        self._totals["facts"] += report.facts
        self._totals["opened"] += report.opened
        self._totals["failed"] += len(report.failed)
        self._failed = (*self._failed, *report.failed)[-20:]

    async def _beat(self, conn: Connection, report: Report) -> None:
        detail = {
            **self._totals,
            "shards": len(report.shards),
            "behind": report.behind,
            "failed_devices": list(self._failed),
        }
        await conn.execute(
            _SQL["beat"], {"process": self._name, "now": self._now(), "detail": Jsonb(detail)}
        )
