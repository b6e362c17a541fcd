"""One's own account: how one comes in, and where one is signed in."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts import audit, pages, sessions
from api.accounts.audit import Action
from api.accounts.endpoints import address_of
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.transactions import AsService

router = APIRouter(
    prefix="/account",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.USE_ACCOUNT)],
)


@router.get("")
async def show_account(request: Request, who: Who, connection: AsService) -> HTMLResponse:
    """Show who one is here."""
    lives = request.state.accounts.lives
    return pages.render(
        request,
        "account.html",
        session=request.state.session,
        sessions=await sessions.of(
            connection, who.account_id, now=request.state.now(), lives=lives
        ),
    )


@router.post("/sessions/{session_id}/end")
async def end_session(
    request: Request,
    who: Who,
    connection: AsService,
    session_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
) -> RedirectResponse:
    """End one of one's own sessions."""
    if await sessions.end_own(connection, who.account_id, session_id):
        await audit.record(
            connection,
            Action.SESSION_ENDED,
            at=request.state.now(),
            actor=who.login,
            subject=who.login,
            address=address_of(request),
        )
    return RedirectResponse("/account", 303)
