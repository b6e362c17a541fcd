"""One's own ways as a page, and for administrators who hears of events."""

from datetime import time
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.accounts import pages
from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.notifications import service
from api.notifications.schemas import (
    NewQuietHours,
    NewWay,
    NewWebhook,
    Secret,
    WayChange,
    WayKind,
)
from api.problems import InvalidInputError
from api.queries import Connection
from api.transactions import AsService
from diagnostics.misuse.notices import EVENT_TYPES as OF_MISUSE
from diagnostics.tickets.notices import EVENT_TYPES as OF_TICKETS

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_OWN = [needs(Permission.USE_ACCOUNT)]
_WEBHOOKS = [needs(Permission.MANAGE_WEBHOOKS)]
WAYS = "/account/ways"
WEBHOOKS = "/webhooks"

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Tested = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
Text = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]


class _Form(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)


class WayForm(_Form):
    """A way to be added; browsers add themselves."""

    kind: Literal[WayKind.EMAIL, WayKind.APPRISE]
    name: Annotated[Text, Field(max_length=60)] = ""
    address: Annotated[Text, Field(min_length=1)]


class ActionForm(_Form):
    """What is to be done with one of them."""

    action: Literal["up", "on", "off", "test", "remove"]


class QuietForm(_Form):
    """Both times, or none: no quiet hours."""

    begins: time | Literal[""] = ""
    ends: time | Literal[""] = ""


class WebhookForm(_Form):
    """A receiver to be added; event types in lines or separated by commas."""

    name: Annotated[Text, Field(min_length=1, max_length=60)]
    url: Annotated[Text, Field(min_length=8)]
    municipality: Annotated[str, Field(pattern=r"^(GM[0-9]{4})?$")] = ""
    event_types: Annotated[str, Field(pattern=r"^(\s*nl\.liftwacht\.[a-z_.]+[\s,]*)*$")] = ""


class WebhookActionForm(_Form):
    """What is to be done with one of them."""

    action: Literal["on", "off", "test", "secret", "remove"]


@router.get(WAYS, dependencies=_OWN)
async def show_ways(
    request: Request, who: Who, connection: AsService, test: Tested = None
) -> HTMLResponse:
    """Show how one is reached."""
    return await _ways(request, who, connection, test=test)


@router.post(WAYS, dependencies=_OWN)
async def add_way(request: Request, who: Who, connection: AsService) -> Response:
    """Add a way behind the others."""
    form = await forms.read(request, WayForm)
    try:
        await service.add_way(connection, who, NewWay.model_validate(form.model_dump()))
    except InvalidInputError as error:
        return await _ways(request, who, connection, wrong=error.error.detail, typed=form)
    return RedirectResponse(WAYS, 303)


@router.post(WAYS + "/quiet-hours", dependencies=_OWN)
async def set_quiet_hours(request: Request, who: Who, connection: AsService) -> Response:
    """Set or end the quiet hours."""
    form = await forms.read(request, QuietForm)
    both = form.begins != "" and form.ends != ""
    asked = NewQuietHours.model_validate(form.model_dump()) if both else None
    try:
        await service.set_quiet_hours(connection, who, asked)
    except InvalidInputError as error:
        return await _ways(request, who, connection, wrong=error.error.detail)
    return RedirectResponse(WAYS, 303)


@router.post(WAYS + "/{number}", dependencies=_OWN)
async def change_way(request: Request, who: Who, connection: AsService, number: Number) -> Response:
    """Move a way up, switch it on or off, test it, or take it away."""
    action = (await forms.read(request, ActionForm)).action
    if action == "test":
        sent = await service.test_way(connection, who, number, request.state.now())
        return RedirectResponse(f"{WAYS}?test={sent.message}", 303)
    if action == "up":
        await _move_up(connection, who, number)
    elif action == "remove":
        await service.delete_way(connection, who, number)
    else:
        change = WayChange(enabled=action == "on")
        await service.change_way(connection, who, number, change)
    return RedirectResponse(WAYS, 303)


@router.get(WEBHOOKS, dependencies=_WEBHOOKS)
async def show_webhooks(
    request: Request, who: Who, connection: AsService, test: Tested = None
) -> HTMLResponse:
    """Show who hears of events."""
    return await _webhooks(request, who, connection, test=test)


@router.post(WEBHOOKS, dependencies=_WEBHOOKS)
async def add_webhook(request: Request, who: Who, connection: AsService) -> Response:
    """Add a receiver, and show its secret this once."""
    form = await forms.read(request, WebhookForm)
    asked = NewWebhook(
        name=form.name,
        url=form.url,
        event_types=form.event_types.replace(",", " ").split(),
        municipality=form.municipality or None,
    )
    try:
        async with connection.transaction():
            secret = await service.add_webhook(
                connection, asked, request.state.keyring, request.state.now()
            )
    except InvalidInputError as error:
        return await _webhooks(request, who, connection, wrong=error.error.detail)
    return await _webhooks(request, who, connection, secret=secret)


@router.post(WEBHOOKS + "/{number}", dependencies=_WEBHOOKS)
async def change_webhook(
    request: Request, who: Who, connection: AsService, number: Number
) -> Response:
    """Switch a receiver on or off, test it, give it another secret, or take it away."""
    action = (await forms.read(request, WebhookActionForm)).action
    if action == "test":
        sent = await service.test_webhook(connection, number, request.state.now())
        return RedirectResponse(f"{WEBHOOKS}?test={sent.message}", 303)
    if action == "secret":
        secret = await service.replace_secret(connection, number, request.state.keyring)
        return await _webhooks(request, who, connection, secret=secret)
    if action == "remove":
        await service.delete_webhook(connection, number)
    else:
        await service.switch_webhook(connection, number, enabled=action == "on")
    return RedirectResponse(WEBHOOKS, 303)


async def _move_up(connection: Connection, who: Principal, number: int) -> None:
    numbers = [way.number for way in (await service.ways(connection, who, None)).items]
    if number in numbers[1:]:
        place = numbers.index(number)
        numbers[place - 1 : place + 1] = [number, numbers[place - 1]]
        await service.order_ways(connection, who, numbers)


async def _ways(
    request: Request,
    who: Principal,
    connection: Connection,
    *,
    test: int | None = None,
    wrong: str | None = None,
    typed: WayForm | None = None,
) -> HTMLResponse:
    return pages.render(
        request,
        "ways.html",
        status=400 if wrong else 200,
        ways=await service.ways(connection, who, request.state.push_key),
        test=await service.message(connection, who, test) if test else None,
        wrong=wrong,
        typed=typed,
    )


async def _webhooks(
    request: Request,
    who: Principal,
    connection: Connection,
    *,
    test: int | None = None,
    wrong: str | None = None,
    secret: Secret | None = None,
) -> HTMLResponse:
    return pages.render(
        request,
        "webhooks.html",
        status=400 if wrong else 200,
        webhooks=(await service.webhooks(connection)).items,
        test=await service.message(connection, who, test) if test else None,
        wrong=wrong,
        secret=secret,
        event_types=(*OF_TICKETS, *OF_MISUSE),
    )
