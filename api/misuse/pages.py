"""The desk's pages of cases: the queue to review, a case, and what became of signals."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal, NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api import pagination
from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.desk import forms, languages
from api.desk.page import page
from api.devices import service as devices
from api.misuse import chart, reviewing, service, words
from api.misuse.schemas import Kind, QuoteLine
from api.misuse.service import CaseView
from api.privacy.looking import looks_at
from api.problems import InvalidInputError
from api.queries import Connection, rows
from api.transactions import Reading, Writing
from diagnostics.misuse import evidence
from diagnostics.misuse import service as cases
from diagnostics.misuse.commands import (
    Accept,
    AnyCommand,
    Close,
    Note,
    Reject,
    Teller,
    TellSide,
    Way,
)
from diagnostics.misuse.items import KINDS, WEAR_EXCLUDED, Item
from diagnostics.misuse.model import RejectReason, Source, Stage
from diagnostics.tickets.commands import By
from gateway.protocol.topics import DEVICE_NAME_PATTERN

router = APIRouter(prefix="/misuse", include_in_schema=False, default_response_class=HTMLResponse)
_REVIEW: Final = [needs(Permission.READ_MISUSE, Permission.REVIEW_MISUSE)]
_QUOTE_LINES: Final = 6

CaseId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Text = Annotated[str, Field(min_length=1, max_length=4_000)]
MaybeText = Annotated[str, Field(max_length=4_000)]


class Which(NamedTuple):
    """A list of cases: which stages it has, and the number that stands beside its name."""

    stages: tuple[Stage, ...] | None
    counted: str | None = None


LISTS: Final = {
    "review": Which(service.REVIEW, "review"),
    "reported": Which((Stage.REPORTED,), "reported"),
    "decided": Which((Stage.DECIDED,)),
    "closed": Which((Stage.CLOSED,)),
    "all": Which(None),
}


class Drawing(NamedTuple):
    """A curve as a page shows it."""

    name: str
    svg: Markup
    text: str
    weeks: list[Any]


class OnCase(BaseModel):
    """What every form on a case sends: the version that was seen, and the page's own number."""

    model_config = ConfigDict(str_strip_whitespace=True)

    do: Annotated[str, Field(max_length=32)]
    version: Annotated[int, Field(ge=1)]
    request: UUID


class _Accept(OnCase):
    item: Item
    text: MaybeText = ""


class _Reject(OnCase):
    reason: RejectReason
    text: Text


class _Visit(OnCase):
    text: Text


class _Client(OnCase):
    text: Text
    teller: Teller
    way: Way


class _Note(OnCase):
    text: Text


class _Close(OnCase):
    text: MaybeText = ""


class _Quote(OnCase):
    explanation: Text
    advice: MaybeText = ""


