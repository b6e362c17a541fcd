"""The engine: calls and all the rest, each on a lane of its own, woken by the log."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from diagnostics import calls
from diagnostics.cycle import MAX_NUMBERS, Report, cycle
from diagnostics.detectors.contract import Detector
from diagnostics.detectors.registry import EMERGENCY
from diagnostics.lane import Lane, Progress
from diagnostics.queries import load
from diagnostics.right_of_way import RightOfWay
from diagnostics.tracks import Tracks
from gateway.metrics import Family, Tally, counter
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

_SQL = load("diagnostics")
POLL_INTERVAL_S: Final = 1.0
LOG_CHANNEL: Final = "liftwacht_log"
# A cycle longer than this takes less the next time: evidence other than calls is prompt too.
CYCLE_S: Final = 0.1
MIN_NUMBERS: Final = 500
# While behind, it rests for so many times as long as it worked: readings that wait must not take
# the machine from the calls on their way here.
REST: Final = 3.0
_FIGURES: Final = {
    "cycles": "Cycles over the log.",
    "facts": "Facts judged.",
    "opened": "Emergencies opened.",
    "failed": "Times that an aid could not be judged, or what was found not be stored.",
}


class Engine:
    """One engine process. Any number may run side by side.

    Args:
        database_url: the one with the log.
        name: of this process, for its heartbeat.
        now: the platform's clock.
        detectors: what to run.
        way: held while calls are heard.
        poll_interval_s: how long to sleep at most.
        tracks: is told of tickets; None: nobody is.
    """

    def __init__(
        self,
        database_url: str,
        *,
        name: str,
        now: Callable[[], datetime],
        detectors: Sequence[Detector] = EMERGENCY,
        way: RightOfWay | None = None,
        poll_interval_s: float = POLL_INTERVAL_S,
        tracks: Tracks | None = None,
    ) -> None:
        self._database_url = database_url
        self._name = name
        self._now = now
        self._detectors = detectors
        self._poll_interval_s = poll_interval_s
        self._way = way or RightOfWay()
        self._tracks = tracks
        self._numbers = MAX_NUMBERS
        self._totals = {"cycles": 0, "facts": 0, "opened": 0, "failed": 0}
        self._failed: tuple[int, ...] = ()
        self._took = {"calls": Tally(), "all": Tally()}

    async def run(self) -> None:
        """Run until cancelled. A database that goes away is waited for."""
        trouble = Trouble(logger, "database")
        while True:
            try:
                await self._serve(trouble)
            except psycopg.Error as error:
                # It is away; or its schema is not there yet, and comes with the migration.
                await asyncio.sleep(trouble.failed(error))

    async def _serve(self, trouble: Trouble) -> None:
        connect = connect_async
        async with (
            await connect(self._database_url, application=self._name, lapses=True) as conn,
            await connect(
                self._database_url, application=f"{self._name}-calls", lapses=True
            ) as calls_conn,
            await connect(self._database_url, application=f"{self._name}-listener") as ears,
        ):

            async def all_step(shards: frozenset[int], polling: bool) -> Progress:  # noqa: FBT001
                progress = await self._judge(conn, shards, polling=polling)
                trouble.over()
                return progress

            async def calls_step(shards: frozenset[int], _: bool) -> Progress:  # noqa: FBT001
                return await self._hear(calls_conn, shards)

            await ears.execute(b"LISTEN " + LOG_CHANNEL.encode())
            lanes = [
                Lane(step, poll_interval_s=self._poll_interval_s) for step in (calls_step, all_step)
            ]
            tasks = [
                asyncio.create_task(running)
                for running in (_listen(ears, lanes), *(lane.run() for lane in lanes))
            ]
            try:
                ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    await task  # raises what ended it
                raise psycopg.OperationalError("the listening connection ended")
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _hear(self, conn: Connection, shards: frozenset[int]) -> Progress:
        """Step on the calls' lane."""
        began, began_at = asyncio.get_running_loop().time(), self._now()
        heard = await calls.hear(
            conn, shards, now=self._now(), detectors=self._detectors, way=self._way
        )
        if heard.heard:
            self._took["calls"].add(asyncio.get_running_loop().time() - began)
        self._totals["opened"] += heard.opened
        await self._trace(conn, heard.tickets, began_at)
        self._note_failed(heard.failed)
        return Progress(missed=heard.missed)

    async def _judge(self, conn: Connection, shards: frozenset[int], *, polling: bool) -> Progress:
        """Step on the lane of everything."""
        loop = asyncio.get_running_loop()
        began, began_at = loop.time(), self._now()
        report = await self._cycle(conn, shards, polling=polling)
        took_s = loop.time() - began
        self._took["all"].add(took_s)
        self._fit(took_s, behind=report.behind)
        if report.behind:
            await asyncio.sleep(took_s * REST)
        self._totals["cycles"] += 1
        self._totals["facts"] += report.facts
        self._totals["opened"] += report.opened
        await self._trace(conn, report.tickets, began_at)
        self._note_failed(report.failed)
        if polling:
            await self._beat(conn, report)
        return Progress(missed=await _behind(conn, shards - report.shards), behind=report.behind)

    def _fit(self, took_s: float, *, behind: bool) -> None:
        """Take so much the next time that a cycle lasts about ``CYCLE_S``."""
        if took_s > CYCLE_S:
            self._numbers = max(self._numbers // 2, MIN_NUMBERS)
        elif behind and took_s < CYCLE_S / 2:
            self._numbers = min(self._numbers * 5 // 4, MAX_NUMBERS)

    async def _cycle(self, conn: Connection, shards: frozenset[int], *, polling: bool) -> Report:
        """Run a cycle; if it fails, run it for each shard alone, so that one stops no other."""

        async def run(some: Sequence[int]) -> Report:
            return await cycle(
                conn,
                some,
                now=self._now(),
                detectors=self._detectors,
                max_numbers=self._numbers,
                give_way=self._way.give,
                all_timers=polling,
            )

        try:
            return await run(sorted(shards))
        except psycopg.OperationalError:
            raise
        except Exception:
            # Whatever is in one shard's log: lifts of the others may be in need.
            logger.exception("a cycle failed; trying each shard alone")
        behind, taken, facts, tickets = False, set[int](), 0, tuple[int, ...]()
        for shard in sorted(shards):
            try:
                report = await run([shard])
            except psycopg.OperationalError:
                raise
            except Exception:  # as above
                logger.exception("shard %d cannot be judged", shard)
                taken.add(shard)  # asking for it again at once would help nobody
                continue
            taken |= report.shards
            facts, tickets = facts + report.facts, tickets + report.tickets
            behind = behind or report.behind
        return Report(shards=frozenset(taken), facts=facts, tickets=tickets, behind=behind)

    async def _trace(self, conn: Connection, tickets: Sequence[int], began_at: datetime) -> None:
        if self._tracks is not None:
            for ticket_id in tickets:
                await self._tracks.opened(conn, ticket_id, began_at, self._now())

    def _note_failed(self, devices: Sequence[int]) -> None:
        self._totals["failed"] += len(devices)
        self._failed = (*self._failed, *devices)[-20:]

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        for name, doc in _FIGURES.items():
            yield counter(f"diagnosis_{name}", doc, self._totals[name])
        yield Family(
            "diagnosis_cycle_seconds",
            "How long a cycle took: of calls for help alone, or of everything.",
            [({"lane": lane}, took) for lane, took in self._took.items()],
        )

    async def _beat(self, conn: Connection, report: Report) -> None:
        now = self._now()
        detail = {
            **self._totals,
            "shards": len(report.shards),
            "behind": report.behind,
            "unread": report.unread,
            "lag_s": round((now - report.oldest).total_seconds(), 1) if report.oldest else 0,
            "failed_devices": list(self._failed),
        }
        await conn.execute(
            _SQL["beat"],
            {
                "process": self._name,
                "part": "diagnostics",
                "now": now,
                "detail": Jsonb(detail),
            },
        )


async def _listen(ears: Connection, lanes: Sequence[Lane]) -> None:
    async for notice in ears.notifies():
        shards = [int(word) for word in notice.payload.split(",") if word.isdigit()]
        for lane in lanes:
            lane.wake(shards)


async def _behind(conn: Connection, missed: frozenset[int]) -> frozenset[int]:
    """Return the shards that another engine held while their log went on."""
    if not missed:
        return frozenset()
    cursor = await conn.execute(_SQL["behind_shards"], {"shards": sorted(missed)})
    return frozenset(row[0] for row in await cursor.fetchall())
