"""All that whoever helps wants to know of one ticket, on one screen."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from api.accounts.principal import NotAllowedError, Principal
from api.accounts.roles import Permission
from api.contacts import service as contacts
from api.contacts.schemas import Contact
from api.desk import presence
from api.desk.service import QUERIES
from api.desk.steps import Act, Standing, Step, acts, steps
from api.devices import service as devices
from api.devices.schemas import DeviceDetail
from api.dispatch import service as dispatch
from api.dispatch.service import Mechanic
from api.orders import service as orders
from api.problems import NotFoundError
from api.queries import Connection, Row, row
from diagnostics.notifications.deliveries import Delivery, deliveries_of
from diagnostics.tickets.self_rescue import SelfRescue, self_rescue
from gateway.protocol.vocabulary import AidKind

_ORDERS_LISTED = 5


class Sheet(NamedTuple):
    """One ticket beside its evidence and its log.

    Attributes:
        rescue: whether the rider may still get to a landing; None: of such an aid nobody can say.
        mechanics: the best first; empty for who does not send anybody.
        deliveries: what was sent about it, and what shows that it arrived.
        watching: the names of others who look at it now.
        contact: who and where, if that may and shall be seen; the look is on record.
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
    may_see_contact: bool


async def sheet(
    connection: Connection,
    ticket_id: int,
    device: str,
    *,
    who: Principal,
    now: datetime,
    show_contact: bool,
) -> Sheet:
    """Return the sheet of a ticket of ``device``.

    While somebody is in need their contact is shown at once to whoever may see it; of any other
    ticket only on request (``show_contact``): then in a transaction that writes.

    Raises:
        NotFoundError: there is no such ticket.
    """
    found = await row(connection, QUERIES["standing"], {"ticket_id": ticket_id})
    if found is None:
        raise NotFoundError(f"There is no ticket {ticket_id}.")
    standing = msgspec.convert(found, Standing)
    _, aid = await devices.one(connection, device)
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
        orders=await orders.of_device(connection, device, limit=_ORDERS_LISTED) if commands else [],
        watching=await presence.watching(connection, ticket_id, who, now)
        if who.may(Permission.SEE_BOARD)
        else [],
        may_command=commands,
        deliveries=await deliveries_of(connection, ticket_id)
        if who.may(Permission.READ_NOTIFICATIONS)
        else [],
        contact=await _contact(connection, aid, ticket_id, who, now) if shown else None,
        may_see_contact=not shown
        and aid.client_number is not None
        and who.may(Permission.READ_CONTACTS),
    )


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
