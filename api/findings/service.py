"""Reads findings."""

from api.devices.schemas import Municipality
from api.findings.schemas import FindingPage, FindingStatus, FoundInDevice
from api.pagination import encode
from api.queries import Connection, Row, rows
from api.tickets.reasons import explained
from api.tickets.schemas import Asks
from diagnostics.queries import load

QUERIES = load("api.findings")


async def page(
    connection: Connection,
    *,
    asks: Asks | None = None,
    what: str | None = None,
    status: FindingStatus | None = None,
    municipality: str | None = None,
    device: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> FindingPage:
    """Return findings, newest first, behind the one with id ``before``; None selects all."""
    found = await rows(
        connection,
        QUERIES["page"],
        {
            "asks": asks,
            "what": what,
            "status": status,
            "municipality": municipality,
            "device": device,
            "before": before,
            "limit": limit + 1,
        },
    )
    items = [_finding(each) for each in found[:limit]]
    more = len(found) > limit
    return FindingPage(items=items, next_cursor=encode(items[-1].finding_id) if more else None)


async def notices(connection: Connection, *, limit: int) -> list[FoundInDevice]:
    """Return what the desk should know now, without what an incident explains."""
    return [_finding(each) for each in await rows(connection, QUERIES["notices"], {"limit": limit})]


def _finding(found: Row) -> FoundInDevice:
    municipality = Municipality(code=found["municipality_code"], name=found["municipality_name"])
    return FoundInDevice.model_validate(explained(found) | {"municipality": municipality})
