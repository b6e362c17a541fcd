"""How campaigns stand; pausing, resuming and stopping them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from api.accounts.principal import Principal
from api.problems import NotFoundError, SaidError
from api.queries import Connection, Row, row, rows
from diagnostics.campaigns import repository
from diagnostics.campaigns import service as campaigns
from diagnostics.campaigns.model import Plan, State
from diagnostics.queries import load

QUERIES = load("api.campaigns")
STATES: Final = {"pause": State.PAUSED, "resume": State.RUNNING, "stop": State.STOPPED}
# What may be done to one that stands so.
ACTIONS: Final = {"running": ("pause", "stop"), "paused": ("resume", "stop")}


async def every(connection: Connection) -> Sequence[Row]:
    """Return all campaigns, the newest first."""
    return await repository.overview(connection)


async def one(connection: Connection, number: int) -> dict[str, Any]:
    """Return one campaign, as its page shows it.

    Raises:
        NotFoundError: there is none of that number.
    """
    wanted = {"campaign_id": number}
    found = await row(connection, QUERIES["campaign"], wanted)
    if found is None:
        raise NotFoundError(f"There is no campaign {number}.")
    plan = msgspec.convert(found["plan"], Plan)
    rings = await repository.rings(connection, number, len(plan.rings))
    return {
        "campaign": found,
        "plan": plan,
        "rings": list(zip(rings, plan.rings, strict=True)),
        "members": await rows(connection, QUERIES["failed"], wanted),
        "events": await rows(connection, QUERIES["events"], wanted),
        "actions": ACTIONS.get(found["state"], ()),
    }


async def change(
    connection: Connection,
    who: Principal,
    number: int,
    *,
    action: str,
    why: str,
    now: datetime,
) -> None:
    """Pause, resume or stop a campaign.

    Raises:
        NotFoundError: there is none of that number.
        SaidError: it does not stand where that can be done.
    """
    try:
        await campaigns.change(
            connection, number, STATES[action], actor=who.login, now=now, why=why
        )
    except LookupError as error:
        raise NotFoundError(f"There is no campaign {number}.") from error
    except ValueError as error:
        raise SaidError(str(error)) from error
