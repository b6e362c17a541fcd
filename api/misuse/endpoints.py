"""/v1/misuse-cases: signals about use, from the first to what the municipality decides."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request, Response

from api import downloads, pagination
from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission, Role
from api.devices import service as devices
from api.misuse import reviewing, service, support
from api.misuse.schemas import (
    Acceptance,
    CaseDetail,
    CaseFile,
    CaseNote,
    CasePage,
    ClientSide,
    Completion,
    FigureList,
    Kind,
    MunicipalDecision,
    Rejection,
    RepairQuote,
    Signalled,
    VisitRequest,
)
from api.privacy.looking import looks_at
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection
from api.tickets.attaching import FILES, media_type, read_file
from api.tickets.inputs import Told
from api.transactions import Reading, Writing
from diagnostics.misuse import files
from diagnostics.misuse import service as cases
from diagnostics.misuse.commands import (
    Accept,
    AnyCommand,
    Close,
    Decide,
    Note,
    Reject,
    TellSide,
)
from diagnostics.misuse.model import Source, Stage
from diagnostics.tickets.attachments import BadAttachment
from diagnostics.tickets.commands import By
from gateway.protocol.topics import DEVICE_NAME_PATTERN

router = APIRouter(prefix="/misuse-cases", tags=["Misuse"])
_READ = [needs(Permission.READ_MISUSE)]
_REVIEW = [needs(Permission.READ_MISUSE, Permission.REVIEW_MISUSE)]
_ADD = [needs(Permission.READ_MISUSE, Permission.ADD_TO_MISUSE)]
_DECIDE = [needs(Permission.READ_MISUSE, Permission.DECIDE_MISUSE)]

CaseNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the case.")]


def by_of(request: Request, who: Principal, told: Told) -> By:
    """Return who tells it, and when it was."""
    return By(
        actor=who.login,
        now=request.state.now(),
        happened_at=told.happened_at,
        request_id=None if told.request_id is None else str(told.request_id),
    )


@router.get("", operation_id="listMisuseCases", dependencies=_READ)
async def list_cases(
    *,
    request: Request,
    response: Response,
    connection: Reading,
    stage: Annotated[list[Stage] | None, Query(description="How far they are.")] = None,
    kind: Annotated[Kind | None, Query(description="Kind of use.")] = None,
    municipality: Annotated[
        str | None, Query(pattern=r"^GM[0-9]{4}$", description="CBS code.")
    ] = None,
    device: Annotated[
        str | None,
        Query(pattern=DEVICE_NAME_PATTERN, max_length=32, description="Name of the aid."),
    ] = None,
    client: Annotated[str | None, Query(max_length=32, description="Client number.")] = None,
    overdue: Annotated[bool, Query(description="Only those later than was meant.")] = False,
    cursor: pagination.Cursor = None,
    limit: pagination.Limit = 50,
) -> CasePage:
    """List cases, newest first. A municipality sees what was reported to it."""
    page = await service.page(
        connection,
        now=request.state.now(),
        stages=stage,
        kind=kind,
        municipality=municipality,
        device=device,
        client=client,
        overdue=overdue,
        before=pagination.decode(cursor),
        limit=limit,
    )
    pagination.link_next(request, response, page.next_cursor)
    return page


@router.post(
    "",
    operation_id="signalMisuse",
    status_code=201,
    dependencies=[needs(Permission.SIGNAL_MISUSE)],
)
async def signal(
    request: Request, who: Who, connection: Writing, body: Signalled
) -> dict[str, int]:
    """Register what somebody noticed: it joins the open case of this aid and kind, or opens one."""
    try:
        device_id, _ = await devices.one(connection, body.device)
    except NotFoundError as error:
        raise InvalidInputError("body", "/device", str(error)) from None
    by = by_of(request, who, body)
    try:
        case = await cases.signal(
            connection,
            device_id,
            body.kind.value,
            source=Source.MECHANIC if who.role is Role.MECHANIC else Source.DESK,
            since=by.happened_at or by.now,
            detail={"text": body.text, **({"ticket": body.ticket} if body.ticket else {})},
            by=by,
        )
    except ValueError as error:
        raise InvalidInputError("body", "/", str(error)) from error
    return {"id": case.case_id}


@router.get(
    "/figures",
    operation_id="getMisuseFigures",
    dependencies=[needs(Permission.REVIEW_MISUSE)],
)
async def figures(connection: Reading) -> FigureList:
    """Return what became of signals, by detector: false ones are counted."""
    return FigureList(items=await service.figures(connection))


@router.get(
    "/{number}",
    operation_id="getMisuseCase",
    dependencies=[*_READ, looks_at("misuse", "number")],
)
async def get_case(request: Request, connection: Reading, number: CaseNumber) -> CaseDetail:
    """Return a case with its file."""
    return await service.detail(connection, number, now=request.state.now())


@router.post("/{number}/accept", operation_id="acceptSignal", dependencies=_REVIEW)
async def accept(
    request: Request, who: Who, connection: Writing, number: CaseNumber, body: Acceptance
) -> CaseDetail:
    """Pass a signal on: the municipality is told at once."""
    command = Accept(item=body.item, text=body.text)
    return await _do(request, who, connection, number, body, command, version=body.version)


@router.post("/{number}/reject", operation_id="rejectSignal", dependencies=_REVIEW)
async def reject(
    request: Request, who: Who, connection: Writing, number: CaseNumber, body: Rejection
) -> CaseDetail:
    """Say that a signal is nothing: the municipality does not hear of it."""
    command = Reject(reason=body.reason, text=body.text)
    return await _do(request, who, connection, number, body, command, version=body.version)


@router.post("/{number}/visit", operation_id="askMisuseVisit", dependencies=_REVIEW)
async def visit(
    request: Request, who: Who, connection: Writing, number: CaseNumber, body: VisitRequest
) -> CaseDetail:
    """Ask for a visit first: a ticket."""
    by = by_of(request, who, body)
    await reviewing.ask_visit(connection, number, body.text, by, version=body.version)
    return await service.detail(connection, number, now=request.state.now())


@router.post("/{number}/quote", operation_id="quoteRepair", dependencies=_REVIEW)
async def quote(
    request: Request, who: Who, connection: Writing, number: CaseNumber, body: RepairQuote
) -> CaseDetail:
    """Draw up a repair quote: the municipality gets it as a document, and decides."""
    try:
        await reviewing.quote(
            connection,
            number,
            body.lines,
            by_of(request, who, body),
            explanation=body.explanation,
            advice=body.advice,
        )
    except ValueError as error:
        raise InvalidInputError("body", "/lines", str(error)) from error
    return await service.detail(connection, number, now=request.state.now())


@router.post("/{number}/client-side", operation_id="tellClientSide", dependencies=_ADD)
async def client_side(
    request: Request, who: Who, connection: Writing, number: CaseNumber, body: ClientSide
) -> CaseDetail:
    """Record what the client says, at any time."""
    command = TellSide(text=body.text, teller=body.teller, way=body.way)
    return await _do(request, who, connection, number, body, command)


@router.post("/{number}/note", operation_id="addCaseNote", dependencies=_ADD)
async def note(
    request: Request, who: Who, connection: Writing, number: CaseNumber, body: CaseNote
) -> CaseDetail:
    """Add something worth knowing."""
    return await _do(request, who, connection, number, body, Note(text=body.text))


@router.post("/{number}/decide", operation_id="decideCase", dependencies=_DECIDE)
async def decide(
    request: Request, who: Who, connection: Writing, number: CaseNumber, body: MunicipalDecision
) -> CaseDetail:
    """Record what the municipality decides; it may decide again until the case is closed."""
    command = Decide(decision=body.decision, reason=body.reason, person=body.person)
    return await _do(request, who, connection, number, body, command, version=body.version)


@router.post("/{number}/close", operation_id="closeCase", dependencies=_ADD)
async def close(
    request: Request, who: Who, connection: Writing, number: CaseNumber, body: Completion
) -> CaseDetail:
    """Say that what was decided is done."""
    return await _do(request, who, connection, number, body, Close(text=body.text))


@router.post(
    "/{number}/files",
    operation_id="addCaseFile",
    status_code=201,
    dependencies=_ADD,
    openapi_extra={"requestBody": {"required": True, "content": FILES}},
)
async def add_file(
    *,
    request: Request,
    who: Who,
    connection: Writing,
    number: CaseNumber,
    name: Annotated[str, Query(min_length=1, max_length=200, description="Name of the file.")],
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
    request_id: Annotated[UUID | None, Query(alias="requestId")] = None,
) -> CaseFile:
    """Add a photograph or a letter: the body is its content. The same content is kept once."""
    by = By(
        actor=who.login,
        now=request.state.now(),
        request_id=None if request_id is None else str(request_id),
    )
    content = await read_file(request)
    try:
        kept = await files.attach(
            connection,
            number,
            name=name,
            media_type=media_type(content_type),
            content=content,
            by=by,
        )
    except BadAttachment as error:
        raise InvalidInputError("body", "/", str(error)) from error
    return service.file_of(kept)


@router.get(
    "/{number}/files/{file}",
    operation_id="getCaseFile",
    response_class=Response,
    responses={200: {"content": FILES, "description": "The file."}},
    dependencies=[*_READ, looks_at("misuse", "number")],
)
async def get_file(
    connection: Reading,
    number: CaseNumber,
    file: Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the file.")],
) -> Response:
    """Return a file of a case."""
    found = await files.content_of(connection, number, file)
    if found is None:
        raise NotFoundError(f"Case {number} has no file {file}.")
    kept, content = found
    return downloads.stored(content, kept.name, kept.media_type)


@router.get(
    "/{number}/support-file",
    operation_id="getSupportFile",
    response_class=Response,
    responses={200: {"content": {support.MEDIA_TYPE: {}}, "description": "A ZIP archive."}},
    dependencies=[*_READ, looks_at("misuse", "number")],
)
async def support_file(request: Request, connection: Reading, number: CaseNumber) -> Response:
    """Return all that a claim for recovery rests on: one archive with checksums."""
    content = await support.archive(connection, number, now=request.state.now())
    return downloads.stored(content, f"zaak-{number}.zip", support.MEDIA_TYPE, inline=False)


async def _do(  # noqa: PLR0917 - in the order of the sentence
    request: Request,
    who: Principal,
    connection: Connection,
    number: int,
    told: Told,
    command: AnyCommand,
    *,
    version: int | None = None,
) -> CaseDetail:
    try:
        await cases.carry_out(
            connection, number, command, by_of(request, who, told), expected_version=version
        )
    except ValueError as error:
        raise InvalidInputError("body", "/", str(error)) from error
    return await service.detail(connection, number, now=request.state.now())
