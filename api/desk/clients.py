"""A client's page: aids, orders, complaints, tickets and letters, by their number alone."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from api.accounts.principal import needs
from api.accounts.roles import Permission
from api.desk.page import page
from api.letters import service as letters
from api.portal import casefile
from api.privacy.looking import looks_at
from api.subjects import service as subjects
from api.transactions import Reading

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get(
    "/clients/{client}",
    dependencies=[
        looks_at("client", "client"),
        needs(
            Permission.SEE_BOARD,
            Permission.READ_DEVICES,
            Permission.READ_TICKETS,
            Permission.READ_COMMISSIONS,
            Permission.READ_COMPLAINTS,
        ),
    ],
)
async def show_client(
    request: Request,
    connection: Reading,
    client: Annotated[str, Path(pattern=r"^[A-Z0-9-]{3,32}$")],
) -> HTMLResponse:
    """Show all that there is about a client, by their number."""
    return await page(
        request,
        connection,
        "client.html",
        file=await casefile.of_client(connection, client),
        restricted=await subjects.restricted(connection, client=client),
        letters=await letters.about(connection, client=client),
    )
