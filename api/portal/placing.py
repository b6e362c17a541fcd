"""What a municipality asks for itself: orders and complaints, and that it takes them back.

Written in the municipality's own role: the database lets it write for its own clients alone.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.complaints import pages as complaint_pages
from api.complaints import service as complaints
from api.complaints.schemas import ComplaintOutcome, Handling, Via
from api.deliveries import pages as order_pages
from api.deliveries import service as deliveries
from api.deliveries.schemas import Step, StepKind
from api.desk import forms
from api.desk.refused import told
from api.portal.page import page
from api.transactions import Reading, Writing

router = APIRouter(
    prefix="/portal",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[needs(Permission.USE_PORTAL)],
)
_ORDERS: Final = [needs(Permission.READ_COMMISSIONS, Permission.PLACE_COMMISSIONS)]
_COMPLAINTS: Final = [needs(Permission.READ_COMPLAINTS, Permission.FILE_COMPLAINTS)]

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
ClientNumber = Annotated[str, Query(pattern=r"^([A-Z0-9-]{3,32})?$")]


class _Withdrawal(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    reason: Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"^[^\x00]*$")]


@router.get("/orders/new", dependencies=_ORDERS)
async def show_new_order(
    request: Request, who: Who, connection: Reading, client: ClientNumber = ""
) -> HTMLResponse:
    """Show the form of an order; first ask for whom."""
    shown = await order_pages.to_order(connection, client)
    return await page(request, connection, who, "portal/order_new.html", **shown)


@router.post("/orders", dependencies=_ORDERS)
async def place_order(request: Request, who: Who, connection: Writing) -> RedirectResponse:
    """Place it: its terms run from now on."""
    now = request.state.now()
    with told(request):
        sent = await forms.fields(request)
        sent.pop("received_at", None)
        asked = order_pages.new_of(sent, now)
        number = await deliveries.register(connection, asked, actor=who.login, now=now)
    return RedirectResponse(f"/portal/orders/{number}", 303)


@router.post("/orders/{commission}/withdraw", dependencies=_ORDERS)
async def withdraw_order(
    request: Request, who: Who, connection: Writing, commission: Number
) -> RedirectResponse:
    """Take an order back, and say why."""
    now = request.state.now()
    with told(request):
        form = await forms.read(request, _Withdrawal)
        step = Step(kind=StepKind.WITHDRAWN, reason=form.reason, version=form.version)
        await deliveries.step(connection, commission, step, actor=who.login, now=now)
    return RedirectResponse(f"/portal/orders/{commission}", 303)


@router.get("/complaints/new", dependencies=_COMPLAINTS)
async def show_new_complaint(
    request: Request, who: Who, connection: Reading, client: ClientNumber = ""
) -> HTMLResponse:
    """Show the form of a complaint on behalf of a client; first ask whose."""
    shown = await complaint_pages.to_complaint(connection, client)
    return await page(request, connection, who, "portal/complaint_new.html", **shown)


@router.post("/complaints", dependencies=_COMPLAINTS)
async def file_complaint(request: Request, who: Who, connection: Writing) -> RedirectResponse:
    """File it: it became known now."""
    now = request.state.now()
    with told(request):
        sent = await forms.fields(request)
        sent |= {"via": Via.MUNICIPALITY.value, "received_at": "", "ticket": ""}
        asked = complaint_pages.new_of(sent, now)
        number = await complaints.register(connection, asked, actor=who.login, now=now)
    return RedirectResponse(f"/portal/complaints/{number}", 303)


@router.post("/complaints/{complaint}/withdraw", dependencies=_COMPLAINTS)
async def withdraw_complaint(
    request: Request, who: Who, connection: Writing, complaint: Number
) -> RedirectResponse:
    """Take a complaint back in the client's name; that is told in writing, as any outcome."""
    now = request.state.now()
    with told(request):
        form = await forms.read(request, _Withdrawal)
        outcome = Handling(
            outcome=ComplaintOutcome.WITHDRAWN, text=form.reason, version=form.version
        )
        await complaints.handle(connection, complaint, outcome, actor=who.login, now=now)
    return RedirectResponse(f"/portal/complaints/{complaint}", 303)
