"""Stores batches: each in one transaction, every message exactly once, whatever comes twice.

A message that the database refuses is put into quarantine, and the rest of its batch is stored.
Trouble with the database itself is the caller's: the same batch is then stored again.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, cast

import msgspec
import psycopg
from msgspec import Struct, field
from psycopg import AsyncConnection, sql
from psycopg.rows import TupleRow
from psycopg.types.json import Json

from gateway.protocol.messages import Presence
from gateway.protocol.topics import Kind
from ingest import binary, statements
from ingest.changes import Changes, Known, Outbox, Session
from ingest.decode import Accepted, Decoded, Receipt, Rejected, numbered, reject
from ingest.rows import Row, Table
from ingest.sequences import from_multirange, to_multirange

logger = logging.getLogger(__name__)

LOG_CHANNEL: Final = "liftwacht_log"
LIVE_CHANNEL: Final = "liftwacht_live"

# The message is at fault, not the database: no retry will help. UnicodeError: text that cannot be
# put into UTF-8.
UNSTORABLE: Final = (psycopg.DataError, psycopg.IntegrityError, UnicodeError)


_encode: Callable[[Any], bytes] = msgspec.json.encode


class Outcome(Struct):
    """What became of the messages of a batch, and what their modems are told.

    ``strangers`` called for help without being registered.
    """

    stored: int = 0
    duplicate: int = 0
    quarantined: int = 0
    receipts: list[Receipt] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)

    def add(self, other: "Outcome") -> None:
        """Add up."""
        self.stored += other.stored
        self.duplicate += other.duplicate
        self.quarantined += other.quarantined
        self.receipts += other.receipts
        self.strangers |= other.strangers


class Job:
    """A batch on its way into the database.

    What has been stored stays done: after an error of the connection, ``run`` goes on with the
    rest on a new one.
    """

    def __init__(self, messages: Sequence[Decoded]) -> None:
        self.outcome = Outcome()
        self._parts = [list(messages)]

    async def run(self, connection: AsyncConnection[TupleRow]) -> Outcome:
        """Store everything.

        Raises:
            psycopg.Error: the database cannot; call again.
        """
        while self._parts:
            part = self._parts[-1]
            try:
                outcome = await _store(connection, part)
            except UNSTORABLE as error:
                self._parts[-1:] = reversed(_split(part, error))
            else:
                self._parts.pop()
                self.outcome.add(outcome)
        return self.outcome


def _split(part: list[Decoded], error: Exception) -> list[list[Decoded]]:
    """Return smaller parts, in order; a message that fails alone goes to quarantine."""
    if len(part) > 1:
        middle = len(part) // 2
        return [part[:middle], part[middle:]]
    message = part[0]
    if isinstance(message, Rejected):
        raise error
    logger.warning("%s cannot be stored: %s", message.delivery.topic, error)
    return [[reject(message, "storage", str(error))]]


async def _store(connection: AsyncConnection[TupleRow], messages: Sequence[Decoded]) -> Outcome:
    accepted = [message for message in messages if isinstance(message, Accepted)]
    rejected = [message for message in messages if isinstance(message, Rejected)]
    outcome = Outcome()
    async with connection.transaction(), connection.cursor() as cursor:
        store = _Store(cursor)
        if accepted:
            known = await store.known(accepted)
            changes = Changes(known)
            for message in accepted:
                if message.device in known.device_ids:
                    changes.add(message)
                else:
                    why = f"no device {message.device!r} is registered"
                    rejected.append(reject(message, "unknown_device", why))
                    if message.kind is Kind.CALL:
                        outcome.strangers.add(message.device)
            await store.apply(changes)
            outcome.stored, outcome.duplicate = changes.stored, changes.duplicate
        await store.quarantine(rejected)
    outcome.quarantined = len(rejected)
    outcome.receipts = [message.receipt for message in messages if message.receipt]
    return outcome


class _Store:
    """The statements of one transaction."""

    def __init__(self, cursor: psycopg.AsyncCursor[TupleRow]) -> None:
        self._cursor = cursor

    async def known(self, accepted: Sequence[Accepted]) -> Known:
        """Lock the shards, and return what the database knows about the senders."""
        shards = sorted({message.shard for message in accepted})
        log_nos: dict[int, int] = dict(await self._all(statements.LOCK_SHARDS, shards))
        seqs: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for message in accepted:
            numbers = seqs[message.device, message.message.outbox]
            if (own := numbered(message)) is not None:
                numbers.append(own.seq)
        found = await self._senders(seqs)
        new = [
            {"device_id": device_id, "outbox_id": outbox_id}
            for _, outbox_id, device_id, outbox_no, *_ in found
            if outbox_id is not None and device_id is not None and outbox_no is None
        ]
        if new:
            await self._each(statements.CREATE_OUTBOXES, new)
            found = await self._senders(seqs)
        known = Known(log_nos=log_nos, device_ids={}, outboxes={}, connected={}, sessions=set())
        for name, outbox_id, device_id, outbox_no, skew_ms, seen in found:
            if device_id is not None:
                known.device_ids[name] = device_id
            if outbox_no is not None:
                fresh = set(seqs[name, outbox_id]) - from_multirange(seen)
                known.outboxes[device_id, outbox_id] = Outbox(outbox_no, skew_ms, fresh)
        await self._add_presences(known, accepted)
        return known

    async def apply(self, changes: Changes) -> None:
        """Write everything."""
        if changes.status:
            await self._copy_status(changes.status)
        for table, rows in changes.tables():
            await self._copy(table, rows)
        await self._each(statements.SET_LATEST, changes.latest())
        await self._each(statements.SET_FAULTS, changes.faults.values())
        await self._each(statements.SET_PRESENCE, changes.presences.values())
        await self._each(statements.MARK_SEEN, changes.seen())
        await self._each(statements.SET_SKEW, changes.skews())
        await self._each(statements.ADVANCE_SHARDS, changes.log_nos())
        if changes.notable_shards:
            shards = ",".join(map(str, sorted(changes.notable_shards)))
            await self._cursor.execute(statements.NOTIFY, (LOG_CHANNEL, [shards]))
        if changes.live_devices:
            await self._cursor.execute(statements.NOTIFY, (LIVE_CHANNEL, changes.live_notices()))

    async def quarantine(self, rejected: Sequence[Rejected]) -> None:
        """Put messages aside as they came."""
        for entry in rejected:
            delivery = entry.delivery
            values = (delivery.received_at, delivery.topic, delivery.payload, entry.reason)
            await self._cursor.execute(statements.QUARANTINE, (*values, _printable(entry.detail)))

    async def _senders(self, seqs: dict[tuple[str, str | None], list[int]]) -> list[TupleRow]:
        senders = [
            {"name": name, "outbox_id": outbox_id, "seqs": to_multirange(numbers)}
            for (name, outbox_id), numbers in seqs.items()
        ]
        await self._each(statements.FIND_SENDERS, senders)
        return await self._cursor.fetchall()

    async def _add_presences(self, known: Known, accepted: Sequence[Accepted]) -> None:
        presences = [
            (known.device_ids[accepted_.device], message.session)
            for accepted_ in accepted
            if isinstance(message := accepted_.message, Presence)
            and accepted_.device in known.device_ids
        ]
        if not presences:
            return
        devices = [device_id for device_id, _ in presences]
        sessions = [session for _, session in presences]
        await self._cursor.execute(statements.FIND_PRESENCES, (devices, sessions))
        known.sessions.update(cast("list[Session]", await self._cursor.fetchall()))
        known.connected.update(await self._all(statements.FIND_CONNECTED_OUTBOXES, devices))

    async def _all(self, statement: str, values: list[Any]) -> list[TupleRow]:
        await self._cursor.execute(statement.encode(), (values,))
        return await self._cursor.fetchall()

    async def _each(self, statement: str, rows: Iterable[Any]) -> None:
        """Execute a statement that takes rows (objects or dictionaries) as one JSON array."""
        if listed := list(rows):
            await self._cursor.execute(statement.encode(), (Json(listed, dumps=_encode),))

    async def _copy_status(self, packed: Sequence[bytes]) -> None:
        async with self._cursor.copy(_copy_statement("status", binary.COLUMNS)) as copy:
            await copy.write(b"".join((binary.SIGNATURE, *packed, binary.TRAILER)))

    async def _copy(self, table: Table, rows: Sequence[Row]) -> None:
        async with self._cursor.copy(_copy_statement(table.name, table.columns)) as copy:
            copy.set_types(list(table.columns.values()))
            for row in rows:
                await copy.write_row(row)


def _copy_statement(table: str, columns: Iterable[str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


def _printable(text: str) -> str:
    """Return ``text`` as PostgreSQL can hold it, whatever was in the message it quotes."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
