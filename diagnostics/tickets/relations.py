"""Tickets that belong together: linked, merged into one, or split in two.

Nothing here commits; see ``service``. Both are locked, the lower number first, so that two people
who join the same tickets do not wait for each other.
"""

from datetime import datetime
from typing import Final

from diagnostics.tickets import decisions, life, repository, sla
from diagnostics.tickets.commands import By
from diagnostics.tickets.dossier import Dossier
from diagnostics.tickets.errors import NotNow, TicketClosed, WrongKind
from diagnostics.tickets.model import (
    REPORTED_DEFECT,
    WITH_PRIORITY,
    Event,
    EventKind,
    Source,
    Ticket,
    TicketKind,
)
from diagnostics.tickets.repository import Connection

_SYSTEM: Final = "system:tickets"


async def link(conn: Connection, ticket_id: int, other_id: int, by: By) -> None:
    """Two tickets belong together: each says so in its log, once.

    Raises:
        TicketNotFound: one of them does not exist.
        NotNow: they are the same.
    """
    one, other = await _lock_both(conn, ticket_id, other_id)
    for mine, its in ((one, other_id), (other, ticket_id)):
        known = any(e.kind is EventKind.LINKED and e.detail["ticket"] == its for e in mine.events)
        if not known:
            await repository.write(
                conn, mine, (decisions.linked(EventKind.LINKED, its, by),), by.now
            )


async def link_with_open(conn: Connection, ticket: Ticket, now: datetime) -> Ticket:
    """A ticket that was just opened belongs with all that is open of its aid; return it.

    Nobody who is stuck waits for a lock: what somebody writes in at this very moment does not say
    so itself, and is linked by the new ticket's log alone.
    """
    by = By(actor=_SYSTEM, now=now)
    others = await repository.open_of(conn, ticket.device_id, but=ticket.ticket_id)
    if not others:
        return ticket
    for other in await repository.lock_free(conn, others):
        its = await repository.lock(conn, other)
        told = decisions.linked(EventKind.LINKED, ticket.ticket_id, by)
        await repository.write(conn, its, (told,), now)
    dossier = await repository.lock(conn, ticket.ticket_id)
    links = [decisions.linked(EventKind.LINKED, other, by) for other in others]
    return await repository.write(conn, dossier, links, now)


async def merge(
    conn: Connection, ticket_id: int, into_id: int, by: By, *, expected_version: int | None = None
) -> Ticket:
    """Close a ticket that is the same as another; return the one that goes on.

    The terms of that run from the earlier of both reports.

    Raises:
        TicketNotFound, TicketClosed, VersionConflict, NotNow: nothing is changed.
        NotReleased: somebody may still be in need: that is never merged away.
        WrongKind: terms run for one of them and not for the other.
    """
    one, other = await _lock_both(conn, ticket_id, into_id)
    ticket, goes_on = life.ticket_of(one, by.now), life.ticket_of(other, by.now)
    if one.wrote(by.request_id):
        return goes_on
    decisions.check_version(one.head, expected_version)
    if (ticket.kind in WITH_PRIORITY) != (goes_on.kind in WITH_PRIORITY):
        raise WrongKind(into_id, kind=goes_on.kind.value)
    if not goes_on.open:
        raise TicketClosed(into_id)
    await repository.write(conn, one, decisions.merged_into(ticket, into_id, by), by.now)
    reported_at = one.reported_at.isoformat()
    event = decisions.linked(EventKind.MERGED, ticket_id, by, reported_at=reported_at)
    return await repository.write(conn, other, (event,), by.now)


async def split(
    conn: Connection,
    ticket_id: int,
    *,
    text: str,
    usable: bool,
    by: By,
    expected_version: int | None = None,
) -> Ticket:
    """Take a defect out of a ticket into a repair of its own; return that.

    Its terms run from the report in which it was told.

    Raises:
        TicketNotFound, TicketClosed, VersionConflict: nothing is changed.
    """
    if by.request_id is not None:
        before = await repository.find_report(conn, by.request_id)
        if before is not None:
            return life.ticket_of(await repository.lock(conn, before), by.now)
    dossier = await repository.lock(conn, ticket_id)
    ticket = life.ticket_of(dossier, by.now)
    decisions.check_version(dossier.head, expected_version)
    if not ticket.open:
        raise TicketClosed(ticket_id)
    place = await repository.device_place(conn, ticket.device_id)
    priority = sla.repair_priority(usable=usable, wholly_dependent=place.wholly_dependent)
    new_id = await repository.insert(
        conn,
        device_id=ticket.device_id,
        kind=TicketKind.REPAIR,
        what=REPORTED_DEFECT,
        priority=priority,
        opened_at=by.now,
        evidence_at=by.now,
        since=dossier.reported_at,
    )
    assert new_id is not None  # noqa: S101 - it has no key that could be taken
    detail = {
        "source": Source.DESK.value,
        "text": text,
        "usable": usable,
        "priority": priority,
        "postcode4": dossier.postcode4,
        "municipality": dossier.municipality_code,
    }
    first = Event(EventKind.REPORTED, by.now, by.actor, detail, dossier.reported_at, by.request_id)
    told = decisions.linked(EventKind.SPLIT, ticket_id, by)
    new = await repository.write(conn, await repository.lock(conn, new_id), (first, told), by.now)
    await repository.write(conn, dossier, (decisions.linked(EventKind.SPLIT, new_id, by),), by.now)
    return new


async def _lock_both(conn: Connection, one_id: int, other_id: int) -> tuple[Dossier, Dossier]:
    if one_id == other_id:
        raise NotNow(one_id, "cannot be joined to itself")
    locked = {number: await repository.lock(conn, number) for number in sorted((one_id, other_id))}
    return locked[one_id], locked[other_id]
