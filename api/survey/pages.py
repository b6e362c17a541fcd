"""The form behind a personal link: no account, no name."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from pydantic import ConfigDict, Field

from api.accounts import pages
from api.accounts.principal import open_to_all
from api.desk import forms
from api.survey import service
from api.survey.schemas import Answers
from api.transactions import AsService

router = APIRouter(
    prefix="/survey",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[open_to_all()],
)
Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,128}$")]
_SCORES = ("aid", "people", "speed", "information")


class AnswerForm(Answers):
    """What the form sends; an unanswered question sends nothing."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")

    in_file: Annotated[str, Field(max_length=3)] = ""


@router.get("/{token}")
async def show_form(request: Request, connection: AsService, token: Token) -> HTMLResponse:
    """Show the form."""
    found = await service.invitation(connection, token, request.state.now())
    if found is None:
        return _closed(request)
    return pages.render(
        request, "survey.html", about=found, scores=_SCORES, wrong=False, sent=False
    )


@router.post("/{token}")
async def take_answer(request: Request, connection: AsService, token: Token) -> HTMLResponse:
    """Keep what was answered."""
    now = request.state.now()
    found = await service.invitation(connection, token, now)
    if found is None:
        return _closed(request)
    fields = await forms.fields(request)
    if not fields.get("overall"):
        return pages.render(
            request, "survey.html", status=400, about=found, scores=_SCORES, wrong=True, sent=False
        )
    given = {name: value for name, value in fields.items() if value != ""}
    form = forms.parse(given, AnswerForm)
    said = Answers.model_validate(form.model_dump(by_alias=False, exclude={"in_file"}))
    if not await service.answer(connection, token, said, in_file=form.in_file == "yes", now=now):
        return _closed(request)
    return pages.render(request, "survey.html", about=found, scores=_SCORES, wrong=False, sent=True)


def _closed(request: Request) -> HTMLResponse:
    """Say that there is nothing to answer, be it never, not any more, or done."""
    return pages.render(
        request, "survey.html", status=404, about=None, scores=_SCORES, wrong=False, sent=False
    )
