"""/v1/ways, /v1/webhooks, and what was delivered."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, status

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.notifications import service
from api.notifications.schemas import (
    Deliveries,
    NewQuietHours,
    NewWay,
    NewWebhook,
    Secret,
    Sent,
    TestMessage,
    Way,
    WayChange,
    WayOrder,
    Ways,
    Webhook,
    Webhooks,
    WebhookSwitch,
)
from api.transactions import AsService, Reading

router = APIRouter(tags=["Notifications"])
_OWN = [needs(Permission.USE_ACCOUNT)]
_WEBHOOKS = [needs(Permission.MANAGE_WEBHOOKS)]
_DELIVERIES = [needs(Permission.READ_TICKETS, Permission.READ_NOTIFICATIONS)]

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
BigNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/ways", operation_id="listWays", dependencies=_OWN)
async def list_ways(request: Request, who: Who, connection: AsService) -> Ways:
    """List your own ways, in the order in which they are tried, and your quiet hours."""
    return await service.ways(connection, who, request.state.push_key)


@router.post("/ways", operation_id="addWay", dependencies=_OWN, status_code=status.HTTP_201_CREATED)
async def add_way(who: Who, connection: AsService, asked: NewWay) -> Way:
    """Add a way of your own behind the others."""
    return await service.add_way(connection, who, asked)


@router.put("/ways/order", operation_id="orderWays", dependencies=_OWN)
async def order_ways(request: Request, who: Who, connection: AsService, asked: WayOrder) -> Ways:
    """Put your ways into another order: all of them, once each."""
    await service.order_ways(connection, who, asked.numbers)
    return await service.ways(connection, who, request.state.push_key)


@router.patch("/ways/{number}", operation_id="changeWay", dependencies=_OWN)
async def change_way(who: Who, connection: AsService, number: Number, asked: WayChange) -> Way:
    """Rename a way of yours, switch it on or off."""
    return await service.change_way(connection, who, number, asked)


@router.delete(
    "/ways/{number}",
    operation_id="deleteWay",
    dependencies=_OWN,
    status_code=status.HTTP_204_NO_CONTENT,
)
async def delete_way(who: Who, connection: AsService, number: Number) -> None:
    """Take a way of yours away."""
    await service.delete_way(connection, who, number)


@router.post(
    "/ways/{number}/tests",
    operation_id="testWay",
    dependencies=_OWN,
    status_code=status.HTTP_202_ACCEPTED,
)
async def test_way(request: Request, who: Who, connection: AsService, number: Number) -> Sent:
    """Send yourself a test, once a minute at most."""
    return await service.test_way(connection, who, number, request.state.now())


@router.put("/quiet-hours", operation_id="setQuietHours", dependencies=_OWN)
async def set_quiet_hours(
    request: Request, who: Who, connection: AsService, asked: NewQuietHours
) -> Ways:
    """Say when you want to be left alone. Emergencies do not heed it."""
    await service.set_quiet_hours(connection, who, asked)
    return await service.ways(connection, who, request.state.push_key)


@router.delete(
    "/quiet-hours",
    operation_id="endQuietHours",
    dependencies=_OWN,
    status_code=status.HTTP_204_NO_CONTENT,
)
async def end_quiet_hours(who: Who, connection: AsService) -> None:
    """Be reached at all hours."""
    await service.set_quiet_hours(connection, who, None)


@router.get("/test-messages/{number}", operation_id="getTestMessage", dependencies=_OWN)
async def get_test_message(who: Who, connection: AsService, number: BigNumber) -> TestMessage:
    """Tell what became of a test that you sent."""
    return await service.message(connection, who, number)


@router.get("/webhooks", operation_id="listWebhooks", dependencies=_WEBHOOKS)
async def list_webhooks(connection: AsService) -> Webhooks:
    """List who hears of events."""
    return await service.webhooks(connection)


@router.post(
    "/webhooks",
    operation_id="addWebhook",
    dependencies=_WEBHOOKS,
    status_code=status.HTTP_201_CREATED,
)
async def add_webhook(request: Request, connection: AsService, asked: NewWebhook) -> Secret:
    """Add a receiver. The secret is told once."""
    return await service.add_webhook(connection, asked, request.state.keyring, request.state.now())


@router.patch("/webhooks/{number}", operation_id="switchWebhook", dependencies=_WEBHOOKS)
async def switch_webhook(connection: AsService, number: Number, asked: WebhookSwitch) -> Webhook:
    """Switch a receiver on or off."""
    return await service.switch_webhook(connection, number, enabled=asked.enabled)


@router.post(
    "/webhooks/{number}/secrets",
    operation_id="replaceWebhookSecret",
    dependencies=_WEBHOOKS,
    status_code=status.HTTP_201_CREATED,
)
async def replace_secret(request: Request, connection: AsService, number: Number) -> Secret:
    """Make another secret. Until the next time the one before it signs as well."""
    return await service.replace_secret(connection, number, request.state.keyring)


@router.delete(
    "/webhooks/{number}",
    operation_id="deleteWebhook",
    dependencies=_WEBHOOKS,
    status_code=status.HTTP_204_NO_CONTENT,
)
async def delete_webhook(connection: AsService, number: Number) -> None:
    """Take a receiver away."""
    await service.delete_webhook(connection, number)


@router.post(
    "/webhooks/{number}/tests",
    operation_id="testWebhook",
    dependencies=_WEBHOOKS,
    status_code=status.HTTP_202_ACCEPTED,
)
async def test_webhook(request: Request, connection: AsService, number: Number) -> Sent:
    """Post an event of no consequence, once a minute at most."""
    return await service.test_webhook(connection, number, request.state.now())


@router.get("/tickets/{number}/deliveries", operation_id="listDeliveries", dependencies=_DELIVERIES)
async def list_deliveries(connection: Reading, number: BigNumber) -> Deliveries:
    """List every message about a ticket, with each attempt and its proof."""
    return await service.deliveries(connection, number)
