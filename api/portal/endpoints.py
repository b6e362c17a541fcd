"""The pages of the portal."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from api import downloads
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.complaints import service as complaints
from api.deliveries import service as deliveries
from api.desk import languages
from api.desk.paths import DeviceName, TicketId
from api.portal import actions, casefile, theme
from api.portal.actions import A_PAGE, GROUPS, Filters
from api.portal.page import QUERIES, page
from api.privacy.looking import looks_at
from api.problems import NotFoundError
from api.queries import row, rows
from api.reports.workbook import MEDIA_TYPE
from api.subjects import service as subjects
from api.survey import service as survey
from api.tickets import service as tickets
from api.transactions import Reading
from diagnostics.tickets.calendar import dutch_day

router = APIRouter(
    prefix="/portal",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.USE_PORTAL)],
)

_CASES = [
    needs(
        Permission.READ_COMMISSIONS,
        Permission.READ_COMPLAINTS,
        Permission.READ_TICKETS,
        Permission.READ_SURVEY,
        Permission.READ_MISUSE,
    )
]
# Its address changes with it.
_KEPT = {"Cache-Control": "private, max-age=86400"}
_FIGURES_SINCE_YEARS = 1

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
ClientNumber = Annotated[str, Path(pattern=r"^[A-Z0-9-]{3,32}$")]
Group = Literal[
    "", "delivery", "collection", "other_commission", "repair", "service", "complaint", "misuse"
]
Q = Annotated[str, Query(max_length=40, pattern=r"^[^\x00%_\\]*$")]


@router.get("", dependencies=_CASES)
async def show_overview(
    *,
    request: Request,
    who: Who,
    connection: Reading,
    group: Group = "",
    late: Literal["yes", ""] = "",
    q: Q = "",
    start: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> HTMLResponse:
    """Show everything that is open."""
    filters = Filters(group or None, late == "yes", q)
    now = request.state.now()
    found = await actions.actions(connection, who.municipality_code or "", filters, now)
    return await page(
        request,
        connection,
        who,
        "portal/overview.html",
        found=found,
        shown=found.found[start : start + A_PAGE],
        groups=GROUPS,
        filters=filters,
        start=start,
        a_page=A_PAGE,
    )


@router.get("/open.csv", dependencies=_CASES)
async def send_overview(
    *,
    request: Request,
    who: Who,
    connection: Reading,
    group: Group = "",
    late: Literal["yes", ""] = "",
    q: Q = "",
) -> Response:
    """Send the same list as a file."""
    filters = Filters(group or None, late == "yes", q)
    now = request.state.now()
    found = await actions.actions(connection, who.municipality_code or "", filters, now)
    name = f"openstaande-acties-{who.municipality_code}-{dutch_day(now)}.csv"
    return downloads.made(actions.as_csv(found.found), name, "text/csv; charset=utf-8")


@router.get("/open.xlsx", dependencies=_CASES)
async def send_workbook(
    *,
    request: Request,
    who: Who,
    connection: Reading,
    group: Group = "",
    late: Literal["yes", ""] = "",
    q: Q = "",
) -> Response:
    """Send it as an Excel file."""
    filters = Filters(group or None, late == "yes", q)
    now = request.state.now()
    found = await actions.actions(connection, who.municipality_code or "", filters, now)
    content = actions.as_workbook(found.found, languages.of(request), now=now)
    name = f"openstaande-acties-{who.municipality_code}-{dutch_day(now)}.xlsx"
    return downloads.made(content, name, MEDIA_TYPE)


@router.get("/search", dependencies=_CASES)
async def search(request: Request, who: Who, connection: Reading, q: Q = "") -> HTMLResponse:
    """Find a client or an aid by the beginning of its number."""
    wanted = {"beginning": q.strip().lower() + "%", "code": who.municipality_code}
    asked = len(q.strip()) > 1
    return await page(
        request,
        connection,
        who,
        "portal/search.html",
        q=q.strip(),
        asked=asked,
        clients=await rows(connection, actions.QUERIES["clients_like"], wanted) if asked else [],
        aids=await rows(connection, actions.QUERIES["aids_like"], wanted) if asked else [],
    )


@router.get("/clients/{client}", dependencies=[*_CASES, looks_at("client", "client")])
async def show_client(
    request: Request, who: Who, connection: Reading, client: ClientNumber
) -> HTMLResponse:
    """Show a client's file."""
    file = await casefile.of_client(connection, client)
    return await page(
        request,
        connection,
        who,
        "portal/file.html",
        file=file,
        package=f"/portal/clients/{client}/file.zip",
        restricted=await subjects.restricted(connection, client=client),
    )


