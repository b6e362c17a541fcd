"""The pages of who watches over privacy: terms, catalogue, looks."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.portal import theme
from api.portal.actions import as_csv
from api.privacy import catalogue, data_act, service
from api.privacy.endpoints import span
from api.privacy.frame import base_of, render
from api.problems import NotFoundError
from api.transactions import AsService, Reading, Writing
from diagnostics.tickets.calendar import ZONE, dutch_day

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_READ: Final = [needs(Permission.READ_PRIVACY)]
_HANDLE: Final = [needs(Permission.READ_PRIVACY, Permission.HANDLE_REQUESTS)]
_SHOWN: Final = 200
_EXPORTED: Final = 50_000
_COLUMNS: Final = ("at", "login", "name", "role", "client_number", "ticket_id", "reason")

About = Annotated[str, Query(max_length=64, pattern=r"^[^\x00]*$")]
Day = Annotated[date | str, Query(max_length=10)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class HoldForm(BaseModel):
    """Something to be held."""

    model_config = ConfigDict(str_strip_whitespace=True)

    subject: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{3,32}$")]
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    since: Annotated[date | None, Field(strict=False)] = None


@router.get("/privacy/theme.css", dependencies=[needs(Permission.USE_ACCOUNT)])
async def send_theme() -> Response:
    """Send the colours of the platform's own pages."""
    return Response(theme.style({}), 200, media_type="text/css")


@router.get("/portal/retention", dependencies=_READ)
@router.get("/privacy/retention", dependencies=_READ)
async def show_retention(request: Request, who: Who, connection: Reading) -> HTMLResponse:
    """Show how long each kind of data is kept, what went, and what is held."""
    return await _retention(request, who, connection)


@router.post("/portal/holds", dependencies=_HANDLE)
@router.post("/privacy/holds", dependencies=_HANDLE)
async def place_hold(request: Request, who: Who, connection: Writing) -> Response:
    """Hold what is about a client or an aid."""
    form = await forms.read(request, HoldForm)
    since = None if form.since is None else datetime.combine(form.since, time(), tzinfo=ZONE)
    try:
        await service.place_hold(
            connection, form.subject, form.reason, since, who=who, now=request.state.now()
        )
    except NotFoundError as error:
        return await _retention(request, who, connection, wrong=str(error), status=404)
    return RedirectResponse(f"{base_of(who)}/retention#holds", 303)


@router.post("/portal/holds/{number}/lift", dependencies=_HANDLE)
@router.post("/privacy/holds/{number}/lift", dependencies=_HANDLE)
async def lift_hold(
    request: Request, who: Who, connection: Writing, number: Number
) -> RedirectResponse:
    """Hold it no longer."""
    await service.lift_hold(connection, number, who=who, now=request.state.now())
    return RedirectResponse(f"{base_of(who)}/retention#holds", 303)


@router.get("/portal/catalogue", dependencies=_READ)
@router.get("/privacy/catalogue", dependencies=_READ)
async def show_catalogue(request: Request, who: Who, connection: Reading) -> HTMLResponse:
    """Show what every table and column is for, and what a device tells."""
    return await render(
        request,
        connection,
        who,
        "privacy/catalogue.html",
        tables=catalogue.load(),
        classes=catalogue.CLASSES,
        products=data_act.products(),
    )


@router.get("/portal/looks", dependencies=_READ)
@router.get("/privacy/looks", dependencies=_READ)
async def show_looks(
    *,
    request: Request,
    who: Who,
    connection: Reading,
    as_platform: AsService,
    about: About = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="until", max_length=10)] = "",
) -> HTMLResponse:
    """Show who looked at whom, when and why; and what is unusual in it."""
    now = request.state.now()
    begin, end = span(_day(first), _day(last), now)
    found = await service.looks(
        connection, about=about.strip() or None, begin=begin, end=end, limit=_SHOWN + 1
    )
    return await render(
        request,
        connection,
        who,
        "privacy/looks.html",
        looks=found[:_SHOWN],
        more=len(found) > _SHOWN,
        unusual=await service.unusual(connection, as_platform, begin=begin, end=end),
        about=about.strip(),
        first=dutch_day(begin),
        last=dutch_day(end - timedelta(seconds=1)),
    )


@router.get("/portal/looks.csv", dependencies=_READ)
@router.get("/privacy/looks.csv", dependencies=_READ)
async def send_looks(
    *,
    request: Request,
    connection: Reading,
    about: About = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="until", max_length=10)] = "",
) -> Response:
    """Send the same as a file."""
    begin, end = span(_day(first), _day(last), request.state.now())
    found = await service.looks(
        connection, about=about.strip() or None, begin=begin, end=end, limit=_EXPORTED
    )
    name = f"inzage-{dutch_day(begin)}-{dutch_day(end - timedelta(seconds=1))}.csv"
    content = as_csv(service.as_rows(found), _COLUMNS)
    return downloads.made(content, name, "text/csv; charset=utf-8")


def _day(text: str) -> date | None:
    """Return the day that a field holds; what is none is as if it was empty."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def _retention(
    request: Request,
    who: Who,
    connection: Reading,
    *,
    wrong: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    return await render(
        request,
        connection,
        who,
        "privacy/retention.html",
        status=status,
        kinds=await service.retention(connection),
        holds=await service.holds(connection),
        handles=who.may(Permission.HANDLE_REQUESTS),
        wrong=wrong,
    )
