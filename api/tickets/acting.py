"""What people do with a ticket, one endpoint each: all go the same way to the same service."""

from typing import Any

from fastapi import APIRouter, Request

from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.accounts.ticket_commands import ASKS
from api.problems import InvalidInputError
from api.queries import Connection
from api.tickets import inputs, own, service
from api.tickets.path import TicketNumber
from api.tickets.schemas import TicketDetail
from api.transactions import Writing
from diagnostics.tickets import service as tickets
from diagnostics.tickets.commands import (
    AgreeLater,
    By,
    ChangePriority,
    Close,
    Command,
    OfferSwap,
    ReportCalamity,
)

router = APIRouter(
    prefix="/tickets",
    tags=["Tickets"],
    dependencies=[needs(Permission.READ_TICKETS, Permission.WORK_TICKETS)],
)


def _asks(command: type[Command]) -> list[Any]:
    permission = ASKS[command]
    return [] if permission is None else [needs(permission)]


def by(request: Request, who: Principal, told: inputs.Told) -> By:
    """Return who tells it, and when it was."""
    return By(
        actor=who.login,
        now=request.state.now(),
        happened_at=told.happened_at,
        request_id=None if told.request_id is None else str(told.request_id),
    )


async def _do(
    request: Request, who: Principal, connection: Connection, number: int, act: inputs.Act
) -> TicketDetail:
    command, told = act.command(), by(request, who, act)
    await own.require(connection, who, number, command, told)
    try:
        await tickets.carry_out(connection, number, command, told, expected_version=act.version)
    except (ValueError, LookupError) as error:
        raise InvalidInputError("body", "/", str(error)) from error
    return await service.detail(connection, number, who, now=request.state.now())


@router.post("/{number}/assign", operation_id="assignTicket")
async def assign(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.Assign
) -> TicketDetail:
    """Give it to an account, or to nobody; a mechanic on call may take one on."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/under-way", operation_id="startTravel")
async def under_way(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.UnderWay
) -> TicketDetail:
    """Say that somebody is going there, and when they expect to arrive."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/on-site", operation_id="arrive")
async def on_site(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.OnSite
) -> TicketDetail:
    """Say that somebody is with the client: what the first term is about."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/nobody-near", operation_id="reportNobodyNear")
async def nobody_near(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.NobodyNear
) -> TicketDetail:
    """Say that nobody can be there in time."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/close", operation_id="closeTicket", dependencies=_asks(Close))
async def close(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.Close
) -> TicketDetail:
    """Close what needs no repair. An emergency ends by a confirmed release alone."""
    return await _do(request, who, connection, number, body)


@router.post(
    "/{number}/change-priority", operation_id="changePriority", dependencies=_asks(ChangePriority)
)
async def change_priority(
    request: Request,
    who: Who,
    connection: Writing,
    number: TicketNumber,
    body: inputs.ChangePriority,
) -> TicketDetail:
    """Change the priority: every term is reckoned anew from the report."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/appointment", operation_id="makeAppointment")
async def appointment(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.Appointment
) -> TicketDetail:
    """Agree upon a visit with the client, or move the one that was."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/agree-later", operation_id="agreeLater", dependencies=_asks(AgreeLater))
async def agree_later(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.AgreeLater
) -> TicketDetail:
    """Record that the client agreed to a later repair; it counts with evidence."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/pause", operation_id="pauseWork")
async def pause(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.Pause
) -> TicketDetail:
    """Record that work waits, and why. What counts as an excuse is for the contract."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/resume", operation_id="resumeWork")
async def resume(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.Resume
) -> TicketDetail:
    """Record that work goes on."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/part", operation_id="usePart")
async def use_part(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.UsePart
) -> TicketDetail:
    """Record a part that was used."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/sign", operation_id="signTicket")
async def sign(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.Sign
) -> TicketDetail:
    """Record that the client confirms."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/offer-swap", operation_id="offerSwap", dependencies=_asks(OfferSwap))
async def offer_swap(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.OfferSwap
) -> TicketDetail:
    """Record that another aid is offered meanwhile."""
    return await _do(request, who, connection, number, body)


@router.post("/{number}/answer-swap", operation_id="answerSwap")
async def answer_swap(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.AnswerSwap
) -> TicketDetail:
    """Record what the client says to the offered aid."""
    return await _do(request, who, connection, number, body)


@router.post(
    "/{number}/report-calamity", operation_id="reportCalamity", dependencies=_asks(ReportCalamity)
)
async def report_calamity(
    request: Request, who: Who, connection: Writing, number: TicketNumber, body: inputs.Calamity
) -> TicketDetail:
    """Record that a calamity is reported."""
    return await _do(request, who, connection, number, body)
