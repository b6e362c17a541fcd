"""Loads what billing rests on: all rows of a file, or none. As the owner of the database."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from psycopg import Rollback, errors
from psycopg.types.json import Jsonb

from api.billing.tables import Fault, Line, read
from api.queries import Connection, row
from diagnostics.queries import load as load_statements

QUERIES = load_statements("api.billing", "loading.sql")
# Why a row that makes sense leaves nothing behind.
_NOT_STORED: Final = {
    "assignments": "is no client there, or there is no such aid, or it was declared otherwise",
    "bsns": "is not known here",
}
_OF_DATABASE: Final = "in the database"


class Loaded(NamedTuple):
    """What became of a file: how many rows were loaded (or would be), and what was wrong."""

    rows: int
    faults: Sequence[Fault]


async def load(connection: Connection, kind: str, content: bytes, *, dry_run: bool) -> Loaded:
    """Load a file of ``kind`` (of ``tables.TABLES``).

    With a fault in any row, or as a dry run, nothing of it is kept.

    Raises:
        BadTableError: the file cannot be read at all.
    """
    lines, faults = read(content, kind)
    async with connection.transaction(force_rollback=dry_run):
        for line in lines:
            fault = await _one(connection, kind, line)
            if fault is not None:
                faults.append(fault)
        if faults:
            raise Rollback
    return Loaded(len(lines), sorted(faults))


async def _one(connection: Connection, kind: str, line: Line) -> Fault | None:
    given = dict(line.values)
    if kind == "contracts":
        given["settings"] = Jsonb({"agb_code": given["agb_code"]})
    try:
        async with connection.transaction():
            stored = await row(connection, QUERIES[kind], given)
    except errors.ForeignKeyViolation:
        return Fault(line.row, "municipality", "is not known here")
    except errors.UniqueViolation:
        return Fault(line.row, "bsn", "is another client's already")
    except errors.CheckViolation as error:
        return Fault(line.row, error.diag.constraint_name or _OF_DATABASE, "is not possible")
    if stored is None:
        return Fault(line.row, "client_number", _NOT_STORED[kind])
    return None
