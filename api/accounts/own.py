"""One's own account."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.accounts import pages
from api.accounts.principal import needs
from api.accounts.roles import Permission

router = APIRouter(
    prefix="/account",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.USE_ACCOUNT)],
)


@router.get("")
async def show_account(request: Request) -> HTMLResponse:
    """Show who one is here."""
    return pages.render(request, "account.html")
