"""Reads tickets with what belongs to them. Changing them is ``diagnostics.tickets``'s."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from api.devices import service as devices
from api.devices.schemas import Municipality, Reading
from api.pagination import encode
from api.problems import NotFoundError
from api.queries import Connection, Row, row, rows
from api.tickets.reasons import explained, reasons_of
from api.tickets.schemas import (
    Finding,
    Suspicion,
    Ticket,
    TicketDetail,
    TicketEvent,
    TicketKind,
    TicketPage,
    TicketStatus,
)
from diagnostics.queries import load

QUERIES = load("api.tickets")
_BEFORE_EVIDENCE = timedelta(minutes=3)
_AFTER_EVIDENCE = timedelta(minutes=2)
_MAX_EVIDENCE_SAMPLES = 1_000


async def page(
    connection: Connection,
    *,
    priority: int | None = None,
    kind: TicketKind | None = None,
    status: TicketStatus | None = None,
    municipality: str | None = None,
    device: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> TicketPage:
    """Return tickets, newest first, behind the one with id ``before``; None selects all."""
    found = await _tickets(
        connection,
        priority=priority,
        kind=kind,
        status=status,
        municipality=municipality,
        device=device,
        before=before,
        limit=limit + 1,
    )
    more = len(found) > limit
    items = [Ticket.model_validate(each) for each in found[:limit]]
    return TicketPage(items=items, next_cursor=encode(items[-1].ticket_id) if more else None)


async def detail(connection: Connection, ticket_id: int, *, samples: bool = True) -> TicketDetail:
    """Return a ticket with its log, its findings and the samples around the evidence.

    Raises:
        NotFoundError: there is no such ticket.
    """
    tickets = await _tickets(connection, ticket_id=ticket_id, limit=1)
    if not tickets:
        raise NotFoundError(f"There is no ticket {ticket_id}.")
    events = await rows(connection, QUERIES["events"], {"ticket_id": ticket_id})
    found = await rows(connection, QUERIES["findings"], {"ticket_id": ticket_id})
    findings = [Finding.model_validate(explained(each)) for each in found]
    around = await _samples(connection, ticket_id, findings) if samples else []
    return TicketDetail.model_validate(
        tickets[0]
        | {
            "events": [TicketEvent.model_validate(event) for event in events],
            "findings": findings,
            "samples": around,
        }
    )


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
        ("ticket_id", "before", "priority", "kind", "status", "municipality", "device")
    )
    found = await rows(connection, QUERIES["page"], everything | selection)
    return [
        each
        | {
            "municipality": _municipality(each),
            "reasons": reasons_of([reason for group in each["reasons"] or () for reason in group]),
        }
        for each in found
    ]


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


def _municipality(found: Row) -> Municipality:
    return Municipality(code=found["municipality_code"], name=found["municipality_name"])
