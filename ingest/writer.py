"""Stores batches: each in one transaction, every message exactly once, whatever comes twice.

A message that the database refuses is put into quarantine, and the rest of its batch is stored.
Trouble with the database itself is the caller's: the same batch is then stored again.
"""

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, cast

import msgspec
import psycopg
from msgspec import Struct, field
from psycopg import AsyncConnection, sql
from psycopg.rows import TupleRow
from psycopg.types.json import Json

from gateway.protocol.messages import Call, Presence
from gateway.protocol.topics import Kind
from ingest import binary, statements
from ingest.changes import CallKey, Changes, Known, Outbox, Session
from ingest.decode import DEFECT, Accepted, Arrived, Decoded, Receipt, Rejected, read, reject
from ingest.rows import Row, Table
from ingest.senders import Key, Sender, Senders
from ingest.sequences import from_multirange, to_multirange

logger = logging.getLogger(__name__)

LOG_CHANNEL: Final = "liftwacht_log"
LIVE_CHANNEL: Final = "liftwacht_live"

# The message is at fault, not the database: no retry will help. UnicodeError: text that cannot be
# put into UTF-8.
UNSTORABLE: Final = (psycopg.DataError, psycopg.IntegrityError, UnicodeError)


_encode: Callable[[Any], bytes] = msgspec.json.encode


# A device's name and the outbox that it wrote from; None in a will, which does not say.
Sending = tuple[str, str | None]


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

    Args:
        messages: the batch, in order of arrival.
        senders: what earlier jobs of this writer learned.
    """

    def __init__(self, messages: Sequence[Arrived], senders: Senders | None = None) -> None:
        self.outcome = Outcome()
        self._senders = senders or Senders()
        self._parts = [list(map(read, messages))]

    async def run(self, connection: AsyncConnection[TupleRow]) -> Outcome:
        """Store everything.

        Raises:
            psycopg.Error: the database cannot; call again.
        """
        while self._parts:
            part = self._parts[-1]
            try:
                outcome = await _store(connection, part, self._senders)
            except BaseException as error:
                self._senders.forget()
                reason = _reason(error)
                if reason is None:
                    raise
                self._parts[-1:] = reversed(_split(part, error, reason))
            else:
                self._parts.pop()
                self.outcome.add(outcome)
        return self.outcome


def _reason(error: BaseException) -> str | None:
    """Return why a message is to be put aside; None if it is no message's fault."""
    if isinstance(error, UNSTORABLE):
        return "storage"
    if isinstance(error, psycopg.Error | OSError) or not isinstance(error, Exception):
        return None
    return DEFECT  # one message that trips us up must not keep all others out


def _split(part: list[Decoded], error: BaseException, reason: str) -> list[list[Decoded]]:
    """Return smaller parts, in order; a message that fails alone goes to quarantine."""
    if len(part) > 1:
        middle = len(part) // 2
        return [part[:middle], part[middle:]]
    message = part[0]
    if isinstance(message, Rejected):
        raise error
    ours = reason == DEFECT
    logger.warning(
        "%s cannot be stored: %s", message.delivery.topic, error, exc_info=error if ours else None
    )
    detail = repr(error) if ours else str(error)
    return [[reject(message, reason, detail)]]


async def _store(
    connection: AsyncConnection[TupleRow], messages: Sequence[Decoded], senders: Senders
) -> Outcome:
    accepted = [message for message in messages if type(message) is Accepted]
    rejected = [message for message in messages if type(message) is Rejected]
    outcome = Outcome()
    async with _rolled_back_on_error(connection), connection.cursor() as cursor:
        store = _Store(cursor, senders)
        known = await store.known(accepted)
        changes = Changes(known)
        for message in accepted:
            if message.device in known.barred and message.kind is not Kind.CALL:
                rejected.append(reject(message, "revoked", "its certificates were revoked"))
                _note_revoked(changes, known, message)
            elif message.device in known.device_ids:
                changes.add(message)
                if message.device in known.barred:
                    _note_revoked(changes, known, message)
            else:
                why = f"no device {message.device!r} is registered"
                rejected.append(reject(message, "unknown_device", why))
                if message.kind is Kind.CALL:
                    outcome.strangers.add(message.device)
        await store.apply(changes, rejected)
        outcome.stored, outcome.duplicate = changes.stored, changes.duplicate
    senders.committed(known.log_nos, store.present())
    outcome.quarantined = len(rejected)
    outcome.receipts = [message.receipt for message in messages if message.receipt]
    return outcome


def _sendings(accepted: Sequence[Accepted]) -> tuple[dict[Sending, int], dict[Sending, list[int]]]:
    """Return the shard of each who sends, and the numbers that come from there."""
    shards: dict[Sending, int] = {}
    seqs: dict[Sending, list[int]] = {}
    for message in accepted:
        body = message.message
        key = message.device, body.outbox
        numbers = seqs.get(key)
        if numbers is None:
            seqs[key] = numbers = []
            shards[key] = message.shard
        if not isinstance(body, Presence):
            numbers.append(body.seq)
    return shards, seqs


def _note_revoked(changes: Changes, known: Known, message: Accepted) -> None:
    at = message.delivery.received_at
    detail = {"says": message.kind.value}
    changes.note(known.device_ids[message.device], "revoked_speaks", at, detail)


@asynccontextmanager
async def _rolled_back_on_error(connection: AsyncConnection[TupleRow]) -> AsyncIterator[None]:
    """Leave no transaction open. ``connection.transaction`` costs a trip more at each end."""
    try:
        yield
    except BaseException:
        if not connection.closed:
            await connection.rollback()
        raise


