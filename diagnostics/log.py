"""The committed log, as facts. Only reading; ADR 0006 says why it can be trusted to be complete."""

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import psycopg
from msgspec import Struct
from psycopg import AsyncConnection, AsyncCursor

from diagnostics.detectors.contract import Aid
from diagnostics.facts import (
    Called,
    ConditionReported,
    Fact,
    FaultChanged,
    Order,
    PresenceChanged,
    Replied,
    RideEnded,
    Sampled,
)
from diagnostics.queries import load
from diagnostics.store import Device
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import (
    CallPhase,
    Demand,
    Direction,
    Edge,
    Landing,
    LoadClass,
    Mode,
    Seat,
)

Connection = AsyncConnection[Any]
Row = Sequence[Any]

# A message was received at most this long before it was committed: prunes chunks.
MAX_COMMIT_DELAY: Final = timedelta(days=7)
# What is committed later in a shard was received later, but for less than this: ingest takes calls
# before what else it holds, and keeps the order of the rest.
SLACK: Final = timedelta(minutes=2)

logger = logging.getLogger(__name__)

_SQL = load("diagnostics")
_SAMPLE = msgspec.json.Decoder(Sample)
_UNKNOWN: Final = Sample(
    0, None, None, None, None, Seat.UNKNOWN, Demand.NONE, Mode.NORMAL, Landing.UNKNOWN
)
CALLS_AT_ONCE: Final = 50
ROWS_AT_ONCE: Final = 200  # between two chances for others


class Span(Struct, frozen=True):
    """A stretch of one shard's log: after one number, up to another.

    ``received_at`` is when the newest row before it was received; ``end`` is how far the log went.
    """

    shard: int
    after: int
    head: int
    received_at: datetime
    end: int = 0

    @property
    def drained(self) -> bool:
        """Whether nothing is left to read."""
        return self.head >= self.end


GiveWay = Callable[[], Awaitable[None]]
Facts = dict[int, list[Fact]]  # by device, in the order of reception
Readers = Sequence[tuple[str, Callable[[Row], Fact]]]


def place(spans: Sequence[Span]) -> dict[str, Any]:
    """Return the parameters that statements name ``spans`` by."""
    return {
        "shards": [span.shard for span in spans],
        "afters": [span.after for span in spans],
        "heads": [span.head for span in spans],
        "oldest": min(span.received_at for span in spans) - MAX_COMMIT_DELAY,
    }


async def nobody() -> None:
    """Give way to nobody: there is nobody else."""


async def read(
    conn: Connection,
    spans: Sequence[Span],
    attentive: Iterable[int],
    give_way: GiveWay = nobody,
) -> Facts:
    """Return the facts of ``spans``, of attentive devices and those with anything notable in full.

    One transaction's worth: a span's numbers are gapless once its head was read.
    """
    spans = [span for span in spans if span.head > span.after]
    if not spans:
        return {}
    where = place(spans)
    facts = await _read(conn, where, _READERS, give_way)
    where["devices"] = list(set(attentive) | set(facts))
    if where["devices"]:
        where["since"] = [span.received_at - SLACK for span in spans]
        where["slack"] = SLACK
        await _collect(conn, "read_resting_status", where, _sampled, facts, give_way)
    return _in_order(facts)


async def read_words(conn: Connection, spans: Sequence[Span], give_way: GiveWay = nobody) -> Facts:
    """Return the facts of ``spans`` that are neither readings nor replies: what analysis reads."""
    spans = [span for span in spans if span.head > span.after]
    if not spans:
        return {}
    return _in_order(await _read(conn, place(spans), _WORD_READERS, give_way))


def _in_order(facts: Facts) -> Facts:
    for each in facts.values():
        each.sort(key=lambda fact: (fact.log_no, fact.order))
    return facts


async def _read(
    conn: Connection, where: dict[str, Any], readers: Readers, give_way: GiveWay
) -> Facts:
    facts: Facts = defaultdict(list)
    for statement, make in readers:
        await _collect(conn, statement, where, make, facts, give_way)
    return facts


