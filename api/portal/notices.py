"""Which news somebody of a municipality is told."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.portal.actions import QUERIES
from api.portal.page import page
from api.queries import rows
from api.transactions import AsService
from diagnostics.deliveries import telling
from diagnostics.notifications import repair_news

KINDS = (*telling.KINDS, *repair_news.KINDS)

router = APIRouter(
    prefix="/portal/notices",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.USE_PORTAL, Permission.CHOOSE_NOTICES)],
)


@router.get("")
async def show_notices(request: Request, who: Who, connection: AsService) -> HTMLResponse:
    """Show what one has chosen."""
    found = await rows(connection, QUERIES["choices"], {"account_id": who.account_id})
    chosen = {each["kind"] for each in found}
    return await page(request, connection, who, "portal/notices.html", kinds=KINDS, chosen=chosen)


@router.post("")
async def choose(request: Request, who: Who, connection: AsService) -> Response:
    """Be told of these from now on, and of nothing else."""
    sent = await forms.fields(request)
    kinds = [kind for kind in KINDS if kind in sent]
    await connection.execute(QUERIES["forget_choices"], {"account_id": who.account_id})
    await connection.execute(QUERIES["choose"], {"account_id": who.account_id, "kinds": kinds})
    return RedirectResponse("/portal/notices", 303)
