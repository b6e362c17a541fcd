"""Tickets as a list: filtered, page by page, and kept under a name."""

from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api import pagination
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.desk.page import page
from api.desk.service import QUERIES
from api.queries import rows
from api.tickets import service as tickets
from api.tickets.schemas import Stage, TicketKind, TicketStatus
from api.transactions import Reading, Writing

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_LISTED: Final = 50
_SOON: Final = timedelta(hours=8)


class Filter(BaseModel):
    """What to show. Empty fields of the form mean: all."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")

    status: TicketStatus | None = TicketStatus.OPEN
    kind: TicketKind | None = None
    priority: Annotated[int, Field(ge=1, le=3)] | None = None
    stage: Stage | None = None
    assigned: Annotated[str, Field(max_length=64)] | None = None
    municipality: Annotated[str, Field(pattern=r"^GM[0-9]{4}$")] | None = None
    soon: bool = False
    q: Annotated[str, Field(min_length=2, max_length=64)] | None = None

    def query(self) -> str:
        """Return the part of an address that leads here."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        if self.status is None:
            said["status"] = "all"
        return urlencode(said)


def _filter(request: Request) -> Filter:
    """Read the filter from the address.

    Raises:
        InvalidInputError: something of it makes no sense.
    """
    said = {name: value for name, value in request.query_params.items() if value}
    if said.get("status") == "all":
        said["status"] = None  # type: ignore[assignment]  # neither open nor closed
    return forms.parse(said, Filter)


@router.get("/tickets", dependencies=[needs(Permission.SEE_BOARD, Permission.READ_TICKETS)])
async def show_tickets(
    request: Request,
    who: Who,
    connection: Reading,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
) -> HTMLResponse:
    """Show the tickets that a filter leaves, newest first."""
    wanted = _filter(request)
    now = request.state.now()
    found = await tickets.page(
        connection,
        status=wanted.status,
        kind=wanted.kind,
        priority=wanted.priority,
        stage=wanted.stage,
        assigned=who.login if wanted.assigned == "me" else wanted.assigned,
        municipality=wanted.municipality,
        breach_before=now + _SOON if wanted.soon else None,
        q=wanted.q,
        before=pagination.decode(cursor),
        limit=_LISTED,
    )
    return await page(
        request,
        connection,
        "tickets.html",
        wanted=wanted,
        found=found,
        views=await rows(connection, QUERIES["views"], {"account_id": who.account_id}),
        municipalities=await rows(connection, QUERIES["municipalities"]),
    )


class ViewForm(forms.Form):
    """A list's name, and what leads to it; ``forget``: it is not wanted any more."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    query: Annotated[str, Field(max_length=500, pattern=r"^[A-Za-z0-9_=&%+.~-]*$")] = ""
    forget: bool = False


@router.post("/tickets/views", dependencies=[needs(Permission.SEE_BOARD)])
async def save_view(request: Request, who: Who, connection: Writing) -> RedirectResponse:
    """Keep a list under a name, or forget it."""
    form = await forms.read(request, ViewForm)
    kept = {"account_id": who.account_id, "name": form.name, "query": form.query}
    await connection.execute(QUERIES["drop_view" if form.forget else "save_view"], kept)
    return RedirectResponse(f"/tickets?{form.query}", 303)
