"""Ways, quiet hours and webhooks: what people may see and change of them."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.errors import ForeignKeyViolation
from psycopg.types.json import Jsonb

from api.accounts.principal import Principal
from api.accounts.roles import Permission
from api.notifications.schemas import (
    Deliveries,
    Delivery,
    NewQuietHours,
    NewWay,
    NewWebhook,
    QuietHours,
    Secret,
    Sent,
    TestMessage,
    Way,
    WayChange,
    Ways,
    Webhook,
    Webhooks,
)
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection, Row, row, rows
from diagnostics.notifications.addresses import check_way, check_webhook, shown
from diagnostics.notifications.deliveries import deliveries_of
from diagnostics.notifications.signature import SECRET_PREFIX
from diagnostics.queries import load
from diagnostics.sealing import Keyring

QUERIES = load("api.notifications")
_SECRET_BYTES = 32
_DELIVERIES_SHOWN = 10


async def ways(connection: Connection, who: Principal, push_key: str | None) -> Ways:
    """Return how somebody can be reached."""
    own = {"account_id": who.account_id}
    quiet = await row(connection, QUERIES["quiet_hours"], own)
    return Ways(
        items=[_way(each) for each in await rows(connection, QUERIES["ways"], own)],
        quiet_hours=None if quiet is None else QuietHours.model_validate(quiet),
        push_key=push_key,
    )


async def add_way(connection: Connection, who: Principal, asked: NewWay) -> Way:
    """Add a way behind the others.

    Raises:
        InvalidInputError: its address cannot be one.
    """
    try:
        check_way(asked.kind, asked.address)
    except ValueError as error:
        raise InvalidInputError("body", "/address", str(error)) from error
    parameters = asked.model_dump(by_alias=False) | {"account_id": who.account_id}
    return _way(await _found(connection, "add_way", parameters))


async def change_way(connection: Connection, who: Principal, number: int, asked: WayChange) -> Way:
    """Rename a way, switch it on or off."""
    parameters = asked.model_dump(by_alias=False) | {"account_id": who.account_id, "number": number}
    return _way(await _found(connection, "change_way", parameters))


async def order_ways(connection: Connection, who: Principal, numbers: list[int]) -> None:
    """Put all ways into another order.

    Raises:
        InvalidInputError: they are not all of them, once each.
    """
    own = {"account_id": who.account_id}
    known = {each["number"] for each in await rows(connection, QUERIES["ways"], own)}
    if len(numbers) != len(known) or set(numbers) != known:
        raise InvalidInputError("body", "/numbers", "are not the numbers of all ways, once each")
    await rows(connection, QUERIES["order_ways"], own | {"numbers": numbers})


async def delete_way(connection: Connection, who: Principal, number: int) -> None:
    """Take a way away."""
    parameters = {"account_id": who.account_id, "number": number}
    await _found(connection, "delete_way", parameters)


async def test_way(connection: Connection, who: Principal, number: int, now: datetime) -> Sent:
    """Send a test by one way."""
    parameters = {"account_id": who.account_id, "login": who.login, "number": number}
    return await _test(connection, "test_way", parameters, now)


async def set_quiet_hours(
    connection: Connection, who: Principal, asked: NewQuietHours | None
) -> None:
    """Set or end them.

    Raises:
        InvalidInputError: they would never end.
    """
    own = {"account_id": who.account_id}
    if asked is None:
        await connection.execute(QUERIES["delete_quiet_hours"], own)
        return
    if asked.begins == asked.ends:
        raise InvalidInputError("body", "/ends", "is the beginning: they would never end")
    await connection.execute(QUERIES["set_quiet_hours"], own | asked.model_dump(by_alias=False))


async def webhooks(connection: Connection) -> Webhooks:
    """Return who hears of events."""
    found = await rows(connection, QUERIES["webhooks"])
    return Webhooks(items=[Webhook.model_validate(each) for each in found])


async def add_webhook(
    connection: Connection, asked: NewWebhook, keys: Keyring, now: datetime
) -> Secret:
    """Add a receiver, and return the secret that it needs.

    Raises:
        InvalidInputError: its address cannot be one, its name is taken, or there is no such
            municipality.
    """
    try:
        check_webhook(asked.url)
    except ValueError as error:
        raise InvalidInputError("body", "/url", str(error)) from error
    secret = _new_secret()
    parameters = asked.model_dump(by_alias=False) | {"secret": keys.seal(secret), "now": now}
    try:
        added = await row(connection, QUERIES["add_webhook"], parameters)
    except ForeignKeyViolation as error:
        raise InvalidInputError("body", "/municipality", "is not known here") from error
    if added is None:
        raise InvalidInputError("body", "/name", "is taken by another webhook")
    return Secret(number=added["number"], secret=secret)


async def switch_webhook(connection: Connection, number: int, *, enabled: bool) -> Webhook:
    """Switch a receiver on or off."""
    parameters = {"number": number, "enabled": enabled}
    return Webhook.model_validate(await _found(connection, "switch_webhook", parameters))


async def replace_secret(connection: Connection, number: int, keys: Keyring) -> Secret:
    """Give a receiver another secret; the one until now signs as well."""
    secret = _new_secret()
    await _found(connection, "replace_secret", {"number": number, "secret": keys.seal(secret)})
    return Secret(number=number, secret=secret)


async def choose_events(connection: Connection, number: int, event_types: Sequence[str]) -> None:
    """Let a receiver hear of these events alone; of all, if none is named."""
    parameters = {"number": number, "event_types": list(event_types)}
    await _found(connection, "choose_events", parameters)


async def webhook_deliveries(connection: Connection, number: int) -> Sequence[Row]:
    """Return what was sent to a receiver lately, newest first."""
    asked = {"number": number, "limit": _DELIVERIES_SHOWN}
    return await rows(connection, QUERIES["webhook_deliveries"], asked)


async def delete_webhook(connection: Connection, number: int) -> None:
    """Take a receiver away."""
    await _found(connection, "delete_webhook", {"number": number})


async def test_webhook(connection: Connection, number: int, now: datetime) -> Sent:
    """Post an event of no consequence."""
    event = {
        "specversion": "1.0",
        "id": f"test-{number}-{now:%Y%m%d%H%M}",
        "type": "nl.liftwacht.test",
        "subject": str(number),
        "time": now.isoformat(),
        "datacontenttype": "application/json",
        "data": {"test": True},
    }
    return await _test(connection, "test_webhook", {"number": number, "event": Jsonb(event)}, now)


async def message(connection: Connection, who: Principal, number: int) -> TestMessage:
    """Return what became of a test."""
    parameters = {
        "message": number,
        "login": who.login,
        "webhooks": who.may(Permission.MANAGE_WEBHOOKS),
    }
    return TestMessage.model_validate(await _found(connection, "message", parameters))


async def deliveries(connection: Connection, ticket: int) -> Deliveries:
    """Return what was sent about a ticket."""
    found = await deliveries_of(connection, ticket)
    return Deliveries(
        items=[
            Delivery.model_validate({"message": each.notification_id, **_fields(each)})
            for each in found
        ]
    )


def _fields(each: Any) -> dict[str, Any]:
    return {
        name: getattr(each, name)
        for name in Delivery.model_fields
        if name not in ("message", "attempts")
    } | {"attempts": each.attempts}


def _way(found: Row) -> Way:
    return Way.model_validate(found | {"address": shown(found["kind"], found["address"])})


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


async def _test(
    connection: Connection, name: str, parameters: dict[str, Any], now: datetime
) -> Sent:
    asked = parameters | {"now": now, "minute": f"{now:%Y%m%d%H%M}"}
    sent = await _found(connection, name, asked)
    await connection.execute(QUERIES["announce"])
    return Sent.model_validate(sent)


async def _found(connection: Connection, name: str, parameters: dict[str, Any]) -> Row:
    found = await row(connection, QUERIES[name], parameters)
    if found is None:
        raise NotFoundError("There is nothing of that number, or it is switched off.")
    return found
