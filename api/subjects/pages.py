"""The pages of requests: the list with its clocks, and one request, step by step."""

from datetime import date, datetime, time
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api import downloads
from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.documents.pdf import MEDIA_TYPE as PDF
from api.privacy.frame import base_of, render
from api.privacy.looking import looks_at
from api.problems import InvalidInputError, NotFoundError, ProblemError
from api.queries import Connection
from api.subjects import package, service
from api.subjects.decisions import Decision, Kind, Step, Via
from api.subjects.endpoints import send_package
from api.subjects.schemas import NewSubjectRequest, SubjectStep
from api.transactions import Reading, Writing
from diagnostics.tickets.calendar import ZONE, dutch_day

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.HANDLE_REQUESTS)],
)
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
_LOOK: Final = [looks_at("request", "number")]
# As the work goes: what comes next stands first and open. Nobody decides before they know for whom.
_ORDER: Final = (
    *(Step.IDENTIFY, Step.DECIDE, Step.ERASE, Step.RECTIFY, Step.RESTRICT, Step.LIFT),
    *(Step.ANSWER, Step.EXTEND, Step.NOTE),
)


class NewForm(BaseModel):
    """A request that came."""

    model_config = ConfigDict(str_strip_whitespace=True)

    number: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{3,32}$")]
    kind: Kind
    via: Via
    text: Annotated[str, Field(max_length=4_000)] = ""
    received: date


class StepForm(BaseModel):
    """One step."""

    model_config = ConfigDict(str_strip_whitespace=True)

    version: Annotated[int, Field(ge=1)]
    do: Step
    text: Annotated[str, Field(max_length=4_000)] = ""
    decision: str = ""
    sure: str = ""


@router.get("/portal/requests")
@router.get("/privacy/requests")
async def show_requests(
    request: Request, who: Who, connection: Reading, which: str = "open"
) -> HTMLResponse:
    """Show requests, the most urgent first."""
    return await _listed(request, who, connection, every=which == "all")


@router.post("/portal/requests")
@router.post("/privacy/requests")
async def register(request: Request, who: Who, connection: Writing) -> Response:
    """Register a request."""
    form = await forms.read(request, NewForm)
    now = request.state.now()
    # Of today: by now. Else the day counts, whatever the hour.
    noon = datetime.combine(form.received, time(12), tzinfo=ZONE)
    asked = NewSubjectRequest(
        client_number=form.number.upper(),
        kind=form.kind,
        via=form.via,
        text=form.text,
        received_at=now if form.received == dutch_day(now) else noon,
    )
    try:
        number = await service.register(connection, asked, who=who, now=now)
    except (NotFoundError, InvalidInputError) as error:
        return await _listed(request, who, connection, wrong=error)
    return RedirectResponse(f"{base_of(who)}/requests/{number}", 303)


@router.get("/portal/requests/{number}", dependencies=_LOOK)
@router.get("/privacy/requests/{number}", dependencies=_LOOK)
async def show_request(
    request: Request, who: Who, connection: Reading, number: Number
) -> HTMLResponse:
    """Show a request: how it stands, what can be done, what happened."""
    return await _one(request, who, connection, number)


@router.post("/portal/requests/{number}")
@router.post("/privacy/requests/{number}")
async def act(request: Request, who: Who, connection: Writing, number: Number) -> Response:
    """Carry out one step."""
    form = await forms.read(request, StepForm)
    if form.do is Step.ERASE and form.sure != "yes":
        raise InvalidInputError("body", "/sure", "missing")
    try:
        asked = SubjectStep(
            version=form.version,
            do=form.do,
            text=form.text,
            decision=Decision(form.decision) if form.decision else None,
        )
    except (ValidationError, ValueError) as error:
        raise InvalidInputError("body", "/decision", "not valid") from error
    try:
        await service.step(connection, number, asked, who=who, now=request.state.now())
    except InvalidInputError as error:
        return await _one(request, who, connection, number, wrong=error)
    return RedirectResponse(f"{base_of(who)}/requests/{number}", 303)


@router.post("/portal/requests/{number}/package")
@router.post("/privacy/requests/{number}/package")
async def send(request: Request, who: Who, connection: Writing, number: Number) -> Response:
    """Gather everything about the client, and send it."""
    return await send_package(request, who, connection, number)


@router.get("/portal/requests/{number}/report", dependencies=_LOOK)
@router.get("/privacy/requests/{number}/report", dependencies=_LOOK)
async def send_report(request: Request, connection: Reading, number: Number) -> Response:
    """Send what was erased and what was kept, and why."""
    now = request.state.now()
    found = await service.detail(connection, number, now=now)
    erased = [each for each in found.events if each.kind == "erased"]
    if not erased:
        raise NotFoundError(f"Nothing was erased for request {number}.")
    last = erased[-1]
    shown = found.model_dump(by_alias=False)
    content = package.report(shown, last.detail["report"], now=last.at)
    name = package.name_of(shown, "verwijdering", dutch_day(last.at))
    return downloads.made(content, f"{name}.pdf", PDF)


async def _listed(
    request: Request,
    who: Principal,
    connection: Connection,
    *,
    every: bool = False,
    wrong: ProblemError | None = None,
) -> HTMLResponse:
    found = await service.listed(connection, every=every)
    return await render(
        request,
        connection,
        who,
        "privacy/requests.html",
        status=200 if wrong is None else 400,
        requests=found.items,
        every=every,
        kinds=list(Kind),
        ways=list(Via),
        today=dutch_day(request.state.now()),
        wrong=wrong,
    )


async def _one(
    request: Request,
    who: Principal,
    connection: Connection,
    number: int,
    *,
    wrong: ProblemError | None = None,
) -> HTMLResponse:
    found = await service.detail(connection, number, now=request.state.now())
    return await render(
        request,
        connection,
        who,
        "privacy/request.html",
        status=200 if wrong is None else 400,
        found=found,
        decisions=list(Decision),
        steps=sorted(found.possible, key=_ORDER.index),
        what=package.WHAT,
        why=package.WHY_KEPT,
        wrong=wrong,
    )
