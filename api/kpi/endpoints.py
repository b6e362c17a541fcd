"""GET /v1/indicators, and the pages of the contract's performance."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.desk import languages
from api.desk import page as desk_page
from api.kpi import cases as reading
from api.kpi import service, shown, words
from api.kpi.model import Case, Figure
from api.kpi.periods import Length, Period, named, period_at
from api.kpi.schemas import (
    CaseDocument,
    CaseList,
    FigureDocument,
    ForecastDocument,
    IndicatorDocument,
    IndicatorList,
)
from api.kpi.service import Contract, Standing
from api.portal.page import page as portal_page
from api.problems import InvalidInputError
from api.queries import Connection, rows
from api.transactions import Reading

_READ = [needs(Permission.READ_FIGURES)]
router = APIRouter(prefix="/indicators", tags=["Contract"], dependencies=_READ)
pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=_READ)

Code = Annotated[
    str | None,
    Query(
        alias="contract",
        pattern=r"^(GM[0-9]{4}|[a-z][a-z0-9-]{2,40})$",
        description="Code of a municipality or a group of them; a municipality sees its own.",
    ),
]
Key = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,41}$", description="Name of the indicator.")]
Name = Annotated[
    str | None, Query(alias="period", max_length=7, description="2026, 2026-Q3 or 2026-09.")
]


@router.get("", operation_id="listIndicators")
async def list_indicators(
    request: Request, who: Who, connection: Reading, code: Code = None
) -> IndicatorList:
    """Return how the contract's performance indicators stand now."""
    now = request.state.now()
    every, contract = await _contracts(connection, who, code)
    standings = await service.overview(connection, contract, every, now)
    language = languages.of(request)
    return IndicatorList(
        contract=contract.code,
        name=contract.name,
        at=now,
        items=[_indicator(each, language) for each in standings],
    )


@router.get("/{key}/cases", operation_id="listIndicatorCases")
async def list_cases(
    *,
    request: Request,
    who: Who,
    connection: Reading,
    key: Key,
    code: Code = None,
    period: Name = None,
) -> CaseList:
    """Return the cases behind a figure."""
    now = request.state.now()
    _, contract = await _contracts(connection, who, code)
    span = _period(period, now)
    _, figure, found = await service.behind(connection, key, span, contract, now)
    return CaseList(
        key=key,
        figure=_figure(span, figure),
        items=[_case(each) for each in found],
        left_off=service.left_off(figure, found),
    )


@pages.get("/performance")
@pages.get("/portal/performance")
async def show_performance(
    request: Request, who: Who, connection: Reading, code: Code = None
) -> HTMLResponse:
    """Show the indicators with their trends."""
    now = request.state.now()
    every, contract = await _contracts(connection, who, code)
    standings = await service.overview(connection, contract, every, now)
    language = languages.of(request)
    gettext = languages.catalogue(language).gettext
    asked, nothing = gettext(words.ASKED), gettext(words.NOTHING)
    return await _page(
        request,
        connection,
        who,
        "performance.html",
        contract=contract,
        contracts=every,
        tiles=[shown.tile(each, language, asked, nothing) for each in standings],
        warnings=await rows(connection, reading.QUERIES["warnings"]),
    )


@pages.get("/performance/{key}")
@pages.get("/portal/performance/{key}")
async def show_cases(
    *,
    request: Request,
    who: Who,
    connection: Reading,
    key: Key,
    code: Code = None,
    period: Name = None,
) -> HTMLResponse:
    """Show the cases behind a figure."""
    now = request.state.now()
    every, contract = await _contracts(connection, who, code)
    span = _period(period, now)
    definition, figure, found = await service.behind(connection, key, span, contract, now)
    language = languages.of(request)
    return await _page(
        request,
        connection,
        who,
        "performance_cases.html",
        contract=contract,
        period=span,
        before=span.before().name,
        name=definition.name(language),
        meaning=definition.definition(language),
        definition=definition,
        figure=figure,
        cases=found,
        left_off=service.left_off(figure, found),
        names={each.code: each.name for each in every},
    )


async def _contracts(
    connection: Connection, who: Principal, code: str | None
) -> tuple[list[Contract], Contract]:
    """Return whose figures there are, and whose are looked at."""
    every = await service.contracts(connection)
    return every, service.chosen(every, code, who.municipality_code)


async def _page(
    request: Request, connection: Connection, who: Principal, template: str, **content: Any
) -> HTMLResponse:
    """Return a page in the layout of whoever asks: the portal's, or the desk's."""
    content |= {"percent": shown.percent, "state": shown.state}
    if who.municipality_code is not None:
        content |= {"root": "/portal"}
        return await portal_page(request, connection, who, f"portal/{template}", **content)
    return await desk_page.page(request, connection, template, root="", **content)


def _period(name: str | None, now: datetime) -> Period:
    if name is None:
        return period_at(now, Length.QUARTER)
    try:
        return named(name)
    except ValueError as error:
        raise InvalidInputError("query", "period", str(error)) from None


def _indicator(standing: Standing, language: str) -> IndicatorDocument:
    definition, ahead = standing.definition, standing.forecast
    return IndicatorDocument(
        key=definition.key,
        version=definition.version,
        name=definition.name(language),
        definition=definition.definition(language),
        source=definition.source,
        share_asked=definition.share_asked,
        valid_from=definition.valid_from,
        figure=_figure(standing.period, standing.figure),
        trend=[_figure(period, figure) for period, figure in standing.trend],
        forecast=None if ahead is None else ForecastDocument.model_validate(ahead),
        risk=standing.level,
    )


def _figure(period: Period, figure: Figure) -> FigureDocument:
    return FigureDocument(
        period=period.name,
        kept=figure.kept,
        decided=figure.decided,
        share=figure.share,
        excused=figure.excused,
        share_without_excuses=figure.share_without_excuses,
        pending=figure.pending,
        left_out=figure.left_out,
    )


def _case(case: Case) -> CaseDocument:
    return CaseDocument(
        kind=case.kind,
        number=case.number,
        municipality=case.municipality_code,
        aid_kind=case.aid_kind,
        begun_at=case.begun_at,
        due_at=case.due_at,
        done_at=case.done_at,
        outcome=case.outcome,
    )
