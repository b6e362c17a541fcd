"""Puts a lift's messages into the log through ingest's writer, at times of the test's choice."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import psycopg

from gateway.protocol.codec import encode, kind_of
from gateway.protocol.messages import (
    Call,
    Condition,
    FaultEdge,
    Message,
    Presence,
    Reply,
    Sample,
    Status,
    Usage,
)
from gateway.protocol.topics import topic_of
from gateway.protocol.vocabulary import CallPhase, CallReason, Direction, Edge, Landing
from ingest.decode import Delivery, decode
from ingest.writer import Job

OUTBOX = "0" * 31 + "1"


class Lift:
    """Writes as one modem would; its clock is right."""

    def __init__(self, name: str = "sl-000001") -> None:
        self.name = name
        self._seqs = count(1)

    def _head(self, at: datetime) -> dict[str, Any]:
        return {
            "device": self.name,
            "outbox": OUTBOX,
            "seq": next(self._seqs),
            "time_ms": round(at.timestamp() * 1000),
        }

    def status(self, at: datetime, *samples: Sample) -> Status:
        """A batch of readings."""
        return Status(samples=samples, **self._head(at))

    def fault(self, at: datetime, code: str, edge: Edge, sample: Sample) -> FaultEdge:
        """A fault comes or goes."""
        return FaultEdge(code=code, edge=edge, sample=sample, **self._head(at))

    def call(
        self,
        at: datetime,
        sample: Sample,
        *,
        reason: str = CallReason.SOS,
        phase: CallPhase = CallPhase.RAISED,
        call_id: str = "c" * 32,
        attempt: int = 1,
    ) -> Call:
        """A call for help."""
        head = self._head(at)
        return Call(
            call_id=call_id,
            reason=reason,
            phase=phase,
            since_ms=head["time_ms"],
            sample=sample,
            attempt=attempt,
            **head,
        )

    def usage(self, at: datetime, landing: Landing = Landing.TOP, **more: Any) -> Usage:
        """The summary of a ride; ``more`` are fields of ``Usage``."""
        ride: dict[str, Any] = {
            "duration_ms": 40_000,
            "distance_mm": 4_700,
            "direction": Direction.UP,
            "start_landing": Landing.BOTTOM,
            "end_landing": landing,
        }
        return Usage(**(ride | more), **self._head(at))

    def condition(self, at: datetime, **more: Any) -> Condition:
        """A day that it lived through; ``more`` are fields of ``Condition``."""
        day: dict[str, Any] = {"period_ms": 86_400_000}
        return Condition(**(day | more), **self._head(at))

    def reply(self, at: datetime, command_id: str, outcome: Any = "done") -> Reply:
        """What became of a command."""
        return Reply(command_id=command_id, outcome=outcome, **self._head(at))

    def presence(
        self, at: datetime, session: int, sample: Sample | None, *, online: bool = True
    ) -> Presence:
        """A birth or will message."""
        return Presence(
            device=self.name,
            session=session,
            online=online,
            time_ms=round(at.timestamp() * 1000),
            reason="connected" if online else "lost",
            outbox=OUTBOX if online else None,
            sample=sample,
        )


async def store(
    conn: psycopg.AsyncConnection[Any], messages: Iterable[Message], received_at: datetime
) -> None:
    """Store ``messages`` as one batch that arrived at ``received_at``."""
    deliveries = [
        Delivery(
            topic_of(message.device, kind_of(message)), encode(message), received_at, live=True
        )
        for message in messages
        if isinstance(message, Status | FaultEdge | Usage | Condition | Call | Reply | Presence)
    ]
    job = Job([decode(delivery) for delivery in deliveries])
    outcome = await job.run(conn)
    assert outcome.quarantined == 0


async def listen(conn: psycopg.AsyncConnection[Any], now: datetime) -> None:
    """Say that the platform has listened to all shards for an hour."""
    await conn.execute(
        "INSERT INTO listener (worker, first_shard, last_shard, listening_since, beat_at)"
        " VALUES ('test', 0, 63, %(since)s, %(now)s)"
        " ON CONFLICT (worker) DO UPDATE SET beat_at = excluded.beat_at",
        {"since": now - timedelta(hours=1), "now": now},
    )


async def rows(
    conn: psycopg.AsyncConnection[Any], query: str, parameters: Sequence[object] = ()
) -> list[Any]:
    """Return what a query finds."""
    cursor = await conn.execute(query.encode(), parameters or None)
    return await cursor.fetchall()
