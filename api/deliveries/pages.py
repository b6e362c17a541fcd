"""The desk's pages of orders: what is late or will be; one with its log, and what is done."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Final, Literal
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.deliveries import service
from api.deliveries.schemas import FileKind, NewCommission, Step, StepKind
from api.deliveries.service import QUERIES
from api.desk import forms
from api.desk.page import page
from api.desk.refused import told
from api.desk.service import QUERIES as DESK
from api.letters import service as letters
from api.privacy.looking import looks_at
from api.problems import InvalidInputError
from api.queries import Connection, Row, row, rows
from api.transactions import Reading, Writing
from diagnostics.deliveries.model import SUPPLIES, TAKES_BACK, Kind, Source
from diagnostics.tickets.calendar import ZONE, dutch_day
from diagnostics.tickets.entries import DelayReason

router = APIRouter(
    prefix="/orders",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.SEE_BOARD, Permission.READ_COMMISSIONS)],
)
_WORK: Final = [needs(Permission.WORK_COMMISSIONS)]
A_PAGE: Final = 50
RISK_AHEAD: Final = timedelta(days=7)
STATES: Final = ("open", "late", "risk", "new", "ended", "all")
AID_KINDS: Final = ("stairlift", "scooter", "wheelchair", "hoist")
_CENTS: Final = 100

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
ClientNumber = Annotated[str, Query(pattern=r"^([A-Z0-9-]{3,32})?$")]


class _Filter(BaseModel):
    """What is listed; an empty field of the form means: all."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")

    state: Literal["open", "late", "risk", "new", "ended", "all"] = "open"
    kind: Kind | None = None
    municipality: Annotated[str, Field(pattern=r"^GM[0-9]{4}$")] | None = None
    q: Annotated[str, Field(max_length=60, pattern=r"^[^\x00%_\\]*$")] | None = None


