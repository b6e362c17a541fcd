"""Migrations against a real database."""

from pathlib import Path

import psycopg
import pytest

from ingest.storage.errors import DeviceExistsError, domain_errors
from ingest.storage.migrate import Engine, MigrationError, migrate, migrations
from ingest.storage.pool import connect
from tests.support.database import register_device


def write(directory: Path, **files: str) -> None:
    for name, sql in files.items():
        (directory / f"{name}.sql").write_text(sql)


def test_a_migrated_database_needs_nothing_more(database: str) -> None:
    with connect(database, application="test") as connection:
        assert migrate(connection) == ()
        engines = connection.execute("SELECT DISTINCT engine FROM schema_migration").fetchall()
    assert engines == [(Engine.PLAIN.value,)]


def test_each_file_is_applied_once_in_order(empty_database: str, tmp_path: Path) -> None:
    with connect(empty_database, application="test") as connection:
        write(tmp_path, **{"0001_one": "CREATE TABLE one (a int)"})
        assert [m.version for m in migrate(connection, directory=tmp_path)] == [1]
        write(tmp_path, **{"0002_two": "ALTER TABLE one ADD b int"})
        assert [m.version for m in migrate(connection, directory=tmp_path)] == [2]
        assert migrate(connection, directory=tmp_path) == ()


def test_a_failing_migration_leaves_nothing(empty_database: str, tmp_path: Path) -> None:
    write(tmp_path, **{"0001_bad": "CREATE TABLE one (a int); SELECT 1/0;"})
    with connect(empty_database, application="test") as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            migrate(connection, directory=tmp_path)
        assert connection.execute("SELECT to_regclass('one')").fetchone() == (None,)
        assert connection.execute("SELECT count(*) FROM schema_migration").fetchone() == (0,)
        # The lock is free again and the time-outs are gone.
        write(tmp_path, **{"0001_bad": "CREATE TABLE one (a int);"})
        assert len(migrate(connection, directory=tmp_path)) == 1
        assert connection.execute("SHOW lock_timeout").fetchone() == ("0",)


def test_a_migration_may_run_outside_a_transaction(empty_database: str, tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "0001_table": "CREATE TABLE one (a int)",
            "0002_index": (
                "-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY one_a ON one (a)"
            ),
        },
    )
    with connect(empty_database, application="test") as connection:
        assert len(migrate(connection, directory=tmp_path)) == 2


def test_a_changed_file_is_refused(empty_database: str, tmp_path: Path) -> None:
    write(tmp_path, **{"0001_one": "CREATE TABLE one (a int)"})
    with connect(empty_database, application="test") as connection:
        migrate(connection, directory=tmp_path)
        write(tmp_path, **{"0001_one": "CREATE TABLE one (a bigint)"})
        with pytest.raises(MigrationError, match=r"0001_one\.sql has changed"):
            migrate(connection, directory=tmp_path)


def test_a_newer_database_is_refused(empty_database: str, tmp_path: Path) -> None:
    write(tmp_path, **{"0001_one": "SELECT 1", "0002_two": "SELECT 2"})
    with connect(empty_database, application="test") as connection:
        migrate(connection, directory=tmp_path)
        (tmp_path / "0002_two.sql").unlink()
        with pytest.raises(MigrationError, match="newer than this version"):
            migrate(connection, directory=tmp_path)


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        (["0001_a", "0003_c"], "without gaps"),
        (["0001_a", "0001_b"], "two migrations are number 1"),
        (["first"], "not a name"),
    ],
)
def test_misnumbered_files_are_refused(tmp_path: Path, files: list[str], complaint: str) -> None:
    write(tmp_path, **dict.fromkeys(files, "SELECT 1"))
    with pytest.raises(MigrationError, match=complaint):
        migrations(Engine.PLAIN, tmp_path)


def test_an_engine_gets_its_own_companion(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{"0001_all": "SELECT 1", "0002_x.plain": "SELECT 2", "0002_x.timescale": "SELECT 3"},
    )
    assert [m.sql for m in migrations(Engine.PLAIN, tmp_path)] == ["SELECT 1", "SELECT 2"]
    assert [m.sql for m in migrations(Engine.TIMESCALE, tmp_path)] == ["SELECT 1", "SELECT 3"]


def test_a_named_violation_becomes_a_domain_error(database: str) -> None:
    register_device(database, "sl-000001")
    with connect(database, application="test") as connection:
        with pytest.raises(DeviceExistsError, match="sl-000001"), domain_errors():
            connection.execute(
                "INSERT INTO device (name, shard, municipality_code, postcode4)"
                " VALUES ('sl-000001', 1, 'GM0405', 1621)"
            )
        with pytest.raises(psycopg.errors.UniqueViolation), domain_errors():
            connection.execute("INSERT INTO municipality VALUES ('GM0405', 'Again')")
