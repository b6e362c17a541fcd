"""Does what a mechanic tells of a visit, once."""

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from api.accounts.principal import Principal
from api.problems import InvalidInputError
from api.queries import Connection
from api.takeover import service as takeovers
from api.takeover.service import NewInspection
from api.tickets import own
from api.visits.acts import (
    AnyAct,
    Plain,
    VisitAccept,
    VisitDefect,
    VisitDone,
    VisitInspect,
    VisitSafe,
    VisitSign,
    VisitUse,
    command_of,
)
from api.visits.errors import RefusedError, Why
from api.visits.moments import WORTH_A_LINE, Moment, moment
from diagnostics.misuse import service as cases
from diagnostics.misuse.model import Source as Seen
from diagnostics.tickets import attachments, life, repository, service
from diagnostics.tickets.attachments import Attachment
from diagnostics.tickets.calendar import dutch_day
from diagnostics.tickets.commands import (
    Acknowledge,
    AnyCommand,
    Assign,
    By,
    Close,
    Note,
    Repair,
    Sign,
)
from diagnostics.tickets.dossier import Dossier
from diagnostics.tickets.model import (
    WITH_PRIORITY,
    Outcome,
    Source,
    Ticket,
    TicketKind,
)

_SYSTEM: Final = "system:visits"


async def carry_out(
    connection: Connection,
    who: Principal,
    act: AnyAct,
    *,
    now: datetime,
    sent_at: datetime | None = None,
) -> Moment:
    """Do what was told, unless it was done before; return when it was.

    Raises:
        RefusedError, TicketError, ValueError: nothing is changed; says why.
    """
    when = moment(act.happened_at or now, sent_at, now, never_later=isinstance(act, VisitSafe))
    by = By(actor=who.login, now=now, happened_at=when.at, request_id=str(act.request_id))
    dossier = await repository.lock(connection, act.ticket)
    if dossier.wrote(by.request_id):
        return when
    ticket = life.ticket_of(dossier, now)
    if isinstance(act, VisitAccept):
        await _accept(connection, who, ticket, by)
    else:
        require_ours(dossier, who)
        if isinstance(act, VisitSafe) and not when.sure:
            raise RefusedError(Why.CLOCK, "the phone's clock was set meanwhile: confirm anew")
        await _do(connection, who, ticket, act, by)
    if abs(when.ahead) >= WORTH_A_LINE:
        await _note_clock(connection, act.ticket, when, now)
    return when


async def keep_photo(
    connection: Connection,
    who: Principal,
    ticket_id: int,
    *,
    name: str,
    media_type: str,
    content: bytes,
    by: By,
) -> Attachment:
    """Attach a photo to a visit. The same photo is kept once.

    Raises:
        RefusedError, TicketError, BadAttachment: nothing is kept; says why.
    """
    require_ours(await repository.lock(connection, ticket_id), who)
    return await attachments.attach(
        connection, ticket_id, name=name, media_type=media_type, content=content, by=by
    )


def require_ours(dossier: Dossier, who: Principal) -> None:
    """Refuse what belongs to others.

    Raises:
        RefusedError: it was never theirs.
    """
    if not own.ours(dossier, who):
        raise RefusedError(Why.NOT_YOURS, f"ticket {dossier.head.ticket_id} is not yours")


async def _accept(connection: Connection, who: Principal, ticket: Ticket, by: By) -> None:
    if ticket.assigned_to not in {None, who.account_id}:
        raise RefusedError(Why.TAKEN, "somebody else has it")
    if ticket.assigned_to is None:
        at = by.happened_at or by.now
        if not await own.may_take(connection, who, priority=ticket.priority, at=at):
            raise RefusedError(Why.NOT_ON_CALL, "only who is on call takes what is nobody's")
        assign = Assign(account=who.account_id)
        await service.carry_out(connection, ticket.ticket_id, assign, by)
        by = replace(by, request_id=None)
    await service.carry_out(connection, ticket.ticket_id, Acknowledge(), by)


async def _do(
    connection: Connection,
    who: Principal,
    ticket: Ticket,
    act: Plain | VisitDefect | VisitDone | VisitSign | VisitUse | VisitInspect,
    by: By,
) -> None:
    command: AnyCommand
    match act:
        case VisitDefect():
            await service.report(
                connection,
                ticket.device_id,
                kind=TicketKind.REPAIR,
                source=Source.MECHANIC,
                text=act.text,
                by=by,
                usable=act.usable,
                found_during=ticket.ticket_id,
            )
            return
        case VisitUse():
            await cases.signal(
                connection,
                ticket.device_id,
                act.kind.value,
                source=Seen.MECHANIC,
                since=by.happened_at or by.now,
                detail={"text": act.text, "ticket": ticket.ticket_id},
                by=by,
            )
            return
        case VisitInspect():
            command = await _inspected(connection, ticket, act, by)
        case VisitDone():
            command = _done(ticket, act, who)
        case VisitSign():
            command = await _signed(connection, ticket, act, by)
        case _:
            command = command_of(act, by.happened_at or by.now)
    await service.carry_out(connection, ticket.ticket_id, command, by)


async def _inspected(
    connection: Connection, ticket: Ticket, act: VisitInspect, by: By
) -> AnyCommand:
    wanted = NewInspection(
        device=ticket.device_name,
        inspected_on=dutch_day(by.happened_at or by.now),
        ticket=ticket.ticket_id,
        overdue=act.overdue,
        report=act.report,
        advice=act.advice,
    )
    try:
        number = await takeovers.inspect(connection, wanted, actor=by.actor, now=by.now)
    except InvalidInputError as error:
        raise RefusedError(Why.REPORT, error.error.detail) from error
    found = "achterstallig onderhoud gevonden" if act.overdue else "geen achterstallig onderhoud"
    return Note(text=f"Inspectie {number} voor de overname: {found}.")


def _done(ticket: Ticket, act: VisitDone, who: Principal) -> AnyCommand:
    if ticket.kind in WITH_PRIORITY:
        return Repair(by=who.name, note=act.note)
    return Close(outcome=Outcome.DONE, note=act.note)


async def _signed(connection: Connection, ticket: Ticket, act: VisitSign, by: By) -> AnyCommand:
    if not act.drawing and not act.statement:
        raise ValueError("draw a signature, or write down what the client says")
    number = None
    if act.drawing:
        file = await attachments.attach(
            connection,
            ticket.ticket_id,
            name="handtekening.png",
            media_type="image/png",
            content=act.drawing,
            by=replace(by, request_id=None),
        )
        number = file.attachment_id
    return Sign(by=act.by, statement=act.statement, attachment=number)


async def _note_clock(connection: Connection, ticket_id: int, when: Moment, now: datetime) -> None:
    minutes = round(abs(when.ahead) / timedelta(minutes=1))
    side = "voor" if when.ahead > timedelta() else "achter"
    text = f"De klok van de telefoon liep {minutes} min {side}; de tijd hiervoor is verbeterd."
    await service.carry_out(connection, ticket_id, Note(text=text), By(actor=_SYSTEM, now=now))
