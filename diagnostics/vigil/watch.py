"""Looks after the platform, and tells the outside that it does.

What is ill pages managers on call and administrators. If nothing can page any more, because this
process or the database is gone, the outside notices that it hears nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import msgspec
import psycopg
from psycopg import AsyncConnection

from diagnostics.escalation import repository as escalation
from diagnostics.escalation.rota import Layer, who_is_on_call
from diagnostics.objectives import measuring
from diagnostics.objectives.measuring import Measured
from diagnostics.objectives.surroundings import Surroundings
from diagnostics.selftest import check
from diagnostics.vigil import repository
from diagnostics.vigil.judgement import ill
from diagnostics.vigil.paging import Step, steps
from gateway.metrics import Family
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 2.0
JUDGE_EVERY: Final = timedelta(seconds=10)
# Who could not look since does not know.
WELL_FOR: Final = 3 * JUDGE_EVERY
MEASURE_EVERY: Final = timedelta(seconds=30)
LOOK_AROUND_EVERY: Final = timedelta(minutes=30)
PING_EVERY: Final = timedelta(minutes=1)
PING_TIMEOUT_S: Final = 10.0
ODD_FOR: Final = timedelta(days=1)
ALWAYS_TOLD: Final = frozenset({"administrator"})


class Vigil:
    """Any number may run side by side.

    Args:
        database_url: the one that all parts use.
        name: of this process.
        now: the platform's clock.
        watchdog_url: called each minute while all is well; None: nobody listens.
        test_every: how often the test lift calls; None: never.
        surroundings: what else is watched from here: disks, certificates.
    """

    def __init__(
        self,
        database_url: str,
        *,
        name: str,
        now: Callable[[], datetime],
        watchdog_url: str | None = None,
        test_every: timedelta | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        self._database_url = database_url
        self._name = f"{name}-vigil"
        self._now = now
        self._watchdog_url = watchdog_url
        self._test_every = test_every
        self._began_at = now()
        self._judged_at: datetime | None = None
        self._pinged_at: datetime | None = None
        self._well_at: datetime | None = None
        self._unheard = Trouble(logger, "watchdog")
        self._surroundings = surroundings or Surroundings()
        self._looked_around_at: datetime | None = None
        self._measured: Measured | None = None

    async def run(self) -> None:
        """Run until cancelled. A database that goes away is waited for; the outside notices."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look_on())
            group.create_task(self._tell_on())

    async def _look_on(self) -> None:
        trouble = Trouble(logger, "database (vigil)")
        while True:
            try:
                async with await connect_async(
                    self._database_url, application=self._name, lapses=True
                ) as conn:
                    while True:
                        await self.step(conn)
                        trouble.over()
                        await asyncio.sleep(LOOK_EVERY_S)
            except psycopg.Error as error:
                await asyncio.sleep(trouble.failed(error))
            except Exception as error:
                # The lanes of this process that hear calls go on; the outside hears nothing.
                logger.exception("the platform cannot be watched; trying again")
                await asyncio.sleep(trouble.failed(error))

    async def _tell_on(self) -> None:
        async with httpx.AsyncClient(timeout=PING_TIMEOUT_S) as outside:
            while True:
                await self.ping(outside)
                await asyncio.sleep(LOOK_EVERY_S)

    async def step(self, conn: Connection) -> None:
        """See what became of the test lift's calls, and how all parts are."""
        now = self._now()
        await check.follow_up(conn, now=now)
        if _past(self._judged_at, now, JUDGE_EVERY):
            self._judged_at = now
            await self.judge(conn)
        if self._measured is None or _past(self._measured.at, now, MEASURE_EVERY):
            await self.measure(conn)

    async def measure(self, conn: Connection) -> None:
        """See whether objectives are met, and the books straight."""
        now = self._now()
        if _past(self._looked_around_at, now, LOOK_AROUND_EVERY):
            self._looked_around_at = now
            seen = await asyncio.to_thread(self._surroundings.look, now)
            await measuring.note(conn, self._name, seen, now)
        async with conn.transaction():
            measured = await measuring.measure(conn, now)
            if await repository.claim(conn):
                await measuring.keep(conn, measured)
        self._measured = measured

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        if self._measured is not None:
            yield from self._measured.figures()

    async def judge(self, conn: Connection) -> None:
        """Page people for what is ill."""
        now = self._now()
        async with conn.transaction():
            readings = await repository.readings(conn, now, test_due_since=self._began_at)
            critical = self._measured.critical() if self._measured else ()
            found = dict(ill(readings, now, test_every=self._test_every, critical=critical))
            self._well_at = None if found else now
            if not await repository.claim(conn):
                return
            for step in steps(await repository.troubles(conn), found, now):
                await repository.apply(conn, step, now)
                if step.stage is not None:
                    logger.warning("%s is %s: %s", step.part, step.stage, step.detail)
                    await _page(conn, step, now)
            await _tell_odd(conn, now)

    async def ping(self, outside: httpx.AsyncClient) -> None:
        """Tell the outside that all is well, if it is and it is time."""
        now = self._now()
        well = self._well_at is not None and not _past(self._well_at, now, WELL_FOR)
        if not (self._watchdog_url and well and _past(self._pinged_at, now, PING_EVERY)):
            return
        self._pinged_at = now
        try:
            (await outside.get(self._watchdog_url)).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._unheard.failed(error)
        else:
            self._unheard.over()


async def _page(conn: Connection, step: Step, now: datetime) -> None:
    trouble = step.trouble
    assert trouble is not None  # noqa: S101 - what only begins pages nobody
    assert step.stage is not None  # noqa: S101 - as the caller has seen
    try:
        on_call = who_is_on_call(await escalation.present_rota(conn, now), Layer.MANAGER, now)
    except msgspec.ValidationError:
        logger.exception("the rota cannot be read; administrators are told all the same")
        on_call = ()
    always = await escalation.people_of(conn, ALWAYS_TOLD)
    payload = {
        "ticket": None,
        "kind": "platform",
        "part": step.part.value,
        "detail": step.detail,
        "since": trouble.since.isoformat(),
        "state": step.stage.value,
    }
    key = f"platform:{trouble.trouble_id}:{trouble.pages}:{step.stage}"
    for login in dict.fromkeys((*on_call, *always)):
        await escalation.tell(conn, login, dedup_key=key, payload=payload, now=now)


async def _tell_odd(conn: Connection, now: datetime) -> None:
    """Tell administrators what is odd about who modems are: each kind of an aid once a day."""
    found = await repository.odd(conn, now - ODD_FOR)
    if not found:
        return
    administrators = await escalation.people_of(conn, ALWAYS_TOLD)
    for each in found:
        device, kind = each["device"] or "", each["kind"]
        payload = {"ticket": None, "kind": "security", "text": f"{device} {kind}".strip()}
        payload["path"] = f"/security/aids/{device}" if device else "/security"
        key = f"security:{kind}:{device}:{each['day']}"
        for login in administrators:
            await escalation.tell(conn, login, dedup_key=key, payload=payload, now=now)


def _past(last: datetime | None, now: datetime, every: timedelta) -> bool:
    return last is None or not timedelta(0) <= now - last < every
