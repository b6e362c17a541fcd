"""/v1/commissions and what belongs to them."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response

from api import downloads, pagination
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.deliveries import service
from api.deliveries.schemas import (
    CommissionDetail,
    CommissionPage,
    FailingTypes,
    FileKind,
    MixFigures,
    NewCommission,
    NewRejection,
    Rejections,
    Step,
)
from api.privacy.looking import looks_at
from api.problems import InvalidInputError
from api.tickets.attaching import FILES, media_type, read_file
from api.transactions import Reading, Writing
from diagnostics.deliveries import service as commissions
from diagnostics.deliveries.model import Kind
from diagnostics.deliveries.service import By
from diagnostics.tickets.attachments import BadAttachment
from gateway.protocol.topics import DEVICE_NAME_PATTERN

router = APIRouter(tags=["Commissions"], dependencies=[needs(Permission.READ_COMMISSIONS)])
_WORK = [needs(Permission.WORK_COMMISSIONS)]

Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the commission.")]
Code = Annotated[str | None, Query(pattern=r"^GM[0-9]{4}$", description="CBS code.")]


@router.get("/commissions", operation_id="listCommissions")
async def list_commissions(
    *,
    request: Request,
    response: Response,
    connection: Reading,
    kind: Annotated[Kind | None, Query(description="What is commissioned.")] = None,
    municipality: Code = None,
    client: Annotated[
        str | None, Query(pattern=r"^[A-Z0-9-]{3,32}$", description="Client number.")
    ] = None,
    device: Annotated[
        str | None,
        Query(pattern=DEVICE_NAME_PATTERN, max_length=32, description="Name of the aid."),
    ] = None,
    still_open: Annotated[
        bool | None, Query(alias="open", description="Whether there is something to do.")
    ] = None,
    late: Annotated[bool | None, Query(description="Whether its term is broken.")] = None,
    cursor: pagination.Cursor = None,
    limit: pagination.Limit = 50,
) -> CommissionPage:
    """List commissions, newest first."""
    page = await service.page(
        connection,
        before=pagination.decode(cursor),
        limit=limit,
        now=request.state.now(),
        kind=None if kind is None else kind.value,
        municipality=municipality,
        client=client,
        device=device,
        open=still_open,
        late=late,
    )
    pagination.link_next(request, response, page.next_cursor)
    return page


@router.post("/commissions", operation_id="registerCommission", status_code=201, dependencies=_WORK)
async def register(
    request: Request, who: Who, connection: Writing, body: NewCommission
) -> CommissionDetail:
    """Register what a municipality commissions. With its `requestId` it is done once."""
    now = request.state.now()
    number = await service.register(connection, body, actor=who.login, now=now)
    return await service.detail(connection, number, now=now)


@router.get("/commissions/mix", operation_id="getMix")
async def get_mix(connection: Reading, municipality: Code = None) -> MixFigures:
    """Return how many aids of each delivery year were new and how many used before."""
    return await service.mix(connection, municipality)


@router.get(
    "/commissions/{commission}",
    operation_id="getCommission",
    dependencies=[looks_at("order", "commission")],
)
async def get_commission(
    request: Request, connection: Reading, commission: Number
) -> CommissionDetail:
    """Return a commission with its log, terms, delays and files."""
    return await service.detail(connection, commission, now=request.state.now())


@router.post("/commissions/{commission}/events", operation_id="writeCommission", dependencies=_WORK)
async def write(
    request: Request, who: Who, connection: Writing, commission: Number, body: Step
) -> CommissionDetail:
    """Write down what happened to a commission."""
    now = request.state.now()
    await service.step(connection, commission, body, actor=who.login, now=now)
    return await service.detail(connection, commission, now=now)


@router.post(
    "/commissions/{commission}/files",
    operation_id="fileForCommission",
    status_code=201,
    dependencies=_WORK,
    openapi_extra={"requestBody": {"required": True, "content": FILES}},
)
async def store_file(
    *,
    request: Request,
    who: Who,
    connection: Writing,
    commission: Number,
    name: Annotated[str, Query(min_length=1, max_length=200, description="Name of the file.")],
    kind: Annotated[FileKind, Query(description="What it is.")],
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
) -> CommissionDetail:
    """Store a file: the body is its content. A `loan_agreement` is signed with it."""
    now = request.state.now()
    try:
        await commissions.file(
            connection,
            commission,
            kind=kind.value,
            name=name,
            media_type=media_type(content_type),
            content=await read_file(request),
            by=By(actor=who.login, now=now),
        )
    except BadAttachment as error:
        raise InvalidInputError("body", "/", str(error)) from error
    return await service.detail(connection, commission, now=now)


@router.get(
    "/commissions/{commission}/files/{file}",
    operation_id="getCommissionFile",
    response_class=Response,
    responses={200: {"content": FILES, "description": "The file."}},
    dependencies=[looks_at("order", "commission")],
)
async def get_file(
    connection: Reading,
    commission: Number,
    file: Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the file.")],
) -> Response:
    """Return a file of a commission."""
    return downloads.stored(*await service.file(connection, commission, file))


@router.get("/failing-types", operation_id="listFailingTypes")
async def list_failing_types(request: Request, connection: Reading) -> FailingTypes:
    """List the types of aids that keep failing, by their repairs of the last year."""
    return await service.failing_types(connection, now=request.state.now())


@router.get("/rejections", operation_id="listRejections")
async def list_rejections(
    connection: Reading,
    early: Annotated[bool, Query(description="Only those before their time.")] = False,  # noqa: FBT002
) -> Rejections:
    """List the aids that are not used any further, with the reports on why."""
    return await service.rejections(connection, early=early)


@router.post("/rejections", operation_id="rejectAid", status_code=201, dependencies=_WORK)
async def reject(request: Request, who: Who, connection: Writing, body: NewRejection) -> Rejections:
    """Write down that an aid is not used any further, and why."""
    return await service.reject(connection, body, actor=who.login, now=request.state.now())
