"""What takes more than one step: a visit that is asked for, a quote with its document."""

from collections.abc import Sequence

from msgspec.structs import replace

from api.misuse import quoting, service
from api.misuse.schemas import QuoteLine
from api.queries import Connection
from diagnostics.misuse import decisions, files, life, repository
from diagnostics.misuse import service as cases
from diagnostics.misuse.commands import AskVisit, Quote
from diagnostics.misuse.model import Case
from diagnostics.misuse.quote import Line, LineKind
from diagnostics.misuse.terms import MisuseTerms
from diagnostics.tickets import service as tickets
from diagnostics.tickets.commands import By
from diagnostics.tickets.model import Source, TicketKind


async def ask_visit(
    connection: Connection, case_id: int, text: str, by: By, *, version: int
) -> Case:
    """Ask for a visit: a ticket for an inspection, which knows nothing of why but ``text``.

    Raises:
        MisuseError: nothing is changed.
    """
    file = await repository.lock(connection, case_id)
    decisions.check_version(file.head, version)
    opening = await tickets.report(
        connection,
        file.head.device_id,
        kind=TicketKind.INSPECTION,
        source=Source.DESK,
        text=text,
        by=by,
    )
    command = AskVisit(ticket=opening.ticket.ticket_id, text=text)
    return await cases.carry_out(connection, case_id, command, by, expected_version=version)


async def quote(
    connection: Connection,
    case_id: int,
    lines: Sequence[QuoteLine],
    by: By,
    *,
    explanation: str,
    advice: str,
) -> Case:
    """Draw up a repair quote: as figures in the log, and as the document that is sent.

    Raises:
        MisuseError: nothing is changed.
        ValueError: something of it makes no sense; says what.
    """
    file = await repository.lock(connection, case_id)
    if by.request_id is not None and any(e.request_id == by.request_id for e in file.events):
        return life.case_of(file)
    decisions.require_quotable(life.case_of(file))
    terms = life.terms_at(file, by.now)
    priced = tuple(_line(each, terms) for each in lines)
    view = await service.view(connection, case_id, now=by.now)
    number = len(view.case.quotes) + 1
    content = await quoting.document(
        connection, view, priced, number=number, by=by, explanation=explanation, advice=advice
    )
    kept = await files.attach(
        connection,
        case_id,
        name=f"reparatieofferte-{case_id}-{number}.pdf",
        media_type="application/pdf",
        content=content,
        by=replace(by, request_id=None),
    )
    command = Quote(
        lines=priced,
        explanation=explanation,
        advice=advice,
        file=kept.file_id,
        sha256=kept.sha256.hex(),
    )
    return await cases.carry_out(connection, case_id, command, by)


def _line(sent: QuoteLine, terms: MisuseTerms) -> Line:
    usual = terms.vat_parts if sent.kind is LineKind.PART else terms.vat_labour
    vat = usual if sent.vat is None else sent.vat
    if vat is None:
        raise ValueError(f"{sent.text}: say which VAT it bears; no usual rate is on record")
    return Line(kind=sent.kind, text=sent.text, amount=sent.amount, price=sent.price, vat=vat)
