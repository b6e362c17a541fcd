"""The municipality's own systems, that hear of events or read: managed by its contract manager."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.accounts import clients
from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.notifications import service
from api.notifications.schemas import NewWebhook, Secret, Webhook
from api.portal.page import page
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection, Row
from api.transactions import AsService
from diagnostics.deliveries import telling
from diagnostics.misuse.notices import EVENT_TYPES as MISUSE_TYPES
from diagnostics.tickets.notices import EVENT_TYPES as TICKET_TYPES

router = APIRouter(
    prefix="/portal/webhooks",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.USE_PORTAL, Permission.MANAGE_OWN_WEBHOOKS)],
)
# What a municipality's system may hear of.
EVENT_TYPES: Final = (
    *TICKET_TYPES,
    *(f"nl.liftwacht.{kind}" for kind in telling.KINDS),
    *MISUSE_TYPES,
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
    await _require_own(connection, who, number)
    await service.delete_webhook(connection, number)
    return RedirectResponse("/portal/webhooks", 303)


@router.post("/{number}/test")
async def test_webhook(
    request: Request, who: Who, connection: AsService, number: Number
) -> RedirectResponse:
    """Send it an event of no consequence; the list of deliveries shows what became of it."""
    await _require_own(connection, who, number)
    await service.test_webhook(connection, number, request.state.now())
    return RedirectResponse(f"/portal/webhooks#webhook-{number}", 303)


@router.post("/{number}/secret")
async def replace_secret(
    request: Request, who: Who, connection: AsService, number: Number
) -> HTMLResponse:
    """Make another secret, and show it this once; the one until now signs as well."""
    await _require_own(connection, who, number)
    secret = await service.replace_secret(connection, number, request.state.keyring)
    return await _shown(request, who, connection, secret=secret)


@router.post("/{number}/events")
async def choose_events(
    request: Request, who: Who, connection: AsService, number: Number
) -> RedirectResponse:
    """Let it hear of the events that are chosen; of all, if none is."""
    await _require_own(connection, who, number)
    sent = await forms.fields(request)
    await service.choose_events(connection, number, [each for each in EVENT_TYPES if each in sent])
    return RedirectResponse(f"/portal/webhooks#webhook-{number}", 303)


@router.post("/keys/{login}/revoke")
async def revoke_keys(
    request: Request,
    who: Who,
    connection: AsService,
    login: Annotated[str, Path(max_length=64, pattern=r"^[^\x00]*$")],
) -> RedirectResponse:
    """Let a system of one's own municipality in no more, at once."""
    if login not in {each["login"] for each in await _readers(connection, who)}:
        raise NotFoundError(f"There is no system {login}.")
    await clients.revoke(connection, login, actor=who.login, now=request.state.now())
    return RedirectResponse("/portal/webhooks", 303)


async def _readers(connection: Connection, who: Principal) -> Sequence[Row]:
    return await clients.of_municipality(connection, who.municipality_code or "")


async def _require_own(connection: Connection, who: Principal, number: int) -> None:
    if number not in {each.number for each in await _own(connection, who)}:
        raise NotFoundError(f"There is no webhook {number}.")


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
    own = await _own(connection, who)
    return await page(
        request,
        connection,
        who,
        "portal/webhooks.html",
        status=400 if wrong else 200,
        webhooks=own,
        readers=await _readers(connection, who),
        deliveries={
            each.number: await service.webhook_deliveries(connection, each.number) for each in own
        },
        event_types=EVENT_TYPES,
        secret=secret,
        wrong=wrong,
    )
