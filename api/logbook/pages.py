"""The logbook as a page: at the desk, with forms to write into it, and in the portal."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.desk.page import page as desk_page
from api.desk.paths import DeviceName
from api.documents.pdf import MEDIA_TYPE
from api.logbook import labels, service
from api.logbook.document import document
from api.logbook.schemas import NewAdaptation, NewMaintenance, NewRemark, RegisterChange, Removal
from api.portal.page import page as portal_page
from api.privacy.looking import looks_at
from api.transactions import Reading, Writing

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.READ_DEVICES, Permission.READ_TICKETS)],
)
_DESK = [needs(Permission.SEE_BOARD)]
_WRITE = [needs(Permission.SEE_BOARD, Permission.WRITE_REGISTER)]
_LOOK = looks_at("aid", "name")
_PORTAL = [needs(Permission.USE_PORTAL)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/devices/{name}/logbook", dependencies=_DESK)
async def show_logbook(
    request: Request, who: Who, connection: Reading, name: DeviceName
) -> HTMLResponse:
    """Show the logbook, with what was changed in the register, and what can be written."""
    found = await service.logbook(connection, name)
    return await desk_page(
        request,
        connection,
        "logbook.html",
        book=found,
        changes=await service.changes(connection, found.aid["device_id"]),
        may_write=who.may(Permission.WRITE_REGISTER),
        label=await labels.live(connection, name),
    )


@router.get("/portal/aids/{name}/logbook", dependencies=[*_PORTAL, _LOOK])
async def show_in_portal(
    request: Request, who: Who, connection: Reading, name: DeviceName
) -> HTMLResponse:
    """Show the logbook to a municipality."""
    found = await service.logbook(connection, name)
    return await portal_page(request, connection, who, "portal/logbook.html", book=found)


@router.get("/devices/{name}/logbook.pdf", dependencies=_DESK)
@router.get("/portal/aids/{name}/logbook.pdf", dependencies=[*_PORTAL, _LOOK])
async def send_document(request: Request, connection: Reading, name: DeviceName) -> Response:
    """Send the logbook as a PDF."""
    content = await document(await service.logbook(connection, name), now=request.state.now())
    return downloads.made(content, f"logboek-{name}.pdf", MEDIA_TYPE)


@router.get("/devices/{name}/logbook.json", dependencies=_DESK)
@router.get("/portal/aids/{name}/logbook.json", dependencies=[*_PORTAL, _LOOK])
async def send_data(connection: Reading, name: DeviceName) -> Response:
    """Send the logbook as data."""
    found = service.document(await service.logbook(connection, name))
    content = found.model_dump_json(indent=2).encode()
    return downloads.made(content, f"logboek-{name}.json", "application/json")


@router.post("/devices/{name}/logbook/register", dependencies=_WRITE)
async def change_register(
    request: Request, who: Who, connection: Writing, name: DeviceName
) -> Response:
    """Take what is to stand in the register."""
    sent = await forms.fields(request)
    wanted = RegisterChange.model_validate({})
    if sent:
        wanted = forms.parse(_or_none(sent), RegisterChange)
    now = request.state.now()
    await service.change_register(connection, name, wanted, actor=who.login, now=now)
    return _back(name)


@router.post("/devices/{name}/logbook/adaptations", dependencies=_WRITE)
async def add_adaptation(
    request: Request, who: Who, connection: Writing, name: DeviceName
) -> Response:
    """Take an adaptation."""
    sent = _given(await forms.fields(request))
    wanted = forms.parse(sent | {"public": "public" in sent}, NewAdaptation)
    await service.adapt(connection, name, wanted, actor=who.login, now=request.state.now())
    return _back(name)


@router.post("/devices/{name}/logbook/adaptations/{number}/removal", dependencies=_WRITE)
async def remove_adaptation(
    request: Request, who: Who, connection: Writing, name: DeviceName, number: Number
) -> Response:
    """Take that an adaptation was taken off."""
    wanted = forms.parse(_given(await forms.fields(request)), Removal)
    now = request.state.now()
    await service.take_off(connection, name, number, wanted, actor=who.login, now=now)
    return _back(name)


@router.post("/devices/{name}/logbook/remarks", dependencies=_WRITE)
async def add_remark(request: Request, who: Who, connection: Writing, name: DeviceName) -> Response:
    """Take a remark."""
    wanted = forms.parse(_given(await forms.fields(request)), NewRemark)
    await service.remark(connection, name, wanted, actor=who.login, now=request.state.now())
    return _back(name)


@router.post("/devices/{name}/logbook/maintenance", dependencies=_WRITE)
async def add_maintenance(
    request: Request, who: Who, connection: Writing, name: DeviceName
) -> Response:
    """Take maintenance that no ticket tells."""
    wanted = forms.parse(_given(await forms.fields(request)), NewMaintenance)
    await service.maintain(connection, name, wanted, actor=who.login, now=request.state.now())
    return _back(name)


def _given(sent: dict[str, str]) -> dict[str, Any]:
    """Return the fields in which something was typed."""
    return {name: value for name, value in sent.items() if value.strip()}


def _or_none(sent: dict[str, str]) -> dict[str, Any]:
    """Return all fields; what is empty is not known."""
    return {name: value.strip() or None for name, value in sent.items()}


def _back(name: str) -> RedirectResponse:
    return RedirectResponse(f"/devices/{name}/logbook", 303)
