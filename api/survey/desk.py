"""The desk's pages of the survey: figures, links to send, and answers from paper."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ConfigDict

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.deliveries.pages import AID_KINDS
from api.desk import forms
from api.desk.page import page
from api.desk.refused import told
from api.desk.service import QUERIES as DESK
from api.queries import Connection, rows
from api.survey import service
from api.survey.schemas import Invitation, NewInvitation, Occasion, PaperAnswers
from api.transactions import Reading, Writing
from diagnostics.tickets.calendar import dutch_day

router = APIRouter(
    prefix="/satisfaction",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.SEE_BOARD, Permission.READ_SURVEY)],
)
_WORK: Final = [needs(Permission.WORK_SURVEY)]
SCORES: Final = ("aid", "people", "speed", "information")
# What stays in the form from one paper to the next.
_KEPT: Final = ("municipality", "occasion", "aid_kind", "answered_on")


class _Paper(PaperAnswers):
    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")

    entered: int = 0


class _Invitation(NewInvitation):
    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")


@router.get("")
async def show_survey(
    request: Request,
    connection: Reading,
    municipality: Annotated[str, Query(pattern=r"^(GM[0-9]{4})?$")] = "",
    client: Annotated[str, Query(pattern=r"^([A-Z0-9-]{3,32})?$")] = "",
) -> HTMLResponse:
    """Show how satisfied clients are, and where a link is made."""
    return await _shown(request, connection, municipality=municipality, client=client)


@router.post("/links", dependencies=_WORK)
async def make_link(request: Request, who: Who, connection: Writing) -> HTMLResponse:
    """Make a personal link, and show it this once."""
    with told(request):
        asked = await forms.read(request, _Invitation)
        made = await service.invite(connection, asked, actor=who.login, now=request.state.now())
    return await _shown(request, connection, made=made, client=asked.client_number)


@router.get("/paper", dependencies=_WORK)
async def show_paper(request: Request, connection: Reading) -> HTMLResponse:
    """Show the form for an answer on paper, with what the one before was about."""
    given = request.query_params
    return await page(
        request,
        connection,
        "survey_paper.html",
        kept={name: given.get(name, "") for name in _KEPT},
        entered=int(given.get("entered", "0")) if given.get("entered", "0").isdigit() else 0,
        today=dutch_day(request.state.now()),
        scores=SCORES,
        occasions=list(Occasion),
        aid_kinds=AID_KINDS,
        municipalities=await rows(connection, DESK["municipalities"]),
    )


@router.post("/paper", dependencies=_WORK)
async def enter_paper(request: Request, who: Who, connection: Writing) -> RedirectResponse:
    """Enter one; the form for the next follows."""
    with told(request):
        sent = {name: value for name, value in (await forms.fields(request)).items() if value}
        said = forms.parse(sent, _Paper)
        await service.enter(
            connection,
            PaperAnswers.model_validate(said.model_dump(by_alias=False, exclude={"entered"})),
            actor=who.login,
            now=request.state.now(),
        )
    kept = {name: sent.get(name, "") for name in _KEPT} | {"entered": said.entered + 1}
    return RedirectResponse(f"/satisfaction/paper?{urlencode(kept)}", 303)


async def _shown(
    request: Request,
    connection: Connection,
    *,
    municipality: str = "",
    client: str = "",
    made: Invitation | None = None,
) -> HTMLResponse:
    now = request.state.now()
    since = dutch_day(now).replace(year=dutch_day(now).year - 1, day=1)
    found = await service.figures(connection, municipality or None, since=since)
    shown: dict[str, Any] = {"link": None, "expires_at": None}
    if made is not None:
        link = str(request.base_url).rstrip("/") + made.path
        shown = {"link": link, "expires_at": made.expires_at}
    return await page(
        request,
        connection,
        "satisfaction.html",
        months=found.items,
        municipality=municipality,
        client=client,
        occasions=list(Occasion),
        aid_kinds=AID_KINDS,
        municipalities=await rows(connection, DESK["municipalities"]),
        **shown,
    )
