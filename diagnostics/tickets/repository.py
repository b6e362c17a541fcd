"""Tickets in the database: the only place that knows their SQL.

Nothing here commits: every function runs inside the caller's transaction.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from diagnostics.queries import load
from diagnostics.tickets.errors import TicketNotFound
from diagnostics.tickets.model import EMERGENCY_KEY, Change, Ticket, TicketKind, repair_key
from diagnostics.tickets.sla import Due

Connection = AsyncConnection[Any]

_SQL = load("diagnostics.tickets")
_LIFT_KEY: Final = "lift:"


class Place(NamedTuple):
    """Where a device is, as far as a ticket needs it."""

    device_name: str
    exempt: bool


class SentCommand(NamedTuple):
    """A command that was sent to a lift for a ticket."""

    ticket_id: int
    payload: dict[str, Any]


async def device_place(conn: Connection, device_id: int) -> Place:
    """Return where the device is.

    Raises:
        LookupError: there is no such device.
    """
    row = await _one(conn, "device_place", {"device_id": device_id})
    if row is None:
        raise LookupError(f"there is no device {device_id}")
    return Place(row["device_name"], row["exempt"])


async def insert(
    conn: Connection,
    *,
    device_id: int,
    opened_at: datetime,
    evidence_at: datetime,
    since: datetime,
    due: Due,
    priority: int,
    repair_of: str | None = None,
) -> int | None:
    """Open a ticket and return its number; None if the device has an open one for this already.

    ``repair_of`` names what is to be repaired; None: it is an emergency.
    """
    row = await _one(
        conn,
        "insert_ticket",
        {
            "device_id": device_id,
            "kind": TicketKind.EMERGENCY if repair_of is None else TicketKind.REPAIR,
            "what": repair_of,
            "priority": priority,
            "dedup_key": _key(repair_of),
            "opened_at": opened_at,
            "evidence_at": evidence_at,
            "since": since,
            "on_site_due_at": due.on_site_at,
            "repaired_due_at": due.repaired_at,
        },
    )
    return row["ticket_id"] if row else None


async def lock(conn: Connection, ticket_id: int) -> Ticket:
    """Read a ticket and lock it until the transaction ends.

    Raises:
        TicketNotFound: there is none with that number.
    """
    row = await _one(conn, "lock_ticket", {"ticket_id": ticket_id})
    if row is None:
        raise TicketNotFound(ticket_id)
    return msgspec.convert(row, Ticket)


async def find_open(
    conn: Connection, device_id: int, *, repair_of: str | None = None
) -> int | None:
    """Return the number of the device's open emergency, or of an open repair, if it has one."""
    row = await _one(conn, "find_open", {"device_id": device_id, "dedup_key": _key(repair_of)})
    return row["ticket_id"] if row else None


async def last_release(conn: Connection, device_id: int) -> datetime | None:
    """Return when the device's newest emergency was released, if it ever was."""
    row = await _one(conn, "last_release", {"device_id": device_id})
    return row["closed_at"] if row else None


async def find_by_call(conn: Connection, device_id: int, call_id: str) -> int | None:
    """Return the newest ticket that the lift's call belongs to, open or closed."""
    row = await _one(conn, "find_by_call", {"device_id": device_id, "call_id": call_id})
    return row["ticket_id"] if row else None


async def find_by_command(conn: Connection, command_id: str) -> SentCommand | None:
    """Return what was sent to the lift under ``command_id``, if a ticket sent it."""
    row = await _one(conn, "find_by_command", {"dedup_key": _LIFT_KEY + command_id})
    return SentCommand(row["ticket_id"], row["payload"]) if row and row["ticket_id"] else None


async def apply(conn: Connection, change: Change, *, now: datetime) -> None:
    """Write what was decided: ticket, events and messages to send; and tell live views."""
    ticket = change.ticket
    async with conn.cursor() as cursor:
        await cursor.execute(_SQL["update_ticket"], msgspec.structs.asdict(ticket))
        for event in change.events:
            await cursor.execute(
                _SQL["insert_event"],
                {
                    "ticket_id": ticket.ticket_id,
                    "at": event.at,
                    "actor": event.actor,
                    "kind": event.kind.value,
                    "detail": Jsonb(event.detail),
                },
            )
        for notice in change.notices:
            await cursor.execute(
                _SQL["insert_notification"],
                {
                    "dedup_key": notice.dedup_key,
                    "ticket_id": ticket.ticket_id,
                    "channel": notice.channel,
                    "recipient": notice.recipient,
                    "payload": Jsonb(notice.payload),
                    "now": now,
                },
            )
        if not ticket.active:
            await cursor.execute(
                _SQL["end_findings"], {"ticket_id": ticket.ticket_id, "now": ticket.closed_at}
            )
        if change.events or change.notices:
            live = {"kind": "ticket", "ticket": ticket.ticket_id, "device": ticket.device_name}
            await cursor.execute(_SQL["announce"], {"live": msgspec.json.encode(live).decode()})


def _key(repair_of: str | None) -> str:
    return EMERGENCY_KEY if repair_of is None else repair_key(repair_of)


async def _one(conn: Connection, name: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL[name], parameters)
        return await cursor.fetchone()
