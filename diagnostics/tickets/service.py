"""What people and the engine do with tickets: load → decide → apply, in the caller's transaction.

No function commits; each raises a ``TicketError`` or leaves a complete change behind: the ticket,
its event, the messages to send after commit, and a word to live views.
"""

from datetime import datetime
from typing import Any, NamedTuple

from diagnostics.tickets import decisions, repository, sla
from diagnostics.tickets.model import Change, ReleaseHow, Ticket
from diagnostics.tickets.repository import Connection


class Opening(NamedTuple):
    """The device's open emergency, and whether it was opened just now."""

    ticket: Ticket
    created: bool


async def open_emergency(
    conn: Connection,
    device_id: int,
    *,
    actor: str,
    detail: dict[str, Any],
    evidence_at: datetime,
    since: datetime,
    now: datetime,
) -> Opening:
    """Open a priority-1 ticket, or add the evidence to the one that is open.

    Args:
        conn: in the caller's transaction.
        device_id: whose rider is in trouble.
        actor: an account, or ``system:<detector>``.
        detail: why, for the event log: ``reasons`` and ``evidence``.
        evidence_at: when the first evidence reached the platform.
        since: since when the trouble lasts, as far as known.
        now: the platform's time; the guarantees run from it.

    Raises:
        LookupError: there is no such device.
    """
    place = await repository.device_place(conn, device_id)
    while True:
        ticket_id = await repository.insert(
            conn,
            device_id=device_id,
            opened_at=now,
            evidence_at=evidence_at,
            since=since,
            due=sla.emergency_due(now, exempt=place.exempt),
            priority=sla.EMERGENCY_PRIORITY,
        )
        if ticket_id is not None:
            ticket = await repository.lock(conn, ticket_id)
            change = decisions.opened(ticket, actor=actor, detail=detail, now=now)
            return Opening(await _apply(conn, change, now), created=True)
        existing = await repository.find_open(conn, device_id)
        if existing is not None:
            ticket = await repository.lock(conn, existing)
            if ticket.active:
                change = decisions.add_evidence(ticket, actor=actor, detail=detail, now=now)
                return Opening(await _apply(conn, change, now), created=False)
        # Released between the two statements: then a new one is due. Try again.


async def open_repair(
    conn: Connection,
    device_id: int,
    what: str,
    *,
    usable: bool,
    actor: str,
    detail: dict[str, Any],
    evidence_at: datetime,
    since: datetime,
    now: datetime,
) -> Opening:
    """Open a ticket for a mechanic, or add the evidence to the one that is open for ``what``.

    Args:
        conn: in the caller's transaction.
        device_id: which aid.
        what: is to be repaired, a word of the detectors' catalogue.
        usable: whether the aid can still be used safely; the priority, and when it is due.
        actor: an account, or ``system:<detector>``.
        detail: why, for the event log: ``reasons`` and ``evidence``.
        evidence_at: when the first evidence reached the platform.
        since: since when the trouble lasts, as far as known.
        now: the platform's time; working days count from it.
    """
    priority = sla.repair_priority(usable=usable)
    due = sla.repair_due(now, priority)
    while True:
        ticket_id = await repository.insert(
            conn,
            device_id=device_id,
            opened_at=now,
            evidence_at=evidence_at,
            since=since,
            due=due,
            priority=priority,
            repair_of=what,
        )
        if ticket_id is not None:
            ticket = await repository.lock(conn, ticket_id)
            change = decisions.opened(ticket, actor=actor, detail=detail, now=now)
            return Opening(await _apply(conn, change, now), created=True)
        existing = await repository.find_open(conn, device_id, repair_of=what)
        if existing is not None:
            ticket = await repository.lock(conn, existing)
            if ticket.active:
                change = decisions.add_evidence(ticket, actor=actor, detail=detail, now=now)
                ticket = await _apply(conn, change, now)
                worse = decisions.raise_priority(ticket, priority=priority, due=due, now=now)
                return Opening(await _apply(conn, worse, now), created=False)
        # Closed between the two statements: then a new one is due. Try again.


async def repair_worse(conn: Connection, ticket_id: int, now: datetime) -> None:
    """The aid of an open repair cannot be used any more."""
    ticket = await repository.lock(conn, ticket_id)
    priority = sla.repair_priority(usable=False)
    due = sla.repair_due(now, priority)
    await _apply(conn, decisions.raise_priority(ticket, priority=priority, due=due, now=now), now)


async def repair_all_clear(conn: Connection, ticket_id: int, now: datetime) -> None:
    """What was to be repaired is not found any more: shown, never trusted."""
    ticket = await repository.lock(conn, ticket_id)
    await _apply(conn, decisions.all_clear(ticket, now=now), now)


