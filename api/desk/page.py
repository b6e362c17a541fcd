"""A page of the desk: whatever it shows, it says how many emergencies there are, and how we are."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.accounts import pages
from api.desk import service
from api.health.schemas import Health
from api.queries import Connection


async def page(
    request: Request, connection: Connection, template: str, **shown: Any
) -> HTMLResponse:
    """Return ``template`` with what every page needs, and ``shown``."""
    health: Health = request.state.monitor.latest
    return pages.render(
        request, template, alarm=await service.alarm(connection), health=health, **shown
    )
