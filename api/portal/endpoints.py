"""The pages of the portal."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.portal import theme
from api.portal.page import QUERIES, page
from api.problems import NotFoundError
from api.queries import row
from api.transactions import Reading

router = APIRouter(
    prefix="/portal",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.USE_PORTAL)],
)

_CASES = [needs(Permission.READ_COMMISSIONS, Permission.READ_COMPLAINTS, Permission.READ_TICKETS)]
# Its address changes with it.
_KEPT = {"Cache-Control": "private, max-age=86400"}


@router.get("", dependencies=_CASES)
async def show_overview(request: Request, who: Who, connection: Reading) -> HTMLResponse:
    """Show everything that is open."""
    return await page(request, connection, who, "portal/overview.html")


@router.get("/theme.css")
async def send_theme(who: Who, connection: Reading) -> Response:
    """Send the municipality's design tokens as custom properties."""
    found = await row(connection, QUERIES["tokens"], {"code": who.municipality_code})
    return Response(theme.style(found["tokens"] if found else {}), 200, _KEPT, "text/css")


@router.get("/logo")
async def send_logo(who: Who, connection: Reading) -> Response:
    """Send the municipality's logo."""
    found = await row(connection, QUERIES["logo"], {"code": who.municipality_code})
    if found is None:
        raise NotFoundError("This municipality has no logo here.")
    # Should it hold a script after all, it runs nowhere.
    headers = _KEPT | {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(bytes(found["logo"]), 200, headers, found["logo_type"])
