"""What is put on record of identities: certificates, and events."""

import logging
from datetime import datetime

from msgspec import structs
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from ingest.identity import statements
from ingest.identity.oddities import DOUBTFUL, Event
from ingest.provisioning.authority import Issued, Request, RequestError, read_request

logger = logging.getLogger(__name__)

Db = AsyncConnection[TupleRow]


def request_of(text: str, name: str, *, refusal: str) -> Request:
    """Read a request of ``name``.

    Raises:
        RequestError: it is none, or there is a ``refusal`` already.
    """
    if refusal:
        raise RequestError(refusal)
    request = read_request(text)
    if request.name != name:
        raise RequestError(f"it asks to be {request.name!r}, and is {name!r}")
    return request


async def enter(db: Db, issued: Issued, *, origin: str, now: datetime) -> None:
    """Put a certificate on record."""
    values = issued._asdict() | {"origin": origin, "now": now}
    await db.execute(statements.RECORD, values)


async def record(db: Db, event: Event) -> bool:
    """Put an event on record, once; administrators are told by whoever reads that table."""
    values = structs.asdict(event) | {
        "kind": event.kind.value,
        "doubtful": event.kind in DOUBTFUL,
        "detail": Jsonb(event.detail),
    }
    cursor = await db.execute(statements.RECORD_EVENT, values)
    new = await cursor.fetchone() is not None
    if new:
        logger.warning("%s: %s %s", event.device or "somebody", event.kind.value, event.detail)
    return new
