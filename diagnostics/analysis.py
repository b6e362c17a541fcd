"""One cycle of the slow lane: health, faults, silence and use, judged from words, never readings.

As ``diagnostics.cycle`` it is load → decide(now) → apply in one transaction that holds the shards'
places in the log, so that any number of engines may run. Nothing here is locked that an emergency
waits for, and no call is answered.
"""

import logging
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from msgspec.structs import replace
from psycopg import AsyncConnection

from diagnostics import emergencies, log, store
from diagnostics.cycle import LISTENER_ALIVE, Report, states_of
from diagnostics.detectors.contract import Detector
from diagnostics.detectors.registry import ANALYSIS
from diagnostics.facts import Fact, LastHeard, Order
from diagnostics.judge import Verdict, judge, silence
from diagnostics.log import Facts, GiveWay, Span
from diagnostics.queries import load

Connection = AsyncConnection[Any]
Timers = dict[int, set[str]]  # by device: the detectors whose time has come

logger = logging.getLogger(__name__)

_SQL = load("diagnostics", "analysis.sql")

# How many words a cycle judges, and how many timers it serves: small transactions.
MAX_WORDS: Final = 500
MIN_WORDS: Final = 10
MAX_TIMERS: Final = 400
# A detector that failed on its timer is asked again after this.
SNOOZE: Final = timedelta(hours=1)


async def analyse(
    conn: Connection,
    shards: Iterable[int],
    *,
    now: datetime,
    detectors: Sequence[Detector] = ANALYSIS,
    max_words: int = MAX_WORDS,
    give_way: GiveWay = log.nobody,
) -> Report:
    """Judge what is new in ``shards``, and the timers that are due, in one transaction.

    Args:
        conn: outside a transaction.
        shards: to look at.
        now: the platform's time.
        detectors: what to run.
        max_words: about how much of the log to take; the rest is for further cycles.
        give_way: called often.
    """
    async with conn.transaction():
        spans = await _claim(conn, list(shards), max_words)
        if not spans:
            return Report()
        facts = await log.read_words(conn, spans, give_way)
        timers = await _due(conn, spans, detectors, now)
        run = _Run(conn, detectors, spans, now, give_way)
        await run.judge(facts, timers)
        await _move(conn, spans, facts, run.known, now)
        left = [span for span in spans if not span.drained]
        return Report(
            shards=frozenset(span.shard for span in spans),
            facts=sum(map(len, facts.values())),
            tickets=tuple(run.tickets),
            failed=tuple(run.failed),
            behind=bool(left) or sum(map(len, timers.values())) >= MAX_TIMERS,
            unread=max((span.end - span.head for span in left), default=0),
            oldest=min((span.received_at for span in left), default=None),
        )


class _Run:
    """The devices of one cycle, one after the other."""

    def __init__(
        self,
        conn: Connection,
        detectors: Sequence[Detector],
        spans: Sequence[Span],
        now: datetime,
        give_way: GiveWay,
    ) -> None:
        self._conn = conn
        self._detectors = detectors
        self._spans = {span.shard: span for span in spans}
        self._now = now
        self._give_way = give_way
        self.known: dict[int, store.Device] = {}
        self.tickets: list[int] = []
        self.failed: list[int] = []

    async def judge(self, facts: Facts, timers: Timers) -> None:
        conn = self._conn
        device_ids = sorted(facts.keys() | timers.keys())
        if not device_ids:
            return
        hearing = await store.hearing(conn, alive_since=self._now - LISTENER_ALIVE)
        self.known = await store.devices(conn, device_ids)
        states = await store.states(conn, device_ids, self._detectors, _SQL)
        last_heard = await _last_heard(conn, timers)
        changed: list[store.StoredState] = []
        for device_id in device_ids:
            device = self.known.get(device_id)
            if device is None:
                logger.error("device %d is in the log and not in the register", device_id)
                continue
            if device.test:
                continue  # nobody rides it
            heard, ringing = facts.get(device_id, []), timers.get(device_id, set())
            verdicts: list[Verdict] = []
            for detector in self._detectors:
                words = heard_by(detector, device, heard, ringing, last_heard.get(device_id))
                if words is None:
                    continue
                await self._give_way()
                verdicts += judge(
                    device.aid,
                    states.get(device_id, {}),
                    words,
                    now=self._time_for(device, heard),
                    listening_since=hearing.since(device.shard),
                    detectors=[detector],
                    last_resort=silence,
                )
            if await self._apply(device, heard, verdicts):
                changed.extend(states_of(device_id, verdicts))
            await self._snooze(device_id, ringing, verdicts)
        await store.save_states(conn, changed, self._now, _SQL)

    def _time_for(self, device: store.Device, heard: Sequence[Fact]) -> datetime:
        """Return until when the device is judged: a timer must not outrun a log not read yet."""
        if self._spans[device.shard].drained or not heard:
            return self._now
        return heard[-1].received_at

    async def _apply(
        self, device: store.Device, heard: Sequence[Fact], verdicts: Sequence[Verdict]
    ) -> bool:
        if any(verdict.outcome is None for verdict in verdicts):
            self.failed.append(device.aid.device_id)
        if not any(verdict.findings for verdict in verdicts):
            return True
        try:
            async with self._conn.transaction():
                for verdict in verdicts:
                    for finding in verdict.findings:
                        opened = await emergencies.found(
                            self._conn, device, heard, verdict, finding, self._now
                        )
                        if opened is not None:
                            self.tickets.append(opened)
        except psycopg.OperationalError:
            raise  # the database itself is away
        except Exception:
            # One device's odd values must not stop the others.
            logger.exception("device %s: what was found cannot be stored", device.name)
            self.failed.append(device.aid.device_id)
            return False
        return True

    async def _snooze(self, device_id: int, ringing: set[str], verdicts: Sequence[Verdict]) -> None:
        done = {verdict.detector for verdict in verdicts if verdict.outcome is not None}
        failed = sorted(ringing - done)
        if failed:
            await self._conn.execute(
                _SQL["snooze"],
                {
                    "devices": [device_id] * len(failed),
                    "detectors": failed,
                    "later": self._now + SNOOZE,
                },
            )


