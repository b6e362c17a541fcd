"""Campaigns as pages: all of them, and one with its rings."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import Field

from api.accounts import pages
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.campaigns import service
from api.desk import forms
from api.transactions import AsService

PAGE: Final = "/campaigns"
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_READ: Final = [needs(Permission.READ_CAMPAIGNS)]
_MANAGE: Final = [needs(Permission.MANAGE_CAMPAIGNS)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class ChangeForm(forms.Form):
    """What is to happen, and why."""

    action: Literal["pause", "resume", "stop"]
    why: Annotated[str, Field(max_length=200)] = ""


@router.get(PAGE, dependencies=_READ)
async def show_all(request: Request, connection: AsService) -> HTMLResponse:
    """Show all campaigns."""
    return pages.render(request, "campaigns.html", campaigns=await service.every(connection))


@router.get(PAGE + "/{number}", dependencies=_READ)
async def show_one(request: Request, connection: AsService, number: Number) -> HTMLResponse:
    """Show one campaign."""
    return pages.render(request, "campaign.html", **await service.one(connection, number))


@router.post(PAGE + "/{number}", dependencies=_MANAGE)
async def change(request: Request, who: Who, connection: AsService, number: Number) -> Response:
    """Pause, resume or stop it."""
    form = await forms.read(request, ChangeForm)
    await service.change(
        connection, who, number, action=form.action, why=form.why, now=request.state.now()
    )
    return RedirectResponse(f"{PAGE}/{number}", 303)
