"""All that whoever helps wants to know of one ticket, on one screen."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from api.accounts.principal import NotAllowedError, Principal
from api.accounts.roles import Permission
from api.contacts import service as contacts
from api.contacts.schemas import Contact
from api.deliveries import service as deliveries
from api.desk import presence
from api.desk.steps import Act, Standing, Step, acts, steps
from api.devices import service as devices
from api.devices.schemas import DeviceDetail
from api.dispatch import service as dispatch
from api.dispatch.service import Mechanic
from api.orders import service as orders
from api.queries import Connection, Row
from api.tickets import service as tickets
from api.tickets.schemas import Ticket, TicketDetail, TicketStatus
from diagnostics.notifications.deliveries import Delivery, deliveries_of
from diagnostics.tickets.self_rescue import SelfRescue, self_rescue
from gateway.protocol.vocabulary import AidKind

_ORDERS_LISTED = 5
_SIBLINGS = 10


class Sheet(NamedTuple):
    """One ticket beside its evidence and its log.

    Attributes:
        rescue: whether the rider may still get to a landing; None: of such an aid nobody can say.
        mechanics: the best first; empty for who does not send anybody.
        deliveries: what was sent about it, and what shows that it arrived.
        watching: the names of others who look at it now.
        contact: who and where, if that may and shall be seen; the look is on record.
        callers: who reported it, by the same rule.
        siblings: other open tickets of the aid.
        contract: orders and complaints of the aid and its client; None: not theirs to see.
        may_see_contact: whether to offer it: it was not looked for yet, and there may be one.
    """

    standing: Standing
    steps: list[Step]
    acts: list[Act]
    device: DeviceDetail
    rescue: SelfRescue | None
    mechanics: list[Mechanic]
    orders: list[Row]
    watching: list[str]
    may_command: bool
    deliveries: list[Delivery]
    contact: Contact | None
    callers: Sequence[Row]
    may_see_contact: bool
    siblings: Sequence[Ticket]
    contract: Sequence[Row] | None

    @staticmethod
    def request_id() -> UUID:
        """Return a number for a form, so that sending it twice does it once."""
        return uuid4()


async def sheet(
    connection: Connection,
    ticket: TicketDetail,
    *,
    who: Principal,
    now: datetime,
    show_contact: bool,
) -> Sheet:
    """Return the sheet of a ticket.

    While somebody is in need their contact is shown at once to whoever may see it; of any other
    ticket only on request (``show_contact``): then in a transaction that writes.
    """
    ticket_id = ticket.ticket_id
    standing = standing_of(ticket)
    _, aid = await devices.one(connection, ticket.device)
    dispatches = who.may(Permission.DISPATCH_TICKETS)
    commands = who.may(Permission.COMMAND_DEVICES)
    shown = show_contact or (standing.kind == "emergency" and standing.released_at is None)
    return Sheet(
        standing=standing,
        steps=steps(standing),
        acts=acts(standing, dispatches=dispatches),
        device=aid,
        rescue=rescue(aid),
        mechanics=await dispatch.nearest(connection, aid.postcode4, now=now) if dispatches else [],
        orders=await orders.of_device(connection, ticket.device, limit=_ORDERS_LISTED)
        if commands
        else [],
        watching=await presence.watching(connection, ticket_id, who, now)
        if who.may(Permission.SEE_BOARD)
        else [],
        may_command=commands,
        deliveries=await deliveries_of(connection, ticket_id)
        if who.may(Permission.READ_NOTIFICATIONS)
        else [],
        contact=await _contact(connection, aid, ticket_id, who, now) if shown else None,
        callers=await tickets.callers(connection, ticket, who, now=now) if shown else (),
        may_see_contact=not shown and who.may(Permission.READ_CONTACTS),
        siblings=await _siblings(connection, ticket) if dispatches else (),
        contract=await deliveries.beside(connection, who, ticket.device, aid.client_number),
    )


def standing_of(ticket: TicketDetail) -> Standing:
    """Return how far a ticket is."""
    assigned, window = ticket.assigned_to, ticket.appointment
    return Standing(
        kind=ticket.kind.value,
        reported_at=ticket.reported_at or ticket.opened_at,
        acknowledged_at=ticket.acknowledged_at,
        unanswered=ticket.unanswered,
        under_way_at=ticket.under_way_at,
        arrives_at=ticket.arrives_at,
        on_site_at=ticket.on_site_at,
        released_at=ticket.released_at,
        repaired_at=ticket.repaired_at,
        closed_at=ticket.closed_at,
        appointment_begin=None if window is None else window.begin,
        appointment_end=None if window is None else window.end,
        assigned_to=None if assigned is None else assigned.account,
        assigned_name=None if assigned is None else assigned.name,
    )


async def _siblings(connection: Connection, ticket: TicketDetail) -> Sequence[Ticket]:
    page = await tickets.page(
        connection, device=ticket.device, status=TicketStatus.OPEN, limit=_SIBLINGS
    )
    return [each for each in page.items if each.ticket_id != ticket.ticket_id]


async def _contact(
    connection: Connection, aid: DeviceDetail, ticket_id: int, who: Principal, now: datetime
) -> Contact | None:
    if aid.client_number is None or not who.may(Permission.READ_CONTACTS):
        return None
    try:
        async with connection.transaction():
            return await contacts.contact_of(
                connection, who, aid.client_number, "ticket", now=now, ticket_id=ticket_id
            )
    except NotAllowedError:
        return None  # a mechanic whose ticket it is not: the rest of the page is theirs to see


def rescue(aid: DeviceDetail) -> SelfRescue | None:
    """Return what a stairlift's newest word says of self-rescue; None: it is none, or silent."""
    if aid.kind != AidKind.STAIRLIFT or aid.latest is None:
        return None
    faults = [fault.code for fault in aid.faults]
    if aid.latest.fault is not None:
        faults.append(aid.latest.fault)
    return self_rescue(aid.latest.contacts, faults)
