"""Reads tickets with what belongs to them. Changing them is ``diagnostics.tickets``'s."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from api.accounts.principal import Principal
from api.accounts.roles import Permission, Role
from api.devices import service as devices
from api.devices.schemas import Municipality, Reading
from api.pagination import encode
from api.problems import NotFoundError
from api.queries import Connection, Row, row, rows
from api.tickets.reasons import explained, reasons_of
from api.tickets.schemas import (
    Assignee,
    Attachment,
    Breach,
    Clock,
    Clocks,
    Delay,
    Finding,
    Risk,
    Stage,
    Suspicion,
    Ticket,
    TicketDetail,
    TicketEvent,
    TicketKind,
    TicketPage,
    TicketStatus,
    Window,
)
from diagnostics.queries import load
from diagnostics.tickets import attachments, life, repository
from diagnostics.tickets.attachments import Attachment as StoredAttachment
from diagnostics.tickets.clocks import Clocks as StoodClocks

QUERIES = load("api.tickets")
_BEFORE_EVIDENCE = timedelta(minutes=3)
_AFTER_EVIDENCE = timedelta(minutes=2)
_MAX_EVIDENCE_SAMPLES = 1_000
_FEW_AIDS = 2_000


async def page(
    connection: Connection,
    *,
    priority: int | None = None,
    kind: TicketKind | None = None,
    status: TicketStatus | None = None,
    municipality: str | None = None,
    device: str | None = None,
    stage: Stage | None = None,
    assigned: str | None = None,
    breach_before: datetime | None = None,
    q: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> TicketPage:
    """Return tickets, newest first, behind the one with id ``before``; None selects all.

    ``q`` is looked for in names of aids, client numbers and postcodes.
    """
    found = await _tickets(
        connection,
        priority=priority,
        kind=kind,
        status=status,
        municipality=municipality,
        device=device,
        stage=stage,
        assigned=assigned,
        breach_before=breach_before,
        **({} if q is None else await _alike(connection, q)),
        before=before,
        limit=limit + 1,
    )
    more = len(found) > limit
    items = [Ticket.model_validate(each) for each in found[:limit]]
    return TicketPage(items=items, next_cursor=encode(items[-1].ticket_id) if more else None)


async def detail(
    connection: Connection, ticket_id: int, who: Principal, *, now: datetime
) -> TicketDetail:
    """Return a ticket with its log, its clocks, its findings and the samples around the evidence.

    What ``who`` may not see is left out: measurements, and who called. That they see who called is
    written down: call it in a transaction that writes.

    Raises:
        NotFoundError: there is no such ticket.
    """
    tickets = await _tickets(connection, ticket_id=ticket_id, limit=1)
    if not tickets:
        raise NotFoundError(f"There is no ticket {ticket_id}.")
    events = await rows(connection, QUERIES["events"], {"ticket_id": ticket_id})
    found = await rows(connection, QUERIES["findings"], {"ticket_id": ticket_id})
    findings = [Finding.model_validate(explained(each)) for each in found]
    samples = who.may(Permission.READ_TELEMETRY)
    around = await _samples(connection, ticket_id, findings) if samples else []
    if any(event["detail"].get("caller") for event in events):
        assigned, closed = tickets[0]["account"], tickets[0]["closed_at"] is not None
        if _sees_caller(who, assigned, closed=closed):
            await _look_at_caller(connection, ticket_id, who, now)
        else:
            for event in events:
                event["detail"].pop("caller", None)
    dossier = await repository.read(connection, ticket_id)
    clocks = life.clocks_at(dossier, now)
    files = await attachments.list_of(connection, ticket_id)
    return TicketDetail.model_validate(
        tickets[0]
        | {
            "clocks": None if clocks is None else _clocks(clocks),
            "appointments": list(life.visits_at(dossier, now)),
            "attachments": [attachment(each) for each in files],
            "related": list(await rows(connection, QUERIES["related"], {"ticket_id": ticket_id})),
            "events": [TicketEvent.model_validate(event) for event in events],
            "findings": findings,
            "samples": around,
        }
    )


async def callers(
    connection: Connection, ticket: TicketDetail, who: Principal, *, now: datetime
) -> Sequence[Row]:
    """Return who reported a ticket and how to call back, if that is for them: a look on record.

    Call it in a transaction that writes.
    """
    assigned = None if ticket.assigned_to is None else ticket.assigned_to.account
    if not _sees_caller(who, assigned, closed=ticket.closed_at is not None):
        return ()
    found = await rows(connection, QUERIES["callers"], {"ticket_id": ticket.ticket_id})
    if found:
        await _look_at_caller(connection, ticket.ticket_id, who, now)
    return found


async def sees_files(connection: Connection, ticket_id: int, who: Principal) -> bool:
    """Tell whether a ticket's files are for them: a mechanic sees those of their own visits."""
    if who.role is not Role.MECHANIC:
        return True
    found = await row(connection, QUERIES["assigned_to"], {"ticket_id": ticket_id})
    return found is not None and found["assigned_to"] == who.account_id