class _Store:
    """The statements of one transaction: ``known`` begins it, ``apply`` commits it."""

    def __init__(self, cursor: psycopg.AsyncCursor[TupleRow], senders: Senders) -> None:
        self._cursor = cursor
        self._senders = senders
        self._met: list[tuple[int, Key, Sender, Outbox]] = []

    async def known(self, accepted: Sequence[Accepted]) -> Known:
        """Begin, lock the shards, and return what is known about the senders."""
        shards, seqs = _sendings(accepted)
        log_nos = await self._begin(sorted(set(shards.values())))
        known = Known(log_nos=log_nos, device_ids={}, outboxes={}, connected={}, sessions=set())
        if accepted:
            self._senders.check(log_nos, accepted[-1].delivery.received_at)
        unsure: dict[Sending, list[int]] = {}
        for key, numbers in seqs.items():
            device, outbox_id = key
            sender = outbox_id and self._senders.find(shards[key], (device, outbox_id), numbers)
            if sender and outbox_id:
                self._meet(known, shards[key], (device, outbox_id), sender, set(numbers))
            else:
                unsure[key] = numbers
        if unsure:
            for row in await self._find(unsure):
                device, outbox_id, device_id, outbox_no, skew_ms, seen, top, barred = row
                if device_id is not None:
                    known.device_ids[device] = device_id
                if outbox_no is not None:
                    fresh = set(seqs[device, outbox_id]) - from_multirange(seen)
                    sender = Sender(device_id, outbox_no, skew_ms, top, barred)
                    shard = shards[device, outbox_id]
                    self._meet(known, shard, (device, outbox_id), sender, fresh)
                elif barred:
                    known.barred.add(device)
        await self._add_presences(known, accepted)
        await self._add_calls(known, accepted)
        return known

    def present(self) -> Iterator[tuple[int, Key, Sender]]:
        """Return how the senders stand once this is committed."""
        for shard, key, sender, outbox in self._met:
            sender.skew_ms = outbox.skew_ms
            sender.top = max(sender.top, max(outbox.stored, default=0))
            yield shard, key, sender

    def _meet(self, known: Known, shard: int, key: Key, sender: Sender, fresh: set[int]) -> None:
        outbox = Outbox(sender.device_id, sender.outbox_no, sender.skew_ms, fresh)
        known.device_ids[key[0]] = sender.device_id
        if sender.barred:
            known.barred.add(key[0])
        known.outboxes[key] = outbox
        self._met.append((shard, key, sender, outbox))

    async def apply(self, changes: Changes, rejected: Sequence[Rejected]) -> None:
        """Write everything, put messages aside as they came, and commit."""
        if changes.status:
            await self._copy_status(changes.status)
        for table, rows in changes.tables():
            await self._copy(table, rows)
        async with self._cursor.connection.pipeline():  # one trip for all
            await self._each(statements.SET_LATEST, changes.latest())
            await self._each(statements.SET_FAULTS, changes.faults.values())
            await self._each(statements.SET_PRESENCE, changes.presences.values())
            await self._each(statements.MARK_SEEN, changes.seen())
            await self._each(statements.SET_SKEW, changes.skews())
            await self._each(statements.ADVANCE_SHARDS, changes.log_nos())
            await self._each(statements.SECURITY_EVENT, changes.events.values())
            if changes.notable_shards:
                shards = ",".join(map(str, sorted(changes.notable_shards)))
                await self._cursor.execute(statements.NOTIFY, (LOG_CHANNEL, [shards]))
            if changes.live_devices:
                await self._cursor.execute(
                    statements.NOTIFY, (LIVE_CHANNEL, changes.live_notices())
                )
            await self._quarantine(rejected)
            await self._cursor.execute("COMMIT")

    async def _begin(self, shards: list[int]) -> dict[int, int]:
        """Return the last log numbers of ``shards``, which are ours until the end: one trip."""
        async with self._cursor.connection.pipeline():
            await self._cursor.connection.execute("BEGIN")
            await self._cursor.execute(statements.LOCK_SHARDS.encode(), (shards,))
        return dict(await self._cursor.fetchall())

    async def _quarantine(self, rejected: Sequence[Rejected]) -> None:
        for entry in rejected:
            delivery = entry.delivery
            values = (delivery.received_at, delivery.topic, delivery.payload, entry.reason)
            await self._cursor.execute(statements.QUARANTINE, (*values, _printable(entry.detail)))

    async def _find(self, seqs: Mapping[Sending, list[int]]) -> list[TupleRow]:
        """Return what the database knows about senders, with an outbox for each that is new."""
        senders = [
            {"name": name, "outbox_id": outbox_id, "seqs": to_multirange(numbers)}
            for (name, outbox_id), numbers in seqs.items()
        ]
        await self._each(statements.FIND_SENDERS, senders)
        found = await self._cursor.fetchall()
        new = [
            {"device_id": device_id, "outbox_id": outbox_id}
            for _, outbox_id, device_id, outbox_no, *_ in found
            if outbox_id is not None and device_id is not None and outbox_no is None
        ]
        if new:
            await self._each(statements.CREATE_OUTBOXES, new)
            await self._each(statements.FIND_SENDERS, senders)
            found = await self._cursor.fetchall()
        return found

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

    async def _add_calls(self, known: Known, accepted: Sequence[Accepted]) -> None:
        """Look for calls whose number is stored already: are these the same calls?"""
        suspects = [
            {"device_id": outbox.device_id, "call_id": message.call_id}
            for accepted_ in accepted
            if isinstance(message := accepted_.message, Call)
            and (outbox := known.outboxes.get((accepted_.device, message.outbox))) is not None
            and message.seq not in outbox.fresh
        ]
        if suspects:
            await self._each(statements.FIND_CALLS, suspects)
            known.calls.update(cast("list[CallKey]", await self._cursor.fetchall()))

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
