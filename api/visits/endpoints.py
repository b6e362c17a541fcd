"""POST /v1/visits/sync and photos: what a phone sends when there is a line."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from pydantic import AwareDatetime

from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.problems import InvalidInputError, ProblemError
from api.tickets import service as tickets
from api.tickets.attaching import FILES, media_type, read_file
from api.tickets.path import TicketNumber
from api.tickets.schemas import Attachment
from api.transactions import Writing
from api.visits import sync, work
from api.visits.moments import moment
from api.visits.schemas import Answers, Batch
from diagnostics.tickets import attachments
from diagnostics.tickets.commands import By

router = APIRouter(
    prefix="/visits",
    tags=["Visits"],
    dependencies=[needs(Permission.WORK_TICKETS, Permission.READ_CONTACTS)],
)


class SomebodyElseError(ProblemError):
    """It was told by somebody else: it waits for them."""

    status = HTTPStatus.CONFLICT


@router.post("/sync", operation_id="syncVisits")
async def sync_visits(request: Request, who: Who, connection: Writing, body: Batch) -> Answers:
    """Tell what was done on the road, in order; what was told before is done once."""
    require_own(who, body.login)
    now = request.state.now()
    return Answers(now=now, items=await sync.answer_all(connection, who, body, now=now))


@router.post(
    "/{number}/photos",
    operation_id="sendPhoto",
    status_code=201,
    openapi_extra={"requestBody": {"required": True, "content": FILES}},
)
async def send_photo(
    *,
    request: Request,
    who: Who,
    connection: Writing,
    number: TicketNumber,
    login: Annotated[str, Query(min_length=1, max_length=64, description="Who took it.")],
    name: Annotated[str, Query(min_length=1, max_length=200, description="Name of the file.")],
    request_id: Annotated[UUID, Query(alias="requestId")],
    happened_at: Annotated[AwareDatetime | None, Query(alias="happenedAt")] = None,
    sent_at: Annotated[AwareDatetime | None, Query(alias="sentAt")] = None,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
) -> Attachment:
    """Send a photo: the body is its content. The same photo is kept once."""
    require_own(who, login)
    now = request.state.now()
    when = moment(happened_at or now, sent_at, now)
    by = By(actor=who.login, now=now, happened_at=when.at, request_id=str(request_id))
    try:
        kept = await work.keep_photo(
            connection,
            who,
            number,
            name=name,
            media_type=media_type(content_type),
            content=await read_file(request),
            by=by,
        )
    except attachments.BadAttachment as error:
        raise InvalidInputError("body", "/", str(error)) from error
    return tickets.attachment(kept)


def require_own(who: Principal, login: str) -> None:
    """Refuse what somebody else told on this phone.

    Raises:
        SomebodyElseError: it waits for them.
    """
    if who.login != login:
        raise SomebodyElseError(f"It is {login}'s; you are {who.login}.")
