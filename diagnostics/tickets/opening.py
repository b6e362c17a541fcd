"""A ticket is opened, or what is told goes to the one that is open. Nothing here commits."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from diagnostics.tickets import life, relations, repository
from diagnostics.tickets.model import Event, Ticket, TicketKind
from diagnostics.tickets.repository import Connection, Place


class Opening(NamedTuple):
    """The ticket that something belongs to, and whether it was opened just now."""

    ticket: Ticket
    created: bool


async def open_or_add(
    conn: Connection,
    device_id: int,
    *,
    kind: TicketKind,
    what: str | None,
    priority: int | None,
    evidence_at: datetime,
    since: datetime,
    first: Event,
    further: Callable[[Ticket], Iterable[Event]],
    now: datetime,
) -> Opening:
    """Open a ticket with its ``first`` event, or write ``further`` ones into the open one.

    An emergency is linked with whatever else is open of its aid: who helps must know of it.
    """
    while True:
        ticket_id = await repository.insert(
            conn,
            device_id=device_id,
            kind=kind,
            what=what,
            priority=priority,
            opened_at=now,
            evidence_at=evidence_at,
            since=since,
        )
        if ticket_id is not None:
            dossier = await repository.lock(conn, ticket_id)
            ticket = await repository.write(conn, dossier, (first,), now)
            if kind is TicketKind.EMERGENCY:
                ticket = await relations.link_with_open(conn, ticket, now)
            return Opening(ticket, created=True)
        existing = await repository.find_open(conn, device_id, repair_of=what)
        if existing is not None:
            dossier = await repository.lock(conn, existing)
            ticket = life.ticket_of(dossier, now)
            if ticket.active:
                events = further(ticket)
                return Opening(await repository.write(conn, dossier, events, now), created=False)
        # Released or closed between the two statements: then a new one is due. Try again.


def report_of(place: Place, priority: int | None) -> dict[str, Any]:
    """Return what a report has to say for the clocks, whatever becomes of aid and client."""
    where = {"postcode4": place.postcode4, "municipality": place.municipality_code}
    return where if priority is None else {"priority": priority, **where}
