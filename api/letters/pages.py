"""The desk's letters: what waits to be printed or mailed, and what was sent."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.deliveries.schemas import Mail
from api.desk import forms
from api.desk.page import page
from api.desk.refused import told
from api.desk.service import QUERIES as DESK
from api.documents.pdf import MEDIA_TYPE
from api.letters import service
from api.queries import rows
from api.transactions import Reading, Writing

router = APIRouter(
    prefix="/letters",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[
        needs(Permission.SEE_BOARD, Permission.WORK_COMMISSIONS, Permission.WORK_COMPLAINTS)
    ],
)
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
# Where a form on another page leads back to.
BACK = r"^/(letters(\?sent=yes)?|orders/\d{1,19}|complaints/\d{1,19})$"


class _Back(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    back: Annotated[str, Field(pattern=BACK)] = "/letters"


class _MailForm(_Back):
    mail: Mail


@router.get("")
async def show_letters(
    request: Request,
    connection: Reading,
    sent: Literal["yes", ""] = "",
    municipality: Annotated[str, Query(pattern=r"^(GM[0-9]{4})?$")] = "",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HTMLResponse:
    """Show what waits, oldest first, or what was sent, newest first."""
    found = await service.page(
        connection, sent=sent == "yes", municipality=municipality or None, start=start
    )
    return await page(
        request,
        connection,
        "letters.html",
        letters=found[: service.A_PAGE],
        more=len(found) > service.A_PAGE,
        a_page=service.A_PAGE,
        start=start,
        sent=sent == "yes",
        municipality=municipality,
        municipalities=await rows(connection, DESK["municipalities"]),
    )


@router.get("/{number}", dependencies=[needs(Permission.READ_CONTACTS)])
async def send_letter(request: Request, who: Who, connection: Writing, number: Number) -> Response:
    """Send a letter to be printed; that its writer saw name and address is on record."""
    name, content = await service.printed(connection, who, number, request.state.now())
    return downloads.made(content, name, MEDIA_TYPE)


@router.post("/{number}/sent")
async def mark_sent(
    request: Request, who: Who, connection: Writing, number: Number
) -> RedirectResponse:
    """It was posted."""
    form = await forms.read(request, _Back)
    with told(request):
        await service.send(connection, number, actor=who.login, now=request.state.now())
    return RedirectResponse(form.back, 303)


@router.post("/{number}/mail")
async def mail_letter(request: Request, connection: Writing, number: Number) -> RedirectResponse:
    """Mail it as PDF."""
    with told(request):
        form = await forms.read(request, _MailForm)
        await service.mail(connection, number, form.mail, now=request.state.now())
    return RedirectResponse(form.back, 303)
