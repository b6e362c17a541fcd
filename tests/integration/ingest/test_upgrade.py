"""A database of an earlier version with years in it: nothing is lost, what is new is worked out."""

from pathlib import Path

import pytest

from diagnostics.queries import load
from ingest.storage.migrate import Engine, migrate, migrations
from ingest.storage.pool import connect
from tests.support.timescale import run_jobs

FROZEN = 29


@pytest.mark.parametrize(
    "engine", ["plain", pytest.param("timescale", marks=pytest.mark.timescale)]
)
def test_from_version_29_with_what_was_in_it(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    name = {"plain": "empty_database", "timescale": "empty_timescale_database"}[engine]
    url = request.getfixturevalue(name)
    for each in migrations(Engine(engine))[:FROZEN]:
        (tmp_path / each.file).write_text(each.sql)
    with connect(url, application="test") as connection:

        def rows(statement: str) -> list[tuple[object, ...]]:
            return connection.execute(statement.encode()).fetchall()

        assert len(migrate(connection, directory=tmp_path)) == FROZEN
        for statement in load("tests.integration.ingest", "upgrade_0029.sql").values():
            connection.execute(statement)
        if engine == "timescale":
            rows("SELECT compress_chunk(c) FROM show_chunks('usage', older_than => '2026-06-10') c")
        tables = ("client", "device", "commission", "ticket", "ticket_event", "finding", "usage")
        count = " UNION ALL ".join(f"SELECT '{each}', count(*) FROM {each}" for each in tables)
        before = rows(count)

        assert migrate(connection)[0].version == FROZEN + 1
        assert rows(count) == before
        assert migrate(connection) == ()

        # Where it was then, and whose: by the log, else by the orders.
        assert rows(
            "SELECT ticket_id::int, municipality_code, postcode4, client_id FROM ticket ORDER BY 1"
        ) == [
            (1, "GM0405", 1621, 1),
            (2, "GM0420", 1671, 2),
            (3, "GM0405", 1621, None),
            (4, "GM0405", 1621, None),
        ]
        assert rows("SELECT municipality_code, postcode4 FROM finding") == [("GM0405", 1621)]
        assert rows("SELECT device_id, municipality_code FROM device_lent_in ORDER BY 1, 2") == [
            (1, "GM0405"),
            (1, "GM0420"),
            (2, "GM0405"),
        ]
        # What became of terms; of the one with a history the log is asked later.
        assert rows(
            "SELECT ticket_id::int, on_site_outcome, repaired_outcome,"
            " (repaired_certain_at AT TIME ZONE 'UTC')::date::text FROM ticket ORDER BY 1"
        ) == [
            (1, "kept", "missed", "2026-03-02"),
            (2, None, None, None),
            (3, None, None, None),
            (4, "not_promised", "open", "2026-07-03"),
        ]
        assert rows("SELECT term_outcome FROM commission ORDER BY commission_id") == [
            ("kept",),
            ("kept",),
            ("missed",),
        ]
        # Use by day, of before too: with the first refresh, and until then.
        days = "SELECT sum(rides)::int, count(DISTINCT day)::int FROM usage_day"
        assert rows(days) == [(211, 71)]
        assert rows("SELECT sum(rides)::int FROM ride_day") == [(211,)]
        if engine == "timescale":
            run_jobs(connection, "usage_day")
            # Chunks packed before stay as they were, others are packed as is right now.
            rows("SELECT compress_chunk(c, if_not_compressed => true) FROM show_chunks('usage') c")
            assert len(rows("SELECT FROM usage WHERE device_id = 1")) == 211
            assert rows(days) == [(211, 71)]
            assert rows("SELECT sum(rides)::int FROM ride_day") == [(211,)]
