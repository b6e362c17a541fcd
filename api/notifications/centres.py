"""Alarm receiving centres, as a page of administrators: where, what they hear, and the line."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from psycopg.errors import ForeignKeyViolation
from pydantic import BeforeValidator, Field

from api.accounts import audit, pages
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.notifications.service import QUERIES
from api.problems import NotFoundError
from api.queries import Connection, row, rows
from api.transactions import AsService

PAGE: Final = "/alarm-centres"
CODES: Final = ("QA", "QH", "AT", "AR", "YT", "YR", "YC", "YK")
_CENTRES: Final = [needs(Permission.MANAGE_WEBHOOKS)]
# Before the pattern looks at it.
_Hex = BeforeValidator(lambda typed: typed.strip().upper())

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class CentreForm(forms.Form):
    """A centre: numbers and key are hexadecimal, as agreed with it; codes by letters, spaced."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]{1,253}$")]
    port: Annotated[int, Field(ge=1, le=65_535)]
    account: Annotated[str, _Hex, Field(pattern=r"^[0-9A-F]{3,16}$")]
    receiver: Annotated[str, _Hex, Field(pattern=r"^[0-9A-F]{0,6}$")] = ""
    line: Annotated[str, _Hex, Field(pattern=r"^[0-9A-F]{1,6}$")] = "0"
    key: Annotated[str, _Hex, Field(pattern=r"^([0-9A-F]{32}|[0-9A-F]{48}|[0-9A-F]{64})?$")] = ""
    codes: Annotated[str, _Hex, Field(pattern=r"^[A-Z]{2}( [A-Z]{2})*$")] = "QA QH"
    municipality: Annotated[str, Field(pattern=r"^(GM[0-9]{4})?$")] = ""


class CentreActionForm(forms.Form):
    """What is to be done with one of them."""

    action: Literal["on", "off", "remove"]


@router.get(PAGE, dependencies=_CENTRES)
async def show_centres(request: Request, connection: AsService) -> HTMLResponse:
    """Show the centres, and whether their lines work."""
    return await _page(request, connection)


@router.post(PAGE, dependencies=_CENTRES)
async def add_centre(request: Request, who: Who, connection: AsService) -> Response:
    """Add a centre. Its key is never shown again."""
    form = await forms.read(request, CentreForm)
    asked = form.model_dump() | {"codes": form.codes.split()}
    if not set(asked["codes"]) <= set(CODES):
        return await _page(request, connection, wrong="codes")
    try:
        async with connection.transaction():
            added = await row(connection, QUERIES["add_centre"], asked)
    except ForeignKeyViolation:
        return await _page(request, connection, wrong="municipality")
    if added is None:
        return await _page(request, connection, wrong="name")
    await _record(request, who, connection, form.name, "added")
    return RedirectResponse(PAGE, 303)


@router.post(PAGE + "/{number}", dependencies=_CENTRES)
async def change_centre(
    request: Request,
    who: Who,
    connection: AsService,
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
) -> Response:
    """Switch a centre on or off, or take it away."""
    action = (await forms.read(request, CentreActionForm)).action
    statement = QUERIES["remove_centre" if action == "remove" else "switch_centre"]
    found = await row(connection, statement, {"number": number, "enabled": action == "on"})
    if found is None:
        raise NotFoundError(f"There is no alarm centre {number}.")
    await _record(request, who, connection, found["name"], action)
    return RedirectResponse(PAGE, 303)


async def _page(request: Request, connection: Connection, *, wrong: str = "") -> HTMLResponse:
    return pages.render(
        request,
        "centres.html",
        status=400 if wrong else 200,
        centres=await rows(connection, QUERIES["centres"]),
        codes=CODES,
        wrong=wrong,
    )


async def _record(
    request: Request, who: Who, connection: Connection, name: str, change: str
) -> None:
    await audit.record(
        connection,
        audit.Action.CENTRE_CHANGED,
        at=request.state.now(),
        actor=who.login,
        subject=name,
        change=change,
    )
