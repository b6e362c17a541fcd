"""The committed log, as facts. Only reading; ADR 0006 says why it can be trusted to be complete."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from psycopg import AsyncConnection

from diagnostics.facts import (
    Called,
    Fact,
    FaultChanged,
    Order,
    PresenceChanged,
    Replied,
    RideEnded,
    Sampled,
)
from diagnostics.queries import load
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import CallPhase, Demand, Edge, Landing, Mode, Seat

Connection = AsyncConnection[Any]
Row = Sequence[Any]

# A message was received at most this long before it was committed: prunes chunks.
MAX_COMMIT_DELAY: Final = timedelta(days=7)
# The same for samples at rest, which are found by time. Those of a longer outage of the database
# are passed over; the ride's own summary, and presence, then tell that it ended.
MAX_REST_DELAY: Final = timedelta(hours=2)

logger = logging.getLogger(__name__)

_SQL = load("diagnostics")
_SAMPLE = msgspec.json.Decoder(Sample)


class Span(Struct, frozen=True):
    """A stretch of one shard's log: after one number, up to another.

    ``received_at`` is when the newest row before it was received. ``drained``: nothing was
    committed past ``head`` when it was read.
    """

    shard: int
    after: int
    head: int
    received_at: datetime
    drained: bool = True


Facts = dict[int, list[Fact]]  # by device, in the order of reception


async def read(conn: Connection, spans: Sequence[Span], attentive: Iterable[int]) -> Facts:
    """Return the facts of ``spans``, of attentive devices and those with anything notable in full.

    One transaction's worth: a span's numbers are gapless once its head was read.
    """
    spans = [span for span in spans if span.head > span.after]
    facts: Facts = defaultdict(list)
    if not spans:
        return facts
    since = min(span.received_at for span in spans)
    where: dict[str, Any] = {
        "shards": [span.shard for span in spans],
        "afters": [span.after for span in spans],
        "heads": [span.head for span in spans],
        "oldest": since - MAX_COMMIT_DELAY,
    }
    for statement, make in _READERS:
        await _collect(conn, statement, where, make, facts)
    where["devices"] = list(set(attentive) | set(facts))
    if where["devices"]:
        where["oldest"] = since - MAX_REST_DELAY
        await _collect(conn, "read_resting_status", where, _sampled, facts)
    for each in facts.values():
        each.sort(key=lambda fact: (fact.log_no, fact.order))
    return facts


async def _collect(
    conn: Connection,
    statement: str,
    where: dict[str, Any],
    make: Callable[[Row], Fact],
    facts: Facts,
) -> None:
    async with conn.cursor(binary=True) as cursor:
        await cursor.execute(_SQL[statement], where)
        for row in await cursor.fetchall():
            try:
                facts[row[0]].append(make(row))
            except (ValueError, msgspec.MsgspecError):
                # Ingest let it pass, so this is a bug of ours: no reason to stop for all others.
                logger.exception("device %d: log number %d cannot be read", row[0], row[1])


def _sampled(row: Row) -> Fact:
    return Sampled(
        order=Order(row[2], row[3], row[4]),
        log_no=row[1],
        measured_at=row[5],
        received_at=row[6],
        sample=Sample(
            0,
            row[7],
            row[8],
            row[9],
            row[10],
            Seat(row[11]),
            Demand(row[12]),
            Mode(row[13]),
            Landing(row[14]),
            *row[15:18],
        ),
    )


def _fault(row: Row) -> Fact:
    return FaultChanged(
        order=Order(row[2], row[3]),
        log_no=row[1],
        measured_at=row[4],
        received_at=row[5],
        code=row[6],
        maker_code=row[7],
        edge=Edge(row[8]),
        sample=_SAMPLE.decode(row[9]),
    )


def _ride(row: Row) -> Fact:
    return RideEnded(
        order=Order(row[2], row[3]),
        log_no=row[1],
        measured_at=row[4],
        received_at=row[5],
        end_landing=Landing(row[6]),
        stops=row[7],
    )


def _call(row: Row) -> Fact:
    return Called(
        order=Order(row[2], row[3]),
        log_no=row[1],
        measured_at=row[4],
        received_at=row[5],
        call_id=row[6],
        reason=row[7],
        phase=CallPhase(row[8]),
        attempt=row[9],
        since=row[10],
        sample=_SAMPLE.decode(row[11]),
    )


def _presence(row: Row) -> Fact:
    return PresenceChanged(
        order=Order(row[2], row[3]) if row[6] else Order(0, 0),
        log_no=row[1],
        measured_at=row[4],
        received_at=row[4],
        session=row[5],
        online=row[6],
        call_id=row[7],
        sample=None if row[8] is None else _SAMPLE.decode(row[8]),
    )


def _reply(row: Row) -> Fact:
    return Replied(
        order=Order(row[2], row[3]),
        log_no=row[1],
        measured_at=row[4],
        received_at=row[4],
        command_id=row[5],
        outcome=row[6],
        detail=row[7],
    )


_READERS: Final[tuple[tuple[str, Callable[[Row], Fact]], ...]] = (
    ("read_notable_status", _sampled),
    ("read_faults", _fault),
    ("read_rides", _ride),
    ("read_calls", _call),
    ("read_presence", _presence),
    ("read_replies", _reply),
)
