"""The slow lane of the engine, by itself: its own connection, its own troubles, its own pace.

It gives way to calls for help at every turn, rests for longer than it works while it is behind, and
whatever befalls it, the lanes of emergencies do not notice.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from diagnostics import outages, repairs
from diagnostics.analysis import MAX_WORDS, analyse
from diagnostics.cycle import Report
from diagnostics.detectors.contract import Detector
from diagnostics.detectors.registry import ANALYSIS
from diagnostics.lane import Lane, Progress
from diagnostics.queries import load
from diagnostics.right_of_way import RightOfWay
from gateway.metrics import Family, Tally, counter, tally
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

_SQL = load("diagnostics")
POLL_INTERVAL_S: Final = 2.0
# A cycle longer than this takes less the next time.
CYCLE_S: Final = 0.2
MIN_WORDS: Final = 50
REST: Final = 3.0
OUTAGES_EVERY: Final = timedelta(seconds=20)
_FIGURES: Final = {
    "cycles": "Cycles over the log.",
    "facts": "Facts judged.",
    "repairs": "Repairs asked for.",
    "failed": "Times that an aid could not be judged, or what was found not be stored.",
}


class Analyst:
    """One analysing process, or part of one. Any number may run side by side.

    Args:
        database_url: the one with the log.
        name: of this process, for its heartbeat.
        now: the platform's clock.
        detectors: what to run.
        way: held by whoever hears calls for help in this process.
        poll_interval_s: how long to sleep between cycles.
    """

    def __init__(
        self,
        database_url: str,
        *,
        name: str,
        now: Callable[[], datetime],
        detectors: Sequence[Detector] = ANALYSIS,
        way: RightOfWay | None = None,
        poll_interval_s: float = POLL_INTERVAL_S,
    ) -> None:
        self._database_url = database_url
        self._name = f"{name}-analysis"
        self._now = now
        self._detectors = detectors
        self._way = way or RightOfWay()
        self._poll_interval_s = poll_interval_s
        self._words = MAX_WORDS
        self._totals = {"cycles": 0, "facts": 0, "repairs": 0, "failed": 0}
        self._took = Tally()
        self._outages_at: datetime | None = None

    async def run(self) -> None:
        """Run until cancelled. A database that goes away is waited for."""
        trouble = Trouble(logger, "database (analysis)")
        while True:
            try:
                async with await connect_async(
                    self._database_url, application=self._name, lapses=True
                ) as conn:

                    async def step(
                        shards: frozenset[int],
                        _: bool,  # noqa: FBT001 - a lane's step
                        conn: Connection = conn,
                    ) -> Progress:
                        progress = await self._step(conn, shards)
                        trouble.over()
                        return progress

                    await Lane(step, poll_interval_s=self._poll_interval_s).run()
            except psycopg.Error as error:
                # It is away; or its schema is not there yet, and comes with the migration.
                await asyncio.sleep(trouble.failed(error))

    async def _step(self, conn: Connection, shards: frozenset[int]) -> Progress:
        loop = asyncio.get_running_loop()
        began = loop.time()
        report = await self._analyse(conn, sorted(shards))
        await self._way.give()
        self._totals["repairs"] += await repairs.follow_up(conn, now=self._now())
        await self._watch_areas(conn)
        took_s = loop.time() - began
        self._took.add(took_s)
        if took_s > CYCLE_S:
            self._words = max(self._words // 2, MIN_WORDS)
        elif report.behind and took_s < CYCLE_S / 2:
            self._words = min(self._words * 5 // 4, MAX_WORDS)
        self._totals["cycles"] += 1
        self._totals["facts"] += report.facts
        self._totals["failed"] += len(report.failed)
        await self._beat(conn, report)
        if report.behind:
            await asyncio.sleep(took_s * REST)
        return Progress(behind=report.behind)

    async def _analyse(self, conn: Connection, shards: Sequence[int]) -> Report:
        """Run a cycle; if it fails, run it for each shard alone, so that one stops no other."""

        async def run(some: Sequence[int]) -> Report:
            return await analyse(
                conn,
                some,
                now=self._now(),
                detectors=self._detectors,
                max_words=self._words,
                give_way=self._way.give,
            )

        try:
            return await run(shards)
        except psycopg.OperationalError:
            raise
        except Exception:
            # Whatever is in one shard's log, the others go on.
            logger.exception("an analysis failed; trying each shard alone")
        facts, behind = 0, False
        for shard in shards:
            try:
                report = await run([shard])
            except psycopg.OperationalError:
                raise
            except Exception:  # as above
                logger.exception("shard %d cannot be analysed", shard)
                continue
            facts, behind = facts + report.facts, behind or report.behind
        return Report(facts=facts, behind=behind)

    async def _watch_areas(self, conn: Connection) -> None:
        now = self._now()
        if self._outages_at is None or now - self._outages_at >= OUTAGES_EVERY:
            self._outages_at = now
            await outages.watch(conn, now=now)

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        for name, doc in _FIGURES.items():
            yield counter(f"analysis_{name}", doc, self._totals[name])
        yield tally("analysis_cycle_seconds", "How long a cycle took.", self._took)

    async def _beat(self, conn: Connection, report: Report) -> None:
        now = self._now()
        detail = {
            **self._totals,
            "shards": len(report.shards),
            "behind": report.behind,
            "unread": report.unread,
            "lag_s": round((now - report.oldest).total_seconds(), 1) if report.oldest else 0,
        }
        await conn.execute(
            _SQL["beat"],
            {"process": self._name, "part": "analysis", "now": now, "detail": Jsonb(detail)},
        )
