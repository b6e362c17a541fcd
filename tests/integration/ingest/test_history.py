"""The long history: rides per day, packing, and what is dropped when its time is over."""

from datetime import UTC, date, datetime

import pytest

from gateway.protocol.messages import Message
from ingest.decode import decode
from ingest.storage.pool import connect_async
from ingest.writer import Job
from tests.support import telemetry as say
from tests.support.database import register_device
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
