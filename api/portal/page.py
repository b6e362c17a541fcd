"""A page of the portal: in its municipality's colours, with the places one may go."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.accounts import pages
from api.accounts.principal import Principal
from api.portal.navigation import places
from api.queries import Connection, row
from diagnostics.queries import load

QUERIES = load("api.portal", "page.sql")


async def page(
    request: Request,
    connection: Connection,
    who: Principal,
    template: str,
    *,
    status: int = 200,
    **shown: Any,
) -> HTMLResponse:
    """Return ``template`` (it extends ``portal/base.html``) with what every page needs."""
    municipality = await row(connection, QUERIES["municipality"], {"code": who.municipality_code})
    return pages.render(
        request, template, status=status, municipality=municipality, places=places(who), **shown
    )
