"""GET /v1/privacy/…: how long what is kept, what it is for, who looked at whom."""

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response, status
from msgspec import structs

from api import pagination
from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.privacy import catalogue, data_act, service
from api.privacy.schemas import (
    Catalogue,
    CatalogueField,
    CatalogueTable,
    DataAttribute,
    DataProduct,
    DataProducts,
    Hold,
    LookEntry,
    LookPage,
    NewHold,
    Removal,
    Retention,
    RetentionKind,
    UnusualLook,
)
from api.problems import InvalidInputError
from api.queries import Connection
from api.transactions import AsService, Reading, Writing
from diagnostics.tickets.calendar import ZONE, dutch_day, end_of_day

router = APIRouter(
    prefix="/privacy", tags=["Privacy"], dependencies=[needs(Permission.READ_PRIVACY)]
)
_HANDLE = [needs(Permission.HANDLE_REQUESTS)]
_WEEK = timedelta(days=7)
MOST_DAYS = 366

About = Annotated[
    str | None,
    Query(max_length=64, pattern=r"^[^\x00]*$", description="A login, or a client's number."),
]
From = Annotated[date | None, Query(alias="from", description="First day; a week ago, if absent.")]
Until = Annotated[date | None, Query(description="Last day; today, if absent.")]


@router.get("/retention", operation_id="getRetention")
async def get_retention(connection: Reading) -> Retention:
    """Return how long each kind of data is kept, why, and what was removed of it."""
    return await _retention(connection)


@router.post("/holds", operation_id="placeHold", status_code=201, dependencies=_HANDLE)
async def place_hold(request: Request, who: Who, connection: Writing, body: NewHold) -> Retention:
    """Hold what is about a client or an aid: a claim, a lawsuit, an investigation."""
    now = request.state.now()
    await service.place_hold(connection, body.subject, body.reason, body.from_at, who=who, now=now)
    return await _retention(connection)


@router.delete(
    "/holds/{number}",
    operation_id="liftHold",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=_HANDLE,
)
async def lift_hold(
    request: Request,
    who: Who,
    connection: Writing,
    number: Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the hold.")],
) -> Response:
    """Hold it no longer."""
    await service.lift_hold(connection, number, who=who, now=request.state.now())
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.get("/catalogue", operation_id="getDataCatalogue")
async def get_catalogue() -> Catalogue:
    """Return what every table and column is for, on which basis, and how long it is kept."""
    return Catalogue(
        items=[
            CatalogueTable(
                name=table.name,
                purpose=table.purpose,
                basis=table.basis,
                kept=table.kept,
                term=table.term,
                fields=[
                    CatalogueField(name=each.name, what=each.what, class_=each.class_.name.lower())
                    for each in table.fields
                ],
            )
            for table in catalogue.load()
        ]
    )


@router.get("/data-act", operation_id="getDataProducts")
async def get_data_products() -> DataProducts:
    """Return what a device tells: how often, how much, where it is kept, and who sees it."""
    return DataProducts(
        items=[
            DataProduct(
                **structs.asdict(each)
                | {"attributes": [DataAttribute(**structs.asdict(one)) for one in each.attributes]}
            )
            for each in data_act.products()
        ]
    )


@router.get("/looks", operation_id="listLooks")
async def list_looks(
    *,
    request: Request,
    response: Response,
    connection: Reading,
    as_platform: AsService,
    about: About = None,
    first: From = None,
    last: Until = None,
    cursor: pagination.Cursor = None,
    limit: pagination.Limit = 100,
) -> LookPage:
    """List who looked at whom, when and why; and what is unusual in it."""
    begin, end = span(first, last, request.state.now())
    found = await service.looks(
        connection,
        about=about,
        begin=begin,
        end=end,
        before=pagination.decode(cursor),
        limit=limit + 1,
    )
    unusual = await service.unusual(connection, as_platform, begin=begin, end=end)
    more = pagination.encode(found[limit - 1]["look_id"]) if len(found) > limit else None
    pagination.link_next(request, response, more)
    return LookPage(
        items=[
            LookEntry.model_validate(each | {"id": each["look_id"], "ticket": each["ticket_id"]})
            for each in found[:limit]
        ],
        unusual=[UnusualLook(**structs.asdict(each)) for each in unusual],
        next_cursor=more,
    )


def span(first: date | None, last: date | None, now: datetime) -> tuple[datetime, datetime]:
    """Return from when until when, of Dutch days.

    Raises:
        InvalidInputError: they are in no order, or more than a year.
    """
    last = last or dutch_day(now)
    first = first or last - _WEEK
    if not first <= last <= first + timedelta(days=MOST_DAYS):
        raise InvalidInputError("query", "from", "after `until`, or more than a year before it")
    return datetime.combine(first, datetime.min.time(), tzinfo=ZONE), end_of_day(last)


async def _retention(connection: Connection) -> Retention:
    return Retention(
        items=[
            RetentionKind(
                **{name: getattr(kind, name) for name in _KIND},
                tables=list(kind.tables),
                last=None if last is None else Removal.model_validate(last),
            )
            for kind, last in await service.retention(connection)
        ],
        holds=[Hold.model_validate(each) for each in await service.holds(connection)],
    )


_KIND = ("name", "what", "term", "term_text", "why", "basis")
