"""A report that comes by telephone: written down in one form, while somebody talks."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import Field

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.desk.page import page
from api.desk.service import device_view
from api.devices import service as devices
from api.problems import InvalidInputError
from api.transactions import Reading, Writing
from diagnostics.tickets import service as tickets
from diagnostics.tickets.commands import By
from diagnostics.tickets.model import Source, TicketKind
from gateway.protocol.topics import DEVICE_NAME_PATTERN

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class Said(StrEnum):
    """What the caller says, in the words of whoever takes the call."""

    STUCK = "stuck"  # somebody needs help now
    DEFECT = "defect"
    SERVICE = "service"
    INSPECTION = "inspection"
    COMPLAINT = "complaint"
    REQUEST = "request"


_KINDS = {
    Said.STUCK: TicketKind.EMERGENCY,
    Said.DEFECT: TicketKind.REPAIR,
    Said.SERVICE: TicketKind.SERVICE,
    Said.INSPECTION: TicketKind.INSPECTION,
    Said.COMPLAINT: TicketKind.COMPLAINT_VISIT,
    Said.REQUEST: TicketKind.REQUEST,
}


class ReportForm(forms.Form):
    """``request``: the page's own number, so that sending twice opens one ticket."""

    device: Annotated[str, Field(pattern=DEVICE_NAME_PATTERN, max_length=32)]
    said: Said
    usable: Literal["yes", "no", ""] = ""
    text: Annotated[str, Field(min_length=1, max_length=4_000)]
    caller: Annotated[str, Field(max_length=200)] = ""
    source: Literal["phone", "desk", "municipality"] = "phone"
    request: UUID


@router.get("/report", dependencies=[needs(Permission.DISPATCH_TICKETS)])
async def show_report(
    request: Request,
    connection: Reading,
    device: Annotated[str | None, Query(pattern=DEVICE_NAME_PATTERN, max_length=32)] = None,
) -> Response:
    """Show the form for an aid, with what is open of it; without one, ask which it is."""
    if device is None:
        return RedirectResponse("/search", 303)
    view = await device_view(connection, device, now=request.state.now())
    return await page(
        request, connection, "report.html", view=view, said=list(Said), request_id=uuid4()
    )


@router.post("/report", dependencies=[needs(Permission.DISPATCH_TICKETS)])
async def report(request: Request, who: Who, connection: Writing) -> RedirectResponse:
    """Register a report: the ticket's page follows."""
    form = await forms.read(request, ReportForm)
    if form.said is Said.DEFECT and not form.usable:
        raise InvalidInputError("body", "/usable", "say whether the aid can still be used safely")
    device_id, _ = await devices.one(connection, form.device)
    opening = await tickets.report(
        connection,
        device_id,
        kind=_KINDS[form.said],
        source=Source(form.source),
        text=form.text,
        caller=form.caller,
        usable=form.usable == "yes" if form.usable else None,
        by=By(actor=who.login, now=request.state.now(), request_id=str(form.request)),
    )
    return RedirectResponse(f"/tickets/{opening.ticket.ticket_id}", 303)
