"""The long history: rides per day, packing, and what is dropped when its time is over."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from diagnostics.queries import load
from gateway.protocol.messages import Message
from ingest.decode import decode
from ingest.storage.pool import connect, connect_async
from ingest.writer import Job
from tests.support import telemetry as say
from tests.support.database import register_device, register_devices
from tests.support.timescale import run_jobs
from tests.support.worker import query

NOW = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # the second of March in the Netherlands
NOW_MS = int(NOW.timestamp() * 1000)


async def store(database: str, *messages: Message, at: datetime = NOW) -> None:
    async with await connect_async(database, application="test") as connection:
        await Job([decode(say.deliver(message, at)) for message in messages]).run(connection)


async def test_rides_are_counted_on_the_day_they_were_made_in_the_netherlands(
    either_database: str,
) -> None:
    register_device(either_database)
    hour_ms = 3_600_000
    await store(either_database, say.usage(1, time_ms=NOW_MS), say.usage(2, time_ms=NOW_MS))
    # One of a day before comes later than those.
    await store(either_database, say.usage(3, time_ms=NOW_MS - 24 * hour_ms, stops=2))
    days = query(
        either_database,
        "SELECT day, rides, distance_mm, stops, peak_current_ma FROM ride_day ORDER BY day",
    )
    assert days == [
        (date(2026, 3, 1), 1, 4_700, 2, 14_000),
        (date(2026, 3, 2), 2, 9_400, 0, 14_000),
    ]


@pytest.mark.timescale
async def test_old_readings_are_packed_and_still_there(timescale_database: str) -> None:
    register_device(timescale_database)
    await store(timescale_database, *(say.status(seq, say.RIDING) for seq in range(1, 51)))
    packed = "SELECT compress_chunk(chunk) FROM show_chunks('status') AS chunk"
    assert len(query(timescale_database, packed)) == 1
    assert query(timescale_database, "SELECT count(*), min(seq), max(seq) FROM status") == [
        (50, 1, 50)
    ]
    # A backlog that belongs to packed times can still come.
    await store(timescale_database, say.status(51))
    assert query(timescale_database, "SELECT count(*) FROM status") == [(51,)]


HISTORY = load("tests.integration.ingest", "history.sql")
DAYS = ("usage_day", "fault_day", "condition_day")


def test_days_are_the_sums_of_what_is_there_whatever_was_refreshed_packed_and_removed(
    either_database: str,
) -> None:
    register_devices(either_database, ["sl-1", "sl-2", "sl-3"])
    with connect(either_database, application="test") as connection:
        timescale = connection.execute(
            "SELECT engine = 'timescale' FROM schema_migration LIMIT 1"
        ).fetchone() == (True,)

        def same(what: str) -> None:
            for name in DAYS:
                kept, raw = (
                    connection.execute(HISTORY[which]).fetchall()
                    for which in (name, f"{name}_anew")
                )
                assert kept == raw, (what, name)
                assert len(kept) > 30, (what, name)

        for name in ("rides", "faults", "conditions"):
            connection.execute(HISTORY[name], {"aids": 3, "days": 70})
        same("computed")
        if not timescale:
            return
        for name in DAYS:
            run_jobs(connection, name)
        same("refreshed, the days packed")
        for name in ("usage", "fault", "condition", "status"):
            run_jobs(connection, name)
        packed = connection.execute(
            "SELECT hypertable_name, count(*) FROM timescaledb_information.chunks"
            " WHERE is_compressed GROUP BY 1 ORDER BY 1"
        ).fetchall()
        assert {"usage", "fault", "condition"} <= {name for name, _ in packed}
        same("packed")
        connection.execute("DELETE FROM usage WHERE device_id = 2")
        connection.execute("SELECT drop_chunks('usage', older_than => now() - interval '40 days')")
        connection.execute(HISTORY["rides"], {"aids": 3, "days": 3})  # what comes since
        for name in DAYS:
            run_jobs(connection, name)
        same("removed")


@pytest.mark.timescale
def test_what_is_asked_reads_its_own_rows_of_its_own_days(timescale_database: str) -> None:
    """By the plans: everything by index, packed or not, and no chunk of other days."""
    register_devices(timescale_database, [f"sl-{number}" for number in range(1, 9)])
    now = datetime.now(UTC)
    since = now - timedelta(days=2)
    api, desk = load("api.devices"), load("api.desk")
    evidence, engine = load("diagnostics.misuse", "evidence.sql"), load("diagnostics")
    one: dict[str, Any] = {"device_id": 3, "name": "sl-3", "limit": 50, "empty": 1}
    span: dict[str, Any] = {
        "shards": [0],
        "afters": [0],
        "heads": [3_800],
        "since": [since],
        "oldest": since,
        "devices": [3],
        "slack": timedelta(seconds=10),
    }
    questions: dict[str, tuple[str, dict[str, Any], int]] = {
        # The query, what is asked, and in how many chunks it may look.
        "readings": (
            api["telemetry"],
            one
            | {"from": now - timedelta(days=15), "until": now - timedelta(days=14)}
            | {"received_until": now - timedelta(days=14)},
            2,
        ),
        "last ride": (api["last_moving"], one | {"since": now - timedelta(days=1)}, 2),
        "what befell it": (desk["befell"], one | {"after": since, "now": now}, 2),
        "rides of weeks": (
            evidence["ride_days"],
            one | {"begin": now - timedelta(days=30), "end": now},
            6,
        ),
        "conditions of weeks": (
            evidence["condition_days"],
            one | {"begin": now - timedelta(days=30), "end": now},
            6,
        ),
        "engine, moving": (engine["read_notable_status"], span, 3),
        "engine, resting": (engine["read_resting_status"], span, 6),
        "engine, faults": (engine["read_faults"], span, 2),
        "engine, rides": (engine["read_rides"], span, 2),
        "engine, conditions": (engine["read_conditions"], span, 2),
        "use by day": (
            "SELECT * FROM usage_day WHERE device_id = %(device_id)s AND received_day > %(begin)s",
            one | {"begin": now - timedelta(days=5)},
            4,
        ),
    }
    with connect(timescale_database, application="test") as connection:
        for name in ("rides", "faults", "conditions", "readings"):
            connection.execute(HISTORY[name], {"aids": 8, "days": 20 if name == "readings" else 70})
        for name in (*DAYS, "usage", "fault", "condition", "status"):
            run_jobs(connection, name)
        connection.execute("ANALYZE")
        # Whatever is small is quicker read whole: what counts is that it need not be.
        with connection.transaction():
            connection.execute("SET LOCAL enable_seqscan = off")
            for name, (text, parameters, at_most) in questions.items():
                plan = connection.execute(
                    f"EXPLAIN (FORMAT JSON) {text.rstrip(';')}".encode(), parameters
                ).fetchone()
                assert plan is not None
                nodes = list(nodes_of(plan[0][0]["Plan"]))
                chunks = [
                    node
                    for node in nodes
                    if "_hyper_" in node.get("Relation Name", "")
                    and "Index Cond" not in node
                    and node["Node Type"] not in ("Bitmap Heap Scan", "Custom Scan")
                ]
                assert chunks == [], name
                read = {
                    node["Relation Name"]
                    for node in nodes
                    if node.get("Relation Name", "").startswith("_hyper_")
                }
                assert 1 <= len(read) <= at_most, (name, read)


def nodes_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield all nodes of a plan."""
    yield node
    for each in node.get("Plans", ()):
        yield from nodes_of(each)
