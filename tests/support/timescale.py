"""Real TimescaleDB, from ``tests/node``: one server per test run, emptied between tests.

It serves one transaction at a time, so tests of concurrency belong to plain PostgreSQL.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from ingest.storage.migrate import migrate
from ingest.storage.pool import connect

NODE_DIRECTORY = Path(__file__).resolve().parents[1] / "node"

Snapshot = dict[str, bytes]


@contextmanager
def timescale_server() -> Iterator[str]:
    """Run a fresh server, and give its URL (superuser, no schema)."""
    node = shutil.which("node")
    if node is None:
        pytest.fail(
            "the TimescaleDB tests need Node.js 20 or newer (leave out: -m 'not timescale')"
        )
    if not (NODE_DIRECTORY / "node_modules").is_dir():
        pytest.fail(f"run 'npm ci' in {NODE_DIRECTORY.name}/ under tests/ first ('make test' does)")
    with subprocess.Popen(
        [node, "timescale-server.mjs"], cwd=NODE_DIRECTORY, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            first_line = process.stdout.readline()
            if not first_line:
                pytest.fail("the TimescaleDB server did not start; its error stands above")
            port = json.loads(first_line)["port"]
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def run_jobs(connection: Connection[TupleRow], name: str) -> None:
    """Do what the jobs of a hypertable or an aggregate do: here none fires by itself."""
    jobs = connection.execute(
        "SELECT job_id FROM timescaledb_information.jobs WHERE hypertable_name = %s"
        " ORDER BY proc_name DESC",  # refreshed first, then packed
        (name,),
    ).fetchall()
    assert jobs, name
    for (job,) in jobs:
        connection.execute(f"CALL run_job({job})".encode())


@pytest.fixture
def empty_timescale_database() -> Iterator[str]:
    """The URL of a TimescaleDB without a schema that belongs to this test alone."""
    with timescale_server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_timescale() -> Iterator[tuple[str, Snapshot]]:
    """The URL of the migrated server, and the rows that migrations put in."""
    with timescale_server() as url:
        with connect(url, application="test") as connection:
            migrate(connection)
            snapshot = {
                name: _copy_out(connection, name)
                for name in _tables(connection)
                if name != "schema_migration"
            }
        yield url, snapshot


@pytest.fixture
def timescale_database(migrated_timescale: tuple[str, Snapshot]) -> Iterator[str]:
    """The URL of a migrated TimescaleDB that holds nothing of an earlier test."""
    url, snapshot = migrated_timescale
    yield url
    with connect(url, application="test") as connection:
        _restore(connection, snapshot)


@pytest.fixture(params=["plain", pytest.param("timescale", marks=pytest.mark.timescale)])
def either_database(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database, once for each engine."""
    name = {"plain": "database", "timescale": "timescale_database"}[request.param]
    url: str = request.getfixturevalue(name)
    return url


def _tables(connection: Connection[TupleRow]) -> list[str]:
    rows = connection.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name"
    ).fetchall()
    return [row[0] for row in rows]


def _copy_out(connection: Connection[TupleRow], table: str) -> bytes:
    statement = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as copy:
        return b"".join(bytes(part) for part in copy)


def _restore(connection: Connection[TupleRow], snapshot: Snapshot) -> None:
    tables = sql.SQL(", ").join(map(sql.Identifier, snapshot))
    # All sessions share one backend, and so what a test SET. (RESET ALL would undo more: the
    # server's own search path is such a setting.)
    connection.execute(
        "RESET ROLE; RESET statement_timeout; SET liftwacht.municipality = '';"
        "SET timezone = 'UTC'; SET search_path = public; UNLISTEN *"
    )
    aggregates = connection.execute(
        "SELECT view_name FROM timescaledb_information.continuous_aggregates"
    ).fetchall()
    for (name,) in aggregates:  # also forgets how far it was refreshed
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(name)))
    with connection.transaction():
        # Seeds refer to each other, and come back in no particular order; what is append-only goes.
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables),
        )
        for table, rows in snapshot.items():
            if rows:
                statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                with connection.cursor().copy(statement) as copy:
                    copy.write(rows)
