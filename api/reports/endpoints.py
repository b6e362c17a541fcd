"""GET /v1/reports, and the pages with the reports and their deadlines."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.desk import forms
from api.desk import page as desk_page
from api.documents.pdf import MEDIA_TYPE as PDF
from api.kpi import service as kpi
from api.kpi.endpoints import Code
from api.kpi.periods import named
from api.portal.page import page as portal_page
from api.problems import InvalidInputError
from api.reports import service
from api.reports.service import Listed
from api.reports.workbook import MEDIA_TYPE as XLSX
from api.schema import Document, Time
from api.transactions import Reading, Writing

_READ = [needs(Permission.READ_REPORTS)]
_MAKE = [needs(Permission.MAKE_REPORTS)]
router = APIRouter(prefix="/reports", tags=["Contract"], dependencies=_READ)
pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=_READ)
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the version.")]
_NO_LIMIT = "SET LOCAL statement_timeout = '120s'"


class VersionDocument(Document):
    """A version of a report, with the SHA-256 of its files."""

    id: int
    version: int
    cut_off_at: Time
    made_by: str
    reason: str
    workbook_sha256: str
    summary_sha256: str


class ReportDocument(Document):
    """A report that is owed or made."""

    contract: str
    name: str
    kind: str
    period: str = Field(examples=["2026-Q3"])
    due_on: date | None
    state: str = Field(description="running, to_make, late or made.")
    versions: list[VersionDocument]


class ReportList(Document):
    """Reports, those with the latest deadline first."""

    items: list[ReportDocument]


class NewReport(BaseModel):
    """What a manager fills in to have a version made."""

    model_config = ConfigDict(str_strip_whitespace=True)

    contract: Annotated[str, Field(pattern=r"^(GM[0-9]{4}|[a-z][a-z0-9-]{2,40})$")]
    kind: Annotated[str, Field(pattern=r"^(management|annual)$")]
    period: Annotated[str, Field(max_length=7)]
    reason: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""


@router.get("", operation_id="listReports")
async def list_reports(
    request: Request, who: Who, connection: Reading, code: Code = None
) -> ReportList:
    """List reports that are owed or made, with their versions."""
    every = await kpi.contracts(connection)
    contract = kpi.chosen(every, code, who.municipality_code)
    found = await service.listed(connection, contract, every, request.state.now())
    return ReportList(items=[_document(each) for each in found])


@router.get("/{number}/workbook", operation_id="getReportWorkbook", response_class=Response)
async def get_workbook(connection: Reading, number: Number) -> Response:
    """Return the Excel file of a version."""
    return downloads.made(*await service.content(connection, number, "workbook"), XLSX)


@router.get("/{number}/summary", operation_id="getReportSummary", response_class=Response)
async def get_summary(connection: Reading, number: Number) -> Response:
    """Return the PDF summary of a version."""
    return downloads.made(*await service.content(connection, number, "summary"), PDF)


@pages.get("/reports")
@pages.get("/portal/reports")
async def show_reports(
    request: Request, who: Who, connection: Reading, code: Code = None
) -> HTMLResponse:
    """Show the reports with their deadlines."""
    every = await kpi.contracts(connection)
    contract = kpi.chosen(every, code, who.municipality_code)
    content: dict[str, Any] = {
        "contract": contract,
        "contracts": every,
        "reports": await service.listed(connection, contract, every, request.state.now()),
    }
    if who.municipality_code is not None:
        return await portal_page(request, connection, who, "portal/reports.html", **content)
    return await desk_page.page(request, connection, "reports.html", **content)


@pages.post("/reports", dependencies=_MAKE)
async def make_report(request: Request, who: Who, connection: Writing) -> Response:
    """Make a version of a report."""
    form = await forms.read(request, NewReport)
    try:
        period = named(form.period)
    except ValueError as error:
        raise InvalidInputError("body", "period", str(error)) from None
    await connection.execute(_NO_LIMIT)
    await service.make(
        connection,
        form.contract,
        form.kind,
        period,
        now=request.state.now(),
        actor=who.login,
        reason=form.reason,
    )
    return RedirectResponse(f"/reports?contract={form.contract}", 303)


def _document(listed: Listed) -> ReportDocument:
    return ReportDocument(
        contract=listed.contract,
        name=listed.name,
        kind=listed.kind,
        period=listed.period,
        due_on=listed.due_on,
        state=listed.state,
        versions=[
            VersionDocument(
                id=each["report_id"],
                **{
                    name: each[name]
                    for name in (
                        "version",
                        "cut_off_at",
                        "made_by",
                        "reason",
                        "workbook_sha256",
                        "summary_sha256",
                    )
                },
            )
            for each in listed.versions
        ],
    )
