"""A page about privacy: in a municipality's portal, or in the platform's own frame."""

from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.accounts import pages
from api.accounts.principal import Principal
from api.accounts.roles import Permission
from api.portal.navigation import Entry
from api.portal.page import page
from api.queries import Connection

PORTAL: Final = "/portal"
PLATFORM: Final = "/privacy"
_PLACES: Final = (
    Entry("retention", f"{PLATFORM}/retention", frozenset({Permission.READ_PRIVACY})),
    Entry("catalogue", f"{PLATFORM}/catalogue", frozenset({Permission.READ_PRIVACY})),
    Entry("looks", f"{PLATFORM}/looks", frozenset({Permission.READ_PRIVACY})),
    Entry("requests", f"{PLATFORM}/requests", frozenset({Permission.HANDLE_REQUESTS})),
    Entry("breaches", f"{PLATFORM}/breaches", frozenset({Permission.READ_BREACHES})),
)


def base_of(who: Principal) -> str:
    """Return under what the pages stand that are for them."""
    return PLATFORM if who.municipality_code is None else PORTAL


async def render(
    request: Request,
    connection: Connection,
    who: Principal,
    template: str,
    *,
    status: int = 200,
    **shown: Any,
) -> HTMLResponse:
    """Return ``template`` (it extends ``layout``) with what every page needs."""
    shown["base"] = base_of(who)
    if who.municipality_code is not None:
        layout = "portal/base.html"
        return await page(request, connection, who, template, status=status, layout=layout, **shown)
    places = [entry for entry in _PLACES if entry.needs <= who.permissions]
    layout = "privacy/platform.html"
    return pages.render(request, template, status=status, layout=layout, places=places, **shown)
