"""Stores batches: each in one transaction, every message exactly once, whatever comes twice.

A message that the database refuses is put into quarantine, and the rest of its batch is stored.
Trouble with the database itself is the caller's: the same batch is then stored again.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import psycopg
from msgspec import Struct, field
from psycopg import AsyncConnection, sql
from psycopg.rows import TupleRow

from ingest import statements
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


class Outcome(Struct):
    """What became of the messages of a batch, and what their modems are told."""

    stored: int = 0
    duplicate: int = 0
    quarantined: int = 0
    receipts: list[Receipt] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Add up."""
        self.stored += other.stored
        self.duplicate += other.duplicate
        self.quarantined += other.quarantined
        self.receipts += other.receipts


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
    async with connection.transaction(), connection.cursor() as cursor:
        store = _Store(cursor)
        changes: Changes | None = None
        if accepted:
            device_ids = await store.device_ids(accepted)
            unknown = [message for message in accepted if message.device not in device_ids]
            rejected += [
                reject(message, "unknown_device", f"no device {message.device!r} is registered")
                for message in unknown
            ]
            accepted = [message for message in accepted if message.device in device_ids]
            if accepted:
                changes = Changes(await store.known(accepted, device_ids))
                for message in accepted:
                    changes.add(message)
                await store.apply(changes)
        await store.quarantine(rejected)
    every: list[Decoded] = [*accepted, *rejected]
    receipts = [message.receipt for message in every if message.receipt]
    return Outcome(
        stored=changes.stored if changes else 0,
        duplicate=changes.duplicate if changes else 0,
        quarantined=len(rejected),
        receipts=receipts,
    )


class _Store:
    """The statements of one transaction."""

    def __init__(self, cursor: psycopg.AsyncCursor[TupleRow]) -> None:
        self._cursor = cursor

    async def device_ids(self, accepted: Sequence[Accepted]) -> dict[str, int]:
        """Return the ids of the registered ones among the senders, by name."""
        names = list({message.device for message in accepted})
        return dict(await self._all(statements.FIND_DEVICES, names))

    async def known(self, accepted: Sequence[Accepted], device_ids: dict[str, int]) -> Known:
        """Lock the shards, and return what the database knows about the senders."""
        shards = sorted({message.shard for message in accepted})
        log_nos: dict[int, int] = dict(await self._all(statements.LOCK_SHARDS, shards))
        return Known(
            log_nos=log_nos,
            device_ids=device_ids,
            outboxes=await self._outboxes(accepted, device_ids),
            connected=await self._connected(accepted, device_ids),
            sessions=await self._sessions(accepted, device_ids),
        )

    async def apply(self, changes: Changes) -> None:
        """Write everything."""
        for table, rows in changes.tables():
            await self._copy(table, rows)
        await self._each(statements.SET_LATEST, changes.latest.values())
        await self._each(statements.SET_FAULTS, changes.faults.values())
        await self._each(statements.SET_PRESENCE, changes.presences.values())
        await self._each(statements.SET_SKEW, changes.skews.items())
        await self._each(statements.ADVANCE_SHARDS, changes.log_nos.items())
        if changes.notable_shards:
            shards = ",".join(map(str, sorted(changes.notable_shards)))
            await self._cursor.execute(statements.NOTIFY, (LOG_CHANNEL, [shards]))
        if changes.live_devices:
            await self._cursor.execute(statements.NOTIFY, (LIVE_CHANNEL, changes.live_notices()))

    async def quarantine(self, rejected: Sequence[Rejected]) -> None:
        """Put messages aside as they came."""
        entries = [
            (
                entry.delivery.received_at,
                entry.delivery.topic,
                entry.delivery.payload,
                entry.reason,
                _printable(entry.detail),
            )
            for entry in rejected
        ]
        await self._each(statements.QUARANTINE, entries)

    async def _outboxes(
        self, accepted: Sequence[Accepted], device_ids: dict[str, int]
    ) -> dict[tuple[int, str], Outbox]:
        seqs: dict[tuple[int, str], list[int]] = defaultdict(list)
        for message in accepted:
            if message.message.outbox is None:
                continue
            numbers = seqs[device_ids[message.device], message.message.outbox]
            if (own := numbered(message)) is not None:
                numbers.append(own.seq)
        keys = sorted(seqs)
        devices, names = [key[0] for key in keys], [key[1] for key in keys]
        await self._cursor.execute(statements.CREATE_OUTBOXES, (devices, names))
        ranges = [to_multirange(seqs[key]) for key in keys]
        await self._cursor.execute(statements.MARK_SEEN, (devices, names, ranges))
        return {
            (device_id, outbox_id): Outbox(outbox_no, skew_ms, from_multirange(fresh))
            for device_id, outbox_id, outbox_no, skew_ms, fresh in await self._cursor.fetchall()
        }

    async def _connected(
        self, accepted: Sequence[Accepted], device_ids: dict[str, int]
    ) -> dict[int, int | None]:
        anonymous = [device_ids[m.device] for m in accepted if m.message.outbox is None]
        if not anonymous:
            return {}
        return dict(await self._all(statements.FIND_CONNECTED_OUTBOXES, anonymous))

    async def _sessions(
        self, accepted: Sequence[Accepted], device_ids: dict[str, int]
    ) -> set[Session]:
        presences = [
            (device_ids[m.device], m.message.session)
            for m in accepted
            if hasattr(m.message, "session")
        ]
        if not presences:
            return set()
        devices, sessions = zip(*presences, strict=True)
        await self._cursor.execute(statements.FIND_PRESENCES, (list(devices), list(sessions)))
        return set(await self._cursor.fetchall())

    async def _all(self, statement: str, values: list[Any]) -> list[TupleRow]:
        await self._cursor.execute(statement.encode(), (values,))
        return await self._cursor.fetchall()

    async def _each(self, statement: str, rows: Iterable[Row]) -> None:
        """Execute a statement that takes rows as one array per column."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        if columns:
            await self._cursor.execute(statement.encode(), columns)

    async def _copy(self, table: Table, rows: Sequence[Row]) -> None:
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        )
        async with self._cursor.copy(statement) as copy:
            copy.set_types(list(table.columns.values()))
            for row in rows:
                await copy.write_row(row)


def _printable(text: str) -> str:
    """Return ``text`` as PostgreSQL can hold it, whatever was in the message it quotes."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
