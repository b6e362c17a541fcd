"""The pages, and the forms on them."""

import logging
from typing import Literal

import psycopg
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from psycopg_pool import PoolTimeout

from api import problems
from api.accounts import pages
from api.accounts.endpoints import sign_in_path
from api.accounts.principal import NotSignedInError, Who, needs
from api.accounts.roles import Permission, Role
from api.deliveries import service as deliveries
from api.desk import chart, history, service
from api.desk.page import page
from api.desk.paths import DeviceName, TicketId
from api.desk.rendering import ZONE
from api.desk.sheet import sheet
from api.orders import service as orders
from api.subjects import service as subjects
from api.tickets import service as tickets
from api.transactions import Reading, Writing
from api.visits import service as visits

logger = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_TABLE_ROWS = 60
_ORDERS = 5


@router.get("/", dependencies=[needs(Permission.SEE_BOARD)])
async def show_board(request: Request, connection: Reading) -> HTMLResponse:
    """Show the emergencies, and under them what else is going on."""
    return await page(
        request,
        connection,
        "board.html",
        board=await service.board(connection, now=request.state.now()),
    )


@router.get(
    "/tickets/{ticket_id}", dependencies=[needs(Permission.READ_TICKETS, Permission.READ_TELEMETRY)]
)
async def show_ticket(
    request: Request,
    who: Who,
    connection: Writing,
    ticket_id: TicketId,
    contact: Literal["show"] | None = None,
) -> Response:
    """Show all that whoever helps wants to know of a ticket; who looked at whom is written down."""
    now = request.state.now()
    # Who called stands beside the contact, and is looked at with it alone.
    lean = who.without(Permission.READ_CONTACTS)
    ticket = await tickets.detail(connection, ticket_id, lean, now=now)
    mechanic = who.role is Role.MECHANIC and contact is None
    if mechanic and any(await visits.standing(connection, who, ticket, now=now)):
        # What pages a mechanic leads here; what works without a line is their own page.
        return RedirectResponse(f"/visits/{ticket_id}", 303)
    return await page(
        request,
        connection,
        "ticket.html",
        ticket=ticket,
        sheet=await sheet(
            connection,
            ticket,
            who=who,
            now=now,
            show_contact=contact is not None,
        ),
        chart=chart.draw(ticket.samples, lambda at: at.astimezone(ZONE)),
        table=chart.thin(ticket.samples, _TABLE_ROWS),
        restricted=await subjects.restricted(connection, ticket=ticket_id),
    )


@router.get(
    "/devices/{name}", dependencies=[needs(Permission.READ_DEVICES, Permission.READ_TELEMETRY)]
)
async def show_device(
    request: Request, who: Who, connection: Reading, name: DeviceName
) -> HTMLResponse:
    """Show an aid with its last ride."""
    now = request.state.now()
    view = await service.device_view(connection, name, now=now)
    return await page(
        request,
        connection,
        "device.html",
        view=view,
        history=await history.history(connection, name, now=now),
        asked=await orders.of_device(connection, name, limit=_ORDERS)
        if who.may(Permission.COMMAND_DEVICES)
        else None,
        contract=await deliveries.beside(connection, who, name, view.device.client_number),
        chart=chart.draw(view.ride, lambda at: at.astimezone(ZONE)),
        table=chart.thin(view.ride, _TABLE_ROWS),
    )


async def handle(request: Request, error: Exception) -> Response:
    """Show what went wrong as a page; whoever is not signed in is asked to, and comes back."""
    if isinstance(error, NotSignedInError) and request.method in ("GET", "HEAD"):
        return pages.once_more(request) or RedirectResponse(sign_in_path(request), 303)
    found = problems.problem_of(error)
    if found.status == 503 and not isinstance(error, PoolTimeout):
        logger.error("page failed: %s", error)
    elif found.status == 500 and isinstance(error, psycopg.Error):
        # What nobody handles the server logs; this one is handled here.
        logger.error("page failed: %s", error, exc_info=error)
    said = str(error) if isinstance(error, problems.SaidError) else None
    response = pages.render(request, "problem.html", status=found.status, problem=found, said=said)
    if found.status >= 500 and request.method == "GET":
        response.headers["Refresh"] = "5"
    return response
