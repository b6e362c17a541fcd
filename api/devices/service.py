"""Reads aids and their measurements."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from api.devices.rides import last_ride
from api.devices.schemas import (
    ActiveFault,
    ConnectionState,
    Device,
    DeviceDetail,
    DevicePage,
    Link,
    Municipality,
    Reading,
)
from api.pagination import encode
from api.problems import NotFoundError
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load
from gateway.protocol.vocabulary import Contacts, Demand, Landing, Mode, Seat, Signals

QUERIES = load("api.devices")
MAX_SAMPLES = 5_000
# How long a modem may have kept its readings to itself.
LATEST_DELIVERY = timedelta(days=7)
_LAST_RIDE_WITHIN = timedelta(days=31)
_AROUND_A_MOMENT = timedelta(minutes=15)


async def page(
    connection: Connection,
    *,
    municipality: str | None = None,
    state: ConnectionState | None = None,
    fault: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> DevicePage:
    """Return aids in order of registration.

    Args:
        connection: in a transaction.
        municipality: its CBS code; None for all.
        state: of the link; None for any.
        fault: an active fault's code, ``any`` for those with some fault; None for all.
        after: the id to start behind.
        limit: how many at most.
    """
    found = await rows(
        connection,
        QUERIES["page"],
        {
            "municipality": municipality,
            "state": state,
            "fault": fault,
            "after": after or 0,
            "limit": limit + 1,
        },
    )
    more = len(found) > limit
    items = [Device.model_validate(_device(each)) for each in found[:limit]]
    return DevicePage(
        items=items, next_cursor=encode(found[limit - 1]["device_id"]) if more else None
    )


async def one(connection: Connection, name: str) -> tuple[int, DeviceDetail]:
    """Return an aid's id and all about it.

    Raises:
        NotFoundError: there is no aid of that name.
    """
    found = await row(connection, QUERIES["one"], {"name": name})
    if found is None:
        raise NotFoundError(f"There is no aid called {name}.")
    return found["device_id"], DeviceDetail.model_validate(_device(found))


async def telemetry(
    connection: Connection,
    device_id: int,
    *,
    from_: datetime,
    until: datetime,
    limit: int = MAX_SAMPLES,
) -> tuple[list[Reading], bool]:
    """Return the samples measured in an interval, and whether there were more than ``limit``."""
    found = await rows(
        connection,
        QUERIES["telemetry"],
        {
            "device_id": device_id,
            "from": from_,
            "until": until,
            "received_until": until + LATEST_DELIVERY,
            "limit": limit + 1,
        },
    )
    return [reading(each) for each in found[:limit]], len(found) > limit


async def ride(connection: Connection, device_id: int, *, now: datetime) -> Sequence[Reading]:
    """Return the samples of the last ride, finished or not; none if there was none in a month."""
    found = await row(
        connection,
        QUERIES["last_moving"],
        {"device_id": device_id, "since": now - _LAST_RIDE_WITHIN},
    )
    if found is None:
        return []
    moved_at: datetime = found["measured_at"]
    samples, _ = await telemetry(
        connection,
        device_id,
        from_=moved_at - _AROUND_A_MOMENT,
        until=moved_at + _AROUND_A_MOMENT,
    )
    return last_ride(samples)


def reading(found: Row) -> Reading:
    """Put a row of samples into words."""
    return Reading.model_validate(
        found
        | {
            "seat": _word(Seat, found["seat"]),
            "demand": _word(Demand, found["demand"]),
            "mode": _word(Mode, found["mode"]),
            "landing": _word(Landing, found["landing"]),
            "contacts": _bits(Contacts, found["contacts"]),
            "signals": _bits(Signals, found["signals"]),
        }
    )


def _device(found: Row) -> Row:
    online = found["online"]
    if online is None:
        state = ConnectionState.UNKNOWN
    else:
        state = ConnectionState.ONLINE if online else ConnectionState.OFFLINE
    return found | {
        "municipality": Municipality(
            code=found["municipality_code"], name=found["municipality_name"]
        ),
        "link": Link(
            state=state,
            since=found["changed_at"],
            reason=found["reason"],
            firmware=found["firmware"],
        ),
        "faults": [ActiveFault.model_validate(fault) for fault in found["faults"] or ()],
        "latest": reading(found["latest"]) if found["latest"] else None,
        "open_ticket": found["ticket_id"],
    }


def _word(vocabulary: Any, value: int) -> str:
    try:
        word: str = vocabulary(value).name
    except ValueError:
        return "unknown"
    return word.lower()


def _bits(vocabulary: Any, value: int) -> list[str]:
    return [flag.name.lower() for flag in vocabulary if flag & value]
