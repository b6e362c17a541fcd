"""Reads incidents."""

from api.devices.schemas import Municipality
from api.incidents.schemas import Incident, IncidentPage, IncidentStatus
from api.pagination import encode
from api.queries import Connection, Row, rows
from diagnostics.queries import load

QUERIES = load("api.incidents")


async def page(
    connection: Connection,
    *,
    status: IncidentStatus | None = None,
    before: int | None = None,
    limit: int = 50,
) -> IncidentPage:
    """Return incidents, newest first, behind the one with id ``before``; None selects all."""
    found = await rows(
        connection, QUERIES["page"], {"status": status, "before": before, "limit": limit + 1}
    )
    items = [_incident(each) for each in found[:limit]]
    more = len(found) > limit
    return IncidentPage(items=items, next_cursor=encode(items[-1].incident_id) if more else None)


def _incident(found: Row) -> Incident:
    code, name = found["municipality_code"], found["municipality_name"]
    municipality = None if code is None else Municipality(code=code, name=name)
    return Incident.model_validate(found | {"municipality": municipality})
