"""Any past interval, through the same code as live: what would have been found. Writes nothing."""

from collections.abc import AsyncIterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from psycopg import AsyncConnection

from diagnostics import log, store
from diagnostics.analysis import heard_at, heard_by
from diagnostics.detectors.contract import Ask, Detector, Finding, Level
from diagnostics.detectors.registry import ANALYSIS, EMERGENCY
from diagnostics.facts import ConditionReported, Fact, PresenceChanged, Replied, Sampled
from diagnostics.judge import LastResort, judge, silence
from diagnostics.log import Span
from diagnostics.queries import load

Connection = AsyncConnection[Any]

_SQL = load("diagnostics")
# How long after the interval timers may still fire, to show how what began in it ends.
AFTERMATH: Final = timedelta(minutes=10)


class Found(Struct, frozen=True):
    """A finding as it changed at one moment of the replay."""

    at: datetime
    device: str
    shard: int
    detector: str
    version: int
    finding: Finding

    @property
    def opens_ticket(self) -> bool:
        """Whether live it opens a ticket, or adds to the one that is open."""
        finding = self.finding
        if finding.level is not Level.CERTAIN:
            return False
        return finding.emergency or (finding.asks is Ask.REPAIR and finding.ended_at is None)


async def replay(
    conn: Connection,
    *,
    since: datetime,
    until: datetime,
    device: str | None = None,
    detectors: Sequence[Detector] = EMERGENCY,
    analysis: Sequence[Detector] = ANALYSIS,
) -> AsyncIterator[Found]:
    """Yield what is found in everything received from ``since`` to ``until``, device by device.

    ``detectors`` are told everything, ``analysis`` words only, as on the engine's two lanes.

    The platform is taken to have listened all the time. Live, a device that is not attended to
    is read only where it is not at rest; here everything is read, which a detector must not mind.

    Raises:
        LookupError: there is no device of that name.
    """
    for known in await _devices(conn, device):
        facts = await _facts(conn, known, since, until)
        for found in _Run(known, since, detectors, analysis).run(facts, until):
            yield found


class _Run:
    """One device through time, as the engine steps: at each reception, and when a timer is due."""

    def __init__(
        self,
        device: store.Device,
        since: datetime,
        detectors: Sequence[Detector],
        analysis: Sequence[Detector],
    ) -> None:
        kind = device.aid.kind
        self._device = device
        self._since = since
        self._detectors = [each for each in detectors if kind in each.kinds]
        self._analysis = [each for each in analysis if kind in each.kinds]
        self._states: dict[str, Any] = {}
        self._due: dict[str, datetime | None] = {}
        self._heard_at: datetime | None = None
        self._found: list[Found] = []

    def run(self, facts: Sequence[Fact], until: datetime) -> list[Found]:
        """Return what is found in ``facts``, in the order of reception."""
        position = 0
        while position < len(facts):
            received_at = facts[position].received_at
            end = position + 1
            while end < len(facts) and facts[end].received_at == received_at:
                end += 1
            self._pass_time(received_at)
            self._step(facts[position:end], received_at, frozenset())
            if any(map(_own_word, facts[position:end])):
                self._heard_at = received_at
            position = end
        self._pass_time(until + AFTERMATH)
        return self._found

    def _pass_time(self, limit: datetime) -> None:
        while (now := min(filter(None, self._due.values()), default=None)) and now <= limit:
            ringing = {name for name, at in self._due.items() if at is not None and at <= now}
            self._step((), now, ringing)

    def _step(self, heard: Sequence[Fact], now: datetime, ringing: AbstractSet[str]) -> None:
        readings = [fact for fact in heard if not isinstance(fact, ConditionReported)]
        if readings or any(detector.name in ringing for detector in self._detectors):
            self._judge(self._detectors, readings, now, last_resort=None)
        words = [fact for fact in heard if not isinstance(fact, Sampled | Replied)]
        last_heard = heard_at(self._heard_at) if self._heard_at else None
        for detector in self._analysis:
            told = heard_by(detector, self._device, words, ringing, last_heard)
            if told is not None:
                self._judge([detector], told, now, last_resort=silence)

    def _judge(
        self,
        detectors: Sequence[Detector],
        heard: Sequence[Fact],
        now: datetime,
        *,
        last_resort: LastResort | None,
    ) -> None:
        for verdict in judge(
            self._device.aid,
            self._states,
            heard,
            now=now,
            listening_since=self._since,
            detectors=detectors,
            last_resort=last_resort,
        ):
            self._found.extend(
                Found(
                    now,
                    self._device.name,
                    self._device.shard,
                    verdict.detector,
                    verdict.version,
                    finding,
                )
                for finding in verdict.findings
            )
            if verdict.outcome is not None:
                self._states[verdict.detector] = verdict.outcome.state
                self._due[verdict.detector] = verdict.outcome.due_at
            elif verdict.detector in self._due:
                self._due[verdict.detector] = None  # it failed: no use to ask it again and again


def _own_word(fact: Fact) -> bool:
    return not (isinstance(fact, PresenceChanged) and not fact.online)


async def _devices(conn: Connection, name: str | None) -> list[store.Device]:
    cursor = await conn.execute(_SQL["replay_devices"], {"name": name})
    ids = [row[0] for row in await cursor.fetchall()]
    if name is not None and not ids:
        raise LookupError(f"there is no device {name!r}")
    known = await store.devices(conn, ids)
    return [known[device_id] for device_id in ids]


async def _facts(
    conn: Connection, device: store.Device, since: datetime, until: datetime
) -> list[Fact]:
    cursor = await conn.execute(
        _SQL["replay_span"],
        {"device_id": device.aid.device_id, "since": since, "until": until},
    )
    row = await cursor.fetchone()
    if row is None or row[0] is None:
        return []
    span = Span(device.shard, row[0] - 1, row[1], since)
    device_id = device.aid.device_id
    facts = (await log.read(conn, [span], [device_id])).get(device_id, [])
    words = (await log.read_words(conn, [span])).get(device_id, [])
    facts += [fact for fact in words if isinstance(fact, ConditionReported)]
    facts.sort(key=lambda fact: (fact.log_no, fact.order))
    return [fact for fact in facts if since <= fact.received_at <= until]
