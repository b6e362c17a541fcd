"""Calls for help, ahead of everything else in the log: one small transaction each.

An emergency must not wait for the readings of lifts that ride. This reads nothing but calls, past a
position of its own, and opens what is certain by itself; the cycle comes by later, finds it done,
and judges what needs more than the call.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import AsyncConnection

from diagnostics import emergencies, log, store
from diagnostics.detectors.contract import Detector
from diagnostics.detectors.registry import EMERGENCY
from diagnostics.facts import Called
from diagnostics.judge import Verdict, judge_call
from diagnostics.queries import load
from diagnostics.right_of_way import RightOfWay
from gateway import logs

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

_SQL = load("diagnostics")


class Heard(Struct, frozen=True):
    """What was heard.

    Attributes:
        tickets: that were opened.
        failed: devices whose call could not be stored: left to the cycle.
        missed: shards with calls that another engine works on at this moment, or with a lift that
            another lane does.
        heard: whether there were any calls.
    """

    tickets: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()
    missed: frozenset[int] = frozenset()
    heard: bool = False

    @property
    def opened(self) -> int:
        """How many tickets."""
        return len(self.tickets)


async def hear(
    conn: Connection,
    shards: Iterable[int],
    *,
    now: datetime,
    detectors: Sequence[Detector] = EMERGENCY,
    way: RightOfWay | None = None,
) -> Heard:
    """Open the emergencies of all calls in ``shards`` that were not heard yet.

    Shards take turns, so that one lift that calls without end holds up no other.
    """
    waiting = await _waiting(conn, list(shards))
    if not waiting:
        return Heard()
    run = _Run(conn, now, detectors)
    with (way or RightOfWay()).held():
        while waiting:
            for shard in waiting:
                await run.next_of(shard)
            waiting = [each for each in await _waiting(conn, waiting) if each not in run.missed]
    return Heard(tuple(run.tickets), tuple(run.failed), frozenset(run.missed), heard=True)


class _Run:
    """The calls that wait, one after the other."""

    def __init__(self, conn: Connection, now: datetime, detectors: Sequence[Detector]) -> None:
        self._conn = conn
        self._now = now
        self._detectors = detectors
        self.tickets: list[int] = []
        self.failed: list[int] = []
        self.missed: set[int] = set()

    async def next_of(self, shard: int) -> None:
        """Hear calls of ``shard`` up to the first that is an emergency, and commit."""
        try:
            await self._next_of(shard)
        except psycopg.errors.LockNotAvailable:
            # Somebody works on that lift for long: nobody else's call waits for that.
            self.missed.add(shard)

    async def _next_of(self, shard: int) -> None:
        conn = self._conn
        async with conn.transaction():
            await conn.execute(_SQL["be_impatient"])
            cursor = await conn.execute(_SQL["claim_calls"], {"shard": shard})
            position = await cursor.fetchone()
            if position is None:
                self.missed.add(shard)
                return
            (after,) = position
            for log_no, call, device in await log.next_calls(conn, shard, after):
                after = log_no
                verdict = call and self._judge(call, device)
                if call and verdict:
                    with logs.bound(device=device.name, call=call.call_id):
                        await self._raise(call, device, verdict)
                    break  # never with a second ticket locked
            await conn.execute(_SQL["move_call_cursor"], {"shard": shard, "log_no": after})

    def _judge(self, call: Called, device: store.Device) -> Verdict | None:
        kind = device.aid.kind
        return judge_call(call, [each for each in self._detectors if kind in each.kinds], kind)

    async def _raise(self, call: Called, device: store.Device, verdict: Verdict) -> None:
        try:
            async with self._conn.transaction():
                opened = await self._find(call, device, verdict)
                await emergencies.answer(self._conn, device, call, self._now)
        except psycopg.OperationalError:
            raise  # the database itself is away
        except Exception:
            # One device's odd values must not stop other calls; the cycle has a last resort.
            logger.exception("device %s: call %s cannot be stored", device.name, call.call_id)
            self.failed.append(device.aid.device_id)
        else:
            if opened is not None:
                self.tickets.append(opened)

    async def _find(self, call: Called, device: store.Device, verdict: Verdict) -> int | None:
        (finding,) = verdict.findings
        known = await store.has_ticket(self._conn, device, verdict.detector, finding.key)
        if known:
            return None
        return await emergencies.found(self._conn, device, [call], verdict, finding, self._now)


async def _waiting(conn: Connection, shards: Sequence[int]) -> list[int]:
    """Return the shards with calls that nobody has heard, the longest waiting first."""
    cursor = await conn.execute(_SQL["shards_calling"], {"shards": list(shards)})
    return [row[0] for row in await cursor.fetchall()]