def heard_by(
    detector: Detector,
    device: store.Device,
    heard: Sequence[Fact],
    ringing: AbstractSet[str],
    last_heard: LastHeard | None,
) -> Sequence[Fact] | None:
    """Return what one detector is told; None: nothing, not even that time has passed."""
    rings = detector.name in ringing
    if device.aid.kind not in detector.kinds or not (heard or rings):
        return None
    return [*heard, last_heard] if rings and last_heard is not None else heard


async def _claim(conn: Connection, shards: list[int], max_words: int) -> list[Span]:
    async with conn.cursor(binary=True) as cursor:
        await cursor.execute(_SQL["claim_shards"], {"shards": shards})
        spans = [
            Span(shard, after, end, received_at, end)
            for shard, after, received_at, end in await cursor.fetchall()
        ]
        moved = [span for span in spans if span.head > span.after]
        if not moved:
            return spans
        words = max(MIN_WORDS, max_words // len(moved))
        await cursor.execute(_SQL["long_spans"], {**log.place(moved), "words": words})
        cuts: dict[int, int] = dict(await cursor.fetchall())
        return [
            replace(span, head=cuts[span.shard] - 1) if span.shard in cuts else span
            for span in spans
        ]


async def _due(
    conn: Connection, spans: Sequence[Span], detectors: Sequence[Detector], now: datetime
) -> Timers:
    """Return the timers that are due, of devices all of whose words were read."""
    drained = [span.shard for span in spans if span.drained]
    names = [detector.name for detector in detectors]
    timers: Timers = {}
    async with conn.cursor(binary=True) as cursor:
        await cursor.execute(
            _SQL["due"],
            {"shards": drained, "now": now, "limit": MAX_TIMERS, "detectors": names},
        )
        for device_id, detector in await cursor.fetchall():
            timers.setdefault(device_id, set()).add(detector)
    return timers


async def _last_heard(conn: Connection, timers: Timers) -> dict[int, LastHeard]:
    if not timers:
        return {}
    async with conn.cursor(binary=True) as cursor:
        await cursor.execute(_SQL["last_heard"], {"devices": list(timers)})
        return {device_id: heard_at(at) for device_id, at in await cursor.fetchall()}


def heard_at(at: datetime) -> LastHeard:
    """Return the fact that the newest message of a device was received ``at`` a time."""
    return LastHeard(order=Order(0, 0), log_no=0, measured_at=at, received_at=at)


async def _move(
    conn: Connection,
    spans: Sequence[Span],
    facts: Facts,
    known: dict[int, store.Device],
    now: datetime,
) -> None:
    newest = {span.shard: span.received_at for span in spans}
    for device_id, heard in facts.items():
        if heard and device_id in known:
            shard = known[device_id].shard
            newest[shard] = max(newest[shard], *(fact.received_at for fact in heard))
    await conn.execute(
        _SQL["move_cursors"],
        {
            "shards": [span.shard for span in spans],
            "heads": [span.head for span in spans],
            "received": [newest[span.shard] for span in spans],
            "now": now,
        },
    )
