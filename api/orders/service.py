"""Gives orders, and reads what became of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from psycopg.errors import ForeignKeyViolation

from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection, Row, rows
from diagnostics.commands import service as commands
from diagnostics.commands.model import CommandKind, Order
from diagnostics.queries import load

QUERIES = load("api.orders")
# What somebody at the desk means who asks for closer readings, without saying how close.
CLOSER: Final = {
    "parked_interval_ms": 10_000,
    "riding_interval_ms": 100,
    "duration_ms": 600_000,
}


async def of_device(connection: Connection, device: str, *, limit: int = 20) -> list[Row]:
    """Return what was asked of ``device``, the newest first."""
    return list(await rows(connection, QUERIES["of_device"], {"device": device, "limit": limit}))


async def give(
    connection: Connection,
    device: str,
    kind: CommandKind,
    *,
    parameters: Mapping[str, Any],
    actor: str,
    ticket: int | None,
    now: datetime,
) -> str:
    """Give an order; return its id.

    Raises:
        NotFoundError: there is no such aid.
        InvalidInputError: the parameters are not those of its kind, or there is no such ticket.
    """
    if kind is CommandKind.SET_SAMPLING:
        parameters = {**CLOSER, **parameters}
    order = Order(
        command_id=uuid4().hex,
        device_name=device,
        kind=kind,
        parameters=dict(parameters),
        actor=actor,
        at=now,
        ticket_id=ticket,
    )
    try:
        await commands.order(connection, order)
    except LookupError:
        raise NotFoundError(f"There is no aid {device}.") from None
    except ValueError as error:
        raise InvalidInputError("body", "", str(error)) from None
    except ForeignKeyViolation:
        raise InvalidInputError("body", "/ticket", f"there is no ticket {ticket}") from None
    return order.command_id
