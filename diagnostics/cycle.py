"""One cycle of the engine: load → decide(now) → apply, in one transaction."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from msgspec import Struct
from msgspec.structs import replace
from psycopg import AsyncConnection

from diagnostics import emergencies, log, store
from diagnostics.commands import service as commands
from diagnostics.detectors.contract import Detector, Level
from diagnostics.detectors.registry import EMERGENCY
from diagnostics.facts import Called, Fact, Replied
from diagnostics.judge import Verdict, calls_alone, judge, open_calls
from diagnostics.log import Facts, GiveWay, Span
from diagnostics.queries import load
from diagnostics.tickets import service
from gateway import logs

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

_SQL = load("diagnostics")

# How much of the log a cycle takes, in messages and about as many readings: it stays short, and
# small in memory, whatever the backlog.
MAX_NUMBERS: Final = 1_000
MAX_SAMPLES: Final = 4_000
MIN_SAMPLES: Final = 600  # one message
# A shard with no more news than this need not wait for its turn.
FEW_NUMBERS: Final = 8
MAX_TIMERS: Final = 200
# A listener that has not said so for this long does not listen.
LISTENER_ALIVE: Final = timedelta(seconds=10)


class Report(Struct, frozen=True):
    """What a cycle did.

    Attributes:
        shards: those it had for itself; others are in the hands of another engine.
        facts: how many were judged.
        tickets: that were opened.
        failed: devices of which something could not be judged or stored.
        behind: whether there is more to read at once.
        unread: messages left in the shard that has most.
        oldest: when the newest message was received that was read of the shard that is furthest
            behind; None: all was read.
    """

    shards: frozenset[int] = frozenset()
    facts: int = 0
    tickets: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()
    behind: bool = False
    unread: int = 0
    oldest: datetime | None = None

    @property
    def opened(self) -> int:
        """How many tickets."""
        return len(self.tickets)


async def cycle(
    conn: Connection,
    shards: Iterable[int],
    *,
    now: datetime,
    detectors: Sequence[Detector] = EMERGENCY,
    max_numbers: int = MAX_NUMBERS,
    give_way: GiveWay = log.nobody,
    all_timers: bool = True,
) -> Report:
    """Judge what is new in ``shards``, and the timers that are due, in one transaction.

    Any number of engines may run: each takes the shards that no other works on.

    Args:
        conn: outside a transaction.
        shards: to look at.
        now: the platform's time.
        detectors: what to run.
        max_numbers: how much of the log to take; the rest is for further cycles.
        give_way: called often, while no ticket is locked.
        all_timers: also those of devices all of whose words were read, in shards that go on.
    """
    async with conn.transaction():
        spans = await _claim(conn, list(shards), max_numbers)
        if not spans:
            return Report()
        facts = await log.read(conn, spans, await _attentive(conn, spans), give_way)
        for device_id in await _due(conn, spans, now, all_timers=all_timers):
            facts.setdefault(device_id, [])
        run = _Run(conn, detectors, spans, now, give_way)
        await run.judge(facts)
        await _move(conn, spans, facts, run.known, now)
        left = [span for span in spans if not span.drained]
        return Report(
            shards=frozenset(span.shard for span in spans),
            facts=sum(map(len, facts.values())),
            tickets=tuple(run.tickets),
            failed=tuple(run.failed),
            behind=bool(left),
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

    async def judge(self, facts: Facts) -> None:
        if not facts:
            return
        conn = self._conn
        hearing = await store.hearing(conn, alive_since=self._now - LISTENER_ALIVE)
        self.known = await store.devices(conn, facts)
        states = await store.states(conn, facts, self._detectors)
        judged: list[tuple[store.Device, Sequence[Fact], list[Verdict]]] = []
        for device_id, heard in facts.items():
            await self._give_way()
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
            judged.append((device, heard, verdicts))
        # From here on tickets may be locked: no more giving way.
        changed: list[store.StoredState] = []
        for device, told, verdicts in judged:
            with logs.bound(device=device.name):
                stored = await self._apply(device, told, verdicts)
            if stored:
                changed.extend(states_of(device.aid.device_id, verdicts))
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
        if _nothing_to_say(heard, verdicts):
            return True
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
                alone = Verdict("calls", 0, calls_alone(heard, device.aid.kind), None)
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
                opened = await emergencies.found(
                    self._conn, device, heard, verdict, finding, self._now
                )
                if opened is not None:
                    self.tickets.append(opened)
        await self._answer(device, heard, verdicts)
        if any(verdict.outcome is not None and verdict.outcome.all_clear for verdict in verdicts):
            await self._all_clear(device)
        for fact in heard:
            if isinstance(fact, Replied):
                await self._take_reply(fact)

    async def _take_reply(self, fact: Replied) -> None:
        """Write down what became of a command: of the desk's, or of a word to the rider."""
        conn, now = self._conn, self._now
        answer: dict[str, Any] = {"outcome": fact.outcome, "now": now}
        if not await commands.replied(conn, fact.command_id, detail=fact.detail, **answer):
            await service.lift_replied(conn, fact.command_id, text=fact.detail, **answer)

    async def _answer(
        self, device: store.Device, heard: Sequence[Fact], verdicts: Sequence[Verdict]
    ) -> None:
        """Answer the lift's calls: those heard now, and those that waited for more."""
        calling = open_calls(heard)
        at_once = {call.call_id for call in calling}
        held = {
            finding.call_id: None
            for verdict in verdicts
            for finding in verdict.findings
            if finding.call_id is not None and finding.level is Level.CERTAIN
        }
        for call_id in held:
            if call_id not in at_once:
                await emergencies.answer_held(self._conn, device, call_id, self._now)
        for call in calling:
            await emergencies.answer(self._conn, device, call, self._now)

    async def _all_clear(self, device: store.Device) -> None:
        """Show that the lift says all is well, unless it has called since."""
        span = self._spans[device.shard]
        device_id = device.aid.device_id
        if not await store.call_unread(self._conn, device_id, span.shard, span.head):
            await service.all_clear(self._conn, device_id, self._now)


