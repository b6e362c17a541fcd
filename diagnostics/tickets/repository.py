"""Tickets in the database: the only place that knows their SQL.

Nothing here commits: every function runs inside the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from diagnostics import queries
from diagnostics.tickets import decisions
from diagnostics.tickets.dossier import Dossier
from diagnostics.tickets.errors import TicketNotFound
from diagnostics.tickets.model import (
    EMERGENCY_KEY,
    REPORTED_DEFECT,
    Change,
    Event,
    Head,
    Notice,
    Ticket,
    TicketKind,
    repair_key,
)
from diagnostics.tickets.terms import Terms

Connection = AsyncConnection[Any]

_SQL = queries.load("diagnostics.tickets")
_LIFT_KEY: Final = "lift:"


class Place(NamedTuple):
    """Where a device is and whose, as far as a ticket needs it."""

    device_name: str
    postcode4: int
    municipality_code: str
    wholly_dependent: bool


class SentCommand(NamedTuple):
    """A command that was sent to a lift for a ticket."""

    ticket_id: int
    payload: dict[str, Any]


async def device_place(conn: Connection, device_id: int) -> Place:
    """Return where the device is.

    Raises:
        LookupError: there is no such device.
    """
    row = await queries.row(conn, _SQL["device_place"], {"device_id": device_id})
    if row is None:
        raise LookupError(f"there is no device {device_id}")
    return Place(**row)


async def insert(
    conn: Connection,
    *,
    device_id: int,
    kind: TicketKind,
    what: str | None,
    priority: int | None,
    opened_at: datetime,
    evidence_at: datetime,
    since: datetime,
) -> int | None:
    """Open a ticket and return its number; None if the device has an open one for this already.

    Its first event is to follow in the same transaction.
    """
    row = await queries.row(
        conn,
        _SQL["insert_ticket"],
        {
            "device_id": device_id,
            "kind": kind,
            "what": what,
            "priority": priority,
            "dedup_key": _key(kind, what),
            "opened_at": opened_at,
            "evidence_at": evidence_at,
            "since": since,
        },
    )
    return row["ticket_id"] if row else None


async def lock(conn: Connection, ticket_id: int) -> Dossier:
    """Read all that is written about a ticket, and lock it until the transaction ends.

    Raises:
        TicketNotFound: there is none with that number.
    """
    if await queries.row(conn, _SQL["lock_ticket"], {"ticket_id": ticket_id}) is None:
        raise TicketNotFound(ticket_id)
    return await read(conn, ticket_id)


async def read(conn: Connection, ticket_id: int) -> Dossier:
    """Read all that is written about a ticket.

    Raises:
        TicketNotFound: there is none with that number.
    """
    row = await queries.row(conn, _SQL["read_ticket"], {"ticket_id": ticket_id})
    if row is None:
        raise TicketNotFound(ticket_id)
    contracts = row.pop("contracts") or ()
    return Dossier(
        head=msgspec.convert(row, Head),
        events=await _events(conn, ticket_id),
        contracts=msgspec.convert(contracts, tuple[Terms, ...]),
    )


async def find_open(
    conn: Connection, device_id: int, *, repair_of: str | None = None
) -> int | None:
    """Return the number of the device's open emergency, or of an open repair, if it has one."""
    key = EMERGENCY_KEY if repair_of is None else repair_key(repair_of)
    row = await queries.row(conn, _SQL["find_open"], {"device_id": device_id, "dedup_key": key})
    return row["ticket_id"] if row else None


async def find_mechanics(conn: Connection, device_id: int) -> int | None:
    """Return the emergency for which a mechanic comes: also released, as long as it is open."""
    row = await queries.row(conn, _SQL["find_mechanics"], {"device_id": device_id})
    return row["ticket_id"] if row else None


async def find_report(conn: Connection, request_id: str) -> int | None:
    """Return the ticket of a report that was written before; others with this id wait."""
    await _run(conn, "one_report", {"request_id": request_id})
    row = await queries.row(conn, _SQL["find_report"], {"request_id": request_id})
    return row["ticket_id"] if row else None


async def last_release(conn: Connection, device_id: int) -> datetime | None:
    """Return when the device's newest emergency was released, if it ever was."""
    row = await queries.row(conn, _SQL["last_release"], {"device_id": device_id})
    return row["released_at"] if row else None


async def open_of(conn: Connection, device_id: int, *, but: int) -> tuple[int, ...]:
    """Return the numbers of the device's other open tickets."""
    return await _numbers(conn, "open_of", {"device_id": device_id, "but": but})


