"""What may still be asked after the password: a code, another password, setting up a second factor.

These pages are open to whoever has a session, complete or not; the last two serve those as well who
are in and want to change something.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from api.accounts import audit, pages, passwords, people, second_factor, sessions, throttle
from api.accounts.audit import Action
from api.accounts.endpoints import address_of
from api.accounts.passwords import LONGEST, WeakPasswordError
from api.accounts.principal import NotSignedInError, Visitor, open_to_all
from api.accounts.roles import HOME, Role
from api.accounts.sessions import Step
from api.desk import forms
from api.queries import Connection, Row
from api.transactions import AsService

router = APIRouter(
    prefix="/sign-in",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[open_to_all()],
)


class CodeForm(BaseModel):
    """A code, of the app or of the paper."""

    code: Annotated[str, Field(max_length=40)] = ""


class PasswordForm(BaseModel):
    """The password until now, and the one from now on."""

    old: Annotated[str, Field(max_length=LONGEST)] = ""
    new: Annotated[str, Field(max_length=1_000)] = ""
    again: Annotated[str, Field(max_length=1_000)] = ""


async def _session(request: Request, visitor: Visitor) -> Row:
    """Return the session of who came at least as far as the password."""
    assert visitor is None or visitor.session_id is not None  # noqa: S101 - no cookie, no session
    session: Row | None = request.state.session
    if session is None:
        raise NotSignedInError
    return session


Session = Annotated[Row, Depends(_session)]


@router.get("/second-factor")
async def ask_code(request: Request, session: Session) -> Response:
    """Ask for a code."""
    if _next(request, session) is not Step.SECOND_FACTOR:
        return _on(request, session)
    return pages.render(request, "second_factor.html", wrong=False)


@router.post("/second-factor")
async def check_code(request: Request, session: Session, connection: AsService) -> Response:
    """Let somebody in whose code is right."""
    if _next(request, session) is not Step.SECOND_FACTOR:
        return _on(request, session)
    form = await forms.read(request, CodeForm)
    now = request.state.now()
    if not await _admitted(request, session["login"]):
        return pages.render(request, "second_factor.html", status=429, wrong=True)
    if not await second_factor.passes(
        connection, session["account_id"], form.code, keys=request.state.keyring, now=now
    ):
        await _record(request, connection, Action.SECOND_FACTOR_FAILED, session)
        return pages.render(request, "second_factor.html", status=401, wrong=True)
    token = sessions.new_token()
    await sessions.complete(connection, session["session_id"], token, now=now)
    answer = _on(request, session | {"second_factor_at": now})
    sessions.remember(
        request, answer, token, lasts=request.state.accounts.lives.of(session["role"]).lasts
    )
    return answer


@router.get("/set-up")
async def show_set_up(request: Request, session: Session, connection: AsService) -> Response:
    """Show what the app must scan."""
    if _next(request, session) not in (None, Step.SET_UP):
        return _on(request, session)
    return await _set_up(request, session, connection)


@router.post("/set-up")
async def set_up(request: Request, session: Session, connection: AsService) -> Response:
    """Set up the second factor once the app shows the right code; show the recovery codes, once."""
    if _next(request, session) not in (None, Step.SET_UP):
        return _on(request, session)
    form = await forms.read(request, CodeForm)
    now = request.state.now()
    codes = None
    if await _admitted(request, session["login"]):
        codes = await second_factor.confirm(
            connection, session["account_id"], form.code, keys=request.state.keyring, now=now
        )
    if codes is None:
        return await _set_up(request, session, connection, wrong=True)
    await people.end_sessions(connection, session["account_id"], but=session["session_id"])
    token = sessions.new_token()
    await sessions.complete(connection, session["session_id"], token, now=now)
    await _record(request, connection, Action.SECOND_FACTOR_SET_UP, session)
    answer = pages.render(
        request, "recovery_codes.html", codes=codes, home=HOME[Role(session["role"])]
    )
    sessions.remember(
        request, answer, token, lasts=request.state.accounts.lives.of(session["role"]).lasts
    )
    return answer


@router.get("/new-password")
async def ask_password(request: Request, session: Session) -> Response:
    """Ask for another password."""
    if _next(request, session) not in (None, Step.NEW_PASSWORD):
        return _on(request, session)
    return pages.render(request, "new_password.html", wrong="", login=session["login"])


@router.post("/new-password")
async def set_password(request: Request, session: Session, connection: AsService) -> Response:
    """Change one's own password; all other sessions end."""
    if _next(request, session) not in (None, Step.NEW_PASSWORD):
        return _on(request, session)
    form = await forms.read(request, PasswordForm)
    wrong = await _wrong_with(request, session, connection, form)
    if wrong:
        return pages.render(
            request, "new_password.html", status=400, wrong=wrong, login=session["login"]
        )
    await people.set_password(
        connection,
        session["account_id"],
        await request.state.passwords.hash(form.new),
        request.state.now(),
        temporary=False,
    )
    await people.end_sessions(connection, session["account_id"], but=session["session_id"])
    await _record(request, connection, Action.PASSWORD_CHANGED, session)
    return _on(request, session | {"temporary": False})


async def _wrong_with(
    request: Request, session: Row, connection: Connection, form: PasswordForm
) -> str:
    """Return a word for what is wrong; empty if nothing is."""
    if not await _admitted(request, session["login"]):
        return "often"
    known = await people.password_of(connection, session["account_id"])
    if not await request.state.passwords.matches(form.old, known):
        return "old"
    if form.new != form.again:
        return "again"
    if form.new == form.old:
        return "same"
    try:
        passwords.check(form.new, login=session["login"])
    except WeakPasswordError:
        return "weak"
    return ""


async def _set_up(
    request: Request, session: Row, connection: Connection, *, wrong: bool = False
) -> Response:
    secret = await second_factor.secret_to_set_up(
        connection, session["account_id"], request.state.keyring
    )
    shown: dict[str, Any] = {"secret": secret, "picture": None, "wrong": wrong}
    if secret is not None:
        shown["picture"] = second_factor.picture(secret, session["login"])
    return pages.render(request, "set_up.html", status=401 if wrong else 200, **shown)


async def _admitted(request: Request, login: str) -> bool:
    """Tell whether somebody may try again; the attempt counts whatever comes of it."""
    async with request.state.pool.connection(timeout=3.0) as connection:
        wait = await throttle.admit(
            connection, f"{login} (further)", address_of(request), now=request.state.now()
        )
    return wait is None


async def _record(request: Request, connection: Connection, action: Action, session: Row) -> None:
    await audit.record(
        connection,
        action,
        at=request.state.now(),
        actor=session["login"],
        subject=session["login"],
        address=address_of(request),
    )


def _next(request: Request, session: Row) -> Step | None:
    return sessions.outstanding(session, request.state.accounts.second_factor_roles)


def _on(request: Request, session: Row) -> RedirectResponse:
    step = _next(request, session)
    return RedirectResponse(HOME[Role(session["role"])] if step is None else step.value, 303)
