"""What people and the engine do with tickets: load → decide → apply, in the caller's transaction.

No function commits; each raises a ``TicketError`` or leaves a complete change behind: the events,
the ticket that follows from them, the messages to send after commit, and a word to live views.
"""

from datetime import datetime
from typing import Any

from diagnostics.tickets import decisions, life, relations, repository, sla
from diagnostics.tickets.calendar import dutch_day
from diagnostics.tickets.commands import (
    Acknowledge,
    AnyCommand,
    Assign,
    By,
    Close,
    ConfirmRelease,
    Note,
    Repair,
)
from diagnostics.tickets.model import (
    PREVENTIVE,
    REPORTED_DEFECT,
    Outcome,
    ReleaseHow,
    Source,
    Ticket,
    TicketKind,
)
from diagnostics.tickets.opening import Opening, open_or_add, report_of
from diagnostics.tickets.repository import Connection


async def carry_out(
    conn: Connection,
    ticket_id: int,
    command: AnyCommand,
    by: By,
    *,
    expected_version: int | None = None,
) -> Ticket:
    """Do one of ``commands`` with a ticket; return how it stands then.

    A request (``by.request_id``) that was carried out before changes nothing, whatever the version.

    Args:
        conn: in the caller's transaction.
        ticket_id: which ticket.
        command: what to do.
        by: who asks, when it was and is.
        expected_version: the one that the actor saw; None: what they tell is so, whatever was
            written meanwhile (somebody on site, a phone that had no line).

    Raises:
        TicketNotFound, VersionConflict: nothing is changed.
        TicketError: likewise; as the ticket stands it cannot be done.
        ValueError: a moment or a value makes no sense.
        LookupError: there is no such account to assign it to.
    """
    dossier = await repository.lock(conn, ticket_id)
    ticket = life.ticket_of(dossier, by.now)
    if dossier.wrote(by.request_id):
        return ticket
    decisions.check_version(dossier.head, expected_version)
    if isinstance(command, Assign) and command.account is not None:
        await repository.require_account(conn, command.account)
    events = decisions.decide(ticket, command, by)
    if isinstance(command, Close) and command.outcome is Outcome.DONE and ticket.kind in PREVENTIVE:
        day = dutch_day(by.happened_at or by.now)
        await repository.serviced(conn, dossier.head.device_id, day)
    return await repository.write(conn, dossier, events, by.now)


async def stands(conn: Connection, ticket_id: int, now: datetime) -> Ticket:
    """Return how a ticket stands, without locking it.

    Raises:
        TicketNotFound: there is none with that number.
    """
    return life.ticket_of(await repository.read(conn, ticket_id), now)