def _nothing_to_say(heard: Sequence[Fact], verdicts: Sequence[Verdict]) -> bool:
    """Whether nothing but states is to be stored, as for nearly every lift that rides."""
    return not any(isinstance(fact, Called | Replied) for fact in heard) and not any(
        verdict.findings or (verdict.outcome is not None and verdict.outcome.all_clear)
        for verdict in verdicts
    )


def states_of(device_id: int, verdicts: Sequence[Verdict]) -> list[store.StoredState]:
    """Return what detectors remember now, but for those that failed."""
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
        spans = share(await cursor.fetchall(), max_numbers)
        moved = [span for span in spans if span.head > span.after]
        if not moved:
            return spans
        samples = max(MIN_SAMPLES, MAX_SAMPLES // len(moved))
        await cursor.execute(_SQL["long_spans"], {**log.place(moved), "samples": samples})
        cuts: dict[int, int] = dict(await cursor.fetchall())
        return [
            replace(span, head=max(span.after + 1, cuts[span.shard] - 1))
            if span.shard in cuts
            else span
            for span in spans
        ]


def share(positions: Sequence[tuple[int, int, datetime, int]], numbers: int) -> list[Span]:
    """Divide a cycle's ``numbers`` over shards: (shard, after, received_at, end of the log).

    All that have little, then the others in turn, as far as it goes: a backlog is read shard by
    shard, since a device's readings are cheaper together.
    """
    few = min(FEW_NUMBERS, numbers)
    spans = []
    for shard, after, received_at, end in positions:
        taken = end - after
        if taken > few:
            taken = min(taken, numbers)
            numbers -= taken
        spans.append(Span(shard, after, after + taken, received_at, end))
    return spans


async def _attentive(conn: Connection, spans: Sequence[Span]) -> list[int]:
    moved = [span.shard for span in spans if span.head > span.after]
    if not moved:
        return []
    cursor = await conn.execute(_SQL["attentive_devices"], {"shards": moved})
    return [row[0] for row in await cursor.fetchall()]


async def _due(
    conn: Connection, spans: Sequence[Span], now: datetime, *, all_timers: bool
) -> list[int]:
    """Return devices whose timer is due, and all of whose words were read."""
    drained = [span.shard for span in spans if span.drained]
    where = {"shards": drained, "now": now, "limit": MAX_TIMERS}
    cursor = await conn.execute(_SQL["due_devices"], where)
    due = [row[0] for row in await cursor.fetchall()]
    left = [span for span in spans if not span.drained]
    if all_timers and left:
        where |= log.place(left) | {"since": [span.received_at - log.SLACK for span in left]}
        cursor = await conn.execute(_SQL["due_devices_read"], where)
        due += [row[0] for row in await cursor.fetchall()]
    return due


async def _move(
    conn: Connection,
    spans: Sequence[Span],
    facts: Facts,
    known: dict[int, store.Device],
    now: datetime,
) -> None:
    # A shard that waits for its turn keeps its place in the queue.
    spans = [span for span in spans if span.drained or span.head > span.after]
    newest = {span.shard: span.received_at for span in spans}
    for device_id, heard in facts.items():
        if heard and device_id in known and known[device_id].shard in newest:
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
