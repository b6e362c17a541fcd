"""A decision that came too late: what was typed is kept, beside what changed meanwhile."""

from collections.abc import Mapping, Sequence
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from api import problems
from api.accounts.principal import Principal
from api.accounts.roles import Permission
from api.desk.page import page
from api.queries import Connection
from api.tickets import service as tickets
from api.tickets.schemas import TicketEvent
from diagnostics.tickets.errors import TicketError
from diagnostics.tickets.model import SILENT

# What somebody wrote, in the order in which it is shown again; the rest was chosen.
WRITTEN: Final = ("text", "reason", "evidence", "note", "by", "caller")
_OURS: Final = frozenset({"version", *WRITTEN})


async def show(
    request: Request,
    connection: Connection,
    who: Principal,
    *,
    ticket_id: int,
    fields: Mapping[str, str],
    error: TicketError,
) -> HTMLResponse:
    """Say why it was refused, with what happened since the version that was seen, and the form."""
    lean = who.without(Permission.READ_TELEMETRY, Permission.READ_CONTACTS)
    ticket = await tickets.detail(connection, ticket_id, lean, now=request.state.now())
    seen = fields.get("version", "")
    found = problems.problem_of(error)
    return await page(
        request,
        connection,
        "changed.html",
        status=found.status,
        problem=found,
        ticket=ticket,
        meanwhile=since(ticket.events, int(seen)) if seen.isdigit() else [],
        written={name: fields[name] for name in WRITTEN if fields.get(name)},
        chosen={name: value for name, value in fields.items() if name not in _OURS},
    )


def since(events: Sequence[TicketEvent], version: int) -> Sequence[TicketEvent]:
    """Return what was written after a version: from the first event that made another of it."""
    at = 1
    for place, event in enumerate(events):
        if place and event.kind not in SILENT:
            at += 1
        if at > version:
            return events[place:]
    return []
