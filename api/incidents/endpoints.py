"""GET /v1/incidents."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import pagination
from api.accounts.principal import needs
from api.accounts.roles import Permission
from api.incidents import service
from api.incidents.schemas import IncidentPage, IncidentStatus
from api.transactions import Reading

router = APIRouter(
    prefix="/incidents", tags=["Incidents"], dependencies=[needs(Permission.READ_INCIDENTS)]
)


@router.get("", operation_id="listIncidents")
async def list_incidents(
    *,
    request: Request,
    response: Response,
    connection: Reading,
    status: Annotated[IncidentStatus | None, Query(description="Open or ended.")] = None,
    cursor: pagination.Cursor = None,
    limit: pagination.Limit = 50,
) -> IncidentPage:
    """List outages of areas, newest first. A rider among the aids has an emergency of his own."""
    page = await service.page(
        connection, status=status, before=pagination.decode(cursor), limit=limit
    )
    pagination.link_next(request, response, page.next_cursor)
    return page
