"""The municipality's pages of cases: what was reported to it, and what it decides."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from api import pagination
from api.accounts.principal import NotAllowedError, Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.misuse import service
from api.misuse.pages import CaseId, OnCase, Text, by_of, command_of, listed, of_case
from api.portal.page import page
from api.privacy.looking import looks_at
from api.problems import InvalidInputError
from api.transactions import Reading, Writing
from diagnostics.misuse import service as cases
from diagnostics.misuse.commands import Accept, AnyCommand, Decide, Reject
from diagnostics.misuse.model import Decision

router = APIRouter(
    prefix="/portal/misuse", include_in_schema=False, default_response_class=HTMLResponse
)
_READ: Final = [needs(Permission.USE_PORTAL, Permission.READ_MISUSE)]
_LISTS: Final = ("reported", "decided", "closed", "all")


class _Decide(OnCase):
    decision: Decision
    reason: Text
    person: Annotated[str, Field(min_length=1, max_length=200)]


@router.get("", dependencies=_READ)
async def show_cases(
    request: Request,
    who: Who,
    connection: Reading,
    which: Literal["reported", "decided", "closed", "all"] = "reported",
    cursor: pagination.Cursor = None,
) -> HTMLResponse:
    """Show what was reported: first what waits for a decision."""
    shown = await listed(request, connection, which, cursor, _LISTS)
    return await page(request, connection, who, "portal/misuse.html", **shown)


@router.get("/{case_id}", dependencies=[*_READ, looks_at("misuse", "case_id")])
async def show_case(
    request: Request, who: Who, connection: Reading, case_id: CaseId
) -> HTMLResponse:
    """Show a case: what was seen, what else it may be, what the client says, what happened."""
    view = await service.view(connection, case_id, now=request.state.now())
    return await page(request, connection, who, "portal/misuse_case.html", **of_case(request, view))


@router.post(
    "/{case_id}/do",
    dependencies=[needs(Permission.USE_PORTAL, Permission.READ_MISUSE, Permission.ADD_TO_MISUSE)],
)
async def act(request: Request, who: Who, connection: Writing, case_id: CaseId) -> RedirectResponse:
    """Decide, or add to the file."""
    sent = await forms.fields(request)
    by = by_of(request, who, sent)
    version: int | None
    command: AnyCommand
    if sent.get("do") == "decide":
        if not who.may(Permission.DECIDE_MISUSE):
            raise NotAllowedError("Your account may not decide.")
        form = forms.parse(sent, _Decide)
        command = Decide(decision=form.decision, reason=form.reason, person=form.person)
        version = form.version
    else:
        command, version = command_of(sent)
    if isinstance(command, Accept | Reject):
        raise InvalidInputError("body", "/do", "the review is the desk's")
    try:
        await cases.carry_out(connection, case_id, command, by, expected_version=version)
    except ValueError as error:
        raise InvalidInputError("body", "/do", str(error)) from error
    return RedirectResponse(f"/portal/misuse/{case_id}", 303)
