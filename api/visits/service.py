"""Reads a mechanic's visits, with no more of a client than they need, and only of their own."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from api.accounts.principal import Principal
from api.accounts.roles import Permission
from api.contacts import service as contacts
from api.contacts.schemas import Contact
from api.desk.sheet import rescue
from api.devices import service as devices
from api.devices.schemas import DeviceDetail
from api.problems import NotFoundError
from api.queries import Connection, Row, row, rows
from api.takeover import service as takeovers
from api.tickets import own
from api.tickets import service as tickets
from api.tickets.schemas import TicketDetail, TicketKind
from diagnostics.queries import load
from diagnostics.tickets.self_rescue import SelfRescue

QUERIES = load("api.visits")
LATELY: Final = timedelta(hours=18)


class Visits(NamedTuple):
    """What somebody has to do, what they could take on, and what they have done."""

    mine: list[Row]
    free: list[Row]
    done: list[Row]
    on_call: bool


class Visit(NamedTuple):
    """One visit.

    Attributes:
        mine: whether it is theirs and open; only then there is a contact.
        acceptable: whether it is nobody's, and they may take it on.
        contact: None: not to be seen, or nothing is known.
        inspects: whether the aid is of a takeover, and was not inspected for it yet.
    """

    ticket: TicketDetail
    device: DeviceDetail
    mine: bool
    acceptable: bool
    contact: Contact | None
    rescue: SelfRescue | None
    inspects: bool


async def visits(connection: Connection, who: Principal, *, now: datetime) -> Visits:
    """Return somebody's visits, most urgent first."""
    on_call = await own.on_call(connection, who, now)
    asked = {"who": who.account_id, "on_call": on_call, "lately": now - LATELY}
    found = await rows(connection, QUERIES["visits"], asked)
    still = [each for each in found if each["closed_at"] is None]
    return Visits(
        mine=[each for each in still if each["mine"]],
        free=[each for each in still if not each["mine"]],
        done=[each for each in found if each["closed_at"] is not None],
        on_call=on_call,
    )


async def visit(connection: Connection, who: Principal, ticket_id: int, *, now: datetime) -> Visit:
    """Return a visit; a look at the client's contact is on record.

    Call it in a transaction that writes.

    Raises:
        NotFoundError: there is none, or it is not theirs to see.
    """
    unseen = NotFoundError(f"You have no visit {ticket_id}.")
    known = await row(connection, tickets.QUERIES["device_of"], {"ticket_id": ticket_id})
    if known is None:
        raise unseen
    # Measurements are for the desk: a phone on a poor line does without. Who called is not shown.
    lean = who.without(Permission.READ_TELEMETRY, Permission.READ_CONTACTS)
    ticket = await tickets.detail(connection, ticket_id, lean, now=now)
    mine, acceptable = await standing(connection, who, ticket, now=now)
    if not mine and not acceptable:
        raise unseen
    _, device = await devices.one(connection, ticket.device)
    mine = mine and ticket.closed_at is None
    contact = await _contact(connection, who, device, ticket_id, now) if mine else None
    urgent = ticket.kind is TicketKind.EMERGENCY and ticket.released_at is None
    inspects = mine and await takeovers.to_inspect(connection, ticket.device)
    helps = rescue(device) if urgent else None
    return Visit(ticket, device, mine, acceptable, contact, helps, inspects)


async def standing(
    connection: Connection, who: Principal, ticket: TicketDetail, *, now: datetime
) -> tuple[bool, bool]:
    """Tell whether a ticket is theirs (or was, lately), and whether they may take it on."""
    if ticket.assigned_to is not None:
        lately = ticket.closed_at is None or ticket.closed_at > now - LATELY
        return ticket.assigned_to.account == who.account_id and lately, False
    free = ticket.closed_at is None
    return False, free and await own.may_take(connection, who, priority=ticket.priority, at=now)


async def _contact(
    connection: Connection, who: Principal, device: DeviceDetail, ticket_id: int, now: datetime
) -> Contact | None:
    if device.client_number is None:
        return None
    return await contacts.contact_of(
        connection, who, device.client_number, "visit", now=now, ticket_id=ticket_id
    )
