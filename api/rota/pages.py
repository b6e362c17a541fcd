"""The rota as a page, for whoever is on it and whoever makes it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.accounts import pages
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.desk import service as desk
from api.desk.rendering import ZONE
from api.problems import InvalidInputError
from api.queries import Connection
from api.rota import service
from api.rota.schemas import Hours, NewOverride, NewRotation, Swap, Turns
from api.rota.service import Fault, RefusedError
from api.transactions import Reading, Writing
from diagnostics.escalation.rota import HANDOVER, Layer, Turn

router = APIRouter(
    prefix="/rota",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.READ_ROTA)],
)
_WRITE = [needs(Permission.WRITE_ROTA)]
PLACES = 6

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Login = Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]


class _Form(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    layer: Layer
    reason: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""


class OverrideForm(_Form):
    """Times by the clock on the wall; nobody chosen: nobody takes over, or from everybody."""

    begin: datetime
    end: datetime
    person: Login = ""
    instead_of: Login = ""


class SwapForm(_Form):
    """Two people and the stretches that are theirs now."""

    first: Login
    first_begin: datetime
    first_end: datetime
    second: Login
    second_begin: datetime
    second_end: datetime


class RotationForm(BaseModel):
    """People in order; hours only if both are given."""

    layer: Layer
    turn: Turn = Turn.WEEK
    first_day: date
    handover: time = HANDOVER
    hours_begin: time | Literal[""] = ""
    hours_end: time | Literal[""] = ""
    person_1: Login = ""
    person_2: Login = ""
    person_3: Login = ""
    person_4: Login = ""
    person_5: Login = ""
    person_6: Login = ""

    @property
    def people(self) -> list[str]:
        """Return who was chosen, in order."""
        chosen = (getattr(self, f"person_{place}") for place in range(1, PLACES + 1))
        return [login for login in chosen if login]


class EndForm(BaseModel):
    """When a rotation ends."""

    last_day: date


@router.get("")
async def show_rota(request: Request, connection: Reading) -> HTMLResponse:
    """Show who is on call now and in the coming fortnight, and where somebody is missing."""
    return await _page(request, connection)


@router.post("/overrides", dependencies=_WRITE)
async def add_override(request: Request, who: Who, connection: Writing) -> Response:
    """Have somebody take over for a while."""
    form = await forms.read(request, OverrideForm)
    asked = _asked(
        lambda: NewOverride(
            layer=form.layer,
            begin=_here(form.begin),
            end=_here(form.end),
            person=form.person or None,
            instead_of=form.instead_of or None,
            reason=form.reason,
        )
    )
    now = request.state.now()
    return await _store(
        request,
        connection,
        lambda: service.add_override(connection, asked, actor=who.login, now=now),
    )


@router.post("/swaps", dependencies=_WRITE)
async def swap(request: Request, who: Who, connection: Writing) -> Response:
    """Have two people take each other's place."""
    form = await forms.read(request, SwapForm)
    asked = _asked(
        lambda: Swap(
            layer=form.layer,
            first=Turns(
                person=form.first, begin=_here(form.first_begin), end=_here(form.first_end)
            ),
            second=Turns(
                person=form.second, begin=_here(form.second_begin), end=_here(form.second_end)
            ),
            reason=form.reason,
        )
    )
    now = request.state.now()
    return await _store(
        request, connection, lambda: service.swap(connection, asked, actor=who.login, now=now)
    )


@router.post("/rotations", dependencies=_WRITE)
async def add_rotation(request: Request, who: Who, connection: Writing) -> Response:
    """Have people take turns."""
    form = await forms.read(request, RotationForm)
    hours = None
    if form.hours_begin != "" and form.hours_end != "":
        hours = Hours(begin=form.hours_begin, end=form.hours_end)
    asked = _asked(
        lambda: NewRotation(
            layer=form.layer,
            turn=form.turn,
            first_day=form.first_day,
            handover=form.handover,
            hours=hours,
            people=form.people,
        )
    )
    now = request.state.now()
    return await _store(
        request,
        connection,
        lambda: service.add_rotation(connection, asked, actor=who.login, now=now),
    )


@router.post("/rotations/{number}/end", dependencies=_WRITE)
async def end_rotation(request: Request, connection: Writing, number: Number) -> Response:
    """Have a rotation end."""
    form = await forms.read(request, EndForm)
    now = request.state.now()
    return await _store(
        request,
        connection,
        lambda: service.end_rotation(connection, number, form.last_day, now=now),
    )


async def _store(
    request: Request, connection: Connection, store: Callable[[], Awaitable[Any]]
) -> Response:
    """Store something and show the rota; or nothing, and what is wrong with it."""
    try:
        async with connection.transaction():
            await store()
    except RefusedError as refused:
        return await _page(request, connection, faults=refused.faults, status=refused.status)
    return RedirectResponse("/rota", 303)


async def _page(
    request: Request, connection: Connection, *, faults: Any = (), status: int = 200
) -> HTMLResponse:
    now = request.state.now()
    wrong: list[Fault] = list(faults)
    return pages.render(
        request,
        "rota.html",
        status=status,
        alarm=await desk.alarm(connection),
        health=request.state.monitor.latest,
        faults=wrong,
        schedule=await service.schedule(connection, now=now, begin=now, end=now + service.AHEAD),
        people=await service.people(connection),
        rotations=await service.rotations(connection, now=now),
        overrides=await service.overrides(connection, now=now),
        layers=list(Layer),
        turns=list(Turn),
        places=PLACES,
    )


def _asked(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except ValidationError as error:
        where = "/".join(map(str, error.errors()[0]["loc"]))
        raise InvalidInputError("body", f"/{where}", error.errors()[0]["msg"]) from error


def _here(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=ZONE)
