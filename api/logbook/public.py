"""The page behind the label of an aid, for whoever holds it; and labels themselves, at the desk."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api import downloads
from api.accounts import pages, throttle
from api.accounts.endpoints import address_of
from api.accounts.principal import Who, needs, open_to_all
from api.accounts.roles import Permission
from api.desk.page import page as desk_page
from api.desk.paths import DeviceName
from api.documents.pdf import MEDIA_TYPE
from api.logbook import labels, service
from api.problems import InvalidInputError
from api.queries import Connection
from api.schema import Document, Time
from api.transactions import AsService, Reading, Writing

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
interface = APIRouter(
    prefix="/devices/{name}/label",
    tags=["Logbooks"],
    dependencies=[needs(Permission.READ_DEVICES, Permission.WRITE_REGISTER)],
)
_WRITE = [needs(Permission.SEE_BOARD, Permission.WRITE_REGISTER)]
_MOST_BYTES = 16 * 1024
# No length or sign is refused: whatever is typed, the answer is that it is good no more.
Token = Annotated[str, Path(max_length=200)]
_HIDDEN = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


class LabelDocument(Document):
    """The label of an aid."""

    name: str
    url: str | None
    made_at: Time | None


@router.get("/a/{token}", dependencies=[open_to_all()])
async def show_aid(request: Request, connection: AsService, token: Token) -> HTMLResponse:
    """Show what everybody may read of an aid."""
    now = request.state.now()
    wait = await throttle.admit_visitor(connection, "label", address_of(request), now=now)
    found = None if wait is not None else await labels.behind(connection, token)
    status = 429 if wait is not None else 404 if found is None else 200
    answer = pages.render(
        request,
        "public_aid.html",
        status=status,
        found=found,
        busy=wait is not None,
        due_on=None if found is None else service.service_due_on(found.aid),
        phone=request.state.accounts.service_phone,
    )
    answer.headers.update(_HIDDEN)
    if wait is not None:
        answer.headers["Retry-After"] = str(round(wait.total_seconds()))
    return answer


@router.post("/devices/{name}/label", dependencies=_WRITE)
async def make_label(request: Request, who: Who, connection: Writing, name: DeviceName) -> Response:
    """Make a label, instead of one that there is."""
    await labels.make(connection, name, actor=who.login, now=request.state.now())
    return RedirectResponse(f"/devices/{name}/logbook#label", 303)


@router.post("/devices/{name}/label/revocation", dependencies=_WRITE)
async def revoke_label(
    request: Request, who: Who, connection: Writing, name: DeviceName
) -> Response:
    """Let a label be good no more."""
    await labels.revoke(connection, name, actor=who.login, now=request.state.now())
    return RedirectResponse(f"/devices/{name}/logbook#label", 303)


@router.get("/devices/{name}/label.svg", dependencies=_WRITE)
async def send_label(request: Request, connection: Reading, name: DeviceName) -> Response:
    """Send the QR code as an SVG."""
    found = await labels.live(connection, name)
    if found["token"] is None:
        raise InvalidInputError("query", "name", "it has no label")
    content = labels.svg(labels.url_of(_base(request), found["token"]))
    return downloads.made(content, f"label-{name}.svg", "image/svg+xml")


@router.get("/labels", dependencies=_WRITE)
async def show_labels(request: Request, connection: Reading) -> HTMLResponse:
    """Ask for which aids there are to be labels."""
    return await desk_page(request, connection, "labels.html", most=labels.MOST)


@router.post("/labels", dependencies=_WRITE)
async def send_sheet(request: Request, who: Who, connection: Writing) -> Response:
    """Send labels to print; an aid that has none gets one."""
    now = request.state.now()
    names = await _names(request)
    found = []
    for name in names:
        aid = await labels.live(connection, name)
        if aid["token"] is None:
            aid = await labels.make(connection, name, actor=who.login, now=now)
        found.append(aid)
    phone = request.state.accounts.service_phone
    content = await labels.sheet(found, _base(request), phone, now=now)
    return downloads.made(content, "labels.pdf", MEDIA_TYPE)


@interface.get("", operation_id="getLabel")
async def get_label(request: Request, connection: Reading, name: DeviceName) -> LabelDocument:
    """Return the label of an aid, if it has one."""
    return await _document(request, connection, name)


@interface.post("", operation_id="makeLabel", status_code=201)
async def renew(request: Request, who: Who, connection: Writing, name: DeviceName) -> LabelDocument:
    """Make a label; the one before is good no more."""
    await labels.make(connection, name, actor=who.login, now=request.state.now())
    return await _document(request, connection, name)


@interface.delete("", operation_id="revokeLabel")
async def withdraw(
    request: Request, who: Who, connection: Writing, name: DeviceName
) -> LabelDocument:
    """Let the label be good no more."""
    await labels.revoke(connection, name, actor=who.login, now=request.state.now())
    return await _document(request, connection, name)


async def _document(request: Request, connection: Connection, name: str) -> LabelDocument:
    found = await labels.live(connection, name)
    url = None if found["token"] is None else labels.url_of(_base(request), found["token"])
    return LabelDocument(name=name, url=url, made_at=found["made_at"])


async def _names(request: Request) -> list[str]:
    """Return the aids that were asked for, each once.

    Raises:
        InvalidInputError: none, or too many.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise InvalidInputError("body", "/", f"more than {_MOST_BYTES} bytes")
    sent = dict(parse_qsl(body.decode(errors="replace")))
    names = list(dict.fromkeys(sent.get("names", "").replace(",", " ").lower().split()))
    if not 0 < len(names) <= labels.MOST:
        raise InvalidInputError("body", "/names", f"1 to {labels.MOST} aids")
    return names


def _base(request: Request) -> str:
    return str(request.state.accounts.public_url or request.base_url)