@router.get("/clients/{client}/file.zip", dependencies=[*_CASES, looks_at("client", "client")])
async def send_client(connection: Reading, client: ClientNumber) -> Response:
    """Send a client's file."""
    file = await casefile.of_client(connection, client)
    content = await casefile.package(connection, file)
    return downloads.made(content, f"dossier-{client}.zip", "application/zip")


@router.get("/aids/{name}", dependencies=[*_CASES, looks_at("aid", "name")])
async def show_aid(
    request: Request, who: Who, connection: Reading, name: DeviceName
) -> HTMLResponse:
    """Show an aid's file."""
    file = await casefile.of_aid(connection, name)
    return await page(
        request,
        connection,
        who,
        "portal/file.html",
        file=file,
        package=f"/portal/aids/{name}/file.zip",
        restricted=await subjects.restricted(connection, client=file.client_number),
    )


@router.get("/aids/{name}/file.zip", dependencies=[*_CASES, looks_at("aid", "name")])
async def send_aid(connection: Reading, name: DeviceName) -> Response:
    """Send an aid's file."""
    content = await casefile.package(connection, await casefile.of_aid(connection, name))
    return downloads.made(content, f"dossier-{name}.zip", "application/zip")


@router.get("/orders/{commission}", dependencies=[*_CASES, looks_at("order", "commission")])
async def show_order(
    request: Request, who: Who, connection: Reading, commission: Number
) -> HTMLResponse:
    """Show an order with its stages, terms, delays and documents."""
    found = await deliveries.detail(connection, commission, now=request.state.now())
    return await page(request, connection, who, "portal/order.html", order=found)


@router.get(
    "/orders/{commission}/files/{file}", dependencies=[*_CASES, looks_at("order", "commission")]
)
async def send_file(connection: Reading, commission: Number, file: Number) -> Response:
    """Send a document of an order."""
    return downloads.stored(*await deliveries.file(connection, commission, file))


@router.get("/complaints/{complaint}", dependencies=[*_CASES, looks_at("complaint", "complaint")])
async def show_complaint(
    request: Request, who: Who, connection: Reading, complaint: Number
) -> HTMLResponse:
    """Show a complaint with its handling."""
    found = await complaints.detail(connection, complaint)
    return await page(request, connection, who, "portal/complaint.html", complaint=found)


@router.get("/tickets/{ticket_id}", dependencies=[*_CASES, looks_at("ticket", "ticket_id")])
async def show_ticket(
    request: Request, who: Who, connection: Reading, ticket_id: TicketId
) -> HTMLResponse:
    """Show a report of a defect with its handling."""
    found = await tickets.detail(connection, ticket_id, who, now=request.state.now())
    restricted = await subjects.restricted(connection, ticket=ticket_id)
    return await page(
        request, connection, who, "portal/ticket.html", ticket=found, restricted=restricted
    )


@router.get("/figures", dependencies=_CASES)
async def show_figures(request: Request, who: Who, connection: Reading) -> HTMLResponse:
    """Show complaints and satisfaction by month."""
    now = request.state.now()
    year = now.replace(year=now.year - _FIGURES_SINCE_YEARS, day=1)
    code = who.municipality_code
    return await page(
        request,
        connection,
        who,
        "portal/figures.html",
        complaints=(await complaints.figures(connection, code, since=year, now=now)).items,
        answers=(await survey.figures(connection, code, since=dutch_day(year))).items,
        mix=(await deliveries.mix(connection, code)).items,
    )


@router.get("/theme.css")
async def send_theme(who: Who, connection: Reading) -> Response:
    """Send the municipality's design tokens as custom properties."""
    found = await row(connection, QUERIES["tokens"], {"code": who.municipality_code})
    return Response(theme.style(found["tokens"] if found else {}), 200, _KEPT, "text/css")


@router.get("/logo")
async def send_logo(who: Who, connection: Reading) -> Response:
    """Send the municipality's logo."""
    found = await row(connection, QUERIES["logo"], {"code": who.municipality_code})
    if found is None:
        raise NotFoundError("This municipality has no logo here.")
    # Should it hold a script after all, it runs nowhere.
    headers = _KEPT | {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(bytes(found["logo"]), 200, headers, found["logo_type"])
