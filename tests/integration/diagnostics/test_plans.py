"""No step of diagnostics reads a whole table of the log, however many shards have news."""

from datetime import UTC, datetime

import psycopg

from diagnostics.analysis import analyse
from diagnostics.calls import hear
from diagnostics.cycle import cycle
from ingest.storage.pool import connect_async
from tests.support import full_log
from tests.support.lift_log import listen
from tests.support.plans import read_whole_by
from tests.support.statements import recorded

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SHARDS = range(64)
CHUNK = "_hyper_"  # of a table, on TimescaleDB
LOG = ("status", "fault", "usage", "condition", "call", "presence", "reply")


async def test_every_step_finds_its_stretches_of_the_log(either_database: str) -> None:
    full_log.fill(either_database, aids=2_000, words=200_000, unread=1_000, now=NOW)
    async with await connect_async(either_database, application="test") as conn:
        await listen(conn, NOW)
        with recorded() as statements:
            heard = await hear(conn, SHARDS, now=NOW)
            judged = await cycle(conn, SHARDS, now=NOW)
            analysed = await analyse(conn, SHARDS, now=NOW)
    assert heard.heard
    assert judged.facts
    assert analysed.facts
    sent = {each.name: each for each in statements if not each.text.startswith("SET")}
    assert {name for name in sent if name.startswith("diagnostics.read_")} == {
        f"diagnostics.read_{what}"
        for what in (
            *("notable_status", "resting_status", "faults", "rides", "conditions", "calls"),
            *("presence", "replies"),
        )
    }
    with psycopg.connect(either_database, autocommit=True) as connection:
        for prepared in (False, True):
            found = read_whole_by(connection, sent.values(), of_the_log, prepared=prepared)
            assert found == set()


def of_the_log(table: str) -> bool:
    return table in LOG or table.startswith(CHUNK)
