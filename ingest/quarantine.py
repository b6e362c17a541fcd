"""Messages in quarantine, stored after all: a bug is mended, a lift is registered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from ingest.decode import Delivery, decode
from ingest.writer import Job, Outcome

BATCH: Final = 500

_NEWEST: Final = "SELECT coalesce(max(quarantine_id), 0) FROM quarantine"
_FIND: Final = """
SELECT quarantine_id, received_at, topic, payload
FROM quarantine
WHERE quarantine_id <= %s AND reason = %s AND received_at >= %s
ORDER BY quarantine_id
LIMIT %s
"""
_REMOVE: Final = "DELETE FROM quarantine WHERE quarantine_id = ANY (%s)"


async def store_again(
    connection: AsyncConnection[TupleRow], *, reason: str, since: datetime
) -> Outcome:
    """Store what is in quarantine for ``reason``, as if it came now but with its own time.

    What is refused again stays, with its new reason. Stopped half-way, it may be begun anew: what
    is stored already is known by its number.

    Raises:
        psycopg.Error: the database cannot.
    """
    outcome = Outcome()
    ((newest,),) = await _all(connection, _NEWEST)
    while found := await _all(connection, _FIND, (newest, reason, since, BATCH)):
        messages = [decode(Delivery(topic, payload, at)) for _, at, topic, payload in found]
        outcome.add(await Job(messages).run(connection))
        await connection.execute(_REMOVE, ([number for number, *_ in found],))
    return outcome


async def _all(
    connection: AsyncConnection[TupleRow], statement: str, values: Sequence[object] = ()
) -> list[TupleRow]:
    cursor = await connection.execute(statement.encode(), values)
    return await cursor.fetchall()
