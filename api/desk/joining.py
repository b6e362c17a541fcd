"""Tickets that belong together, from the page of one: linked, merged into another, or parted."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import changed, forms
from api.desk.paths import TicketId
from api.problems import InvalidInputError
from api.transactions import Writing
from diagnostics.tickets import relations
from diagnostics.tickets.commands import By
from diagnostics.tickets.errors import TicketError, TicketNotFound

router = APIRouter(include_in_schema=False)


class JoinForm(forms.Form):
    """``ticket``: the other one; of a split: what becomes a repair of its own."""

    do: Literal["link", "merge", "split"]
    ticket: Annotated[str, Field(pattern=r"^#?[0-9]{0,18}$")] = ""
    text: Annotated[str, Field(max_length=4_000)] = ""
    usable: Literal["yes", "no", ""] = ""
    version: Annotated[int, Field(ge=1)]
    request: UUID


@router.post(
    "/tickets/{ticket_id}/join",
    dependencies=[needs(Permission.WORK_TICKETS, Permission.DISPATCH_TICKETS)],
)
async def join(request: Request, who: Who, connection: Writing, ticket_id: TicketId) -> Response:
    """Link a ticket with another, merge it into one, or take a defect out of it."""
    fields = await forms.fields(request)
    form = forms.parse(fields, JoinForm)
    by = By(actor=who.login, now=request.state.now(), request_id=str(form.request))
    try:
        async with connection.transaction():
            shown = await _join(connection, ticket_id, form, by)
    except TicketNotFound as error:
        raise InvalidInputError("body", "/ticket", "there is no such ticket") from error
    except TicketError as error:
        return await changed.show(
            request, connection, who, ticket_id=ticket_id, fields=fields, error=error
        )
    return RedirectResponse(f"/tickets/{shown}", 303)


async def _join(connection: Writing, ticket_id: int, form: JoinForm, by: By) -> int:
    """Do it; return the ticket to show."""
    if form.do == "split":
        if not form.text or not form.usable:
            raise InvalidInputError("body", "/text", "say what, and whether the aid can be used")
        usable = form.usable == "yes"
        new = await relations.split(
            connection,
            ticket_id,
            text=form.text,
            usable=usable,
            by=by,
            expected_version=form.version,
        )
        return new.ticket_id
    other = form.ticket.removeprefix("#")
    if not other:
        raise InvalidInputError("body", "/ticket", "which ticket?")
    if form.do == "link":
        await relations.link(connection, ticket_id, int(other), by)
        return ticket_id
    version = form.version
    goes_on = await relations.merge(connection, ticket_id, int(other), by, expected_version=version)
    return goes_on.ticket_id
