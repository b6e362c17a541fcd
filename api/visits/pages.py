"""A mechanic's visits as pages: plain forms, which a script keeps while there is no line."""

from collections.abc import Mapping
from typing import Annotated, Final
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from pydantic import ValidationError

from api.accounts import pages
from api.accounts.principal import Who, needs, open_to_all
from api.accounts.roles import Permission
from api.desk import forms
from api.problems import InvalidInputError
from api.subjects import service as subjects
from api.transactions import Reading, Writing
from api.visits import service, work
from api.visits.acts import ACT, AnyAct
from api.visits.endpoints import require_own
from api.visits.errors import RefusedError, Why, why
from api.web import STATIC
from diagnostics.misuse.items import KINDS
from diagnostics.tickets.errors import TicketError

router = APIRouter(prefix="/visits", include_in_schema=False, default_response_class=HTMLResponse)
_OURS: Final = [needs(Permission.WORK_TICKETS, Permission.READ_CONTACTS)]

TicketId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/worker.js", dependencies=[open_to_all()])
async def worker() -> FileResponse:
    """Return the service worker: from here, so that it may serve these pages."""
    return FileResponse(
        STATIC / "visits" / "worker.js",
        media_type="text/javascript",
        headers={"Service-Worker-Allowed": "/visits", "Cache-Control": "no-cache"},
    )


@router.get("", dependencies=_OURS)
async def show_visits(request: Request, who: Who, connection: Reading) -> HTMLResponse:
    """Show what somebody has to do, most urgent first."""
    visits = await service.visits(connection, who, now=request.state.now())
    return pages.render(request, "visits.html", visits=visits, request_id=uuid4)


@router.get("/{ticket_id}", dependencies=_OURS)
async def show_visit(
    request: Request,
    who: Who,
    connection: Writing,
    ticket_id: TicketId,
    refused: Annotated[Why | None, Query()] = None,
) -> HTMLResponse:
    """Show one visit: whom to help, where, how to get in, and the next steps."""
    visit = await service.visit(connection, who, ticket_id, now=request.state.now())
    response = pages.render(
        request,
        "visit.html",
        visit=visit,
        refused=refused,
        restricted=visit.mine and await subjects.restricted(connection, ticket=ticket_id),
        request_id=uuid4,
        kinds_of_use=list(KINDS),
    )
    response.headers["ETag"] = f'W/"{visit.ticket.version}"'
    return response


@router.post("/{ticket_id}", dependencies=_OURS)
async def tell(
    request: Request, who: Who, connection: Writing, ticket_id: TicketId
) -> RedirectResponse:
    """Do what a form tells, and show the visit, or why it was not taken."""
    sent = await forms.fields(request)
    require_own(who, sent.pop("login", who.login))
    act = _act(sent, ticket_id)
    page = f"/visits/{ticket_id}"
    try:
        async with connection.transaction():
            await work.carry_out(connection, who, act, now=request.state.now())
    except RefusedError as error:
        return RedirectResponse(f"{page}?refused={error.why}", 303)
    except TicketError as error:
        return RedirectResponse(f"{page}?refused={why(error)}", 303)
    except ValueError as error:
        raise InvalidInputError("body", "/", str(error)) from error
    return RedirectResponse(page, 303)


def _act(sent: Mapping[str, str], ticket_id: int) -> AnyAct:
    try:
        act: AnyAct = ACT.validate_python({**sent, "ticket": ticket_id})
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(map(str, first["loc"]))
        raise InvalidInputError("body", f"/{where}", first["msg"]) from error
    return act
