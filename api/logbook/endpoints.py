"""/v1/devices/{name}/logbook, and what is written into it."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.devices.endpoints import DeviceName
from api.documents.pdf import MEDIA_TYPE
from api.logbook import service
from api.logbook.document import document
from api.logbook.schemas import (
    LogbookDocument,
    NewAdaptation,
    NewMaintenance,
    NewRemark,
    RegisterChange,
    Removal,
)
from api.queries import Connection
from api.transactions import Reading, Writing

router = APIRouter(
    prefix="/devices/{name}",
    tags=["Logbooks"],
    dependencies=[needs(Permission.READ_DEVICES, Permission.READ_TICKETS)],
)
_WRITE = [needs(Permission.WRITE_REGISTER)]
_PDF = {"schema": {"type": "string", "format": "binary"}}
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the adaptation.")]


@router.get("/logbook", operation_id="getLogbook")
async def get_logbook(connection: Reading, name: DeviceName) -> LogbookDocument:
    """Return the logbook of an aid."""
    return await _logbook(connection, name)


@router.get(
    "/logbook/document",
    operation_id="getLogbookDocument",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: _PDF}, "description": "The logbook as a PDF."}},
)
async def get_document(request: Request, connection: Reading, name: DeviceName) -> Response:
    """Return the logbook as a PDF, in Dutch."""
    found = await service.logbook(connection, name)
    content = await document(found, now=request.state.now())
    return downloads.made(content, f"logboek-{name}.pdf", MEDIA_TYPE)


@router.patch("/register", operation_id="changeRegister", dependencies=_WRITE)
async def change_register(
    request: Request, who: Who, connection: Writing, name: DeviceName, body: RegisterChange
) -> LogbookDocument:
    """Change what the register says of an aid: fields that are sent."""
    now = request.state.now()
    await service.change_register(connection, name, body, actor=who.login, now=now)
    return await _logbook(connection, name)


@router.post("/adaptations", operation_id="addAdaptation", status_code=201, dependencies=_WRITE)
async def add_adaptation(
    request: Request, who: Who, connection: Writing, name: DeviceName, body: NewAdaptation
) -> LogbookDocument:
    """Write down an adaptation."""
    await service.adapt(connection, name, body, actor=who.login, now=request.state.now())
    return await _logbook(connection, name)


@router.post("/adaptations/{number}/removal", operation_id="removeAdaptation", dependencies=_WRITE)
async def remove_adaptation(
    *,
    request: Request,
    who: Who,
    connection: Writing,
    name: DeviceName,
    number: Number,
    body: Removal,
) -> LogbookDocument:
    """Write down that an adaptation was taken off."""
    now = request.state.now()
    await service.take_off(connection, name, number, body, actor=who.login, now=now)
    return await _logbook(connection, name)


@router.post("/remarks", operation_id="addRemark", status_code=201, dependencies=_WRITE)
async def add_remark(
    request: Request, who: Who, connection: Writing, name: DeviceName, body: NewRemark
) -> LogbookDocument:
    """Write down a remark."""
    await service.remark(connection, name, body, actor=who.login, now=request.state.now())
    return await _logbook(connection, name)


@router.post("/maintenance", operation_id="addMaintenance", status_code=201, dependencies=_WRITE)
async def add_maintenance(
    request: Request, who: Who, connection: Writing, name: DeviceName, body: NewMaintenance
) -> LogbookDocument:
    """Write down maintenance that no ticket tells."""
    await service.maintain(connection, name, body, actor=who.login, now=request.state.now())
    return await _logbook(connection, name)


async def _logbook(connection: Connection, name: str) -> LogbookDocument:
    return service.document(await service.logbook(connection, name))
