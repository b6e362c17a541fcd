"""The terms of complaints, written when their time comes."""

from datetime import timedelta

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from diagnostics.complaints.clockwork import tick
from tests.integration.api.seed import NOW, Seed
from tests.support import contract
from tests.support.database import register_device


async def test_one_that_cannot_be_read_stops_no_other(
    conn: AsyncConnection[TupleRow], url: str
) -> None:
    register_device(url, name="sl-000002", municipality_code="GM0637")
    seed = Seed(url)
    broken = contract.add(seed, "GM0405", 1621, "sl-000001").complaint
    sound = contract.add(seed, "GM0637", 2721, "sl-000002").complaint
    seed.run("UPDATE contract_terms SET terms = '{}' WHERE municipality_code = 'GM0405'")
    seed.run("UPDATE complaint SET next_clock_at = %s", NOW)
    now = NOW + timedelta(days=60)
    assert await tick(conn, now) == 2
    await conn.rollback()
    told = "SELECT count(*) FROM complaint_event WHERE kind = 'breached' AND complaint_id = %s"
    assert (seed.one(told, broken), seed.one(told, sound)) == (0, 2)
    until = "SELECT next_clock_at FROM complaint WHERE complaint_id = %s"
    assert seed.one(until, broken) > now, "it is tried again, and not without end"
    seed.close()
