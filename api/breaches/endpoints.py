"""/v1/breaches: what happened, who decided what and why, the form for the supervisor."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.breaches import form, service
from api.breaches.schemas import BreachDetail, Breaches, BreachStep, NewBreach
from api.documents.pdf import MEDIA_TYPE as PDF
from api.problems import NotFoundError
from api.queries import Connection
from api.transactions import Reading, Writing

router = APIRouter(
    prefix="/breaches", tags=["Privacy"], dependencies=[needs(Permission.READ_BREACHES)]
)
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the breach.")]
Whose = Annotated[
    str | None,
    Query(
        alias="municipality",
        pattern=r"^GM[0-9]{4}$",
        description="Whose form; a municipality gets its own.",
    ),
]


@router.get("", operation_id="listBreaches")
async def list_breaches(connection: Reading) -> Breaches:
    """List breaches, the open ones first."""
    return await service.listed(connection)


@router.post(
    "",
    operation_id="registerBreach",
    status_code=201,
    dependencies=[needs(Permission.REGISTER_BREACHES)],
)
async def register_breach(
    request: Request, who: Who, connection: Writing, body: NewBreach
) -> BreachDetail:
    """Register a breach. The municipalities that it concerns are told at once."""
    number = await service.register(connection, body, who=who, now=request.state.now())
    return await service.detail(connection, number)


@router.get("/{number}", operation_id="getBreach")
async def get_breach(connection: Reading, number: Number) -> BreachDetail:
    """Return a breach with its log, and what can be decided now."""
    return await service.detail(connection, number)


@router.post("/{number}/events", operation_id="writeBreach")
async def write_breach(
    request: Request, who: Who, connection: Writing, number: Number, body: BreachStep
) -> BreachDetail:
    """Carry out one step: of the processor, or of the municipality that asks."""
    await service.step(connection, number, body, who=who, now=request.state.now())
    return await service.detail(connection, number)


@router.get("/{number}/report-form", operation_id="getBreachForm", response_class=Response)
async def get_form(
    request: Request, connection: Reading, number: Number, code: Whose = None
) -> Response:
    """Return what the supervisor's form asks, as a PDF."""
    return await send_form(request, connection, number, code)


async def send_form(
    request: Request, connection: Connection, number: int, code: str | None
) -> Response:
    """Send the form of a municipality; of the only one, or the first, if none is named."""
    found = await service.detail(connection, number)
    own = [each for each in found.municipalities if code in (None, each.municipality_code)]
    if not own:
        raise NotFoundError(f"Breach {number} does not concern {code}.")
    content = form.form(found, own[0], now=request.state.now())
    return downloads.made(content, f"datalek-{number}-{own[0].municipality_code}.pdf", PDF)
