"""Takeovers as pages, at the desk and in the portal; and under /v1."""

from asyncio import to_thread
from importlib.resources import files
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api import downloads, multipart
from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.desk.page import page as desk_page
from api.portal.actions import as_csv
from api.portal.page import page as portal_page
from api.queries import Connection, rows
from api.reports.workbook import MEDIA_TYPE
from api.schema import Document
from api.takeover import service, uploading
from api.takeover.importing import MOST_FAULTS, UnreadableListError
from api.takeover.mapping import BadMappingError
from api.takeover.mapping import read as read_mapping
from api.takeover.service import COLUMNS, NewInspection, NewTakeover
from api.transactions import Reading, Writing

_READ = [needs(Permission.READ_COMMISSIONS)]
_DESK = [needs(Permission.SEE_BOARD)]
_TAKES_OVER = [*_DESK, needs(Permission.TAKE_OVER)]
_PORTAL = [needs(Permission.USE_PORTAL)]
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=_READ)
interface = APIRouter(tags=["Logbooks"], dependencies=_READ)
_MOST_PHOTO_BYTES = 32 * 1024 * 1024
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Wrong(NamedTuple):
    """Why a list is not taken: a word of ``words.LISTS``, with what it is about."""

    what: str
    about: str = ""


class InspectionDocument(Document):
    """An inspection that was written down."""

    number: int


@router.get("/takeovers", dependencies=_DESK)
@router.get("/portal/takeovers", dependencies=_PORTAL)
async def show_takeovers(request: Request, who: Who, connection: Reading) -> HTMLResponse:
    """Show which parks were taken over."""
    may_begin = who.may(Permission.TAKE_OVER)
    towns = await rows(connection, service.QUERIES["municipalities"]) if may_begin else ()
    found = await service.takeovers(connection)
    return await _page(
        request, connection, who, "takeovers.html", takeovers=found, municipalities=towns
    )


@router.post("/takeovers", dependencies=_TAKES_OVER)
async def begin(request: Request, who: Who, connection: Writing) -> Response:
    """Begin a takeover."""
    sent = {key: value for key, value in (await forms.fields(request)).items() if value.strip()}
    wanted = forms.parse(sent, NewTakeover)
    number = await service.start(connection, wanted, actor=who.login, now=request.state.now())
    return RedirectResponse(f"/takeovers/{number}", 303)


@router.get("/takeovers/mapping.toml", dependencies=_TAKES_OVER)
async def send_example() -> Response:
    """Send a mapping to begin from."""
    example = (files("api.takeover") / "example.toml").read_bytes()
    return downloads.made(example, "mapping.toml", "application/toml; charset=utf-8")


@router.get("/takeovers/{takeover}", dependencies=_DESK)
@router.get("/portal/takeovers/{takeover}", dependencies=_PORTAL)
async def show_takeover(
    request: Request, who: Who, connection: Reading, takeover: Number
) -> HTMLResponse:
    """Show how far a takeover is, and what is left."""
    return await _takeover(request, connection, who, takeover)


@router.post("/takeovers/{takeover}/lists", dependencies=_TAKES_OVER)
async def check_list(request: Request, who: Who, takeover: Number) -> Response:
    """Take a list, and show what it would do; nothing is read in."""
    fields, sent = await multipart.read(request, most=uploading.MOST_BYTES)
    wrong: Wrong | None = None
    if "file" not in sent:
        wrong = Wrong("no_excel")
    else:
        try:
            number = await to_thread(
                uploading.check,
                request.state.pool.conninfo,
                takeover,
                sent["file"][0],
                choice=fields.get("choice", ""),
                mapping=next(iter(sent.get("mapping", ())), None),
                now=request.state.now(),
                actor=who.login,
            )
        except UnreadableListError as error:
            wrong = Wrong(error.what, error.about)
        except BadMappingError as error:
            wrong = Wrong("bad_mapping", str(error))
        else:
            return RedirectResponse(f"/takeovers/{takeover}/lists/{number}", 303)
    async with request.state.pool.connection() as connection:
        shown = await _takeover(request, connection, who, takeover, wrong=wrong)
    shown.status_code = 400
    return shown


@router.get("/takeovers/{takeover}/lists/{upload}", dependencies=_TAKES_OVER)
async def show_list(
    request: Request, who: Who, connection: Reading, takeover: Number, upload: Number
) -> HTMLResponse:
    """Show what a list would do, row by row."""
    found = await service.upload(connection, takeover, upload)
    head = await service.takeover(connection, takeover, now=request.state.now())
    names = read_mapping(found["mapping"]).columns
    return await _page(
        request,
        connection,
        who,
        "takeover_list.html",
        takeover=head,
        list=found,
        columns=names,
        most=MOST_FAULTS,
    )


