"""GET and POST /v1/devices/{name}/orders, and the buttons of the desk."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse
from pydantic import Field

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.orders import service
from api.orders.schemas import NewOrder, Order, OrderList
from api.transactions import Reading, Writing
from diagnostics.commands.model import CommandKind
from gateway.protocol.topics import DEVICE_NAME_PATTERN

router = APIRouter(prefix="/devices/{name}/orders", tags=["Devices"])
pages = APIRouter(include_in_schema=False)

DeviceName = Annotated[
    str, Path(pattern=DEVICE_NAME_PATTERN, max_length=32, description="Name of the aid.")
]


@router.get("", operation_id="listOrders", dependencies=[needs(Permission.COMMAND_DEVICES)])
async def list_orders(connection: Reading, name: DeviceName) -> OrderList:
    """List what was asked of an aid lately, and what became of it."""
    found = await service.of_device(connection, name)
    return OrderList(items=[Order.model_validate(each) for each in found])


@router.post(
    "",
    operation_id="giveOrder",
    status_code=201,
    dependencies=[needs(Permission.COMMAND_DEVICES)],
)
async def give_order(
    request: Request, who: Who, connection: Writing, name: DeviceName, body: NewOrder
) -> Order:
    """Ask an aid to say how it is, to test itself, to be heard, or to tell more often.

    Nothing that can be asked moves an aid.
    """
    given = await service.give(
        connection,
        name,
        body.kind,
        parameters=body.parameters(),
        actor=who.login,
        ticket=body.ticket,
        now=request.state.now(),
    )
    found = await service.of_device(connection, name)
    return Order.model_validate(next(each for each in found if each["command_id"] == given))


class OrderForm(forms.Form):
    """A button of the desk."""

    kind: CommandKind
    ticket: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


@pages.post("/devices/{name}/orders", dependencies=[needs(Permission.COMMAND_DEVICES)])
async def order(
    request: Request, who: Who, connection: Writing, name: DeviceName
) -> RedirectResponse:
    """Ask an aid something from its page, or from its ticket's."""
    form = await forms.read(request, OrderForm)
    await service.give(
        connection,
        name,
        form.kind,
        parameters={},
        actor=who.login,
        ticket=form.ticket,
        now=request.state.now(),
    )
    return RedirectResponse(form.back, 303)
