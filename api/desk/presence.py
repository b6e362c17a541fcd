"""Who looks at a ticket right now, so that two desks don't step on each other."""

import json
from datetime import datetime, timedelta
from typing import Final

from api.accounts.principal import Principal
from api.desk.service import QUERIES
from api.queries import Connection, row, rows

# A page says every twenty seconds that it is still there.
LASTS: Final = timedelta(seconds=45)


async def watching(
    connection: Connection, ticket_id: int, who: Principal, now: datetime
) -> list[str]:
    """Return the names of the others."""
    found = await rows(
        connection,
        QUERIES["watching"],
        {"ticket_id": ticket_id, "account_id": who.account_id, "since": now - LASTS},
    )
    return [each["name"] for each in found]


async def look(connection: Connection, ticket_id: int, who: Principal, now: datetime) -> None:
    """Somebody looks at a ticket; the others hear of it once."""
    here = {"ticket_id": ticket_id, "account_id": who.account_id, "now": now}
    found = await row(connection, QUERIES["look"], here)
    if found is not None and found["new"]:
        await _tell(connection, ticket_id)


async def leave(connection: Connection, ticket_id: int, who: Principal, now: datetime) -> None:
    """Somebody looks away."""
    gone = {"ticket_id": ticket_id, "account_id": who.account_id, "since": now - LASTS}
    await connection.execute(QUERIES["leave"], gone)
    await _tell(connection, ticket_id)


async def _tell(connection: Connection, ticket_id: int) -> None:
    live = json.dumps({"kind": "ticket", "ticket": ticket_id})
    await connection.execute(QUERIES["tell"], {"live": live})
