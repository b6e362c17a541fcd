"""The managers' page of declarations: what can be declared, what was, and what came back."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from psycopg.types.json import Jsonb
from pydantic import BaseModel, ConfigDict, Field

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.billing import loading, service
from api.billing.endpoints import How, month_of
from api.billing.months import due_by
from api.desk import forms
from api.desk.page import page
from api.desk.refused import told
from api.desk.service import QUERIES as DESK
from api.kpi.periods import Length, period_at
from api.problems import InvalidInputError, NotFoundError
from api.queries import rows
from api.transactions import Reading, Writing
from diagnostics.tickets.calendar import dutch_day

router = APIRouter(
    prefix="/billing",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.SEE_BOARD, Permission.BILL)],
)
_AGAIN: Final = "again_"
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Code = Annotated[str, Field(pattern=r"^GM[0-9]{4}$")]


class _Declaration(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")

    municipality: Code
    month: Annotated[str, Field(max_length=7)]


class _Contract(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    municipality: Code
    agb_code: Annotated[str, Field(pattern=r"^[0-9]{8}$")]


class _How(How):
    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")


@router.get("")
async def show_billing(
    request: Request,
    connection: Reading,
    municipality: Annotated[str, Query(pattern=r"^(GM[0-9]{4})?$")] = "",
    month: Annotated[str, Query(max_length=7)] = "",
) -> HTMLResponse:
    """Show what can be declared of a month, all declarations, and the lines that wait."""
    now = request.state.now()
    last = period_at(now.replace(day=1) - timedelta(days=1), Length.MONTH)
    period = month_of(month, "query") if month else last
    contracts = await rows(connection, service.QUERIES["contracts"])
    chosen = municipality or (contracts[0]["code"] if contracts else "")
    agreed = chosen in {each["code"] for each in contracts}
    declarations = await rows(connection, service.QUERIES["declarations"])
    return await page(
        request,
        connection,
        "billing.html",
        contracts=contracts,
        municipalities=await rows(connection, DESK["municipalities"]),
        chosen=chosen,
        period=period,
        over=dutch_day(now) >= period.end,
        due_on=due_by(period),
        proposed=await service.proposed(connection, chosen, period) if agreed else [],
        declarations=[each for each in declarations if each["municipality_code"] == chosen],
        rejected=[
            each
            for each in await rows(connection, service.QUERIES["rejected"])
            if each["municipality_code"] == chosen
        ],
    )


@router.post("/declare")
async def declare(request: Request, who: Who, connection: Writing) -> RedirectResponse:
    """Declare a month, and the rejected lines that are chosen once more."""
    with told(request):
        sent = await forms.fields(request)
        form = forms.parse(sent, _Declaration)
        again = [name.removeprefix(_AGAIN) for name in sent if name.startswith(_AGAIN)]
        if not all(each.isdigit() for each in again):
            raise InvalidInputError("body", "/again", "missing or not valid")
        await service.declare(
            connection,
            form.municipality,
            month_of(form.month, "body"),
            again=[int(each) for each in again],
            now=request.state.now(),
            actor=who.login,
        )
    return RedirectResponse(f"/billing?municipality={form.municipality}&month={form.month}", 303)


@router.post("/declarations/{number}/message")
async def write_message(
    request: Request, who: Who, connection: Writing, number: Number
) -> Response:
    """Send the message (323); that the clients' service numbers were used is on record."""
    with told(request):
        name, content = await service.message(
            connection, number, account_id=who.account_id, now=request.state.now()
        )
    return downloads.made(content, name, "application/xml")


@router.post("/rejected/{number}/settle")
async def settle(request: Request, connection: Writing, number: Number) -> RedirectResponse:
    """Say what was done about a rejected line that is not declared again."""
    with told(request):
        form = await forms.read(request, _How)
        waiting = await rows(connection, service.QUERIES["rejected"])
        codes = {each["line_id"]: each["municipality_code"] for each in waiting}
        if number not in codes:
            raise NotFoundError(f"There is no rejected line {number}.")
        await service.settle_line(connection, number, form.how)
    return RedirectResponse(f"/billing?municipality={codes[number]}", 303)


@router.post("/contracts")
async def agree(request: Request, connection: Writing) -> RedirectResponse:
    """Write down under which AGB code we declare to a municipality; no personal data."""
    with told(request):
        form = await forms.read(request, _Contract)
        given = {"municipality": form.municipality, "settings": Jsonb({"agb_code": form.agb_code})}
        await connection.execute(loading.QUERIES["contracts"], given)
    return RedirectResponse(f"/billing?municipality={form.municipality}", 303)
