"""One cycle of the engine: load → decide(now) → apply, in one transaction."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from msgspec import Struct
from psycopg import AsyncConnection

from diagnostics import log, store
from diagnostics.detectors.contract import Detector, Finding, Level
from diagnostics.detectors.registry import DETECTORS
from diagnostics.facts import Fact, Replied
from diagnostics.judge import Verdict, calls_alone, judge, open_calls
from diagnostics.log import Facts, Span
from diagnostics.queries import load
from diagnostics.tickets import repository, service

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

_SQL = load("diagnostics")

# How much of one shard's log a cycle takes: no shard's backlog keeps the others waiting.
MAX_NUMBERS: Final = 5_000
MAX_TIMERS: Final = 1_000
# A listener that has not said so for this long does not listen.
LISTENER_ALIVE: Final = timedelta(seconds=10)


class Report(Struct, frozen=True):
    """What a cycle did.

    Attributes:
        shards: those it had for itself; others are in the hands of another engine.
        facts: how many were judged.
        opened: tickets.
        failed: devices of which something could not be judged or stored.
        behind: whether there is more to read at once.
    """

    shards: frozenset[int] = frozenset()
    facts: int = 0
    opened: int = 0
    failed: tuple[int, ...] = ()
    behind: bool = False


async def cycle(
    conn: Connection,
    shards: Iterable[int],
    *,
    now: datetime,
    detectors: Sequence[Detector] = DETECTORS,
    max_numbers: int = MAX_NUMBERS,
) -> Report:
    """Judge what is new in ``shards``, and the timers that are due, in one transaction.

    Any number of engines may run: each takes the shards that no other works on.
    """
    async with conn.transaction():
        spans = await _claim(conn, list(shards), max_numbers)
        if not spans:
            return Report()
        facts = await log.read(conn, spans, await _attentive(conn, spans))
        for device_id in await _due(conn, spans, now):
            facts.setdefault(device_id, [])
        run = _Run(conn, detectors, spans, now)
        await run.judge(facts)
        await _move(conn, spans, facts, run.known, now)
        return Report(
            shards=frozenset(span.shard for span in spans),
            facts=sum(map(len, facts.values())),
            opened=run.opened,
            failed=tuple(run.failed),
            behind=any(not span.drained for span in spans),
        )


class _Run:
    """The devices of one cycle, one after the other."""

    def __init__(
        self, conn: Connection, detectors: Sequence[Detector], spans: Sequence[Span], now: datetime
    ) -> None:
        self._conn = conn
        self._detectors = detectors
        self._spans = {span.shard: span for span in spans}
        self._now = now
        self.known: dict[int, store.Device] = {}
        self.opened = 0
        self.failed: list[int] = []

    async def judge(self, facts: Facts) -> None:
        if not facts:
            return
        conn = self._conn
        hearing = await store.hearing(conn, alive_since=self._now - LISTENER_ALIVE)
        self.known = await store.devices(conn, facts)
        states = await store.states(conn, facts, self._detectors)
        changed: list[store.StoredState] = []
        for device_id, heard in facts.items():
            device = self.known.get(device_id)
            if device is None:
                logger.error("device %d is in the log and not in the register", device_id)
                continue
            verdicts = judge(
                device.aid,
                states.get(device_id, {}),
                heard,
                now=self._time_for(device, heard),
                listening_since=hearing.since(device.shard),
                detectors=[each for each in self._detectors if device.aid.kind in each.kinds],
            )
            if await self._apply(device, heard, verdicts):
                changed.extend(_states(device_id, verdicts))
        await store.save_states(conn, changed, self._now)

    def _time_for(self, device: store.Device, heard: Sequence[Fact]) -> datetime:
        """Return until when the device is judged: a timer must not outrun a log not read yet."""
        if self._spans[device.shard].drained or not heard:
            return self._now
        return heard[-1].received_at

    async def _apply(
        self, device: store.Device, heard: Sequence[Fact], verdicts: Sequence[Verdict]
    ) -> bool:
        """Store what came of one device; False if that failed and only its calls were answered."""
        failed = any(verdict.outcome is None and verdict.version == 0 for verdict in verdicts)
        if failed and self._detectors_of(device):
            self.failed.append(device.aid.device_id)
        try:
            async with self._conn.transaction():
                await self._act(device, heard, verdicts)
        except psycopg.OperationalError:
            raise  # the database itself is away
        except Exception:
            # One device's odd values must not stop the others; its call must still be heard.
            logger.exception("device %s: what was found cannot be stored", device.name)
            self.failed.append(device.aid.device_id)
        else:
            return True
        try:
            async with self._conn.transaction():
                alone = Verdict("calls", 0, calls_alone(heard), None)
                await self._act(device, heard, [alone])
        except (psycopg.DataError, psycopg.IntegrityError, LookupError):
            logger.exception("device %s: its calls cannot be stored either", device.name)
        return False

    def _detectors_of(self, device: store.Device) -> bool:
        return any(device.aid.kind in each.kinds for each in self._detectors)

    async def _act(
        self, device: store.Device, heard: Sequence[Fact], verdicts: Sequence[Verdict]
    ) -> None:
        for verdict in verdicts:
            for finding in verdict.findings:
                await self._found(device, heard, verdict, finding)
        await self._answer(device, heard, verdicts)
        if any(verdict.outcome is not None and verdict.outcome.all_clear for verdict in verdicts):
            await service.all_clear(self._conn, device.aid.device_id, self._now)
        for fact in heard:
            if isinstance(fact, Replied):
                await service.lift_replied(
                    self._conn,
                    fact.command_id,
                    outcome=fact.outcome,
                    text=fact.detail,
                    now=self._now,
                )

    async def _answer(
        self, device: store.Device, heard: Sequence[Fact], verdicts: Sequence[Verdict]
    ) -> None:
        """Answer the lift's calls: those heard now, and those that waited for more."""
        repetitions: dict[str, tuple[str, dict[str, Any]]] = {
            finding.call_id: ("held", {})
            for verdict in verdicts
            for finding in verdict.findings
            if finding.call_id is not None and finding.level is Level.CERTAIN
        }
        for call in open_calls(heard):
            detail = {"reason": call.reason, "attempt": call.attempt}
            repetitions[call.call_id] = (f"{call.order.outbox_no}:{call.order.seq}", detail)
        for call_id, (repetition, detail) in repetitions.items():
            await service.hear_call(
                self._conn,
                device.aid.device_id,
                call_id,
                repetition=repetition,
                detail=detail,
                now=self._now,
            )

    async def _found(
        self, device: store.Device, heard: Sequence[Fact], verdict: Verdict, finding: Finding
    ) -> None:
        conn, now = self._conn, self._now
        stored = await store.save_finding(
            conn,
            device,
            finding,
            detector=verdict.detector,
            version=verdict.version,
            now=now,
        )
        certain = finding.level is Level.CERTAIN and finding.emergency
        if not certain or stored.ticket_id is not None:
            return  # an episode that had its ticket gets no second one, closed or not
        released_at = await repository.last_release(conn, device.aid.device_id)
        if released_at is not None and finding.evidence.last_at <= released_at:
            return  # nothing of it is newer than the release: it was that emergency's
        evidence_at = [
            fact.received_at for fact in heard if fact.log_no in finding.evidence.log_nos
        ]
        opening = await service.open_emergency(
            conn,
            device.aid.device_id,
            actor=f"system:{verdict.detector}",
            detail={
                "finding": stored.finding_id,
                "reasons": store.reasons_of(finding),
                "evidence": store.evidence_of(finding, device.shard),
            },
            evidence_at=min(evidence_at, default=finding.evidence.last_at),
            since=finding.since,
            now=now,
        )
        if opening.created:
            self.opened += 1
            logger.warning("device %s: emergency: %s", device.name, finding.reasons[0].code)
        await store.link_finding(conn, stored.finding_id, opening.ticket.ticket_id)


