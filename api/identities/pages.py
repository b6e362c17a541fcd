"""What is odd about who modems are, as a page; certificates and codes of one aid."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import Field

from api.accounts import pages
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.identities import service
from api.transactions import AsService

PAGE: Final = "/security"
REASONS: Final = ("stolen", "lost", "cloned", "reset", "other")
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_READ: Final = [needs(Permission.READ_IDENTITIES)]
_MANAGE: Final = [needs(Permission.MANAGE_IDENTITIES)]
Device = Annotated[str, Path(pattern=r"^[a-z0-9-]{3,32}$")]


class ReviewForm(forms.Form):
    """What somebody found."""

    note: Annotated[str, Field(min_length=3, max_length=500)]


class CodeForm(forms.Form):
    """Whether the modem takes the place of another."""

    replaces: Literal["yes", ""] = ""


class RevokeForm(forms.Form):
    """Why, and that it is meant: the aid then calls by telephone alone."""

    reason: Literal["stolen", "lost", "cloned", "reset", "other"]
    sure: Annotated[str, Field(pattern="^yes$")]


@router.get(PAGE, dependencies=_READ)
async def show_events(request: Request, connection: AsService) -> HTMLResponse:
    """Show what is on record."""
    return pages.render(request, "security.html", events=(await service.events(connection)).items)


@router.post(PAGE + "/events/{number}", dependencies=_MANAGE)
async def review(
    request: Request,
    who: Who,
    connection: AsService,
    number: Annotated[int, Path(ge=1, le=2**63 - 1)],
) -> Response:
    """End a doubt."""
    form = await forms.read(request, ReviewForm)
    await service.review(connection, who, number, form.note, request.state.now())
    return RedirectResponse(PAGE, 303)


@router.get(PAGE + "/aids/{device}", dependencies=_READ)
async def show_aid(request: Request, connection: AsService, device: Device) -> HTMLResponse:
    """Show the certificates of an aid."""
    return await _aid(request, connection, device)


@router.post(PAGE + "/aids/{device}/codes", dependencies=_MANAGE)
async def add_code(
    request: Request, who: Who, connection: AsService, device: Device
) -> HTMLResponse:
    """Make a code, and show it this once."""
    form = await forms.read(request, CodeForm)
    code = await service.add_code(
        connection, who, device, replaces=form.replaces == "yes", now=request.state.now()
    )
    return await _aid(request, connection, device, code=code)


@router.post(PAGE + "/aids/{device}/revocation", dependencies=_MANAGE)
async def revoke(request: Request, who: Who, connection: AsService, device: Device) -> Response:
    """End the certificates of an aid."""
    form = await forms.read(request, RevokeForm)
    await service.revoke(connection, who, device, reason=form.reason, now=request.state.now())
    return RedirectResponse(f"{PAGE}/aids/{device}", 303)


async def _aid(
    request: Request, connection: AsService, device: str, code: str | None = None
) -> HTMLResponse:
    aid, certificates = await service.aid(connection, device)
    return pages.render(
        request,
        "security_aid.html",
        aid=aid,
        certificates=certificates,
        events=(await service.events(connection, device)).items,
        code=code,
        reasons=REASONS,
    )
