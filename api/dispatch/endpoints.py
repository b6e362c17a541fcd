"""Where mechanics start from, for whoever makes the rota: what travel times are reckoned by."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from api.accounts.principal import needs
from api.accounts.roles import Permission
from api.desk import forms
from api.desk.page import page
from api.dispatch.service import QUERIES
from api.map import places
from api.problems import NotFoundError
from api.queries import row, rows
from api.transactions import Reading, Writing

router = APIRouter(
    prefix="/mechanics",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.READ_ROTA, Permission.WRITE_ROTA)],
)


class StartForm(BaseModel):
    """Four digits of a postcode: never an address."""

    login: Annotated[str, Field(max_length=64)]
    postcode4: Annotated[int, Field(ge=1000, le=9999)]


@router.get("")
async def show_mechanics(request: Request, connection: Reading) -> HTMLResponse:
    """Show where mechanics start from."""
    return await page(
        request,
        connection,
        "mechanics.html",
        mechanics=await rows(connection, QUERIES["starts"]),
        places=places.by_postcode(),
    )


@router.post("")
async def set_start(request: Request, connection: Writing) -> RedirectResponse:
    """Write down where a mechanic starts from."""
    form = await forms.read(request, StartForm)
    if await row(connection, QUERIES["set_start"], form.model_dump()) is None:
        raise NotFoundError(f"There is no mechanic {form.login}.")
    return RedirectResponse("/mechanics", 303)
