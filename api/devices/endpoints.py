"""GET /v1/devices and what lies under it."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime

from api import pagination
from api.accounts.principal import needs
from api.accounts.roles import Permission
from api.devices import service
from api.devices.schemas import (
    ConnectionState,
    DeviceDetail,
    DevicePage,
    Layout,
    Reading,
    TelemetryColumns,
    TelemetryRows,
)
from api.problems import InvalidInputError
from api.transactions import Reading as ReadingTransaction
from gateway.protocol.topics import DEVICE_NAME_PATTERN

router = APIRouter(
    prefix="/devices", tags=["Devices"], dependencies=[needs(Permission.READ_DEVICES)]
)

DeviceName = Annotated[
    str, Path(pattern=DEVICE_NAME_PATTERN, max_length=32, description="Name of the aid.")
]
_LONGEST = timedelta(days=31)


@router.get("", operation_id="listDevices")
async def list_devices(
    *,
    request: Request,
    response: Response,
    connection: ReadingTransaction,
    municipality: Annotated[
        str | None, Query(pattern=r"^GM[0-9]{4}$", description="CBS code.")
    ] = None,
    state: Annotated[ConnectionState | None, Query(description="State of the link.")] = None,
    fault: Annotated[
        str | None,
        Query(pattern=r"^[a-z0-9_]{1,48}$", description="Active fault; `any`: whatever fault."),
    ] = None,
    cursor: pagination.Cursor = None,
    limit: pagination.Limit = 50,
) -> DevicePage:
    """List aids in order of registration."""
    page = await service.page(
        connection,
        municipality=municipality,
        state=state,
        fault=fault,
        after=pagination.decode(cursor),
        limit=limit,
    )
    pagination.link_next(request, response, page.next_cursor)
    return page


@router.get("/{name}", operation_id="getDevice")
async def get_device(connection: ReadingTransaction, name: DeviceName) -> DeviceDetail:
    """Tell all about an aid."""
    _, device = await service.one(connection, name)
    return device


@router.get(
    "/{name}/telemetry",
    operation_id="getTelemetry",
    dependencies=[needs(Permission.READ_TELEMETRY)],
)
async def get_telemetry(
    *,
    request: Request,
    connection: ReadingTransaction,
    name: DeviceName,
    from_: Annotated[
        AwareDatetime | None, Query(alias="from", description="First time of measurement.")
    ] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this time.")] = None,
    layout: Annotated[Layout, Query(description="Objects or arrays.")] = Layout.ROWS,
    limit: Annotated[int, Query(ge=1, le=service.MAX_SAMPLES)] = service.MAX_SAMPLES,
) -> TelemetryRows | TelemetryColumns:
    """Return what an aid measured between `from` and `until`; without these, its last ride."""
    device_id, device = await service.one(connection, name)
    now = request.state.now()
    truncated = False
    if from_ is None and until is None:
        samples = list(await service.ride(connection, device_id, now=now))[:limit]
        from_ = samples[0].measured_at if samples else None
        until = samples[-1].measured_at if samples else None
    else:
        until = until or now
        from_ = from_ or until - timedelta(hours=1)
        if not timedelta() < until - from_ <= _LONGEST:
            raise InvalidInputError("query", "until", "must be after from, 31 days at most")
        samples, truncated = await service.telemetry(
            connection, device_id, from_=from_, until=until, limit=limit
        )
    if layout is Layout.ROWS:
        return TelemetryRows(
            device=device.name, from_=from_, until=until, truncated=truncated, samples=samples
        )
    dumped = [sample.model_dump(mode="json") for sample in samples]
    names = Reading.model_json_schema(by_alias=True)["properties"]
    return TelemetryColumns(
        device=device.name,
        from_=from_,
        until=until,
        truncated=truncated,
        columns={name: [sample[name] for sample in dumped] for name in names},
    )
