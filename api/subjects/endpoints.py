"""/v1/subject-requests: what clients ask about their data, and what is done for it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.privacy.looking import looks_at
from api.queries import Connection
from api.subjects import package, service
from api.subjects.schemas import (
    NewSubjectRequest,
    SubjectRequestDetail,
    SubjectRequests,
    SubjectStep,
)
from api.transactions import Reading, Writing
from diagnostics.tickets.calendar import dutch_day

router = APIRouter(
    prefix="/subject-requests", tags=["Privacy"], dependencies=[needs(Permission.HANDLE_REQUESTS)]
)
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the request.")]


@router.get("", operation_id="listSubjectRequests")
async def list_requests(
    connection: Reading,
    every: Annotated[bool, Query(alias="all", description="Also those that are over.")] = False,  # noqa: FBT002
) -> SubjectRequests:
    """List requests of clients about their data, the most urgent first."""
    return await service.listed(connection, every=every)


@router.post("", operation_id="registerSubjectRequest", status_code=201)
async def register_request(
    request: Request, who: Who, connection: Writing, body: NewSubjectRequest
) -> SubjectRequestDetail:
    """Register a request. Its term runs from the day on which it came."""
    now = request.state.now()
    number = await service.register(connection, body, who=who, now=now)
    return await service.detail(connection, number, now=now)


@router.get(
    "/{number}", operation_id="getSubjectRequest", dependencies=[looks_at("request", "number")]
)
async def get_request(
    request: Request, connection: Reading, number: Number
) -> SubjectRequestDetail:
    """Return a request with its log, and what can be done with it now."""
    return await service.detail(connection, number, now=request.state.now())


@router.post("/{number}/events", operation_id="writeSubjectRequest")
async def write_request(
    request: Request, who: Who, connection: Writing, number: Number, body: SubjectStep
) -> SubjectRequestDetail:
    """Carry out one step: `erase` erases what may be erased, and says what was kept and why."""
    now = request.state.now()
    await service.step(connection, number, body, who=who, now=now)
    return await service.detail(connection, number, now=now)


@router.post("/{number}/package", operation_id="gatherSubjectPackage", response_class=Response)
async def gather_package(
    request: Request, who: Who, connection: Writing, number: Number
) -> Response:
    """Return everything about the client as a zip: a PDF, JSON, readings and files."""
    return await send_package(request, who, connection, number)


async def send_package(request: Request, who: Who, connection: Connection, number: int) -> Response:
    """Gather everything, and send it."""
    now = request.state.now()
    # A year of somebody's measurements takes longer than a page may.
    await connection.execute("SET LOCAL statement_timeout = '120s'")
    found = await service.gathered(connection, number, who=who, now=now)
    readings = await service.readings(connection, number, who=who, most=package.MOST_READINGS)
    files = await service.files(connection, number, who=who)
    shown = (await service.detail(connection, number, now=now)).model_dump(by_alias=False)
    content = package.package(shown, found, readings, files, now=now)
    name = f"{package.name_of(shown, 'inzage', dutch_day(now))}.zip"
    return downloads.made(content, name, "application/zip")
