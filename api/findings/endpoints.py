"""GET /v1/findings."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import pagination
from api.accounts.principal import needs
from api.accounts.roles import Permission
from api.findings import service
from api.findings.schemas import FindingPage, FindingStatus
from api.tickets.schemas import Asks
from api.transactions import Reading
from gateway.protocol.topics import DEVICE_NAME_PATTERN

router = APIRouter(
    prefix="/findings", tags=["Findings"], dependencies=[needs(Permission.READ_FINDINGS)]
)


@router.get("", operation_id="listFindings")
async def list_findings(
    *,
    request: Request,
    response: Response,
    connection: Reading,
    asks: Annotated[
        Asks | None,
        Query(
            description=(
                "`repair`: a mechanic; `advice`: maintenance to be planned; `signal`: the use may"
                " not be proper, for people of the municipality to weigh; `notice`: good to know."
            )
        ),
    ] = None,
    what: Annotated[
        str | None, Query(pattern=r"^[a-z_]{1,32}$", description="What is found.")
    ] = None,
    status: Annotated[FindingStatus | None, Query(description="Open or ended.")] = None,
    municipality: Annotated[
        str | None, Query(pattern=r"^GM[0-9]{4}$", description="CBS code.")
    ] = None,
    device: Annotated[
        str | None,
        Query(pattern=DEVICE_NAME_PATTERN, max_length=32, description="Name of the aid."),
    ] = None,
    cursor: pagination.Cursor = None,
    limit: pagination.Limit = 50,
) -> FindingPage:
    """List what detectors found, newest first, with the reasons in Dutch and English."""
    page = await service.page(
        connection,
        asks=asks,
        what=what,
        status=status,
        municipality=municipality,
        device=device,
        before=pagination.decode(cursor),
        limit=limit,
    )
    pagination.link_next(request, response, page.next_cursor)
    return page