async def report(
    conn: Connection,
    device_id: int,
    *,
    kind: TicketKind,
    source: Source,
    text: str,
    by: By,
    caller: str = "",
    usable: bool | None = None,
    found_during: int | None = None,
) -> Opening:
    """Register what a person tells of an aid: a call, a mechanic's find, a request.

    The same ``by.request_id`` opens one ticket, however often it is sent. An emergency of an aid
    that has an open one is added to it. The terms run from ``by.happened_at`` (else now).

    Args:
        conn: in the caller's transaction.
        device_id: which aid.
        kind: what is asked for.
        source: who tells it.
        text: what they say.
        by: who writes it down.
        caller: who called, as far as the desk has to know to call back.
        usable: of a repair: whether the aid can still be used safely; needed for those. Whether
            the client wholly depends on it, which is on record, decides between priority 1 and 2.
        found_during: the service or inspection during which it was found: then it is a repair of
            priority 3, at once.

    Raises:
        LookupError: there is no such device.
        TicketNotFound: there is no ticket ``found_during``.
        ValueError: a repair without the word whether the aid is usable.
    """
    if by.request_id is not None:
        before = await repository.find_report(conn, by.request_id)
        if before is not None:
            dossier = await repository.lock(conn, before)
            return Opening(life.ticket_of(dossier, by.now), created=False)
    place = await repository.device_place(conn, device_id)
    priority = sla.reported_priority(
        kind,
        usable=usable,
        wholly_dependent=place.wholly_dependent,
        found_in_service=found_during is not None,
    )
    said: dict[str, Any] = {"source": source.value, "text": text, "caller": caller}
    said |= {} if usable is None else {"usable": usable}
    first = decisions.reported(detail=report_of(place, priority) | said, by=by)
    opening = await open_or_add(
        conn,
        device_id,
        kind=kind,
        what=REPORTED_DEFECT if kind is TicketKind.REPAIR else None,
        priority=priority,
        evidence_at=by.now,
        since=first.moment,
        first=first,
        further=lambda ticket: (
            decisions.reported(detail=said, by=by),
            *decisions.alarm_again(ticket, by),
        ),
        now=by.now,
    )
    if found_during is not None:
        await relations.link(conn, opening.ticket.ticket_id, found_during, by)
    return opening


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
    by = By(actor=actor, now=now)
    place = await repository.device_place(conn, device_id)
    return await open_or_add(
        conn,
        device_id,
        kind=TicketKind.EMERGENCY,
        what=None,
        priority=sla.EMERGENCY_PRIORITY,
        evidence_at=evidence_at,
        since=since,
        first=decisions.opened(detail=report_of(place, sla.EMERGENCY_PRIORITY) | detail, by=by),
        further=lambda ticket: decisions.add_evidence(ticket, detail=detail, by=by),
        now=now,
    )


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
        usable: whether the aid can still be used safely; with the client's dependence on it that
            makes the priority.
        actor: an account, or ``system:<detector>``.
        detail: why, for the event log: ``reasons`` and ``evidence``.
        evidence_at: when the first evidence reached the platform.
        since: since when the trouble lasts, as far as known.
        now: the platform's time; working days count from it.
    """
    by = By(actor=actor, now=now)
    place = await repository.device_place(conn, device_id)
    priority = sla.repair_priority(usable=usable, wholly_dependent=place.wholly_dependent)
    return await open_or_add(
        conn,
        device_id,
        kind=TicketKind.REPAIR,
        what=what,
        priority=priority,
        evidence_at=evidence_at,
        since=since,
        first=decisions.opened(detail=report_of(place, priority) | detail, by=by),
        further=lambda ticket: (
            *decisions.add_evidence(ticket, detail=detail, by=by),
            *decisions.raise_priority(ticket, priority=priority, now=now),
        ),
        now=now,
    )


async def repair_worse(conn: Connection, ticket_id: int, now: datetime) -> None:
    """The aid of an open repair cannot be used any more; the terms run from the report still."""
    dossier = await repository.lock(conn, ticket_id)
    place = await repository.device_place(conn, dossier.head.device_id)
    priority = sla.repair_priority(usable=False, wholly_dependent=place.wholly_dependent)
    ticket = life.ticket_of(dossier, now)
    events = decisions.raise_priority(ticket, priority=priority, now=now)
    await repository.write(conn, dossier, events, now)


async def repair_all_clear(conn: Connection, ticket_id: int, now: datetime) -> None:
    """What was to be repaired is not found any more: shown, never trusted."""
    dossier = await repository.lock(conn, ticket_id)
    ticket = life.ticket_of(dossier, now)
    await repository.write(conn, dossier, decisions.all_clear(ticket, now=now), now)


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
    """``actor`` writes down that ``by`` repaired the aid ``at`` a time: see ``carry_out``."""
    who = By(actor=actor, now=now, happened_at=None if at == now else at)
    command = Repair(by=by, note=note)
    return await carry_out(conn, ticket_id, command, who, expected_version=expected_version)


async def acknowledge(
    conn: Connection, ticket_id: int, actor: str, now: datetime, expected_version: int
) -> Ticket:
    """``actor`` takes care of it; the lift tells its rider that a person has answered."""
    who = By(actor=actor, now=now)
    return await carry_out(conn, ticket_id, Acknowledge(), who, expected_version=expected_version)


async def add_note(
    conn: Connection, ticket_id: int, actor: str, text: str, now: datetime
) -> Ticket:
    """Write something into the ticket's log, also after the release."""
    return await carry_out(conn, ticket_id, Note(text=text), By(actor=actor, now=now))


async def confirm_release(  # noqa: PLR0917 - in the order of the sentence, called by name
    conn: Connection,
    ticket_id: int,
    actor: str,
    how: ReleaseHow | str,
    note: str,
    now: datetime,
    expected_version: int,
    *,
    aid_works: bool,
) -> Ticket:
    """``actor`` confirms that the rider is free, and says whether the aid works again.

    The lift is told. If it works the ticket is closed; else it is a repair of priority 1 from here.
    """
    command = ConfirmRelease(how=ReleaseHow(how), aid_works=aid_works, note=note)
    who = By(actor=actor, now=now)
    return await carry_out(conn, ticket_id, command, who, expected_version=expected_version)


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
    dossier = await repository.lock(conn, ticket_id)
    events, notice = decisions.hear_call(
        life.ticket_of(dossier, now), call_id, repetition=repetition, detail=detail, now=now
    )
    return await repository.write(conn, dossier, events, now, notices=(notice,))


async def all_clear(conn: Connection, device_id: int, now: datetime) -> None:
    """The lift says that it is over: show it on the open emergency, if there is one."""
    ticket_id = await repository.find_open(conn, device_id)
    if ticket_id is not None:
        await repair_all_clear(conn, ticket_id, now)


async def lift_replied(
    conn: Connection, command_id: str, *, outcome: str, text: str, now: datetime
) -> None:
    """Record what became of a word to the rider; a reply to another command is not ours."""
    sent = await repository.find_by_command(conn, command_id)
    if sent is None:
        return
    detail = {
        "state": sent.payload["state"],
        "call_id": sent.payload["call_id"],
        "outcome": outcome,
        "text": text,
    }
    events = decisions.lift_replied(detail=detail, done=outcome == "done", now=now)
    await repository.write(conn, await repository.lock(conn, sent.ticket_id), events, now)
