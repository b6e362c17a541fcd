"""What people do with a ticket from its page: one form, whatever it asks."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.desk import changed, forms, presence
from api.desk.paths import TicketId
from api.desk.rendering import ZONE
from api.problems import InvalidInputError
from api.tickets import own
from api.transactions import Writing
from diagnostics.tickets import service
from diagnostics.tickets.commands import AnyCommand, By, Pause
from diagnostics.tickets.errors import TicketError, TicketNotFound

router = APIRouter(include_in_schema=False)

_MOMENTS: Final = frozenset({"arrives_at", "begin", "end", "due_at"})


class ActForm(forms.Form):
    """``do`` and what goes with it.

    ``version``: the one that was seen, where it matters. ``at``: when it was, by the clock on the
    wall; empty: now.
    """

    do: Annotated[str, Field(max_length=32)]
    version: Annotated[int, Field(ge=1)] | None = None
    request: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")] | None = None
    at: Annotated[str, Field(max_length=40)] = ""

    def by(self, who: Principal, now: datetime) -> By:
        """Return who asks, and when it was."""
        at = datetime.fromisoformat(_moment("at", self.at)) if self.at else None
        return By(actor=who.login, now=now, happened_at=at, request_id=self.request)


@router.post("/tickets/{ticket_id}/do", dependencies=[needs(Permission.WORK_TICKETS)])
async def act(request: Request, who: Who, connection: Writing, ticket_id: TicketId) -> Response:
    """Do something with a ticket; what is refused comes back with what was typed."""
    fields = await forms.fields(request)
    form = forms.parse(fields, ActForm)
    command = command_of(fields)
    by = form.by(who, request.state.now())
    await own.require(connection, who, ticket_id, command, by)
    try:
        await service.carry_out(connection, ticket_id, command, by, expected_version=form.version)
    except (ValueError, LookupError) as error:
        raise InvalidInputError("body", "/do", str(error)) from error
    except TicketNotFound:
        raise
    except TicketError as error:
        return await changed.show(
            request, connection, who, ticket_id=ticket_id, fields=fields, error=error
        )
    return RedirectResponse(form.back, 303)


@router.post("/tickets/{ticket_id}/presence", dependencies=[needs(Permission.SEE_BOARD)])
async def be_present(
    request: Request, who: Who, connection: Writing, ticket_id: TicketId
) -> RedirectResponse:
    """Say that somebody looks at a ticket, or looks away: the others see it."""
    form = await forms.read(request, PresenceForm)
    change = presence.leave if form.state == "gone" else presence.look
    await change(connection, ticket_id, who, request.state.now())
    return RedirectResponse(form.back, 303)


class PresenceForm(forms.Form):
    """Whether somebody is there."""

    state: Literal["here", "gone"] = "here"


def command_of(fields: Mapping[str, str]) -> AnyCommand:
    """Return the command that a form means: empty fields are left out, times are Dutch.

    Raises:
        InvalidInputError: it is no command, or something of it makes no sense; says what.
    """
    known = _fields_of(fields.get("do", ""))
    said = {name: fields[name] for name in known if fields.get(name)}
    if "account" in known:
        said.setdefault("account", None)  # type: ignore[arg-type]  # given to nobody
    if fields.get("do") == Pause.__struct_config__.tag:
        said.setdefault("pause", uuid4().hex[:12])
    for name in _MOMENTS & said.keys():
        said[name] = _moment(name, said[name])
    try:
        command: AnyCommand = msgspec.convert(
            said | {"do": fields.get("do", "")}, type=AnyCommand, strict=False
        )
    except msgspec.ValidationError as error:
        place = re.search(r"\$\.(\w+)", str(error))
        raise InvalidInputError("body", f"/{place[1] if place else 'do'}", str(error)) from None
    return command


def _fields_of(tag: str) -> tuple[str, ...]:
    for command in AnyCommand.__args__:
        if command.__struct_config__.tag == tag:
            fields: tuple[str, ...] = command.__struct_fields__
            return fields
    return ()


def _moment(name: str, text: str) -> str:
    """Read a time as a form's field has it: on the wall in the Netherlands, if no zone is said."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInputError("body", f"/{name}", f"{text!r} is no time") from None
    return (at if at.tzinfo else at.replace(tzinfo=ZONE)).isoformat()
