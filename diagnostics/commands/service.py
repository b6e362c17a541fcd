"""Orders are written down and sent, replies written beside them, in the caller's transaction."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from diagnostics.commands.model import Order, wire_of
from diagnostics.queries import load

Connection = AsyncConnection[Any]

_SQL = load("diagnostics.commands")


async def order(conn: Connection, asked: Order) -> None:
    """Write an order down, and send it after the commit.

    Raises:
        LookupError: there is no such aid.
        ValueError: the parameters are not those of its kind.
    """
    payload = msgspec.to_builtins(wire_of(asked))
    found = await conn.execute(
        _SQL["insert_command"],
        {
            **msgspec.structs.asdict(asked),
            "parameters": Jsonb(asked.parameters),
            "expires_at": asked.expires_at,
        },
    )
    if await found.fetchone() is None:
        raise LookupError(f"there is no aid {asked.device_name}")
    await conn.execute(
        _SQL["insert_message"],
        {
            "command_id": asked.command_id,
            "device_name": asked.device_name,
            "payload": Jsonb(payload),
            "at": asked.at,
        },
    )
    await _announce(conn, asked.device_name)


async def replied(
    conn: Connection, command_id: str, *, outcome: str, detail: str, now: datetime
) -> bool:
    """Write down what the aid answered; False if ``command_id`` is no order's, or was answered."""
    answer = {"command_id": command_id, "outcome": outcome, "detail": detail, "now": now}
    found = await conn.execute(_SQL["reply"], answer)
    row = await found.fetchone()
    if row is None:
        return False
    await _announce(conn, row[0])
    return True


async def _announce(conn: Connection, device_name: str) -> None:
    live = msgspec.json.encode({"kind": "device", "device": device_name}).decode()
    await conn.execute(_SQL["announce"], {"live": live})
