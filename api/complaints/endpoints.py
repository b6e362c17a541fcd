"""/v1/complaints."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from api import pagination
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.complaints import service
from api.complaints.schemas import (
    ComplaintDetail,
    ComplaintFigures,
    ComplaintPage,
    Handling,
    NewComplaint,
    TakeUp,
)
from api.deliveries.endpoints import Code
from api.privacy.looking import looks_at
from api.transactions import Reading, Writing

router = APIRouter(
    prefix="/complaints", tags=["Complaints"], dependencies=[needs(Permission.READ_COMPLAINTS)]
)
_WORK = [needs(Permission.WORK_COMPLAINTS)]
_FIGURES_OF: Final = timedelta(days=5 * 366)

Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the complaint.")]


@router.get("", operation_id="listComplaints")
async def list_complaints(
    *,
    request: Request,
    response: Response,
    connection: Reading,
    municipality: Code = None,
    client: Annotated[
        str | None, Query(pattern=r"^[A-Z0-9-]{3,32}$", description="Client number.")
    ] = None,
    still_open: Annotated[
        bool | None, Query(alias="open", description="Whether it is still to be handled.")
    ] = None,
    cursor: pagination.Cursor = None,
    limit: pagination.Limit = 50,
) -> ComplaintPage:
    """List complaints, newest first."""
    page = await service.page(
        connection,
        before=pagination.decode(cursor),
        limit=limit,
        municipality=municipality,
        client=client,
        open=still_open,
    )
    pagination.link_next(request, response, page.next_cursor)
    return page


@router.post("", operation_id="registerComplaint", status_code=201, dependencies=_WORK)
async def register(
    request: Request, who: Who, connection: Writing, body: NewComplaint
) -> ComplaintDetail:
    """Register a complaint, also a spoken one. With its `requestId` it is done once."""
    now = request.state.now()
    number = await service.register(connection, body, actor=who.login, now=now)
    return await service.detail(connection, number)


@router.get("/figures", operation_id="getComplaintFigures")
async def get_figures(
    request: Request, connection: Reading, municipality: Code = None
) -> ComplaintFigures:
    """Return how many, of what nature, how long and how late, by month."""
    now = request.state.now()
    return await service.figures(connection, municipality, since=now - _FIGURES_OF, now=now)


@router.get(
    "/{complaint}",
    operation_id="getComplaint",
    dependencies=[looks_at("complaint", "complaint")],
)
async def get_complaint(connection: Reading, complaint: Number) -> ComplaintDetail:
    """Return a complaint with its log."""
    return await service.detail(connection, complaint)


@router.post("/{complaint}/take-up", operation_id="takeUpComplaint", dependencies=_WORK)
async def take_up(
    request: Request, who: Who, connection: Writing, complaint: Number, body: TakeUp
) -> ComplaintDetail:
    """Look into it from now on."""
    now = request.state.now()
    await service.take_up(connection, complaint, body, actor=who.login, now=now)
    return await service.detail(connection, complaint)


@router.post("/{complaint}/handle", operation_id="handleComplaint", dependencies=_WORK)
async def handle(
    request: Request, who: Who, connection: Writing, complaint: Number, body: Handling
) -> ComplaintDetail:
    """End it; the outcome is written to client and municipality."""
    now = request.state.now()
    await service.handle(connection, complaint, body, actor=who.login, now=now)
    return await service.detail(connection, complaint)