class _Signal(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    device: Annotated[str, Field(pattern=DEVICE_NAME_PATTERN, max_length=32)]
    kind: Kind
    text: Text
    request: UUID


@router.get("", dependencies=_REVIEW)
async def show_cases(
    request: Request,
    connection: Reading,
    which: Literal["review", "reported", "decided", "closed", "all"] = "review",
    cursor: pagination.Cursor = None,
) -> HTMLResponse:
    """Show cases: first those to be reviewed."""
    shown = await listed(request, connection, which, cursor, tuple(LISTS))
    return await page(request, connection, "misuse.html", **shown)


@router.get("/figures", dependencies=[needs(Permission.REVIEW_MISUSE)])
async def show_figures(request: Request, connection: Reading) -> HTMLResponse:
    """Show what became of signals: false ones are counted."""
    figures = await service.figures(connection)
    return await page(request, connection, "misuse_figures.html", figures=figures)


@router.get("/signal", dependencies=[needs(Permission.SIGNAL_MISUSE, Permission.SEE_BOARD)])
async def show_signal(
    request: Request,
    connection: Reading,
    device: Annotated[str, Query(pattern=DEVICE_NAME_PATTERN, max_length=32)],
) -> HTMLResponse:
    """Show the form for a signal about an aid."""
    await devices.one(connection, device)
    return await page(
        request,
        connection,
        "misuse_signal.html",
        device=device,
        kinds=list(KINDS),
        wear_excluded=WEAR_EXCLUDED,
        request_id=uuid4,
    )


@router.post("/signal", dependencies=[needs(Permission.SIGNAL_MISUSE, Permission.SEE_BOARD)])
async def signal(request: Request, who: Who, connection: Writing) -> RedirectResponse:
    """Register what somebody noticed: its case follows."""
    form = await forms.read(request, _Signal)
    device_id, _ = await devices.one(connection, form.device)
    now = request.state.now()
    case = await cases.signal(
        connection,
        device_id,
        form.kind.value,
        source=Source.DESK,
        since=now,
        detail={"text": form.text},
        by=By(actor=who.login, now=now, request_id=str(form.request)),
    )
    return RedirectResponse(f"/misuse/{case.case_id}", 303)


@router.get("/{case_id}", dependencies=[*_REVIEW, looks_at("misuse", "case_id")])
async def show_case(request: Request, connection: Reading, case_id: CaseId) -> HTMLResponse:
    """Show a case with all that the desk may want to know."""
    view = await service.view(connection, case_id, now=request.state.now())
    return await page(
        request,
        connection,
        "misuse_case.html",
        told=await rows(connection, service.QUERIES["told"], {"case_id": case_id}),
        **of_case(request, view),
    )


@router.post("/{case_id}/do", dependencies=_REVIEW)
async def act(request: Request, who: Who, connection: Writing, case_id: CaseId) -> RedirectResponse:
    """Do something with a case."""
    sent = await forms.fields(request)
    by = by_of(request, who, sent)
    try:
        await _act(connection, case_id, sent, by)
    except ValueError as error:
        raise InvalidInputError("body", "/do", str(error)) from error
    return RedirectResponse(f"/misuse/{case_id}", 303)


def by_of(request: Request, who: Principal, sent: Mapping[str, str]) -> By:
    """Return who sends a form: sent twice, it is done once."""
    form = forms.parse(sent, OnCase)
    return By(actor=who.login, now=request.state.now(), request_id=str(form.request))


async def listed(
    request: Request, connection: Connection, which: str, cursor: str | None, names: tuple[str, ...]
) -> dict[str, Any]:
    """Return what a page with a list of cases shows."""
    now = request.state.now()
    gettext = languages.catalogue(languages.of(request)).gettext
    counts = await service.counts(connection, now)
    return {
        "which": which,
        "lists": [
            (name, gettext(words.LISTS[name]), counts.get(LISTS[name].counted or ""))
            for name in names
        ],
        "found": await service.page(
            connection, now=now, stages=LISTS[which].stages, before=pagination.decode(cursor)
        ),
    }


def of_case(request: Request, view: CaseView) -> dict[str, Any]:
    """Return what a page of a case shows, at the desk and at the municipality."""
    return {
        "view": view,
        "drawings": drawings(view, languages.of(request)),
        "wear_excluded": WEAR_EXCLUDED,
        "request_id": uuid4,
    }


def drawings(view: CaseView, language: str) -> list[Drawing]:
    """Return what the aid told, drawn, described, and as weekly means."""
    gettext = languages.catalogue(language).gettext
    drawn = view.detail.evidence
    stored = None if drawn is None else evidence.read(drawn.model_dump(mode="json", by_alias=False))
    if stored is None:
        return []
    began = evidence.began(view.case.since, stored)
    found = []
    for curve in stored.curves:
        name = gettext(words.CURVES.get(curve.name, curve.name))
        texts = chart.Texts(name, gettext(words.SINCE), language)
        found.append(
            Drawing(
                curve.name,
                # Made by us of numbers and escaped words.
                Markup(chart.svg(stored.days, curve.values, began, curve.name, texts)),  # noqa: S704
                chart.described(stored.days, curve.values, began, texts),
                chart.weeks(stored.days, curve.values),
            )
        )
    return found


async def _act(connection: Connection, case_id: int, sent: Mapping[str, str], by: By) -> None:
    match sent.get("do"):
        case "visit":
            form = forms.parse(sent, _Visit)
            await reviewing.ask_visit(connection, case_id, form.text, by, version=form.version)
        case "quote":
            said = forms.parse(sent, _Quote)
            await reviewing.quote(
                connection,
                case_id,
                _lines(sent),
                by,
                explanation=said.explanation,
                advice=said.advice,
            )
        case _:
            command, version = command_of(sent)
            await cases.carry_out(connection, case_id, command, by, expected_version=version)


def command_of(sent: Mapping[str, str]) -> tuple[AnyCommand, int | None]:
    """Return what a form asks, and the version on which that rests; None: it is so, whatever else.

    Raises:
        InvalidInputError: it asks for nothing that we know.
    """
    match sent.get("do"):
        case "accept":
            accept = forms.parse(sent, _Accept)
            return Accept(item=accept.item, text=accept.text), accept.version
        case "reject":
            reject = forms.parse(sent, _Reject)
            return Reject(reason=reject.reason, text=reject.text), reject.version
        case "client":
            side = forms.parse(sent, _Client)
            return TellSide(text=side.text, teller=side.teller, way=side.way), None
        case "note":
            return Note(text=forms.parse(sent, _Note).text), None
        case "close":
            return Close(text=forms.parse(sent, _Close).text), None
    raise InvalidInputError("body", "/do", "nothing that can be done with a case")


def _lines(sent: Mapping[str, str]) -> list[QuoteLine]:
    found = []
    for number in range(1, _QUOTE_LINES + 1):
        if not sent.get(f"text_{number}", "").strip():
            continue
        try:
            line = QuoteLine.model_validate({
                "kind": sent.get(f"kind_{number}"),
                "text": sent[f"text_{number}"],
                "amount": _decimal(sent.get(f"amount_{number}", "")),
                "price": _decimal(sent.get(f"price_{number}", "")),
                "vat": _decimal(sent.get(f"vat_{number}", "")),
            })  # fmt: skip
        except ValidationError as error:
            where = error.errors()[0]["loc"][0]
            raise InvalidInputError("body", f"/{where}_{number}", "missing or not valid") from error
        found.append(line)
    if not found:
        raise InvalidInputError("body", "/text_1", "a quote has at least one line")
    return found


def _decimal(text: str) -> Decimal | str | None:
    """Return a number as people type it, with comma or point; None: nothing; else as it is."""
    if not text.strip():
        return None
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return text
