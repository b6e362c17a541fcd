"""Whose a ticket is: a mechanic does something with their own alone, whichever way they ask."""

from datetime import datetime, timedelta
from typing import Final

from api.accounts import ticket_commands
from api.accounts.principal import NotAllowedError, Principal
from api.accounts.roles import Role
from api.queries import Connection
from diagnostics.escalation import repository as plans
from diagnostics.escalation import rota
from diagnostics.escalation.rota import Layer
from diagnostics.tickets import life, repository
from diagnostics.tickets.commands import AnyCommand, By
from diagnostics.tickets.dossier import Dossier
from diagnostics.tickets.model import EventKind

_ON_THE_ROAD: Final = (Layer.MECHANIC, Layer.BACKUP)
_A_DAY: Final = timedelta(days=1)


def ours(dossier: Dossier, who: Principal) -> bool:
    """Tell whether a ticket is theirs, or was: who was on the way may tell what they saw."""
    return any(
        event.kind is EventKind.ASSIGNED and event.detail["account"] == who.account_id
        for event in dossier.events
    )


async def on_call(connection: Connection, who: Principal, at: datetime) -> bool:
    """Tell whether somebody is on call on the road at a moment."""
    plan = await plans.rota(connection, at - _A_DAY)
    return any(who.login in rota.who_is_on_call(plan, layer, at) for layer in _ON_THE_ROAD)


async def may_take(
    connection: Connection, who: Principal, *, priority: int | None, at: datetime
) -> bool:
    """Tell whether somebody may take on what is nobody's: urgent, and they are on call."""
    return priority is not None and priority <= 2 and await on_call(connection, who, at)


async def require_own(connection: Connection, who: Principal, ticket_id: int) -> None:
    """Refuse a mechanic what was never theirs; what once was stays so, whatever comes.

    Raises:
        NotAllowedError: it is not theirs.
        TicketNotFound: there is none with that number.
    """
    if who.role is not Role.MECHANIC:
        return
    if not ours(await repository.read(connection, ticket_id), who):
        raise NotAllowedError(f"Ticket {ticket_id} is not yours.")


async def require(
    connection: Connection, who: Principal, ticket_id: int, command: AnyCommand, by: By
) -> None:
    """Refuse what somebody may not do with a ticket.

    Raises:
        NotAllowedError: their role may not, or it is not theirs.
        TicketNotFound: there is none with that number.
    """
    ticket_commands.require(who, command)
    if who.role is not Role.MECHANIC:
        return
    if not ticket_commands.takes_on(who, command):
        await require_own(connection, who, ticket_id)
        return
    dossier = await repository.lock(connection, ticket_id)
    ticket = life.ticket_of(dossier, by.now)
    if ticket.assigned_to is None and await may_take(
        connection, who, priority=ticket.priority, at=by.happened_at or by.now
    ):
        return
    if ticket.assigned_to != who.account_id:
        raise NotAllowedError("Only who is on call takes what is urgent and nobody's.")
