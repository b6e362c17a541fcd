"""The desk's pages of complaints: registered, taken up, handled, the outcome told in writing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.complaints import service
from api.complaints.schemas import ComplaintOutcome, Handling, NewComplaint, TakeUp
from api.complaints.service import QUERIES
from api.deliveries import service as deliveries
from api.deliveries.pages import moment_of
from api.deliveries.schemas import Mail
from api.desk import forms
from api.desk.page import page
from api.desk.refused import told
from api.desk.service import QUERIES as DESK
from api.letters import service as letters
from api.privacy.looking import looks_at
from api.queries import Connection, row, rows
from api.transactions import Reading, Writing

router = APIRouter(
    prefix="/complaints",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.SEE_BOARD, Permission.READ_COMPLAINTS)],
)
_WORK: Final = [needs(Permission.WORK_COMPLAINTS)]
A_PAGE: Final = 50
SOON: Final = timedelta(days=2)
STATES: Final = ("open", "late", "new", "handled", "all")
ABOUT: Final = "complaint_outcome"

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class _Filter(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")

    state: Literal["open", "late", "new", "handled", "all"] = "open"
    municipality: Annotated[str, Field(pattern=r"^GM[0-9]{4}$")] | None = None
    q: Annotated[str, Field(max_length=60, pattern=r"^[^\x00%_\\]*$")] | None = None


class _Handling(Handling):
    """With where to mail the outcome; empty: the letter waits to be printed."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    client_mail: Mail | None = None
    municipality_mail: Mail | None = None


@router.get("")
async def show_complaints(
    request: Request,
    connection: Reading,
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HTMLResponse:
    """Show complaints, first those whose term comes first."""
    now = request.state.now()
    given = {name: value for name, value in request.query_params.items() if value}
    wanted = forms.parse(given, _Filter)
    moments = {"now": now, "soon": now + SOON}
    asked = wanted.model_dump() | moments | {"start": start, "limit": A_PAGE + 1}
    statement = "desk_all" if wanted.state in ("handled", "all") else "desk_open"
    found = await rows(connection, QUERIES[statement], asked)
    return await page(
        request,
        connection,
        "complaints.html",
        wanted=wanted,
        found=found[:A_PAGE],
        more=len(found) > A_PAGE,
        start=start,
        a_page=A_PAGE,
        counts=await row(connection, QUERIES["desk_counts"], moments) or {},
        states=STATES,
        municipalities=await rows(connection, DESK["municipalities"]),
    )


@router.get("/new", dependencies=_WORK)
async def show_new(
    request: Request,
    connection: Reading,
    client: Annotated[str, Query(pattern=r"^([A-Z0-9-]{3,32})?$")] = "",
    ticket: Annotated[str, Query(pattern=r"^[0-9]{0,18}$")] = "",
) -> HTMLResponse:
    """Show the form of a complaint; first ask whose."""
    shown = await to_complaint(connection, client)
    return await page(request, connection, "complaint_new.html", ticket=ticket, **shown)


@router.post("", dependencies=_WORK)
async def register(request: Request, who: Who, connection: Writing) -> RedirectResponse:
    """Register it: the complaint's page follows."""
    now = request.state.now()
    with told(request):
        asked = new_of(await forms.fields(request), now)
        number = await service.register(connection, asked, actor=who.login, now=now)
    return RedirectResponse(f"/complaints/{number}", 303)


@router.get("/{complaint}", dependencies=[looks_at("complaint", "complaint")])
async def show_complaint(request: Request, connection: Reading, complaint: Number) -> HTMLResponse:
    """Show a complaint with its terms, its handling and its letters."""
    found = await service.detail(connection, complaint)
    address = await letters.last_address(connection, found.municipality, ABOUT)
    return await page(
        request,
        connection,
        "complaint.html",
        complaint=found,
        letters=await letters.about(connection, complaint=complaint),
        address=address,
        outcomes=list(ComplaintOutcome),
    )


@router.post("/{complaint}/take-up", dependencies=_WORK)
async def take_up(
    request: Request, who: Who, connection: Writing, complaint: Number
) -> RedirectResponse:
    """Look into it from now on."""
    now = request.state.now()
    with told(request):
        sent = _filled(await forms.fields(request))
        if "happened_at" in sent:
            sent["happened_at"] = moment_of("happened_at", sent["happened_at"], now)
        asked = forms.parse(sent, TakeUp)
        await service.take_up(connection, complaint, asked, actor=who.login, now=now)
    return RedirectResponse(f"/complaints/{complaint}", 303)


@router.post("/{complaint}/handle", dependencies=_WORK)
async def handle(
    request: Request, who: Who, connection: Writing, complaint: Number
) -> RedirectResponse:
    """End it: the outcome is written to client and municipality, and mailed where one may."""
    now = request.state.now()
    with told(request):
        form = forms.parse(_filled(await forms.fields(request)), _Handling)
        asked = Handling.model_validate(
            form.model_dump(by_alias=False, exclude={"client_mail", "municipality_mail"})
        )
        await service.handle(connection, complaint, asked, actor=who.login, now=now)
        for letter in await rows(connection, QUERIES["written"], {"number": complaint}):
            address = form.client_mail
            if letter["addressee"] == "municipality":
                address = form.municipality_mail
            if address:
                await letters.mail(connection, letter["number"], address, now=now)
    return RedirectResponse(f"/complaints/{complaint}", 303)


async def to_complaint(connection: Connection, client: str) -> dict[str, Any]:
    """Return what the form of a new complaint shows, at the desk and at the municipality."""
    found = None
    if client:
        found = await row(connection, deliveries.QUERIES["of_client"], {"client": client})
    about = {"client": client, "device": None}
    orders = await rows(connection, deliveries.QUERIES["beside"], about) if found else []
    return {
        "client": client,
        "found": found,
        "aids": (found and found["aids"]) or [],
        "orders": [each for each in orders if each["sort"] == "order"],
        "request_id": uuid4(),
    }


def new_of(sent: Mapping[str, str], now: datetime) -> NewComplaint:
    """Return the complaint that a form means.

    Raises:
        InvalidInputError: a field is missing, or makes no sense.
    """
    said: dict[str, Any] = {
        name: value for name, value in _filled(sent).items() if name in NewComplaint.model_fields
    }
    if "received_at" in said:
        said["received_at"] = moment_of("received_at", said["received_at"], now)
    return forms.parse(said, NewComplaint)


def _filled(sent: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in sent.items() if value.strip()}
