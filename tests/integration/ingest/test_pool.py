"""What workers say often is prepared, for each apart, and no migration makes it wrong."""

import psycopg

from ingest.storage.pool import connect_async
from tests.support.plans import plan_prepared, prepare
from tests.support.statements import of_workers

OFTEN = 10


async def test_what_a_worker_sends_often_is_prepared(either_database: str) -> None:
    async with await connect_async(either_database, application="test") as conn:
        for _ in range(OFTEN):
            await conn.execute(b"SELECT count(*) FROM device WHERE device_id = %s", [1])
        found = await conn.execute(b"SELECT count(*) FROM pg_prepared_statements")
        assert await found.fetchone() == (1,)


async def test_what_one_has_prepared_another_neither_uses_nor_ends(either_database: str) -> None:
    async with (
        await connect_async(either_database, application="one") as one,
        await connect_async(either_database, application="other") as other,
    ):
        for conn, number in ((one, 1), (other, 2)):
            for _ in range(OFTEN):
                found = await conn.execute(f"SELECT {number}".encode())
                assert await found.fetchone() == (number,)
        await other.execute(b"DEALLOCATE ALL")
        found = await one.execute(b"SELECT 1")
        assert await found.fetchone() == (1,)


def test_a_column_more_makes_no_prepared_statement_wrong(database: str) -> None:
    """Workers go on while a migration runs: what they ask for must stay what it was."""
    with psycopg.connect(database, autocommit=True) as connection:
        calls = {
            each.name: prepare(connection, f"statement_{number}", each)
            for number, each in enumerate(of_workers())
        }
        assert len(calls) > 200
        tables = connection.execute(
            "SELECT format('ALTER TABLE %s ADD COLUMN one_more int', oid::regclass) FROM pg_class"
            " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            " AND NOT relispartition"
        ).fetchall()
        for (alter,) in tables:
            connection.execute(alter.encode())
        wrong = []
        for name, call in calls.items():
            try:
                plan_prepared(connection, call)
            except psycopg.errors.FeatureNotSupported as error:
                wrong.append(f"{name}: {error}")
    assert wrong == []