async def next_calls(
    conn: Connection, shard: int, after: int
) -> list[tuple[int, Called | None, Device]]:
    """Return the next calls of a shard: log number, call (None: unreadable) and device."""
    found: list[tuple[int, Called | None, Device]] = []
    async with conn.cursor(binary=True) as cursor:
        await cursor.execute(
            _SQL["next_calls"], {"shard": shard, "after": after, "limit": CALLS_AT_ONCE}
        )
        for row in await cursor.fetchall():
            name, at_shard, kind, rail_length_mm = row[12:]
            aid = Aid(device_id=row[0], kind=kind, rail_length_mm=rail_length_mm)
            try:
                call = _call(row)
            except ValueError:
                logger.exception("device %s: call %d cannot be read", name, row[1])
                call = None
            found.append((row[1], call, Device(name, at_shard, aid)))
    return found


async def _collect(  # noqa: PLR0917 - private, called by position in one place
    conn: Connection,
    statement: str,
    where: dict[str, Any],
    make: Callable[[Row], Fact],
    facts: Facts,
    give_way: GiveWay,
) -> None:
    async with conn.cursor(binary=True) as cursor:
        await cursor.execute(_SQL[statement], where)
        while chunk := await _fetch(cursor):
            for row in chunk:
                try:
                    facts[row[0]].append(make(row))
                except (ValueError, msgspec.MsgspecError):
                    # Ingest let it pass, so this is a bug of ours: no reason to stop others.
                    logger.exception("device %d: log number %d cannot be read", row[0], row[1])
            await give_way()


async def _fetch(cursor: AsyncCursor[Any]) -> list[Row]:
    """Return some more rows; leave out those that Python has no values for (an infinite time)."""
    try:
        return await cursor.fetchmany(ROWS_AT_ONCE)
    except psycopg.DataError:
        pass
    found: list[Row] = []
    while len(found) < ROWS_AT_ONCE:
        try:
            row = await cursor.fetchone()
        except psycopg.DataError as error:
            logger.warning("a row of the log cannot be read: %s", error)
            await cursor.scroll(1)
            continue
        if row is None:
            break
        found.append(row)
    return found


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
        start_landing=Landing(row[8]),
        duration_ms=row[9],
        distance_mm=row[10],
        direction=Direction(row[11]),
        mean_current_ma=row[12],
        peak_current_ma=row[13],
        load_class=LoadClass(row[14]),
        seat=Seat(row[15]),
        battery_before_mv=row[16],
        battery_after_mv=row[17],
        min_battery_mv=row[18],
        max_speed_mm_s=row[19],
        max_incline_deg=row[20],
        load_kg=row[21],
        boarding_ms=row[22],
        presses=row[23],
        trips=row[24],
        away=row[25],
        profile_ma=tuple(row[26] or ()),
    )


def _condition(row: Row) -> Fact:
    return ConditionReported(
        order=Order(row[2], row[3]),
        log_no=row[1],
        measured_at=row[4],
        received_at=row[5],
        **dict(zip(_CONDITION_FIELDS, row[6:], strict=True)),
    )


def _call(row: Row) -> Called:
    try:
        sample = _SAMPLE.decode(row[11])
    except msgspec.MsgspecError:
        # A call is a call, whatever the reading that came with it.
        logger.exception("device %d: the reading of call %d cannot be read", row[0], row[1])
        sample = _UNKNOWN
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
        sample=sample,
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


# As in ``read_conditions``.
_CONDITION_FIELDS: Final = (
    *("period_ms", "battery_rest_mv", "battery_min_mv", "battery_max_mv", "charging_ms"),
    *("mains_ms", "off_charge_ms", "seat_ms", "away_ms", "cell", "temperature_min_dc"),
    *("temperature_max_dc", "restarts", "openings", "trips", "cycles", "odometer_m"),
    *("parameters", "hardware", "signal_dbm"),
)
_COMMON: Final[Readers] = (
    ("read_faults", _fault),
    ("read_rides", _ride),
    ("read_calls", _call),
    ("read_presence", _presence),
)
_READERS: Final[Readers] = (
    ("read_notable_status", _sampled),
    *_COMMON,
    ("read_replies", _reply),
)
_WORD_READERS: Final[Readers] = (*_COMMON, ("read_conditions", _condition))
