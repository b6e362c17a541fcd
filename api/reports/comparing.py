"""POST /v1/file-comparisons: the municipality's list in, the differences out; and their page."""

import hashlib
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse
from psycopg.types.json import Jsonb

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import page as desk_page
from api.kpi import service as kpi
from api.kpi.endpoints import Code
from api.portal.page import page as portal_page
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection, row, rows
from api.reports import comparison, municipal_list
from api.reports.comparison import DUTCH, Ours
from api.reports.loading import QUERIES
from api.reports.workbook import MEDIA_TYPE, workbook
from api.schema import Document, Time
from api.transactions import Reading, Writing
from diagnostics.tickets.calendar import dutch_day

router = APIRouter(
    prefix="/file-comparisons", tags=["Contract"], dependencies=[needs(Permission.READ_REPORTS)]
)
pages = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.READ_REPORTS)],
)
_COMPARE = [needs(Permission.COMPARE_FILES)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the comparison.")]


class DifferenceDocument(Document):
    """One difference, in Dutch as the municipality reads it."""

    kind: str
    row: int | None
    aid: str
    client: str
    theirs: str
    ours: str
    explanation: str


class TroubleDocument(Document):
    """A row that could not be read."""

    row: int
    column: str
    text: str


class ComparisonDocument(Document):
    """What came out of a comparison."""

    id: int
    compared_at: Time
    rows: int
    same: int
    counts: dict[str, int]
    differences: list[DifferenceDocument]
    troubles: list[TroubleDocument]


@router.post("", operation_id="compareFile", status_code=201, dependencies=_COMPARE)
async def compare_file(
    request: Request,
    who: Who,
    connection: Writing,
    municipality: Annotated[str, Query(pattern=r"^GM[0-9]{4}$", description="Whose list it is.")],
    name: Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00/\\]*$")],
) -> ComparisonDocument:
    """Compare a municipality's list, an Excel file as the request's body, with ours."""
    content = await read_list(request)
    try:
        lines, troubles = municipal_list.read(content)
    except municipal_list.UnreadableListError as error:
        raise InvalidInputError("body", "/", str(error)) from None
    every = await kpi.contracts(connection)
    contract = kpi.chosen(every, municipality, None)
    now = request.state.now()
    ours = await ours_of(connection, municipality, dutch_day(now))
    found = comparison.compare(lines, troubles, ours)
    result = workbook(
        comparison.sheets(found), title=f"Bestandsvergelijking {contract.name}", made_at=now
    )
    stored = await row(
        connection,
        QUERIES["store_comparison"],
        {
            "municipality": municipality,
            "name": name,
            "sha256": hashlib.sha256(content).digest(),
            "now": now,
            "actor": who.login,
            "outcome": Jsonb(
                {"rows": found.rows, "same": found.same, **found.counts}
                | {"troubles": len(found.troubles)}
            ),
            "result": result,
        },
    )
    if stored is None:
        raise LookupError("a row that was inserted is not there")
    return ComparisonDocument(
        id=stored["comparison_id"],
        compared_at=now,
        rows=found.rows,
        same=found.same,
        counts=found.counts,
        differences=[DifferenceDocument.model_validate(each) for each in found.differences],
        troubles=[TroubleDocument.model_validate(each) for each in found.troubles],
    )


@router.get("/{number}/workbook", operation_id="getComparisonWorkbook", response_class=Response)
async def get_workbook(connection: Reading, number: Number) -> Response:
    """Return the differences as an Excel file."""
    found = await row(connection, QUERIES["comparison"], {"number": number})
    if found is None:
        raise NotFoundError(f"There is no comparison {number}.")
    name = f"bestandsvergelijking-{number}.xlsx"
    return downloads.made(bytes(found["result"]), name, MEDIA_TYPE)


@pages.get("/file-comparisons")
@pages.get("/portal/file-comparisons")
async def show_comparisons(
    request: Request, who: Who, connection: Reading, code: Code = None
) -> HTMLResponse:
    """Show the comparisons so far, and where to send a list."""
    every = [each for each in await kpi.contracts(connection) if not each.is_group]
    contract = kpi.chosen(every, code, who.municipality_code)
    shown = {
        "contract": contract,
        "contracts": every,
        "comparisons": await rows(connection, QUERIES["comparisons"], {"code": contract.code}),
        "kinds": DUTCH,
    }
    if who.municipality_code is not None:
        return await portal_page(
            request, connection, who, "portal/file_comparisons.html", status=200, **shown
        )
    return await desk_page.page(request, connection, "file_comparisons.html", **shown)


async def ours_of(connection: Connection, municipality: str, today: date) -> list[Ours]:
    """Return the aids of a municipality as a list of it is compared with."""
    found = await rows(connection, QUERIES["ours"], {"code": municipality, "today": today})
    return [Ours(**each) for each in found]


async def read_list(request: Request) -> bytes:
    """Return the file that was sent.

    Raises:
        InvalidInputError: it is too large.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > municipal_list.MOST_BYTES:
            raise InvalidInputError("body", "/", "more than 20 MB")
    return bytes(body)
