"""Photographs and letters of a ticket."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import AwareDatetime

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.problems import InvalidInputError, NotFoundError
from api.tickets import own, service
from api.tickets.path import TicketNumber
from api.tickets.schemas import Attachment
from api.transactions import Reading, Writing
from diagnostics.tickets import attachments
from diagnostics.tickets.commands import By

router = APIRouter(
    prefix="/tickets", tags=["Tickets"], dependencies=[needs(Permission.READ_TICKETS)]
)
_FILE = {"schema": {"type": "string", "format": "binary"}}
FILES = dict.fromkeys(attachments.MEDIA_TYPES, _FILE)


@router.post(
    "/{number}/attachments",
    operation_id="attachFile",
    status_code=201,
    dependencies=[needs(Permission.WORK_TICKETS)],
    openapi_extra={"requestBody": {"required": True, "content": FILES}},
)
async def attach(
    *,
    request: Request,
    who: Who,
    connection: Writing,
    number: TicketNumber,
    name: Annotated[str, Query(min_length=1, max_length=200, description="Name of the file.")],
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
    happened_at: Annotated[AwareDatetime | None, Query(alias="happenedAt")] = None,
    request_id: Annotated[UUID | None, Query(alias="requestId")] = None,
) -> Attachment:
    """Attach a file: the body is its content. The same content is attached once."""
    await own.require_own(connection, who, number)
    content = await read_file(request)
    by = By(
        actor=who.login,
        now=request.state.now(),
        happened_at=happened_at,
        request_id=None if request_id is None else str(request_id),
    )
    try:
        found = await attachments.attach(
            connection,
            number,
            name=name,
            media_type=media_type(content_type),
            content=content,
            by=by,
        )
    except attachments.BadAttachment as error:
        raise InvalidInputError("body", "/", str(error)) from error
    return service.attachment(found)


@router.get(
    "/{number}/attachments/{attachment}",
    operation_id="getAttachment",
    response_class=Response,
    responses={200: {"content": FILES, "description": "The file."}},
)
async def get_attachment(
    who: Who,
    connection: Reading,
    number: TicketNumber,
    attachment: Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the file.")],
) -> Response:
    """Return a file of a ticket."""
    found = None
    if await service.sees_files(connection, number, who):
        found = await attachments.content_of(connection, number, attachment)
    if found is None:
        raise NotFoundError(f"Ticket {number} has no attachment {attachment}.")
    file, content = found
    return downloads.stored(content, file.name, file.media_type)


async def read_file(request: Request) -> bytes:
    """Return the body, and no more of it than it takes to know that it is too large."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > attachments.BYTES_AT_MOST:
            break
    return bytes(content)


def media_type(content_type: str) -> str:
    """Return a Content-Type without its parameters."""
    return content_type.partition(";")[0].strip().lower()
