"""Runs the named statements of ``queries.sql`` files and returns rows as dictionaries."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from psycopg import AsyncConnection
from psycopg.rows import dict_row

Row = dict[str, Any]
Connection = AsyncConnection[Any]


async def rows(
    connection: Connection, sql: LiteralString, parameters: Mapping[str, Any] | None = None
) -> Sequence[Row]:
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