async def confirm_repaired(
    conn: Connection,
    ticket_id: int,
    *,
    actor: str,
    by: str,
    at: datetime,
    note: str,
    now: datetime,
    expected_version: int,
) -> Ticket:
    """``actor`` writes down that ``by`` repaired the aid ``at`` a time: closes the ticket.

    Raises:
        TicketNotFound, TicketClosed, WrongKind, VersionConflict: nothing is changed.
        ValueError: ``at`` is still to come.
    """
    ticket = await repository.lock(conn, ticket_id)
    decisions.check_version(ticket, expected_version)
    change = decisions.repaired(ticket, by=by, at=at, note=note, actor=actor, now=now)
    return await _apply(conn, change, now)


async def acknowledge(
    conn: Connection, ticket_id: int, actor: str, now: datetime, expected_version: int
) -> Ticket:
    """``actor`` takes care of it; the lift tells its rider that a person has answered.

    Raises:
        TicketNotFound, TicketClosed, VersionConflict: nothing is changed.
    """
    ticket = await repository.lock(conn, ticket_id)
    decisions.check_version(ticket, expected_version)
    return await _apply(conn, decisions.acknowledge(ticket, actor=actor, now=now), now)


async def add_note(
    conn: Connection, ticket_id: int, actor: str, text: str, now: datetime
) -> Ticket:
    """Write something into the ticket's log, also after the release.

    Raises:
        TicketNotFound: nothing is changed.
    """
    ticket = await repository.lock(conn, ticket_id)
    return await _apply(conn, decisions.add_note(ticket, text=text, actor=actor, now=now), now)


async def confirm_release(  # noqa: PLR0917 - in the order of the sentence, called by name
    conn: Connection,
    ticket_id: int,
    actor: str,
    how: ReleaseHow | str,
    note: str,
    now: datetime,
    expected_version: int,
) -> Ticket:
    """``actor`` confirms that the rider is free: closes the ticket and tells the lift.

    Raises:
        TicketNotFound, TicketClosed, WrongKind, VersionConflict: nothing is changed.
        ValueError: ``how`` is not a ``ReleaseHow``.
    """
    how = ReleaseHow(how)
    ticket = await repository.lock(conn, ticket_id)
    decisions.check_version(ticket, expected_version)
    change = decisions.confirm_release(ticket, how=how, note=note, actor=actor, now=now)
    return await _apply(conn, change, now)


async def hear_call(
    conn: Connection,
    device_id: int,
    call_id: str,
    *,
    repetition: str,
    detail: dict[str, Any],
    now: datetime,
) -> Ticket | None:
    """Answer the lift's call with how its emergency stands.

    None if it belongs to none, or if this repetition was answered before.

    A call belongs to the device's open emergency, else to the released one that knew it: a lift
    that still calls after a release is told of the release again.
    """
    answer = decisions.answer_id(call_id, repetition)
    if await repository.find_by_command(conn, answer) is not None:
        return None  # this very message was answered, perhaps by a ticket that is closed by now
    ticket_id = await repository.find_open(conn, device_id)
    if ticket_id is None:
        ticket_id = await repository.find_by_call(conn, device_id, call_id)
    if ticket_id is None:
        return None
    ticket = await repository.lock(conn, ticket_id)
    change = decisions.hear_call(ticket, call_id, repetition=repetition, detail=detail, now=now)
    return await _apply(conn, change, now)


async def all_clear(conn: Connection, device_id: int, now: datetime) -> None:
    """The lift says that it is over: show it on the open emergency, if there is one."""
    ticket_id = await repository.find_open(conn, device_id)
    if ticket_id is not None:
        ticket = await repository.lock(conn, ticket_id)
        await _apply(conn, decisions.all_clear(ticket, now=now), now)


async def lift_replied(
    conn: Connection, command_id: str, *, outcome: str, text: str, now: datetime
) -> None:
    """Record what became of a word to the rider; a reply to another command is not ours."""
    sent = await repository.find_by_command(conn, command_id)
    if sent is None:
        return
    ticket = await repository.lock(conn, sent.ticket_id)
    detail = {
        "state": sent.payload["state"],
        "call_id": sent.payload["call_id"],
        "outcome": outcome,
        "text": text,
    }
    done = outcome == "done"
    await _apply(conn, decisions.lift_replied(ticket, detail=detail, done=done, now=now), now)


async def _apply(conn: Connection, change: Change, now: datetime) -> Ticket:
    await repository.apply(conn, change, now=now)
    return change.ticket
