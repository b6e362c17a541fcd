"""Store-and-forward on disk: what the platform has not yet confirmed survives power loss.

One SQLite file in WAL mode, every commit synced (``synchronous=FULL``) for every kind alike: a
number that was sent once must never be given out again, or the platform would take the second
message for a repetition of the first and drop it. A modem writes seldom enough to afford it.

The file has a random identity and counts up from 1: (outbox id, seq) names a message for ever. A
damaged file is put aside and a new one begun under a new identity, since a modem that cannot call
for help is worse than a lost backlog.

Bounds. When there are too many rows or bytes, what matters least goes first, oldest first:
status, then conditions, usage, replies, faults, and calls last of all.

The newest of what was confirmed is kept as well: a platform that had to be restored from a backup
has forgotten what it confirmed last, and asks for it (``take_back``).
"""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec

from gateway.disk import PatientConnection
from gateway.protocol.codec import Encoding, encode, kind_of
from gateway.protocol.messages import Numbered
from gateway.protocol.topics import Kind

# The order of sending; of dropping, backwards, but for replies, which matter less than faults.
SENDING_ORDER: Final = (Kind.CALL, Kind.FAULT, Kind.REPLY, Kind.USAGE, Kind.CONDITION, Kind.STATUS)
_DROPPING_ORDER: Final = (
    Kind.STATUS,
    Kind.CONDITION,
    Kind.USAGE,
    Kind.REPLY,
    Kind.FAULT,
    Kind.CALL,
)
_RANK: Final = {kind: rank for rank, kind in enumerate(SENDING_ORDER)}
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS message (
    seq INTEGER PRIMARY KEY,
    rank INTEGER NOT NULL,
    payload BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS message_rank ON message (rank, seq);
CREATE TABLE IF NOT EXISTS confirmed (
    seq INTEGER PRIMARY KEY,
    rank INTEGER NOT NULL,
    payload BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS memory (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""
_HEAD = "head_seq"
_IDENTITY = "outbox_id"
_SESSION = "session"
_RECOVERY = "recovery"

_log = logging.getLogger(__name__)
AnyNumbered = TypeVar("AnyNumbered", bound=Numbered)


class Pending(NamedTuple):
    """A stored message, as it goes on the wire."""

    seq: int
    kind: Kind
    payload: bytes


class Outbox:
    """The messages of one device that the platform has not confirmed.

    Not for several threads at once.

    Args:
        path: the file, or ``":memory:"`` for one that does not outlive the process.
        device: whose messages these are.
        encoding: how they are put into bytes.
        max_rows: bound on the number of messages.
        max_bytes: bound on the sum of their sizes.
        keep_confirmed: how many of the confirmed messages are kept.
        new_id: makes the identity of a new file: 32 hexadecimal digits.
        first_session: where a new file begins to count connections.
        patience_s: how long the disk may take over anything before it counts as failed; None: as
            long as it likes.

    Raises:
        sqlite3.Error: the place cannot be written at all.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        device: str,
        encoding: Encoding = Encoding.MSGPACK,
        max_rows: int = 20_000,
        max_bytes: int = 8 * 1024 * 1024,
        keep_confirmed: int = 300,
        new_id: Callable[[], str],
        first_session: int = 1,
        patience_s: float | None = None,
    ) -> None:
        self.device = device
        self._encoding = encoding
        self._max_rows = max_rows
        self._max_bytes = max_bytes
        self._keep_confirmed = keep_confirmed
        self._first_session = first_session
        self._db: sqlite3.Connection | PatientConnection = (
            _open(str(path))
            if patience_s is None
            else PatientConnection(partial(_open, str(path)), patience_s)
        )
        with self._db:
            self.outbox_id = (self._recall(_IDENTITY) or new_id().encode()).decode()
            self._remember(_IDENTITY, self.outbox_id.encode())
        self._full = False
        self.head_seq = self._rows = self._bytes = 0
        self._measure()
        self._put_seq = self.head_seq  # the last number of which it is certain

    def put(
        self, messages: Iterable[AnyNumbered], memory: Mapping[str, bytes] | None = None
    ) -> list[AnyNumbered]:
        """Number ``messages`` and store them, together with ``memory``, in one transaction.

        Whatever outbox, device and number they carry is replaced. Returns them as stored.

        Raises:
            sqlite3.Error: it is not certain to be stored (disk full, say): all of it or nothing.
        """
        numbered: list[AnyNumbered] = []
        rows = []
        seq = self.head_seq
        for message in messages:
            seq += 1
            message_ = msgspec.structs.replace(
                message, device=self.device, outbox=self.outbox_id, seq=seq
            )
            numbered.append(message_)
            # Every subclass of Numbered is one of the union of messages.
            payload = encode(message_, self._encoding)  # type: ignore[arg-type]
            rows.append((seq, _RANK[kind_of(message_)], payload))  # type: ignore[arg-type]
        if not rows and not memory:
            return numbered
        size = sum(len(payload) for _, _, payload in rows)
        with self._counting():
            self._db.executemany("INSERT INTO message VALUES (?, ?, ?)", rows)
            if rows:
                self._remember(_HEAD, b"%d" % seq)
            for key, value in (memory or {}).items():
                self._remember(f"m:{key}", value)
        self.head_seq = self._put_seq = seq
        self._rows += len(rows)
        self._bytes += size
        if self._rows > self._max_rows or self._bytes > self._max_bytes:
            self._drop_surplus()
        return numbered

    def confirm(self, seqs: Iterable[int]) -> None:
        """Put messages aside: the platform has them. Numbers that are not here are passed over."""
        numbers = [(seq,) for seq in seqs]
        with self._counting():
            self._db.executemany(
                "INSERT OR REPLACE INTO confirmed SELECT * FROM message WHERE seq = ? AND rank < ?",
                [(*number, _RANK[Kind.STATUS]) for number in numbers],
            )
            self._db.execute(
                "DELETE FROM confirmed WHERE seq <= "
                "(SELECT seq FROM confirmed ORDER BY seq DESC LIMIT 1 OFFSET ?)",
                (self._keep_confirmed,),
            )
            self._remove(numbers)

    def take_back(self, recovery: str) -> bool:
        """Take confirmed messages for unconfirmed ones, once for each ``recovery``.

        The platform was restored from a backup and may not have them any more; those that it has,
        it knows by their numbers. Returns whether there is something to send again.
        """
        if self._recall(_RECOVERY) == recovery.encode():
            return False
        with self._counting():
            self._remember(_RECOVERY, recovery.encode())
            self._db.execute("INSERT OR IGNORE INTO message SELECT * FROM confirmed")
            self._db.execute("DELETE FROM confirmed")
        self._measure()
        return self._rows > 0

    def take_over(self, other: "Outbox") -> None:
        """Go on where ``other`` stopped, which is empty: what it remembers, and its connections.

        What ``put`` reported as failed may be here all the same. It has gone by ``other``, and by
        its number here never: it is not sent twice, and the number is free.

        Raises:
            sqlite3.Error: this one still cannot be written.
        """
        own = (_HEAD, _IDENTITY, _RECOVERY)
        found = other._db.execute("SELECT key, value FROM memory").fetchall()  # noqa: SLF001 - its own kind
        with self._counting():
            self._db.execute("DELETE FROM message WHERE seq > ?", (self._put_seq,))
            self._remember(_HEAD, b"%d" % self._put_seq)
            for key, value in found:
                if key not in own:
                    self._remember(key, value)
        self._measure()

    def forget(self, seqs: Iterable[int]) -> None:
        """Delete messages that nobody waits for. Numbers that are not here are passed over."""
        with self._counting():
            self._remove((seq,) for seq in seqs)

    def after(self, kind: Kind, seq: int, limit: int) -> list[Pending]:
        """Return up to ``limit`` messages of ``kind`` with a number over ``seq``, in order."""
        found = self._db.execute(
            "SELECT seq, payload FROM message WHERE rank = ? AND seq > ? ORDER BY seq LIMIT ?",
            (_RANK[kind], seq, limit),
        )
        return [Pending(seq_, kind, payload) for seq_, payload in found]

    def get(self, seq: int) -> Pending | None:
        """Return one message, or None if it is no longer here."""
        row = self._db.execute(
            "SELECT seq, rank, payload FROM message WHERE seq = ?", (seq,)
        ).fetchone()
        return None if row is None else Pending(row[0], SENDING_ORDER[row[1]], row[2])

    def holds(self, kind: Kind) -> bool:
        """Tell whether any message of ``kind`` is unconfirmed."""
        query = "SELECT 1 FROM message WHERE rank = ? LIMIT 1"
        return self._db.execute(query, (_RANK[kind],)).fetchone() is not None

    @property
    def count(self) -> int:
        """The number of messages."""
        return int(self._rows)

    @property
    def size_bytes(self) -> int:
        """The sum of the sizes of all messages."""
        return int(self._bytes)

    def recall(self, key: str) -> bytes | None:
        """Return what ``put`` last stored under ``key`` of its memory."""
        return self._recall(f"m:{key}")

    def next_session(self) -> int:
        """Count connections, over restarts: return the number of the one about to be made."""
        last = self._recall(_SESSION)
        session = self._first_session if last is None else int(last) + 1
        with self._db:
            self._remember(_SESSION, b"%d" % session)
        return session

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _recall(self, key: str) -> bytes | None:
        row = self._db.execute("SELECT value FROM memory WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def _remember(self, key: str, value: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO memory VALUES (?, ?)", (key, value))

    def _remove(self, numbers: Iterable[tuple[int]]) -> None:
        for number in numbers:
            self._delete(
                self._db.execute(
                    "DELETE FROM message WHERE seq = ? RETURNING length(payload)", number
                )
            )

    def _delete(self, deleted: Iterable[tuple[int]]) -> int:
        count = 0
        for (size,) in deleted:
            self._rows -= 1
            self._bytes -= size
            count += 1
        return count

    def _drop_surplus(self) -> None:
        """Bring rows and bytes below the bounds, the least and the oldest first."""
        if not self._full:
            _log.warning("%s: the outbox is full: the oldest messages are dropped", self.device)
            self._full = True
        with self._counting():
            for kind in _DROPPING_ORDER:
                while self._rows > self._max_rows or self._bytes > self._max_bytes:
                    deleted = self._db.execute(
                        "DELETE FROM message WHERE seq = "
                        "(SELECT min(seq) FROM message WHERE rank = ?) RETURNING length(payload)",
                        (_RANK[kind],),
                    )
                    if self._delete(deleted) == 0:
                        break

    def _measure(self) -> None:
        self.head_seq = int(self._recall(_HEAD) or 0)
        self._rows, self._bytes = self._db.execute(
            "SELECT count(*), coalesce(sum(length(payload)), 0) FROM message"
        ).fetchone()

    @contextmanager
    def _counting(self) -> Iterator[None]:
        """Do the block in one transaction. Should it fail, look what is there.

        A commit that reports an error may have taken place all the same.
        """
        try:
            with self._db:
                yield
        except sqlite3.Error:
            with suppress(sqlite3.Error):
                self._db.rollback()
                self._measure()
            raise


def _open(path: str) -> sqlite3.Connection:
    try:
        return _connect(path)
    except sqlite3.OperationalError:
        raise  # the place, not the file, is wrong
    except sqlite3.DatabaseError as error:
        _log.error("the outbox is damaged and put aside: %s", error)
        for suffix in ("", "-wal", "-shm"):
            if Path(path + suffix).exists():
                os.replace(path + suffix, f"{path}.damaged{suffix}")  # noqa: PTH105 (plain names)
        return _connect(path)


def _connect(path: str) -> sqlite3.Connection:
    # Built in one thread and used in another by whoever runs a fleet; never in two at once.
    db = sqlite3.connect(path, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA journal_size_limit = 1048576")
        db.execute("PRAGMA cache_size = -256")  # KiB: the modem has little memory
        db.executescript(_SCHEMA)
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("quick_check failed")
    except sqlite3.Error:
        db.close()
        raise
    return db
