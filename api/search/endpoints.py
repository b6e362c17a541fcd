"""The search field, and what it finds."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk.page import page
from api.search import service
from api.search.words import understand
from api.transactions import Writing

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/search", dependencies=[needs(Permission.SEE_BOARD)])
async def show_search(
    request: Request,
    who: Who,
    connection: Writing,
    q: Annotated[str, Query(max_length=200, description="What is typed.")] = "",
) -> Response:
    """Show the aids that it may mean; a ticket's number leads straight to it.

    Whose telephone, address or name is found is looked at, and that is written down.
    """
    wanted = understand(q)
    clients = await service.clients(connection, who, wanted, now=request.state.now())
    found = await service.search(connection, wanted, clients=clients)
    if found.ticket is not None:
        return RedirectResponse(f"/tickets/{found.ticket}", 303)
    return await page(request, connection, "search.html", wanted=wanted, found=found)
