"""Any past interval, through the same code as live: what would have been found. Writes nothing."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from psycopg import AsyncConnection

from diagnostics import log, store
from diagnostics.detectors.contract import Detector, Finding, Level
from diagnostics.detectors.registry import DETECTORS
from diagnostics.facts import Fact
from diagnostics.judge import judge
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
        return self.finding.emergency and self.finding.level is Level.CERTAIN


async def replay(
    conn: Connection,
    *,
    since: datetime,
    until: datetime,
    device: str | None = None,
    detectors: Sequence[Detector] = DETECTORS,
) -> AsyncIterator[Found]:
    """Yield what is found in everything received from ``since`` to ``until``, device by device.

    The platform is taken to have listened all the time. Live, a device that is not attended to
    is read only where it is not at rest; here everything is read, which a detector must not mind.

    Raises:
        LookupError: there is no device of that name.
    """
    for known in await _devices(conn, device):
        facts = await _facts(conn, known, since, until)
        for found in _run(known, facts, until, since, detectors):
            yield found


def _run(
    device: store.Device,
    facts: Sequence[Fact],
    until: datetime,
    since: datetime,
    detectors: Sequence[Detector],
) -> list[Found]:
    """Step through time as the engine does: at each reception, and whenever a timer is due."""
    states: dict[str, Any] = {}
    due: dict[str, datetime | None] = {}
    found: list[Found] = []

    def step(heard: Sequence[Fact], now: datetime) -> None:
        for verdict in judge(
            device.aid,
            states,
            heard,
            now=now,
            listening_since=since,
            detectors=[each for each in detectors if device.aid.kind in each.kinds],
        ):
            found.extend(
                Found(now, device.name, device.shard, verdict.detector, verdict.version, finding)
                for finding in verdict.findings
            )
            if verdict.outcome is not None:
                states[verdict.detector] = verdict.outcome.state
                due[verdict.detector] = verdict.outcome.due_at

    def pass_time(limit: datetime) -> None:
        while (now := min(filter(None, due.values()), default=None)) and now <= limit:
            step((), now)

    position = 0
    while position < len(facts):
        received_at = facts[position].received_at
        end = position + 1
        while end < len(facts) and facts[end].received_at == received_at:
            end += 1
        pass_time(received_at)
        step(facts[position:end], received_at)
        position = end
    pass_time(until + AFTERMATH)
    return found


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
    facts = await log.read(conn, [span], [device.aid.device_id])
    return [
        fact for fact in facts.get(device.aid.device_id, []) if since <= fact.received_at <= until
    ]
