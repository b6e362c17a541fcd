"""The pages of breaches: the register, and one breach with its clocks and decisions."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.breaches import form as report_form
from api.breaches import service
from api.breaches.decisions import BreachKind, Risk, Step
from api.breaches.endpoints import Whose, send_form
from api.breaches.schemas import BreachStep, NewBreach
from api.desk import forms
from api.privacy.frame import base_of, render
from api.problems import InvalidInputError, ProblemError
from api.queries import Connection
from api.transactions import Reading, Writing
from diagnostics.tickets.calendar import ZONE

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.READ_BREACHES)],
)
_REGISTER: Final = [needs(Permission.REGISTER_BREACHES)]
_DATA: Final = 10
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class NewForm(BaseModel):
    """A breach that was found; each municipality is a field ``municipality GM…``."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="allow")

    title: Annotated[str, Field(min_length=3, max_length=200)]
    description: Annotated[str, Field(min_length=3, max_length=8_000)]
    kind: BreachKind
    discovered: Annotated[str, Field(max_length=20)] = ""
    began: Annotated[str, Field(max_length=20)] = ""
    people: Annotated[str, Field(pattern=r"^[0-9]{0,7}$")] = ""
    data: Annotated[str, Field(max_length=1_000)] = ""
    measures: Annotated[str, Field(max_length=8_000)] = ""

    @property
    def municipalities(self) -> list[str]:
        """The codes that were ticked."""
        named = (key for key in self.model_extra or () if key.startswith("municipality "))
        return [key.removeprefix("municipality ") for key in named]


class StepForm(BaseModel):
    """One step."""

    model_config = ConfigDict(str_strip_whitespace=True)

    version: Annotated[int, Field(ge=1)]
    do: Step
    text: Annotated[str, Field(max_length=8_000)] = ""
    risk: str = ""
    people: Annotated[str, Field(pattern=r"^[0-9]{0,7}$")] = ""
    yes: str = ""
    happened: Annotated[str, Field(max_length=20)] = ""


@router.get("/portal/breaches")
@router.get("/privacy/breaches")
async def show_breaches(request: Request, who: Who, connection: Reading) -> HTMLResponse:
    """Show the register."""
    return await _listed(request, who, connection)


@router.post("/privacy/breaches", dependencies=_REGISTER)
async def register(request: Request, who: Who, connection: Writing) -> Response:
    """Register a breach; its municipalities are told at once."""
    form = await forms.read(request, NewForm)
    try:
        asked = NewBreach(
            title=form.title,
            description=form.description,
            kind=form.kind,
            municipalities=form.municipalities,
            discovered_at=_moment(form.discovered),
            began_at=_moment(form.began),
            people=int(form.people) if form.people else None,
            data=[each.strip() for each in form.data.split(",") if each.strip()][:_DATA],
            measures=form.measures,
        )
        number = await service.register(connection, asked, who=who, now=request.state.now())
    except (ValidationError, InvalidInputError) as error:
        wrong = error if isinstance(error, InvalidInputError) else _of(error)
        return await _listed(request, who, connection, wrong=wrong)
    return RedirectResponse(f"{base_of(who)}/breaches/{number}", 303)


@router.get("/portal/breaches/{number}")
@router.get("/privacy/breaches/{number}")
async def show_breach(
    request: Request, who: Who, connection: Reading, number: Number
) -> HTMLResponse:
    """Show a breach: what happened, the clocks, who decided what."""
    return await _one(request, who, connection, number)


@router.post("/portal/breaches/{number}", dependencies=[needs(Permission.DECIDE_BREACHES)])
@router.post("/privacy/breaches/{number}", dependencies=_REGISTER)
async def act(request: Request, who: Who, connection: Writing, number: Number) -> Response:
    """Carry out one step."""
    form = await forms.read(request, StepForm)
    try:
        asked = BreachStep(
            version=form.version,
            do=form.do,
            text=form.text,
            risk=Risk(form.risk) if form.risk else None,
            people=int(form.people) if form.people else None,
            yes={"yes": True, "no": False}.get(form.yes),
            happened_at=_moment(form.happened),
        )
        await service.step(connection, number, asked, who=who, now=request.state.now())
    except (ValidationError, ValueError, InvalidInputError) as error:
        wrong = error if isinstance(error, InvalidInputError) else _of(error)
        return await _one(request, who, connection, number, wrong=wrong)
    return RedirectResponse(f"{base_of(who)}/breaches/{number}", 303)


@router.get("/portal/breaches/{number}/report-form")
@router.get("/privacy/breaches/{number}/report-form")
async def send(
    request: Request, connection: Reading, number: Number, code: Whose = None
) -> Response:
    """Send what the supervisor's form asks."""
    return await send_form(request, connection, number, code)


def _of(error: Exception) -> InvalidInputError:
    where = error.errors()[0]["loc"][0] if isinstance(error, ValidationError) else "risk"
    return InvalidInputError("body", f"/{where}", "missing or not valid")


def _moment(text: str) -> datetime | None:
    """Return the moment of a field ``datetime-local``, on Dutch walls; empty: None."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE) if text else None


async def _listed(
    request: Request, who: Principal, connection: Connection, *, wrong: ProblemError | None = None
) -> HTMLResponse:
    registers = who.may(Permission.REGISTER_BREACHES)
    return await render(
        request,
        connection,
        who,
        "privacy/breaches.html",
        status=200 if wrong is None else 400,
        breaches=(await service.listed(connection)).items,
        registers=registers,
        municipalities=await service.municipalities(connection) if registers else (),
        kinds=report_form.KINDS,
        risks=report_form.RISKS,
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
    found = await service.detail(connection, number)
    shown: dict[str, Any] = {
        "found": found,
        "registers": who.may(Permission.REGISTER_BREACHES),
        "decides": who.may(Permission.DECIDE_BREACHES),
        "kinds": report_form.KINDS,
        "risks": report_form.RISKS,
        "wrong": wrong,
    }
    status = 200 if wrong is None else 400
    return await render(request, connection, who, "privacy/breach.html", status=status, **shown)
