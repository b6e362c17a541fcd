"""Keeps an eye on the chain, so that "since when" does not depend on who happens to ask."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from api.health import service
from api.health.schemas import Health, Part, PartName, State
from gateway.metrics import Family, gauge

logger = logging.getLogger(__name__)

_INTERVAL_S = 5.0
_ANSWER_WITHIN_S = 2.0


class Monitor:
    """Checks on demand and every five seconds, and remembers since when a state lasts."""

    def __init__(
        self,
        pool: AsyncConnectionPool[psycopg.AsyncConnection[tuple[object, ...]]],
        *,
        now: Callable[[], datetime],
        live: Callable[[], bool],
        changed: Callable[[Health], None],
    ) -> None:
        """``live`` tells whether changes reach the pages; ``changed`` hears of a new state."""
        self._pool = pool
        self._now = now
        self._live = live
        self._changed = changed
        self._schema_version = service.expected_schema_version()
        self._state: State | None = None
        self._parts: dict[PartName, tuple[State, datetime]] = {}
        self._since = now()
        self._latest = service.judge(
            None, now=self._since, schema_version=self._schema_version, live=False
        )

    @property
    def latest(self) -> Health:
        """How it was at the last look, at most five seconds ago."""
        return self._latest

    async def check(self) -> Health:
        """Look now."""
        readings: service.Readings | None
        try:
            async with (
                asyncio.timeout(_ANSWER_WITHIN_S),
                self._pool.connection(timeout=_ANSWER_WITHIN_S) as connection,
                connection.transaction(),
            ):
                readings = await service.read(connection, now=self._now())
        except (psycopg.Error, PoolTimeout, TimeoutError, OSError) as error:
            logger.debug("the database does not answer: %s", error)
            readings = None
        now = self._now()
        health = service.judge(
            readings, now=now, schema_version=self._schema_version, live=self._live()
        )
        changed = health.state is not self._state
        more_calls = (health.calls_unread or 0) > (self._latest.calls_unread or 0)
        if changed:
            if self._state is not None:
                logger.warning("the chain is %s, was %s", health.state, self._state)
            self._state, self._since = health.state, now
        self._latest = health.model_copy(
            update={"since": self._since, "parts": self._since_when(health.parts, readings, now)}
        )
        if changed or more_calls:
            self._changed(self._latest)
        return self._latest

    def _since_when(
        self, parts: Sequence[Part], readings: service.Readings | None, now: datetime
    ) -> list[Part]:
        """Say of each part since when it is so: longest known counts."""
        dated = []
        for part in parts:
            state, since = self._parts.get(part.name, (None, now))
            if state is not part.state:
                known = None if readings is None else readings.ill_since(part.name)
                since = min(now, known) if known and part.state is not State.OK else now
                self._parts[part.name] = part.state, since
            dated.append(part.model_copy(update={"since": since}))
        return dated

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        worst = list(State)
        health, pool = self._latest, self._pool.get_stats()
        yield Family(
            "part_state",
            "How a part of the chain is doing: 0 ok, 1 degraded, 2 down.",
            [({"part": each.name.value}, worst.index(each.state)) for each in health.parts],
        )
        yield gauge("chain_state", "The same of the whole chain.", worst.index(health.state))
        yield gauge("pool_size", "Connections to the database.", pool.get("pool_size", 0))
        yield gauge("pool_waiting", "Requests that wait for one.", pool.get("requests_waiting", 0))

    async def run(self) -> None:
        """Look every five seconds, until cancelled."""
        while True:
            await self.check()
            await self._beat()
            await asyncio.sleep(_INTERVAL_S)

    async def _beat(self) -> None:
        """Say that pages are shown: the engine wakes somebody when this stops."""
        try:
            async with (
                asyncio.timeout(_ANSWER_WITHIN_S),
                self._pool.connection(timeout=_ANSWER_WITHIN_S) as connection,
            ):
                await connection.execute(service.QUERIES["beat"], {"now": self._now()})
        except (psycopg.Error, PoolTimeout, TimeoutError, OSError) as error:
            logger.debug("no heartbeat: %s", error)
