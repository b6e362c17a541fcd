"""The municipality's own systems that hear of events: managed by its contract manager."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.notifications import service
from api.notifications.schemas import NewWebhook, Secret, Webhook
from api.portal.page import page
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection
from api.transactions import AsService

router = APIRouter(
    prefix="/portal/webhooks",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.USE_PORTAL, Permission.MANAGE_OWN_WEBHOOKS)],
)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class _Form(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[^\x00]*$")]
    url: Annotated[str, Field(min_length=8, max_length=500, pattern=r"^[^\x00]*$")]


@router.get("")
async def show_webhooks(request: Request, who: Who, connection: AsService) -> HTMLResponse:
    """Show which systems hear of events."""
    return await _shown(request, who, connection)


@router.post("")
async def add_webhook(request: Request, who: Who, connection: AsService) -> Response:
    """Add one, and show its secret this once."""
    form = await forms.read(request, _Form)
    # Named after the municipality as well: names are one for all of the platform.
    asked = NewWebhook(
        name=f"{who.municipality_code} {form.name}",
        url=form.url,
        event_types=[],
        municipality=who.municipality_code,
    )
    try:
        async with connection.transaction():
            secret = await service.add_webhook(
                connection, asked, request.state.keyring, request.state.now()
            )
    except InvalidInputError as error:
        return await _shown(request, who, connection, wrong=error.error.detail)
    return await _shown(request, who, connection, secret=secret)


@router.post("/{number}/remove")
async def remove_webhook(who: Who, connection: AsService, number: Number) -> Response:
    """Take one away; of one's own municipality."""
    if number not in {each.number for each in await _own(connection, who)}:
        raise NotFoundError(f"There is no webhook {number}.")
    await service.delete_webhook(connection, number)
    return RedirectResponse("/portal/webhooks", 303)


async def _own(connection: Connection, who: Principal) -> list[Webhook]:
    found = (await service.webhooks(connection)).items
    return [each for each in found if each.municipality == who.municipality_code]


async def _shown(
    request: Request,
    who: Principal,
    connection: Connection,
    *,
    secret: Secret | None = None,
    wrong: str | None = None,
) -> HTMLResponse:
    return await page(
        request,
        connection,
        who,
        "portal/webhooks.html",
        status=400 if wrong else 200,
        webhooks=await _own(connection, who),
        secret=secret,
        wrong=wrong,
    )
