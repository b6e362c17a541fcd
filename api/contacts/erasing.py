"""Forgetting who a client is, and how to reach them: a page of administrators, and an endpoint."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, status
from fastapi.responses import HTMLResponse
from pydantic import Field

from api.accounts import pages
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.contacts import service
from api.contacts.endpoints import ClientNumber
from api.desk import forms
from api.problems import NotFoundError
from api.transactions import Writing

PAGE = "/contacts/erasure"
_ERASE = [needs(Permission.ERASE_CONTACTS)]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
interface = APIRouter(prefix="/clients", tags=["Contacts"])


class ErasureForm(forms.Form):
    """Whose contact, why, and that it is meant."""

    number: Annotated[str, Field(pattern=r"^[A-Z0-9-]{3,32}$")]
    reason: Annotated[str, Field(min_length=3, max_length=200)]
    sure: Annotated[str, Field(pattern="^yes$")]


@router.get(PAGE, dependencies=_ERASE)
async def show_erasure(request: Request) -> HTMLResponse:
    """Ask whose contact is to be forgotten, and why."""
    return pages.render(request, "erasure.html", done=None, wrong=False, number="", reason="")


@router.post(PAGE, dependencies=_ERASE)
async def erase(request: Request, who: Who, connection: Writing) -> HTMLResponse:
    """Forget it, and say so."""
    form = await forms.read(request, ErasureForm)
    shown = {"number": form.number, "reason": form.reason}
    try:
        await service.erase(connection, who, form.number, form.reason)
    except NotFoundError:
        return pages.render(request, "erasure.html", status=404, done=None, wrong=True, **shown)
    return pages.render(
        request, "erasure.html", done=form.number, wrong=False, number="", reason=""
    )


@interface.delete(
    "/{number}/contact",
    operation_id="eraseContact",
    dependencies=_ERASE,
    status_code=status.HTTP_204_NO_CONTENT,
)
async def erase_contact(
    who: Who,
    connection: Writing,
    number: ClientNumber,
    reason: Annotated[str, Query(min_length=3, max_length=200, description="Why.")],
) -> Response:
    """Forget who a client is, all versions of it, and who called. Tickets and telemetry stay."""
    await service.erase(connection, who, number, reason)
    return Response(status_code=status.HTTP_204_NO_CONTENT)
