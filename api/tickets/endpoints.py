"""GET /v1/tickets, and what people decide about them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from api import pagination
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.problems import InvalidInputError
from api.tickets import own, service
from api.tickets.path import TicketNumber
from api.tickets.schemas import (
    Acknowledgement,
    Note,
    Release,
    Repair,
    Stage,
    TicketDetail,
    TicketKind,
    TicketPage,
    TicketStatus,
)
from api.transactions import Reading, Writing
from diagnostics.tickets import service as tickets
from gateway.protocol.topics import DEVICE_NAME_PATTERN

router = APIRouter(
    prefix="/tickets", tags=["Tickets"], dependencies=[needs(Permission.READ_TICKETS)]
)
_WORK = [needs(Permission.WORK_TICKETS)]


@router.get("", operation_id="listTickets")
async def list_tickets(
    *,
    request: Request,
    response: Response,
    connection: Reading,
    priority: Annotated[int | None, Query(ge=1, le=3, description="1: emergencies.")] = None,
    kind: Annotated[TicketKind | None, Query(description="Emergencies or repairs.")] = None,
    status: Annotated[TicketStatus | None, Query(description="Open or closed.")] = None,
    municipality: Annotated[
        str | None, Query(pattern=r"^GM[0-9]{4}$", description="CBS code.")
    ] = None,
    device: Annotated[
        str | None,
        Query(pattern=DEVICE_NAME_PATTERN, max_length=32, description="Name of the aid."),
    ] = None,
    stage: Annotated[Stage | None, Query(description="How far it is.")] = None,
    assigned: Annotated[
        str | None, Query(min_length=1, max_length=64, description="Login of who has it.")
    ] = None,
    breach_before: Annotated[
        AwareDatetime | None,
        Query(alias="breachBefore", description="Those of which a term is broken by then."),
    ] = None,
    q: Annotated[
        str | None,
        Query(
            min_length=2,
            max_length=64,
            description="Looked for in aids' names, client numbers and postcodes.",
        ),
    ] = None,
    cursor: pagination.Cursor = None,
    limit: pagination.Limit = 50,
) -> TicketPage:
    """List tickets, newest first."""
    page = await service.page(
        connection,
        priority=priority,
        kind=kind,
        status=status,
        municipality=municipality,
        device=device,
        stage=stage,
        assigned=assigned,
        breach_before=breach_before,
        q=q,
        before=pagination.decode(cursor),
        limit=limit,
    )
    pagination.link_next(request, response, page.next_cursor)
    return page


@router.get("/{number}", operation_id="getTicket")
async def get_ticket(
    request: Request, who: Who, connection: Writing, number: TicketNumber
) -> TicketDetail:
    """Return a ticket with its log, clocks and evidence, measurements if you may see those.

    That you see who called is on record.
    """
    return await service.detail(connection, number, who, now=request.state.now())


@router.post("/{number}/acknowledge", operation_id="acknowledgeTicket", dependencies=_WORK)
async def acknowledge(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: Acknowledgement
) -> TicketDetail:
    """Take a ticket on: the lift hears that a person has answered."""
    await own.require_own(connection, who, number)
    await tickets.acknowledge(connection, number, who.login, request.state.now(), body.version)
    return await service.detail(connection, number, who, now=request.state.now())


@router.post("/{number}/note", operation_id="addNote", dependencies=_WORK)
async def add_note(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: Note
) -> TicketDetail:
    """Add something worth knowing to a ticket's log."""
    await own.require_own(connection, who, number)
    await tickets.add_note(connection, number, who.login, body.text, request.state.now())
    return await service.detail(connection, number, who, now=request.state.now())


@router.post("/{number}/confirm-release", operation_id="confirmRelease", dependencies=_WORK)
async def confirm_release(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: Release
) -> TicketDetail:
    """Confirm that the rider is free: the only thing that ends an emergency."""
    await own.require_own(connection, who, number)
    await tickets.confirm_release(
        connection,
        number,
        who.login,
        body.how.value,
        body.note,
        request.state.now(),
        body.version,
        aid_works=body.aid_works,
    )
    return await service.detail(connection, number, who, now=request.state.now())


@router.post("/{number}/repaired", operation_id="confirmRepaired", dependencies=_WORK)
async def confirm_repaired(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: Repair
) -> TicketDetail:
    """Write down that the repair is done, by whom and when: the only thing that ends one."""
    now = request.state.now()
    at = body.repaired_at or now
    if at > now:
        raise InvalidInputError("body", "/repairedAt", "must not be in the future")
    await own.require_own(connection, who, number)
    await tickets.confirm_repaired(
        connection,
        number,
        actor=who.login,
        by=body.repaired_by,
        at=at,
        note=body.note,
        now=now,
        expected_version=body.version,
    )
    return await service.detail(connection, number, who, now=request.state.now())
