"""How the database would go about a statement, and which tables it would read whole."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import psycopg

from tests.support.statements import Statement


def read_whole_by(
    connection: psycopg.Connection[Any],
    statements: Iterable[Statement],
    grows: Callable[[str], bool],
) -> set[tuple[str, str]]:
    """Return which of ``statements`` would read a table whole that grows: its name, the table."""
    return {
        (each.name, table)
        for each in statements
        for table in read_whole(plan(connection, each))
        if grows(table)
    }


def plan(connection: psycopg.Connection[Any], statement: Statement) -> Any:
    """Return how the database goes about it; it is not carried out."""
    explain = f"EXPLAIN (FORMAT JSON) {statement.text}".encode()
    found = connection.execute(explain, statement.parameters).fetchone()
    assert found is not None
    return found[0][0]["Plan"]


def read_whole(node: Any) -> Iterator[str]:
    """Yield the tables that a plan reads from beginning to end."""
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for each in node.get("Plans", ()):
        yield from read_whole(each)
