"""SQL lives in ``.sql`` files: each statement under ``-- name: …`` and a line saying what it does.

A module loads its file once and looks statements up by name, so that a reader of the SQL sees all
of it in one place and an editor can colour it.
"""

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, LiteralString, cast

from psycopg import AsyncConnection
from psycopg.rows import dict_row

Row = dict[str, Any]
Connection = AsyncConnection[Any]

_HEADER = re.compile(r"^-- name: (?P<name>[a-z_]+)\n-- .+\n", re.MULTILINE)


def load(package: str, filename: str = "queries.sql") -> dict[str, LiteralString]:
    """Read the named statements of a ``.sql`` file that ships with ``package``.

    Raises:
        ValueError: the file has no statement, or one name twice.
    """
    text = (files(package) / filename).read_text(encoding="utf-8")
    headers = list(_HEADER.finditer(text))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    statements = {
        header["name"]: text[header.end() : end].strip()
        for header, end in zip(headers, ends, strict=True)
    }
    if not statements or len(statements) != len(headers):
        raise ValueError(f"{package}/{filename}: no statement, or a name twice")
    # The text is part of the source, so it is as trustworthy as a literal.
    return cast("dict[str, LiteralString]", statements)


async def rows(
    connection: Connection, sql: LiteralString, parameters: Mapping[str, Any] | None = None
) -> list[Row]:
    """Run ``sql`` and return all rows."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql, parameters)
        return await cursor.fetchall()


async def row(
    connection: Connection, sql: LiteralString, parameters: Mapping[str, Any] | None = None
) -> Row | None:
    """Run ``sql`` and return the first row, or None."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql, parameters)
        return await cursor.fetchone()