async def lock_free(conn: Connection, ticket_ids: Sequence[int]) -> tuple[int, ...]:
    """Lock those that are open and that nobody else works on; return which."""
    return await _numbers(conn, "lock_free", {"ticket_ids": list(ticket_ids)})


async def find_by_call(conn: Connection, device_id: int, call_id: str) -> int | None:
    """Return the newest ticket that the lift's call belongs to, open or closed."""
    row = await queries.row(
        conn, _SQL["find_by_call"], {"device_id": device_id, "call_id": call_id}
    )
    return row["ticket_id"] if row else None


async def find_by_command(conn: Connection, command_id: str) -> SentCommand | None:
    """Return what was sent to the lift under ``command_id``, if a ticket sent it."""
    row = await queries.row(conn, _SQL["find_by_command"], {"dedup_key": _LIFT_KEY + command_id})
    return SentCommand(row["ticket_id"], row["payload"]) if row and row["ticket_id"] else None


async def require_account(conn: Connection, account_id: int) -> None:
    """Refuse an account that no ticket can be given to.

    Raises:
        LookupError: there is none, or it is disabled.
    """
    if await queries.row(conn, _SQL["account"], {"account_id": account_id}) is None:
        raise LookupError(f"there is no account {account_id}")


async def claim_clock(conn: Connection, now: datetime) -> int | None:
    """Lock the ticket whose clocks are due first; None: none is that nobody else works on."""
    row = await queries.row(conn, _SQL["claim_clock"], {"now": now})
    return row["ticket_id"] if row else None


async def postpone_clock(
    conn: Connection, ticket_id: int, until: datetime, *, now: datetime
) -> None:
    """Look at a ticket's clocks again then, and not before."""
    await _run(conn, "postpone_clock", {"ticket_id": ticket_id, "until": until, "now": now})


async def write(
    conn: Connection,
    dossier: Dossier,
    events: Iterable[Event],
    now: datetime,
    *,
    notices: Iterable[Notice] = (),
) -> Ticket:
    """Write ``events`` into the log of a ticket that is locked, with all that follows from them."""
    change = decisions.change(dossier, events, now=now, notices=notices)
    await apply(conn, change, now=now)
    return change.ticket


async def serviced(conn: Connection, device_id: int, on: date) -> None:
    """Write into the register that an aid was serviced or inspected on a day."""
    await _run(conn, "serviced", {"device_id": device_id, "on": on})


async def apply(conn: Connection, change: Change, *, now: datetime) -> None:
    """Write what was decided: ticket, events and messages to send; and tell live views."""
    ticket = change.ticket
    begin, end = ticket.appointment or (None, None)
    columns = msgspec.structs.asdict(ticket)
    columns |= {"appointment_begin": begin, "appointment_end": end, "now": now}
    async with conn.cursor() as cursor:
        await cursor.execute(_SQL["update_ticket"], columns)
        for event in change.events:
            await cursor.execute(
                _SQL["insert_event"],
                {
                    "ticket_id": ticket.ticket_id,
                    "number": event.number,
                    "at": event.at,
                    "actor": event.actor,
                    "kind": event.kind.value,
                    "detail": Jsonb(event.detail),
                    "happened_at": event.happened_at,
                    "request_id": event.request_id,
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
        over_at = ticket.closed_at or ticket.released_at
        if over_at is not None:
            await cursor.execute(
                _SQL["end_findings"], {"ticket_id": ticket.ticket_id, "now": over_at}
            )
        if change.events or change.notices:
            live = {"kind": "ticket", "ticket": ticket.ticket_id, "device": ticket.device_name}
            await cursor.execute(_SQL["announce"], {"live": msgspec.json.encode(live).decode()})


def _key(kind: TicketKind, what: str | None) -> str | None:
    if kind is TicketKind.EMERGENCY:
        return EMERGENCY_KEY
    # Two reports of people may well be two defects: that is for the desk to tell.
    return None if what in {None, REPORTED_DEFECT} else repair_key(str(what))


async def _events(conn: Connection, ticket_id: int) -> tuple[Event, ...]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL["events"], {"ticket_id": ticket_id})
        rows: Sequence[dict[str, Any]] = await cursor.fetchall()
    return tuple(msgspec.convert(row, Event) for row in rows)


async def _numbers(conn: Connection, name: str, parameters: dict[str, Any]) -> tuple[int, ...]:
    cursor = await conn.execute(_SQL[name], parameters)
    return tuple(number for (number,) in await cursor.fetchall())


async def _run(conn: Connection, name: str, parameters: dict[str, Any]) -> None:
    await conn.execute(_SQL[name], parameters)
