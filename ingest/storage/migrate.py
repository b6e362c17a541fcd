"""Brings a database to the schema of this version: numbered SQL files, forward only.

``0007_name.sql`` is the same everywhere. Where engines differ, ``0007_name.timescale.sql`` and
``0007_name.plain.sql`` stand in its place; which one counts is decided once per database, by what
the server offers when the first migration runs.
"""

import hashlib
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow

logger = logging.getLogger(__name__)

# Any number will do, as long as nothing else in this database locks it.
_ADVISORY_LOCK = 0x11F7_3A47
_FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+?)(?:\.(timescale|plain))?\.sql")
_NO_TRANSACTION = "-- migrate: no-transaction"

_CREATE_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migration (
    version int PRIMARY KEY,
    file text NOT NULL,
    engine text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class MigrationError(Exception):
    """The database and the migration files do not belong together."""


class Engine(StrEnum):
    """Which kind of PostgreSQL holds the data."""

    PLAIN = "plain"
    TIMESCALE = "timescale"


class Migration(Struct, frozen=True):
    """One step: what is written in one file."""

    version: int
    file: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def in_transaction(self) -> bool:
        """Whether it is carried out whole or not at all."""
        return not self.sql.startswith(_NO_TRANSACTION)


def migrations(engine: Engine, directory: Traversable | None = None) -> tuple[Migration, ...]:
    """Return all migrations for ``engine`` in order.

    Raises:
        MigrationError: a file is misnamed, a number is missing, or one occurs twice.
    """
    directory = directory or resources.files("ingest.storage") / "migrations"
    found: dict[int, Migration] = {}
    for entry in sorted(directory.iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".sql"):
            continue
        match = _FILE_NAME.fullmatch(entry.name)
        if match is None:
            raise MigrationError(f"not a name for a migration: {entry.name}")
        version, for_engine = int(match[1]), match[3]
        if for_engine not in (None, engine.value):
            continue
        if version in found:
            raise MigrationError(f"two migrations are number {version}")
        found[version] = Migration(version, entry.name, entry.read_text(encoding="utf-8"))
    if sorted(found) != list(range(1, len(found) + 1)):
        raise MigrationError(f"migrations are not numbered without gaps: {sorted(found)}")
    return tuple(found[version] for version in sorted(found))


def migrate(
    connection: Connection[TupleRow],
    *,
    directory: Traversable | None = None,
    lock_timeout_ms: int = 10_000,
    statement_timeout_ms: int = 300_000,
) -> tuple[Migration, ...]:
    """Apply what is missing, and return that. Safe to call from several processes at once.

    Args:
        connection: in autocommit, as the owner of the schema.
        directory: where the files are; by default those of this version.
        lock_timeout_ms: how long a migration may wait for a lock, so that it cannot hold up the
            queue behind it.
        statement_timeout_ms: how long a statement may take.

    Raises:
        MigrationError: a file that was applied before has changed, or the database is newer.
        psycopg.Error: a migration failed; unless it runs without a transaction, nothing of it
            remains.
    """
    with _only_one(connection):
        engine = _engine(connection)
        if engine is Engine.TIMESCALE:
            # Before anything else in the session, and outside of transactions: it insists.
            connection.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
        connection.execute(_CREATE_LEDGER)
        known = migrations(engine, directory)
        missing = _missing(connection, known)
        for migration in missing:
            logger.info("applying migration %s", migration.file)
            timeouts = (
                f"SET lock_timeout = {lock_timeout_ms};"
                f"SET statement_timeout = {statement_timeout_ms};"
            )
            connection.execute(timeouts.encode())
            try:
                _apply(connection, migration, engine)
            finally:
                if not connection.closed:
                    connection.execute("RESET lock_timeout")
                    connection.execute("RESET statement_timeout")
    return tuple(missing)


def _apply(connection: Connection[TupleRow], migration: Migration, engine: Engine) -> None:
    if migration.in_transaction:
        with connection.transaction():
            connection.execute(migration.sql.encode())
            _record(connection, migration, engine)
    else:
        connection.execute(migration.sql.encode())
        _record(connection, migration, engine)


def _record(connection: Connection[TupleRow], migration: Migration, engine: Engine) -> None:
    connection.execute(
        "INSERT INTO schema_migration (version, file, engine, checksum) VALUES (%s, %s, %s, %s)",
        (migration.version, migration.file, engine.value, migration.checksum),
    )


@contextmanager
def _only_one(connection: Connection[TupleRow]) -> Iterator[None]:
    connection.execute("SELECT pg_advisory_lock(%s)", (_ADVISORY_LOCK,))
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s)", (_ADVISORY_LOCK,))


def _engine(connection: Connection[TupleRow]) -> Engine:
    """Decide which engine this database is: the one place that does."""
    if connection.execute("SELECT to_regclass('schema_migration')").fetchone() != (None,):
        row = connection.execute(
            "SELECT engine FROM schema_migration ORDER BY version LIMIT 1"
        ).fetchone()
        if row is not None:
            return Engine(row[0])
    row = connection.execute(
        "SELECT 1 FROM pg_available_extensions WHERE name = 'timescaledb'"
    ).fetchone()
    return Engine.PLAIN if row is None else Engine.TIMESCALE


def _missing(connection: Connection[TupleRow], known: Sequence[Migration]) -> tuple[Migration, ...]:
    applied = connection.execute(
        "SELECT version, file, checksum FROM schema_migration ORDER BY version"
    ).fetchall()
    by_version = {migration.version: migration for migration in known}
    for version, file, checksum in applied:
        migration = by_version.pop(version, None)
        if migration is None:
            raise MigrationError(f"the database is newer than this version: it has {file}")
        if migration.checksum != checksum:
            raise MigrationError(f"{file} has changed since it was applied: add a new one instead")
    return tuple(by_version[version] for version in sorted(by_version))
