"""Signing in and out."""

import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from api.accounts import audit, pages, sessions, signing_in
from api.accounts.audit import Action
from api.accounts.passwords import LONGEST
from api.accounts.principal import Visitor, open_to_all
from api.accounts.roles import HOME
from api.accounts.signing_in import Refused
from api.desk import forms

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

# A path of ours and nothing that leads elsewhere ("//other.example", "/\\other.example").
_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")


class SignInForm(BaseModel):
    """``next``: the page that was asked for."""

    login: Annotated[str, Field(max_length=64)] = ""
    password: Annotated[str, Field(max_length=LONGEST)] = ""
    next: Annotated[str, Field(max_length=501)] = ""


@router.get("/sign-in", dependencies=[open_to_all()])
async def show_sign_in(request: Request, visitor: Visitor) -> Response:
    """Show the form, or go on if somebody is in already."""
    wanted = own_path(request.query_params.get("next", ""))
    if visitor is not None:
        return RedirectResponse(wanted or HOME[visitor.role], 303)
    session = request.state.session
    if session is not None:
        step = sessions.outstanding(session, request.state.accounts.second_factor_roles)
        return RedirectResponse(step or "/", 303)
    providers = list(request.state.providers.values())
    return pages.render(
        request, "sign_in.html", login="", wanted=wanted, refused=None, providers=providers
    )


@router.post("/sign-in", dependencies=[open_to_all()])
async def sign_in(request: Request) -> Response:
    """Let somebody in who knows the password."""
    form = await forms.read(request, SignInForm)
    wanted = own_path(form.next)
    settings = request.state.accounts
    async with request.state.pool.connection(timeout=3.0) as connection:
        outcome = await signing_in.with_password(
            connection,
            request.state.passwords,
            login=form.login,
            password=form.password,
            address=address_of(request),
            user_agent=request.headers.get("user-agent", ""),
            now=request.state.now(),
            lives=settings.lives,
        )
    if isinstance(outcome, Refused):
        response = pages.render(
            request,
            "sign_in.html",
            status=401 if outcome.wait is None else 429,
            login=form.login,
            wanted=wanted,
            refused=outcome,
            providers=list(request.state.providers.values()),
        )
        if outcome.wait is not None:
            response.headers["Retry-After"] = str(1 + int(outcome.wait / timedelta(seconds=1)))
        return response
    answer = RedirectResponse(wanted or HOME[outcome.role], 303)
    sessions.remember(request, answer, outcome.token, lasts=settings.lives.of(outcome.role).lasts)
    return answer


@router.post("/sign-out", dependencies=[open_to_all()])
async def sign_out(request: Request, visitor: Visitor) -> Response:
    """End the session, here and in the database."""
    if visitor is not None and visitor.session_id is not None:
        async with (
            request.state.pool.connection(timeout=3.0) as connection,
            connection.transaction(),
        ):
            await sessions.end(connection, visitor.session_id)
            await audit.record(
                connection,
                Action.SIGNED_OUT,
                at=request.state.now(),
                actor=visitor.login,
                subject=visitor.login,
                address=address_of(request),
            )
    answer = RedirectResponse("/sign-in", 303)
    sessions.forget(request, answer)
    return answer


def own_path(wanted: str) -> str:
    """Return ``wanted`` if it is a page of ours, else nothing."""
    return wanted if _OWN_PATH.fullmatch(wanted) else ""


def sign_in_path(request: Request) -> str:
    """Return where to sign in, and to come back from to what was asked for."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if wanted == "/" or not own_path(wanted):
        return "/sign-in"
    return "/sign-in?" + urlencode({"next": wanted})


def address_of(request: Request) -> str:
    """Return the network address that a request comes from."""
    return request.client.host if request.client else "unknown"