async def suspicions(connection: Connection, *, limit: int = 100) -> list[Suspicion]:
    """Return what might become an emergency, the longest lasting first."""
    found = await rows(connection, QUERIES["suspicions"], {"limit": limit})
    return [
        Suspicion.model_validate(
            each | {"municipality": _municipality(each), "reasons": reasons_of(each["reasons"])}
        )
        for each in found
    ]


async def _tickets(connection: Connection, **selection: Any) -> Sequence[Row]:
    everything = dict.fromkeys(
        (
            *("ticket_id", "before", "priority", "kind", "status", "municipality", "device"),
            *("stage", "assigned", "breach_before", "aids", "like", "postcode4"),
        )
    )
    found = await rows(connection, QUERIES["page"], everything | selection)
    return [
        each
        | {
            "municipality": _municipality(each),
            "assigned_to": _assignee(each),
            "appointment": _window(each),
            "reasons": reasons_of([reason for group in each["reasons"] or () for reason in group]),
        }
        for each in found
    ]


async def _alike(connection: Connection, q: str) -> Row:
    """Return what selects tickets of the aids that ``q`` may mean: their ids, unless it is many.

    Tickets of a few aids are found by these; those of many by looking at the newest.
    """
    digits = q[:4] if len(q) >= 4 and q[:4].isascii() and q[:4].isdigit() else None
    pattern = {
        "like": f"%{_literal(q)}%",
        "postcode4": None if digits is None else int(digits),
    }
    limit = {"limit": _FEW_AIDS + 1}
    found = await rows(connection, QUERIES["aids_like"], pattern | limit)
    few = len(found) <= _FEW_AIDS
    return {"aids": [each["device_id"] for each in found]} if few else pattern


async def _samples(
    connection: Connection, ticket_id: int, findings: Sequence[Finding]
) -> list[Reading]:
    owner = await row(connection, QUERIES["device_of"], {"ticket_id": ticket_id})
    if owner is None or not findings:
        return []
    samples, _ = await devices.telemetry(
        connection,
        owner["device_id"],
        from_=min(finding.since for finding in findings) - _BEFORE_EVIDENCE,
        until=max(finding.found_at for finding in findings) + _AFTER_EVIDENCE,
        limit=_MAX_EVIDENCE_SAMPLES,
    )
    return samples


async def _look_at_caller(
    connection: Connection, ticket_id: int, who: Principal, now: datetime
) -> None:
    look = {"who": who.account_id, "ticket_id": ticket_id, "now": now}
    await connection.execute(QUERIES["look_at_caller"], look)


def _sees_caller(who: Principal, assigned: int | None, *, closed: bool) -> bool:
    """Tell whether who called is for them: a mechanic sees it of their own open tickets alone."""
    own = assigned == who.account_id and not closed
    return who.may(Permission.READ_CONTACTS) and (who.role is not Role.MECHANIC or own)


def _municipality(found: Row) -> Municipality:
    return Municipality(code=found["municipality_code"], name=found["municipality_name"])


def _assignee(found: Row) -> Assignee | None:
    if found["account"] is None:
        return None
    # Whom a municipality may not see has it all the same.
    login, name = found["login"] or "", found["account_name"] or ""
    return Assignee(account=found["account"], login=login, name=name)


def _window(found: Row) -> Window | None:
    begin, end = found["appointment_begin"], found["appointment_end"]
    return None if begin is None else Window(begin=begin, end=end)


def _clocks(clocks: StoodClocks) -> Clocks:
    delays = [
        Delay(
            pause=each.pause,
            reason=each.reason.value,
            evidence=list(each.evidence),
            begin=each.span.begin,
            end=each.span.end,
            open=each.open,
            verdict=each.verdict.value,
        )
        for each in clocks.delays
    ]
    return Clocks(
        priority=clocks.priority,
        on_site=Clock.model_validate(clocks.on_site),
        repaired=Clock.model_validate(clocks.repaired),
        breaches=[Breach.model_validate(each) for each in clocks.breaches],
        excused=[Breach.model_validate(each) for each in clocks.excused],
        warnings=[Risk.model_validate(each) for each in clocks.warnings],
        delays=delays,
    )


def attachment(file: StoredAttachment) -> Attachment:
    """Return a stored file as told to the outside, without its content."""
    return Attachment.model_validate(file._asdict() | {"sha256": file.sha256.hex()})


def _literal(text: str) -> str:
    """Return ``text`` for LIKE, with nothing in it that stands for anything else."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
