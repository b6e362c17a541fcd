"""/v1/samples and /portal/samples: random checks that leave no trace but that somebody looked."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from api import downloads, multipart
from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission
from api.portal.page import page
from api.problems import InvalidInputError
from api.queries import Connection
from api.reports import comparison, municipal_list
from api.reports.comparing import DifferenceDocument, TroubleDocument, ours_of, read_list
from api.reports.comparison import DUTCH as DIFFERENCES
from api.reports.workbook import MEDIA_TYPE, workbook
from api.sampling import service
from api.sampling.drawing import Strata
from api.sampling.service import DUTCH, MOST, Plan, SampleKind
from api.schema import Document, Time
from api.transactions import Reading
from diagnostics.tickets.calendar import ZONE, dutch_day, end_of_day

_DRAW: Final = [needs(Permission.DRAW_SAMPLES)]
router = APIRouter(prefix="/samples", tags=["Contract"], dependencies=_DRAW)
pages = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.USE_PORTAL), *_DRAW],
)
_YEAR: Final = timedelta(days=365)

Kind = Annotated[SampleKind, Query(description="Of what.")]
From = Annotated[date | None, Query(alias="from", description="First day; a year ago, if absent.")]
Until = Annotated[date | None, Query(description="Last day; today, if absent.")]
Size = Annotated[int, Query(ge=1, le=MOST, description="How many.")]
Seed = Annotated[
    str, Query(min_length=1, max_length=100, pattern=r"^[^\x00]*$", description="Any text.")
]
By = Annotated[Strata, Query(description="By what it is spread.")]


class SampleItem(Document):
    """One case, with its recorded facts and computed terms; names are those of the columns."""

    facts: dict[str, Any]
    log: list[dict[str, Any]]


class SampleDocument(Document):
    """A sample, and how it was drawn."""

    kind: SampleKind
    begin: Time
    end: Time
    size: int
    seed: str
    strata: Strata
    population: dict[str, int]
    drawn: dict[str, int]
    items: list[SampleItem]


class SampleComparison(Document):
    """A list of the municipality held against ours. Nothing is kept of it."""

    rows: int
    same: int
    counts: dict[str, int]
    differences: list[DifferenceDocument]
    troubles: list[TroubleDocument]


def _asked(
    *,
    request: Request,
    kind: Kind = SampleKind.TICKETS,
    first: From = None,
    last: Until = None,
    size: Size = 25,
    seed: Seed = "1",
    strata: By = Strata.NONE,
) -> Plan:
    """Return what the query asks to draw."""
    return _plan(kind, first, last, size, seed, strata, request.state.now())


Asked = Annotated[Plan, Depends(_asked)]


@router.get("", operation_id="drawSample")
async def draw_sample(plan: Asked, connection: Reading) -> SampleDocument:
    """Draw a random sample of cases. The same question gives the same sample."""
    found = await service.sample(connection, plan)
    logs: dict[Any, list[dict[str, Any]]] = {}
    for each in found.log:
        logs.setdefault(each["number"], []).append(each)
    return SampleDocument(
        kind=plan.kind,
        begin=plan.begin,
        end=plan.end,
        size=plan.size,
        seed=plan.seed,
        strata=plan.strata,
        population=dict(found.population),
        drawn=dict(found.drawn),
        items=[SampleItem(facts=each, log=logs.get(each["number"], [])) for each in found.facts],
    )


@router.get("/workbook", operation_id="getSampleWorkbook", response_class=Response)
async def get_workbook(request: Request, plan: Asked, connection: Reading) -> Response:
    """Return the same as an Excel file: how it was drawn, the facts, the log."""
    now = request.state.now()
    found = await service.sample(connection, plan)
    content = workbook(service.sheets(found), title=f"Steekproef {DUTCH[plan.kind]}", made_at=now)
    return downloads.made(content, f"steekproef-{plan.kind}-{dutch_day(now)}.xlsx", MEDIA_TYPE)


@router.post("/comparisons", operation_id="compareList")
async def compare_list(request: Request, who: Who, connection: Reading) -> SampleComparison:
    """Compare a list of aids, an Excel file as the request's body, with ours; keep nothing."""
    return await _compared(request, who, connection)


