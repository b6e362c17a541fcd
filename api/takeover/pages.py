"""Takeovers as pages, at the desk and in the portal; and under /v1."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api import downloads
from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.desk.page import page as desk_page
from api.portal.actions import as_csv
from api.portal.page import page as portal_page
from api.queries import Connection
from api.schema import Document
from api.takeover import service
from api.takeover.service import COLUMNS, NewInspection
from api.transactions import Reading, Writing

_READ = [needs(Permission.READ_COMMISSIONS)]
_DESK = [needs(Permission.SEE_BOARD)]
_PORTAL = [needs(Permission.USE_PORTAL)]
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=_READ)
interface = APIRouter(tags=["Logbooks"], dependencies=_READ)
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class InspectionDocument(Document):
    """An inspection that was written down."""

    number: int


@router.get("/takeovers", dependencies=_DESK)
@router.get("/portal/takeovers", dependencies=_PORTAL)
async def show_takeovers(request: Request, who: Who, connection: Reading) -> HTMLResponse:
    """Show which parks were taken over."""
    found = await service.takeovers(connection)
    return await _page(request, connection, who, "takeovers.html", takeovers=found)


@router.get("/takeovers/{takeover}", dependencies=_DESK)
@router.get("/portal/takeovers/{takeover}", dependencies=_PORTAL)
async def show_takeover(
    request: Request, who: Who, connection: Reading, takeover: Number
) -> HTMLResponse:
    """Show how far a takeover is, and what is left."""
    found = await service.takeover(connection, takeover, now=request.state.now())
    own = who.may(Permission.SEE_BOARD)
    return await _page(
        request,
        connection,
        who,
        "takeover.html",
        takeover=found,
        lists=await service.lists(connection, takeover) if own else (),
        may_write=own and who.may(Permission.WRITE_REGISTER),
    )


@router.get("/takeovers/{takeover}/left.csv", dependencies=_DESK)
@router.get("/portal/takeovers/{takeover}/left.csv", dependencies=_PORTAL)
async def send_left(request: Request, connection: Reading, takeover: Number) -> Response:
    """Send what is left, for Excel."""
    found = await service.takeover(connection, takeover, now=request.state.now())
    left = [each | {"missing": ", ".join(each["missing"])} for each in found.left]
    name = f"overname-{takeover}-openstaand.csv"
    return downloads.made(as_csv(left, COLUMNS), name, "text/csv; charset=utf-8")


@router.get("/inspections/{inspection}", dependencies=_DESK)
@router.get("/portal/inspections/{inspection}", dependencies=_PORTAL)
async def show_inspection(
    request: Request, who: Who, connection: Reading, inspection: Number
) -> HTMLResponse:
    """Show an inspection with its photographs."""
    found, photos = await service.inspection(connection, inspection)
    return await _page(request, connection, who, "inspection.html", inspection=found, photos=photos)


@router.post(
    "/takeovers/{takeover}/inspections", dependencies=[*_DESK, needs(Permission.WRITE_REGISTER)]
)
async def write_inspection(
    request: Request, who: Who, connection: Writing, takeover: Number
) -> Response:
    """Take an inspection."""
    sent = {key: value for key, value in (await forms.fields(request)).items() if value.strip()}
    wanted = forms.parse(sent | {"overdue": "yes" if "overdue" in sent else "no"}, NewInspection)
    await service.inspect(connection, wanted, actor=who.login, now=request.state.now())
    return RedirectResponse(f"/takeovers/{takeover}", 303)


@interface.post(
    "/inspections",
    operation_id="writeInspection",
    status_code=201,
    dependencies=[needs(Permission.WRITE_REGISTER)],
)
async def add_inspection(
    request: Request, who: Who, connection: Writing, body: NewInspection
) -> InspectionDocument:
    """Write down that an aid of a takeover was inspected; overdue maintenance is reported."""
    now = request.state.now()
    number = await service.inspect(connection, body, actor=who.login, now=now)
    return InspectionDocument(number=number)


async def _page(
    request: Request, connection: Connection, who: Principal, template: str, **shown: Any
) -> HTMLResponse:
    if who.municipality_code is not None:
        return await portal_page(
            request, connection, who, f"portal/{template}", root="/portal", **shown
        )
    return await desk_page(request, connection, template, root="", **shown)
