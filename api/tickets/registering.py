"""Reports of people become tickets; tickets are joined and parted."""

from fastapi import APIRouter, Request, Response

from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.devices import service as devices
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection
from api.tickets import inputs, own, service
from api.tickets.acting import by
from api.tickets.path import TicketNumber
from api.tickets.schemas import TicketDetail
from api.transactions import Writing
from diagnostics.tickets import relations
from diagnostics.tickets import service as tickets
from diagnostics.tickets.model import Source, TicketKind

router = APIRouter(
    prefix="/tickets", tags=["Tickets"], dependencies=[needs(Permission.READ_TICKETS)]
)
_WORK = [needs(Permission.WORK_TICKETS)]
_DISPATCH = [needs(Permission.DISPATCH_TICKETS)]


@router.post("", operation_id="reportTicket", status_code=201, dependencies=_DISPATCH)
async def report(
    request: Request, response: Response, who: Who, connection: Writing, body: inputs.Report
) -> TicketDetail:
    """Register a call, a find or a request: opens a ticket, or adds to the open emergency."""
    try:
        device_id, _ = await devices.one(connection, body.device)
    except NotFoundError as error:
        raise InvalidInputError("body", "/device", str(error)) from None
    return await _register(
        request,
        response,
        who,
        connection,
        device_id,
        kind=TicketKind(body.kind.value),
        source=Source(body.source.value),
        told=body,
        text=body.text,
        caller=body.caller,
        usable=body.usable,
    )


@router.post("/{number}/defect", operation_id="reportDefect", status_code=201, dependencies=_WORK)
async def report_defect(
    *,
    request: Request,
    response: Response,
    who: Who,
    connection: Writing,
    number: TicketNumber,
    body: inputs.Defect,
) -> TicketDetail:
    """Register a defect found during a visit: a repair of priority 3 at once, unless unusable."""
    await own.require_own(connection, who, number)
    visit = await tickets.stands(connection, number, request.state.now())
    return await _register(
        request,
        response,
        who,
        connection,
        visit.device_id,
        kind=TicketKind.REPAIR,
        source=Source.MECHANIC,
        told=body,
        text=body.text,
        usable=body.usable,
        found_during=number,
    )


@router.post("/{number}/link", operation_id="linkTickets", dependencies=_DISPATCH)
async def link(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.Other
) -> TicketDetail:
    """Note of two tickets that they belong together."""
    await relations.link(connection, number, body.ticket, by(request, who, body))
    return await service.detail(connection, number, who, now=request.state.now())


@router.post("/{number}/merge", operation_id="mergeTicket", dependencies=_DISPATCH)
async def merge(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.Other
) -> TicketDetail:
    """Close a ticket that is the same as another; return the other, with the earlier report."""
    told = by(request, who, body)
    await relations.merge(connection, number, body.ticket, told, expected_version=body.version)
    return await service.detail(connection, body.ticket, who, now=told.now)


@router.post("/{number}/split", operation_id="splitTicket", status_code=201, dependencies=_DISPATCH)
async def split(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.Split
) -> TicketDetail:
    """Take a defect out into a repair of its own, due from the same report; return that."""
    told = by(request, who, body)
    new = await relations.split(
        connection,
        number,
        text=body.text,
        usable=body.usable,
        by=told,
        expected_version=body.version,
    )
    return await service.detail(connection, new.ticket_id, who, now=told.now)


async def _register(
    request: Request,
    response: Response,
    who: Principal,
    connection: Connection,
    device_id: int,
    *,
    kind: TicketKind,
    source: Source,
    told: inputs.Told,
    text: str,
    caller: str = "",
    usable: bool | None = None,
    found_during: int | None = None,
) -> TicketDetail:
    teller = by(request, who, told)
    try:
        opening = await tickets.report(
            connection,
            device_id,
            kind=kind,
            source=source,
            text=text,
            by=teller,
            caller=caller,
            usable=usable,
            found_during=found_during,
        )
    except ValueError as error:
        raise InvalidInputError("body", "/", str(error)) from error
    number = opening.ticket.ticket_id
    response.headers["Location"] = f"/v1/tickets/{number}"
    if not opening.created:
        response.status_code = 200  # it was open, or reported before
    return await service.detail(connection, number, who, now=teller.now)
