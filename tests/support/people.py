"""Accounts, their ways, and what is asked of them, as rows."""

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

Connection = AsyncConnection[Any]


async def add_person(
    conn: Connection, login: str = "anna", *, role: str = "mechanic", email: str | None = None
) -> int:
    """Add an account and return its number."""
    return await _number(
        conn,
        "INSERT INTO account (login, name, role, email) VALUES (%s, initcap(%s), %s, %s)"
        " RETURNING account_id",
        login,
        login,
        role,
        email,
    )


async def add_way(conn: Connection, account_id: int, kind: str, address: str, rank: int = 1) -> int:
    """Add a way and return its number."""
    return await _number(
        conn,
        "INSERT INTO contact_way (account_id, kind, name, address, rank)"
        " VALUES (%s, %s, %s, %s, %s) RETURNING way_id",
        account_id,
        kind,
        f"{kind} {rank}",
        address,
        rank,
    )


async def ask(
    conn: Connection,
    login: str,
    ticket_id: int | None,
    *,
    at: datetime,
    how: str = "page",
    key: str = "1",
) -> int:
    """Ask something of a person, as escalation does, and return the number of the message."""
    return await _number(
        conn,
        "INSERT INTO notification (dedup_key, ticket_id, channel, recipient, payload, created_at,"
        " next_attempt_at) VALUES (%s, %s, 'person', %s, %s, %s, %s) RETURNING notification_id",
        f"person:{login}:{key}",
        ticket_id,
        login,
        Jsonb({"ticket": ticket_id, "step": 1, "how": how, "why": "opened"}),
        at,
        at,
    )


async def subscribe(
    conn: Connection, url: str, *, name: str = "city", secret: str = "", **columns: Any
) -> int:
    """Add a webhook subscription and return its number."""
    columns = {"name": name, "url": url, "secret": secret or "whsec_" + "A" * 44} | columns
    names = ", ".join(columns)
    places = ", ".join("%s" for _ in columns)
    return await _number(
        conn,
        f"INSERT INTO webhook_subscription ({names}) VALUES ({places}) RETURNING subscription_id",
        *columns.values(),
    )


async def _number(conn: Connection, statement: str, *parameters: Any) -> int:
    cursor = await conn.execute(statement.encode(), parameters)
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0])