@pages.get("/portal/samples")
async def show_samples(
    *,
    request: Request,
    who: Who,
    connection: Reading,
    kind: Annotated[SampleKind | None, Query()] = None,
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="until", max_length=10)] = "",
    size: Size = 25,
    seed: Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")] = "",
    strata: By = Strata.NONE,
) -> HTMLResponse:
    """Ask what to draw, and show what was drawn."""
    now = request.state.now()
    chosen = kind or SampleKind.TICKETS
    plan = _plan(chosen, _day(first), _day(last), size, seed or "1", strata, now)
    found = None if kind is None else await service.sample(connection, plan)
    return await page(
        request,
        connection,
        who,
        "portal/samples.html",
        plan=plan,
        found=found,
        first=dutch_day(plan.begin),
        last=dutch_day(plan.end - timedelta(seconds=1)),
        kinds=DUTCH,
        strata=list(Strata),
        path_of=service.path_of,
        columns=service.COLUMNS,
        meanings=service.WORDS[chosen],
        query=request.url.query,
        most=MOST,
    )


@pages.get("/portal/samples.xlsx")
async def send_sample(
    *,
    request: Request,
    connection: Reading,
    kind: Kind = SampleKind.TICKETS,
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="until", max_length=10)] = "",
    size: Size = 25,
    seed: Seed = "1",
    strata: By = Strata.NONE,
) -> Response:
    """Send a sample as an Excel file."""
    plan = _plan(kind, _day(first), _day(last), size, seed, strata, request.state.now())
    return await get_workbook(request, plan, connection)


@pages.post("/portal/samples/comparison")
async def show_comparison(request: Request, who: Who, connection: Reading) -> HTMLResponse:
    """Show what differs between a list and ours; nothing is kept."""
    wrong, found = None, None
    try:
        found = await _compared(request, who, connection, of_form=True)
    except InvalidInputError as error:
        wrong = error.error.detail
    return await page(
        request,
        connection,
        who,
        "portal/sample_comparison.html",
        status=200 if wrong is None else 400,
        found=found,
        wrong=wrong,
        kinds=DIFFERENCES,
    )


def _plan(  # noqa: PLR0917 - as the query has them
    kind: SampleKind,
    first: date | None,
    last: date | None,
    size: int,
    seed: str,
    strata: Strata,
    now: datetime,
) -> Plan:
    last = last or dutch_day(now)
    first = first or last - _YEAR
    if first > last:
        raise InvalidInputError("query", "from", "after `until`")
    begin = datetime.combine(first, datetime.min.time(), tzinfo=ZONE)
    return Plan(kind=kind, begin=begin, end=end_of_day(last), size=size, seed=seed, strata=strata)


async def _compared(
    request: Request, who: Principal, connection: Connection, *, of_form: bool = False
) -> SampleComparison:
    content = await read_list(request)
    if of_form:
        _, chosen = multipart.parse(content, request.headers.get("content-type", ""))
        if "file" not in chosen:
            raise InvalidInputError("body", "/file", "Kies een bestand.")
        content = chosen["file"][0].content
    try:
        lines, troubles = municipal_list.read(content)
    except municipal_list.UnreadableListError as error:
        raise InvalidInputError("body", "/", str(error)) from None
    assert who.municipality_code is not None  # noqa: S101 - nobody else draws samples
    ours = await ours_of(connection, who.municipality_code, dutch_day(request.state.now()))
    outcome = comparison.compare(lines, troubles, ours)
    return SampleComparison(
        rows=outcome.rows,
        same=outcome.same,
        counts=outcome.counts,
        differences=[DifferenceDocument.model_validate(each) for each in outcome.differences],
        troubles=[TroubleDocument.model_validate(each) for each in outcome.troubles],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
