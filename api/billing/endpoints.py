"""/v1/billing: what is to be declared, the messages, the answers, and what was rejected."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.billing import service
from api.billing.message325 import MOST_BYTES
from api.billing.months import due_by
from api.kpi.periods import Length, Period, named
from api.problems import InvalidInputError
from api.queries import rows
from api.schema import Document, Input, Time
from api.transactions import Reading, Writing

router = APIRouter(prefix="/billing", tags=["Contract"], dependencies=[needs(Permission.BILL)])
Code = Annotated[str, Query(pattern=r"^GM[0-9]{4}$", description="CBS code.")]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Its number.")]


class ProposedDocument(Document):
    """A line that can be declared."""

    client_number: str
    assignment: str
    kind: str
    product_code: str
    begins_on: date
    ends_on: date
    amount_cents: int


class Proposal(Document):
    """What can be declared of a month."""

    month: str
    due_on: date
    items: list[ProposedDocument]


class NewDeclaration(Input):
    """Which month to declare, and which rejected lines once more."""

    municipality: Annotated[str, Field(pattern=r"^GM[0-9]{4}$")]
    month: Annotated[str, Field(max_length=7, examples=["2026-09"])]
    again: Annotated[
        tuple[Annotated[int, Field(ge=1, le=2**63 - 1)], ...], Field(max_length=1000)
    ] = ()


class DeclarationDocument(Document):
    """A declaration, without anything personal."""

    declaration_id: int = Field(alias="id")
    municipality_code: str = Field(alias="municipality")
    number: str
    month: date
    due_on: date
    submitted_cents: int
    made_at: Time
    answered_at: Time | None
    granted_cents: int | None


class DeclarationList(Document):
    """Declarations, newest first."""

    items: list[DeclarationDocument]


class RejectedLine(Document):
    """A rejected line that waits for somebody."""

    line_id: int = Field(alias="id")
    reference: str
    municipality_code: str = Field(alias="municipality")
    declaration: str
    client_number: str
    number: str = Field(alias="assignment")
    product_code: str
    begins_on: date
    ends_on: date
    amount_cents: int
    return_codes: list[str]


class RejectedList(Document):
    """Rejected lines, oldest first."""

    items: list[RejectedLine]


class Settlement(Document):
    """What an answer came to."""

    declaration: int
    granted: int
    rejected: dict[str, list[str]]


class How(Input):
    """What was done about a rejected line."""

    how: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]*$")]


@router.get("/proposals", operation_id="getProposal")
async def get_proposal(
    connection: Reading, municipality: Code, month: Annotated[str, Query(max_length=7)]
) -> Proposal:
    """Return what can be declared of a month."""
    period = month_of(month, "query")
    found = await service.proposed(connection, municipality, period)
    return Proposal(
        month=period.name,
        due_on=due_by(period),
        items=[
            ProposedDocument(
                client_number=each.assignment.client_number,
                assignment=each.assignment.number,
                kind=each.assignment.kind,
                product_code=each.assignment.product_code,
                begins_on=each.begins_on,
                ends_on=each.ends_on,
                amount_cents=each.assignment.tariff_cents,
            )
            for each in found
        ],
    )


@router.get("/declarations", operation_id="listDeclarations")
async def list_declarations(connection: Reading) -> DeclarationList:
    """List declarations, newest first."""
    found = await rows(connection, service.QUERIES["declarations"])
    return DeclarationList(items=[_declaration(each) for each in found])


@router.post("/declarations", operation_id="declare", status_code=201)
async def declare(
    request: Request, who: Who, connection: Writing, body: NewDeclaration
) -> DeclarationDocument:
    """Declare a month, and rejected lines once more."""
    number = await service.declare(
        connection,
        body.municipality,
        month_of(body.month, "body"),
        again=body.again,
        now=request.state.now(),
        actor=who.login,
    )
    [found] = await rows(connection, service.QUERIES["declaration"], {"declaration": number})
    return _declaration(found)


@router.post(
    "/declarations/{number}/message", operation_id="writeDeclaration", response_class=Response
)
async def write_declaration(
    request: Request, who: Who, connection: Writing, number: Number
) -> Response:
    """Return the iWmo 323 message; that each client's service number was used is on record."""
    name, content = await service.message(
        connection, number, account_id=who.account_id, now=request.state.now()
    )
    return downloads.made(content, name, "application/xml")


@router.post("/answers", operation_id="settleAnswer")
async def settle_answer(request: Request, connection: Writing, municipality: Code) -> Settlement:
    """Settle a declaration by the iWmo 325 message in the request's body."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise InvalidInputError("body", "/", "more than 20 MB")
    number, settled = await service.answer(
        connection, municipality, bytes(body), request.state.now()
    )
    return Settlement(
        declaration=number,
        granted=len(settled.granted),
        rejected={reference: list(codes) for reference, codes in settled.rejected.items()},
    )


@router.get("/rejected", operation_id="listRejectedLines")
async def list_rejected(connection: Reading) -> RejectedList:
    """List rejected lines that wait for somebody."""
    found = await rows(connection, service.QUERIES["rejected"])
    return RejectedList(items=[RejectedLine.model_validate(each) for each in found])


@router.post("/rejected/{number}/settle", operation_id="settleLine", status_code=204)
async def settle_line(connection: Writing, number: Number, body: How) -> None:
    """Say what was done about a rejected line that is not declared again."""
    await service.settle_line(connection, number, body.how)


def _declaration(found: dict[str, Any]) -> DeclarationDocument:
    return DeclarationDocument.model_validate(found)


def month_of(name: str, where: Any) -> Period:
    """Return the month of that name.

    Raises:
        InvalidInputError: it is none.
    """
    try:
        period = named(name)
    except ValueError as error:
        raise InvalidInputError(where, "month", str(error)) from None
    if period.length is not Length.MONTH:
        raise InvalidInputError(where, "month", f"{name} is no month: 2026-09")
    return period
