"""The map."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.accounts.principal import needs
from api.accounts.roles import Permission
from api.desk.page import page
from api.map import service
from api.transactions import Reading

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/map", dependencies=[needs(Permission.SEE_BOARD)])
async def show_map(request: Request, connection: Reading) -> HTMLResponse:
    """Show where it happens."""
    return await page(request, connection, "map.html", overview=await service.overview(connection))
