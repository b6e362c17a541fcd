"""Reads logbooks and writes into them. What was written stays; the register keeps what it said."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from psycopg import sql
from pydantic.alias_generators import to_camel

from api.logbook.schemas import (
    AdaptationSort,
    LogbookDocument,
    MaintenanceSort,
    NewAdaptation,
    NewMaintenance,
    NewRemark,
    RegisterChange,
    Removal,
)
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load
from diagnostics.tickets.calendar import dutch_day

QUERIES = load("api.logbook")
# Electric aids are serviced once a year at least, hoists inspected (Z 57).
SERVICE_EVERY: Final = timedelta(days=365)
_MOST: Final = 1_000
# Where nothing is known these are empty.
_TEXTS: Final = frozenset({"provision", "maker", "model", "serial_number"})
_SIZES: Final = ("rail_length_mm", "seat_width_mm", "seat_depth_mm", "seat_height_mm")


class Logbook(NamedTuple):
    """All that is known of an aid: ``aid`` is the register's row, the others are lists of rows."""

    aid: Row
    holders: Sequence[Row]
    adaptations: Sequence[Row]
    maintenance: Sequence[Row]
    remarks: Sequence[Row]

    @property
    def service_due_on(self) -> date | None:
        """By when it is to be serviced; None: nothing is known to count from."""
        return service_due_on(self.aid)

    @property
    def sizes(self) -> list[tuple[str, int]]:
        """Which sizes are on record, in millimetres."""
        return [(name, self.aid[name]) for name in _SIZES if self.aid[name] is not None]


def service_due_on(aid: Row) -> date | None:
    """Return by when an aid is to be serviced: a year after the last time, or its first day."""
    known = (aid["serviced_on"], aid["first_used_on"], aid["built_on"])
    since: date | None = next((day for day in known if day is not None), None)
    return None if since is None else since + SERVICE_EVERY


async def logbook(connection: Connection, name: str) -> Logbook:
    """Return the logbook of an aid.

    Raises:
        NotFoundError: there is no aid of that name.
    """
    aid = await row(connection, QUERIES["aid"], {"name": name})
    if aid is None:
        raise NotFoundError(f"There is no aid called {name}.")
    asked = {"device_id": aid["device_id"], "limit": _MOST}
    return Logbook(
        aid=aid,
        holders=await rows(connection, QUERIES["holders"], asked),
        adaptations=await rows(connection, QUERIES["adaptations"], asked),
        maintenance=await rows(connection, QUERIES["work"], asked),
        remarks=await rows(connection, QUERIES["remarks"], asked),
    )


async def changes(connection: Connection, device_id: int) -> Sequence[Row]:
    """Return what was changed in the register of an aid, and by whom, newest first."""
    return await rows(connection, QUERIES["changes"], {"device_id": device_id})


def document(found: Logbook) -> LogbookDocument:
    """Return a logbook as the interface shows it."""
    built_on: date | None = found.aid["built_on"]
    return LogbookDocument.model_validate(
        found.aid
        | {
            "built_in": None if built_on is None else f"{built_on:%Y-%m}",
            "service_due_on": found.service_due_on,
            "holders": found.holders,
            "adaptations": found.adaptations,
            "maintenance": found.maintenance,
            "remarks": found.remarks,
        }
    )


async def change_register(
    connection: Connection, name: str, wanted: RegisterChange, *, actor: str, now: datetime
) -> None:
    """Change what the register says of an aid; before and after stay on record.

    Raises:
        NotFoundError: there is no such aid.
        InvalidInputError: a day is to come.
    """
    device_id = await _number(connection, name)
    today = dutch_day(now)
    columns: dict[str, Any] = {}
    for field in wanted.model_fields_set:
        value = getattr(wanted, field)
        if field == "built_in" and value is not None:
            value = date.fromisoformat(f"{value}-01")
        if isinstance(value, date) and value > today:
            raise InvalidInputError("body", f"/{to_camel(field)}", "must not be in the future")
        column = "built_on" if field == "built_in" else field
        columns[column] = value or "" if column in _TEXTS else value
    if not columns:
        return
    await connection.execute(QUERIES["act_as"], {"actor": actor})
    places = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(each), sql.Placeholder(each)) for each in columns
    )
    await connection.execute(
        sql.SQL("UPDATE device SET {} WHERE device_id = %(device_id)s").format(places),
        columns | {"device_id": device_id},
    )


async def adapt(
    connection: Connection, name: str, wanted: NewAdaptation, *, actor: str, now: datetime
) -> None:
    """Write down an adaptation.

    Raises:
        NotFoundError: there is no such aid.
    """
    public = wanted.sort is AdaptationSort.STANDARD if wanted.public is None else wanted.public
    asked = await _asked(connection, name, wanted, actor, now)
    await connection.execute(QUERIES["add_adaptation"], asked | {"public": public})


async def take_off(
    connection: Connection, name: str, number: int, wanted: Removal, *, actor: str, now: datetime
) -> None:
    """Write down that an adaptation was taken off.

    Raises:
        NotFoundError: the aid has no such adaptation, or not any more.
    """
    asked = await _asked(connection, name, wanted, actor, now) | {"number": number}
    if await row(connection, QUERIES["remove_adaptation"], asked) is None:
        raise NotFoundError(f"{name} has no adaptation {number}, or not any more.")


async def remark(
    connection: Connection, name: str, wanted: NewRemark, *, actor: str, now: datetime
) -> None:
    """Write down a remark.

    Raises:
        NotFoundError: there is no such aid.
    """
    asked = await _asked(connection, name, wanted, actor, now)
    asked["noted_on"] = wanted.noted_on or dutch_day(now)
    await connection.execute(QUERIES["add_remark"], asked)


async def maintain(
    connection: Connection, name: str, wanted: NewMaintenance, *, actor: str, now: datetime
) -> None:
    """Write down maintenance that no ticket tells.

    Raises:
        NotFoundError: there is no such aid.
        InvalidInputError: it is to come.
    """
    if wanted.done_on > dutch_day(now):
        raise InvalidInputError("body", "/doneOn", "must not be in the future")
    asked = await _asked(connection, name, wanted, actor, now)
    await connection.execute(QUERIES["add_work"], asked)
    if wanted.sort is MaintenanceSort.PREVENTIVE:
        await connection.execute(QUERIES["serviced"], asked)


async def _asked(
    connection: Connection,
    name: str,
    wanted: NewAdaptation | Removal | NewRemark | NewMaintenance,
    actor: str,
    now: datetime,
) -> dict[str, Any]:
    device_id = await _number(connection, name)
    said = wanted.model_dump(by_alias=False)
    return said | {"device_id": device_id, "actor": actor, "now": now}


async def _number(connection: Connection, name: str) -> int:
    found = await row(connection, QUERIES["number"], {"name": name})
    if found is None:
        raise NotFoundError(f"There is no aid called {name}.")
    return int(found["device_id"])