def _states(device_id: int, verdicts: Sequence[Verdict]) -> list[store.StoredState]:
    return [
        store.StoredState(
            device_id,
            verdict.detector,
            verdict.outcome.state,
            verdict.outcome.attentive,
            verdict.outcome.due_at,
        )
        for verdict in verdicts
        if verdict.outcome is not None
    ]


async def _claim(conn: Connection, shards: list[int], max_numbers: int) -> list[Span]:
    async with conn.cursor(binary=True) as cursor:
        await cursor.execute(_SQL["claim_shards"], {"shards": shards})
        return [
            Span(
                shard,
                after,
                min(head, after + max_numbers),
                received_at,
                drained=head <= after + max_numbers,
            )
            for shard, after, received_at, head in await cursor.fetchall()
        ]


async def _attentive(conn: Connection, spans: Sequence[Span]) -> list[int]:
    moved = [span.shard for span in spans if span.head > span.after]
    if not moved:
        return []
    cursor = await conn.execute(_SQL["attentive_devices"], {"shards": moved})
    return [row[0] for row in await cursor.fetchall()]


async def _due(conn: Connection, spans: Sequence[Span], now: datetime) -> list[int]:
    """Return devices whose timer is due, of shards whose log was read to its end."""
    cursor = await conn.execute(
        _SQL["due_devices"],
        {
            "shards": [span.shard for span in spans if span.drained],
            "now": now,
            "limit": MAX_TIMERS,
        },
    )
    return [row[0] for row in await cursor.fetchall()]


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