@router.get("/takeovers/{takeover}/lists/{upload}/rejected.xlsx", dependencies=_TAKES_OVER)
async def send_rejected(connection: Reading, takeover: Number, upload: Number) -> Response:
    """Send the rows that cannot be read in, to be mended and sent again."""
    content = await service.rejected(connection, takeover, upload)
    return downloads.made(content, f"overname-{takeover}-niet-gelezen.xlsx", MEDIA_TYPE)


@router.post("/takeovers/{takeover}/lists/{upload}", dependencies=_TAKES_OVER)
async def read_list(request: Request, who: Who, takeover: Number, upload: Number) -> Response:
    """Read in what can be."""
    await to_thread(
        uploading.read_upload,
        request.state.pool.conninfo,
        takeover,
        upload,
        now=request.state.now(),
        actor=who.login,
    )
    return RedirectResponse(f"/takeovers/{takeover}", 303)


@router.post("/takeovers/{takeover}/lists/{upload}/remove", dependencies=_TAKES_OVER)
async def remove_list(connection: Writing, takeover: Number, upload: Number) -> Response:
    """Throw a list away that waits."""
    await service.drop_upload(connection, takeover, upload)
    return RedirectResponse(f"/takeovers/{takeover}", 303)


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
    may_write = who.may(Permission.SEE_BOARD) and who.may(Permission.WRITE_REGISTER)
    shown = {"inspection": found, "photos": photos, "may_write": may_write}
    return await _page(request, connection, who, "inspection.html", **shown)


@router.post("/inspections", dependencies=[*_DESK, needs(Permission.WRITE_REGISTER)])
async def write_inspection(request: Request, who: Who, connection: Writing) -> Response:
    """Take an inspection, with photographs."""
    fields, files_ = await multipart.read(request, most=_MOST_PHOTO_BYTES)
    sent = {key: value for key, value in fields.items() if value}
    wanted = forms.parse(sent | {"overdue": "yes" if "overdue" in sent else "no"}, NewInspection)
    number = await service.inspect(
        connection,
        wanted,
        files_.get("photos", ()),
        actor=who.login,
        now=request.state.now(),
    )
    return RedirectResponse(f"/inspections/{number}", 303)


@router.post(
    "/inspections/{inspection}/photos", dependencies=[*_DESK, needs(Permission.WRITE_REGISTER)]
)
async def add_photos(
    request: Request, who: Who, connection: Writing, inspection: Number
) -> Response:
    """Add photographs to an inspection."""
    await service.inspection(connection, inspection)
    _, files_ = await multipart.read(request, most=_MOST_PHOTO_BYTES)
    await service.add_photos(
        connection,
        inspection,
        files_.get("photos", ()),
        actor=who.login,
        now=request.state.now(),
    )
    return RedirectResponse(f"/inspections/{inspection}", 303)


@router.get("/inspections/{inspection}/photos/{photo}", dependencies=_DESK)
@router.get("/portal/inspections/{inspection}/photos/{photo}", dependencies=_PORTAL)
async def send_photo(connection: Reading, inspection: Number, photo: Number) -> Response:
    """Send a photograph of an inspection."""
    found = await service.photo(connection, inspection, photo)
    return downloads.stored(bytes(found["content"]), found["name"], found["media_type"])


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


async def _takeover(
    request: Request,
    connection: Connection,
    who: Principal,
    number: int,
    wrong: Wrong | None = None,
) -> HTMLResponse:
    found = await service.takeover(connection, number, now=request.state.now())
    own = who.may(Permission.SEE_BOARD)
    takes_over = own and who.may(Permission.TAKE_OVER)
    shown: dict[str, Any] = {
        "may_write": own and who.may(Permission.WRITE_REGISTER),
        "may_take_over": takes_over,
        "lists": await service.lists(connection, number) if own else (),
    }
    if takes_over:
        shown |= await service.lists_to_come(connection, number)
    return await _page(
        request, connection, who, "takeover.html", takeover=found, wrong=wrong, **shown
    )


async def _page(
    request: Request, connection: Connection, who: Principal, template: str, **shown: Any
) -> HTMLResponse:
    if who.municipality_code is not None:
        return await portal_page(
            request, connection, who, f"portal/{template}", root="/portal", **shown
        )
    return await desk_page(request, connection, template, root="", **shown)