@router.get("")
async def show_orders(
    request: Request,
    connection: Reading,
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HTMLResponse:
    """Show orders, first those whose term comes first."""
    given = {name: value for name, value in request.query_params.items() if value}
    wanted = forms.parse(given, _Filter)
    moments = _moments(request.state.now())
    asked = wanted.model_dump(mode="json") | moments | {"start": start, "limit": A_PAGE + 1}
    statement = "desk_all" if wanted.state in ("ended", "all") else "desk_open"
    found = await rows(connection, QUERIES[statement], asked)
    return await page(
        request,
        connection,
        "orders.html",
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
    request: Request, connection: Reading, client: ClientNumber = ""
) -> HTMLResponse:
    """Show the form of an order that came by mail or telephone; first ask for whom."""
    return await page(request, connection, "order_new.html", **await to_order(connection, client))


@router.post("", dependencies=_WORK)
async def register(request: Request, who: Who, connection: Writing) -> RedirectResponse:
    """Register it: the order's page follows."""
    now = request.state.now()
    with told(request):
        asked = new_of(await forms.fields(request), now)
        number = await service.register(connection, asked, actor=who.login, now=now)
    return RedirectResponse(f"/orders/{number}", 303)


@router.get("/{commission}", dependencies=[looks_at("order", "commission")])
async def show_order(request: Request, connection: Reading, commission: Number) -> HTMLResponse:
    """Show an order with its log, its terms, its delays, its letters and what can be done."""
    order = await service.detail(connection, commission, now=request.state.now())
    return await page(
        request,
        connection,
        "order.html",
        order=order,
        letters=await letters.about(connection, commission=commission),
        supplies=order.kind in SUPPLIES,
        takes_back=order.kind in TAKES_BACK,
        delay_reasons=list(DelayReason),
        sources=list(Source),
        file_kinds=list(FileKind),
        request_id=uuid4,
    )


@router.post("/{commission}/do", dependencies=_WORK)
async def act(
    request: Request, who: Who, connection: Writing, commission: Number
) -> RedirectResponse:
    """Write down what happened."""
    now = request.state.now()
    with told(request):
        step = step_of(await forms.fields(request), now)
        await service.step(connection, commission, step, actor=who.login, now=now)
    return RedirectResponse(f"/orders/{commission}", 303)


@router.get("/{commission}/files/{file}", dependencies=[looks_at("order", "commission")])
async def send_file(connection: Reading, commission: Number, file: Number) -> Response:
    """Send a file of an order."""
    return downloads.stored(*await service.file(connection, commission, file))


async def to_order(connection: Connection, client: str) -> dict[str, Any]:
    """Return what the form of a new order shows, at the desk and at the municipality."""
    found: Row | None = None
    if client:
        found = await row(connection, QUERIES["of_client"], {"client": client})
    aids = (found and found["aids"]) or []
    return {
        "client": client,
        "found": found,
        "aids": aids,
        "postcode4": aids[0]["postcode4"] if aids else "",
        "handed_over": [
            each | {"done_at": datetime.fromisoformat(each["done_at"])}
            for each in ((found and found["handed_over"]) or [])
        ],
        "kinds": list(Kind),
        "aid_kinds": AID_KINDS,
        "request_id": uuid4(),
    }


def new_of(sent: Mapping[str, str], now: datetime) -> NewCommission:
    """Return the order that a form means: empty fields are left out, times are Dutch.

    Raises:
        InvalidInputError: a field is missing, or makes no sense.
    """
    said: dict[str, Any] = {
        name: sent[name]
        for name in NewCommission.model_fields
        if name not in ("price_cents", "all_in") and sent.get(name, "").strip()
    }
    if "received_at" in said:
        said["received_at"] = moment_of("received_at", said["received_at"], now)
    if sent.get("price", "").strip():
        said["price_cents"] = cents_of("price", sent["price"])
    said["all_in"] = sent.get("outside_all_in") != "yes"
    # What only goes with another kind is left out: the form asks for all of it at once.
    if said.get("kind") != Kind.EXCHANGE:
        said.pop("exchange_of", None)
    if said.get("kind") in {*SUPPLIES, Kind.STRUCTURAL_WORKS}:
        said.pop("device", None)
    return forms.parse(said, NewCommission)


def step_of(sent: Mapping[str, str], now: datetime) -> Step:
    """Return what a form says that happened.

    Raises:
        InvalidInputError: a field is missing, or makes no sense.
    """
    said: dict[str, Any] = {
        name: sent[name] for name in Step.model_fields if sent.get(name, "").strip()
    }
    said["kind"] = sent.get("do", "")
    for name in ("happened_at", "due_at"):
        if name in said:
            said[name] = moment_of(name, said[name], now)
    if said["kind"] == StepKind.DONE:
        said["instruction"] = sent.get("instruction") == "yes"
    return forms.parse(said, Step)


def moment_of(name: str, text: str, now: datetime) -> datetime:
    """Read a day, or a time of a day, on the wall in the Netherlands.

    A day alone is its noon, and today, before noon, is now.

    Raises:
        InvalidInputError: it is neither.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInputError("body", f"/{name}", "missing or not valid") from None
    if len(text.strip()) > len("2026-01-01"):
        return at if at.tzinfo else at.replace(tzinfo=ZONE)
    noon = datetime.combine(at.date(), time(12), tzinfo=ZONE)
    return now if noon > now and dutch_day(noon) == dutch_day(now) else noon


def cents_of(name: str, text: str) -> int:
    """Read an amount of euros as people type it: 1.234,50 or 1234.50.

    Raises:
        InvalidInputError: it is none.
    """
    plain = text.strip().removeprefix("€").replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    whole, _, rest = plain.partition(".")
    if not whole.isdigit() or (rest and not (rest.isdigit() and len(rest) <= len("00"))):
        raise InvalidInputError("body", f"/{name}", "missing or not valid")
    return int(whole) * _CENTS + int(rest.ljust(2, "0") or 0)


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "soon": now + RISK_AHEAD}
